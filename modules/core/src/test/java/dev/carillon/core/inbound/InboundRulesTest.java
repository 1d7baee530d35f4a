package dev.carillon.core.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.Rule.Days;
import dev.carillon.core.inbound.Rule.Hours;
import dev.carillon.core.inbound.Rule.Numbers;
import dev.carillon.core.inbound.Rule.When;
import dev.carillon.core.inbound.Treatment.HearsAnnouncement;
import dev.carillon.core.inbound.Treatment.HearsBusy;
import dev.carillon.core.inbound.Treatment.ToAgent;
import dev.carillon.core.inbound.Treatment.ToNumber;
import dev.carillon.core.inbound.Treatment.ToQueue;
import dev.carillon.core.inbound.Treatment.TurnedAway;
import dev.carillon.core.inbound.Treatment.Unallocated;
import dev.carillon.core.inbound.Verdict.By;
import dev.carillon.core.inbound.Verdict.Unmet;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InboundRulesTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Treatment BY_NUMBER = new ToQueue("by-number", 5, "");
    private static final Treatment BY_RULE = new ToQueue("by-rule", 6, "sound:hello");
    /** A Wednesday. */
    private static final String NOON = "2026-11-25T12:00";

    private List<Rule> rules = List.of();
    private List<CallerEntry> callers = List.of();
    private Calendar holidays = new Calendar("holidays", "Holidays", Set.of(LocalDate.parse("2026-12-25")));
    private ZoneId zone = BERLIN;

    @Nested
    class ARule {

        @Test
        void withoutConditionsIsForEveryCallAlsoOfAWithheldNumber() {
            rules = List.of(rule(When.ALWAYS));

            assertThat(decide("+4930", "100", NOON).treatment()).isEqualTo(BY_RULE);
            assertThat(decide("", "", NOON).treatment()).isEqualTo(BY_RULE);
        }

        @ParameterizedTest
        @CsvSource({"100, true", "1000, false", "10, false", "2001, true", "200, true", "20, false", "'', false"})
        void isForDialledNumbersAndPrefixes(String dialled, boolean holds) {
            rules = List.of(rule(
                    new When(new Numbers(Set.of("100", "101"), Set.of("200", "3")), Numbers.ALL, Days.ALL, List.of())));

            assertThat(holds("+4930", dialled, NOON)).isEqualTo(holds);
        }

        @ParameterizedTest
        @CsvSource({"+4930, true", "+49301, false", "+8613, true", "+86, true", "+8, false", "'', false"})
        void isForCallersNumbersAndPrefixes(String caller, boolean holds) {
            rules = List.of(
                    rule(new When(Numbers.ALL, new Numbers(Set.of("+4930"), Set.of("+86")), Days.ALL, List.of())));

            assertThat(holds(caller, "100", NOON)).isEqualTo(holds);
        }

        @ParameterizedTest
        @CsvSource({
            "2026-11-25T08:59:59, false",
            "2026-11-25T09:00, true",
            "2026-11-25T11:59:59, true",
            "2026-11-25T12:00, false",
            "2026-11-25T12:59, false",
            "2026-11-25T13:00, true",
            "2026-11-25T17:59:59, true",
            "2026-11-25T18:00, false"
        })
        void isForHoursOfTheDayAndTheMinuteItEndsIsOut(String at, boolean holds) {
            rules = List.of(rule(hours("09:00-12:00", "13:00-18:00")));

            assertThat(holds("", "100", at)).isEqualTo(holds);
        }

        @ParameterizedTest
        @CsvSource({
            "2026-11-25T21:59, false",
            "2026-11-25T22:00, true",
            "2026-11-25T23:59:59, true",
            "2026-11-26T00:00, true",
            "2026-11-26T05:59, true",
            "2026-11-26T06:00, false",
        })
        void isForHoursThatGoOnPastMidnight(String at, boolean holds) {
            rules = List.of(rule(hours("22:00-06:00")));

            assertThat(holds("", "100", at)).isEqualTo(holds);
        }

        @Test
        void mayLastUntilMidnight() {
            rules = List.of(rule(hours("18:00-00:00")));

            assertThat(holds("", "100", "2026-11-25T23:59:59")).isTrue();
            assertThat(holds("", "100", "2026-11-26T00:00")).isFalse();
        }

        @ParameterizedTest
        @CsvSource({"2026-11-23, MONDAY", "2026-11-28, SATURDAY", "2026-11-29, SUNDAY"})
        void isForWeekdays(String date, DayOfWeek day) {
            rules = List.of(rule(days(new Days(Set.of(day), "", ""))));

            assertThat(holds("", "100", date + "T00:00")).isTrue();
            assertThat(holds("", "100", date + "T23:59:59")).isTrue();
            assertThat(holds("", "100", LocalDate.parse(date).plusDays(1) + "T00:00"))
                    .isFalse();
            assertThat(holds("", "100", LocalDate.parse(date).minusDays(1) + "T23:59:59"))
                    .isFalse();
        }

        @ParameterizedTest
        @CsvSource({
            "2026-11-27T05:00, false",
            "2026-11-27T22:00, true",
            "2026-11-28T05:59, true",
            "2026-11-28T22:00, false",
            "2026-11-29T05:00, false"
        })
        void thatGoesOnPastMidnightBelongsToTheDayOnWhichItBegan(String at, boolean holds) {
            rules = List.of(rule(new When(
                    Numbers.ALL,
                    Numbers.ALL,
                    new Days(Set.of(DayOfWeek.FRIDAY), "", ""),
                    List.of(hour("22:00-06:00")))));

            assertThat(holds("", "100", at)).isEqualTo(holds);
        }

        @Test
        void isForTheDaysOfACalendarOrForAllOthers() {
            rules = List.of(rule(days(new Days(Set.of(), "holidays", ""))));
            assertThat(holds("", "100", "2026-12-25T10:00")).isTrue();
            assertThat(holds("", "100", "2026-12-24T10:00")).isFalse();

            rules = List.of(rule(days(new Days(Set.of(), "", "holidays"))));
            assertThat(holds("", "100", "2026-12-25T10:00")).isFalse();
            assertThat(holds("", "100", "2026-12-24T10:00")).isTrue();
        }

        @Test
        void ofAHolidaysNightGoesOnIntoTheNextMorning() {
            rules = List.of(rule(new When(
                    Numbers.ALL, Numbers.ALL, new Days(Set.of(), "holidays", ""), List.of(hour("20:00-08:00")))));

            assertThat(holds("", "100", "2026-12-25T07:00")).isFalse();
            assertThat(holds("", "100", "2026-12-26T07:00")).isTrue();
        }

        @Test
        void holdsOnlyIfEverythingDoes() {
            rules = List.of(rule(new When(
                    new Numbers(Set.of("100"), Set.of()),
                    new Numbers(Set.of(), Set.of("+49")),
                    new Days(Set.of(DayOfWeek.WEDNESDAY), "", "holidays"),
                    List.of(hour("09:00-18:00")))));

            assertThat(holds("+4930", "100", NOON)).isTrue();
            assertThat(unmet("+4930", "200", NOON)).isEqualTo(Unmet.DIALLED);
            assertThat(unmet("+8613", "100", NOON)).isEqualTo(Unmet.CALLER);
            assertThat(unmet("+4930", "100", "2026-11-26T12:00")).isEqualTo(Unmet.WEEKDAY);
            assertThat(unmet("+4930", "100", "2026-11-25T20:00")).isEqualTo(Unmet.HOURS);
        }
    }

    @Nested
    class Time {

        @Test
        void isThatOfTheCentreAndOfNoOtherClock() {
            rules = List.of(rule(hours("09:00-10:00")));
            var at = Instant.parse("2026-11-25T01:30:00Z");

            zone = ZoneId.of("Asia/Shanghai");
            assertThat(rules().decide("", "100", at, BY_NUMBER).treatment()).isEqualTo(BY_RULE);
            zone = BERLIN;
            assertThat(rules().decide("", "100", at, BY_NUMBER).treatment()).isEqualTo(BY_NUMBER);
        }

        @Test
        void ofTheDayIsTheClockOnTheWallInSummerAndInWinter() {
            rules = List.of(rule(hours("09:00-10:00")));

            assertThat(decideAt("2026-07-01T07:00:00Z").by()).isEqualTo(By.RULE);
            assertThat(decideAt("2026-07-01T08:00:00Z").by()).isEqualTo(By.NUMBER);
            assertThat(decideAt("2026-12-01T07:00:00Z").by()).isEqualTo(By.NUMBER);
            assertThat(decideAt("2026-12-01T08:00:00Z").by()).isEqualTo(By.RULE);
        }

        @Test
        void thatComesTwiceIsMeantTwice() {
            rules = List.of(rule(hours("02:00-03:00")));

            // On 25 October 2026 clocks in Berlin go from 3:00 back to 2:00.
            assertThat(decideAt("2026-10-24T23:59:59Z").by()).isEqualTo(By.NUMBER);
            assertThat(decideAt("2026-10-25T00:00:00Z").by()).isEqualTo(By.RULE);
            assertThat(decideAt("2026-10-25T01:59:59Z").by()).isEqualTo(By.RULE);
            assertThat(decideAt("2026-10-25T02:00:00Z").by()).isEqualTo(By.NUMBER);
        }

        @Test
        void thatIsLeftOutNeverComes() {
            rules = List.of(rule(hours("02:00-03:00")));

            // On 29 March 2026 clocks in Berlin go from 2:00 on to 3:00.
            assertThat(decideAt("2026-03-29T00:59:59Z").by()).isEqualTo(By.NUMBER);
            assertThat(decideAt("2026-03-29T01:00:00Z").by()).isEqualTo(By.NUMBER);
        }

        private Verdict decideAt(String instant) {
            return rules().decide("", "100", Instant.parse(instant), BY_NUMBER);
        }
    }

    @Nested
    class Rules {

        @Test
        void areLookedAtInTheirOrderWhateverOrderTheyWereReadIn() {
            rules = List.of(
                    rule("c", 20, true, false, new TurnedAway()),
                    rule("b", 10, true, false, new HearsBusy()),
                    rule("a", 20, true, false, BY_RULE));
            assertThat(decide("", "100", NOON).treatment()).isEqualTo(new HearsBusy());

            rules = List.of(rules.get(0), rules.get(2));
            assertThat(decide("", "100", NOON).ruleId()).as("of the same order").isEqualTo("a");
        }

        @Test
        void thatAreSwitchedOffAreNotThere() {
            rules = List.of(rule("a", 10, false, false, new HearsBusy()), rule("b", 20, true, false, BY_RULE));

            assertThat(decide("", "100", NOON).ruleId()).isEqualTo("b");
            assertThat(unmet("", "100", NOON)).isEqualTo(Unmet.SWITCHED_OFF);
        }

        @Test
        void thatAreForcedComeFirstWhileTheyAreOn() {
            var normal = rule("a", 10, true, false, BY_RULE);
            rules = List.of(normal, rule("z", 99, true, true, new TurnedAway()));
            assertThat(decide("", "100", NOON).ruleId()).isEqualTo("z");

            rules = List.of(normal, rule("z", 99, false, true, new TurnedAway()));
            assertThat(decide("", "100", NOON).ruleId()).isEqualTo("a");
        }

        @Test
        void thatAreForcedStillMeanOnlyTheirCalls() {
            var when = new When(new Numbers(Set.of("100"), Set.of()), Numbers.ALL, Days.ALL, List.of());
            rules = List.of(new Rule("z", "z", 1, true, true, when, new HearsBusy()));

            assertThat(decide("", "100", NOON).by()).isEqualTo(By.RULE);
            assertThat(decide("", "200", NOON).by()).isEqualTo(By.NUMBER);
        }

        @Test
        void leaveTheRestToTheDialledNumber() {
            assertThat(decide("", "100", NOON).treatment()).isEqualTo(BY_NUMBER);
            assertThat(rules().decide("", "100", Instant.EPOCH, new Unallocated())
                            .treatment())
                    .isEqualTo(new Unallocated());
        }
    }

    @Nested
    class Callers {

        @Test
        void onTheBlacklistHearBusyWhateverRulesSay() {
            callers = List.of(entry("+4930", CallerList.BLACKLIST, false));
            rules = List.of(rule("z", 1, true, true, BY_RULE));

            var verdict = decide("+4930", "100", NOON);

            assertThat(verdict.treatment()).isEqualTo(new HearsBusy());
            assertThat(verdict.by()).isEqualTo(By.BLACKLIST);
            assertThat(decide("+49301", "100", NOON).treatment()).isEqualTo(BY_RULE);
            assertThat(decide("", "100", NOON).treatment()).isEqualTo(BY_RULE);
        }

        @ParameterizedTest
        @CsvSource({"+49, true", "+4930, true", "+493012, false", "+49301234, true", "+49301235, false", "+48, false"})
        void areOnTheListWhoseEntrySaysMostOfTheirNumber(String caller, boolean busy) {
            callers = List.of(
                    entry("+49", CallerList.BLACKLIST, true),
                    entry("+49301", CallerList.WHITELIST, true),
                    entry("+49301234", CallerList.BLACKLIST, false));

            assertThat(decide(caller, "100", NOON).treatment()).isEqualTo(busy ? new HearsBusy() : BY_NUMBER);
        }

        @Test
        void onTheVipListGoToTheFrontWhateverLedThemThere() {
            callers = List.of(entry("+4930", CallerList.VIP, false));
            assertThat(decide("+4930", "100", NOON).treatment()).isEqualTo(new ToQueue("by-number", 10, ""));

            rules = List.of(rule(When.ALWAYS));
            assertThat(decide("+4930", "100", NOON).treatment()).isEqualTo(new ToQueue("by-rule", 10, "sound:hello"));

            rules = List.of(rule("a", 1, true, false, new TurnedAway()));
            assertThat(decide("+4930", "100", NOON).treatment()).isEqualTo(new TurnedAway());
        }
    }

    @Nested
    class VipsWithAnAgentOfTheirOwn {

        @Test
        void goThereFirstUnlessAForcedRuleOrOneForAnAgentDecides() {
            callers = List.of(new CallerEntry("+4930", CallerList.VIP, false, "", "anna", 20));
            var then = new ToQueue("by-number", 10, "");
            assertThat(decide("+4930", "100", NOON).treatment()).isEqualTo(new ToAgent("anna", 20, then));
            assertThat(decide("+4931", "100", NOON).treatment()).isEqualTo(BY_NUMBER);

            rules = List.of(rule(When.ALWAYS));
            var byRule = new ToQueue("by-rule", 10, "sound:hello");
            assertThat(decide("+4930", "100", NOON).treatment()).isEqualTo(new ToAgent("anna", 20, byRule));

            rules = List.of(rule("forced", 1, true, true, BY_RULE));
            assertThat(decide("+4930", "100", NOON).treatment()).isEqualTo(byRule);
            assertThat(decide("+4930", "100", NOON).explanation())
                    .endsWith(
                            "The priority is that of the VIP list.",
                            "Their own agent anna is passed over for the rule.");

            rules = List.of(rule("bens", 1, true, false, new ToAgent("ben", 5, new ToQueue("", 3, ""))));
            assertThat(decide("+4930", "100", NOON).treatment()).isEqualTo(new ToAgent("ben", 5, then));
            assertThat(decide("+4931", "100", NOON).treatment())
                    .isEqualTo(new ToAgent("ben", 5, new ToQueue("by-number", 3, "")));
        }

        @Test
        void goOutsideWhereARuleSaysAndKeepTheirPriorityForAfterThat() {
            callers = List.of(new CallerEntry("+4930", CallerList.VIP, false, "", "anna", 20));
            rules = List.of(rule("out", 1, true, false, new ToNumber("+49301", 15, new ToQueue("", 3, ""))));
            assertThat(decide("+4930", "100", NOON).treatment())
                    .isEqualTo(new ToNumber("+49301", 15, new ToQueue("by-number", 10, "")));
            assertThat(decide("+4931", "100", NOON).treatment())
                    .isEqualTo(new ToNumber("+49301", 15, new ToQueue("by-number", 3, "")));
            assertThat(decide("+4931", "100", NOON).explanation())
                    .endsWith(
                            "Rule out (out) holds, so the caller is put through to the outside number +49301, where it rings for"
                                    + " 15 seconds at most, and then enters queue by-number with priority 3.");
        }

        @Test
        void hearAnAnnouncementWhereARuleSaysAsEverybodyElse() {
            callers = List.of(new CallerEntry("+4930", CallerList.VIP, false, "", "anna", 20));
            rules = List.of(rule("closed", 1, true, false, new HearsAnnouncement("sound:closed")));
            assertThat(decide("+4930", "100", NOON).treatment()).isEqualTo(new HearsAnnouncement("sound:closed"));
            assertThat(decide("+4930", "100", NOON).explanation())
                    .endsWith("Rule closed (closed) holds, so the caller hears sound:closed and is hung up on.");
        }

        @Test
        void readSo() {
            callers = List.of(new CallerEntry("+4930", CallerList.VIP, false, "", "anna", 20));
            assertThat(decide("+4930", "100", NOON).explanation())
                    .containsExactly(
                            "The caller is on the VIP list by the number +4930.",
                            "The dialled number by itself leads to a queue, so the caller waits for agent anna alone,"
                                    + " for 20 seconds at most and not at all while anna is logged out, and then enters"
                                    + " queue by-number with priority 10.",
                            "The priority and the agent are those of the VIP list.");
        }
    }

    @Nested
    class Explanations {

        @Test
        void nameWhatWasLookedAtAndWhy() {
            callers = List.of(new CallerEntry("+49", CallerList.VIP, true, "our best"));
            rules = List.of(
                    rule("night", 10, true, false, new TurnedAway(), hours("22:00-06:00")),
                    rule("flood", 1, false, true, new HearsBusy()),
                    rule("rest", 20, true, false, BY_RULE));

            assertThat(decide("+4930", "100", NOON).explanation())
                    .containsExactly(
                            "The caller is on the VIP list by the prefix +49 (our best).",
                            "The forced rule flood (flood) does not hold: it is switched off.",
                            "Rule night (night) does not hold: it is for other hours.",
                            "Rule rest (rest) holds, so the caller enters queue by-rule with priority 10 and hears"
                                    + " sound:hello.",
                            "The priority is that of the VIP list.");
        }

        @Test
        void sayWhyNothingLeadsAnywhere() {
            assertThat(rules().decide("", "100", Instant.EPOCH, new Unallocated())
                            .explanation())
                    .containsExactly(
                            "No rule holds, and the dialled number leads nowhere, so the caller hears that there is no"
                                    + " such number.");
        }

        @Test
        void sayThatTheBlacklistDecided() {
            callers = List.of(entry("+4930", CallerList.BLACKLIST, false));

            assertThat(decide("+4930", "100", NOON).explanation())
                    .containsExactly(
                            "The caller is on the blacklist by the number +4930.",
                            "So the caller hears busy, before any rule is looked at.");
        }
    }

    private InboundRules rules() {
        return new InboundRules(
                zone,
                rules,
                Map.of(holidays.id(), holidays),
                callers.stream().collect(Collectors.toMap(CallerEntry::number, Function.identity())));
    }

    /** @param at by the clock on the centre's wall */
    private Verdict decide(String caller, String dialled, String at) {
        return rules().decide(
                        caller, dialled, LocalDateTime.parse(at).atZone(zone).toInstant(), BY_NUMBER);
    }

    private boolean holds(String caller, String dialled, String at) {
        return decide(caller, dialled, at).by() == By.RULE;
    }

    /** What of the first rule did not hold. */
    private Unmet unmet(String caller, String dialled, String at) {
        return decide(caller, dialled, at).passed().get(0).unmet();
    }

    private static Rule rule(When when) {
        return rule("rule", 1, true, false, BY_RULE, when);
    }

    private static Rule rule(String id, int order, boolean active, boolean forced, Treatment target) {
        return rule(id, order, active, forced, target, When.ALWAYS);
    }

    private static Rule rule(String id, int order, boolean active, boolean forced, Treatment target, When when) {
        return new Rule(id, id, order, active, forced, when, target);
    }

    private static When days(Days days) {
        return new When(Numbers.ALL, Numbers.ALL, days, List.of());
    }

    private static When hours(String... hours) {
        return new When(
                Numbers.ALL,
                Numbers.ALL,
                Days.ALL,
                Stream.of(hours).map(InboundRulesTest::hour).toList());
    }

    private static Hours hour(String text) {
        var times = Arrays.stream(text.split("-", -1)).map(LocalTime::parse).toList();
        return new Hours(times.get(0), times.get(1));
    }

    private static CallerEntry entry(String number, CallerList list, boolean prefix) {
        return new CallerEntry(number, list, prefix, "");
    }
}
