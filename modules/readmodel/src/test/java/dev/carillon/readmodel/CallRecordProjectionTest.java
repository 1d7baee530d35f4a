package dev.carillon.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.store.CallRecord;
import dev.carillon.store.CallRecords;
import dev.carillon.store.Database;
import dev.carillon.store.JdbcCallRecords;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallRecordProjectionTest {

    private EmbeddedDatabase server;
    private Database database;
    private CallRecords records;
    private Journal journal;
    private ProjectionFigures figures;
    private final Queue<String> woken = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start() {
        server = EmbeddedDatabase.fresh();
        database = Database.open(new Database.Settings(server.url(), server.user(), server.password(), 5))
                .migrate();
        records = new JdbcCallRecords(database);
        startNode();
    }

    @AfterEach
    void stop() {
        journal.close();
        database.close();
    }

    private void startNode() {
        startNode("");
    }

    private void startNode(String settings) {
        journal = Journal.start(server, settings);
        figures = CallRecordProjection.start(journal.system(), database, woken::add);
    }

    private void restartNode() {
        journal.close();
        startNode();
    }

    private List<String> recordedCalls() {
        return records.list(CallRecords.Filter.ALL, null, CallRecords.MOST_PER_PAGE).records().stream()
                .map(CallRecord::callId)
                .toList();
    }

    private void execute(String sql) {
        database.inTransaction(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    private List<String> setAside() {
        return database.inTransaction(connection -> {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery(
                            "SELECT persistence_id, sequence_number, reason FROM call_record_set_aside ORDER BY 1, 2")) {
                var found = new ArrayList<String>();
                while (rows.next()) {
                    found.add(rows.getString(1) + " " + rows.getLong(2) + " " + rows.getString(3));
                }
                return found;
            }
        });
    }

    @Test
    void every_ended_call_gets_exactly_one_record_also_over_a_restart_of_the_node() {
        var before = IntStream.range(0, 40).mapToObj(i -> "box-1-" + i).toList();
        before.forEach(id -> journal.write(id, Calls.arrived(id), Calls.queued("sales"), Calls.ended(id)));
        journal.write("box-1-live", Calls.arrived("box-1-live"), Calls.queued("sales"));
        Eventually.passes(() -> assertThat(recordedCalls()).containsExactlyInAnyOrderElementsOf(before));

        restartNode();
        var after = IntStream.range(40, 60).mapToObj(i -> "box-1-" + i).toList();
        after.forEach(id -> journal.write(id, Calls.arrived(id), Calls.ended(id)));

        var all = new ArrayList<>(before);
        all.addAll(after);
        Eventually.passes(() -> assertThat(recordedCalls()).containsExactlyInAnyOrderElementsOf(all));
        assertThat(figures.recorded())
                .as("only what is new is read again: %s", figures)
                .isEqualTo(20);
        assertThat(figures.repeated()).isZero();
        assertThat(records.find("box-1-7")).contains(CallRecordRows.from(Calls.ended("box-1-7")));
    }

    @Test
    void an_end_that_is_in_the_journal_twice_makes_one_record_and_the_first_counts() {
        journal.write("a", Calls.ended("a"), Calls.event(Calls.answered("a").setOffers(7)));
        journal.write("b", Calls.ended("b"));

        Eventually.passes(() -> assertThat(figures.repeated()).isEqualTo(1));
        Eventually.passes(() -> assertThat(recordedCalls()).containsExactlyInAnyOrder("a", "b"));
        assertThat(records.find("a").orElseThrow().offers()).isEqualTo(2);
    }

    @Test
    void what_the_agent_says_of_a_call_comes_to_its_record_and_no_record_waits_for_it() {
        journal.write("a", Calls.ended("a"));
        Eventually.passes(() -> assertThat(recordedCalls()).containsExactly("a"));
        assertThat(records.find("a").orElseThrow().wrapUpCode()).isEmpty();

        journal.writeOfAgent("anna", Calls.said("a", "no-interest"), Calls.said("a", "sold"), Calls.said("b", "later"));
        journal.write("b", Calls.ended("b"));

        Eventually.passes(
                () -> assertThat(records.find("a").orElseThrow().wrapUpCode()).isEqualTo("sold"));
        Eventually.passes(() -> assertThat(records.find("b"))
                .hasValueSatisfying(record -> assertThat(record.wrapUpCode()).isEqualTo("later")));
        assertThat(setAside()).isEmpty();
    }

    @Test
    void the_whole_journal_read_again_changes_no_record() {
        journal.write("a", Calls.ended("a"));
        journal.write("b", Calls.ended("b"));
        Eventually.passes(() -> assertThat(recordedCalls()).containsExactlyInAnyOrder("a", "b"));

        journal.close();
        execute("DELETE FROM akka_projection_offset_store");
        startNode();

        Eventually.passes(() -> assertThat(figures.repeated()).isEqualTo(2));
        assertThat(recordedCalls()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void an_event_of_which_no_record_can_be_made_is_set_aside_and_the_others_go_on() {
        var calls = List.of("call-0", "call-1", "call-2");
        journal.write(calls.get(0), Calls.event(Calls.answered(calls.get(0)).setOutcomeValue(99)));
        journal.write(
                calls.get(1),
                Calls.event(
                        Calls.answered(calls.get(1)).setEndedMs(Long.MAX_VALUE).setAnsweredMs(0)));
        journal.write(calls.get(2), Calls.ended(calls.get(2)));

        Eventually.passes(() -> assertThat(recordedCalls()).containsExactly(calls.get(2)));
        assertThat(setAside())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line)
                                .startsWith("Call|" + calls.get(0) + " 1 ")
                                .contains("99"),
                        line -> assertThat(line)
                                .startsWith("Call|" + calls.get(1) + " 1 ")
                                .contains("out of range"));
        assertThat(figures.setAside()).isEqualTo(2);
        assertThat(figures.failures()).isZero();
    }

    @Test
    void while_the_database_fails_it_is_tried_again_and_nothing_is_missing() {
        execute("ALTER TABLE call_record RENAME TO call_record_away");
        journal.write("a", Calls.ended("a"));
        journal.write("b", Calls.ended("b"));
        Eventually.passes(() -> assertThat(figures.failures()).isGreaterThan(1));

        execute("ALTER TABLE call_record_away RENAME TO call_record");

        Eventually.passes(() -> assertThat(recordedCalls()).containsExactlyInAnyOrder("a", "b"));
        assertThat(setAside()).isEmpty();
    }

    @Test
    void a_gap_in_the_journals_numbering_holds_up_no_record() {
        journal.write("a", Calls.ended("a"));
        // What a write that failed leaves behind.
        execute("SELECT setval('event_journal_ordering_seq', (SELECT max(ordering) + 5 FROM event_journal))");
        journal.write("b", Calls.ended("b"));

        Eventually.passes(() -> assertThat(recordedCalls()).containsExactlyInAnyOrder("a", "b"));
    }

    @Test
    void a_record_that_is_missing_in_the_end_is_made_by_the_check() {
        execute("CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'");
        execute("CREATE TRIGGER lose BEFORE INSERT ON call_record FOR EACH ROW WHEN (new.call_id = 'lost')"
                + " EXECUTE FUNCTION lose()");
        journal.write("lost", Calls.ended("lost"));
        Eventually.passes(() -> assertThat(figures.repeated()).isEqualTo(1));
        journal.write("kept", Calls.ended("kept"));
        Eventually.passes(() -> assertThat(recordedCalls()).containsExactly("kept"));
        journal.close();

        execute("DROP TRIGGER lose ON call_record");
        startNode("carillon.readmodel.call-records.check { first = 50ms, every = 200ms, settled-after = 0s }");

        Eventually.passes(() -> assertThat(recordedCalls()).containsExactlyInAnyOrder("kept", "lost"));
        Eventually.passes(() -> assertThat(figures.repaired()).isEqualTo(1));
        assertThat(woken).isEmpty();
    }

    @Test
    void a_call_that_has_not_ended_is_woken_soon_after_the_start_and_again() {
        journal.write("forgotten", Calls.arrived("forgotten"), Calls.queued("sales"));
        journal.close();

        startNode("carillon.readmodel.call-records.check { first = 50ms, every = 200ms, settled-after = 0s }");

        Eventually.passes(() -> assertThat(woken).hasSizeGreaterThan(2).containsOnly("forgotten"));
    }
}
