package dev.carillon.store;

import dev.carillon.core.OwnQueue;
import dev.carillon.core.Target;
import dev.carillon.core.inbound.Calendar;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.InboundRules;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Rule.Days;
import dev.carillon.core.inbound.Rule.Numbers;
import dev.carillon.core.inbound.Rule.When;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.core.inbound.Treatment.HearsAnnouncement;
import dev.carillon.core.inbound.Treatment.HearsBusy;
import dev.carillon.core.inbound.Treatment.ToAgent;
import dev.carillon.core.inbound.Treatment.ToNumber;
import dev.carillon.core.inbound.Treatment.ToQueue;
import dev.carillon.core.inbound.Treatment.TurnedAway;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tables of inbound rules, calendars and lists of callers. */
final class InboundTables {

    private static final int PRIORITY = 5;
    private static final String TO_QUEUE = "TO_QUEUE";
    private static final String TO_AGENT = "TO_AGENT";
    private static final String TO_NUMBER = "TO_NUMBER";
    private static final String ANNOUNCEMENT = "ANNOUNCEMENT";
    private static final String HEARS_BUSY = "HEARS_BUSY";
    private static final String TURNED_AWAY = "TURNED_AWAY";

    /** What stands in the row of a rule that leads to no agent, and to no queue. */
    private static final ToAgent NO_AGENT = new ToAgent("", OwnQueue.SECONDS, new ToQueue("", PRIORITY, ""));

    /** What stands in the row of a rule that leads to no number. */
    private static final ToNumber NO_NUMBER = new ToNumber("", Target.ToNumber.SECONDS, NO_AGENT.then());

    private InboundTables() {}

    static InboundRules load(Sql sql, ZoneId zone) throws SQLException {
        var calendars = sql.all(
                "SELECT calendar_id, name FROM calendar",
                row -> new Calendar(row.getString(1), row.getString(2), Set.of()));
        Map<String, Set<LocalDate>> days = new HashMap<>();
        sql.all("SELECT calendar_id, day FROM calendar_day", row -> days.computeIfAbsent(
                        row.getString(1), id -> new HashSet<>())
                .add(row.getObject(2, LocalDate.class)));
        var callers = sql.all(
                "SELECT * FROM caller_entry",
                row -> new CallerEntry(
                        row.getString("number"),
                        known(CallerList.values(), "caller " + row.getString("number"), row.getString("list")),
                        row.getBoolean("prefix"),
                        row.getString("note"),
                        orEmpty(row.getString("agent_id")),
                        row.getInt("agent_seconds")));
        return new InboundRules(
                zone,
                sql.all("SELECT * FROM inbound_rule", InboundTables::rule),
                calendars.stream()
                        .map(c -> new Calendar(c.id(), c.name(), days.getOrDefault(c.id(), Set.of())))
                        .collect(Collectors.toMap(Calendar::id, Function.identity())),
                callers.stream().collect(Collectors.toMap(CallerEntry::number, Function.identity())));
    }

    private static Rule rule(ResultSet row) throws SQLException {
        var id = row.getString("rule_id");
        var weekdays = texts(row, "weekdays").stream()
                .map(day -> known(DayOfWeek.values(), "inbound rule " + id, day))
                .collect(Collectors.toSet());
        return new Rule(
                id,
                row.getString("name"),
                row.getInt("place"),
                row.getBoolean("active"),
                row.getBoolean("forced"),
                new When(
                        new Numbers(
                                Set.copyOf(texts(row, "dialled_numbers")), Set.copyOf(texts(row, "dialled_prefixes"))),
                        new Numbers(
                                Set.copyOf(texts(row, "caller_numbers")), Set.copyOf(texts(row, "caller_prefixes"))),
                        new Days(
                                weekdays,
                                orEmpty(row.getString("on_days_of")),
                                orEmpty(row.getString("not_on_days_of"))),
                        texts(row, "hours").stream().map(HoursText::parse).toList()),
                target(row, id));
    }

    private static Treatment target(ResultSet row, String ruleId) throws SQLException {
        var action = row.getString("action");
        return switch (action) {
            case TO_QUEUE -> queue(row);
            case TO_AGENT -> new ToAgent(row.getString("agent_id"), row.getInt("agent_seconds"), queue(row));
            case TO_NUMBER -> new ToNumber(row.getString("number"), row.getInt("ring_seconds"), queue(row));
            case ANNOUNCEMENT -> new HearsAnnouncement(row.getString("sound"));
            case HEARS_BUSY -> new HearsBusy();
            case TURNED_AWAY -> new TurnedAway();
            default -> throw newer("inbound rule " + ruleId, action);
        };
    }

    private static ToQueue queue(ResultSet row) throws SQLException {
        return new ToQueue(orEmpty(row.getString("queue_id")), row.getInt("priority"), row.getString("greeting"));
    }

    private static String action(Treatment target) {
        if (target instanceof ToAgent) {
            return TO_AGENT;
        }
        if (target instanceof ToNumber) {
            return TO_NUMBER;
        }
        if (target instanceof ToQueue) {
            return TO_QUEUE;
        }
        if (target instanceof HearsAnnouncement) {
            return ANNOUNCEMENT;
        }
        return target instanceof HearsBusy ? HEARS_BUSY : TURNED_AWAY;
    }

    /** Returns how many rows were written, as all that follow. */
    static int put(Sql sql, Rule rule) throws SQLException {
        var when = rule.when();
        var agent = rule.target() instanceof ToAgent toAgent ? toAgent : NO_AGENT;
        var number = rule.target() instanceof ToNumber toNumber ? toNumber : NO_NUMBER;
        var then = number.number().isEmpty() ? agent.then() : number.then();
        var queue = rule.target() instanceof ToQueue toQueue ? toQueue : then;
        return sql.update(
                """
                INSERT INTO inbound_rule (rule_id, name, place, active, forced, dialled_numbers, dialled_prefixes, caller_numbers,
                    caller_prefixes, weekdays, hours, on_days_of, not_on_days_of, action, queue_id, priority, greeting, agent_id, agent_seconds,
                    number, ring_seconds, sound)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (rule_id) DO UPDATE
                SET name = excluded.name, place = excluded.place, active = excluded.active, forced = excluded.forced,
                    dialled_numbers = excluded.dialled_numbers, dialled_prefixes = excluded.dialled_prefixes,
                    caller_numbers = excluded.caller_numbers, caller_prefixes = excluded.caller_prefixes,
                    weekdays = excluded.weekdays, hours = excluded.hours, on_days_of = excluded.on_days_of,
                    not_on_days_of = excluded.not_on_days_of, action = excluded.action, queue_id = excluded.queue_id,
                    priority = excluded.priority, greeting = excluded.greeting, agent_id = excluded.agent_id,
                    agent_seconds = excluded.agent_seconds, number = excluded.number, ring_seconds = excluded.ring_seconds,
                    sound = excluded.sound
                WHERE (inbound_rule.*) IS DISTINCT FROM (excluded.*)
                """,
                rule.id(),
                rule.name(),
                rule.order(),
                rule.active(),
                rule.forced(),
                sorted(when.dialled().exact()),
                sorted(when.dialled().prefixes()),
                sorted(when.caller().exact()),
                sorted(when.caller().prefixes()),
                when.days().weekdays().stream().sorted().map(Enum::name).toArray(String[]::new),
                when.hours().stream().map(HoursText::of).toArray(String[]::new),
                orNull(when.days().on()),
                orNull(when.days().notOn()),
                action(rule.target()),
                orNull(queue.queueId()),
                queue.priority(),
                queue.greeting(),
                orNull(agent.agentId()),
                agent.seconds(),
                orNull(number.number()),
                number.seconds(),
                rule.target() instanceof HearsAnnouncement announcement ? announcement.sound() : null);
    }

    static int put(Sql sql, Calendar calendar) throws SQLException {
        var written = sql.update(
                """
                INSERT INTO calendar (calendar_id, name) VALUES (?, ?)
                ON CONFLICT (calendar_id) DO UPDATE SET name = excluded.name WHERE calendar.name <> excluded.name
                """,
                calendar.id(),
                calendar.name());
        var before = Set.copyOf(sql.all(
                "SELECT day FROM calendar_day WHERE calendar_id = ?",
                row -> row.getObject(1, LocalDate.class),
                calendar.id()));
        for (var day : before) {
            if (!calendar.days().contains(day)) {
                written += sql.update("DELETE FROM calendar_day WHERE calendar_id = ? AND day = ?", calendar.id(), day);
            }
        }
        for (var day : calendar.days()) {
            if (!before.contains(day)) {
                written += sql.update("INSERT INTO calendar_day (calendar_id, day) VALUES (?, ?)", calendar.id(), day);
            }
        }
        return written;
    }

    static int put(Sql sql, CallerEntry caller) throws SQLException {
        return sql.update(
                """
                INSERT INTO caller_entry (number, list, prefix, note, agent_id, agent_seconds) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (number) DO UPDATE
                SET list = excluded.list, prefix = excluded.prefix, note = excluded.note, agent_id = excluded.agent_id,
                    agent_seconds = excluded.agent_seconds
                WHERE (caller_entry.*) IS DISTINCT FROM (excluded.*)
                """,
                caller.number(),
                caller.list().name(),
                caller.prefix(),
                caller.note(),
                orNull(caller.agentId()),
                caller.agentSeconds());
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    private static String[] sorted(Collection<String> texts) {
        return texts.stream().sorted().toArray(String[]::new);
    }

    private static <E extends Enum<E>> E known(E[] values, String what, String name) {
        return Arrays.stream(values)
                .filter(value -> value.name().equals(name))
                .findAny()
                .orElseThrow(() -> newer(what, name));
    }

    private static DatabaseException newer(String what, String name) {
        return new DatabaseException(
                what + " says " + name + ", which this version does not know: it was written by a newer one");
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
