package dev.carillon.protocol.queue;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.carillon.protocol.Command;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.call.LeftBy;
import java.time.Instant;

/** What is said to a queue. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = QueueCommand.Enqueue.class, name = "queue.enqueue"),
    @JsonSubTypes.Type(value = QueueCommand.Suspend.class, name = "queue.suspend"),
    @JsonSubTypes.Type(value = QueueCommand.Leave.class, name = "queue.leave"),
    @JsonSubTypes.Type(value = QueueCommand.Stays.class, name = "queue.stays"),
    @JsonSubTypes.Type(value = QueueCommand.OfferAccepted.class, name = "queue.offer-accepted"),
    @JsonSubTypes.Type(value = QueueCommand.ConnectRefused.class, name = "queue.connect-refused"),
    @JsonSubTypes.Type(value = QueueCommand.AgentStatus.class, name = "queue.agent-status"),
    @JsonSubTypes.Type(value = QueueCommand.Reserved.class, name = "queue.reserved"),
    @JsonSubTypes.Type(value = QueueCommand.Refused.class, name = "queue.refused"),
    @JsonSubTypes.Type(value = QueueCommand.WhereAmI.class, name = "queue.where-am-i"),
    @JsonSubTypes.Type(value = QueueCommand.MayBorrow.class, name = "queue.may-borrow"),
    @JsonSubTypes.Type(value = QueueCommand.Lends.class, name = "queue.lends"),
    @JsonSubTypes.Type(value = QueueCommand.ListWaiting.class, name = "queue.list-waiting"),
    @JsonSubTypes.Type(value = QueueCommand.ConfigurationChanged.class, name = "queue.configuration-changed"),
    @JsonSubTypes.Type(value = QueueCommand.TimerFired.class, name = "queue.timer-fired"),
})
public sealed interface QueueCommand extends Command {

    /**
     * The call waits here and nobody is being offered to it. Said on entering, again after every offer that failed, and in
     * answer to {@code AreYouWaiting}. Confirmed by {@code Enqueued}.
     *
     * @param waitingSince decides the place among calls of the same priority; the call keeps it for ever
     * @param callerNumber empty when withheld
     * @param round grows with every begin and every end of an offer of this call, so it tells an earlier word from a later one
     * @param held it has its place, and nobody may be offered to it yet: the queue's decision hook is being asked
     * @param first who alone may have it for a while; null when nobody in particular
     */
    record Enqueue(
            String callId,
            String boxId,
            int priority,
            Instant waitingSince,
            String callerNumber,
            int round,
            boolean held,
            First first)
            implements QueueCommand {

        /** By the queue's own rule, at once. */
        public Enqueue(
                String callId, String boxId, int priority, Instant waitingSince, String callerNumber, int round) {
            this(callId, boxId, priority, waitingSince, callerNumber, round, false, null);
        }
    }

    /**
     * The agent who alone may have a call, as long as they are at work.
     *
     * @param until from then on the call is anybody's
     */
    record First(String agentId, Instant until) {}

    /** The call keeps its place but cannot be served now: its box is away. Ended by {@code Enqueue}. */
    record Suspend(String callId) implements QueueCommand {}

    /**
     * The call waits here no more. Confirmed by {@code Left}.
     *
     * @param round the call's; should it have come back since, this is the word of an earlier round and means nothing any more
     * @param agentId whom the caller talks or has talked to; empty when to nobody
     */
    record Leave(String callId, LeaveReason reason, int round, String agentId) implements QueueCommand {
        public Leave {
            agentId = agentId == null ? "" : agentId;
        }
    }

    /** This limit cannot move the call on: it has done so before, or leads nowhere. It need not hear of it again. */
    record Stays(String callId, LeftBy limit) implements QueueCommand {}

    /**
     * The call rings the agent of this offer.
     *
     * @param round the call's, with this offer begun
     */
    record OfferAccepted(String callId, String offerId, int round) implements QueueCommand {}

    /** The call will not have this offer: it has another, or its round is over, or its box is away. */
    record ConnectRefused(String callId, String offerId) implements QueueCommand {}

    /**
     * How an agent stands towards this queue. Confirmed by a {@code Bid} or by {@code StatusNoted}.
     *
     * @param version grows with everything that happens to the agent; an older one is out of date
     * @param idleSince when ready, or something is left: since when
     * @param boxId when ready, or something is left: the box of the agent's seat
     * @param today what they have done today
     * @param worksFor when occupied: whose call they have, or work after; null otherwise
     * @param unitsLeft when occupied: how much of their capacity is left beside the contacts that they have; 0 for nothing. Who is ready has all
     *     of it
     */
    record AgentStatus(
            String agentId,
            long version,
            Presence presence,
            Instant idleSince,
            String boxId,
            Today today,
            String worksFor,
            int unitsLeft)
            implements QueueCommand {
        public AgentStatus {
            today = today == null ? Today.NONE : today;
        }

        /** Of whoever has nothing, or something that takes all of their capacity, and of whom nobody says for which queue they work. */
        public AgentStatus(
                String agentId, long version, Presence presence, Instant idleSince, String boxId, Today today) {
            this(agentId, version, presence, idleSince, boxId, today, null, 0);
        }
    }

    /**
     * An agent's day, by the clocks of the contact centre.
     *
     * @param calls conversations that began today, of all queues
     * @param talkMs for how long the agent has talked in them
     */
    record Today(int calls, long talkMs) {
        public static final Today NONE = new Today(0, 0);
    }

    /** The agent is reserved for this offer. */
    record Reserved(String offerId, String callId, String agentId, Seat seat, long version) implements QueueCommand {}

    /** The agent will not have this offer: not ready (any more), or a better one was taken. */
    record Refused(String offerId, String callId, String agentId, long version) implements QueueCommand {}

    /**
     * A call that waits wants to tell its caller where they stand. Answered by {@code Place}, unless an agent is being offered to it or nobody can
     * say: then it has to ask again some time.
     *
     * @param round the call's
     */
    record WhereAmI(String callId, int round) implements QueueCommand {}

    /** Another queue is at risk of missing its service level, and asks whether it may borrow agents of this one. Answered by {@code Lends}. */
    record MayBorrow(String queueId) implements QueueCommand {}

    /**
     * Another queue says whether it lends its agents.
     *
     * @param at when it said so; an earlier word is out of date
     * @param until when it does so no longer, unless it says so again; not after {@code at} when it lends nobody
     */
    record Lends(String queueId, Instant at, Instant until) implements QueueCommand {}

    /** Replied to with {@code Reply.WaitingCalls}. */
    record ListWaiting() implements QueueCommand {}

    /** The directory has changed in what concerns this queue. */
    record ConfigurationChanged() implements QueueCommand {}

    /** A timer of {@code timers(state)} is due. */
    record TimerFired(String timerId) implements QueueCommand {}

    enum Presence {
        /** Does not serve this queue now: logged out, or no member of it any more. */
        ABSENT,
        /** Logged in, and not at work: by choice, or because they missed a call. */
        NOT_READY,
        /** At work: has a call, or work after one. */
        OCCUPIED,
        READY,
        /** Ready, and has had as many calls lately as they may. */
        RESTING
    }
}
