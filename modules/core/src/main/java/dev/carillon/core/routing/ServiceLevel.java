package dev.carillon.core.routing;

import java.time.Duration;
import java.util.List;

/**
 * What a queue is to achieve: so many percent of its calls answered in time, counted as answered in time / (answered + left later than that). Who
 * gives up earlier is not counted.
 *
 * @param percent 1 to 100
 * @param within how long a call may wait
 * @param lendTo the queues that may have agents of this one when they need them, as long as it is safe itself
 */
public record ServiceLevel(int percent, Duration within, List<String> lendTo) {

    private static final double MARGIN = 5;

    public ServiceLevel {
        lendTo = List.copyOf(lendTo);
    }

    public ServiceLevel(int percent, Duration within) {
        this(percent, within, List.of());
    }

    public ServiceLevel lendingToNobody() {
        return new ServiceLevel(percent, within);
    }

    /** From which level on it is safe: somewhat above the target, also where there is little room above it. */
    public double safePercent() {
        return percent + Math.min(MARGIN, (100 - percent) / 2.0);
    }

    /** For how long calls of a queue that is safe may wait. */
    public Duration half() {
        return within.dividedBy(2);
    }
}
