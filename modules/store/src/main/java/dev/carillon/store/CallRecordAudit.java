package dev.carillon.store;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Finds calls that are in the journal and have no record. Each event is looked at once: a call that began and has no record is put
 * on a list, and stays there until it has one. So a call that lasts long costs a row of that list, however long the journal grows
 * behind it. For use within a transaction that belongs to the caller.
 */
public final class CallRecordAudit {

    /** However long the journal is, one look must be short: it holds a connection, and nobody waits longer than some seconds for one. */
    private static final int EVENTS_AT_A_TIME = 50_000;

    /** Of a call c: there is a record of it, or none can be made. */
    private static final String ACCOUNTED_FOR =
            """
            (EXISTS (SELECT FROM call_record r WHERE r.call_id = substr(c.persistence_id, length('Call|') + 1) COLLATE "C")
             OR EXISTS (SELECT FROM call_record_set_aside s WHERE s.persistence_id = c.persistence_id))
            """;

    private CallRecordAudit() {}

    /**
     * The last event of a call, or what an agent said of it, as it lies in the journal.
     *
     * @param payload the serialized event
     * @param settled it was written long enough ago for everybody who follows the journal to have seen it
     */
    public record LastEvent(String persistenceId, long sequenceNumber, ByteBuffer payload, boolean settled) {}

    /**
     * A look at the next events of the journal.
     *
     * @param saidOfCalls what agents said of calls in the events that have settled, oldest first
     * @param more whether there is more to look at behind them
     */
    public record Look(List<LastEvent> saidOfCalls, boolean more) {}

    /** The next events of the journal: how many, and where those end that have settled. */
    private record Window(int events, long end) {}

    /**
     * Puts the calls on the list that began with the next events of the journal and have no record, and finds what agents said in them. Whoever
     * else does the same waits until this transaction ends.
     *
     * @param settledAfter younger events are left for the next time: writes that began before them may still be under way
     */
    public static Look listNext(Connection connection, Duration settledAfter) throws SQLException {
        var sql = new Sql(connection);
        var from = sql.one("SELECT ordering FROM call_record_checked FOR UPDATE", row -> row.getLong(1))
                .orElseThrow();
        var window = sql.one(
                        """
                        SELECT count(*),
                               coalesce(max(ordering) FILTER (WHERE write_timestamp < extract(epoch FROM now()) * 1000 - ?), ?)
                        FROM (SELECT ordering, write_timestamp FROM event_journal
                              WHERE ordering > ? ORDER BY ordering LIMIT ?) next
                        """,
                        row -> new Window(row.getInt(1), row.getLong(2)),
                        settledAfter.toMillis(),
                        from,
                        from,
                        EVENTS_AT_A_TIME)
                .orElseThrow();
        if (window.end() == from) {
            return new Look(List.of(), false);
        }
        sql.update(
                """
                INSERT INTO call_without_record (persistence_id, ordering)
                SELECT c.persistence_id, c.ordering FROM event_journal c
                WHERE c.ordering > ? AND c.ordering <= ? AND c.sequence_number = 1 AND starts_with(c.persistence_id, 'Call|')
                  AND NOT %s
                ON CONFLICT DO NOTHING
                """
                        .formatted(ACCOUNTED_FOR),
                from,
                window.end());
        sql.update("UPDATE call_record_checked SET ordering = ?", window.end());
        var said = sql.all(
                """
                SELECT persistence_id, sequence_number, event_payload FROM event_journal
                WHERE adapter_manifest = 'call-record' AND ordering > ? AND ordering <= ?
                  AND starts_with(persistence_id, 'Agent|')
                ORDER BY ordering
                """,
                row -> lastEvent(row, true),
                from,
                window.end());
        return new Look(said, window.events() == EVENTS_AT_A_TIME);
    }

    /** Takes those off the list that have a record by now, or of whose end none can be made. */
    public static void forgetRecorded(Connection connection) throws SQLException {
        new Sql(connection).update("DELETE FROM call_without_record c WHERE " + ACCOUNTED_FOR);
    }

    /**
     * The last events of those calls on the list that were not looked at for the longest time, the oldest calls first. They are
     * locked until the transaction ends; those that somebody else has locked are left out.
     */
    public static List<LastEvent> next(Connection connection, Duration settledAfter, int limit) throws SQLException {
        return new Sql(connection)
                .all(
                        """
                        WITH next AS (
                          UPDATE call_without_record SET looked_at = now()
                          WHERE persistence_id IN (
                            SELECT persistence_id FROM call_without_record
                            ORDER BY looked_at NULLS FIRST, ordering LIMIT ? FOR UPDATE SKIP LOCKED)
                          RETURNING persistence_id, ordering)
                        SELECT e.persistence_id, e.sequence_number, e.event_payload,
                               e.write_timestamp < extract(epoch FROM now()) * 1000 - ?
                        FROM next
                        CROSS JOIN LATERAL (
                          SELECT * FROM event_journal j WHERE j.persistence_id = next.persistence_id
                          ORDER BY j.sequence_number DESC LIMIT 1) e
                        ORDER BY next.ordering
                        """,
                        row -> lastEvent(row, row.getBoolean(4)),
                        limit,
                        settledAfter.toMillis());
    }

    /** Events that were set aside; they are locked until the transaction ends, and those that somebody else has locked are left out. */
    public static List<LastEvent> setAside(Connection connection) throws SQLException {
        return new Sql(connection)
                .all(
                        """
                        SELECT j.persistence_id, j.sequence_number, j.event_payload
                        FROM call_record_set_aside s
                        JOIN event_journal j ON j.persistence_id = s.persistence_id AND j.sequence_number = s.sequence_number
                        ORDER BY j.ordering FOR UPDATE OF s SKIP LOCKED
                        """,
                        row -> lastEvent(row, true));
    }

    /** To be called when a record could be made of an event after all. */
    public static void noLongerSetAside(Connection connection, LastEvent event) throws SQLException {
        new Sql(connection)
                .update(
                        "DELETE FROM call_record_set_aside WHERE persistence_id = ? AND sequence_number = ?",
                        event.persistenceId(),
                        event.sequenceNumber());
    }

    private static LastEvent lastEvent(ResultSet row, boolean settled) throws SQLException {
        return new LastEvent(row.getString(1), row.getLong(2), ByteBuffer.wrap(row.getBytes(3)), settled);
    }
}
