package dev.carillon.protocol.box;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.carillon.protocol.CborSerializable;
import java.time.Instant;
import java.util.List;

/** What a box tells a call. Any of these may come twice, late, or not at all. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = BoxEvent.LegOffered.class, name = "leg-offered"),
    @JsonSubTypes.Type(value = BoxEvent.LegRinging.class, name = "leg-ringing"),
    @JsonSubTypes.Type(value = BoxEvent.LegAnswered.class, name = "leg-answered"),
    @JsonSubTypes.Type(value = BoxEvent.LegEnded.class, name = "leg-ended"),
    @JsonSubTypes.Type(value = BoxEvent.MusicStarted.class, name = "music-started"),
    @JsonSubTypes.Type(value = BoxEvent.AnnouncementEnded.class, name = "announcement-ended"),
    @JsonSubTypes.Type(value = BoxEvent.KeyPressed.class, name = "key-pressed"),
    @JsonSubTypes.Type(value = BoxEvent.Bridged.class, name = "bridged"),
    @JsonSubTypes.Type(value = BoxEvent.BoxAway.class, name = "box-away"),
    @JsonSubTypes.Type(value = BoxEvent.BoxBack.class, name = "box-back"),
})
public sealed interface BoxEvent extends CborSerializable {

    /**
     * A caller is here, and nobody decides for them yet. Repeated by the telephony node until the call has said something
     * about this leg.
     *
     * @param incarnation of the box: changes when it is restarted, and all its calls with it
     * @param callerNumber as the box believes it; empty when withheld
     * @param arrivedAt when the caller reached the box, before any time the box held them by itself
     */
    record LegOffered(
            String boxId,
            String incarnation,
            String legId,
            String callerNumber,
            String callerName,
            String dialledNumber,
            Instant arrivedAt)
            implements BoxEvent {}

    record LegRinging(String legId) implements BoxEvent {}

    record LegAnswered(String legId) implements BoxEvent {}

    /** @param q850 ITU-T Q.850 cause, 0 when the box gave none */
    record LegEnded(String legId, EndCause cause, int q850) implements BoxEvent {}

    record MusicStarted(String legId) implements BoxEvent {}

    record AnnouncementEnded(String legId, String playbackId) implements BoxEvent {}

    /**
     * The person at a caller's leg pressed a key while they waited.
     *
     * @param digit 0 to 9, *, # or A to D
     * @param at when it was heard, by the clock of the node that speaks to the box: tells a repeated word from a key pressed twice
     */
    record KeyPressed(String legId, String digit, Instant at) implements BoxEvent {}

    record Bridged(String bridgeId, List<String> legIds) implements BoxEvent {}

    /**
     * The connection to the box is gone. Its calls may well go on; nothing can be asked of it for now.
     *
     * @param configured false when the telephony node has no such box in its configuration: deleted, or added so lately that this
     *     member has not read it yet
     */
    record BoxAway(String boxId, boolean configured) implements BoxEvent {}

    /**
     * The box can be spoken to (again), and this is everything it has of this call: a leg not listed has ended, and if the box
     * has another incarnation than the call knew, by the box's own end.
     *
     * @param incarnation of the box: changes when it is restarted, and all its calls with it
     * @param bridged the legs that talk to each other; empty when none do
     */
    record BoxBack(String boxId, String incarnation, List<Leg> legs, List<String> bridged) implements BoxEvent {}
}
