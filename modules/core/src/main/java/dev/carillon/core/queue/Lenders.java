package dev.carillon.core.queue;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePSet;

/**
 * The queues whose agents are ready as guests, and when each may be asked (again) to lend them. Whoever has none who is ready is forgotten.
 *
 * @param wanted by queue
 * @param due in the order in which they may be asked
 */
record Lenders(PMap<String, Wanted> wanted, TreePSet<Due> due) {

    static final Lenders NONE = new Lenders(HashTreePMap.empty(), TreePSet.empty());

    /**
     * @param guests how many agents of the queue are ready
     * @param askAt when it may be asked next
     */
    record Wanted(int guests, Instant askAt) {
        static final Wanted NOT_YET = new Wanted(0, Instant.EPOCH);
    }

    /** @param lenders of a guest who is ready */
    Lenders with(Set<String> lenders) {
        return counting(lenders, 1);
    }

    /** @param lenders of a guest who is not ready any more */
    Lenders without(Set<String> lenders) {
        return counting(lenders, -1);
    }

    private Lenders counting(Set<String> lenders, int more) {
        var all = this;
        for (var lender : lenders) {
            var before = all.wanted.getOrDefault(lender, Wanted.NOT_YET);
            all = all.put(lender, new Wanted(before.guests() + more, before.askAt()));
        }
        return all;
    }

    /** Who may be asked by now, and has to wait for longest. */
    Optional<String> askable(Instant now) {
        return due.isEmpty() || due.first().at().isAfter(now)
                ? Optional.empty()
                : Optional.of(due.first().queueId());
    }

    /** @param lender of whom somebody is ready */
    Lenders asking(String lender, Instant again) {
        return put(lender, new Wanted(wanted.get(lender).guests(), again));
    }

    private Lenders put(String lender, Wanted now) {
        var before = wanted.get(lender);
        var others = before == null ? due : due.minus(new Due(before.askAt(), lender));
        return now.guests() == 0
                ? new Lenders(wanted.minus(lender), others)
                : new Lenders(wanted.plus(lender, now), others.plus(new Due(now.askAt(), lender)));
    }
}
