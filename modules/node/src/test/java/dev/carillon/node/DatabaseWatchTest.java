package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.DatabaseState;
import dev.carillon.store.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Eventually;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("servers")
class DatabaseWatchTest {

    private final EmbeddedDatabase server = EmbeddedDatabase.fresh();
    private final String stranger = "stranger_of_" + server.name();

    @BeforeEach
    void migrate() {
        try (var database = open(server.user())) {
            database.migrate();
        }
    }

    @AfterEach
    void reopen() throws SQLException {
        server.open();
        administer("ALTER DATABASE " + server.name() + " SET default_transaction_read_only = off");
    }

    @Test
    void a_journal_that_can_be_written_is_well_and_has_nothing_in_it() throws SQLException {
        assertThat(asked(server.user())).isEmpty();

        try (var connection = DriverManager.getConnection(server.url(), server.user(), server.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT (SELECT count(*) FROM event_journal), last_value, is_called FROM event_journal_ordering_seq")) {
            row.next();
            assertThat(row.getLong(1)).isZero();
            assertThat(row.getBoolean(3))
                    .as("no place in the journal's order was used up, for which readers would wait")
                    .isFalse();
        }
    }

    @Test
    void a_database_without_superuser_is_well_too() throws SQLException {
        stranger("GRANT SELECT, INSERT ON event_journal TO " + stranger);

        assertThat(asked(stranger)).isEmpty();
    }

    @Test
    void a_user_who_may_only_read_is_said() throws SQLException {
        stranger("GRANT SELECT ON event_journal TO " + stranger);

        assertThat(asked(stranger))
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("grant INSERT"));
    }

    @Test
    void a_database_that_takes_no_writes_is_said() throws SQLException {
        administer("ALTER DATABASE " + server.name() + " SET default_transaction_read_only = on");

        assertThat(asked(server.user()))
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("takes no writes"));
    }

    @Test
    void a_database_that_is_away_is_said_and_well_when_it_is_back() {
        var back = new AtomicInteger();
        try (var watch = DatabaseWatch.begin(settings(server.user()))) {
            watch.onBack(back::incrementAndGet);
            assertThat(watch.state()).isEqualTo(DatabaseState.WELL);

            server.shut();
            Eventually.passes(() -> {
                assertThat(watch.trouble()).isPresent();
                assertThat(watch.state()).isEqualTo(new DatabaseState(false, false));
            });
            server.open();

            Eventually.passes(() -> {
                assertThat(watch.trouble()).isEmpty();
                assertThat(back).hasValue(1);
            });
            assertThat(watch.outages()).isEqualTo(1);
        }
    }

    @Test
    void one_that_takes_no_writes_can_be_read() throws SQLException {
        administer("ALTER DATABASE " + server.name() + " SET default_transaction_read_only = on");

        try (var watch = DatabaseWatch.begin(settings(server.user()))) {
            assertThat(watch.state()).isEqualTo(new DatabaseState(true, false));
        }
    }

    @Test
    void how_long_a_write_takes_is_measured() {
        try (var watch = DatabaseWatch.begin(settings(server.user()))) {
            Eventually.passes(() -> assertThat(watch.writes().count()).isGreaterThan(1));

            assertThat(watch.writes().most()).isPositive();
        }
    }

    private Optional<String> asked(String user) {
        try (var watch = DatabaseWatch.begin(settings(user))) {
            return watch.trouble();
        }
    }

    private Database open(String user) {
        return Database.open(settings(user));
    }

    private Database.Settings settings(String user) {
        return new Database.Settings(server.url(), user, server.password(), 2);
    }

    /** Somebody other than who owns the tables. */
    private void stranger(String grant) throws SQLException {
        administer("CREATE ROLE " + stranger + " LOGIN PASSWORD '" + server.password() + "'");
        administer(grant);
    }

    private void administer(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.url(), server.user(), server.password());
                var statement = connection.createStatement()) {
            connection.setReadOnly(false);
            statement.execute("SET default_transaction_read_only = off");
            statement.execute(sql);
        }
    }
}
