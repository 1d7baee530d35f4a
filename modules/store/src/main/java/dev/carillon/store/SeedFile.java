package dev.carillon.store;

import dev.carillon.core.Directory;
import dev.carillon.core.agent.NotReadyReason;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads a seed file. It looks at the YAML's nodes themselves, not at Java objects made of them: so every problem has its line, and a
 * dialled number such as 0100 stays the text that was written instead of becoming the number 64.
 */
final class SeedFile {

    private final List<String> problems = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    /**
     * One box, queue, seat, agent, number, calendar, inbound rule, caller or not-ready reason of the file.
     *
     * @param references ids of the entries it needs, as {@link #name} gives them
     * @param put writes it
     * @param present what the configuration has under this id, in a form to be compared with {@code value}
     */
    record Entry(
            String kind,
            String id,
            int line,
            Object value,
            List<String> references,
            Consumer<JdbcConfigurationStore> put,
            Function<Configuration, Optional<Object>> present) {

        String name() {
            return SeedFile.name(kind, id);
        }
    }

    private SeedFile() {}

    static String name(String kind, String id) {
        return kind + " " + id;
    }

    /** All entries, those that others need before those that need them. */
    static List<Entry> read(Path file) {
        var reading = new SeedFile();
        reading.readDocument(file);
        reading.checkEachOnlyOnce();
        if (!reading.problems.isEmpty()) {
            throw new SeedException(file, reading.problems);
        }
        return List.copyOf(reading.entries);
    }

    private void readDocument(Path file) {
        Node document;
        try (var text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            document = new Yaml(new LoaderOptions()).compose(text);
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            problems.add((mark == null ? "" : "line " + (mark.getLine() + 1) + ": ") + "not YAML: " + e.getProblem());
            return;
        } catch (IOException | YAMLException e) {
            problems.add(
                    "it cannot be read: " + e.getMessage() + " (" + e.getClass().getSimpleName() + ")");
            return;
        }
        if (document == null) {
            return;
        }
        var top = SeedSection.of(document, "the file", problems);
        top.ifPresent(sections -> {
            sections.allow(
                    "boxes",
                    "queues",
                    "seats",
                    "agents",
                    "numbers",
                    "calendars",
                    "inbound-rules",
                    "callers",
                    "not-ready-reasons");
            each(sections, "boxes", this::box);
            each(sections, "queues", this::queue);
            each(sections, "seats", this::seat);
            each(sections, "agents", this::agent);
            each(sections, "numbers", this::number);
            each(sections, "calendars", this::calendar);
            each(sections, "inbound-rules", this::inboundRule);
            each(sections, "callers", this::caller);
            each(sections, "not-ready-reasons", this::notReadyReason);
        });
    }

    private void each(SeedSection sections, String section, Consumer<SeedSection> read) {
        sections.node(section).ifPresent(list -> {
            if (list instanceof SequenceNode items) {
                for (var item : items.getValue()) {
                    SeedSection.of(item, "an entry of " + section, problems).ifPresent(read);
                }
            } else if (!SeedSection.isNothing(list)) {
                problems.add(
                        SeedSection.place(list) + section + ": must be a list, each entry beginning with a hyphen");
            }
        });
    }

    private void box(SeedSection s) {
        s.allow("id", "kind", "address", "user", "password", "trunk");
        var box = new BoxSettings(
                s.text("id"),
                s.text("kind"),
                s.text("address", "none"),
                s.text("user", ""),
                s.text("password", ""),
                s.text("trunk", ""));
        // How a box's password came about is nobody's concern when two boxes are compared.
        Function<BoxSettings, Object> comparable =
                b -> new BoxSettings(b.boxId(), b.kind(), b.address(), b.user(), "", b.trunk());
        add(
                s,
                new Entry(
                        "box",
                        box.boxId(),
                        s.line(),
                        comparable.apply(box),
                        List.of(),
                        store -> store.putBoxOfSeed(box),
                        configuration -> configuration.boxes().stream()
                                .filter(b -> b.boxId().equals(box.boxId()))
                                .map(comparable)
                                .findAny()),
                () -> Rules.check(box));
    }

    private void queue(SeedSection s) {
        var id = s.text("id");
        var queue = QueueForm.read(id, s.text("name", id), s);
        s.allowNoOthers();
        add(
                s,
                new Entry(
                        "queue",
                        id,
                        s.line(),
                        queue,
                        List.of(),
                        // Queues may name each other: where they lead is added when all of them are there.
                        store -> store.putQueue(queue.withoutWaysOut()),
                        configuration -> Optional.ofNullable(
                                configuration.directory().queues().get(id))),
                () -> Rules.check(queue));
    }

    private void seat(SeedSection s) {
        s.allow("id", "box", "endpoint");
        var seat = new Seat(s.text("id"), s.text("box"), s.text("endpoint"));
        add(
                s,
                new Entry(
                        "seat",
                        seat.seatId(),
                        s.line(),
                        seat,
                        List.of(name("box", seat.boxId())),
                        store -> store.putSeat(seat),
                        configuration -> configuration.seats().stream()
                                .filter(other -> other.seatId().equals(seat.seatId()))
                                .map(Object.class::cast)
                                .findAny()),
                () -> Rules.check(seat));
    }

    private void agent(SeedSection s) {
        var id = s.text("id");
        var agent = AgentForm.read(id, s.text("name", id), s.texts("queues"), s);
        s.allowNoOthers();
        add(
                s,
                new Entry(
                        "agent",
                        id,
                        s.line(),
                        agent,
                        agent.queueIds().stream()
                                .map(queue -> name("queue", queue))
                                .toList(),
                        store -> store.putAgent(agent),
                        configuration -> Optional.ofNullable(
                                configuration.directory().agents().get(id))),
                () -> Rules.check(agent));
    }

    private void number(SeedSection s) {
        s.allow("number", "queue", "priority");
        var number = new Directory.DialledNumber(s.text("number"), s.text("queue"), s.number("priority", 5));
        add(
                s,
                new Entry(
                        "number",
                        number.number(),
                        s.line(),
                        number,
                        List.of(name("queue", number.queueId())),
                        store -> store.putNumber(number),
                        configuration -> Optional.ofNullable(
                                configuration.directory().numbers().get(number.number()))),
                () -> Rules.check(number));
    }

    private void calendar(SeedSection s) {
        var calendar = SeedInbound.calendar(s);
        add(
                s,
                new Entry(
                        "calendar",
                        calendar.id(),
                        s.line(),
                        calendar,
                        List.of(),
                        store -> store.putCalendar(calendar),
                        configuration -> Optional.ofNullable(
                                configuration.directory().inbound().calendars().get(calendar.id()))),
                () -> Rules.check(calendar));
    }

    private void inboundRule(SeedSection s) {
        var rule = SeedInbound.rule(s);
        var days = rule.when().days();
        var references = new ArrayList<String>();
        Stream.of(days.on(), days.notOn())
                .filter(calendar -> !calendar.isEmpty())
                .forEach(calendar -> references.add(name("calendar", calendar)));
        if (rule.target() instanceof Treatment.ToQueue target) {
            references.add(name("queue", target.queueId()));
        } else if (rule.target() instanceof Treatment.ToAgent target) {
            references.add(name("agent", target.agentId()));
            mayName(references, target.then());
        } else if (rule.target() instanceof Treatment.ToNumber target) {
            mayName(references, target.then());
        }
        add(
                s,
                new Entry(
                        "inbound rule",
                        rule.id(),
                        s.line(),
                        rule,
                        references,
                        store -> store.putInboundRule(rule),
                        configuration -> configuration.directory().inbound().rules().stream()
                                .filter(other -> other.id().equals(rule.id()))
                                .map(Object.class::cast)
                                .findAny()),
                () -> Rules.check(rule));
    }

    private static void mayName(List<String> references, Treatment.ToQueue then) {
        if (!then.queueId().isEmpty()) {
            references.add(name("queue", then.queueId()));
        }
    }

    private void caller(SeedSection s) {
        var caller = SeedInbound.caller(s);
        add(
                s,
                new Entry(
                        "caller",
                        caller.number(),
                        s.line(),
                        caller,
                        caller.agentId().isEmpty() ? List.of() : List.of(name("agent", caller.agentId())),
                        store -> store.putCaller(caller),
                        configuration -> Optional.ofNullable(
                                configuration.directory().inbound().callers().get(caller.number()))),
                () -> Rules.check(caller));
    }

    private void notReadyReason(SeedSection s) {
        s.allow("code", "name", "paid", "active", "order");
        var code = s.text("code");
        var reason = new NotReadyReason(
                code, s.text("name", code), s.flag("paid", false), s.flag("active", true), s.number("order", 100));
        add(
                s,
                new Entry(
                        NotReadyReasonTable.KIND,
                        code,
                        s.line(),
                        reason,
                        List.of(),
                        store -> store.putNotReadyReason(reason),
                        configuration -> Optional.ofNullable(configuration
                                .directory()
                                .notReadyReasons()
                                .listed()
                                .get(code))),
                () -> Rules.check(reason));
    }

    /** What is missing or malformed has been said already; the rules are asked only about what could be read. */
    private void add(SeedSection section, Entry entry, Runnable rules) {
        if (section.isSound()) {
            try {
                rules.run();
                entries.add(entry);
            } catch (ConfigurationStore.Refused e) {
                problems.add(section.lineOf(e.field()) + e.getMessage());
            }
        }
    }

    private void checkEachOnlyOnce() {
        Set<String> seen = new HashSet<>();
        for (var entry : entries) {
            if (!seen.add(entry.name())) {
                problems.add("line " + entry.line() + ": " + entry.name() + " is already above; give each only once");
            }
        }
    }
}
