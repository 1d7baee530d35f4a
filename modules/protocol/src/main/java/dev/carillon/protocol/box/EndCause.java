package dev.carillon.protocol.box;

/** Why a leg ended, or with what reason it is to be ended. */
public enum EndCause {
    NORMAL,
    BUSY,
    /** Rang for the whole time and nobody answered, or the phone did not respond. */
    NO_ANSWER,
    /** Declined by the person or their phone. */
    REJECTED,
    /** Not registered, unknown, or the box could not ring it. */
    UNREACHABLE,
    /** Ended by Carillon before it was answered. */
    CANCELLED,
    /** There is nothing behind the dialled number. */
    UNALLOCATED,
    /** Refused, because more callers come than can be served. Of such a caller no call ever hears: this does not travel. */
    CONGESTION,
    /** The box died or was restarted, and the leg with it. */
    BOX_LOST,
    /** Gone, and the box did not say why; or the box could not make it, for a reason that is not the phone's. */
    UNKNOWN
}
