package dev.carillon.simulation;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Directory;
import dev.carillon.core.DirectoryChange;
import dev.carillon.core.Output;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.seat.SeatEvent;
import dev.carillon.protocol.view.View;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.SimulatedBox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Everything there is: calls, agents, queues, boxes and their telephony nodes, spread over nodes, and the messages between them.
 * Until it heals, messages and writes go wrong by the {@link Odds}; afterwards nothing does, and every message takes
 * {@link Setup#hopMs}, in order. All chance comes from one seed.
 */
public final class World {

    /** How often the journal is searched for forgotten calls, and how long ago they must have begun: the product's defaults. */
    private static final long SWEEP_MS = 60_000;

    /** Within what time a change of the configuration reaches a node, in bad times and in good ones. */
    private static final long SLOW_MS = 4_000;

    private static final long QUICK_MS = 300;

    private final SplittableRandom random;
    private final Clockwork clock = new Clockwork();
    private final Setup setup;
    private final Odds odds;
    private final long healAt;
    private final Trace trace;
    private final Witness witness;
    private final Map<Trouble, Integer> troubles = new EnumMap<>(Trouble.class);
    private final Map<String, Station> stations = new TreeMap<>();
    private final Map<String, Entity<CallCommand, CallEvent, ?>> calls = new TreeMap<>();
    private final Map<String, Entity<AgentCommand, AgentEvent, ?>> agents = new TreeMap<>();
    private final Map<String, Entity<QueueCommand, QueueEvent, ?>> queues = new TreeMap<>();
    private final Map<String, Entity<SeatCommand, SeatEvent, ?>> seats = new TreeMap<>();
    private final Hook hook = new Hook(this);
    private final Deciders deciders;
    private Courier courier = (to, message) -> Optional.empty();
    /** What was configured last, and by node what has reached it of that. */
    private Directory directory;

    private final List<Directory> directories;
    private int spreading;
    private long steps;
    private long ids;

    /**
     * @param healAt from which moment nothing goes wrong any more, in milliseconds of virtual time
     */
    World(long seed, Deciders deciders, Setup setup, Odds odds, long healAt, Trace trace) {
        this(seed, deciders, setup, odds, healAt, trace, world -> new Inspector(world, healAt));
    }

    /** Where nothing ever goes wrong, and nobody but this witness looks: for long runs of which only the outcome counts. */
    static World calm(long seed, Deciders deciders, Setup setup, Witness witness) {
        return new World(seed, deciders, setup, Odds.NONE, 0, new Trace(1, false), world -> witness);
    }

    private World(
            long seed,
            Deciders deciders,
            Setup setup,
            Odds odds,
            long healAt,
            Trace trace,
            Function<World, Witness> witness) {
        this.random = new SplittableRandom(seed);
        this.deciders = deciders;
        this.setup = setup;
        this.odds = odds;
        this.healAt = healAt;
        this.directory = setup.directory();
        this.directories = new ArrayList<>(Collections.nCopies(setup.nodes(), directory));
        this.trace = trace;
        this.witness = witness.apply(this);
        in(SWEEP_MS, this::wakeForgotten);
        int node = 0;
        for (var boxId : setup.boxIds()) {
            stations.put(boxId, new Station(this, boxId, node++ % setup.nodes(), random.nextLong()));
        }
    }

    // What a test or a history lets happen

    /** @return the id of the call that is going to be, unless its box is restarted before they come */
    public String arrive(String boxId, Caller caller, long atMs) {
        var station = station(boxId);
        var callId = station.box().arrive(caller, Clockwork.instant(atMs));
        station.watch();
        return callId;
    }

    /** The phone of a seat is unplugged, or plugged in again. */
    public void plug(Seat seat, boolean in) {
        if (!in) {
            count(Trouble.SEAT_UNPLUGGED);
        }
        witness.plugged(seat.endpoint(), in);
        station(seat.boxId()).plug(seat.endpoint(), in);
    }

    /** The caller presses a key, if they are still on the line then and talk to nobody. */
    public void press(String boxId, String callId, String digit, long atMs) {
        var station = station(boxId);
        station.box().press(callId, digit, Clockwork.instant(atMs));
        station.watch();
        witness.willPress(callId, digit, Clockwork.instant(atMs).toEpochMilli());
    }

    /** A person's wish, over the API. */
    public void ask(String agentId, AgentCommand command) {
        ask(agentId, command, reply -> {});
    }

    public void ask(String agentId, AgentCommand command, Consumer<Reply> reply) {
        send("Agent " + agentId, command, () -> {
            if (command instanceof AgentCommand.Heartbeat) {
                witness.beat(agentId);
            } else {
                witness.wished(agentId);
            }
            agent(agentId).receive(command, reply);
        });
    }

    /** A question of a supervisor's, over the API: who waits, and for how long yet. */
    void askWhoWaits(String queueId, Consumer<Reply> reply) {
        var question = new QueueCommand.ListWaiting();
        send("Queue " + queueId, question, () -> queue(queueId).receive(question, reply));
    }

    /** A person wants to log in, over the API, which claims the seat for them first. */
    public void logIn(String agentId, Seat seat) {
        askSeat(new SeatCommand.Claim(agentId), agentId, seat, held -> {});
    }

    /** As {@link #logIn}, and who holds the seat is logged out first, if they can be and the agent can have it. */
    public void takeOver(String agentId, Seat seat) {
        askSeat(
                new SeatCommand.TakeOver(agentId, "", 0),
                agentId,
                seat,
                held -> askToSit(agentId, seat, () -> {
                    var giveUp = new AgentCommand.GiveUpSeat(seat.seatId(), held.until(), agentId);
                    ask(held.agentId(), giveUp, left -> {
                        if (left instanceof Reply.Done) {
                            var again = new SeatCommand.TakeOver(agentId, held.agentId(), held.number());
                            askSeat(again, agentId, seat, meanwhile -> {});
                        }
                    });
                }));
    }

    /** Whether an agent could have that seat now. */
    void askToSit(String agentId, Seat seat, Runnable ifTheyMay) {
        var asked = instant();
        ask(agentId, new AgentCommand.MayLogIn(seat.seatId()), reply -> {
            if (reply instanceof Reply.Done) {
                witness.maySit(agentId, seat.seatId(), asked);
                ifTheyMay.run();
            }
        });
    }

    private void askSeat(SeatCommand wish, String agentId, Seat seat, Consumer<Reply.SeatHeld> ifHeld) {
        send("Seat " + seat.seatId(), wish, () -> seat(seat.seatId()).receive(wish, reply -> {
            if (reply instanceof Reply.SeatGranted granted) {
                ask(agentId, new AgentCommand.LogIn(seat, granted.until()));
            } else if (reply instanceof Reply.SeatHeld held) {
                ifHeld.accept(held);
            }
        }));
    }

    /** A change of the configuration, which reaches one node after the other. */
    public void configure(UnaryOperator<Directory> change) {
        directory = change.apply(directory);
        witness.configured(false);
        trace.line(now(), "Configuration", "changed", agentsInOrder());
        spreading += setup.nodes();
        for (int node = 0; node < setup.nodes(); node++) {
            int reached = node;
            at(untilHealed(now() + random(1, now() < healAt ? SLOW_MS : QUICK_MS)), () -> reaches(reached));
        }
    }

    /** The trace is the same on every machine; the order in which immutable collections are printed is not. */
    private List<String> agentsInOrder() {
        return directory.agents().values().stream()
                .sorted(Comparator.comparing(Directory.Agent::id))
                .map(agent -> agent.id() + " serves " + agent.queueIds() + ", reserve of "
                        + new TreeSet<>(agent.reserveOf())
                        + ", skills " + new TreeMap<>(agent.skills()) + ", ranks " + new TreeMap<>(agent.ranks()) + ", "
                        + agent.maxCallsPerHour() + " calls an hour")
                .toList();
    }

    /** Tells those who live there, and whom it concerns. A node asks for what is configured now, so one that is late has skipped what was between. */
    private void reaches(int node) {
        var change = DirectoryChange.between(directories.get(node), directory);
        directories.set(node, directory);
        trace.line(
                now(),
                "Node " + node,
                "configured",
                "agents " + new TreeSet<>(change.agents()) + ", queues " + new TreeSet<>(change.queues()));
        change.agents().stream()
                .sorted()
                .map(agents::get)
                .filter(agent -> agent != null && agent.node() == node && agent.alive())
                .forEach(agent -> in(1, () -> agent.receive(new AgentCommand.ConfigurationChanged(), reply -> {})));
        change.queues().stream()
                .sorted()
                .map(queues::get)
                .filter(queue -> queue != null && queue.node() == node && queue.alive())
                .forEach(queue -> in(1, () -> queue.receive(new QueueCommand.ConfigurationChanged(), reply -> {})));
        spreading--;
        witness.configured(spreading == 0);
    }

    /** Until the history heals this courier has the messages; those of which it says nothing are left to chance. */
    void courier(Courier hired) {
        courier = hired;
    }

    public void crashCall(String callId, long downMs) {
        count(Trouble.ENTITY_CRASHED);
        call(callId).crash(downMs, false);
    }

    public void crashAgent(String agentId, long downMs) {
        count(Trouble.ENTITY_CRASHED);
        agent(agentId).crash(downMs, false);
    }

    public void crashSeat(String seatId, long downMs) {
        count(Trouble.ENTITY_CRASHED);
        seat(seatId).crash(downMs, false);
    }

    public void crashQueue(String queueId, long downMs) {
        count(Trouble.ENTITY_CRASHED);
        queue(queueId).crash(downMs, false);
    }

    /** Everything on it dies at once. */
    public void crashNode(int node, long downMs) {
        count(Trouble.NODE_CRASHED);
        trace.line(now(), "Node " + node, "crashes", downMs + " ms");
        for (var some : List.of(calls, agents, queues, seats)) {
            some.values().stream().filter(e -> e.node() == node).forEach(e -> e.crash(downMs, false));
        }
        stations.values().stream().filter(s -> s.node() == node).forEach(s -> s.crash(downMs));
    }

    public void crashTelephonyNode(String boxId, long downMs) {
        count(Trouble.TELEPHONY_NODE_CRASHED);
        station(boxId).crash(downMs);
    }

    public void loseLink(String boxId, long downMs) {
        count(Trouble.BOX_LINK_LOST);
        station(boxId).loseLink(downMs);
    }

    public void restartBox(String boxId, long downMs) {
        count(Trouble.BOX_RESTARTED);
        station(boxId).restartBox(downMs);
    }

    /** Lets time go on until then. Throws {@link Violation} when an invariant breaks. */
    public void runUntil(long ms) {
        while (clock.step(ms)) {
            steps++;
            if (clock.momentOver()) {
                witness.momentOver();
            }
        }
    }

    /** Nobody is on any box or on the way to one, and all calls have ended. */
    public boolean isOver() {
        return stations.values().stream().allMatch(s -> s.box().inventory().isEmpty()) && witness.allEnded();
    }

    /** What can only be known when a history is over: invariant 5. */
    public void settleAccounts() {
        witness.settleAccounts();
    }

    /**
     * The last resort: a call that began a while ago and has no record is told to live, by the journal's knowledge alone. Only calls
     * need it of which box, queue and agent have all lost sight: they harm nobody, but their record must be written. In the product
     * this is the read model's {@code CallRecordCheck}, and the message is the shell's {@code Wake}.
     */
    private void wakeForgotten() {
        in(SWEEP_MS, this::wakeForgotten);
        calls.values().stream()
                .filter(call -> witness.isUnended(call.id()))
                .filter(call ->
                        call.journal().get(0).getAtMs() <= clock.instant().toEpochMilli() - SWEEP_MS)
                .forEach(call -> send("Call " + call.id(), "Wake", call::wake));
    }

    // What may be seen

    public long now() {
        return clock.now();
    }

    public long steps() {
        return steps;
    }

    public Map<Trouble, Integer> troubles() {
        return troubles;
    }

    public List<String> lastLines() {
        return trace.tail();
    }

    public long traceHash() {
        return trace.hash();
    }

    public Optional<View.OfAgent> agentView(String agentId) {
        return Optional.ofNullable(agents.get(agentId)).flatMap(Entity::view).map(View.OfAgent.class::cast);
    }

    public Optional<View.OfQueue> queueView(String queueId) {
        return Optional.ofNullable(queues.get(queueId)).flatMap(Entity::view).map(View.OfQueue.class::cast);
    }

    public List<CallEvent> callJournal(String callId) {
        return calls.containsKey(callId) ? calls.get(callId).journal() : List.of();
    }

    public SimulatedBox box(String boxId) {
        return station(boxId).box();
    }

    Setup setup() {
        return setup;
    }

    /** What was configured last; not every node need have heard of it. */
    Directory directory() {
        return directory;
    }

    /** By node. */
    List<Directory> directories() {
        return directories;
    }

    /** As far as the node knows on which the call lives. */
    Directory directoryOfCall(String callId) {
        return directories.get(calls.get(callId).node());
    }

    Directory directoryOfAgent(String agentId) {
        return directories.get(agents.get(agentId).node());
    }

    Map<String, Station> stations() {
        return stations;
    }

    Map<String, Entity<CallCommand, CallEvent, ?>> calls() {
        return calls;
    }

    Map<String, Entity<AgentCommand, AgentEvent, ?>> agents() {
        return agents;
    }

    Map<String, Entity<QueueCommand, QueueEvent, ?>> queues() {
        return queues;
    }

    // What entities and boxes need

    Instant instant() {
        return clock.instant();
    }

    Clockwork.Task at(long ms, Runnable action) {
        return clock.at(ms, action);
    }

    Clockwork.Task in(long ms, Runnable action) {
        return clock.in(ms, action);
    }

    long random(long from, long to) {
        return random.nextLong(from, to);
    }

    boolean toss(double chance) {
        return chance > 0 && random.nextDouble() < chance;
    }

    Context context(int node) {
        return new Context(clock.instant(), directories.get(node), () -> "x" + ++ids);
    }

    /** This moment, or that of the healing if it is earlier: whatever is wrong is right by then. */
    long untilHealed(long ms) {
        return now() < healAt ? Math.min(ms, healAt) : ms;
    }

    boolean befalls(Trouble trouble) {
        if (now() >= healAt) {
            return false;
        }
        boolean happens = toss(
                switch (trouble) {
                    case MESSAGE_LOST -> odds.lose();
                    case MESSAGE_REPEATED -> odds.repeat();
                    case MESSAGE_DELAYED -> odds.slow();
                    case WRITE_FAILED -> odds.writeFails();
                    case WRITE_UNCONFIRMED -> odds.writeUnconfirmed();
                    default -> throw new IllegalArgumentException(trouble + " does not just befall anybody");
                });
        if (happens) {
            count(trouble);
            trace.line(now(), "", "trouble", trouble);
        }
        return happens;
    }

    private void count(Trouble trouble) {
        troubles.merge(trouble, 1, Integer::sum);
    }

    void trace(String who, String what, Object about) {
        trace.line(now(), who, what, about);
    }

    void boxTouched(Station station, String callId) {
        witness.boxTouched(station, callId);
    }

    Violation broken(int invariant, String what, RuntimeException cause) {
        var violation = new Violation(invariant, what);
        if (cause != null) {
            violation.initCause(cause);
        }
        return violation;
    }

    void carryOut(List<Output> outputs, Consumer<Reply> replyTo) {
        for (var output : outputs) {
            if (output instanceof Output.ToCall to) {
                toCall(to.callId(), to.command());
            } else if (output instanceof Output.ToAgent to) {
                if (to.command() instanceof AgentCommand.Bid bid) {
                    witness.queueBids(to.agentId(), bid);
                }
                send("Agent " + to.agentId(), to.command(), () -> agent(to.agentId())
                        .receive(to.command(), reply -> {}));
            } else if (output instanceof Output.ToQueue to) {
                if (to.command() instanceof QueueCommand.AgentStatus status) {
                    witness.agentTells(to.queueId(), status);
                } else if (to.command() instanceof QueueCommand.Lends lends) {
                    witness.queueLends(to.queueId(), lends);
                }
                send("Queue " + to.queueId(), to.command(), () -> queue(to.queueId())
                        .receive(to.command(), reply -> {}));
            } else if (output instanceof Output.ToSeat to) {
                send("Seat " + to.seatId(), to.command(), () -> seat(to.seatId())
                        .receive(to.command(), reply -> {}));
            } else if (output instanceof Output.ToBox to) {
                toBox(to.boxId(), to.command());
            } else if (output instanceof Output.AskHook ask) {
                send("hook", ask.question(), () -> hook.ask(ask));
            } else if (output instanceof Output.Answer answer) {
                send("somebody", answer.reply(), () -> replyTo.accept(answer.reply()));
            }
        }
    }

    private void toBox(String boxId, BoxCommand command) {
        send("Box " + boxId, command, () -> station(boxId).receive(command));
    }

    void fromBox(String callId, BoxEvent event) {
        toCall(callId, new CallCommand.FromBox(event));
    }

    void toCall(String callId, CallCommand command) {
        send("Call " + callId, command, () -> call(callId).receive(command, reply -> {}));
    }

    void tellSeat(String seatId, SeatCommand command, Consumer<Reply.SeatHeard> replyTo) {
        send("Seat " + seatId, command, () -> seat(seatId).receive(command, reply -> {
            if (reply instanceof Reply.SeatHeard heard) {
                replyTo.accept(heard);
            }
        }));
    }

    private void send(String to, Object message, Runnable delivery) {
        if (now() >= healAt) {
            clock.in(setup.hopMs(), delivery);
            return;
        }
        var fate = courier.fate(to, message);
        if (fate.isPresent()) {
            trace.line(now(), to, fate.get().toString(), message);
            fate.get().afterMs().forEach(ms -> clock.at(untilHealed(now() + setup.hopMs() + ms), delivery));
            return;
        }
        if (befalls(Trouble.MESSAGE_LOST)) {
            trace.line(now(), to, "never got", message);
            return;
        }
        clock.at(arrival(), delivery);
        if (befalls(Trouble.MESSAGE_REPEATED)) {
            clock.at(arrival(), delivery);
        }
    }

    private long arrival() {
        long slowness = befalls(Trouble.MESSAGE_DELAYED) ? random(10, odds.slowestMs()) : random(0, 3);
        return untilHealed(now() + setup.hopMs() + slowness);
    }

    private Entity<CallCommand, CallEvent, ?> call(String id) {
        return calls.computeIfAbsent(
                id, key -> entity("Call", deciders.call(), Kind::ofCall, false, key, witness::callWrote));
    }

    private Entity<AgentCommand, AgentEvent, ?> agent(String id) {
        return agents.computeIfAbsent(
                id, key -> entity("Agent", deciders.agent(), Kind::ofAgent, true, key, witness::agentWrote));
    }

    private Entity<SeatCommand, SeatEvent, ?> seat(String id) {
        return seats.computeIfAbsent(
                id, key -> entity("Seat", deciders.seat(), Kind::ofSeat, true, key, (seatId, event) -> {}));
    }

    private Entity<QueueCommand, QueueEvent, ?> queue(String id) {
        return queues.computeIfAbsent(
                id, key -> entity("Queue", deciders.queue(), Kind::ofQueue, true, key, witness::queueWrote));
    }

    private <C, E, S> Entity<C, E, S> entity(
            String name,
            Decider<C, E, S> decider,
            UnaryOperator<View> durable,
            boolean longLived,
            String id,
            BiConsumer<String, E> auditor) {
        int node = (id.hashCode() & 0xffff) % setup.nodes();
        return new Entity<>(this, new Kind<>(name, decider, durable, longLived, longLived), id, node, auditor);
    }

    private Station station(String boxId) {
        var station = stations.get(boxId);
        if (station == null) {
            throw broken(Violation.CONTRACT, "there is no box " + boxId, null);
        }
        return station;
    }
}
