package dev.carillon.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;

/** An entity's answer to a command that came from outside the cluster's own protocol, for example over the HTTP API. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Reply.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Reply.Rejected.class, name = "rejected"),
    @JsonSubTypes.Type(value = Reply.SeatGranted.class, name = "seat-granted"),
    @JsonSubTypes.Type(value = Reply.SeatHeard.class, name = "seat-heard"),
    @JsonSubTypes.Type(value = Reply.SeatHeld.class, name = "seat-held"),
    @JsonSubTypes.Type(value = Reply.WaitingCalls.class, name = "waiting-calls"),
})
public sealed interface Reply extends CborSerializable {

    /** It was done, or had been done before. */
    record Done() implements Reply {}

    /**
     * It was not done, and nothing changed.
     *
     * @param code stable, for programs: {@code AGENT_BUSY}; mapped to an HTTP status in one place of the API
     * @param detail for people: what is wrong and what to do
     */
    record Rejected(String code, String detail) implements Reply {}

    /** The seat is kept for the agent, who may log in at it until then. */
    record SeatGranted(Instant until) implements Reply {}

    /**
     * To a box's word on whether a seat can be reached.
     *
     * @param number of the word that the seat goes by, which said so first; when that which is answered is older than one that it has heard,
     *     of the newest
     * @param settled whether everybody concerned knows that one
     */
    record SeatHeard(long number, boolean settled) implements Reply {}

    /**
     * The seat is somebody else's.
     *
     * @param agentId whose
     * @param number of their claim
     * @param until until when they may log in by it; they may have done so
     */
    record SeatHeld(String agentId, long number, Instant until) implements Reply {}

    /** The calls of a queue in the order in which they will be served. */
    record WaitingCalls(List<WaitingCall> calls) implements Reply {}

    /**
     * One line of a queue.
     *
     * @param position 1 for the next to be served
     * @param countsSince since when it counts as waiting, with what its priority is worth: who counts for longer is served first
     * @param place what its caller would be told: its position among the calls to which no agent is being offered; 0 of one to which one is
     * @param waitSeconds in how long it will be taken, as far as can be estimated; 0 when it cannot
     * @param offeredTo the agent whose phone rings for it, or who was asked; null while nobody was
     */
    record WaitingCall(
            int position,
            String callId,
            int priority,
            Instant waitingSince,
            Instant countsSince,
            String offeredTo,
            int place,
            int waitSeconds) {}
}
