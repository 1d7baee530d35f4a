package dev.carillon.simulation;

import dev.carillon.core.Decision;
import dev.carillon.core.Output;
import dev.carillon.core.Timer;
import dev.carillon.core.Timing;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.view.View;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A call, an agent or a queue with its journal: what the cluster's shell does around a decider, in virtual time.
 *
 * <ol>
 *   <li>A command wakes it. Its events are written before anything else; what it says is carried out only then.
 *   <li>A write may fail, and then nothing was decided; or succeed unnoticed, and then nothing was said. Both cost it its life.
 *   <li>It comes to life from its journal, or from a snapshot, says what it owes, and says it again every second while it owes anything.
 *   <li>Timers follow from the state. One that has fired and is still wanted comes again.
 *   <li>What {@code decide} makes of a state and what {@code evolve} makes of the journal are compared after every event, and when
 *       it stops.
 * </ol>
 */
final class Entity<C, E, S> {

    private record Running(long due, Clockwork.Task task) {}

    private final World world;
    private final Kind<C, E, S> kind;
    private final BiConsumer<String, E> auditor;
    private final String id;
    private final String name;
    private final int node;
    private final List<E> journal = new ArrayList<>();
    private final Map<String, Running> timers = new LinkedHashMap<>();
    /** What the journal alone says, and what of it any other state must agree with; null when that was not asked for yet. */
    private S durable;

    private Object durablePart;
    /** Null while it is not alive. */
    private S live;

    private Optional<View> shown = Optional.empty();
    private Clockwork.Task repeat;
    private Clockwork.Task rest;
    private long downUntil;

    /** Whoever runs it will start it again. */
    private boolean comesBack;

    Entity(World world, Kind<C, E, S> kind, String id, int node, BiConsumer<String, E> auditor) {
        this.world = world;
        this.kind = kind;
        this.id = id;
        this.node = node;
        this.auditor = auditor;
        this.durable = kind.decider().empty(id);
        this.name = kind.name() + " " + id;
    }

    String id() {
        return id;
    }

    int node() {
        return node;
    }

    boolean alive() {
        return live != null;
    }

    List<E> journal() {
        return journal;
    }

    /** How it looks from outside: alive as it is, else as it will be once woken. */
    Optional<View> view() {
        return live != null ? shown : kind.decider().view(durable);
    }

    void receive(C command, Consumer<Reply> replyTo) {
        if (world.now() < downUntil) {
            world.trace(name, "is down", command);
            return;
        }
        world.trace(name, "<-", command);
        wake();
        decide(command, replyTo);
    }

    void wake() {
        if (live != null || world.now() < downUntil) {
            return;
        }
        comesBack = false;
        live = recovered();
        settle();
        var owed = sayWhatIsOwed();
        if (owed) {
            scheduleRepeat();
        }
    }

    /** From every event, or from the snapshot that would have been made of them: both must be the same. */
    private S recovered() {
        boolean snapshot = kind.snapshots() && world.toss(0.5);
        var events = snapshot ? kind.decider().compact(durable) : journal;
        var state = kind.decider().empty(id);
        for (var event : events) {
            state = kind.decider().evolve(state, event);
        }
        world.trace(name, "wakes", snapshot ? "from a snapshot" : "from its journal");
        if (!sameDurable(state)) {
            throw contractBroken("a state from " + (snapshot ? "a snapshot" : "the journal") + " differs");
        }
        return state;
    }

    private void decide(C command, Consumer<Reply> replyTo) {
        Decision<E, S> decision;
        try {
            decision = kind.decider().decide(live, command, world.context(node));
        } catch (RuntimeException fault) {
            throw world.broken(Violation.CONTRACT, name + " threw " + fault + " at " + command, fault);
        }
        if (!decision.events().isEmpty()) {
            if (world.befalls(Trouble.WRITE_FAILED)) {
                crash(world.random(200, 1_000), true);
                return;
            }
            for (var event : decision.events()) {
                journal.add(event);
                durable = kind.decider().evolve(durable, event);
                durablePart = null;
                world.trace(name, "writes", event);
                auditor.accept(id, event);
            }
        }
        live = decision.state();
        if (!decision.events().isEmpty()) {
            if (!sameDurable(live)) {
                throw contractBroken("the state decided and the journal differ after " + command);
            }
            if (world.befalls(Trouble.WRITE_UNCONFIRMED)) {
                crash(world.random(200, 1_000), true);
                return;
            }
        }
        world.carryOut(decision.outputs(), replyTo);
        settle();
    }

    private boolean sameDurable(S state) {
        if (durablePart == null) {
            durablePart = kind.durablePart(durable);
        }
        return kind.durablePart(state).equals(durablePart);
    }

    private Violation contractBroken(String what) {
        return world.broken(Violation.CONTRACT, name + ": " + what, null);
    }

    /**
     * All it had in mind is gone.
     *
     * @param wakesItself whether whoever runs it starts it again, rather than the next who needs it
     */
    void crash(long downMs, boolean wakesItself) {
        // Also one that dies while it is still down from the last time.
        comesBack |= live != null && (wakesItself || kind.remembered());
        stop();
        downUntil = Math.max(downUntil, world.untilHealed(world.now() + downMs));
        world.trace(name, "crashes", "");
        if (comesBack) {
            world.at(downUntil, this::wake);
        }
    }

    private void stop() {
        if (live != null && !sameDurable(live)) {
            throw contractBroken("the state decided and the journal differ, and no event says why");
        }
        live = null;
        timers.values().forEach(timer -> timer.task().cancel());
        timers.clear();
        repeat = cancelled(repeat);
        rest = cancelled(rest);
    }

    private static Clockwork.Task cancelled(Clockwork.Task task) {
        if (task != null) {
            task.cancel();
        }
        return null;
    }

    private void settle() {
        follow(kind.decider().timers(live));
        shown = kind.decider().view(live);
        scheduleRepeat();
        if (!kind.decider().mayRest(live)) {
            rest = cancelled(rest);
        } else if (rest == null) {
            rest = world.in(world.random(500, 5_000), this::rest);
        }
    }

    private void rest() {
        rest = null;
        if (kind.decider().mayRest(live)) {
            world.trace(name, "rests", "");
            stop();
        }
    }

    private void scheduleRepeat() {
        if (repeat == null) {
            repeat = world.in(Timing.REPEAT.toMillis(), () -> {
                repeat = null;
                if (sayWhatIsOwed()) {
                    scheduleRepeat();
                }
            });
        }
    }

    private boolean sayWhatIsOwed() {
        List<Output> owed = kind.decider().resume(live, world.context(node));
        world.carryOut(owed, reply -> {});
        return !owed.isEmpty();
    }

    private void follow(List<Timer> wanted) {
        if (wanted.isEmpty() && timers.isEmpty()) {
            return;
        }
        for (Iterator<Map.Entry<String, Running>> running = timers.entrySet().iterator(); running.hasNext(); ) {
            var timer = running.next();
            if (wanted.stream().noneMatch(w -> w.id().equals(timer.getKey()))) {
                timer.getValue().task().cancel();
                running.remove();
            }
        }
        for (var timer : wanted) {
            long due = Math.max(Clockwork.millis(timer.due()), -1);
            var running = timers.get(timer.id());
            if (running == null || running.due() != due) {
                if (running != null) {
                    running.task().cancel();
                }
                start(timer.id(), due, due);
            }
        }
    }

    private void start(String timerId, long due, long at) {
        timers.put(timerId, new Running(due, world.at(at, () -> fire(timerId, due))));
    }

    private void fire(String timerId, long due) {
        start(timerId, due, world.now() + Timing.REPEAT.toMillis());
        var command = kind.decider().timerFired(timerId);
        world.trace(name, "timer", command);
        decide(command, reply -> {});
    }
}
