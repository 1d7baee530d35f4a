package dev.carillon.protocol;

/**
 * Where an agent's phone is.
 *
 * @param seatId its name in the configuration
 * @param boxId the box it is registered at
 * @param endpoint how that box reaches it, for example {@code PJSIP/1001}
 */
public record Seat(String seatId, String boxId, String endpoint) {}
