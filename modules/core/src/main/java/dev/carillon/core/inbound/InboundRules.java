package dev.carillon.core.inbound;

import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.Treatment.HearsBusy;
import dev.carillon.core.inbound.Treatment.ToAgent;
import dev.carillon.core.inbound.Treatment.ToNumber;
import dev.carillon.core.inbound.Treatment.ToQueue;
import dev.carillon.core.inbound.Verdict.By;
import dev.carillon.core.inbound.Verdict.Passed;
import dev.carillon.core.inbound.Verdict.Unmet;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what becomes of a call that arrives:
 *
 * <ol>
 *   <li>The caller's number is looked up on the lists; the entry that says most of the number decides, so a caller is on one list
 *       at most. Who is on the blacklist hears busy, whatever rules say.
 *   <li>Forced rules, in their order: the first that is switched on and holds decides.
 *   <li>The other rules, in their order: likewise.
 *   <li>Where the dialled number by itself leads; if nowhere, the caller hears that there is no such number.
 *   <li>A VIP who enters a queue does so as most important, whatever led them there; one who has an agent of their own goes to that
 *       agent first, unless a forced rule, or one that leads outside, has decided.
 * </ol>
 *
 * @param zone whose clocks and calendars rules mean
 * @param rules in any order
 * @param calendars by id
 * @param callers by number
 */
public record InboundRules(
        ZoneId zone, List<Rule> rules, Map<String, Calendar> calendars, Map<String, CallerEntry> callers) {

    private static final Comparator<Rule> ORDER = Comparator.comparing(Rule::forced, Comparator.reverseOrder())
            .thenComparing(Rule::order)
            .thenComparing(Rule::id);

    public static final InboundRules NONE = new InboundRules(ZoneOffset.UTC, List.of(), Map.of(), Map.of());

    /** Keeps the rules in the order in which they are looked at. */
    public InboundRules {
        rules = rules.stream().sorted(ORDER).toList();
        calendars = Map.copyOf(calendars);
        callers = Map.copyOf(callers);
    }

    /**
     * @param caller empty when withheld
     * @param otherwise where the dialled number by itself leads
     */
    public Verdict decide(String caller, String dialled, Instant at, Treatment otherwise) {
        var entry = entry(caller);
        if (on(entry, CallerList.BLACKLIST)) {
            return new Verdict(new HearsBusy(), By.BLACKLIST, entry, Optional.empty(), List.of());
        }
        var passed = new ArrayList<Passed>();
        for (var rule : rules) {
            var unmet = unmet(rule, caller, dialled, at);
            if (unmet.isEmpty()) {
                var treatment = promoted(complete(rule.target(), otherwise), entry, rule.forced());
                return new Verdict(treatment, By.RULE, entry, Optional.of(rule), passed);
            }
            passed.add(new Passed(rule, unmet.get()));
        }
        return new Verdict(promoted(otherwise, entry, false), By.NUMBER, entry, Optional.empty(), passed);
    }

    /** A number stands on the lists once, so the longest that fits is the one that says most. */
    private Optional<CallerEntry> entry(String caller) {
        var exact = callers.get(caller);
        if (exact != null) {
            return Optional.of(exact);
        }
        for (var length = caller.length() - 1; length > 0; length--) {
            var shorter = callers.get(caller.substring(0, length));
            if (shorter != null && shorter.prefix()) {
                return Optional.of(shorter);
            }
        }
        return Optional.empty();
    }

    private static boolean on(Optional<CallerEntry> entry, CallerList list) {
        return entry.filter(e -> e.list() == list).isPresent();
    }

    /** Who was not taken by the agent, or at the number, of a rule goes to the queue of the dialled number, if the rule names no other. */
    private static Treatment complete(Treatment target, Treatment otherwise) {
        if (target instanceof ToAgent agent) {
            return new ToAgent(agent.agentId(), agent.seconds(), orElse(agent.then(), otherwise));
        }
        if (target instanceof ToNumber number) {
            return new ToNumber(number.number(), number.seconds(), orElse(number.then(), otherwise));
        }
        return target;
    }

    private static ToQueue orElse(ToQueue then, Treatment otherwise) {
        return then.queueId().isEmpty() && otherwise instanceof ToQueue queue
                ? new ToQueue(queue.queueId(), then.priority(), then.greeting())
                : then;
    }

    private static Treatment promoted(Treatment treatment, Optional<CallerEntry> entry, boolean forced) {
        if (!on(entry, CallerList.VIP)) {
            return treatment;
        }
        if (treatment instanceof ToAgent agent) {
            return new ToAgent(agent.agentId(), agent.seconds(), promoted(agent.then()));
        }
        if (treatment instanceof ToNumber number) {
            return new ToNumber(number.number(), number.seconds(), promoted(number.then()));
        }
        if (treatment instanceof ToQueue queue) {
            var vip = entry.orElseThrow();
            return vip.agentId().isEmpty() || forced
                    ? promoted(queue)
                    : new ToAgent(vip.agentId(), vip.agentSeconds(), promoted(queue));
        }
        return treatment;
    }

    private static ToQueue promoted(ToQueue queue) {
        return new ToQueue(queue.queueId(), Treatment.MOST_IMPORTANT, queue.greeting());
    }

    /** To whom rules or entries lead. */
    public Set<String> agents() {
        var ofRules = rules.stream()
                .flatMap(rule -> rule.target() instanceof ToAgent to ? Stream.of(to.agentId()) : Stream.empty());
        var ofCallers = callers.values().stream().map(CallerEntry::agentId).filter(agentId -> !agentId.isEmpty());
        return Stream.concat(ofRules, ofCallers).collect(Collectors.toSet());
    }

    /** What of a rule does not hold for a call; empty when all does. */
    private Optional<Unmet> unmet(Rule rule, String caller, String dialled, Instant at) {
        var when = rule.when();
        if (!rule.active()) {
            return Optional.of(Unmet.SWITCHED_OFF);
        }
        if (!when.dialled().includes(dialled)) {
            return Optional.of(Unmet.DIALLED);
        }
        if (!when.caller().includes(caller)) {
            return Optional.of(Unmet.CALLER);
        }
        return unmet(when, at.atZone(zone).toLocalDateTime());
    }

    /** Hours that fit may have begun today or yesterday: one day that fits too is enough. */
    private Optional<Unmet> unmet(Rule.When when, LocalDateTime local) {
        var hours = when.hours();
        var time = local.toLocalTime();
        var began = new ArrayList<LocalDate>();
        if (hours.isEmpty() || hours.stream().anyMatch(h -> h.includes(time))) {
            began.add(local.toLocalDate());
        }
        if (hours.stream().anyMatch(h -> h.includesNextDay(time))) {
            began.add(local.toLocalDate().minusDays(1));
        }
        var unmet = Optional.of(Unmet.HOURS);
        for (var day : began) {
            unmet = unmet(when.days(), day);
            if (unmet.isEmpty()) {
                return unmet;
            }
        }
        return unmet;
    }

    private Optional<Unmet> unmet(Rule.Days days, LocalDate day) {
        if (!days.weekdays().isEmpty() && !days.weekdays().contains(day.getDayOfWeek())) {
            return Optional.of(Unmet.WEEKDAY);
        }
        if (!days.on().isEmpty() && !isIn(days.on(), day)) {
            return Optional.of(Unmet.ON);
        }
        if (!days.notOn().isEmpty() && isIn(days.notOn(), day)) {
            return Optional.of(Unmet.NOT_ON);
        }
        return Optional.empty();
    }

    private boolean isIn(String calendarId, LocalDate day) {
        var calendar = calendars.get(calendarId);
        return calendar != null && calendar.days().contains(day);
    }
}
