package dev.carillon.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.carillon.core.Directory;
import dev.carillon.core.Target;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.inbound.Calendar;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.InboundRules;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Rule.Days;
import dev.carillon.core.inbound.Rule.Hours;
import dev.carillon.core.inbound.Rule.Numbers;
import dev.carillon.core.inbound.Rule.When;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.store.ConfigurationStore.Refused;
import dev.carillon.testkit.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inbound rules, calendars and lists of callers in the tables and in a seed file. */
class InboundConfigurationTest {

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final Directory.Queue SALES = new Directory.Queue(
            "sales", "Sales", Routing.by(Directory.Strategy.LONGEST_IDLE), Handling.PLAIN, Waiting.PLAIN);
    private static final Calendar HOLIDAYS =
            new Calendar("holidays", "Holidays", Set.of(LocalDate.parse("2026-10-01"), LocalDate.parse("2026-12-25")));
    private static final CallerEntry PEST = new CallerEntry("+4930", CallerList.BLACKLIST, true, "calls all night");
    private static final Rule NIGHT = new Rule(
            "night",
            "At night",
            10,
            true,
            false,
            new When(
                    new Numbers(Set.of("100", "101"), Set.of("2")),
                    new Numbers(Set.of("+861"), Set.of("+49", "+48")),
                    new Days(Set.of(DayOfWeek.FRIDAY, DayOfWeek.SUNDAY), "holidays", ""),
                    List.of(
                            new Hours(LocalTime.of(22, 0), LocalTime.of(6, 30)),
                            new Hours(LocalTime.of(12, 0), LocalTime.of(13, 0)))),
            new Treatment.ToQueue("sales", 7, "sound:night"));
    private static final Rule CLOSED =
            new Rule("closed", "Closed", 20, false, true, When.ALWAYS, new Treatment.TurnedAway());

    private static final String SEED =
            """
            queues:
              - { id: sales }
            calendars:
              - { id: holidays, name: Holidays, days: [2026-10-01, 2026-12-25] }
            inbound-rules:
              - id: night
                name: At night
                order: 10
                dialled-numbers: [100, "101"]
                dialled-prefixes: [2]
                caller-numbers: [+861]
                caller-prefixes: [+49, +48]
                weekdays: [friday, sunday]
                hours: [22:00-06:30, 12:00-13:00]
                on-days-of: holidays
                queue: sales
                priority: 7
                greeting: sound:night
              - { id: closed, name: Closed, order: 20, active: false, forced: true, action: turned-away }
            callers:
              - { number: +4930, list: blacklist, prefix: true, note: calls all night }
            """;

    @TempDir
    Path folder;

    private Database database;
    private JdbcConfigurationStore store;

    @BeforeEach
    void open() {
        database = DatabaseTest.open(EmbeddedDatabase.fresh()).migrate();
        store = new JdbcConfigurationStore(database, Environment.OF_THE_PROCESS, SHANGHAI);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void putAll() {
        store.putQueue(SALES);
        store.putCalendar(HOLIDAYS);
        store.putInboundRule(NIGHT);
        store.putInboundRule(CLOSED);
        store.putCaller(PEST);
    }

    private InboundRules stored() {
        return store.load().directory().inbound();
    }

    @Test
    void everything_is_read_back_as_it_was_written_and_means_the_centres_clocks() {
        putAll();

        assertThat(stored())
                .isEqualTo(new InboundRules(
                        SHANGHAI, List.of(NIGHT, CLOSED), Map.of("holidays", HOLIDAYS), Map.of("+4930", PEST)));
    }

    @Test
    void a_second_put_replaces_and_the_same_again_is_no_change() {
        putAll();
        var before = store.version();
        putAll();
        assertThat(store.version()).isEqualTo(before);

        var calendar = new Calendar("holidays", "Holidays", Set.of(LocalDate.parse("2026-10-01")));
        var rule = new Rule("night", "At night", 11, true, false, When.ALWAYS, new Treatment.HearsBusy());
        var caller = new CallerEntry("+4930", CallerList.VIP, false, "");
        store.putCalendar(calendar);
        store.putInboundRule(rule);
        store.putCaller(caller);

        assertThat(store.version()).isEqualTo(before + 3);
        assertThat(stored())
                .isEqualTo(new InboundRules(
                        SHANGHAI, List.of(rule, CLOSED), Map.of("holidays", calendar), Map.of("+4930", caller)));
    }

    @Test
    void an_agent_to_whom_a_rule_or_a_vip_leads_must_be_there_and_stays_there() {
        store.putQueue(SALES);
        var toAnna = new Treatment.ToAgent("anna", 20, new Treatment.ToQueue("sales", 7, "sound:hello"));
        var toBen = new Treatment.ToAgent("ben", 30, new Treatment.ToQueue("", 5, ""));
        var first = new Rule("first", "First", 1, true, false, When.ALWAYS, toAnna);
        var second = new Rule("second", "Second", 2, true, false, When.ALWAYS, toBen);
        var vip = new CallerEntry("+4930", CallerList.VIP, true, "", "cleo", 12);
        assertRefused(() -> store.putInboundRule(first), "UNKNOWN_REFERENCE", "agent");
        assertRefused(() -> store.putCaller(vip), "UNKNOWN_REFERENCE", "agent");
        for (var agentId : List.of("anna", "ben", "cleo")) {
            store.putAgent(new Directory.Agent(agentId, agentId, List.of()));
        }
        store.putInboundRule(first);
        store.putInboundRule(second);
        store.putCaller(vip);

        assertThat(stored().rules()).containsExactly(first, second);
        assertThat(stored().callers()).containsExactly(Map.entry("+4930", vip));
        for (var agentId : List.of("anna", "ben", "cleo")) {
            assertRefused(() -> store.deleteAgent(agentId), "IN_USE", "");
        }
        assertRefused(() -> store.deleteQueue("sales"), "IN_USE", "");
        assertRefused(
                () -> store.putCaller(new CallerEntry("+4931", CallerList.WHITELIST, true, "", "cleo", 12)),
                "INVALID",
                "agent");
        assertRefused(
                () -> store.putCaller(new CallerEntry("+4931", CallerList.VIP, true, "", "cleo", 0)),
                "INVALID",
                "agent-seconds");
    }

    @Test
    void a_seed_leads_to_agents() throws IOException {
        seed(
                """
                agents:
                  - { id: anna, queues: [sales] }
                queues:
                  - id: sales
                    limits:
                      - { when: nobody-ready, seconds: 5, action: to-agent, agent-id: anna, agent-seconds: 15 }
                inbound-rules:
                  - { id: direct, action: to-agent, agent: anna, agent-seconds: 20, queue: sales }
                callers:
                  - { number: "+4930", list: vip, agent: anna }
                """);

        assertThat(store.load().directory().queue("sales").waiting().waysOut())
                .containsExactly(new Target.ToAgent("anna", 15));
        assertThat(stored().rules().get(0).target())
                .isEqualTo(new Treatment.ToAgent("anna", 20, new Treatment.ToQueue("sales", 5, "")));
        assertThat(stored().callers().get("+4930").agentId()).isEqualTo("anna");
    }

    @Test
    void a_rule_leads_to_a_number_and_stays_what_it_is() {
        store.putQueue(SALES);
        var then = new Treatment.ToQueue("sales", 7, "sound:hello");
        var first = new Rule("a", "A", 1, true, false, When.ALWAYS, new Treatment.ToNumber("+4930123456", 20, then));
        var nowhere = new Treatment.ToQueue("", 5, "");
        var second = new Rule("b", "B", 2, true, false, When.ALWAYS, new Treatment.ToNumber("112", 5, nowhere));
        store.putInboundRule(first);
        store.putInboundRule(second);

        assertThat(stored().rules()).containsExactly(first, second);
        assertRefused(() -> store.deleteQueue("sales"), "IN_USE", "");
        var lost = new Treatment.ToNumber("112", 5, new Treatment.ToQueue("nowhere", 5, ""));
        assertRefused(
                () -> store.putInboundRule(new Rule("c", "C", 3, true, false, When.ALWAYS, lost)),
                "UNKNOWN_REFERENCE",
                "queue");
        var dialsMore = new Treatment.ToNumber("112@elsewhere", 5, nowhere);
        assertRefused(
                () -> store.putInboundRule(new Rule("c", "C", 3, true, false, When.ALWAYS, dialsMore)),
                "INVALID",
                "number");
        var forLong = new Treatment.ToNumber("112", 121, nowhere);
        assertRefused(
                () -> store.putInboundRule(new Rule("c", "C", 3, true, false, When.ALWAYS, forLong)),
                "INVALID",
                "ring-seconds");
    }

    @Test
    void a_rule_has_something_announced_and_stays_what_it_is() throws IOException {
        var rule = new Rule("a", "A", 1, true, false, When.ALWAYS, new Treatment.HearsAnnouncement("sound:a,sound:b"));
        store.putInboundRule(rule);
        assertThat(stored().rules()).containsExactly(rule);
        var busy = new Rule("a", "A", 1, true, false, When.ALWAYS, new Treatment.HearsBusy());
        store.putInboundRule(busy);
        assertThat(stored().rules()).containsExactly(busy);

        var silent = new Treatment.HearsAnnouncement("");
        assertRefused(
                () -> store.putInboundRule(new Rule("b", "B", 1, true, false, When.ALWAYS, silent)),
                "INVALID",
                "sound");
        seed("inbound-rules: [{ id: closed, order: 2, action: announcement, sound: \"sound:closed\" }]");
        assertThat(stored().rules().get(1).target()).isEqualTo(new Treatment.HearsAnnouncement("sound:closed"));
    }

    @Test
    void a_seed_leads_to_numbers_over_the_trunks_of_boxes() throws IOException {
        seed(
                """
                boxes:
                  - { id: west, kind: simulated, trunk: "SIM/{number}@trunk" }
                queues:
                  - id: sales
                    limits:
                      - { when: nobody-ready, seconds: 5, action: to-number, number: "+4930123456", ring-seconds: 15 }
                inbound-rules:
                  - { id: direct, action: to-number, number: "112", queue: sales }
                """);

        var directory = store.load().directory();
        assertThat(directory.queue("sales").waiting().waysOut())
                .containsExactly(new Target.ToNumber("+4930123456", 15));
        assertThat(stored().rules().get(0).target())
                .isEqualTo(new Treatment.ToNumber("112", 30, new Treatment.ToQueue("sales", 5, "")));
        assertThat(directory.outside("west", "112")).contains("SIM/112@trunk");
        assertThat(directory.outside("east", "112")).isEmpty();
    }

    @Test
    void a_rule_is_switched_and_stays_as_it_is_otherwise() {
        putAll();
        var before = store.version();

        assertThat(store.switchInboundRule("closed", true)).isTrue();
        assertThat(store.switchInboundRule("closed", true)).isTrue();

        assertThat(store.version()).isEqualTo(before + 1);
        assertThat(stored().rules())
                .contains(new Rule("closed", "Closed", 20, true, true, When.ALWAYS, new Treatment.TurnedAway()));
        assertThat(store.switchInboundRule("nothing", true)).isFalse();
    }

    @Test
    void what_a_rule_needs_must_be_there_and_stays_there() {
        assertRefused(() -> store.putInboundRule(NIGHT), "UNKNOWN_REFERENCE", "on-days-of");
        store.putCalendar(HOLIDAYS);
        assertRefused(() -> store.putInboundRule(NIGHT), "UNKNOWN_REFERENCE", "queue");
        putAll();

        assertRefused(() -> store.deleteCalendar("holidays"), "IN_USE", "");
        assertRefused(() -> store.deleteQueue("sales"), "IN_USE", "");

        assertThat(store.deleteInboundRule("night")).isTrue();
        assertThat(store.deleteInboundRule("night")).isFalse();
        assertThat(store.deleteCalendar("holidays")).isTrue();
        assertThat(store.deleteQueue("sales")).isTrue();
        assertThat(store.deleteCaller("+4930")).isTrue();
        assertThat(store.deleteCaller("+4930")).isFalse();
        assertThat(stored().rules()).containsExactly(CLOSED);
    }

    @Test
    void what_makes_no_sense_is_refused() {
        var noon = LocalTime.NOON;
        assertRefused(() -> store.putInboundRule(rule(100, hours(noon, noon))), "INVALID", "hours");
        assertRefused(() -> store.putInboundRule(rule(-1, When.ALWAYS)), "INVALID", "order");
        assertRefused(() -> store.putInboundRule(rule(1, dialled("1 2"))), "INVALID", "dialled-numbers");
        assertRefused(() -> store.putCaller(new CallerEntry("", CallerList.VIP, false, "")), "INVALID", "number");
        assertRefused(() -> store.putCalendar(new Calendar("x", " ", Set.of())), "INVALID", "name");
    }

    @Test
    void a_seed_brings_the_same() throws IOException {
        var report = seed(SEED);

        assertThat(report.added())
                .containsExactly(
                        "queue sales",
                        "calendar holidays",
                        "inbound rule night",
                        "inbound rule closed",
                        "caller +4930");
        assertThat(stored())
                .isEqualTo(new InboundRules(
                        SHANGHAI, List.of(NIGHT, CLOSED), Map.of("holidays", HOLIDAYS), Map.of("+4930", PEST)));
        assertThat(seed(SEED).differing()).isEmpty();
    }

    @Test
    void a_seed_says_what_is_wrong_and_where() {
        assertThatThrownBy(
                        () -> seed(
                                """
                        calendars:
                          - { id: holidays, days: [christmas] }
                        inbound-rules:
                          - { id: a, weekdays: [someday], queue: sales }
                          - { id: b, hours: ["9-17"], queue: sales }
                          - { id: c, action: dance }
                          - { id: d, action: hears-busy, queue: sales }
                          - { id: e, active: perhaps, queue: sales }
                          - { id: f, action: to-number }
                          - { id: g, queue: sales, ring-seconds: 20 }
                          - { id: h, action: announcement }
                          - { id: i, queue: sales, sound: "sound:closed" }
                        callers:
                          - { number: 1 }
                        """))
                .isInstanceOf(SeedException.class)
                .hasMessageContainingAll(
                        "line 2: days holds 'christmas'",
                        "line 4: weekdays holds 'someday'",
                        "line 5: hours holds '9-17'",
                        "line 6: action is 'dance'; use to-queue or to-agent or to-number or announcement or hears-busy or turned-away",
                        "line 7: queue is only for callers who enter a queue",
                        "line 8: active is 'perhaps'",
                        "line 9: number is missing",
                        "line 10: ring-seconds is only for callers who are put through to a number",
                        "line 11: sound is missing",
                        "line 12: sound is only for callers who hear an announcement",
                        "line 14: list is missing; use blacklist or whitelist or vip");
    }

    private ConfigurationSeed.Report seed(String yaml) throws IOException {
        return ConfigurationSeed.read(Files.writeString(folder.resolve("seed.yaml"), yaml))
                .applyTo(store);
    }

    private static Rule rule(int order, When when) {
        return new Rule("rule", "Rule", order, true, false, when, new Treatment.HearsBusy());
    }

    private static When hours(LocalTime from, LocalTime to) {
        return new When(Numbers.ALL, Numbers.ALL, Days.ALL, List.of(new Hours(from, to)));
    }

    private static When dialled(String number) {
        return new When(new Numbers(Set.of(number), Set.of()), Numbers.ALL, Days.ALL, List.of());
    }

    private static void assertRefused(Runnable change, String code, String field) {
        assertThatThrownBy(change::run).asInstanceOf(type(Refused.class)).satisfies(refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.field()).isEqualTo(field);
        });
    }
}
