package dev.carillon.store;

import dev.carillon.store.CallRecords.InvalidCursor;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Call records in PostgreSQL. */
public final class JdbcCallRecords implements CallRecords {

    private static final String RECORDS =
            """
            SELECT r.*, coalesce(w.code, '') AS wrap_up_code
            FROM call_record r LEFT JOIN call_wrap_up w ON w.call_id = r.call_id AND w.agent_id = r.agent_id
            """;

    private final Database database;

    public JdbcCallRecords(Database database) {
        this.database = database;
    }

    @Override
    public Optional<CallRecord> find(String callId) {
        return database.inTransaction(
                connection -> new Sql(connection).one(RECORDS + "WHERE r.call_id = ?", JdbcCallRecords::read, callId));
    }

    @Override
    public Page list(Filter filter, String cursor, int limit) {
        if (limit < 1 || limit > MOST_PER_PAGE) {
            throw new IllegalArgumentException("the limit is " + limit + "; must be 1 to " + MOST_PER_PAGE);
        }
        var query = new Query();
        query.whereTime("arrived_at >= ?", filter.from());
        query.whereTime("arrived_at < ?", filter.to());
        query.where("queue_id = ?", filter.queueId());
        // The second half repeats what the first implies: it is the condition of the index.
        query.where("r.agent_id = ? AND r.agent_id <> ''", filter.agentId());
        query.where("outcome = ?", filter.outcome());
        if (cursor != null) {
            query.after(Cursor.parse(cursor));
        }
        // One more than asked for tells whether there is a next page.
        var found = database.inTransaction(connection -> query.run(new Sql(connection), limit + 1));
        if (found.size() <= limit) {
            return new Page(found, null);
        }
        var page = List.copyOf(found.subList(0, limit));
        return new Page(page, Cursor.behind(page.get(limit - 1)).text());
    }

    private static final class Query {
        private final List<String> conditions = new ArrayList<>();
        private final List<Object> parameters = new ArrayList<>();

        void where(String condition, Object parameter) {
            if (parameter != null) {
                conditions.add(condition);
                parameters.add(parameter);
            }
        }

        void whereTime(String condition, Instant time) {
            where(condition, time == null ? null : time.atOffset(ZoneOffset.UTC));
        }

        void after(Cursor cursor) {
            conditions.add("(r.arrived_at, r.call_id) < (?, ?)");
            parameters.add(cursor.arrivedAt().atOffset(ZoneOffset.UTC));
            parameters.add(cursor.callId());
        }

        List<CallRecord> run(Sql sql, int limit) throws SQLException {
            parameters.add(limit);
            return sql.all(
                    RECORDS + (conditions.isEmpty() ? "" : "WHERE ") + String.join(" AND ", conditions)
                            + " ORDER BY r.arrived_at DESC, r.call_id DESC LIMIT ?",
                    JdbcCallRecords::read,
                    parameters.toArray());
        }
    }

    /** The last record of a page: the next page begins behind it, whatever was added since. */
    private record Cursor(Instant arrivedAt, String callId) {

        private static final char SEPARATOR = ' ';

        /** PostgreSQL stores no times far outside of these, and no call ever will be. */
        private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

        private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

        static Cursor behind(CallRecord record) {
            return new Cursor(record.arrivedAt(), record.callId());
        }

        String text() {
            var content = arrivedAt.toString() + SEPARATOR + callId;
            return Base64.getUrlEncoder().withoutPadding().encodeToString(content.getBytes(StandardCharsets.UTF_8));
        }

        static Cursor parse(String text) {
            try {
                var content = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
                var end = content.indexOf(SEPARATOR);
                if (end < 0 || content.indexOf('\0') >= 0) {
                    throw new InvalidCursor();
                }
                var arrivedAt = Instant.parse(content.substring(0, end));
                if (arrivedAt.isBefore(EARLIEST) || arrivedAt.isAfter(LATEST)) {
                    throw new InvalidCursor();
                }
                return new Cursor(arrivedAt, content.substring(end + 1));
            } catch (IllegalArgumentException | DateTimeException e) {
                var invalid = new InvalidCursor();
                invalid.initCause(e);
                throw invalid;
            }
        }
    }

    private static CallRecord read(ResultSet row) throws SQLException {
        return new CallRecord(
                row.getString("call_id"),
                row.getString("box_id"),
                row.getString("caller_number"),
                row.getString("caller_name"),
                row.getString("dialled_number"),
                row.getString("queue_id"),
                row.getInt("priority"),
                row.getString("agent_id"),
                row.getString("seat_id"),
                time(row, "arrived_at"),
                time(row, "queued_at"),
                time(row, "answered_at"),
                time(row, "ended_at"),
                row.getLong("wait_ms"),
                row.getLong("talk_ms"),
                row.getInt("offers"),
                row.getString("outcome"),
                row.getString("ended_by"),
                row.getBoolean("while_ringing"),
                row.getInt("q850_cause"),
                row.getString("first_queue_id"),
                row.getString("left_by"),
                row.getString("left_to"),
                row.getString("rule_id"),
                row.getString("wrap_up_code"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
