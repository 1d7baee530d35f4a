package dev.carillon.core.routing;

import java.time.Instant;
import java.util.Comparator;

/**
 * The order of waiting calls: the most important first; among equally important ones the one that has waited longest; among
 * calls of the same millisecond by id, so that everybody always sees the same order.
 */
public record CallOrder(int priority, Instant waitingSince, String callId) implements Comparable<CallOrder> {

    private static final Comparator<CallOrder> RULE = Comparator.comparingInt(CallOrder::priority)
            .reversed()
            .thenComparing(CallOrder::waitingSince)
            .thenComparing(CallOrder::callId);

    @Override
    public int compareTo(CallOrder other) {
        return RULE.compare(this, other);
    }
}
