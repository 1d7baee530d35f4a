package dev.carillon.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A time from one moment to another. */
public record Period(Instant from, Instant to) {

    boolean overlaps(Period other) {
        return from.isBefore(other.to) && other.from.isBefore(to);
    }

    Duration length() {
        return Duration.between(from, to);
    }

    /** Whether this lies within these, together. */
    boolean isWithin(List<Period> others) {
        var reached = from;
        var inOrder = new ArrayList<>(others);
        inOrder.sort(Comparator.comparing(Period::from));
        for (var other : inOrder) {
            if (!other.from.isAfter(reached) && other.to.isAfter(reached)) {
                reached = other.to;
            }
        }
        return !reached.isBefore(to);
    }
}
