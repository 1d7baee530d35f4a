package dev.carillon.load;

import dev.carillon.store.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** What a run has left in the database, read over a connection of its own. */
final class Journal implements AutoCloseable {

    /** Rows fetched at a time: the whole of a long run would not fit into memory. */
    private static final int FETCHED = 5_000;

    private final Connection connection;
    private final long before;

    /**
     * How many rows one transaction has written.
     *
     * @param transactions that wrote to the journal
     */
    record Batches(long transactions, double mean, long p50, long p95, long p99, long most) {

        static Batches of(Histogram sizes) {
            return sizes.getTotalCount() == 0
                    ? new Batches(0, 0, 0, 0, 0, 0)
                    : new Batches(
                            sizes.getTotalCount(),
                            sizes.getMean(),
                            sizes.getValueAtPercentile(50),
                            sizes.getValueAtPercentile(95),
                            sizes.getValueAtPercentile(99),
                            sizes.getMaxValue());
        }
    }

    /**
     * @param events of the run
     * @param within how many of them were made between the two moments that were asked for
     * @param kinds by the kind of entity
     */
    record Figures(long events, long within, Map<String, Long> kinds, Batches batches) {}

    /** Everything from now on belongs to the run. */
    Journal(Database.Settings settings) {
        try {
            connection = DriverManager.getConnection(settings.url(), settings.user(), settings.password());
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            before = number("SELECT coalesce(max(ordering), 0) FROM event_journal");
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** After which place in the order of the journal the run begins. */
    long before() {
        return before;
    }

    /** As the server's statistics have it: about a second late, and with what was undone. */
    long inserted() {
        return number("SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'event_journal'");
    }

    /** Of everybody who works with this database. */
    long commits() {
        return number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
    }

    long events() {
        return number("SELECT count(*) FROM event_journal WHERE ordering > " + before);
    }

    /** Of the whole run, as of one moment, so that the figures agree with each other. */
    Figures figures(long fromMillis, long toMillis) {
        try {
            var within = new long[1];
            query(
                    "SELECT count(*) FROM event_journal WHERE ordering > " + before + " AND write_timestamp >= "
                            + fromMillis + " AND write_timestamp < " + toMillis,
                    row -> within[0] = row.getLong(1));
            var kinds = new LinkedHashMap<String, Long>();
            query(
                    "SELECT split_part(persistence_id, '|', 1), count(*) FROM event_journal WHERE ordering > " + before
                            + " GROUP BY 1 ORDER BY 2 DESC",
                    row -> kinds.put(row.getString(1), row.getLong(2)));
            var sizes = new Histogram(3);
            query(
                    // Every row carries the transaction that wrote it.
                    "SELECT count(*) FROM event_journal WHERE ordering > " + before + " GROUP BY xmin::text",
                    row -> sizes.recordValue(row.getLong(1)));
            connection.commit();
            return new Figures(
                    kinds.values().stream().mapToLong(count -> count).sum(), within[0], kinds, Batches.of(sizes));
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    long records(long fromMicros) {
        return number("SELECT count(*) FROM call_record WHERE arrived_at >= '" + time(fromMicros) + "'");
    }

    void eachRecord(long fromMicros, Consumer<CallCheck.Recorded> reader) {
        each(
                "SELECT call_id, caller_number, agent_id, outcome, ended_by, talk_ms FROM call_record WHERE arrived_at >= '"
                        + time(fromMicros) + "'",
                row -> reader.accept(new CallCheck.Recorded(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getLong(6))));
    }

    /** The record has milliseconds only. */
    private static Timestamp time(long micros) {
        return Timestamp.from(Instant.ofEpochMilli(micros / 1_000));
    }

    private interface Reader {
        void read(ResultSet row) throws SQLException;
    }

    private void each(String query, Reader reader) {
        try {
            query(query, reader);
            connection.commit();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void query(String query, Reader reader) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setFetchSize(FETCHED);
            try (var rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }
    }

    private long number(String query) {
        var number = new long[1];
        each(query, row -> number[0] = row.getLong(1));
        return number[0];
    }

    private static LoadFailure failed(SQLException e) {
        return new LoadFailure("The database of the node does not answer: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
