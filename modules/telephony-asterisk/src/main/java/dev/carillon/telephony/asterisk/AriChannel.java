package dev.carillon.telephony.asterisk;

import dev.carillon.protocol.box.Leg;
import java.time.Instant;

/**
 * One channel as Asterisk shows it in events and lists. A list may show one that is long dead.
 *
 * @param id Asterisk's unique id for a caller's channel, a leg id of ours for one that we made
 * @param name for example {@code PJSIP/trunk-00000001}; what the dialplan calls it
 * @param state {@code Down}, {@code Ring} (an unanswered caller), {@code Ringing}, {@code Up} and some that do not matter
 * @param callVariable its {@code CALL_ID}; empty when it has none, or when the box does not send it along
 * @param context where it is in the dialplan
 * @param application what the dialplan is doing with it: {@code Stasis}, {@code Queue}, {@code MusicOnHold}, ...
 * @param created when it reached the box, by the box's clock
 */
record AriChannel(
        String id,
        String name,
        String state,
        String callerName,
        String callerNumber,
        String callVariable,
        String context,
        String application,
        Instant created) {

    /** @param caller whether it is a caller's channel: then everything before the answer is the same to us */
    Leg.State legState(boolean caller) {
        if (state.equals("Up")) {
            return Leg.State.UP;
        }
        return !caller && state.equals("Ringing") ? Leg.State.RINGING : Leg.State.DIALLING;
    }

    boolean inStasis() {
        return application.equals("Stasis") || application.equals("StasisBroadcast");
    }

    /** The dialplan keeps the caller by itself, because Carillon was away: in the retry loop or in the emergency queue. */
    boolean heldByDialplan() {
        return application.equals("MusicOnHold") || application.equals("Queue");
    }
}
