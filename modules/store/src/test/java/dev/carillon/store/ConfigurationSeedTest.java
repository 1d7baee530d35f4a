package dev.carillon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.Directory;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.testkit.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationSeedTest {

    private static final String SEED =
            """
            boxes:
              - { id: asterisk, kind: asterisk, address: "http://127.0.0.1:8088", user: carillon, password: "${BOX_PASSWORD}" }
            queues:
              - id: sales
                name: Sales
                ring-seconds: 15
              - id: support
            seats:
              - { id: 1001, box: asterisk, endpoint: PJSIP/1001 }
            agents:
              - { id: anna, name: Anna Berg, queues: [sales, support] }
            numbers:
              - { number: 0100, queue: sales }
            """;

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>(Map.of("BOX_PASSWORD", "geheim"));
    private Database database;
    private JdbcConfigurationStore store;

    @BeforeEach
    void open() {
        database = DatabaseTest.open(EmbeddedDatabase.fresh()).migrate();
        store = new JdbcConfigurationStore(
                database, name -> Optional.ofNullable(environment.get(name)), ZoneOffset.UTC);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private ConfigurationSeed.Report seed(String yaml) {
        return ConfigurationSeed.read(file(yaml)).applyTo(store);
    }

    private Path file(String yaml) {
        try {
            return Files.writeString(folder.resolve("seed.yaml"), yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Directory directory() {
        return store.load().directory();
    }

    @Nested
    class TheFirstTime {

        @Test
        void everything_is_added_as_one_version() {
            var before = store.version();

            var report = seed(SEED);

            assertThat(report.added())
                    .containsExactly(
                            "box asterisk", "queue sales", "queue support", "seat 1001", "agent anna", "number 0100");
            assertThat(store.version()).isEqualTo(before + 1);
        }

        @Test
        void what_is_left_out_has_its_default() {
            seed(SEED);

            assertThat(directory().queues())
                    .containsEntry(
                            "sales",
                            new Directory.Queue(
                                    "sales",
                                    "Sales",
                                    Routing.by(Directory.Strategy.LONGEST_IDLE),
                                    new Handling(15, 0),
                                    Waiting.PLAIN))
                    .containsEntry(
                            "support",
                            new Directory.Queue(
                                    "support",
                                    "support",
                                    Routing.by(Directory.Strategy.LONGEST_IDLE),
                                    Handling.PLAIN,
                                    Waiting.PLAIN));
        }

        @Test
        void a_decision_hook_is_read() {
            seed(
                    """
                    queues:
                      - id: sales
                        decision-hook: { url: "https://crm.example/route", deadline-millis: 800, secret-env: CARILLON_HOOK_CRM }
                    """);

            assertThat(directory().queue("sales").hook())
                    .contains(
                            new DecisionHook("https://crm.example/route", Duration.ofMillis(800), "CARILLON_HOOK_CRM"));
        }

        @Test
        void a_service_level_and_to_whom_its_queue_lends_are_read_in_any_order() {
            seed(
                    """
                    queues:
                      - { id: support, service-level: { percent: 90, seconds: 60, lend-to: [hotline] } }
                      - { id: hotline, service-level: { percent: 80, seconds: 20 } }
                    """);

            var directory = directory();
            assertThat(directory.lendTo("support")).containsExactly("hotline");
            assertThat(directory.lendTo("hotline")).isEmpty();
            assertThat(directory.queue("hotline").routing().serviceLevel())
                    .contains(new ServiceLevel(80, Duration.ofSeconds(20), List.of()));
        }

        @Test
        void skills_and_the_steps_that_ask_for_them_are_read() {
            seed(
                    """
                    queues:
                      - id: sales
                        steps:
                          - { skills: { english: 8 } }
                          - { after-seconds: 30 }
                    agents:
                      - { id: anna, queues: [sales], skills: { english: 9 }, max-calls-per-hour: 12 }
                    """);

            assertThat(directory().queue("sales").routing().steps())
                    .isEqualTo(new Steps(List.of(
                            new Steps.Step(Duration.ZERO, Map.of("english", 8)),
                            new Steps.Step(Duration.ofSeconds(30), Map.of()))));
            assertThat(directory().skillsOf("anna")).containsExactly(Map.entry("english", 9));
            assertThat(directory().maxCallsPerHour("anna")).isEqualTo(12);
        }

        @Test
        void ranks_in_an_ordered_list_and_whose_reserve_an_agent_is_are_read() {
            seed(
                    """
                    queues:
                      - { id: sales, strategy: ordered }
                      - { id: hotline, reserves-after-seconds: 90 }
                    agents:
                      - { id: anna, queues: [sales, hotline], ranks: { sales: 2, hotline: 7 }, reserve-of: [hotline] }
                    """);

            assertThat(directory().queue("sales").routing().strategy()).isEqualTo(Directory.Strategy.ORDERED);
            assertThat(directory().queue("hotline").routing().reservesAfter()).isEqualTo(Duration.ofSeconds(90));
            assertThat(directory().agents())
                    .containsEntry(
                            "anna",
                            new Directory.Agent(
                                    "anna",
                                    "anna",
                                    List.of("sales", "hotline"),
                                    Map.of(),
                                    Set.of("hotline"),
                                    Map.of("sales", 2, "hotline", 7)));
        }

        @Test
        void a_number_with_a_leading_zero_stays_as_it_was_written() {
            seed(SEED);

            assertThat(directory().numbers())
                    .containsOnly(Map.entry("0100", new Directory.DialledNumber("0100", "sales", 5)));
        }

        @Test
        void an_empty_file_adds_nothing() {
            assertThat(seed("# nothing yet\n").added()).isEmpty();
            assertThat(seed("queues:\n").added()).isEmpty();
        }
    }

    @Nested
    class AtALaterStart {

        @Test
        void nothing_is_added_and_no_version_made() {
            seed(SEED);
            var before = store.version();

            var report = seed(SEED);

            assertThat(report).isEqualTo(new ConfigurationSeed.Report(List.of(), List.of(), List.of()));
            assertThat(store.version()).isEqualTo(before);
        }

        @Test
        void what_an_operator_changed_stays_changed() {
            seed(SEED);
            var renamed = new Directory.Agent("anna", "Anna Li", List.of("support"));
            store.putAgent(renamed);

            var report = seed(SEED);

            assertThat(directory().agents()).containsEntry("anna", renamed);
            assertThat(report.differing()).containsExactly("agent anna");
        }

        @Test
        void what_an_operator_deleted_stays_deleted_even_with_a_changed_file() {
            seed(SEED);
            store.deleteAgent("anna");

            var report = seed(SEED + "  - { number: 0200, queue: support }\n");

            assertThat(directory().agents()).isEmpty();
            assertThat(directory().numbers()).containsOnlyKeys("0100", "0200");
            assertThat(report.added()).containsExactly("number 0200");
            assertThat(report.leftOut()).containsExactly("agent anna (deleted since it was seeded)");
        }

        @Test
        void a_new_entry_that_needs_a_deleted_one_is_left_out() {
            seed(SEED);
            store.deleteNumber("0100");
            store.deleteAgent("anna");
            store.deleteQueue("support");

            var report = seed(SEED + "  - { number: 0200, queue: support }\n");

            assertThat(directory().numbers()).isEmpty();
            assertThat(report.leftOut())
                    .anySatisfy(line -> assertThat(line).contains("number 0200").contains("'support'"));
        }

        @Test
        void what_an_operator_had_added_before_the_file_did_is_theirs() {
            var theirs = new Directory.Queue(
                    "sales",
                    "Verkauf",
                    Routing.by(Directory.Strategy.LONGEST_IDLE),
                    new Handling(30, 0),
                    Waiting.PLAIN);
            store.putQueue(theirs);

            var report = seed(SEED);

            assertThat(directory().queues()).containsEntry("sales", theirs);
            assertThat(report.differing()).containsExactly("queue sales");
            assertThat(report.added()).contains("queue support");
        }
    }

    @Nested
    class APasswordFromTheEnvironment {

        private String password() {
            return store.load().boxes().get(0).password();
        }

        @Test
        void follows_the_environment_and_is_not_stored() {
            seed(SEED);
            assertThat(password()).isEqualTo("geheim");

            environment.put("BOX_PASSWORD", "geheimer");

            assertThat(password()).isEqualTo("geheimer");
            assertThat(database.<String>inTransaction(connection -> new Sql(connection)
                            .one("SELECT password FROM box", row -> row.getString(1))
                            .orElseThrow()))
                    .isEqualTo("${BOX_PASSWORD}");
        }

        @Test
        void gives_way_to_one_that_an_operator_sets() {
            seed(SEED);
            store.putBox(new BoxSettings("asterisk", "asterisk", "http://127.0.0.1:8088", "carillon", "anders"));

            seed(SEED);

            assertThat(password()).isEqualTo("anders");
        }

        @Test
        void must_be_there_when_the_box_is_added() {
            environment.clear();

            assertThatThrownBy(() -> seed(SEED))
                    .isInstanceOf(SeedException.class)
                    .hasMessageContaining("line 2")
                    .hasMessageContaining("BOX_PASSWORD")
                    .hasMessageContaining("set it");
            assertThat(store.load().boxes()).isEmpty();
            assertThat(directory()).isEqualTo(Directory.EMPTY);
        }

        @Test
        void when_gone_later_keeps_no_node_from_starting() {
            seed(SEED);
            environment.clear();

            seed(SEED);

            assertThat(password()).isEmpty();
        }
    }

    @Nested
    class AWrongFile {

        private void assertProblems(String yaml, String... problems) {
            assertThatThrownBy(() -> seed(yaml))
                    .isInstanceOf(SeedException.class)
                    .hasMessageContaining("seed.yaml")
                    .hasMessageContainingAll(problems);
            assertThat(store.version()).isZero();
        }

        @Test
        void lists_every_problem_with_its_line_and_remedy() {
            assertProblems(
                    """
                    queues:
                      - id: sales
                        ring-seconds: 3
                      - id: support
                        ring-second: 10
                      - name: nobody
                    agents:
                      - id: anna
                        queues: sales
                    numbers:
                      - { number: 100, queue: sales, priority: eleven }
                    """,
                    "line 3: ring-seconds is 3; must be 5 to 120",
                    "line 5: ring-second is not known here; known are id, name",
                    "line 6: id is missing",
                    "line 9: queues must be a list of texts, for example [sales, support]",
                    "line 11: priority is 'eleven'; must be a whole number");
        }

        @Test
        void a_rank_and_a_reserve_of_queues_that_the_agent_does_not_serve() {
            assertProblems(
                    """
                    queues:
                      - id: sales
                      - id: hotline
                    agents:
                      - id: anna
                        queues: [sales]
                        ranks: { hotline: 1 }
                        reserve-of: [hotline]
                      - id: ben
                        queues: [sales]
                        ranks: { sales: 1001 }
                    """,
                    "line 7: ranks names hotline, which is not among the queues of the agent",
                    "line 8: reserve-of names hotline, which is not among the queues of the agent",
                    "line 11: ranks holds sales: 1001; must be 1 to 1000");
        }

        @Test
        void a_reference_to_nothing() {
            assertProblems(
                    "numbers:\n  - { number: 100, queue: nowhere }\n",
                    "line 2",
                    "number 100: queue names the queue 'nowhere', which does not exist");
        }

        @Test
        void a_queue_that_lends_to_none_there_is() {
            assertProblems(
                    "queues:\n  - { id: sales, service-level: { percent: 80, seconds: 20, lend-to: [nowhere] } }\n",
                    "line 2",
                    "'nowhere', which does not exist");
        }

        @Test
        void a_limit_that_leads_to_its_own_queue() {
            assertProblems(
                    """
                    queues:
                      - id: sales
                        limits:
                          - when: longest-wait
                            queue-id: sales
                    """,
                    "line 5: queue-id is the queue that the caller is to leave");
        }

        @Test
        void the_same_entry_twice() {
            assertProblems(
                    "queues:\n  - id: sales\n  - id: sales\n",
                    "line 3: queue sales is already above; give each only once");
        }

        @Test
        void the_same_setting_twice() {
            assertProblems("queues:\n  - id: sales\n    id: support\n", "line 3: id: is given twice");
        }

        @Test
        void an_unknown_section() {
            assertProblems("queue:\n  - id: sales\n", "line 1: queue is not known here; known are boxes, queues");
        }

        @Test
        void an_unknown_strategy() {
            assertProblems(
                    "queues:\n  - { id: sales, strategy: dice }\n",
                    "line 2: strategy is 'dice'; use longest-idle or round-robin or ordered or random or fewest-calls or least-talk-time or ring-all");
        }

        @Test
        void no_yaml_at_all() {
            assertProblems("queues: [", "line 1: not YAML");
        }

        @Test
        void no_file_at_all() {
            assertThatThrownBy(() -> ConfigurationSeed.read(folder.resolve("nowhere.yaml")))
                    .isInstanceOf(SeedException.class)
                    .hasMessageContaining("nowhere.yaml")
                    .hasMessageContaining("cannot be read");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo.yaml", "asterisk.yaml"})
    void the_shipped_files_are_sound(String name) {
        environment.put("CARILLON_ASTERISK_PASSWORD", "geheim");
        var shipped = Path.of("..", "..", "cluster-config", "seed", name);

        var report = ConfigurationSeed.read(shipped).applyTo(store);

        assertThat(report.leftOut()).isEmpty();
        assertThat(report.differing()).isEmpty();
        assertThat(store.load().boxes()).hasSize(1);
        assertThat(directory().agents()).hasSize(12);
        assertThat(directory().agents().values())
                .allSatisfy(agent -> assertThat(agent.queueIds()).isNotEmpty());
    }
}
