package dev.carillon.telephony;

import java.time.Duration;

/**
 * How long to wait before the next attempt to connect: twice as long after each failure in a row, up to a limit, and spread a
 * little so that the telephony nodes of many boxes behind one broken switch do not all come back in the same moment.
 *
 * @param first the pause after the first failure
 * @param longest no pause is longer than this, the spread included
 * @param spread how much of a pause is left to chance, 0 to 1
 */
record BackOff(Duration first, Duration longest, double spread) {

    /**
     * @param failures in a row, 1 or more
     * @param chance 0 (inclusive) to 1 (exclusive)
     */
    Duration pause(int failures, double chance) {
        int doublings = Math.min(failures - 1, 30);
        long full = Math.min(longest.toMillis(), first.toMillis() << doublings);
        return Duration.ofMillis(Math.round(full * (1 - spread * chance)));
    }
}
