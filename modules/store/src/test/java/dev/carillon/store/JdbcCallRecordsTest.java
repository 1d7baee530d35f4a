package dev.carillon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.store.CallRecords.Filter;
import dev.carillon.testkit.EmbeddedDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcCallRecordsTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private Database database;
    private CallRecords records;

    @BeforeEach
    void open() {
        database = DatabaseTest.open(EmbeddedDatabase.fresh()).migrate();
        records = new JdbcCallRecords(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static CallRecord call(String id, int secondsAfterNoon, String queueId, String agentId, String outcome) {
        var arrived = NOON.plusSeconds(secondsAfterNoon);
        return new CallRecord(
                id,
                "box-1",
                "+49301234567",
                "Ann",
                "100",
                queueId,
                5,
                agentId,
                agentId.isEmpty() ? "" : "1001",
                arrived,
                queueId.isEmpty() ? null : arrived.plusMillis(12),
                agentId.isEmpty() ? null : arrived.plusMillis(4012),
                arrived.plusSeconds(10),
                4000,
                5988,
                2,
                outcome,
                "CALLER",
                false,
                16,
                "hotline",
                "LONGEST_WAIT",
                "queue:" + queueId,
                "night",
                "");
    }

    private static CallRecord call(String id, int secondsAfterNoon) {
        return call(id, secondsAfterNoon, "sales", "anna", "ANSWERED");
    }

    private boolean add(CallRecord record) {
        return database.inTransaction(connection -> CallRecordWriter.add(connection, record));
    }

    private List<String> ids(Filter filter) {
        return records.list(filter, null, 100).records().stream()
                .map(CallRecord::callId)
                .toList();
    }

    @Nested
    class Writing {

        @Test
        void a_record_is_read_back_as_it_was_written() {
            var answered = call("box-1-17.1", 0);
            var rejected = call("box-1-17.2", 1, "", "", "REJECTED");
            add(answered);
            add(rejected);

            assertThat(records.find("box-1-17.1")).contains(answered);
            assertThat(records.find("box-1-17.2")).contains(rejected);
            assertThat(records.find("box-1-17.3")).isEmpty();
        }

        @Test
        void what_its_agent_said_belongs_to_the_record_whichever_came_first() {
            said("late", "anna", "sold", 7);
            add(call("late", 0));
            add(call("early", 1));
            said("early", "anna", "no-interest", 8);
            said("early", "ben", "of another conversation", 9);

            assertThat(codes()).containsExactly("early no-interest", "late sold");
            assertThat(records.find("late").orElseThrow().wrapUpCode()).isEqualTo("sold");
        }

        @Test
        void the_last_code_counts_in_whatever_order_they_are_read() {
            add(call("a", 0));
            said("a", "anna", "second", 8);
            said("a", "anna", "first", 7);
            said("a", "anna", "second", 8);

            assertThat(codes()).containsExactly("a second");
        }

        private void said(String callId, String agentId, String code, long sequenceNumber) {
            database.inTransaction(connection -> {
                CallRecordWriter.wrapUp(connection, callId, agentId, code, sequenceNumber);
                return null;
            });
        }

        private List<String> codes() {
            return records.list(Filter.ALL, null, 10).records().stream()
                    .map(record -> record.callId() + " " + record.wrapUpCode())
                    .toList();
        }

        @Test
        void the_first_record_of_a_call_is_its_only_one() {
            var first = call("a", 0);

            assertThat(add(first)).isTrue();
            assertThat(add(call("a", 99))).isFalse();

            assertThat(records.list(Filter.ALL, null, 10).records()).containsExactly(first);
        }
    }

    @Nested
    class Filtering {

        @BeforeEach
        void givenSomeCalls() {
            add(call("a", 0, "sales", "anna", "ANSWERED"));
            add(call("b", 10, "sales", "", "ABANDONED"));
            add(call("c", 20, "support", "anna", "ANSWERED"));
            add(call("d", 30, "", "", "REJECTED"));
        }

        @Test
        void everything_newest_first() {
            assertThat(ids(Filter.ALL)).containsExactly("d", "c", "b", "a");
        }

        @Test
        void by_time_with_the_beginning_and_without_the_end() {
            assertThat(ids(new Filter(NOON.plusSeconds(10), NOON.plusSeconds(30), null, null, null)))
                    .containsExactly("c", "b");
        }

        @Test
        void by_queue_agent_and_outcome() {
            assertThat(ids(new Filter(null, null, "sales", null, null))).containsExactly("b", "a");
            assertThat(ids(new Filter(null, null, null, "anna", null))).containsExactly("c", "a");
            assertThat(ids(new Filter(null, null, null, null, "ABANDONED"))).containsExactly("b");
            assertThat(ids(new Filter(NOON, null, "sales", "anna", "ANSWERED"))).containsExactly("a");
            assertThat(ids(new Filter(null, null, "nowhere", null, null))).isEmpty();
        }
    }

    @Nested
    class TurningPages {

        private List<String> turn(Filter filter, int limit, Runnable betweenPages) {
            var seen = new ArrayList<String>();
            String cursor = null;
            do {
                var page = records.list(filter, cursor, limit);
                assertThat(page.records()).hasSizeLessThanOrEqualTo(limit);
                page.records().forEach(record -> seen.add(record.callId()));
                cursor = page.cursor();
                betweenPages.run();
            } while (cursor != null);
            return seen;
        }

        @Test
        void gives_every_record_once_and_in_order() {
            for (var i = 0; i < 25; i++) {
                add(call("call-" + (char) ('a' + i), i));
            }

            assertThat(turn(Filter.ALL, 10, () -> {}))
                    .isEqualTo(ids(Filter.ALL))
                    .hasSize(25);
        }

        @Test
        void tells_calls_that_arrived_in_the_same_moment_apart_by_their_id() {
            for (var id : List.of("b-2", "B-1", "b.3", "a", "ä")) {
                add(call(id, 0));
            }

            assertThat(turn(Filter.ALL, 1, () -> {}))
                    .containsExactlyInAnyOrder("b-2", "B-1", "b.3", "a", "ä")
                    .isEqualTo(ids(Filter.ALL));
        }

        @Test
        void neither_repeats_nor_misses_any_while_calls_come_in() {
            for (var i = 0; i < 20; i++) {
                add(call("old-" + (char) ('a' + i), i * 10));
            }
            var before = ids(Filter.ALL);
            var added = new int[1];

            var seen = turn(Filter.ALL, 3, () -> {
                var number = added[0]++;
                add(call("new-" + number, 1000 + number));
                add(call("late-" + number, number * 10 + 5));
            });

            assertThat(seen).doesNotHaveDuplicates().containsSubsequence(before);
        }

        @Test
        void stops_at_the_last_record_without_an_empty_page() {
            add(call("a", 0));
            add(call("b", 1));

            assertThat(records.list(Filter.ALL, null, 2).cursor()).isNull();
            assertThat(records.list(Filter.ALL, null, 1).cursor()).isNotNull();
        }

        @Test
        void keeps_to_the_filter() {
            for (var i = 0; i < 10; i++) {
                add(call("call-" + i, i, i % 2 == 0 ? "sales" : "support", "", "ABANDONED"));
            }

            assertThat(turn(new Filter(null, null, "sales", null, null), 2, () -> {}))
                    .containsExactly("call-8", "call-6", "call-4", "call-2", "call-0");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "nonsense", "!!!", "MjAyNi0xMS0yMQ", "bm90LWEtdGltZSBjYWxsLTE"})
        void refuses_a_cursor_that_it_did_not_give_out(String cursor) {
            assertThatThrownBy(() -> records.list(Filter.ALL, cursor, 10))
                    .isInstanceOf(CallRecords.InvalidCursor.class)
                    .hasMessageContaining("leave it out");
        }

        @ParameterizedTest
        @ValueSource(strings = {"+1000000000-12-31T23:59:59.999999999Z a", "-1000000000-01-01T00:00:00Z a"})
        void refuses_a_cursor_of_a_time_beyond_the_databases(String content) {
            var cursor = Base64.getUrlEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));

            assertThatThrownBy(() -> records.list(Filter.ALL, cursor, 10))
                    .isInstanceOf(CallRecords.InvalidCursor.class);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, -1, 1001})
        void refuses_a_limit_out_of_range(int limit) {
            assertThatThrownBy(() -> records.list(Filter.ALL, null, limit))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must be 1 to 1000");
        }
    }
}
