package dev.carillon.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Directory.DialledNumber;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.view.View;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Reaction;
import dev.carillon.telephony.simulated.Ring;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A small contact centre with one box, of which a scenario says just what happens and what goes wrong. Times are in seconds. */
final class Scene {

    private static final String BOX = "box";

    /** What befalls the next messages of a kind, so many of them. */
    private static final class Mishap {
        final Predicate<Object> which;
        final Courier.Fate fate;
        int left;

        Mishap(Predicate<Object> which, Courier.Fate fate, int times) {
            this.which = which;
            this.fate = fate;
            this.left = times;
        }
    }

    private final Map<String, Seat> seats = new HashMap<>();
    private final List<Mishap> mishaps = new ArrayList<>();
    private final World world;

    /**
     * @param healed from when on nothing goes wrong any more
     * @param wrapUps of each queue, by its id, which is also its number
     * @param agents with the queues they serve
     */
    Scene(Deciders deciders, double healed, Map<String, Integer> wrapUps, Map<String, List<String>> agents) {
        var queues = new HashMap<String, Directory.Queue>();
        var numbers = new HashMap<String, DialledNumber>();
        wrapUps.forEach((queue, wrapUp) -> {
            queues.put(
                    queue, new Directory.Queue(queue, queue, Routing.PLAIN, new Handling(10, wrapUp), Waiting.PLAIN));
            numbers.put(queue, new DialledNumber(queue, queue, 5));
        });
        var people = new HashMap<String, Directory.Agent>();
        agents.forEach((agent, serves) -> {
            people.put(agent, new Directory.Agent(agent, agent, serves));
            seats.put(agent, new Seat("seat-" + agent, BOX, "SIM/" + agent));
        });
        var directory = new Directory(queues, people, numbers, Map.of());
        var setup = new Setup(List.of(BOX), seats, directory, 2, 2);
        world = new World(1, deciders, setup, Odds.NONE, ms(healed), new Trace(History.LINES, false));
        world.courier((to, message) -> mishaps.stream()
                .filter(mishap -> mishap.left > 0 && mishap.which.test(message))
                .findFirst()
                .map(mishap -> {
                    mishap.left--;
                    return mishap.fate;
                }));
    }

    /** One queue without wrap-up, which everybody serves. */
    static Scene ofSales(Deciders deciders, double healed, String... agents) {
        var all = new HashMap<String, List<String>>();
        Stream.of(agents).forEach(agent -> all.put(agent, List.of("sales")));
        return new Scene(deciders, healed, Map.of("sales", 0), all);
    }

    World world() {
        return world;
    }

    void until(double second) {
        world.runUntil(ms(second));
    }

    // What people do

    Scene phone(String agent, Reaction reaction) {
        return phone(agent, () -> reaction);
    }

    Scene phone(String agent, Supplier<Reaction> reaction) {
        world.box(BOX).seat(endpoint(agent), reaction);
        return this;
    }

    static Reaction answers(double after) {
        return new Reaction.Answers(duration(after), Duration.ofMinutes(10));
    }

    /** Logs in if need be, and chooses ready. */
    Scene ready(String agent) {
        if (phase(agent) == View.AgentPhase.LOGGED_OUT) {
            world.ask(agent, new AgentCommand.LogIn(seats.get(agent), Instant.MAX));
            world.runUntil(world.now() + 50);
        }
        world.ask(agent, new AgentCommand.SetReady());
        world.runUntil(world.now() + 50);
        return this;
    }

    String call(double at, double patience, double talk) {
        return call("sales", at, patience, talk);
    }

    String call(String queue, double at, double patience, double talk) {
        var caller = new Caller("0301", "", queue, duration(patience), duration(talk));
        return world.arrive(BOX, caller, ms(at));
    }

    // What goes wrong

    /** The next messages of this kind never arrive. */
    void lose(int times, Predicate<Object> which) {
        mishaps.add(new Mishap(which, Courier.Fate.LOST, times));
    }

    /** The next messages of this kind arrive as often as there are delays, and by so much late. */
    void deliver(int times, Predicate<Object> which, Long... afterMs) {
        mishaps.add(new Mishap(which, Courier.Fate.arrives(afterMs), times));
    }

    /** At the very moment at which the next message of this kind is under way. */
    void when(Predicate<Object> which, Runnable happens) {
        mishaps.add(new Mishap(
                message -> {
                    if (which.test(message)) {
                        world.at(world.now(), happens);
                        return true;
                    }
                    return false;
                },
                Courier.Fate.arrives(0L),
                1));
    }

    // What can be seen

    View.AgentPhase phase(String agent) {
        return world.agentView(agent).map(View.OfAgent::phase).orElse(View.AgentPhase.LOGGED_OUT);
    }

    Optional<String> reason(String agent) {
        return world.agentView(agent).map(View.OfAgent::reason);
    }

    int waiting(String queue) {
        return world.queueView(queue).map(View.OfQueue::waiting).orElse(0);
    }

    /** In the order in which the phones were told to ring. */
    List<Ring> rings() {
        return world.box(BOX).rings().stream()
                .sorted(Comparator.comparing(Ring::toldAt))
                .toList();
    }

    List<Ring> rings(String agent) {
        return rings().stream()
                .filter(ring -> ring.endpoint().equals(endpoint(agent)))
                .toList();
    }

    List<Experience> callers() {
        return world.box(BOX).experiences();
    }

    Experience lived(String callId) {
        return callers().stream()
                .filter(caller -> caller.callId().equals(callId))
                .findFirst()
                .orElseThrow();
    }

    /** When somebody talked to them, in seconds of the scene. */
    double talkedAt(String callId) {
        assertThat(lived(callId).connections()).as("conversations of " + callId).hasSize(1);
        return seconds(lived(callId).connections().get(0).from());
    }

    /** Those whom somebody talked to, by when. */
    List<String> served() {
        return callers().stream()
                .filter(caller -> !caller.connections().isEmpty())
                .sorted(Comparator.comparing(
                        caller -> caller.connections().get(0).from()))
                .map(Experience::callId)
                .toList();
    }

    CallEnded record(String callId) {
        var journal = world.callJournal(callId);
        assertThat(journal).as("journal of " + callId).isNotEmpty();
        var last = journal.get(journal.size() - 1);
        assertThat(last.hasEnded()).as("the last event is the record: " + last).isTrue();
        return last.getEnded();
    }

    static double seconds(Instant instant) {
        return Clockwork.millis(instant) / 1000.0;
    }

    static Predicate<Object> a(Class<?> kind) {
        return kind::isInstance;
    }

    String endpoint(String agent) {
        return seats.get(agent).endpoint();
    }

    private static long ms(double seconds) {
        return Math.round(seconds * 1000);
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis(ms(seconds));
    }
}
