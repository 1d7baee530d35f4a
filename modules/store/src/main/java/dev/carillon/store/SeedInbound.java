package dev.carillon.store;

import dev.carillon.core.OwnQueue;
import dev.carillon.core.Target;
import dev.carillon.core.inbound.Calendar;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Rule.Days;
import dev.carillon.core.inbound.Rule.Numbers;
import dev.carillon.core.inbound.Rule.When;
import dev.carillon.core.inbound.Treatment;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads calendars, inbound rules and callers of a seed file. */
final class SeedInbound {

    private static final String ANNOUNCEMENT = "announcement";
    private static final List<String> ACTIONS =
            List.of("to-queue", "to-agent", "to-number", ANNOUNCEMENT, "hears-busy", "turned-away");

    private SeedInbound() {}

    static Calendar calendar(SeedSection s) {
        s.allow("id", "name", "days");
        var id = s.text("id");
        return new Calendar(
                id, s.text("name", id), Set.copyOf(s.each("days", SeedInbound::date, "a day like 2026-12-25")));
    }

    static CallerEntry caller(SeedSection s) {
        s.allow("number", "list", "prefix", "note", "agent", "agent-seconds");
        return new CallerEntry(
                s.text("number"),
                CallerList.valueOf(constant(choice(s, "list", List.of("blacklist", "whitelist", "vip"), ""))),
                s.flag("prefix", false),
                s.text("note", ""),
                s.text("agent", ""),
                s.number("agent-seconds", OwnQueue.SECONDS));
    }

    static Rule rule(SeedSection s) {
        s.allow(
                "id",
                "name",
                "order",
                "active",
                "forced",
                "dialled-numbers",
                "dialled-prefixes",
                "caller-numbers",
                "caller-prefixes",
                "weekdays",
                "hours",
                "on-days-of",
                "not-on-days-of",
                "action",
                "queue",
                "priority",
                "greeting",
                "agent",
                "agent-seconds",
                "number",
                "ring-seconds",
                "sound");
        var id = s.text("id");
        return new Rule(
                id,
                s.text("name", id),
                s.number("order", 100),
                s.flag("active", true),
                s.flag("forced", false),
                new When(
                        numbers(s, "dialled"),
                        numbers(s, "caller"),
                        new Days(
                                Set.copyOf(s.each("weekdays", SeedInbound::weekday, "a weekday like monday")),
                                s.text("on-days-of", ""),
                                s.text("not-on-days-of", "")),
                        s.each(
                                "hours",
                                text -> HoursText.fits(text) ? Optional.of(HoursText.parse(text)) : Optional.empty(),
                                "hours like 09:00-17:30")),
                target(s));
    }

    private static Treatment target(SeedSection s) {
        var action = choice(s, "action", ACTIONS, ACTIONS.get(0));
        if (!action.equals("to-number")) {
            for (var setting : List.of("number", "ring-seconds")) {
                if (s.node(setting).isPresent()) {
                    s.problem(
                            setting,
                            "is only for callers who are put through to a number; leave it out, or write action: to-number");
                }
            }
        }
        if (!action.equals(ANNOUNCEMENT) && s.node("sound").isPresent()) {
            s.problem(
                    "sound",
                    "is only for callers who hear an announcement; leave it out, or write action: announcement");
        }
        if (action.equals("to-agent")) {
            return new Treatment.ToAgent(
                    s.text("agent"), s.number("agent-seconds", OwnQueue.SECONDS), queue(s, s.text("queue", "")));
        }
        for (var setting : List.of("agent", "agent-seconds")) {
            if (s.node(setting).isPresent()) {
                s.problem(setting, "is only for callers who go to one agent; leave it out, or write action: to-agent");
            }
        }
        if (action.equals("to-number")) {
            return new Treatment.ToNumber(
                    s.text("number"), s.number("ring-seconds", Target.ToNumber.SECONDS), queue(s, s.text("queue", "")));
        }
        if (action.equals(ACTIONS.get(0))) {
            return queue(s, s.text("queue"));
        }
        for (var setting : List.of("queue", "priority", "greeting")) {
            if (s.node(setting).isPresent()) {
                s.problem(setting, "is only for callers who enter a queue; leave it out, or write action: to-queue");
            }
        }
        if (action.equals(ANNOUNCEMENT)) {
            return new Treatment.HearsAnnouncement(s.text("sound"));
        }
        return action.equals("hears-busy") ? new Treatment.HearsBusy() : new Treatment.TurnedAway();
    }

    private static Treatment.ToQueue queue(SeedSection s, String queueId) {
        return new Treatment.ToQueue(queueId, s.number("priority", 5), s.text("greeting", ""));
    }

    private static Numbers numbers(SeedSection s, String whose) {
        return new Numbers(
                Set.copyOf(s.each(whose + "-numbers", Optional::of, "a number")),
                Set.copyOf(s.each(whose + "-prefixes", Optional::of, "a number")));
    }

    /** @param otherwise what a setting that was left out means; empty if it must be there */
    private static String choice(SeedSection s, String setting, List<String> allowed, String otherwise) {
        var text = s.text(setting, otherwise);
        if (allowed.contains(text)) {
            return text;
        }
        s.problem(
                setting,
                (text.isEmpty() ? "is missing" : "is '" + text + "'") + "; use " + String.join(" or ", allowed));
        return allowed.get(0);
    }

    private static Optional<DayOfWeek> weekday(String text) {
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> day.name().equals(constant(text)))
                .findAny();
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
