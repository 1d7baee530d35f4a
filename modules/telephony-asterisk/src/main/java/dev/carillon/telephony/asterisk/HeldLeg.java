package dev.carillon.telephony.asterisk;

import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** One of our legs on the box, and what is known of it. Mutable, and part of a {@link Book}. */
final class HeldLeg {

    final String legId;
    final String callId;
    final boolean caller;
    /** When it came into this book. */
    final Instant since;

    Leg.State state;
    /** False while the dialplan has it: commands would be refused. */
    boolean inStasis = true;
    /** The class of the music we started on it; null when none plays, or nobody knows. */
    String music;
    /** The class it heard last, to go on with after the dialplan had it. */
    String lastMusic = "default";
    /** The announcement that plays on it; null when none does. */
    String playback;
    /** Whether nobody knows if the box has begun to play it. */
    boolean playbackInDoubt;

    /** What was played before that and may sound still: told to stop, or not, the box has not said that it has ended. */
    final Set<String> unstopped = new LinkedHashSet<>();
    /** Where it talks; null when nowhere. */
    String bridgeId;
    /** Nobody knows whether its seat was told to ring, and told twice it would stop ringing. */
    boolean uncertain;
    /** With what cause we asked the box to end it; null when we did not. It may not have heard, or have come too late. */
    EndCause asked;
    /** Whether the box has said that it does what we asked. */
    boolean granted;
    /** Whether its other side has hung up. */
    boolean hungUp;
    /** Whether the box's own time limit on it is known to be off. */
    boolean watchdogOff;

    HeldLeg(String legId, String callId, boolean caller, Leg.State state, Instant since) {
        this.legId = legId;
        this.callId = callId;
        this.caller = caller;
        this.state = state;
        this.since = since;
    }

    /** All that may sound, so that it can be stopped. */
    Set<String> playbacks() {
        var all = new LinkedHashSet<>(unstopped);
        if (playback != null) {
            all.add(playback);
        }
        return all;
    }

    Leg leg() {
        return new Leg(legId, state);
    }
}
