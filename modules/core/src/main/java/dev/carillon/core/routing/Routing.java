package dev.carillon.core.routing;

import dev.carillon.core.Directory.Strategy;

/**
 * How a queue finds the agent for a call.
 *
 * @param strategy who of those who may have it is asked first
 * @param steps who may have it
 */
public record Routing(Strategy strategy, Steps steps) {

    /** The longest idle of all who serve the queue. */
    public static final Routing PLAIN = by(Strategy.LONGEST_IDLE);

    /** Among all who serve the queue. */
    public static Routing by(Strategy strategy) {
        return new Routing(strategy, Steps.ANYONE);
    }
}
