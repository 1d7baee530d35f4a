package dev.carillon.core.routing;

import dev.carillon.core.Directory.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a queue finds the agent for a call.
 *
 * @param strategy who of those who may have it is asked first
 * @param steps who may have it
 * @param priorityWorth for each level of priority a call counts as having waited for so much longer
 * @param weight against the calls of other queues, for agents who serve several, a call of this queue counts as having waited for so
 *     much longer
 * @param expectedHandling how long an agent has with one call, with the work after it, as far as nothing has been measured yet
 * @param placeKept for how long the place of a caller is kept who left without having been served, should they call again
 * @param reservesAfter the reserve agents of the queue are asked, too, while the estimated wait is at least this
 * @param serviceLevel what it is to achieve
 */
public record Routing(
        Strategy strategy,
        Steps steps,
        Duration priorityWorth,
        Duration weight,
        Duration expectedHandling,
        Duration reservesAfter,
        Duration placeKept,
        Optional<ServiceLevel> serviceLevel) {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Duration THREE_MINUTES = Duration.ofMinutes(3);
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);

    /** The longest idle of all who serve the queue. */
    public static final Routing PLAIN = by(Strategy.LONGEST_IDLE);

    /** Among all who serve the queue. */
    public static Routing by(Strategy strategy) {
        return new Routing(strategy, Steps.ANYONE);
    }

    public Routing(Strategy strategy, Steps steps) {
        this(strategy, steps, TEN_MINUTES, Duration.ZERO);
    }

    public Routing(Strategy strategy, Steps steps, Duration priorityWorth, Duration weight) {
        this(strategy, steps, priorityWorth, weight, THREE_MINUTES, TWO_MINUTES, FIVE_MINUTES);
    }

    /** Without a service level to achieve. */
    public Routing(
            Strategy strategy,
            Steps steps,
            Duration priorityWorth,
            Duration weight,
            Duration expectedHandling,
            Duration reservesAfter,
            Duration placeKept) {
        this(strategy, steps, priorityWorth, weight, expectedHandling, reservesAfter, placeKept, Optional.empty());
    }

    public Routing lendingToNobody() {
        return with(serviceLevel.map(ServiceLevel::lendingToNobody));
    }

    public Routing with(Optional<ServiceLevel> level) {
        return new Routing(strategy, steps, priorityWorth, weight, expectedHandling, reservesAfter, placeKept, level);
    }

    public CallOrder order(int priority, Instant waitingSince, String callId) {
        return CallOrder.of(priority, waitingSince, callId, priorityWorth);
    }
}
