package dev.carillon.core.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * How a queue stands to its target, and what follows from it between queues.
 *
 * <ol>
 *   <li>A queue is at risk the moment its recent level is below its target, or a call that waits will not be answered in time as far as can be
 *       foreseen.
 *   <li>It is safe when for {@link #CALM} its recent level has been above its target by a margin, and nobody has waited for more than half the time
 *       they may. Nothing else ends a risk; whatever of it fails ends being safe at once. So neither flaps.
 *   <li>A queue at risk, while a call waits for which an agent of another is ready, asks the queues of that agent every second whether it may
 *       borrow them. A queue that is safe, and lends to it, says yes for {@link #LEASE}; when it is safe no longer it says so at once. Should any of
 *       this be lost, nobody is lent.
 * </ol>
 *
 * Two queues may lend to each other, and never do so at the same time: a queue asks while it is at risk and is asked in vain then, and it needs
 * longer to become safe than any lease lasts. All of it is soft: a queue that has come to life again is not safe before it has been calm, and knows
 * of no lease.
 *
 * @param calmSince since when all is well; null while it is not
 * @param leases by lender: its latest answer
 * @param asked by lender: when it was asked last
 * @param lent by borrower: until when
 * @param level of the calls of {@code recent} and of those that wait, when it was last looked at; null when not yet
 */
record Protection(
        Recent recent,
        Standing standing,
        Instant calmSince,
        PMap<String, Lease> leases,
        PMap<String, Instant> asked,
        PMap<String, Instant> lent,
        Recent.Count level) {

    static final Duration CALM = Duration.ofSeconds(5);
    /** Shorter than {@link #CALM}: nobody who had a lease can have become safe while it lasts. */
    static final Duration LEASE = Duration.ofSeconds(3);

    static final Protection NONE = new Protection(
            Recent.NONE, Standing.FAIR, null, HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty(), null);

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
        return new Protection(recent, next, since, leases, asked, lent, levelNow);
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

    Protection counting(boolean inTime, Instant now) {
        return with(recent.counting(inTime, now));
    }

    /** Mostly nothing has changed, which need not be looked for. */
    @SuppressWarnings("ReferenceEquality")
    private Protection with(Recent others) {
        return others == recent ? this : new Protection(others, standing, calmSince, leases, asked, lent, level);
    }

    boolean mayBorrowFrom(String lender, Instant now) {
        var lease = leases.get(lender);
        return standing == Standing.AT_RISK && lease != null && now.isBefore(lease.until());
    }

    Protection answered(String lender, Lease lease) {
        return lease.replaces(leases.get(lender))
                ? new Protection(recent, standing, calmSince, leases.plus(lender, lease), asked, lent, level)
                : this;
    }

    boolean mayAsk(String lender, Duration pause, Instant now) {
        var before = asked.get(lender);
        return before == null || !now.isBefore(before.plus(pause));
    }

    Protection asking(String lender, Instant now) {
        return new Protection(recent, standing, calmSince, leases, asked.plus(lender, now), lent, level);
    }

    Protection lending(String borrower, Instant until) {
        return new Protection(recent, standing, calmSince, leases, asked, lent.plus(borrower, until), level);
    }

    Protection lendingToNobody() {
        return new Protection(recent, standing, calmSince, leases, asked, HashTreePMap.empty(), level);
    }

    Set<String> borrowers(Instant now) {
        return lent.entrySet().stream()
                .filter(one -> now.isBefore(one.getValue()))
                .map(one -> one.getKey())
                .collect(Collectors.toSet());
    }
}
