package dev.carillon.core.routing;

import java.time.Instant;
import java.util.Comparator;

/** The agent who has been idle longest is asked first; among agents idle since the same millisecond by id. */
final class LongestIdle implements AgentOrder {

    static final Comparator<ReadyAgent> RULE =
            Comparator.<ReadyAgent, Instant>comparing(ReadyAgent::idleSince).thenComparing(ReadyAgent::agentId);

    @Override
    public Comparator<ReadyAgent> order() {
        return RULE;
    }
}
