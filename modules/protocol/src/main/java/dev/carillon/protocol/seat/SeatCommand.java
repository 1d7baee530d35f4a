package dev.carillon.protocol.seat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.carillon.protocol.Command;

/** What is said to a seat. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SeatCommand.Claim.class, name = "seat.claim"),
    @JsonSubTypes.Type(value = SeatCommand.TakeOver.class, name = "seat.take-over"),
    @JsonSubTypes.Type(value = SeatCommand.HolderHere.class, name = "seat.holder-here"),
    @JsonSubTypes.Type(value = SeatCommand.HolderGone.class, name = "seat.holder-gone"),
    @JsonSubTypes.Type(value = SeatCommand.HolderLeft.class, name = "seat.holder-left"),
    @JsonSubTypes.Type(value = SeatCommand.Reachability.class, name = "seat.reachability"),
    @JsonSubTypes.Type(value = SeatCommand.HolderInformed.class, name = "seat.holder-informed"),
    @JsonSubTypes.Type(value = SeatCommand.TellReachability.class, name = "seat.tell-reachability"),
    @JsonSubTypes.Type(value = SeatCommand.TimerFired.class, name = "seat.timer-fired"),
})
public sealed interface SeatCommand extends Command {

    /** Replied to, by {@code SeatGranted} when the seat is free or the agent's already. */
    record Claim(String agentId) implements SeatCommand {}

    /**
     * As {@link Claim}, by an agent who may take it from its holder; held by another, it is replied to by {@code SeatHeld}. Once that holder
     * has given it up, it is said again with their claim, and that frees the seat: it is their word, brought by who asked them.
     *
     * @param formerId who has given it up; empty while nobody was asked
     * @param number of the claim they had
     */
    record TakeOver(String agentId, String formerId, long number) implements SeatCommand {}

    /** The answer of a holder who was asked: they are logged in here. */
    record HolderHere(String agentId, long number) implements SeatCommand {}

    /** The answer of a holder who was asked: they are not here, and will not be by the claim with this number. */
    record HolderGone(String agentId, long number) implements SeatCommand {}

    /** The agent has logged out, or gone to another seat. Only a hint: the seat asks. */
    record HolderLeft(String agentId) implements SeatCommand {}

    /**
     * Replied to, by {@code SeatHeard}. Whether its box can reach the phone; repeated until the seat says that it is settled.
     *
     * @param boxId whose word it is: that of another box than the seat's is not heard
     * @param number higher than that of every earlier word, so that late ones do no harm
     */
    record Reachability(String boxId, boolean reachable, long number) implements SeatCommand {}

    /** The agent has heard the word with this number, or has no use for it because they are not here. */
    record HolderInformed(String agentId, long number) implements SeatCommand {}

    /** The agent is here and has not heard yet whether the phone can be reached. Answered by {@code SeatReachability}. */
    record TellReachability(String agentId) implements SeatCommand {}

    /** A timer of {@code timers(state)} is due. */
    record TimerFired(String timerId) implements SeatCommand {}
}
