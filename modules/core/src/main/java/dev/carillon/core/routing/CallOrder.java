package dev.carillon.core.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/**
 * The order of waiting calls: the highest score first. The score of a call is the time it has waited, and for each level of its
 * priority above the least a time that the queue sets ({@link Routing#priorityWorth}). So an important call comes before others,
 * and a less important one that has waited for so much longer comes before it: nobody waits for ever. All scores grow alike, so the
 * order of two calls never changes while they wait, and a score is kept as the moment since when the call counts as waiting.
 *
 * <p>Among calls of the same score, to the millisecond, the one that arrived first; among those of the same arrival by id, so that
 * everybody always sees the same order.
 *
 * @param countsSince the score at any time is the time since then
 */
public record CallOrder(int priority, Instant waitingSince, Instant countsSince, String callId)
        implements Comparable<CallOrder> {

    private static final int LEAST_PRIORITY = 1;
    private static final Comparator<CallOrder> RULE = Comparator.comparing(CallOrder::countsSince)
            .thenComparing(CallOrder::waitingSince)
            .thenComparing(CallOrder::callId);

    static CallOrder of(int priority, Instant waitingSince, String callId, Duration priorityWorth) {
        var credit = priorityWorth.multipliedBy(priority - LEAST_PRIORITY);
        return new CallOrder(priority, waitingSince, waitingSince.minus(credit), callId);
    }

    @Override
    public int compareTo(CallOrder other) {
        return RULE.compare(this, other);
    }
}
