package dev.carillon.simulation;

import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueEvent;
import java.time.Instant;

/** Is told of everything that happens in a world, as it happens. One who does not care does nothing. */
interface Witness {

    default void callWrote(String callId, CallEvent event) {}

    default void agentWrote(String agentId, AgentEvent event) {}

    /** A sign of life of their desktop reaches an agent now, if they are alive. */
    default void beat(String agentId) {}

    /** A person's word reaches an agent now. */
    default void wished(String agentId) {}

    default void queueWrote(String queueId, QueueEvent event) {}

    default void queueBids(String agentId, AgentCommand.Bid bid) {}

    /** An agent says how they stand. */
    default void agentTells(String queueId, QueueCommand.AgentStatus status) {}

    /** A queue says whether it lends agents to another. */
    default void queueLends(String borrower, QueueCommand.Lends said) {}

    /** A caller is going to press a key. */
    default void willPress(String callId, String digit, long atMs) {}

    /** The phone at this endpoint is unplugged now, or plugged in again. */
    default void plugged(String endpoint, boolean in) {}

    default void boxTouched(Station station, String callId) {}

    /** The configuration has changed, for some; or a change has now reached every node. */
    default void configured(boolean everywhere) {}

    /** An agent has said that they could log in at that seat, asked then. */
    default void maySit(String agentId, String seatId, Instant asked) {}

    /** Time is about to go on. */
    default void momentOver() {}

    /** Nothing more is going to happen. */
    default void settleAccounts() {}

    /** Whether this call is known to have begun and not to have ended. */
    default boolean isUnended(String callId) {
        return false;
    }

    default boolean allEnded() {
        return true;
    }
}
