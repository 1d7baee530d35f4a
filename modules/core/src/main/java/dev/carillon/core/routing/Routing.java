package dev.carillon.core.routing;

import dev.carillon.core.Directory.Strategy;
import java.time.Duration;
import java.time.Instant;

/**
 * How a queue finds the agent for a call.
 *
 * @param strategy who of those who may have it is asked first
 * @param steps who may have it
 * @param priorityWorth for each level of priority a call counts as having waited for so much longer
 * @param weight against the calls of other queues, for agents who serve several, a call of this queue counts as having waited for so
 *     much longer
 */
public record Routing(Strategy strategy, Steps steps, Duration priorityWorth, Duration weight) {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    /** The longest idle of all who serve the queue. */
    public static final Routing PLAIN = by(Strategy.LONGEST_IDLE);

    /** Among all who serve the queue. */
    public static Routing by(Strategy strategy) {
        return new Routing(strategy, Steps.ANYONE);
    }

    public Routing(Strategy strategy, Steps steps) {
        this(strategy, steps, TEN_MINUTES, Duration.ZERO);
    }

    public CallOrder order(int priority, Instant waitingSince, String callId) {
        return CallOrder.of(priority, waitingSince, callId, priorityWorth);
    }
}
