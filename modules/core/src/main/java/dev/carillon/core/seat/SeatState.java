package dev.carillon.core.seat;

import java.time.Instant;

/**
 * Who holds a seat.
 *
 * @param holder null when nobody does
 * @param number of the last claim; 0 when there never was one
 * @param until until when the last claim lets its agent log in; null when there never was one
 * @param confirmed whether the holder has said that they are here; soft: lost in a crash
 * @param asking whether the holder is being asked; soft
 */
public record SeatState(String id, String holder, long number, Instant until, boolean confirmed, boolean asking) {

    static SeatState empty(String id) {
        return new SeatState(id, null, 0, null, false, false);
    }

    boolean isHeldBy(String agentId, long byNumber) {
        return agentId.equals(holder) && byNumber == number;
    }

    SeatState claimed(String agentId, long newNumber, Instant newUntil) {
        return new SeatState(id, agentId, newNumber, newUntil, false, false);
    }

    SeatState released() {
        return new SeatState(id, null, number, until, false, false);
    }

    SeatState here() {
        return new SeatState(id, holder, number, until, true, false);
    }

    SeatState inDoubt() {
        return new SeatState(id, holder, number, until, confirmed, true);
    }
}
