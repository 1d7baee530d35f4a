package dev.carillon.readmodel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.cluster.RecordMark;
import dev.carillon.store.Database;
import dev.carillon.store.MarkedEvents;
import dev.carillon.testkit.EmbeddedDatabase;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FollowerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final int LIMIT = 3;

    private final AtomicLong nanos = new AtomicLong();
    private Database database;
    private Follower follower;

    @BeforeEach
    void start() {
        var server = EmbeddedDatabase.fresh();
        database = Database.open(new Database.Settings(server.url(), server.user(), server.password(), 3))
                .migrate();
        follower = follower(0);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    private Follower follower(long after) {
        return new Follower(after, PATIENCE, LIMIT, nanos::get);
    }

    private List<String> next() {
        return database.inTransaction(follower::next).stream()
                .map(MarkedEvents.Event::persistenceId)
                .toList();
    }

    /** What is found in so many looks; the first two only see how far the journal has come. */
    private List<String> next(int looks) {
        var found = new ArrayList<String>();
        for (var look = 0; look < looks; look++) {
            found.addAll(next());
        }
        return found;
    }

    private void written(String call) {
        database.inTransaction(connection -> {
            write(connection, call, RecordMark.MARK);
            return null;
        });
    }

    private static void write(Connection connection, String call, String mark) throws SQLException {
        try (var insert = connection.prepareStatement(
                """
                INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest, event_ser_id,
                                           event_ser_manifest, event_payload)
                VALUES (?, 1, 'w', 7, ?, 2, 'm', 'payload')
                """)) {
            insert.setString(1, call);
            insert.setString(2, mark);
            insert.executeUpdate();
        }
    }

    private Connection underWay() throws SQLException {
        var connection = database.connection();
        connection.setAutoCommit(false);
        return connection;
    }

    @Test
    void each_marked_event_is_found_once_and_in_order() {
        assertThat(next(2)).isEmpty();
        written("a");
        database.inTransaction(connection -> {
            write(connection, "of no interest", "");
            return null;
        });
        written("b");

        assertThat(next(3)).containsExactly("a", "b");
        assertThat(next(3)).isEmpty();
        written("c");
        assertThat(next(3)).containsExactly("c");
    }

    @Test
    void more_than_a_page_is_found_page_by_page() {
        for (var call = 0; call < 2 * LIMIT + 1; call++) {
            written("call-" + call);
        }
        next(2);

        assertThat(next()).hasSize(LIMIT);
        assertThat(next()).hasSize(LIMIT);
        assertThat(next()).containsExactly("call-6");
    }

    @Test
    void one_that_begins_later_goes_on_where_another_ended() {
        written("a");
        written("b");
        follower = follower(1);

        assertThat(next(3)).containsExactly("b");
    }

    @Test
    void a_write_under_way_with_a_lower_number_is_waited_for() throws SQLException {
        try (var slow = underWay()) {
            write(slow, "slow", RecordMark.MARK);
            written("quick");

            assertThat(next(5)).as("quick has the higher number").isEmpty();

            slow.commit();
        }
        assertThat(next(3)).containsExactly("slow", "quick");
    }

    @Test
    void a_write_that_failed_holds_up_nobody() throws SQLException {
        try (var failing = underWay()) {
            write(failing, "failing", RecordMark.MARK);
            written("a");
            failing.rollback();
        }

        assertThat(next(3)).containsExactly("a");
    }

    @Test
    void a_transaction_that_never_ends_is_waited_for_as_long_as_there_is_patience() throws SQLException {
        try (var other = underWay()) {
            write(other, "endless", RecordMark.MARK);
            written("a");
            assertThat(next(3)).isEmpty();

            nanos.addAndGet(PATIENCE.toNanos());

            assertThat(next(3)).containsExactly("a");
            other.rollback();
        }
    }

    @Test
    void a_journal_that_is_shorter_than_before_is_not_followed() {
        written("a");
        written("b");
        assertThat(next(3)).containsExactly("a", "b");

        database.inTransaction(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.executeUpdate("DELETE FROM event_journal WHERE persistence_id = 'b'");
            }
        });

        assertThatThrownBy(this::next).hasMessageContaining("an older state");
    }

    @Test
    void an_event_bears_all_that_is_needed_to_read_it() {
        written("Call|a");
        next(2);

        assertThat(database.inTransaction(follower::next)).singleElement().satisfies(event -> {
            assertThat(event.ordering()).isPositive();
            assertThat(event.persistenceId()).isEqualTo("Call|a");
            assertThat(event.sequenceNumber()).isEqualTo(1);
            assertThat(event.serializer()).isEqualTo(2);
            assertThat(event.manifest()).isEqualTo("m");
            assertThat(event.payload()).isEqualTo(ByteBuffer.wrap("payload".getBytes(US_ASCII)));
            assertThat(event.writtenAt()).isEqualTo(7);
        });
    }
}
