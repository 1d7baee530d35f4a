package dev.carillon.telephony;

import java.time.Duration;

/** Counts what boxes answer. Told on any thread: returns at once, and never fails. */
public interface BoxMeter {

    /** Counts nothing. */
    BoxMeter NONE = new BoxMeter() {
        @Override
        public void answered(String boxId, Duration took) {}

        @Override
        public void unanswered(String boxId) {}

        @Override
        public void passedOver(String boxId) {}
    };

    /** The box has answered a request, whatever it said. */
    void answered(String boxId, Duration took);

    /** The box has not answered a request in time, or the connection broke. */
    void unanswered(String boxId);

    /** The box said something that could not be understood or handled. */
    void passedOver(String boxId);
}
