package dev.carillon.protocol.call;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.carillon.protocol.Command;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxEvent;

/** What is said to a call. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CallCommand.FromBox.class, name = "call.from-box"),
    @JsonSubTypes.Type(value = CallCommand.Enqueued.class, name = "call.enqueued"),
    @JsonSubTypes.Type(value = CallCommand.Left.class, name = "call.left"),
    @JsonSubTypes.Type(value = CallCommand.AreYouWaiting.class, name = "call.are-you-waiting"),
    @JsonSubTypes.Type(value = CallCommand.LimitReached.class, name = "call.limit-reached"),
    @JsonSubTypes.Type(value = CallCommand.Place.class, name = "call.place"),
    @JsonSubTypes.Type(value = CallCommand.Decided.class, name = "call.decided"),
    @JsonSubTypes.Type(value = CallCommand.NotDecided.class, name = "call.not-decided"),
    @JsonSubTypes.Type(value = CallCommand.Connect.class, name = "call.connect"),
    @JsonSubTypes.Type(value = CallCommand.OfferNoted.class, name = "call.offer-noted"),
    @JsonSubTypes.Type(value = CallCommand.AreWeTogether.class, name = "call.are-we-together"),
    @JsonSubTypes.Type(value = CallCommand.OfferVoid.class, name = "call.offer-void"),
    @JsonSubTypes.Type(value = CallCommand.TimerFired.class, name = "call.timer-fired"),
})
public sealed interface CallCommand extends Command {

    /** The box of the call says something. */
    record FromBox(BoxEvent event) implements CallCommand {}

    /**
     * The queue has the call.
     *
     * @param round of the {@code Enqueue} it confirms: a call may leave a queue and come back to it
     */
    record Enqueued(String queueId, int round) implements CallCommand {}

    /** The queue has it no more, as it was told. */
    record Left(String queueId) implements CallCommand {}

    /** A queue that has heard nothing of the call for a while asks. Answered by whatever is true. */
    record AreYouWaiting(String queueId) implements CallCommand {}

    /**
     * Waiting in the queue has come to one of its limits for the call. Said every second until the call has left, has said that it
     * {@code Stays}, or it does not hold any more.
     *
     * @param round the call's, by the queue's knowledge
     */
    record LimitReached(String queueId, int round, LeftBy limit) implements CallCommand {}

    /**
     * Where the call stands in the queue, as it has asked.
     *
     * @param round the call's, by the queue's knowledge
     * @param position among the calls to which no agent is being offered, 1 for the next
     * @param waitSeconds in how long it will be taken, as far as can be estimated; 0 when it cannot
     */
    record Place(String queueId, int round, int position, int waitSeconds) implements CallCommand {}

    /**
     * What the decision hook of the call's queue says; all empty: the queue's own rule.
     *
     * @param agentId who alone may have the call for {@code waitSeconds}; empty for nobody in particular
     * @param queueId where it goes; empty when it stays
     * @param priority that it has from now on; 0 when it keeps its own
     */
    record Decided(String askId, String agentId, int waitSeconds, String queueId, int priority)
            implements CallCommand {}

    /**
     * The decision hook of the call's queue has nothing to say that could be followed.
     *
     * @param reason for people
     */
    record NotDecided(String askId, String reason) implements CallCommand {}

    /**
     * This agent is reserved for you: ring them.
     *
     * @param round the call's, by the queue's knowledge. The call accepts only one offer a round, so a late or repeated
     *     {@code Connect} can never make a second one.
     * @param together it is one of several for which the call is to ring at the same time: accepted, too, after the first of them
     */
    record Connect(String queueId, String offerId, int round, String agentId, Seat seat, boolean together)
            implements CallCommand {}

    /** The agent has understood how the offer stands. */
    record OfferNoted(String offerId, OfferStage stage) implements CallCommand {}

    /** An agent who has heard nothing of their call for a while asks. Answered by how the offer stands. */
    record AreWeTogether(String offerId, String agentId) implements CallCommand {}

    /** The agent does not hold this offer (any more). */
    record OfferVoid(String offerId, String agentId) implements CallCommand {}

    /** A timer of {@code timers(state)} is due. */
    record TimerFired(String timerId) implements CallCommand {}
}
