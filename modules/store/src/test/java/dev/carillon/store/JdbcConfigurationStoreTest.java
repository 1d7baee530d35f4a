package dev.carillon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.carillon.core.Directory;
import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.Target;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.store.ConfigurationStore.Refused;
import dev.carillon.testkit.EmbeddedDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JdbcConfigurationStoreTest {

    static final BoxSettings BOX =
            new BoxSettings("asterisk", "asterisk", "http://10.0.0.1:8088", "carillon", "geheim");
    static final Seat SEAT = new Seat("1001", "asterisk", "PJSIP/1001");
    static final Routing BY_SKILL = new Routing(
            Strategy.ROUND_ROBIN,
            new Steps(List.of(
                    new Steps.Step(Duration.ZERO, Map.of("english", 8, "refunds", 1)),
                    new Steps.Step(Duration.ofSeconds(30), Map.of()))));
    static final Directory.Queue SALES =
            new Directory.Queue("sales", "Sales", BY_SKILL, new Handling(15, 5), new Waiting("default", "sound:hello"));
    static final Directory.Queue SUPPORT =
            new Directory.Queue("support", "Support", Routing.by(Strategy.LONGEST_IDLE), Handling.PLAIN, Waiting.PLAIN);
    static final Directory.Agent ANNA =
            new Directory.Agent("anna", "Anna Berg", List.of("support", "sales"), Map.of("english", 8, "refunds", 2));
    static final Directory.DialledNumber NUMBER = new Directory.DialledNumber("100", "sales", 5);

    Database database;
    JdbcConfigurationStore store;

    @BeforeEach
    void open() {
        database = DatabaseTest.open(EmbeddedDatabase.fresh()).migrate();
        store = new JdbcConfigurationStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void putAll() {
        store.putBox(BOX);
        store.putSeat(SEAT);
        store.putQueue(SALES);
        store.putQueue(SUPPORT);
        store.putAgent(ANNA);
        store.putNumber(NUMBER);
    }

    private static void assertRefused(Runnable change, String code, String field, String... texts) {
        assertThatThrownBy(change::run).asInstanceOf(type(Refused.class)).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.field()).isEqualTo(field);
            assertThat(refused.getMessage()).contains(texts);
        });
    }

    @Nested
    class WhenWritten {

        @Test
        void everything_is_read_back_as_it_was_written() {
            putAll();

            var configuration = store.load();

            assertThat(configuration.boxes()).containsExactly(BOX);
            assertThat(configuration.seats()).containsExactly(SEAT);
            assertThat(configuration.directory())
                    .isEqualTo(new Directory(
                            Map.of("sales", SALES, "support", SUPPORT),
                            Map.of("anna", ANNA),
                            Map.of("100", NUMBER),
                            Map.of("1001", SEAT)));
        }

        @Test
        void a_second_put_replaces() {
            putAll();
            var changed = new Directory.Agent("anna", "Anna Berg-Li", List.of("sales"));

            store.putAgent(changed);

            assertThat(store.load().directory().agents()).containsEntry("anna", changed);
        }

        @Test
        void other_skills_and_other_steps_are_changes() {
            putAll();
            var before = store.version();

            var learned = new Directory.Agent("anna", "Anna Berg", ANNA.queueIds(), Map.of("english", 9));
            store.putAgent(learned);
            assertThat(store.version()).isEqualTo(before + 1);
            assertThat(store.load().directory().agents()).containsEntry("anna", learned);

            var limited = new Directory.Agent("anna", "Anna Berg", ANNA.queueIds(), Map.of(), Set.of(), Map.of(), 12);
            store.putAgent(limited);
            assertThat(store.version()).isEqualTo(before + 2);
            assertThat(store.load().directory().agents()).containsEntry("anna", limited);

            var plain = new Directory.Queue(
                    "sales",
                    "Sales",
                    Routing.by(Strategy.ROUND_ROBIN),
                    new Handling(15, 5),
                    new Waiting("default", "sound:hello"));
            store.putQueue(plain);
            assertThat(store.version()).isEqualTo(before + 3);
            assertThat(store.load().directory().queues()).containsEntry("sales", plain);
        }

        @Test
        void ranks_and_whose_reserve_an_agent_is_are_read_back_and_are_changes() {
            putAll();
            var before = store.version();
            var ranked = anna(Set.of("support"), Map.of("sales", 2, "support", 1000));

            store.putAgent(ranked);
            assertThat(stored()).isEqualTo(ranked);
            assertThat(store.version()).isEqualTo(before + 1);
            store.putAgent(ranked);
            assertThat(store.version()).as("nothing new").isEqualTo(before + 1);

            var higher = anna(Set.of("support"), Map.of("sales", 1, "support", 1000));
            store.putAgent(higher);
            assertThat(stored()).isEqualTo(higher);
            assertThat(store.version()).isEqualTo(before + 2);

            var reserve = anna(Set.of("sales", "support"), higher.ranks());
            store.putAgent(reserve);
            assertThat(stored()).isEqualTo(reserve);
            assertThat(store.version()).isEqualTo(before + 3);

            store.putAgent(ANNA);
            assertThat(stored()).isEqualTo(ANNA);
        }

        private Directory.Agent anna(Set<String> reserveOf, Map<String, Integer> ranks) {
            return new Directory.Agent("anna", "Anna Berg", ANNA.queueIds(), ANNA.skills(), reserveOf, ranks, 12);
        }

        /** As a node reads it that starts now, and again as it reads it later. */
        private Directory.Agent stored() {
            var another = new JdbcConfigurationStore(database);
            var first = another.load().directory().agents().get("anna");
            assertThat(another.load().directory().agents()).containsEntry("anna", first);
            return first;
        }

        @Test
        void a_new_order_of_an_agents_queues_is_a_change() {
            putAll();
            var before = store.version();

            store.putAgent(new Directory.Agent("anna", "Anna Berg", List.of("sales", "support")));

            assertThat(store.version()).isEqualTo(before + 1);
            assertThat(store.load().directory().queuesOf("anna")).containsExactly("sales", "support");
        }

        @Test
        void a_box_can_be_changed_without_knowing_its_password() {
            store.putBox(BOX);

            store.putBoxKeepingPassword(
                    new BoxSettings("asterisk", "asterisk", "http://10.0.0.2:8088", "carillon", "", "SIM/{number}"));

            assertThat(store.load().boxes())
                    .containsExactly(new BoxSettings(
                            "asterisk", "asterisk", "http://10.0.0.2:8088", "carillon", "geheim", "SIM/{number}"));
        }
    }

    @Nested
    class TheVersion {

        @Test
        void grows_by_one_with_each_change() {
            var start = store.version();
            putAll();
            assertThat(store.version()).isEqualTo(start + 6);

            store.deleteNumber("100");
            assertThat(store.version()).isEqualTo(start + 7);
            assertThat(store.load().version()).isEqualTo(start + 7);
        }

        @Test
        void stays_when_nothing_changes() {
            putAll();
            var before = store.version();

            putAll();
            var deleted = store.deleteAgent("nobody");

            assertThat(deleted).isFalse();
            assertThat(store.version()).isEqualTo(before);
        }

        @Test
        void stays_when_a_change_is_refused() {
            var before = store.version();

            assertRefused(() -> store.putNumber(NUMBER), "UNKNOWN_REFERENCE", "queue", "'sales'", "add it first");

            assertThat(store.version()).isEqualTo(before);
        }
    }

    @Nested
    class Together {

        @Test
        void several_changes_are_one_version() {
            var before = store.version();

            var result = store.together(() -> {
                putAll();
                return "done";
            });

            assertThat(result).isEqualTo("done");
            assertThat(store.version()).isEqualTo(before + 1);
            assertThat(store.load().directory().agents()).containsKey("anna");
        }

        @Test
        void one_refusal_undoes_all() {
            var before = store.version();

            assertRefused(
                    () -> store.together(() -> {
                        putAll();
                        return store.deleteQueue("sales");
                    }),
                    "IN_USE",
                    "",
                    "queue sales");

            assertThat(store.version()).isEqualTo(before);
            assertThat(store.load().directory()).isEqualTo(Directory.EMPTY);
        }

        @Test
        void nothing_of_it_is_seen_before_its_end() {
            var seen = store.together(() -> {
                putAll();
                try {
                    return onAnotherThread(() -> store.load().directory());
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });

            assertThat(seen).isEqualTo(Directory.EMPTY);
        }
    }

    private static <T> T onAnotherThread(Callable<T> work) throws Exception {
        var thread = Executors.newSingleThreadExecutor();
        try {
            return thread.submit(work).get();
        } finally {
            thread.shutdown();
        }
    }

    @Test
    void changes_at_the_same_time_all_take_effect_and_each_has_its_version() throws Exception {
        var before = store.version();
        var threads = Executors.newFixedThreadPool(4);
        try {
            var changes = new ArrayList<Callable<Object>>();
            for (var i = 0; i < 40; i++) {
                var id = "agent-" + i;
                changes.add(() -> store.together(() -> {
                    store.putAgent(new Directory.Agent(id, id, List.of()));
                    store.putAgent(new Directory.Agent("everybody", id, List.of()));
                    return null;
                }));
            }
            for (var change : threads.invokeAll(changes)) {
                change.get();
            }
        } finally {
            threads.shutdown();
        }

        assertThat(store.version()).isEqualTo(before + 40);
        assertThat(store.load().directory().agents()).hasSize(41);
    }

    @Nested
    class Deleting {

        @Test
        void a_queue_that_a_number_leads_to_is_refused() {
            putAll();
            store.putAgent(new Directory.Agent("anna", "Anna", List.of()));

            assertRefused(
                    () -> store.deleteQueue("sales"), "IN_USE", "", "queue sales", "number 100", "elsewhere first");
        }

        @Test
        void a_queue_that_agents_serve_is_refused() {
            putAll();
            store.putAgent(new Directory.Agent("ben", "Ben", List.of("support")));

            assertRefused(() -> store.deleteQueue("support"), "IN_USE", "", "agents anna, ben");
        }

        @Test
        void a_queue_that_a_limit_or_a_key_of_another_leads_to_is_refused() {
            store.putQueue(waiting("night", Waiting.PLAIN));
            store.putQueue(waiting("day", Waiting.PLAIN));
            var toNight = new Target.OtherQueue("night");
            var limit = new Limit(Limit.Kind.LONGEST_WAIT, 30, toNight);
            var key = new LeaveKey("*", new Target.OtherQueue("day"));
            store.putQueue(
                    waiting("sales", new Waiting("default", "", List.of(limit), Optional.empty(), Optional.empty())));
            store.putQueue(
                    waiting("support", new Waiting("default", "", List.of(), Optional.of(key), Optional.empty())));

            assertRefused(() -> store.deleteQueue("night"), "IN_USE", "", "queue sales");
            assertRefused(() -> store.deleteQueue("day"), "IN_USE", "", "queue support");

            var toNowhere = new LeaveKey("*", new Target.OtherQueue("nowhere"));
            assertRefused(
                    () -> store.putQueue(waiting(
                            "support",
                            new Waiting("default", "", List.of(), Optional.of(toNowhere), Optional.empty()))),
                    "UNKNOWN_REFERENCE",
                    "leave-key",
                    "nowhere");
        }

        @Test
        void an_agent_to_whom_a_limit_or_a_key_leads_is_refused() {
            var toBen = new Target.ToAgent("ben", 30);
            var limits = List.of(new Limit(Limit.Kind.NOBODY_READY, 30, toBen));
            var limited = waiting("sales", new Waiting("default", "", limits, Optional.empty(), Optional.empty()));
            assertRefused(() -> store.putQueue(limited), "UNKNOWN_REFERENCE", "limits", "agent 'ben'");

            store.putAgent(new Directory.Agent("ben", "Ben", List.of()));
            store.putQueue(limited);
            store.putQueue(waiting(
                    "support",
                    new Waiting("default", "", List.of(), Optional.of(new LeaveKey("*", toBen)), Optional.empty())));
            assertRefused(() -> store.deleteAgent("ben"), "IN_USE", "", "agent ben", "queues sales, support");
            assertThat(store.load().directory().queuesOf("ben")).containsExactly("agent/ben");
        }

        @Test
        void a_queue_that_another_lends_to_is_refused_and_so_is_lending_to_nowhere() {
            store.putQueue(lending("hotline", List.of()));
            store.putQueue(lending("support", List.of("hotline")));

            assertRefused(() -> store.deleteQueue("hotline"), "IN_USE", "", "support");
            assertRefused(
                    () -> store.putQueue(lending("support", List.of("nowhere"))),
                    "UNKNOWN_REFERENCE",
                    "service-level.lend-to",
                    "nowhere");
        }

        private Directory.Queue lending(String id, List<String> lendTo) {
            var level = new ServiceLevel(80, Duration.ofSeconds(20), lendTo);
            return new Directory.Queue(id, id, Routing.PLAIN.with(Optional.of(level)), Handling.PLAIN, Waiting.PLAIN);
        }

        private Directory.Queue waiting(String id, Waiting waiting) {
            return new Directory.Queue(id, id, Routing.by(Strategy.LONGEST_IDLE), new Handling(20, 0), waiting);
        }

        @Test
        void a_box_with_seats_is_refused() {
            putAll();

            assertRefused(() -> store.deleteBox("asterisk"), "IN_USE", "", "box asterisk", "seat 1001");
        }

        @Test
        void what_nothing_needs_any_more_goes() {
            putAll();

            assertThat(store.deleteNumber("100")).isTrue();
            assertThat(store.deleteAgent("anna")).isTrue();
            assertThat(store.deleteQueue("sales")).isTrue();
            assertThat(store.deleteQueue("support")).isTrue();
            assertThat(store.deleteSeat("1001")).isTrue();
            assertThat(store.deleteBox("asterisk")).isTrue();

            assertThat(store.load().boxes()).isEmpty();
            assertThat(store.load().seats()).isEmpty();
            assertThat(store.load().directory()).isEqualTo(Directory.EMPTY);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Refusing {

        Stream<Arguments> wrong() {
            return Stream.of(
                    wrong("box_id", "id", s -> s.putBox(box("Box 1", "asterisk", "http://a", "u", ""))),
                    wrong("box_kind", "kind", s -> s.putBox(box("b", "pbx", "http://a", "u", ""))),
                    wrong("no_url", "address", s -> s.putBox(box("b", "asterisk", "10.0.0.1:8088", "u", ""))),
                    wrong("url_with_user", "address", s -> s.putBox(box("b", "asterisk", "http://u:p@a", "u", ""))),
                    wrong("no_user", "user", s -> s.putBox(box("b", "asterisk", "http://a", "", ""))),
                    wrong("line_break", "password", s -> s.putBox(box("b", "asterisk", "http://a", "u", "a\nb"))),
                    wrong("environment", "password", s -> s.putBox(box("b", "asterisk", "http://a", "u", "${PATH}"))),
                    wrong(
                            "trunk",
                            "trunk",
                            s -> s.putBox(new BoxSettings("b", "simulated", "a", "", "", "PJSIP/trunk"))),
                    wrong("seat_id", "id", s -> s.putSeat(new Seat("", "asterisk", "PJSIP/1"))),
                    wrong("endpoint", "endpoint", s -> s.putSeat(new Seat("s", "asterisk", "PJSIP 1"))),
                    wrong("ring_low", "ring-seconds", s -> s.putQueue(queue("q", "Q", 4, 0, "default"))),
                    wrong("ring_high", "ring-seconds", s -> s.putQueue(queue("q", "Q", 121, 0, "default"))),
                    wrong("wrap_low", "wrap-up-seconds", s -> s.putQueue(queue("q", "Q", 5, -1, "default"))),
                    wrong("wrap_high", "wrap-up-seconds", s -> s.putQueue(queue("q", "Q", 5, 3601, "default"))),
                    wrong("no_music", "music-class", s -> s.putQueue(queue("q", "Q", 5, 0, ""))),
                    wrong("no_name", "name", s -> s.putQueue(queue("q", " ", 5, 0, "default"))),
                    wrong("bar", "id", s -> s.putAgent(new Directory.Agent("a|b", "A", List.of()))),
                    wrong("twice", "queues", s -> s.putAgent(new Directory.Agent("a", "A", List.of("q", "q")))),
                    wrong("rank_low", "ranks.q", s -> s.putAgent(agent(Set.of(), Map.of("q", 0)))),
                    wrong("rank_high", "ranks.q", s -> s.putAgent(agent(Set.of(), Map.of("q", 1001)))),
                    wrong("rank_elsewhere", "ranks", s -> s.putAgent(agent(Set.of(), Map.of("other", 1)))),
                    wrong("reserve_elsewhere", "reserve-of", s -> s.putAgent(agent(Set.of("other"), Map.of()))),
                    wrong("blank", "number", s -> s.putNumber(new Directory.DialledNumber("1 0", "q", 5))),
                    wrong("low", "priority", s -> s.putNumber(new Directory.DialledNumber("100", "q", 0))),
                    wrong("high", "priority", s -> s.putNumber(new Directory.DialledNumber("100", "q", 11))));
        }

        @ParameterizedTest(name = "{0}")
        @MethodSource("wrong")
        void names_the_field_that_is_wrong(String name, String field, Consumer<ConfigurationStore> put) {
            assertRefused(() -> put.accept(store), "INVALID", field, field);
            assertThat(store.version()).isZero();
        }

        private static Arguments wrong(String name, String field, Consumer<ConfigurationStore> put) {
            return Arguments.of(name, field, put);
        }

        private static BoxSettings box(String id, String kind, String address, String user, String password) {
            return new BoxSettings(id, kind, address, user, password);
        }

        private static Directory.Queue queue(String id, String name, int ring, int wrapUp, String music) {
            return new Directory.Queue(
                    id, name, Routing.by(Strategy.LONGEST_IDLE), new Handling(ring, wrapUp), new Waiting(music, ""));
        }

        private static Directory.Agent agent(Set<String> reserveOf, Map<String, Integer> ranks) {
            return new Directory.Agent("a", "A", List.of("q"), Map.of(), reserveOf, ranks);
        }

        @Test
        void a_seat_at_an_unknown_box() {
            assertRefused(() -> store.putSeat(SEAT), "UNKNOWN_REFERENCE", "box", "seat 1001", "'asterisk'");
        }

        @Test
        void an_agent_in_an_unknown_queue() {
            assertRefused(() -> store.putAgent(ANNA), "UNKNOWN_REFERENCE", "queues", "agent anna", "'support'");
        }

        @Test
        void two_seats_for_one_phone() {
            putAll();

            assertRefused(
                    () -> store.putSeat(new Seat("other", "asterisk", "PJSIP/1001")),
                    "INVALID",
                    "endpoint",
                    "already seat 1001");
        }

        @Test
        void never_tells_the_password() {
            assertThatThrownBy(() -> store.putBox(box("b", "asterisk", "nowhere", "u", "geheim")))
                    .hasMessageNotContaining("geheim");
        }
    }
}
