package dev.carillon.protocol.view;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.carillon.protocol.CborSerializable;
import java.time.Instant;

/** How an entity looks from outside at this moment: what live pages and {@code GET} of the API show. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = View.OfCall.class, name = "call"),
    @JsonSubTypes.Type(value = View.OfAgent.class, name = "agent"),
    @JsonSubTypes.Type(value = View.OfQueue.class, name = "queue"),
    @JsonSubTypes.Type(value = View.OfBox.class, name = "box"),
    @JsonSubTypes.Type(value = View.OfSeat.class, name = "seat"),
})
public sealed interface View extends CborSerializable {

    String id();

    /** True when there is nothing to show any more: an ended call. Live pages then drop the entity. */
    boolean gone();

    enum CallPhase {
        WAITING,
        RINGING,
        TALKING,
        /** Has left the queue for good, or was never to enter one, and hears a last announcement. */
        LEAVING,
        ENDED
    }

    /**
     * @param queueId null when it never entered a queue
     * @param agentId the agent who is rung or talks; null while there is none
     * @param since when the phase began
     */
    record OfCall(
            String id,
            CallPhase phase,
            Instant since,
            String boxId,
            String callerNumber,
            String dialledNumber,
            String queueId,
            int priority,
            String agentId,
            Instant arrivedAt,
            int offers)
            implements View {
        @Override
        public boolean gone() {
            return phase == CallPhase.ENDED;
        }
    }

    enum AgentPhase {
        LOGGED_OUT,
        NOT_READY,
        READY,
        RESERVED,
        RINGING,
        TALKING,
        WRAP_UP
    }

    /**
     * @param reason the not-ready reason; null in other phases
     * @param callId the call the agent is reserved for, rung for, talks to or wraps up; null without one
     * @param wrapUpUntil null outside wrap-up
     * @param next what the agent will be after the call: {@code ready}, a not-ready reason, or null when not chosen
     * @param returnAt when Carillon makes them ready again by itself; null when it does not
     * @param wrapUp more about the wrap-up; null outside it
     * @param restingUntil until when the agent, who is ready, is given no calls because they have had as many as they may; null when they do
     *     not rest
     */
    record OfAgent(
            String id,
            AgentPhase phase,
            Instant since,
            String seatId,
            String reason,
            String callId,
            String queueId,
            Instant wrapUpUntil,
            String next,
            Instant returnAt,
            WrapUp wrapUp,
            Instant restingUntil)
            implements View {
        @Override
        public boolean gone() {
            return false;
        }
    }

    /**
     * @param mode {@code OPTIONAL}, {@code FIXED}, {@code MANDATORY} or {@code EXTENDABLE}
     * @param extensions how often the agent has extended it
     * @param code what the agent has said of the call; null while they have not
     */
    record WrapUp(String mode, int extensions, String code) {}

    /**
     * @param waiting calls that wait, those included that are being offered
     * @param offered those of them for whom an agent was asked or is rung
     * @param longestWaitSince since when the call waits that has waited longest; null when none waits
     * @param loggedIn agents logged in who serve it
     * @param ready those of them who could take a call now
     * @param borrowed agents of other queues who have a call of this one, or work after one
     * @param lent of those logged in who serve it, those who have a call of a queue that they do not serve, or work after one
     * @param level how it stands to its service level; null when it has none to achieve
     */
    record OfQueue(
            String id,
            int waiting,
            int offered,
            Instant longestWaitSince,
            int loggedIn,
            int ready,
            int borrowed,
            int lent,
            Level level)
            implements View {
        /** Without a service level to achieve, borrowing and lending nobody. */
        public OfQueue(String id, int waiting, int offered, Instant longestWaitSince, int loggedIn, int ready) {
            this(id, waiting, offered, longestWaitSince, loggedIn, ready, 0, 0, null);
        }

        @Override
        public boolean gone() {
            return false;
        }
    }

    /**
     * @param inTime of the calls of the last quarter of an hour, those that were answered in time
     * @param calls those that were answered, left late or are late by now
     * @param standing {@code AT_RISK}, {@code FAIR} or {@code SAFE}
     */
    record Level(int inTime, int calls, String standing) {}

    enum Reachability {
        YES,
        NO,
        UNKNOWN
    }

    /**
     * @param boxId whose word it is
     * @param reachable what Carillon goes by: {@code NO} once that has lasted for the grace
     * @param since since when the box says so, as far back as is known
     */
    record OfSeat(String id, String boxId, Reachability reachable, Instant since) implements View {
        @Override
        public boolean gone() {
            return false;
        }
    }

    enum BoxPhase {
        CONNECTING,
        RECONCILING,
        UP,
        LOST
    }

    /**
     * @param detail for people: what is wrong and what to do about it; empty when up
     * @param code the name of a {@link dev.carillon.protocol.box.BoxTrouble}, maybe of another version; empty when up
     * @param calls how many calls it has
     * @param nextAttemptAt when the next attempt to connect is made; null when none is due
     */
    record OfBox(
            String id,
            BoxPhase phase,
            Instant since,
            String kind,
            String address,
            String version,
            String code,
            String detail,
            int calls,
            Instant nextAttemptAt)
            implements View {
        @Override
        public boolean gone() {
            return false;
        }
    }
}
