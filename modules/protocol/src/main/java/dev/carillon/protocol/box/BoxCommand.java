package dev.carillon.protocol.box;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.carillon.protocol.CborSerializable;
import java.util.List;

/**
 * What a call may ask of a box. Every command names its call, so that the telephony node knows whom to answer, and every
 * command may be said again: ids of legs, bridges and playbacks are chosen by the caller of the port, and a box (through
 * its adapter) that already did what was asked does nothing but say so again.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = BoxCommand.Answer.class, name = "answer"),
    @JsonSubTypes.Type(value = BoxCommand.PlayMusic.class, name = "play-music"),
    @JsonSubTypes.Type(value = BoxCommand.Announce.class, name = "announce"),
    @JsonSubTypes.Type(value = BoxCommand.RingSeat.class, name = "ring-seat"),
    @JsonSubTypes.Type(value = BoxCommand.Bridge.class, name = "bridge"),
    @JsonSubTypes.Type(value = BoxCommand.HangUp.class, name = "hang-up"),
    @JsonSubTypes.Type(value = BoxCommand.KeepAlive.class, name = "keep-alive"),
    @JsonSubTypes.Type(value = BoxCommand.TakeStock.class, name = "take-stock"),
    @JsonSubTypes.Type(value = BoxCommand.Release.class, name = "release"),
})
public sealed interface BoxCommand extends CborSerializable {

    String callId();

    /** Answer the caller's leg. Confirmed by {@link BoxEvent.LegAnswered}. */
    record Answer(String callId, String legId) implements BoxCommand {}

    /** Let the leg hear music until it is bridged or something is announced. Confirmed by {@link BoxEvent.MusicStarted}. */
    record PlayMusic(String callId, String legId, String musicClass) implements BoxCommand {}

    /**
     * Play recordings once, one after the other. Confirmed by {@link BoxEvent.AnnouncementEnded}, also when it could not be played.
     *
     * @param sound the box's name of it, for example {@code sound:queue-thankyou}; of several, with commas between them
     * @param language in which recordings and numbers are said; empty for that of the leg
     */
    record Announce(String callId, String legId, String playbackId, String sound, String language)
            implements BoxCommand {
        public Announce {
            // Of a sender who does not know of languages.
            language = language == null ? "" : language;
        }
    }

    /**
     * Make a new leg and ring a seat with it. Followed by {@link BoxEvent.LegRinging}, {@link BoxEvent.LegAnswered} and, in
     * any case and at the latest soon after {@code ringSeconds} unanswered, {@link BoxEvent.LegEnded}.
     */
    record RingSeat(
            String callId, String legId, String endpoint, String callerNumber, String callerName, int ringSeconds)
            implements BoxCommand {}

    /** Let these legs talk. Stops music and announcements on them. Confirmed by {@link BoxEvent.Bridged}. */
    record Bridge(String callId, String bridgeId, List<String> legIds) implements BoxCommand {}

    /** End a leg. Confirmed by {@link BoxEvent.LegEnded}, also when there was no such leg any more. */
    record HangUp(String callId, String legId, EndCause cause) implements BoxCommand {}

    /**
     * The call lives and believes this of its legs. Where the box knows better it says so again ({@link BoxEvent.LegRinging},
     * {@link BoxEvent.LegAnswered}, {@link BoxEvent.LegEnded}, {@link BoxEvent.BoxAway}); where all is right, nothing.
     *
     * @param watchdogSeconds the box takes the caller's leg back into its own hands if it hears no further
     *     {@code KeepAlive} for so long; 0 takes the watchdog off, as it must be while people talk
     */
    record KeepAlive(String callId, List<Leg> legs, int watchdogSeconds) implements BoxCommand {}

    /** Tell the call what the box has of it. Answered by {@link BoxEvent.BoxBack}, or by {@link BoxEvent.BoxAway}. */
    record TakeStock(String callId) implements BoxCommand {}

    /** The call has ended and all its legs too: forget it, and take its bridge down. {@code bridgeId} may be empty. */
    record Release(String callId, String bridgeId) implements BoxCommand {}
}
