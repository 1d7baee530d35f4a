package dev.carillon.core.routing;

import dev.carillon.protocol.queue.QueueCommand.Today;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;

/**
 * At random: each agent draws a number when they become ready, each offer draws one, too, and the next higher agent is asked, after
 * the highest the lowest. So everybody has the same chance in the long run, and nobody has none. Among equal numbers, the one who has
 * been idle longest.
 */
final class Lottery implements AgentOrder {

    private static final Comparator<ReadyAgent> RULE =
            Comparator.comparingLong(ReadyAgent::lot).thenComparing(LongestIdle.RULE);

    @Override
    public Comparator<ReadyAgent> order() {
        return RULE;
    }

    @Override
    public List<ReadyAgent> choose(NavigableSet<ReadyAgent> ready, String offerId) {
        var drawn = new ReadyAgent("", Instant.MIN, Instant.MIN, Today.NONE, 0, number(offerId, 0));
        var next = ready.ceiling(drawn);
        return List.of(next != null ? next : ready.first());
    }

    /**
     * The same wherever it is computed, so that a decision can be repeated. The mixing is Stafford's variant 13 of the 64-bit finaliser of
     * MurmurHash3, the one of {@link java.util.SplittableRandom}.
     */
    static long number(String who, long when) {
        long z = who.hashCode() + (when + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
