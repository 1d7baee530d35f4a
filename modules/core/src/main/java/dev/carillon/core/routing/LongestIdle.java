package dev.carillon.core.routing;

import java.time.Instant;
import java.util.Comparator;

/**
 * The agent who has been idle longest is asked first; among agents idle since the same millisecond by id. Idle counts from the
 * end of the last wrap-up, or from becoming ready; an offer that failed by the caller's doing does not begin it anew.
 */
public record LongestIdle(Instant idleSince, String agentId) implements Comparable<LongestIdle> {

    private static final Comparator<LongestIdle> RULE =
            Comparator.comparing(LongestIdle::idleSince).thenComparing(LongestIdle::agentId);

    @Override
    public int compareTo(LongestIdle other) {
        return RULE.compare(this, other);
    }
}
