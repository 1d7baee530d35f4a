package dev.carillon.core.routing;

import java.util.Comparator;

/**
 * The agent who has had the fewest calls today, of all queues they serve, is asked first; calls count when they are answered, and the day is
 * that of the contact centre's clocks: at midnight everybody begins with none. Among equals, the one who has been idle longest. Who comes late
 * in the day is asked until they have caught up; within a day nobody waits for ever, since whoever takes a call has one more. Who lets it ring
 * has not, and is not ready then; back again, they are asked first.
 */
final class FewestCalls implements AgentOrder {

    private static final Comparator<ReadyAgent> RULE = Comparator.<ReadyAgent, Integer>comparing(
                    agent -> agent.today().calls())
            .thenComparing(LongestIdle.RULE);

    @Override
    public Comparator<ReadyAgent> order() {
        return RULE;
    }
}
