package dev.carillon.core.agent;

import java.time.Instant;

/**
 * What one offer leads to, from the reservation to the end of the work after it: a call.
 *
 * @param offerId empty in a wrap-up of journals of before wrap-ups named it
 * @param units what it takes of the agent's capacity; 0 for all of it
 * @param since when the phase began
 * @param afterCall null outside wrap-up
 * @param confirmed soft: the call has said that it rings this agent
 * @param heardAt soft: when the call was last heard of, or asked; null when not yet
 */
record Contact(
        String offerId,
        String callId,
        String queueId,
        int units,
        Phase phase,
        Instant since,
        AfterCall afterCall,
        boolean confirmed,
        Instant heardAt) {

    /** {@code RESERVED} includes ringing, which is soft: see {@link #ringing}. */
    enum Phase {
        RESERVED,
        TALKING,
        WRAP_UP
    }

    /**
     * The wrap-up.
     *
     * @param until when it ends; when mandatory, is overdue
     * @param code what was said of the call; empty while nothing was
     */
    record AfterCall(WrapUp.Mode mode, Instant until, int extensions, String code) {

        /** Whether the agent may end it before its time. */
        boolean mayEnd() {
            return mode == WrapUp.Mode.OPTIONAL || mode == WrapUp.Mode.EXTENDABLE;
        }
    }

    static Contact reserved(String offerId, String callId, String queueId, int units, Instant at) {
        return new Contact(offerId, callId, queueId, units, Phase.RESERVED, at, null, false, null);
    }

    static Contact talking(String offerId, String callId, String queueId, int units, Instant at) {
        return new Contact(offerId, callId, queueId, units, Phase.TALKING, at, null, false, null);
    }

    static Contact wrappedUp(String offerId, String callId, String queueId, int units, AfterCall begun, Instant at) {
        return new Contact(offerId, callId, queueId, units, Phase.WRAP_UP, at, begun, false, null);
    }

    Contact with(AfterCall other) {
        return new Contact(offerId, callId, queueId, units, phase, since, other, confirmed, heardAt);
    }

    Contact heard(boolean isConfirmed, Instant at) {
        return new Contact(offerId, callId, queueId, units, phase, since, afterCall, isConfirmed, at);
    }

    /** As a call does: nobody has anything else beside it. */
    boolean takesAll() {
        return units == 0;
    }

    /** A reservation or a conversation. */
    boolean busy() {
        return phase != Phase.WRAP_UP;
    }

    boolean ringing() {
        return phase == Phase.RESERVED && confirmed;
    }

    boolean is(Phase expected) {
        return phase == expected;
    }
}
