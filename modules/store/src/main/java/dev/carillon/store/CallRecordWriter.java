package dev.carillon.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Writes call records on a connection, within a transaction, that belongs to the caller: a projection, together with its offset. */
public final class CallRecordWriter {

    private CallRecordWriter() {}

    /**
     * Adds the record of a call that has none yet. Its wrap-up code is none of it: see {@link #wrapUp}.
     *
     * @return false when there is one already; it stays as it is
     */
    public static boolean add(Connection connection, CallRecord record) throws SQLException {
        return new Sql(connection)
                        .update(
                                """
                                INSERT INTO call_record (
                                  call_id, box_id, caller_number, caller_name, dialled_number, queue_id, priority, agent_id,
                                  seat_id, arrived_at, queued_at, answered_at, ended_at, wait_ms, talk_ms, offers, outcome,
                                  ended_by, while_ringing, q850_cause, first_queue_id, left_by, left_to, rule_id)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                                ON CONFLICT (call_id) DO NOTHING
                                """,
                                record.callId(),
                                record.boxId(),
                                record.callerNumber(),
                                record.callerName(),
                                record.dialledNumber(),
                                record.queueId(),
                                record.priority(),
                                record.agentId(),
                                record.seatId(),
                                time(record.arrivedAt()),
                                time(record.queuedAt()),
                                time(record.answeredAt()),
                                time(record.endedAt()),
                                record.waitMs(),
                                record.talkMs(),
                                record.offers(),
                                record.outcome(),
                                record.endedBy(),
                                record.whileRinging(),
                                record.q850Cause(),
                                record.firstQueueId(),
                                record.leftBy(),
                                record.leftTo(),
                                record.ruleId())
                > 0;
    }

    /**
     * Notes what an agent says of a call, whether or not there is a record of it yet.
     *
     * @param sequenceNumber of the event that says so, in the agent's journal: what was said before it does not count
     */
    public static void wrapUp(Connection connection, String callId, String agentId, String code, long sequenceNumber)
            throws SQLException {
        new Sql(connection)
                .update(
                        """
                        INSERT INTO call_wrap_up (call_id, agent_id, code, sequence_number) VALUES (?, ?, ?, ?)
                        ON CONFLICT (call_id, agent_id) DO UPDATE
                        SET code = excluded.code, sequence_number = excluded.sequence_number
                        WHERE call_wrap_up.sequence_number < excluded.sequence_number
                        """,
                        callId,
                        agentId,
                        code,
                        sequenceNumber);
    }

    /** Notes an event of which no record can be made, so that it is not lost. Noted twice, it is there once. */
    public static void setAside(Connection connection, String persistenceId, long sequenceNumber, String reason)
            throws SQLException {
        new Sql(connection)
                .update(
                        """
                        INSERT INTO call_record_set_aside (persistence_id, sequence_number, reason) VALUES (?, ?, ?)
                        ON CONFLICT (persistence_id, sequence_number) DO UPDATE
                        SET reason = excluded.reason, set_aside_at = now()
                        """,
                        persistenceId,
                        sequenceNumber,
                        reason);
    }

    private static OffsetDateTime time(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
