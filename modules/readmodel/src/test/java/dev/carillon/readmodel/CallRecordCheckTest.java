package dev.carillon.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.call.CallEvent;
import dev.carillon.store.CallRecord;
import dev.carillon.store.CallRecordWriter;
import dev.carillon.store.CallRecords;
import dev.carillon.store.Database;
import dev.carillon.store.JdbcCallRecords;
import dev.carillon.testkit.EmbeddedDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallRecordCheckTest {

    private static final Duration SETTLED = Duration.ofMinutes(1);
    private final Instant longAgo = Instant.now().minusSeconds(600);
    private final List<String> woken = new ArrayList<>();

    private Database database;
    private CallRecords records;
    private ProjectionFigures figures;
    private CallRecordCheck check;

    @BeforeEach
    void open() {
        var server = EmbeddedDatabase.fresh();
        database = Database.open(new Database.Settings(server.url(), server.user(), server.password(), 4))
                .migrate();
        records = new JdbcCallRecords(database);
        figures = new ProjectionFigures();
        check = check(SETTLED, 100);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private CallRecordCheck check(Duration settledAfter, int callsAtATime) {
        return new CallRecordCheck(database, settledAfter, callsAtATime, woken::add, figures);
    }

    /** As the journal writes it, at a place of one's choice in its numbering. */
    private void write(long ordering, String callId, int sequenceNumber, byte[] payload, Instant written) {
        write(ordering, "Call|" + callId, sequenceNumber, payload, written, "call.CallEvent");
    }

    private void write(
            long ordering, String persistenceId, int sequenceNumber, byte[] payload, Instant written, String type) {
        execute(
                """
                INSERT INTO event_journal (ordering, persistence_id, sequence_number, writer, write_timestamp,
                  event_ser_id, event_ser_manifest, event_payload)
                VALUES (?, ?, ?, 'test', ?, 2, ?, ?)
                """,
                ordering,
                persistenceId,
                sequenceNumber,
                written.toEpochMilli(),
                "dev.carillon.protocol." + type,
                payload);
    }

    private void begins(long ordering, String callId, Instant at) {
        write(ordering, callId, 1, Calls.arrived(callId).toByteArray(), at);
    }

    private void began(long ordering, String callId) {
        begins(ordering, callId, longAgo);
    }

    private void ends(long ordering, String callId, CallEvent event, Instant at) {
        write(ordering, callId, 2, event.toByteArray(), at);
    }

    /** A whole call, which takes two places. */
    private void ended(long ordering, String callId) {
        began(ordering, callId);
        ends(ordering + 1, callId, Calls.ended(callId), longAgo);
    }

    private void execute(String sql, Object... parameters) {
        database.inTransaction(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                for (var i = 0; i < parameters.length; i++) {
                    statement.setObject(i + 1, parameters[i]);
                }
                return statement.executeUpdate();
            }
        });
    }

    private List<String> recordedCalls() {
        return records.list(CallRecords.Filter.ALL, null, CallRecords.MOST_PER_PAGE).records().stream()
                .map(CallRecord::callId)
                .sorted()
                .toList();
    }

    private List<String> setAside() {
        return database.inTransaction(connection -> {
            try (var rows = connection
                    .createStatement()
                    .executeQuery("SELECT persistence_id FROM call_record_set_aside ORDER BY 1")) {
                var found = new ArrayList<String>();
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
                return found;
            }
        });
    }

    private void record(String callId) {
        database.inTransaction(
                connection -> CallRecordWriter.add(connection, CallRecordRows.from(Calls.ended(callId))));
    }

    // --- Calls that ended

    @Test
    void a_missing_record_is_made_and_the_others_stay() {
        ended(1, "a");
        ended(3, "b");
        ended(5, "c");
        record("a");

        check.run();

        assertThat(recordedCalls()).containsExactly("a", "b", "c");
        assertThat(records.find("b")).contains(CallRecordRows.from(Calls.ended("b")));
        assertThat(figures.repaired()).isEqualTo(2);
        assertThat(woken).isEmpty();
    }

    @Test
    void what_an_agent_said_and_the_projection_passed_over_is_found() {
        ended(1, "a");
        record("a");
        says(3, "anna", 7, Calls.said("a", "sold").toByteArray());
        says(4, "ben", 7, new byte[] {1});

        check.run();

        assertThat(records.find("a").orElseThrow().wrapUpCode()).isEqualTo("sold");
        assertThat(setAside()).containsExactly("Agent|ben");
    }

    @Test
    void what_an_older_version_set_aside_of_an_agents_words_is_noted_after_all() {
        ended(1, "a");
        record("a");
        says(3, "anna", 7, Calls.said("a", "sold").toByteArray());
        execute("UPDATE call_record_checked SET ordering = 3");
        database.inTransaction(connection -> {
            CallRecordWriter.setAside(connection, "Agent|anna", 7, "it is no event of a call");
            return null;
        });

        check.begin();

        assertThat(records.find("a").orElseThrow().wrapUpCode()).isEqualTo("sold");
        assertThat(setAside()).isEmpty();
    }

    /** In the wrap-up. */
    private void says(long ordering, String agentId, int sequenceNumber, byte[] payload) {
        write(ordering, "Agent|" + agentId, sequenceNumber, payload, longAgo, "agent.AgentEvent");
        execute("UPDATE event_journal SET adapter_manifest = 'call-record' WHERE ordering = ?", ordering);
    }

    @Test
    void an_end_that_has_not_settled_is_left_to_the_projection_until_it_has() {
        ended(1, "a");
        began(3, "b");
        ends(4, "b", Calls.ended("b"), Instant.now());

        check.run();
        assertThat(recordedCalls()).containsExactly("a");

        check(Duration.ofMinutes(-1), 100).run();
        assertThat(recordedCalls()).containsExactly("a", "b");
        assertThat(woken).isEmpty();
    }

    @Test
    void the_first_run_leaves_all_ends_to_the_projection() {
        ended(1, "a");

        check.begin();
        assertThat(recordedCalls()).isEmpty();

        check.run();
        assertThat(recordedCalls()).containsExactly("a");
    }

    @Test
    void an_end_whose_write_took_longer_than_the_projection_waits_is_found() {
        began(1, "slow");
        ended(5, "a");
        record("a");
        check.run();
        // Numbered before the other, but committed after everybody had passed.
        ends(2, "slow", Calls.ended("slow"), longAgo);

        check.run();

        assertThat(recordedCalls()).containsExactly("a", "slow");
    }

    @Test
    void a_record_that_was_there_is_not_made_again() {
        ended(1, "a");
        check.run();
        execute("DELETE FROM call_record");

        check.run();

        assertThat(recordedCalls()).as("deleted on purpose, for example by age").isEmpty();
    }

    @Test
    void a_long_journal_is_read_to_its_end_in_one_run() {
        execute(
                """
                INSERT INTO event_journal (ordering, persistence_id, sequence_number, writer, write_timestamp,
                  event_ser_id, event_ser_manifest, event_payload)
                SELECT number, 'Agent|anna', number, 'test', 0, 2, '', '' FROM generate_series(1, 110000) number
                """);
        ended(200_000, "a");

        check.run();

        assertThat(recordedCalls()).containsExactly("a");
    }

    // --- Calls of which no record can be made

    @Test
    void what_cannot_be_read_is_set_aside_once_and_stops_nobody() {
        write(1, "broken", 1, new byte[] {99, 98, 97}, longAgo);
        ended(2, "b");

        check.run();
        check.run();

        assertThat(recordedCalls()).containsExactly("b");
        assertThat(setAside()).containsExactly("Call|broken");
        assertThat(figures.setAside()).isEqualTo(1);
    }

    @Test
    void what_had_been_set_aside_gets_its_record_when_it_can_be_made() {
        ended(1, "understood-by-now");
        began(3, "still-not");
        ends(4, "still-not", Calls.event(Calls.answered("still-not").setOutcomeValue(99)), longAgo);
        database.inTransaction(connection -> {
            CallRecordWriter.setAside(connection, "Call|understood-by-now", 2, "the outcome 5 is not known");
            CallRecordWriter.setAside(connection, "Call|still-not", 2, "the outcome 99 is not known");
            return null;
        });

        check.run();
        assertThat(recordedCalls()).isEmpty();
        check.begin();

        assertThat(recordedCalls()).containsExactly("understood-by-now");
        assertThat(setAside()).containsExactly("Call|still-not");
        assertThat(figures.repaired()).isEqualTo(1);
    }

    // --- Calls that did not end

    @Test
    void a_call_that_did_not_end_is_woken_in_every_run_also_the_first_until_it_has_its_record() {
        began(1, "a");

        check.begin();
        assertThat(woken).containsExactly("a");
        check.run();
        assertThat(woken).containsExactly("a", "a");

        record("a");
        check.run();
        assertThat(woken).containsExactly("a", "a");
        assertThat(figures.woken()).isEqualTo(2);
    }

    @Test
    void a_call_that_began_just_now_is_not_woken() {
        began(1, "a");
        begins(2, "b", Instant.now());

        check.run();
        assertThat(woken).containsExactly("a");

        check(Duration.ofMinutes(-1), 100).run();
        assertThat(woken).containsExactly("a", "a", "b");
    }

    @Test
    void nobody_else_than_calls_is_woken() {
        execute("INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, event_ser_id,"
                + " event_ser_manifest, event_payload) VALUES ('Agent|anna', 1, 'test', 0, 2, '', '')");

        check.run();

        assertThat(woken).isEmpty();
    }

    @Test
    void of_many_calls_so_many_are_woken_in_a_run_and_all_in_turn() {
        IntStream.rangeClosed(1, 5).forEach(i -> began(i, "call-" + i));
        check = check(SETTLED, 2);

        check.run();
        assertThat(woken).containsExactly("call-1", "call-2");
        check.run();
        check.run();
        check.run();

        assertThat(woken)
                .containsExactly("call-1", "call-2", "call-3", "call-4", "call-1", "call-5", "call-2", "call-3");
    }
}
