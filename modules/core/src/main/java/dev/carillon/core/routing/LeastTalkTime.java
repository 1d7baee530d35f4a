package dev.carillon.core.routing;

import java.util.Comparator;

/**
 * The agent who has talked for the shortest time today, in calls of all queues they serve, is asked first; without wrap-up, and the day is that of the
 * contact centre's clocks on which they became ready. Among equals, the one who has been idle longest. Who comes late in the day is asked
 * until they have caught up; within a day nobody waits for ever, since whoever is asked talks. Who is ready over midnight keeps the
 * numbers of the day before until their next call.
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
