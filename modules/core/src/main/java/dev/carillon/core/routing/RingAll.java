package dev.carillon.core.routing;

import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;

/**
 * All at once: everybody who is ready is rung, the first to answer has the call, and the phones of the others stop, which is no missed
 * call. Who becomes ready while they ring is asked when they have rung in vain. Of more than {@value #MOST}, those who have been idle
 * longest; among agents idle since the same millisecond by id.
 */
final class RingAll implements AgentOrder {

    /** A box that is to ring more phones for one caller has other worries, and people who all run for one phone, too. */
    static final int MOST = 30;

    @Override
    public Comparator<ReadyAgent> order() {
        return LongestIdle.RULE;
    }

    @Override
    public List<ReadyAgent> choose(NavigableSet<ReadyAgent> ready, String offerId) {
        return ready.stream().limit(MOST).toList();
    }
}
