package dev.carillon.protocol.agent;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.carillon.protocol.Command;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.call.OfferOutcome;
import java.time.Instant;

/** What is said to an agent. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = AgentCommand.LogIn.class, name = "agent.log-in"),
    @JsonSubTypes.Type(value = AgentCommand.MayLogIn.class, name = "agent.may-log-in"),
    @JsonSubTypes.Type(value = AgentCommand.AreYouAtSeat.class, name = "agent.are-you-at-seat"),
    @JsonSubTypes.Type(value = AgentCommand.SeatReachability.class, name = "agent.seat-reachability"),
    @JsonSubTypes.Type(value = AgentCommand.GiveUpSeat.class, name = "agent.give-up-seat"),
    @JsonSubTypes.Type(value = AgentCommand.LogOut.class, name = "agent.log-out"),
    @JsonSubTypes.Type(value = AgentCommand.SetReady.class, name = "agent.set-ready"),
    @JsonSubTypes.Type(value = AgentCommand.SetNotReady.class, name = "agent.set-not-ready"),
    @JsonSubTypes.Type(value = AgentCommand.Heartbeat.class, name = "agent.heartbeat"),
    @JsonSubTypes.Type(value = AgentCommand.CancelNext.class, name = "agent.cancel-next"),
    @JsonSubTypes.Type(value = AgentCommand.EndWrapUp.class, name = "agent.end-wrap-up"),
    @JsonSubTypes.Type(value = AgentCommand.ExtendWrapUp.class, name = "agent.extend-wrap-up"),
    @JsonSubTypes.Type(value = AgentCommand.GiveWrapUpCode.class, name = "agent.give-wrap-up-code"),
    @JsonSubTypes.Type(value = AgentCommand.Bid.class, name = "agent.bid"),
    @JsonSubTypes.Type(value = AgentCommand.StatusNoted.class, name = "agent.status-noted"),
    @JsonSubTypes.Type(value = AgentCommand.TellStatus.class, name = "agent.tell-status"),
    @JsonSubTypes.Type(value = AgentCommand.ReleaseReservation.class, name = "agent.release-reservation"),
    @JsonSubTypes.Type(value = AgentCommand.OfferRinging.class, name = "agent.offer-ringing"),
    @JsonSubTypes.Type(value = AgentCommand.OfferTalking.class, name = "agent.offer-talking"),
    @JsonSubTypes.Type(value = AgentCommand.OfferOver.class, name = "agent.offer-over"),
    @JsonSubTypes.Type(value = AgentCommand.ConfigurationChanged.class, name = "agent.configuration-changed"),
    @JsonSubTypes.Type(value = AgentCommand.TimerFired.class, name = "agent.timer-fired"),
})
public sealed interface AgentCommand extends Command {

    /**
     * Replied to. Log in at a seat, not ready; at the seat one is at already: nothing changes.
     *
     * @param claimedUntil until when the seat is kept for the agent; null when said by a node that does not claim seats yet
     */
    record LogIn(Seat seat, Instant claimedUntil) implements AgentCommand {}

    /**
     * Replied to. Whether the agent could log in at this seat now; refused as {@link LogIn} is. They are asked before another is sent away for
     * them, and whoever is ready is given no call for a moment, so that it stays true.
     */
    record MayLogIn(String seatId) implements AgentCommand {}

    /**
     * A seat asks its holder. Answered by {@code HolderHere}; by {@code HolderGone} once the claim can no longer be used; else not yet.
     *
     * @param number of the claim
     * @param until the claim's
     */
    record AreYouAtSeat(String seatId, long number, Instant until) implements AgentCommand {}

    /**
     * A seat says whether its phone can be reached. Answered by {@code HolderInformed}, wherever the agent is.
     *
     * @param number the higher the newer; 0 when no box has said anything yet
     */
    record SeatReachability(String seatId, boolean reachable, long number) implements AgentCommand {}

    /**
     * Replied to. Another agent takes over the seat: log out, if at this one. {@code Done} says that the agent is not there, and cannot log
     * in there by the claim that ends then.
     *
     * @param until the claim's
     * @param byAgentId who takes over
     */
    record GiveUpSeat(String seatId, Instant until, String byAgentId) implements AgentCommand {}

    /** Replied to. */
    record LogOut() implements AgentCommand {}

    /** Replied to. A sign of life of the agent's desktop; the first one since the log-in has the desktop watched. */
    record Heartbeat() implements AgentCommand {}

    /** Replied to. During a call: what to be after it and its wrap-up. During wrap-up: ends it, or likewise where it may not end. */
    record SetReady() implements AgentCommand {}

    /** Replied to. As {@link SetReady}. */
    record SetNotReady(String reason) implements AgentCommand {}

    /** Replied to. What was chosen to be after the call is chosen no more. */
    record CancelNext() implements AgentCommand {}

    /**
     * Replied to. Ends the wrap-up where the agent may; without one nothing changes.
     *
     * @param callId whose; empty for the only one
     */
    record EndWrapUp(String callId) implements AgentCommand {
        public EndWrapUp {
            callId = callId == null ? "" : callId;
        }
    }

    /**
     * Replied to. More time for the wrap-up.
     *
     * @param extensions how often it is to have been extended in all: repeated, it changes nothing
     * @param callId as of {@link EndWrapUp}
     */
    record ExtendWrapUp(int extensions, String callId) implements AgentCommand {
        public ExtendWrapUp {
            callId = callId == null ? "" : callId;
        }
    }

    /**
     * Replied to. What the agent says of the call they wrap up; ends a mandatory wrap-up.
     *
     * @param callId as of {@link EndWrapUp}
     */
    record GiveWrapUpCode(String code, String callId) implements AgentCommand {
        public GiveWrapUpCode {
            callId = callId == null ? "" : callId;
        }
    }

    /**
     * A queue's best call for this agent. Answered by {@code Reserved} or {@code Refused}.
     *
     * @param countsSince since when the call counts as waiting, with what its priority and the weight of its queue are worth:
     *     the earliest of several bids is the best
     * @param waitingSince when it arrived
     * @param statusVersion the newest status of the agent that the queue had seen: a bid also confirms it
     * @param units what it takes of the agent's capacity; 0 for all of it
     */
    record Bid(
            String queueId,
            String offerId,
            String callId,
            Instant countsSince,
            Instant waitingSince,
            long statusVersion,
            int units)
            implements AgentCommand {

        /** Of a call: nobody has anything else beside it. */
        public Bid(
                String queueId,
                String offerId,
                String callId,
                Instant countsSince,
                Instant waitingSince,
                long statusVersion) {
            this(queueId, offerId, callId, countsSince, waitingSince, statusVersion, 0);
        }
    }

    /** The queue has seen this status and has no call for the agent now. */
    record StatusNoted(String queueId, long statusVersion) implements AgentCommand {}

    /** The queue does not know how this agent stands: tell it. */
    record TellStatus(String queueId) implements AgentCommand {}

    /** The queue does not, or no longer, stand by this offer: the agent asks the call. */
    record ReleaseReservation(String offerId) implements AgentCommand {}

    /** The call rings the agent's seat. */
    record OfferRinging(String offerId, String callId, String queueId) implements AgentCommand {}

    /** The agent and the caller talk. */
    record OfferTalking(String offerId, String callId, String queueId) implements AgentCommand {}

    /** The offer, or the conversation it led to, is over; or the call never knew of it. */
    record OfferOver(String offerId, String callId, String queueId, OfferOutcome outcome) implements AgentCommand {}

    /** The directory has changed in what concerns this agent. */
    record ConfigurationChanged() implements AgentCommand {}

    /** A timer of {@code timers(state)} is due. */
    record TimerFired(String timerId) implements AgentCommand {}
}
