package dev.carillon.core.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.TreePSet;

/**
 * How a queue stands to its target, and what follows from it between queues.
 *
 * <ol>
 *   <li>A queue is at risk the moment its recent level is below its target, or a call that waits will not be answered in time as far as can be
 *       foreseen.
 *   <li>It is safe when for {@link #CALM} its recent level has been above its target by a margin, and nobody has waited for more than half the time
 *       they may. Nothing else ends a risk; whatever of it fails ends being safe at once. So neither flaps.
 *   <li>A queue at risk, while calls wait and an agent is ready who may be borrowed, asks the queues of that agent every second ({@link Lenders}).
 *       A queue that is safe, and lends to it, says yes for {@link #LEASE}; when it is safe no longer it says so at once. Should any of
 *       this be lost, nobody is lent.
 * </ol>
 *
 * Two queues may lend to each other, and never do so at the same time: a queue asks while it is at risk and is asked in vain then, and it needs
 * longer to become safe than any lease lasts. All of it is soft: a queue that has come to life again is not safe before it has been calm, and knows
 * of no lease.
 *
 * @param calmSince since when all is well; null while it is not
 * @param leases by lender: its latest answer
 * @param lenders those of them whose lease lasts
 * @param lapses when each of these leases ends
 * @param lent by borrower: until when
 * @param level of the calls of {@code recent} and of those that wait, when it was last looked at; null when not yet
 */
record Protection(
        Recent recent,
        Standing standing,
        Instant calmSince,
        PMap<String, Lease> leases,
        PSet<String> lenders,
        TreePSet<Due> lapses,
        PMap<String, Instant> lent,
        Recent.Count level) {

    static final Duration CALM = Duration.ofSeconds(5);
    /** Shorter than {@link #CALM}: nobody who had a lease can have become safe while it lasts. */
    static final Duration LEASE = Duration.ofSeconds(3);

    static final Protection NONE = new Protection(
            Recent.NONE,
            Standing.FAIR,
            null,
            HashTreePMap.empty(),
            HashTreePSet.empty(),
            TreePSet.empty(),
            HashTreePMap.empty(),
            null);

    enum Standing {
        AT_RISK,
        /** Neither: it needs nobody, and lends nobody. */
        FAIR,
        SAFE
    }

    /**
     * @param at when it was said
     * @param until when it was said: nobody is lent
     */
    record Lease(Instant at, Instant until) {
        /** Of two that were said at the same moment the shorter one holds. */
        boolean replaces(Lease other) {
            return other == null || at.isAfter(other.at) || (at.equals(other.at) && until.isBefore(other.until));
        }
    }

    /**
     * @param endangered the level is below the target, or somebody will be late
     * @param calm the level is above it by the margin, and nobody waits for long
     */
    Protection judged(Recent.Count levelNow, boolean endangered, boolean calm, Instant now) {
        var since = endangered || !calm ? null : calmSince != null ? calmSince : now;
        var next = endangered
                ? Standing.AT_RISK
                : since != null && !now.isBefore(since.plus(CALM))
                        ? Standing.SAFE
                        : standing == Standing.SAFE ? Standing.FAIR : standing;
        return new Protection(recent, next, since, leases, lenders, lapses, lent, levelNow);
    }

    /** When it will be safe if nothing happens; empty when it is, or is not calm. */
    Optional<Instant> safeAt() {
        return standing == Standing.SAFE
                ? Optional.empty()
                : Optional.ofNullable(calmSince).map(since -> since.plus(CALM));
    }

    Protection asOf(Instant now) {
        return with(recent.asOf(now));
    }

    /** A lease that is over by now; empty when there is none. */
    Optional<Due> lapsed(Instant now) {
        return lapses.isEmpty() || now.isBefore(lapses.first().at()) ? Optional.empty() : Optional.of(lapses.first());
    }

    Protection without(Due lapsed) {
        return new Protection(
                recent,
                standing,
                calmSince,
                leases,
                lenders.minus(lapsed.queueId()),
                lapses.minus(lapsed),
                lent,
                level);
    }

    Protection counting(boolean inTime, Instant now) {
        return with(recent.counting(inTime, now));
    }

    /** Mostly nothing has changed, which need not be looked for. */
    @SuppressWarnings("ReferenceEquality")
    private Protection with(Recent others) {
        return others == recent
                ? this
                : new Protection(others, standing, calmSince, leases, lenders, lapses, lent, level);
    }

    Protection answered(String lender, Lease lease, Instant now) {
        var before = leases.get(lender);
        if (!lease.replaces(before)) {
            return this;
        }
        boolean lends = now.isBefore(lease.until());
        var others = before == null ? lapses : lapses.minus(new Due(before.until(), lender));
        return new Protection(
                recent,
                standing,
                calmSince,
                leases.plus(lender, lease),
                lends ? lenders.plus(lender) : lenders.minus(lender),
                lends ? others.plus(new Due(lease.until(), lender)) : others,
                lent,
                level);
    }

    Protection lending(String borrower, Instant until) {
        return new Protection(recent, standing, calmSince, leases, lenders, lapses, lent.plus(borrower, until), level);
    }

    Protection lendingToNobody() {
        return new Protection(recent, standing, calmSince, leases, lenders, lapses, HashTreePMap.empty(), level);
    }

    Set<String> borrowers(Instant now) {
        return lent.entrySet().stream()
                .filter(one -> now.isBefore(one.getValue()))
                .map(one -> one.getKey())
                .collect(Collectors.toSet());
    }
}
