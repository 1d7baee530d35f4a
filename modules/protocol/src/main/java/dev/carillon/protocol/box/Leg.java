package dev.carillon.protocol.box;

/** One channel on one box. */
public record Leg(String legId, State state) {

    public enum State {
        /** Made, and not known to ring yet; for a caller's leg: not answered yet. */
        DIALLING,
        RINGING,
        UP
    }
}
