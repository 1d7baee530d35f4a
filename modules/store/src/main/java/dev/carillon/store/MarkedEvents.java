package dev.carillon.store;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Those events of the journal that call records are made of, in the order of the journal's numbering. For use within a transaction that belongs to the
 * caller, in which each statement sees what has been committed before it (read committed).
 */
public final class MarkedEvents {

    private MarkedEvents() {}

    /**
     * One event as it lies in the journal.
     *
     * @param ordering its number in the journal
     * @param serializer the serializer that wrote the payload, by Akka's number for it
     * @param manifest what that serializer needs to know to read it
     * @param writtenAt in milliseconds since 1970, by the clock of the node that wrote it
     */
    public record Event(
            long ordering,
            String persistenceId,
            long sequenceNumber,
            int serializer,
            String manifest,
            ByteBuffer payload,
            long writtenAt) {}

    /**
     * Which transactions are under way in the database server, by PostgreSQL's own numbers for them.
     *
     * @param oldest all with a lower number have ended
     * @param next none with this number or a higher one has begun to write
     */
    public record Transactions(long oldest, long next) {}

    /** The highest number in the journal that can be seen; 0 when it is empty. Lower ones may appear later: their transactions are under way. */
    public static long highest(Connection connection) throws SQLException {
        return new Sql(connection)
                .one("SELECT coalesce(max(ordering), 0) FROM event_journal", row -> row.getLong(1))
                .orElseThrow();
    }

    public static Transactions transactions(Connection connection) throws SQLException {
        return new Sql(connection)
                .one(
                        """
                        SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint
                        FROM pg_current_snapshot() now
                        """,
                        row -> new Transactions(row.getLong(1), row.getLong(2)))
                .orElseThrow();
    }

    /**
     * @param after the number of the last one that is known
     * @param upTo no higher numbers than this
     */
    public static List<Event> next(Connection connection, long after, long upTo, int limit) throws SQLException {
        return new Sql(connection)
                .all(
                        """
                        SELECT ordering, persistence_id, sequence_number, event_ser_id, event_ser_manifest, event_payload,
                               coalesce(write_timestamp, 0)
                        FROM event_journal
                        WHERE adapter_manifest = 'call-record' AND ordering > ? AND ordering <= ?
                        ORDER BY ordering LIMIT ?
                        """,
                        row -> new Event(
                                row.getLong(1),
                                row.getString(2),
                                row.getLong(3),
                                row.getInt(4),
                                row.getString(5),
                                ByteBuffer.wrap(row.getBytes(6)),
                                row.getLong(7)),
                        after,
                        upTo,
                        limit);
    }
}
