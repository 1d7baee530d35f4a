package dev.carillon.core.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The calls that were answered, or left after they had waited for too long, in the last quarter of an hour, by the minute.
 *
 * @param minutes by the minute's number since 1970; never changed, always copied: there are sixteen at most
 */
record Recent(NavigableMap<Long, Count> minutes, Count sum) {

    static final Duration WINDOW = Duration.ofMinutes(15);
    static final Recent NONE = new Recent(new TreeMap<>(), new Count(0, 0));

    record Count(int inTime, int all) {
        Count plus(Count other) {
            return new Count(inTime + other.inTime, all + other.all);
        }

        Count minus(Count other) {
            return new Count(inTime - other.inTime, all - other.all);
        }

        /** Without calls there is nothing to be said against the queue. */
        boolean isAtLeast(double percent) {
            return inTime * 100.0 >= percent * all;
        }
    }

    Recent counting(boolean inTime, Instant now) {
        var one = new Count(inTime ? 1 : 0, 1);
        var counted = new TreeMap<>(minutes);
        counted.merge(minute(now), one, Count::plus);
        return new Recent(counted, sum.plus(one));
    }

    /** What was before the window is forgotten. */
    Recent asOf(Instant now) {
        if (minutes.isEmpty() || now.isBefore(end())) {
            return this;
        }
        var old = minutes.headMap(minute(now.minus(WINDOW)), true);
        var kept = new TreeMap<>(minutes.tailMap(minute(now.minus(WINDOW)), false));
        return new Recent(kept, old.values().stream().reduce(sum, Count::minus));
    }

    /** When something is to be forgotten; empty when there is nothing. */
    Optional<Instant> forgetsAt() {
        return minutes.isEmpty() ? Optional.empty() : Optional.of(end());
    }

    private Instant end() {
        return Instant.ofEpochSecond(minutes.firstKey() * 60).plus(WINDOW);
    }

    private static long minute(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), 60L);
    }
}
