package dev.carillon.core.routing;

import java.util.Comparator;

/**
 * The agent who has talked for the shortest time today, in calls of all queues they serve, is asked first; without wrap-up, and the day is
 * that of the contact centre's clocks: at midnight everybody begins with nothing. Among equals, the one who has been idle longest. Who comes
 * late in the day is asked until they have caught up; within a day nobody waits for ever, since whoever takes a call talks. Who lets it
 * ring does not, and is not ready then; back again, they are asked first.
 */
final class LeastTalkTime implements AgentOrder {

    private static final Comparator<ReadyAgent> RULE = Comparator.<ReadyAgent, Long>comparing(
                    agent -> agent.today().talkMs())
            .thenComparing(LongestIdle.RULE);

    @Override
    public Comparator<ReadyAgent> order() {
        return RULE;
    }
}
