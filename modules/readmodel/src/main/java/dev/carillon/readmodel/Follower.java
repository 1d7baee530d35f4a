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
 * transaction was under way any more of those that were when it looked: by PostgreSQL's own account of them, so that a write that failed, and leaves
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
        // In this order: whoever has been given a lower number than the highest is under way by now, or has ended.
        var highest = MarkedEvents.highest(connection);
        var transactions = MarkedEvents.transactions(connection);
        if (seen != null && haveEnded(seen, transactions)) {
            settled = Math.max(settled, seen.ordering());
            seen = null;
        }
        if (seen == null && highest > settled) {
            seen = new Seen(highest, transactions.next(), nanoTime.getAsLong());
        }
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
