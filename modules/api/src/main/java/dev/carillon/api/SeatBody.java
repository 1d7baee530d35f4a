package dev.carillon.api;

import dev.carillon.protocol.Seat;
import dev.carillon.protocol.view.View;
import java.time.Instant;

/** {@code Seat} of the contract. */
record SeatBody(String id, Settings settings, String agentId, Phone phone) {

    record Settings(String boxId, String endpoint) {}

    /**
     * @param reachable {@code yes}, {@code no} or {@code unknown}
     * @param since since when that is so; null when the box has not said anything, or is not connected
     */
    record Phone(String reachable, Instant since) {}

    /**
     * @param agentId who is logged in there; null when nobody is
     * @param view null when its box has said nothing
     * @param box null when nothing is known of it
     */
    static SeatBody of(Seat seat, String agentId, View.OfSeat view, View.OfBox box) {
        return new SeatBody(
                seat.seatId(), new Settings(seat.boxId(), seat.endpoint()), agentId, phone(seat, view, box));
    }

    /** What a box said before its connection was lost may have changed. */
    private static Phone phone(Seat seat, View.OfSeat view, View.OfBox box) {
        var known = view != null && view.boxId().equals(seat.boxId()) && box != null && box.phase() == View.BoxPhase.UP;
        return known
                ? new Phone(Words.of(view.reachable()), view.since())
                : new Phone(Words.of(View.Reachability.UNKNOWN), null);
    }
}
