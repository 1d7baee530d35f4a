package dev.carillon.chaos;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.store.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the cluster has written, read as one picture.
 *
 * @param calls by id, the events of each in order
 * @param agents in the same way
 * @param queues in the same way
 * @param records all of them: should there be two of a call, both
 * @param setAside of how many events no record could be made
 */
record Journal(
        Map<String, List<CallEvent>> calls,
        Map<String, List<AgentEvent>> agents,
        Map<String, List<QueueEvent>> queues,
        List<Recorded> records,
        long setAside) {

    private static final int FETCHED = 5_000;

    /** A record of a call, as far as it is looked at here. */
    record Recorded(String callId, String callerNumber, String agentId, String outcome, String endedBy) {}

    private interface Parser<E> {
        E parse(byte[] bytes) throws InvalidProtocolBufferException;
    }

    static Journal read(Database.Settings settings) {
        try (var connection = DriverManager.getConnection(settings.url(), settings.user(), settings.password())) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return new Journal(
                    events(connection, "Call", CallEvent::parseFrom),
                    events(connection, "Agent", AgentEvent::parseFrom),
                    events(connection, "Queue", QueueEvent::parseFrom),
                    records(connection),
                    count(connection, "SELECT count(*) FROM call_record_set_aside"));
        } catch (SQLException | InvalidProtocolBufferException e) {
            throw new ChaosFailure("What the cluster has written cannot be read: " + e.getMessage(), e);
        }
    }

    private static <E> Map<String, List<E>> events(Connection connection, String kind, Parser<E> parser)
            throws SQLException, InvalidProtocolBufferException {
        var found = new TreeMap<String, List<E>>();
        try (var statement = connection.prepareStatement(
                """
                SELECT substr(persistence_id, length(?) + 2), event_payload FROM event_journal
                WHERE starts_with(persistence_id, ? || '|') ORDER BY persistence_id, sequence_number
                """)) {
            statement.setFetchSize(FETCHED);
            statement.setString(1, kind);
            statement.setString(2, kind);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.computeIfAbsent(rows.getString(1), id -> new ArrayList<>())
                            .add(parser.parse(rows.getBytes(2)));
                }
            }
        }
        return found;
    }

    private static List<Recorded> records(Connection connection) throws SQLException {
        var found = new ArrayList<Recorded>();
        try (var statement = connection.createStatement()) {
            statement.setFetchSize(FETCHED);
            try (var rows = statement.executeQuery(
                    "SELECT call_id, caller_number, agent_id, outcome, ended_by FROM call_record")) {
                while (rows.next()) {
                    found.add(new Recorded(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getString(5)));
                }
            }
        }
        return found;
    }

    private static long count(Connection connection, String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** How many calls are in the journal that have no record. */
    static long withoutRecord(Database.Settings settings) {
        try (var connection = DriverManager.getConnection(settings.url(), settings.user(), settings.password())) {
            return count(
                    connection,
                    """
                    SELECT count(*) FROM event_journal j
                    WHERE starts_with(persistence_id, 'Call|') AND sequence_number = 1
                      AND NOT EXISTS (SELECT FROM call_record r WHERE 'Call|' || r.call_id = j.persistence_id)
                    """);
        } catch (SQLException e) {
            throw new ChaosFailure("What the cluster has written cannot be read: " + e.getMessage(), e);
        }
    }
}
