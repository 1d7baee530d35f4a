package dev.carillon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.Directory;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.agent.NotReadyReasons;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.Steps;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Eventually;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseTest {

    static Database open(EmbeddedDatabase server) {
        return Database.open(new Database.Settings(server.url(), server.user(), server.password(), 4));
    }

    private static List<String> tables(Database database) {
        return database.inTransaction(connection -> new Sql(connection)
                .all(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
                        row -> row.getString(1)));
    }

    private static void execute(Database database, String sql) {
        database.inTransaction(connection -> new Sql(connection).update(sql));
    }

    @Nested
    class Migrating {

        @Test
        void an_empty_database_gets_every_table() {
            try (var database = open(EmbeddedDatabase.fresh()).migrate()) {
                assertThat(tables(database))
                        .contains(
                                "event_journal",
                                "event_tag",
                                "snapshot",
                                "akka_projection_offset_store",
                                "akka_projection_management",
                                "box",
                                "seat",
                                "queue",
                                "agent",
                                "agent_queue",
                                "dialled_number",
                                "configuration_version",
                                "call_record");
            }
        }

        @Test
        void a_second_time_changes_nothing() {
            var server = EmbeddedDatabase.fresh();
            try (var database = open(server).migrate()) {
                execute(database, "INSERT INTO agent (agent_id, name) VALUES ('anna', 'Anna')");
            }
            try (var database = open(server).migrate()) {
                assertThat(new JdbcConfigurationStore(database)
                                .load()
                                .directory()
                                .agents())
                        .containsKey("anna");
            }
        }

        @Test
        void the_settings_of_queues_and_agents_are_kept_when_each_becomes_one_document() {
            var server = EmbeddedDatabase.fresh();
            Flyway.configure()
                    .dataSource(server.url(), server.user(), server.password())
                    .placeholderReplacement(false)
                    .target("7")
                    .load()
                    .migrate();
            try (var database = open(server)) {
                execute(
                        database,
                        """
                        INSERT INTO queue VALUES
                          ('plain', 'Plain', 'LONGEST_IDLE', 20, 0, 'default', ''),
                          ('sales', 'Sales', 'ROUND_ROBIN', 15, 5, 'jazz', 'sound:hello');
                        INSERT INTO queue_step VALUES ('sales', 0), ('sales', 20);
                        INSERT INTO queue_step_skill VALUES ('sales', 0, 'english', 8);
                        INSERT INTO agent VALUES ('anna', 'Anna'), ('bob', 'Bob');
                        INSERT INTO agent_skill VALUES ('anna', 'english', 8), ('anna', 'refunds', 2);
                        """);
                database.migrate();

                var steps = new Steps(List.of(
                        new Steps.Step(Duration.ZERO, Map.of("english", 8)),
                        new Steps.Step(Duration.ofSeconds(20), Map.of())));
                var store = new JdbcConfigurationStore(database);
                store.addStandardReasons();
                var directory = store.load().directory();
                assertThat(directory.notReadyReasons())
                        .as("any reason is taken, as before")
                        .isEqualTo(NotReadyReasons.NONE);
                assertThat(directory.agents())
                        .containsEntry(
                                "anna",
                                new Directory.Agent("anna", "Anna", List.of(), Map.of("english", 8, "refunds", 2)))
                        .containsEntry("bob", new Directory.Agent("bob", "Bob", List.of()));
                assertThat(directory.queues())
                        .containsEntry(
                                "plain",
                                new Directory.Queue("plain", "Plain", Routing.PLAIN, Handling.PLAIN, Waiting.PLAIN))
                        .containsEntry(
                                "sales",
                                new Directory.Queue(
                                        "sales",
                                        "Sales",
                                        new Routing(Directory.Strategy.ROUND_ROBIN, steps),
                                        new Handling(15, 5),
                                        new Waiting("jazz", "sound:hello")));
            }
        }

        @Test
        void several_nodes_may_start_at_once() throws Exception {
            var server = EmbeddedDatabase.fresh();
            var nodes = Executors.newFixedThreadPool(3);
            try {
                var starts = Stream.generate(
                                () -> nodes.submit(() -> open(server).migrate()))
                        .limit(3)
                        .toList();
                for (var start : starts) {
                    try (var database = start.get()) {
                        assertThat(tables(database)).contains("call_record");
                    }
                }
            } finally {
                nodes.shutdown();
            }
        }

        @Test
        void tables_of_another_program_are_left_alone_and_the_way_out_is_named() {
            try (var database = open(EmbeddedDatabase.fresh())) {
                execute(database, "CREATE TABLE shop (id INT)");

                assertThatThrownBy(database::migrate)
                        .isInstanceOf(DatabaseException.class)
                        .hasMessageContaining("give Carillon an empty one");
                assertThat(tables(database)).containsExactly("shop");
            }
        }
    }

    /** What another tool may try to write past the program's own checks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            box_id_form                 | INSERT INTO box VALUES ('Not an id', 'asterisk', 'http://a', '', '')
            box_kind_form               | INSERT INTO box VALUES ('b', '', 'http://a', '', '')
            seat_box                    | INSERT INTO seat VALUES ('s', 'nowhere', 'PJSIP/1')
            queue_name_not_blank        | INSERT INTO queue VALUES ('q', ' ', '{}')
            queue_settings_form         | INSERT INTO queue VALUES ('q', 'Q', '[]')
            agent_name_not_blank        | INSERT INTO agent VALUES ('a', ' ')
            agent_queue_queue           | WITH a AS (INSERT INTO agent VALUES ('a', 'A')) INSERT INTO agent_queue VALUES ('a', 'q', 0)
            dialled_number_priority_range | INSERT INTO dialled_number VALUES ('100', 'q', 11)
            dialled_number_priority_range | INSERT INTO dialled_number VALUES ('100', 'q', 0)
            dialled_number_queue        | INSERT INTO dialled_number VALUES ('100', 'q', 5)
            configuration_version_one_row | INSERT INTO configuration_version VALUES (FALSE, 7)
            """)
    void the_tables_themselves_refuse_what_is_wrong(String constraint, String insert) {
        try (var database = open(EmbeddedDatabase.fresh()).migrate()) {
            assertThatThrownBy(() -> execute(database, insert))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining(constraint);
        }
    }

    @Nested
    class Failing {

        @Test
        void a_url_of_another_kind_is_refused_with_the_right_form() {
            assertThatThrownBy(() ->
                            Database.open(new Database.Settings("jdbc:mysql://host/db?password=geheim", "u", "p")))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("must be of the form jdbc:postgresql://host:5432/carillon")
                    .hasMessageNotContaining("geheim");
        }

        @Test
        void a_database_that_does_not_exist_is_said_at_once() {
            var server = EmbeddedDatabase.fresh();
            var settings = new Database.Settings(server.url().replace(server.name(), "nowhere"), "postgres", "geheim");

            assertThatThrownBy(() -> Database.open(settings))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("there is no such database")
                    .hasMessageContaining("CARILLON_DATABASE_URL")
                    .hasMessageNotContaining("geheim");
        }

        @Test
        void an_unknown_user_is_said_at_once() {
            var server = EmbeddedDatabase.fresh();

            assertThatThrownBy(() -> Database.open(new Database.Settings(server.url(), "nobody", "geheim")))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("nobody")
                    .hasMessageNotContaining("geheim");
        }

        @Test
        void a_database_that_goes_away_and_comes_back_is_used_again() {
            var server = EmbeddedDatabase.fresh();
            try (var database = open(server).migrate()) {
                server.shut();
                assertThatThrownBy(database::check).isInstanceOf(DatabaseException.class);

                server.open();
                Eventually.passes(database::check);
            }
        }

        @Test
        void what_fails_leaves_no_trace() {
            try (var database = open(EmbeddedDatabase.fresh()).migrate()) {
                assertThatThrownBy(() -> database.inTransaction(connection -> {
                            new Sql(connection).update("INSERT INTO agent VALUES ('anna', 'Anna')");
                            throw new SQLException("the cable was pulled", "08006");
                        }))
                        .isInstanceOf(DatabaseException.class)
                        .hasMessageContaining("the server does not answer");

                assertThat(new JdbcConfigurationStore(database)
                                .load()
                                .directory()
                                .agents())
                        .isEmpty();
            }
        }
    }

    @Test
    void settings_show_no_password() {
        var settings = new Database.Settings("jdbc:postgresql://db:5432/c?user=u&password=geheim", "u", "geheim2");

        assertThat(settings.toString()).contains("jdbc:postgresql://db:5432/c").doesNotContain("geheim");
    }
}
