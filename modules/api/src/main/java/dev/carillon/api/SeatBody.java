package dev.carillon.api;

import dev.carillon.protocol.Seat;

/** {@code Seat} of the contract. */
record SeatBody(String id, Settings settings, String agentId) {

    record Settings(String boxId, String endpoint) {}

    /** @param agentId who is logged in there; null when nobody is */
    static SeatBody of(Seat seat, String agentId) {
        return new SeatBody(seat.seatId(), new Settings(seat.boxId(), seat.endpoint()), agentId);
    }
}
