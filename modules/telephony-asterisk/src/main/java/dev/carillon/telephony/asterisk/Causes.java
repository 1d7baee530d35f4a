package dev.carillon.telephony.asterisk;

import dev.carillon.protocol.box.EndCause;

/** Q.850 causes to ours and back. What phones and Asterisk make of SIP answers was measured, not read. */
final class Causes {

    /** Why a seat's leg ended that nobody had answered. */
    static EndCause unanswered(int q850) {
        return switch (q850) {
            case 17 -> EndCause.BUSY;
            case 21 -> EndCause.REJECTED;
                // No user responding; no answer from the user.
            case 18, 19 -> EndCause.NO_ANSWER;
                // Normal clearing, answered elsewhere, interworking (a cancelled INVITE).
            case 16, 26, 127 -> EndCause.CANCELLED;
                // Everything else is a phone that the box could not ring: unknown, gone, out of order, forwarded
                // elsewhere.
            default -> EndCause.UNREACHABLE;
        };
    }

    /** Why a leg ended that was talking or waiting. */
    static EndCause ofParty(int q850) {
        return switch (q850) {
            case 16, 31, 127 -> EndCause.NORMAL;
            case 17 -> EndCause.BUSY;
                // The last is what a line without sound for too long ends with.
            default -> EndCause.UNKNOWN;
        };
    }

    /** What the box is to tell the phone. */
    static int q850(EndCause cause) {
        return switch (cause) {
            case BUSY -> 17;
            case NO_ANSWER -> 19;
            case REJECTED -> 21;
            case UNREACHABLE -> 20;
            case UNALLOCATED -> 1;
                // Switching equipment congestion: 503 to a SIP peer, which may look for another way.
            case CONGESTION -> 42;
                // "Answered elsewhere": the phone does not count it as a missed call that somebody should return.
            case CANCELLED -> 26;
            case NORMAL, BOX_LOST, UNKNOWN -> 16;
        };
    }

    private Causes() {}
}
