package dev.carillon.core.routing;

import java.time.Instant;
import java.util.Comparator;

/**
 * In turns: the agent whom this queue has not asked for longest, whether or not they took the call then. Those whom it never asked
 * come first; among equals, the one who has been idle longest. After a crash the queue does not remember, and the turns begin anew.
 */
final class RoundRobin implements AgentOrder {

    private static final Comparator<ReadyAgent> RULE =
            Comparator.<ReadyAgent, Instant>comparing(ReadyAgent::lastAskedAt).thenComparing(LongestIdle.RULE);

    @Override
    public Comparator<ReadyAgent> order() {
        return RULE;
    }
}
