package dev.carillon.load;

import dev.carillon.store.Database;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast this machine and its PostgreSQL can write a journal at all: plain JDBC writes rows of the run once more, into a table of the same
 * shape, in transactions of the same size and over as many connections as the node's journal has.
 */
final class WriteLimit {

    /** As jdbc-journal.parallelism. */
    static final int CONNECTIONS = 8;

    /** So many of the last rows of the run are written again and again. */
    private static final int ROWS = 20_000;

    private static final String TABLE = "load_event_journal";

    private final Database.Settings settings;

    /**
     * @param rowsPerSecond what was written
     * @param rowsPerTransaction how many at a time
     */
    record Measured(double rowsPerSecond, int rowsPerTransaction, int connections, double seconds) {

        /** Which part of it so many events a second are; 0 when it was not measured. */
        double share(double eventsPerSecond) {
            return rowsPerSecond > 0 ? eventsPerSecond / rowsPerSecond : 0;
        }
    }

    static final Measured NONE = new Measured(0, 0, 0, 0);

    private record Row(
            String persistenceId,
            long sequence,
            String writer,
            long written,
            int serializer,
            String manifest,
            ByteBuffer payload) {}

    WriteLimit(Database.Settings settings) {
        this.settings = settings;
    }

    /**
     * @param after the rows of the run are those behind this place in the order
     * @param rowsPerTransaction the mean of the run
     */
    Measured measure(long after, double rowsPerTransaction, Duration length) {
        var size = atATime(rowsPerTransaction);
        try (var connection = connect()) {
            var rows = read(connection, after);
            if (rows.isEmpty() || length.isZero()) {
                return NONE;
            }
            execute(connection, "DROP TABLE IF EXISTS " + TABLE);
            try {
                // Its order comes from a sequence of its own: gaps in the journal's would keep its readers waiting.
                execute(connection, "CREATE TABLE " + TABLE + " (LIKE event_journal INCLUDING ALL)");
                execute(connection, "CREATE SEQUENCE " + TABLE + "_order OWNED BY " + TABLE + ".ordering");
                execute(
                        connection,
                        "ALTER TABLE " + TABLE + " ALTER COLUMN ordering SET DEFAULT nextval('" + TABLE + "_order')");
                return write(rows, size, length);
            } finally {
                execute(connection, "DROP TABLE " + TABLE);
            }
        } catch (SQLException e) {
            throw new LoadFailure(
                    "The rate at which the database can write could not be measured: " + e.getMessage(), e);
        }
    }

    static int atATime(double rowsPerTransaction) {
        return (int) Math.max(1, Math.round(rowsPerTransaction));
    }

    private Measured write(List<Row> rows, int size, Duration length) throws SQLException {
        var written = new AtomicLong();
        var rounds = new AtomicLong();
        var pool = Executors.newFixedThreadPool(CONNECTIONS);
        var begin = System.nanoTime();
        var end = begin + length.toNanos();
        try {
            var writers = new ArrayList<Future<?>>();
            for (var i = 0; i < CONNECTIONS; i++) {
                writers.add(pool.submit(() -> {
                    writeUntil(end, rows, size, rounds, written);
                    return null;
                }));
            }
            for (var writer : writers) {
                writer.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            throw new LoadFailure("The rate at which the database can write could not be measured: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadFailure("Interrupted.", e);
        } finally {
            pool.shutdownNow();
        }
        var seconds = (System.nanoTime() - begin) / 1e9;
        return new Measured(written.get() / seconds, size, CONNECTIONS, seconds);
    }

    private void writeUntil(long end, List<Row> rows, int size, AtomicLong rounds, AtomicLong written)
            throws SQLException {
        try (var connection = connect();
                var insert = connection.prepareStatement(
                        "INSERT INTO " + TABLE
                                + " (deleted, persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,"
                                + " event_ser_id, event_ser_manifest, event_payload) VALUES (false, ?, ?, ?, ?, '', ?, ?, ?)")) {
            connection.setAutoCommit(false);
            while (System.nanoTime() < end) {
                // No row twice: each transaction takes the next rows, and each time through them all they get another
                // name.
                var first = rounds.getAndIncrement() * size;
                for (var i = first; i < first + size; i++) {
                    var row = rows.get((int) (i % rows.size()));
                    insert.setString(1, row.persistenceId() + "|" + i / rows.size());
                    insert.setLong(2, row.sequence());
                    insert.setString(3, row.writer());
                    insert.setLong(4, row.written());
                    insert.setInt(5, row.serializer());
                    insert.setString(6, row.manifest());
                    insert.setBytes(7, row.payload().array());
                    insert.addBatch();
                }
                insert.executeBatch();
                connection.commit();
                written.addAndGet(size);
            }
        }
    }

    private static List<Row> read(Connection connection, long after) throws SQLException {
        var rows = new ArrayList<Row>();
        try (var statement = connection.prepareStatement(
                "SELECT persistence_id, sequence_number, writer, write_timestamp, event_ser_id, event_ser_manifest,"
                        + " event_payload FROM event_journal WHERE ordering > ? ORDER BY ordering DESC LIMIT "
                        + ROWS)) {
            statement.setLong(1, after);
            try (var found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(new Row(
                            found.getString(1),
                            found.getLong(2),
                            found.getString(3),
                            found.getLong(4),
                            found.getInt(5),
                            found.getString(6),
                            ByteBuffer.wrap(found.getBytes(7))));
                }
            }
        }
        return rows;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(settings.url(), settings.user(), settings.password());
    }
}
