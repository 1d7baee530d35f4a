package dev.carillon.readmodel;

import dev.carillon.store.MarkedEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Reads the marked events of the journal in the order of its numbering, each once. Numbers are given before a write is durable, so a lower one may
 * appear after a higher one, and what was passed over would never be seen again. Therefore it goes only as far as the journal had come when no
 * transaction was under way any more of those that were a look later: by PostgreSQL's own account of them, so that a write that failed, and leaves
 * its numbers unused, holds up nobody.
 *
 * <p>Other programs' transactions in the same database server are told apart by nothing: one that writes for longer than the patience is not
 * waited for. A write to the journal takes less than that, or is undone by the server.
 *
 * <p>Blocking, and for one thread at a time.
 */
final class Follower {

    /** So far the journal had come, and then these transactions were under way. */
    private record Seen(long ordering, long nextTransaction, long atNanos) {}

    private final long patienceNanos;
    private final int limit;
    private final LongSupplier nanoTime;
    private long after;
    private long settled;
    private Seen seen;

    /** The highest number at the last look. */
    private long noticed;

    /**
     * @param after the number of the last event that is known
     * @param patience for transactions that are under way; longer than any write to the journal takes
     * @param limit so many events at a time
     * @param nanoTime as {@link System#nanoTime()}
     */
    Follower(long after, Duration patience, int limit, LongSupplier nanoTime) {
        this.after = after;
        this.settled = after;
        this.patienceNanos = patience.toNanos();
        this.limit = limit;
        this.nanoTime = nanoTime;
    }

    /** The next events; fewer than the limit: there were no more. Where it fails, it may be called again. */
    List<MarkedEvents.Event> next(Connection connection) throws SQLException {
        var highest = MarkedEvents.highest(connection);
        var transactions = MarkedEvents.transactions(connection);
        if (highest < noticed) {
            throw new SQLException(
                    "The journal ends at %d, and has been seen up to %d: this is another database, or an older state of it"
                            .formatted(highest, noticed));
        }
        if (seen != null && haveEnded(seen, transactions)) {
            settled = Math.max(settled, seen.ordering());
            seen = null;
        }
        // Noticed at the look before: who had been given a lower number then has begun to write by now, and has a
        // number as a transaction.
        if (seen == null && noticed > settled) {
            seen = new Seen(noticed, transactions.next(), nanoTime.getAsLong());
        }
        noticed = highest;
        if (settled <= after) {
            return List.of();
        }
        var events = MarkedEvents.next(connection, after, settled, limit);
        after = events.size() < limit ? settled : events.get(events.size() - 1).ordering();
        return events;
    }

    private boolean haveEnded(Seen before, MarkedEvents.Transactions now) {
        return now.oldest() >= before.nextTransaction() || nanoTime.getAsLong() - before.atNanos() >= patienceNanos;
    }
}
