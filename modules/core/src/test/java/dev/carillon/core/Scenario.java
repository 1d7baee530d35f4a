package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One entity, its clock and its journal, for tests that read as given, when, then. */
public final class Scenario<C, E, S> {

    public static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

    private final Decider<C, E, S> decider;
    private final String id;
    private final List<E> journal = new ArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private Instant now = START;
    private Directory directory;
    private S state;
    private boolean comparesWithJournal;
    private Decision<E, S> last;

    public Scenario(Decider<C, E, S> decider, String id, Directory directory) {
        this.decider = decider;
        this.id = id;
        this.directory = directory;
        this.state = decider.empty(id);
    }

    /** Two queues, two agents who serve both, and one dialled number for each queue. */
    public static Directory directory() {
        return directory(30);
    }

    public static Directory directory(int wrapUpSeconds) {
        return new Directory(
                Map.of(
                        "sales",
                        queue("sales", wrapUpSeconds, ""),
                        "support",
                        queue("support", wrapUpSeconds, "sound:hello")),
                Map.of(
                        "ann", new Directory.Agent("ann", "Ann", List.of("sales", "support")),
                        "bob", new Directory.Agent("bob", "Bob", List.of("sales"))),
                Map.of(
                        "100", new Directory.DialledNumber("100", "sales", 5),
                        "200", new Directory.DialledNumber("200", "support", 7)),
                Map.of());
    }

    /** As {@link #directory()}, with seats. */
    public static Directory directoryWith(Seat... seats) {
        var rest = directory();
        return new Directory(
                rest.queues(),
                rest.agents(),
                rest.numbers(),
                Stream.of(seats).collect(Collectors.toMap(Seat::seatId, seat -> seat)));
    }

    private static Directory.Queue queue(String id, int wrapUpSeconds, String greeting) {
        return new Directory.Queue(
                id,
                id,
                Routing.by(Directory.Strategy.LONGEST_IDLE),
                new Handling(20, wrapUpSeconds),
                new Waiting("default", greeting));
    }

    public Scenario<C, E, S> given(C command) {
        return when(command);
    }

    public Scenario<C, E, S> when(C command) {
        last = decider.decide(state, command, context());
        journal.addAll(last.events());
        state = last.state();
        if (comparesWithJournal) {
            compareWithJournal(command);
        }
        return this;
    }

    /** From now on what the journal and a snapshot say is compared after every step with what the entity knows. */
    public Scenario<C, E, S> comparingWithJournal() {
        comparesWithJournal = true;
        return this;
    }

    private void compareWithJournal(C command) {
        var snapshot = decider.compact(state);
        assertThat(decider.compact(after(journal)))
                .as("what the journal says after %s", command)
                .isEqualTo(snapshot);
        assertThat(decider.compact(after(snapshot)))
                .as("what a snapshot says after %s", command)
                .isEqualTo(snapshot);
    }

    private S after(List<E> events) {
        var rebuilt = decider.empty(id);
        for (var event : events) {
            rebuilt = decider.evolve(rebuilt, event);
        }
        return rebuilt;
    }

    public Scenario<C, E, S> configured(Directory changed) {
        directory = changed;
        return this;
    }

    /** Time passes, and every timer that falls due fires, as often as it does. */
    public Scenario<C, E, S> pass(Duration time) {
        var until = now.plus(time);
        var outputs = new ArrayList<Output>();
        var events = new ArrayList<E>();
        for (var timer = earliest(); timer != null && !timer.due().isAfter(until); timer = earliest()) {
            now = timer.due().isAfter(now) ? timer.due() : now;
            when(decider.timerFired(timer.id()));
            outputs.addAll(last.outputs());
            events.addAll(last.events());
        }
        now = until;
        last = new Decision<>(events, state, outputs);
        return this;
    }

    private Timer earliest() {
        return decider.timers(state).stream()
                .min(Comparator.comparing(Timer::due))
                .orElse(null);
    }

    /** The entity dies, and is rebuilt from its journal. */
    /** Dead for a while: no timer fires meanwhile. */
    public Scenario<C, E, S> crash(Duration down) {
        now = now.plus(down);
        return crash();
    }

    public Scenario<C, E, S> crash() {
        state = after(journal);
        last = new Decision<>(List.of(), state, owed());
        return this;
    }

    /** As {@link #crash}, from a snapshot. */
    public Scenario<C, E, S> crashToSnapshot() {
        var snapshot = decider.compact(state);
        journal.clear();
        journal.addAll(snapshot);
        return crash();
    }

    public List<Output> owed() {
        return decider.resume(state, context());
    }

    public List<Output> said() {
        return last.outputs();
    }

    public List<E> events() {
        return last.events();
    }

    public List<Timer> timers() {
        return decider.timers(state);
    }

    public boolean mayRest() {
        return decider.mayRest(state);
    }

    public <V> V view(Class<V> type) {
        return type.cast(decider.view(state).orElseThrow());
    }

    public Reply reply() {
        return last.outputs().stream()
                .filter(Output.Answer.class::isInstance)
                .map(o -> ((Output.Answer) o).reply())
                .findFirst()
                .orElseThrow(() -> new AssertionError("Nobody was answered; said: " + last.outputs()));
    }

    public S state() {
        return state;
    }

    public Instant now() {
        return now;
    }

    private Context context() {
        return new Context(now, directory, () -> "id" + ids.incrementAndGet());
    }
}
