package dev.carillon.simulation;

import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.Target;
import dev.carillon.core.Timing;
import dev.carillon.core.agent.WrapUp;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.agent.AgentReserved;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.call.OfferStarted;
import dev.carillon.protocol.call.Treatment;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.view.View;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Ring;
import dev.carillon.telephony.simulated.SimulatedBox;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Watches over the invariants of the design.
 *
 * <ul>
 *   <li>Of 1, 2, 3 and 5, what no journal may ever say is refused as it is written, by ledgers of the inspector's own.
 *   <li>What no caller may ever hear (two agents) is looked for on the boxes after everything a box does.
 *   <li>Of 1, 4 and 6, what may be so for a moment but may not last is looked for after everything that happens once all is healed, and
 *       must be over in time.
 *   <li>Of 5, the sums are made and every record is compared with what its caller lived through, at the end.
 *   <li>That a wrap-up is the one of the queue whose call it was, and is never cut short, is looked at with every event of an agent; that
 *       they come back from a missed call when they should, once all is healed.
 *   <li>That nobody has more calls in an hour than they may is looked at with every reservation; that queues know what agents have done
 *       today, with every word of an agent to a queue, and again when time goes on.
 *   <li>That nobody is ready or given a call whose phone has been unplugged for longer than the grace, and that they are back when it is plugged
 *       in, is looked at once all is healed.
 *   <li>That nobody is lent whose own queue has not said so, is not safe, or has a call for them, is looked at with every bid and every such word; that
 *       who could be lent is, and that queues know who is, once all is healed.
 *   <li>That nobody is asked to take a call that they may not have is looked at with every bid ({@link Eligibility}), and with every call that
 *       enters, whether its queue remembers the right agent.
 *   <li>Of a number outside: that no agent is rung meanwhile, that each limit leads there once, and that the record says so, by the ledgers; that
 *       it does not ring for too long, once all is healed.
 *   <li>Where a caller goes first, by rules and lists, is compared with what their call's node knew when they arrived.
 *   <li>Whose turn it is, which no invariant says, is looked at with every bid of a queue, once all is healed and heard of; and with every
 *       reservation, over all queues of the agent. As every call's score grows with its wait, that nobody starves follows: nobody is
 *       passed over who has waited for longer by more than priorities and weights are worth.
 * </ul>
 */
final class Inspector implements Witness {

    /** Invariant 4: nobody is stuck for longer after the last fault. */
    private static final long STUCK_MS = 5_000;

    /** Invariant 6: a dispatch is a handful of messages of at most 20 ms, and at most 100 ms for collecting bids. */
    private static final long DISPATCH_MS = 1_000;

    /** From then on everybody concerned has heard of a phone that was unplugged. */
    private static final long UNPLUGGED_MS = Station.SEAT_GRACE.toMillis() + Station.TICK_MS + DISPATCH_MS;

    /** A queue at risk asks at the first check that is a second after it last asked, and then it is a dispatch. */
    private static final long LENDING_MS = DISPATCH_MS + 2 * Timing.REPEAT.toMillis();

    /** How far a record may be from what the caller lived through: the way of a few messages. */
    private static final long TOLERANCE_MS = 500;

    private static final Set<View.AgentPhase> BUSY = EnumSet.of(
            View.AgentPhase.RESERVED, View.AgentPhase.RINGING, View.AgentPhase.TALKING, View.AgentPhase.WRAP_UP);

    private static final Set<Strategy> RANKED =
            EnumSet.of(Strategy.LONGEST_IDLE, Strategy.FEWEST_CALLS, Strategy.LEAST_TALK_TIME);

    private record Press(String digit, long atMs) {}

    /** What a queue was last told of an agent's day. */
    private record ToldDay(long dayMs, boolean nothing) {}

    private record Plug(boolean in, long atMs) {}

    private record Wrong(int invariant, String what, String who) {}

    private final World world;
    private final long healAt;
    private final Map<String, CallLedger> calls = new TreeMap<>();
    private final Map<String, AgentLedger> agents = new TreeMap<>();
    private final Map<String, QueueLedger> queues = new TreeMap<>();
    private final Eligibility eligibility;
    private Map<Wrong, Long> wrongSince = new HashMap<>();

    /** By call, and by queue and agent: when the last bid was made. */
    private final Map<String, Long> bidMs = new HashMap<>();

    /** By agent: when a person's word last reached them. */
    private final Map<String, Long> wishMs = new HashMap<>();

    private final Map<String, Long> beatMs = new HashMap<>();

    private final Set<String> ringingAll = new HashSet<>();

    private final Map<String, List<Press>> presses = new HashMap<>();

    /** By queue and agent; of those who are ready. */
    private final Map<String, ToldDay> toldDays = new HashMap<>();

    /** By endpoint: the last that happened to its phone. */
    private final Map<String, Plug> plugs = new HashMap<>();

    /** By lender and borrower: what was said last. */
    private final Map<String, QueueCommand.Lends> leases = new HashMap<>();

    /** In the same way: what was said for the longest. */
    private final Map<String, QueueCommand.Lends> longestLeases = new HashMap<>();

    /** When the last change had reached every node; never, while one is on its way. */
    private long configuredMs;

    Inspector(World world, long healAt) {
        this.world = world;
        this.healAt = healAt;
        this.eligibility = new Eligibility(world, calls, agents, queues);
    }

    // After every step

    @Override
    public void callWrote(String callId, CallEvent event) {
        about("call " + callId, () -> {
            var ledger = calls.computeIfAbsent(callId, id -> new CallLedger(ringingAll::contains));
            noteWhoRingsAll();
            if (isByKey(event) && presses(callId, ledger).isEmpty()) {
                throw new Violation(4, "leaves its queue by a key that was not pressed there");
            }
            ledger.read(event);
            if (event.hasArrived()) {
                arrivedWhenTheyDid(callId, ledger);
                ledger.entrance = Entrance.of(world.directoryOfCall(callId), ledger.arrived);
                if (ledger.entrance.busy() != (ledger.arrived.getTreatment() == Treatment.HEARS_BUSY)) {
                    throw new Violation(3, "a caller hears busy who should not, or should and does not");
                }
            } else if (event.hasQueued()) {
                queuedAsDialled(ledger);
            }
        });
    }

    /** A queue that has another strategy now may still have several phones rung for calls of before. */
    private void noteWhoRingsAll() {
        world.directories().stream()
                .flatMap(directory -> directory.queues().values().stream())
                .filter(queue -> queue.routing().strategy() == Strategy.RING_ALL)
                .forEach(queue -> ringingAll.add(queue.id()));
    }

    @Override
    public void willPress(String callId, String digit, long atMs) {
        presses.computeIfAbsent(callId, id -> new ArrayList<>()).add(new Press(digit, atMs));
    }

    private static boolean isByKey(CallEvent event) {
        return event.getQueued().getLeftBy() == LeftBy.KEY
                || event.getOfferStarted().getLeftBy() == LeftBy.KEY
                || event.getLeftQueue().getLeftBy() == LeftBy.KEY
                || event.getLeaveRequested().getLeftBy() == LeftBy.KEY;
    }

    /** What its caller has pressed by now in the queue in which it waits. */
    private List<Press> presses(String callId, CallLedger call) {
        long now = world.instant().toEpochMilli();
        return presses.getOrDefault(callId, List.of()).stream()
                .filter(press -> press.atMs() > call.enteredMs && press.atMs() <= now)
                .toList();
    }

    private void arrivedWhenTheyDid(String callId, CallLedger ledger) {
        for (var station : world.stations().values()) {
            for (var caller : station.box().experiences()) {
                if (caller.callId().equals(callId)
                        && caller.arrivedAt().toEpochMilli() != ledger.arrived.getArrivedMs()) {
                    throw new Violation(3, "the caller arrived at another time");
                }
            }
        }
    }

    private void queuedAsDialled(CallLedger ledger) {
        long since = ledger.queued.getWaitingSinceMs();
        if (since < ledger.arrived.getArrivedMs() || since > world.instant().toEpochMilli()) {
            throw new Violation(3, "the caller waits since a time at which they were not here");
        }
        var entrance = ledger.entrance;
        if (ledger.priorities.equals(Set.of(ledger.queued.getPriority()))
                && ledger.queued.getPriority() != entrance.priority()) {
            throw new Violation(
                    3, "the caller has not the priority of the number they dialled, of its rule, or of VIPs");
        }
        if (ledger.queued.getFromQueueId().isEmpty()) {
            boolean byAgent = !entrance.agentId().isEmpty();
            var first = byAgent ? CallLedger.ONE_AGENT + entrance.agentId() : entrance.queueId();
            if (!ledger.queued.getQueueId().equals(first)
                    || !ledger.queued.getThenQueueId().equals(byAgent ? entrance.queueId() : "")) {
                throw new Violation(3, "the caller is not where they are to wait first: " + entrance);
            }
        }
    }

    @Override
    public void agentWrote(String agentId, AgentEvent event) {
        about("agent " + agentId, () -> {
            var ledger = agents.computeIfAbsent(agentId, id -> new AgentLedger());
            ledger.wished = wishMs.getOrDefault(agentId, 0L) == event.getAtMs();
            ledger.read(event);
            if (event.hasReserved()) {
                reachable(agentId);
                firstOfAllQueues(agentId, event.getReserved());
            }
            if (event.hasLoggedIn()) {
                alone(agentId, ledger);
            }
            if (event.hasReserved()
                    && ledger.hasHadAsManyAs(
                            world.directoryOfAgent(agentId).maxCallsPerHour(agentId), event.getAtMs())) {
                throw new Violation(Violation.HOUR, "is given a call, and has had as many as they may");
            }
            if (event.hasWrapUpStarted() || ledger.freeAfter != null) {
                var queueId =
                        event.hasWrapUpStarted() ? event.getWrapUpStarted().getQueueId() : ledger.freeAfter;
                asItsQueueSays(
                        world.directoryOfAgent(agentId)
                                .queue(queueId)
                                .handling()
                                .wrapUp(),
                        event);
            }
            if (event.hasTalkStarted()) {
                var talk = event.getTalkStarted();
                var call = calls.get(talk.getCallId());
                if (call == null
                        || call.talk == null
                        || !call.talk.getOfferId().equals(talk.getOfferId())
                        || !call.talk.getAgentId().equals(agentId)) {
                    throw new Violation(2, "talks to call " + talk.getCallId() + ", which does not talk to them");
                }
            }
        });
    }

    @Override
    public void plugged(String endpoint, boolean in) {
        plugs.put(endpoint, new Plug(in, world.now()));
    }

    /** For longer than the grace and a tick: a dispatch later everybody concerned has heard of it. */
    private boolean isUnplugged(String agentId) {
        var plug = plugOf(agentId);
        return !plug.in() && world.now() - plug.atMs() > Station.SEAT_GRACE.toMillis() + Station.TICK_MS;
    }

    private Plug plugOf(String agentId) {
        return plugs.getOrDefault(world.setup().seats().get(agentId).endpoint(), new Plug(true, 0));
    }

    /** All is healed, and everybody has had the time to hear of it. */
    private boolean isCalm() {
        return healAt == 0 || world.now() >= healAt + STUCK_MS + DISPATCH_MS;
    }

    private void reachable(String agentId) {
        var plug = plugOf(agentId);
        if (isCalm() && !plug.in() && world.now() - plug.atMs() > UNPLUGGED_MS) {
            throw new Violation(Violation.REACH, "is given a call, and the phone cannot be reached");
        }
    }

    @Override
    public void beat(String agentId) {
        beatMs.put(agentId, world.now());
    }

    @Override
    public void wished(String agentId) {
        wishMs.put(agentId, world.instant().toEpochMilli());
    }

    @Override
    public void agentTells(String queueId, QueueCommand.AgentStatus status) {
        var agentId = status.agentId();
        var place = queueId + " " + agentId;
        if (status.presence() != QueueCommand.Presence.READY) {
            toldDays.remove(place);
            return;
        }
        long now = world.instant().toEpochMilli();
        var told = status.today();
        if (told.calls() != callsToday(agentId, now) || told.talkMs() != talkedToday(agentId, now)) {
            throw new Violation(
                    Violation.DAY, "agent " + agentId + " tells queue " + queueId + " another day: " + told);
        }
        toldDays.put(place, new ToldDay(dayBegan(now), told.equals(QueueCommand.Today.NONE)));
    }

    private long callsToday(String agentId, long ms) {
        return agents.get(agentId).begunBetween(dayBegan(ms), Long.MAX_VALUE);
    }

    private long talkedToday(String agentId, long ms) {
        return agents.get(agentId).talkedBetween(dayBegan(ms), Long.MAX_VALUE);
    }

    /** By the clocks of the contact centre, which no history changes. */
    private long dayBegan(long ms) {
        long dayMs = 86_400_000;
        long offset = 1_000L
                * world.directory()
                        .inbound()
                        .zone()
                        .getRules()
                        .getOffset(world.instant())
                        .getTotalSeconds();
        return Math.floorDiv(ms + offset, dayMs) * dayMs - offset;
    }

    /** Whoever has a call all the time while they are asked must not have another sent away for them. */
    @Override
    public void maySit(String agentId, String seatId, Instant asked) {
        var ledger = agents.get(agentId);
        if (ledger != null && ledger.busySince(asked.toEpochMilli()) && !seatId.equals(ledger.seatId)) {
            throw world.broken(Violation.SEAT, "could sit at " + seatId + ", and has a call", null);
        }
    }

    private void alone(String agentId, AgentLedger ledger) {
        agents.forEach((otherId, other) -> {
            if (!otherId.equals(agentId) && other.loggedIn && ledger.seatId.equals(other.seatId)) {
                throw new Violation(Violation.SEAT, "logs in at " + ledger.seatId + ", where agent " + otherId + " is");
            }
        });
    }

    private static void asItsQueueSays(WrapUp rule, AgentEvent event) {
        var started = event.getWrapUpStarted();
        boolean asItShould = event.hasWrapUpStarted()
                ? !rule.isNone()
                        && started.getUntilMs() - event.getAtMs() == rule.seconds() * 1_000L
                        && (rule.mode() == WrapUp.Mode.OPTIONAL
                                || started.getMode().name().equals("WRAP_UP_" + rule.mode()))
                : rule.isNone();
        if (!asItShould) {
            throw new Violation(Violation.WRAP_UP, "not the wrap-up of the queue whose call it was");
        }
    }

    @Override
    public void queueWrote(String queueId, QueueEvent event) {
        about("queue " + queueId, () -> {
            queues.computeIfAbsent(queueId, id -> new QueueLedger()).read(event);
            if (event.hasCallRanked()
                    && !calls.get(event.getCallRanked().getCallId())
                            .priorities
                            .contains(event.getCallRanked().getPriority())) {
                throw new Violation(3, "a call gets a priority here that nobody has given it");
            }
            if (event.hasCallEntered()) {
                var entered = event.getCallEntered();
                var call = calls.get(entered.getCallId());
                if (call == null || call.queued == null) {
                    throw new Violation(1, "call " + entered.getCallId() + " enters, which does not wait");
                }
                if (!isPlaceOf(call, queueId, entered.getWaitingSinceMs())
                        || !call.priorities.contains(entered.getPriority())) {
                    throw new Violation(3, "call " + entered.getCallId() + " has another place here than its own");
                }
            }
        });
    }

    @Override
    public void configured(boolean everywhere) {
        configuredMs = everywhere ? world.instant().toEpochMilli() : Long.MAX_VALUE;
    }

    /**
     * The first call is bid, and to the agent who comes first by the rule where an agent's journal says who that is. What has been so for
     * less than a dispatch the queue need not have heard of yet; a bid of less than a dispatch ago is under way.
     */
    @Override
    public void queueBids(String agentId, AgentCommand.Bid bid) {
        long heardOf = world.instant().toEpochMilli() - DISPATCH_MS;
        boolean calm = isCalm();
        about("queue " + bid.queueId(), () -> {
            mayBeBorrowed(agentId, bid, calm, heardOf);
            if (configuredMs <= heardOf) {
                eligibility.check(agentId, bid, calm, heardOf);
            }
        });
        if (calm) {
            about("queue " + bid.queueId(), () -> {
                firstCall(agentId, bid, heardOf);
                firstAgent(agentId, bid, heardOf);
            });
        }
        bidMs.put(bid.callId(), world.instant().toEpochMilli());
        bidMs.put(bid.queueId() + " " + agentId, world.instant().toEpochMilli());
    }

    /** Only while all the queues of the agent say that they lend them, and none of them has a call for them. */
    private void mayBeBorrowed(String agentId, AgentCommand.Bid bid, boolean calm, long heardOf) {
        var served = world.directory().queuesOf(agentId);
        if (served.contains(bid.queueId()) || configuredMs > heardOf) {
            return;
        }
        for (var lender : lenders(agentId)) {
            if (!lends(lender, bid.queueId(), calm, heardOf)) {
                throw new Violation(
                        Violation.LENDING, "agent " + agentId + " is asked, whom queue " + lender + " does not lend");
            }
        }
        var agent = agents.get(agentId);
        calls.forEach((callId, call) -> {
            if (calm
                    && agent.freeSince(heardOf)
                    && mayBeBid(callId, call, heardOf)
                    && isFor(agentId, call)
                    && !agent.hasHadAsManyAs(world.directory().maxCallsPerHour(agentId), heardOf)
                    && served.contains(call.queued.getQueueId())
                    && !world.directory().isReserve(agentId, call.queued.getQueueId())
                    && call.arrived
                            .getBoxId()
                            .equals(world.setup().seats().get(agentId).boxId())
                    && isSkilledSince(agentId, call, heardOf)) {
                throw new Violation(
                        Violation.LENDING, "agent " + agentId + " is lent, and their own call " + callId + " waits");
            }
        });
    }

    /** A word that takes it back may have been lost, or is under way; then what was said before it runs to its end. */
    private boolean lends(String lender, String borrower, boolean calm, long heardOf) {
        var last = leases.get(lender + " " + borrower);
        var counts = calm && last != null && last.at().toEpochMilli() < heardOf
                ? last
                : longestLeases.get(lender + " " + borrower);
        return counts != null && counts.until().isAfter(world.instant());
    }

    private boolean isFor(String agentId, CallLedger call) {
        var only = call.onlyFor(world.instant().toEpochMilli());
        return only == null || only.equals(agentId);
    }

    /** By the simulation's own reading of being safe, as far as it is one: nobody has waited for more than half their time. */
    @Override
    public void queueLends(String borrower, QueueCommand.Lends said) {
        about("queue " + said.queueId(), () -> {
            leases.put(said.queueId() + " " + borrower, said);
            longestLeases.merge(
                    said.queueId() + " " + borrower,
                    said,
                    (one, other) -> other.until().isAfter(one.until()) ? other : one);
            long now = world.instant().toEpochMilli();
            var level = world.directory().queue(said.queueId()).routing().serviceLevel();
            if (!said.until().isAfter(said.at()) || configuredMs > now - DISPATCH_MS) {
                return;
            }
            if (level.isEmpty() || !level.get().lendTo().contains(borrower)) {
                throw new Violation(
                        Violation.LENDING, "lends agents to queue " + borrower + ", which may not have them");
            }
            queues.getOrDefault(said.queueId(), new QueueLedger())
                    .waiting
                    .values()
                    .forEach(waits -> {
                        if (waits.getWaitingSinceMs() + level.get().within().toMillis() / 2 < now) {
                            throw new Violation(
                                    Violation.LENDING,
                                    "lends agents while call " + waits.getCallId() + " waits for long");
                        }
                    });
        });
    }

    /** Its queue has had the time to hear that it waits, and no bid for it is under way. */
    private boolean mayBeBid(String callId, CallLedger call, long heardOf) {
        return call.waits()
                && !call.isHeld()
                && call.openMs < heardOf
                && bidMs.getOrDefault(callId, 0L) < heardOf
                && isOnBox(call);
    }

    private void firstCall(String agentId, AgentCommand.Bid bid, long heardOf) {
        if (configuredMs > heardOf) {
            return;
        }
        var bids = calls.get(bid.callId());
        // One that has moved on, of which its queue has not heard yet, is not compared by the rules of the other queue.
        if (!bids.isIn(bid.queueId()) || eligibility.isForThemAlone(agentId, bids)) {
            return;
        }
        calls.forEach((callId, call) -> {
            if (mayBeBid(callId, call, heardOf)
                    && call.queued.getQueueId().equals(bid.queueId())
                    && call.arrived.getBoxId().equals(bids.arrived.getBoxId())
                    && isSkilledSince(agentId, call, heardOf)
                    && before(call, bids)) {
                throw new Violation(
                        Violation.TURN, "call " + bid.callId() + " is bid, and it is the turn of call " + callId);
            }
        });
    }

    /** No call of another queue that they serve comes before it, counting the weights of the queues. */
    private void firstOfAllQueues(String agentId, AgentReserved reserved) {
        long heardOf = world.instant().toEpochMilli() - DISPATCH_MS;
        var taken = calls.get(reserved.getCallId());
        if (!isCalm()
                || configuredMs > heardOf
                || !taken.isIn(reserved.getQueueId())
                || eligibility.line(taken).isEmpty()
                || eligibility.isForThemAlone(agentId, taken)) {
            return;
        }
        var served = world.directory().queuesOf(agentId);
        calls.forEach((callId, call) -> {
            if (mayBeBid(callId, call, heardOf)
                    && served.contains(call.queued.getQueueId())
                    && !world.directory().isReserve(agentId, call.queued.getQueueId())
                    && call.arrived.getBoxId().equals(taken.arrived.getBoxId())
                    && isSkilledSince(agentId, call, heardOf)
                    && (!served.contains(reserved.getQueueId()) || weighed(call) < weighed(taken))) {
                throw new Violation(
                        Violation.TURN,
                        "is given call " + reserved.getCallId() + ", and it is the turn of call " + callId
                                + " of queue " + call.queued.getQueueId());
            }
        });
    }

    private long weighed(CallLedger call) {
        return countsSince(call) - routingOf(call).weight().toMillis();
    }

    /** By the simulation's own reading of the score. */
    private boolean before(CallLedger one, CallLedger other) {
        long ones = countsSince(one);
        long others = countsSince(other);
        return ones != others ? ones < others : waitingSince(one) < waitingSince(other);
    }

    private long countsSince(CallLedger call) {
        long worth = routingOf(call).priorityWorth().toMillis();
        return waitingSince(call) - (call.queued.getPriority() - 1) * worth;
    }

    private Routing routingOf(CallLedger call) {
        return world.directory().queue(call.queued.getQueueId()).routing();
    }

    /** As its queue has it: a caller who calls again may have got their place back. */
    private long waitingSince(CallLedger call) {
        return eligibility.line(call).orElseThrow().getWaitingSinceMs();
    }

    private void firstAgent(String agentId, AgentCommand.Bid bid, long heardOf) {
        var asked = agents.get(agentId);
        var strategy = world.directory().queue(bid.queueId()).routing().strategy();
        if (!RANKED.contains(strategy)
                || !asked.freeSince(heardOf)
                || !calls.get(bid.callId()).isIn(bid.queueId())
                || configuredMs > heardOf
                || dayBegan(heardOf) != dayBegan(world.instant().toEpochMilli())) {
            return;
        }
        long rank = rank(strategy, agentId, heardOf);
        var boxId = world.setup().seats().get(agentId).boxId();
        boolean isReserve = world.directory().isReserve(agentId, bid.queueId())
                || !world.directory().serves(agentId, bid.queueId());
        agents.forEach((otherId, other) -> {
            if (other.freeSince(heardOf)
                    && !other.hasHadAsManyAs(world.directory().maxCallsPerHour(otherId), heardOf)
                    && bidMs.getOrDefault(bid.queueId() + " " + otherId, 0L) < heardOf
                    && world.directory().serves(otherId, bid.queueId())
                    && world.setup().seats().get(otherId).boxId().equals(boxId)
                    && isSkilledSince(otherId, calls.get(bid.callId()), heardOf)
                    && !world.directory().isReserve(otherId, bid.queueId())
                    && (isReserve || rank(strategy, otherId, heardOf) < rank)) {
                throw new Violation(
                        Violation.TURN,
                        "agent " + agentId + " is asked, and " + otherId + " comes first by " + strategy);
            }
        });
    }

    /** Who has the least comes first. */
    private long rank(Strategy strategy, String agentId, long ms) {
        return switch (strategy) {
            case FEWEST_CALLS -> callsToday(agentId, ms);
            case LEAST_TALK_TIME -> talkedToday(agentId, ms);
            default -> agents.get(agentId).idleSinceMs;
        };
    }

    private static void about(String whom, Runnable check) {
        try {
            check.run();
        } catch (Violation violation) {
            throw new Violation(violation.invariant(), whom + ": " + violation.getMessage());
        }
    }

    @Override
    public void boxTouched(Station station, String callId) {
        if (station.box().together(callId) > 2) {
            throw new Violation(2, "call " + callId + ": two agents are connected to one caller");
        }
    }

    // What may not last

    /** To be called whenever time is about to go on: what changes within one moment has not lasted. */
    @Override
    public void momentOver() {
        if (world.now() < healAt) {
            return;
        }
        var wrong = new ArrayList<Wrong>();
        calls.forEach((callId, call) -> lookAtCall(callId, call, wrong));
        queues.forEach((queueId, queue) -> queue.waiting.keySet().forEach(callId -> {
            var call = calls.get(callId);
            // One it has left, or that has heard late that it came, may think so for a moment; only its own can give it
            // away.
            if (!call.alive() || call.talks() || !call.isIn(queueId)) {
                wrong.add(new Wrong(4, "queue " + queueId + " holds a call that does not wait", callId));
            }
        }));
        world.agents().keySet().forEach(agentId -> lookAtAgent(agentId, wrong));
        world.stations().values().forEach(station -> lookAtBox(station, wrong));
        lookForIdleness(wrong);
        lookAtWhoIsLent(wrong);
        judge(wrong);
    }

    private void judge(List<Wrong> wrong) {
        var since = new HashMap<Wrong, Long>();
        for (var one : wrong) {
            long first = wrongSince.getOrDefault(one, world.now());
            since.put(one, first);
            boolean lent = one.invariant() == Violation.LENDING;
            boolean brisk = lent || one.invariant() == 6 || one.invariant() == Violation.REACH;
            long allowed = lent ? LENDING_MS : brisk ? DISPATCH_MS : STUCK_MS;
            // Until everybody has heard of everybody again, an agent and a caller may not know of each other.
            boolean early = brisk && healAt > 0 && first < healAt + STUCK_MS;
            if (world.now() - first > allowed && !early) {
                throw new Violation(
                        one.invariant(), one.what() + ": " + one.who() + ", for " + (world.now() - first) + " ms");
            }
            if (early) {
                since.put(one, Math.max(first, Math.min(world.now(), healAt + STUCK_MS)));
            }
        }
        wrongSince = since;
    }

    private void lookAtCall(String callId, CallLedger call, List<Wrong> wrong) {
        if (!call.alive()) {
            return;
        }
        if (!isOnBox(call)) {
            // One that sleeps, and that neither queue nor agent knows, keeps nobody waiting but its record: invariant
            // 5.
            if (world.calls().get(callId).alive()) {
                wrong.add(new Wrong(4, "a call lives whose caller is gone", callId));
            }
        } else if (call.queued == null && call.outside() == null && call.left == null) {
            wrong.add(new Wrong(4, "a call neither waits nor ends", callId));
        } else if (call.left != null) {
            return;
        } else if (call.talks() && boxOf(call).together(callId) != 2) {
            wrong.add(new Wrong(4, "caller and agent talk and do not hear each other", callId));
        } else if (!call.talks() && call.outside() != null) {
            lookAtRinging(callId, call, wrong);
        } else if (!call.talks()) {
            lookAtWaiting(callId, call, wrong);
        }
        for (var offer : call.offered.values()) {
            if (CallLedger.isOutside(offer)) {
                continue;
            }
            var agentId = offer.getAgentId();
            if (call.hasToStop(offer)) {
                wrong.add(new Wrong(4, "the phone of agent " + agentId + " does not stop", callId));
                continue;
            }
            var knows = world.agentView(agentId)
                    .filter(view -> callId.equals(view.callId()))
                    .filter(view -> view.phase() == (call.talks() ? View.AgentPhase.TALKING : View.AgentPhase.RINGING))
                    .isPresent();
            if (!knows) {
                wrong.add(new Wrong(4, "agent " + agentId + " does not know how the offer stands", callId));
            }
        }
    }

    private void lookAtRinging(String callId, CallLedger call, List<Wrong> wrong) {
        long most = call.outside().getRingSeconds() * 1_000L + 2 * Timing.RING_GRACE.toMillis();
        boolean tooLong = world.instant().toEpochMilli() > call.dialledMs + most;
        if (tooLong && world.stations().get(call.arrived.getBoxId()).linked()) {
            wrong.add(new Wrong(4, "a number outside rings for too long", callId));
        }
    }

    private void lookAtWaiting(String callId, CallLedger call, List<Wrong> wrong) {
        if (waitsTooLong(call)) {
            wrong.add(new Wrong(4, "a call waits for longer than its queue lets it", callId));
        }
        if (waitsForNobody(call)) {
            wrong.add(new Wrong(4, "a caller waits for an agent who is logged out", callId));
        }
        if (call.isHeld() && call.asked.getUntilMs() < world.instant().toEpochMilli()) {
            wrong.add(new Wrong(4, "a call waits for a decision hook beyond its deadline", callId));
        }
        if (hasPressedTheKey(callId, call)) {
            wrong.add(new Wrong(4, "a caller has pressed the key and is still there", callId));
        }
        var queue = queues.get(call.queued.getQueueId());
        if (queue == null || !queue.waiting.containsKey(callId)) {
            wrong.add(new Wrong(4, "a call waits unknown to its queue", callId));
        }
    }

    private boolean waitsForNobody(CallLedger call) {
        var queueId = call.queued.getQueueId();
        return call.waits()
                && call.waitsForOneAgent()
                && world.stations().get(call.arrived.getBoxId()).linked()
                && world.agentView(queueId.substring(CallLedger.ONE_AGENT.length()))
                        .filter(view -> view.phase() != View.AgentPhase.LOGGED_OUT)
                        .isEmpty();
    }

    private boolean waitsTooLong(CallLedger call) {
        var queueId = call.queued.getQueueId();
        return call.waits()
                && (call.waitsForOneAgent() || !call.hasLeftBy(queueId, LeftBy.LONGEST_WAIT))
                && world.stations().get(call.arrived.getBoxId()).linked()
                && world.directory()
                        .queue(queueId)
                        .waiting()
                        .limit(Limit.Kind.LONGEST_WAIT)
                        .filter(limit -> isSomewhere(limit.target(), call))
                        .filter(limit -> world.instant().toEpochMilli()
                                > Math.max(call.enteredMs + mostSeconds(call, limit) * 1_000L, call.openMs))
                        .isPresent();
    }

    private static int mostSeconds(CallLedger call, Limit limit) {
        return call.waitsForOneAgent() ? call.queued.getAgentSeconds() : limit.amount();
    }

    private boolean hasPressedTheKey(String callId, CallLedger call) {
        var queueId = call.queued.getQueueId();
        long calm = Math.max(configuredMs, Clockwork.START.toEpochMilli() + (healAt == 0 ? 0 : healAt + STUCK_MS));
        return world.directory()
                .queue(queueId)
                .waiting()
                .leaveKey()
                .filter(key -> isSomewhere(key.target(), call)
                        && !(key.target() instanceof Target.ToAgent agent
                                && call.wasLoggedOut(CallLedger.ONE_AGENT + agent.agentId())))
                .filter(key -> presses(callId, call).stream()
                        .anyMatch(press ->
                                press.digit().equals(key.digit()) && press.atMs() > Math.max(calm, call.notReachedMs)))
                .isPresent();
    }

    private boolean isSomewhere(Target target, CallLedger call) {
        if (target instanceof Target.ToAgent agent) {
            return world.directory().agents().containsKey(agent.agentId());
        }
        if (target instanceof Target.ToNumber) {
            return world.directory().trunks().containsKey(call.arrived.getBoxId());
        }
        return !(target instanceof Target.OtherQueue other)
                || (world.directory().queues().containsKey(other.queueId())
                        && !other.queueId().equals(call.queued.getQueueId()));
    }

    private void lookAtAgent(String agentId, List<Wrong> wrong) {
        var view = world.agentView(agentId).orElse(null);
        if (view != null && view.returnAt() != null && view.returnAt().isBefore(world.instant())) {
            wrong.add(new Wrong(4, "an agent does not come back from a missed call", agentId));
        }
        if (view != null && view.phase() == View.AgentPhase.READY && isToldOfYesterday(agentId)) {
            wrong.add(new Wrong(Violation.DAY, "a queue knows an agent's day of yesterday", agentId));
        }
        if (view != null && view.phase() == View.AgentPhase.READY && isSilent(agentId)) {
            wrong.add(new Wrong(Violation.DESKTOP, "an agent whose desktop is lost stays ready", agentId));
        }
        if (view != null && view.phase() == View.AgentPhase.READY && isUnplugged(agentId)) {
            wrong.add(new Wrong(Violation.REACH, "an agent is ready whose phone cannot be reached", agentId));
        }
        if (view != null
                && "seat-unreachable".equals(view.reason())
                && plugOf(agentId).in()) {
            wrong.add(new Wrong(Violation.REACH, "an agent is not back whose phone can be reached", agentId));
        }
        if (view == null || view.callId() == null) {
            return;
        }
        var call = calls.get(view.callId());
        var what = "an agent is " + view.phase() + " for a call that is not theirs";
        switch (view.phase()) {
            case RESERVED -> wrong.add(new Wrong(4, "an agent stays reserved", agentId + " for " + view.callId()));
            case RINGING, TALKING -> {
                boolean talks = view.phase() == View.AgentPhase.TALKING;
                var offer = call == null ? null : call.offerTo(agentId);
                if (offer == null || !call.alive() || call.hasToStop(offer) || call.talks() != talks) {
                    wrong.add(new Wrong(4, what, agentId + " for " + view.callId()));
                }
            }
            case LOGGED_OUT, NOT_READY, READY, WRAP_UP -> {}
        }
    }

    private boolean isToldOfYesterday(String agentId) {
        long today = dayBegan(world.instant().toEpochMilli());
        return world.directory().queuesOf(agentId).stream()
                .map(queueId -> toldDays.get(queueId + " " + agentId))
                .anyMatch(told -> told != null && !told.nothing() && told.dayMs() != today);
    }

    /** Who came back from a crash at the healing has heard nothing before it. */
    private boolean isSilent(String agentId) {
        long since = Math.max(healAt, beatMs.getOrDefault(agentId, 0L));
        return agents.get(agentId).watched
                && world.now() - since > Deciders.DESKTOPS.lostAfter().toMillis();
    }

    private void lookAtBox(Station station, List<Wrong> wrong) {
        for (var here : station.box().inventory()) {
            var call = calls.get(here.callId());
            if (call == null) {
                wrong.add(new Wrong(4, "nobody decides for a caller", here.callId()));
                continue;
            }
            for (var leg : here.legs()) {
                boolean callers = leg.legId().equals(call.arrived.getLegId());
                if (call.ended != null) {
                    wrong.add(new Wrong(4, "a phone is kept by a call that has ended", leg.legId()));
                } else if (!callers && !call.wants(leg.legId())) {
                    wrong.add(new Wrong(4, "a phone rings for an offer that is over", leg.legId()));
                }
            }
        }
        station.box().inSilence().forEach(callId -> wrong.add(new Wrong(4, "a caller waits in silence", callId)));
    }

    private void lookForIdleness(List<Wrong> wrong) {
        calls.forEach((callId, call) -> {
            boolean servable = call.waits()
                    && !call.isHeld()
                    && world.stations().get(call.arrived.getBoxId()).linked()
                    && isOnBox(call);
            if (!servable) {
                return;
            }
            for (var agentId : world.agents().keySet()) {
                var view = world.agentView(agentId).orElse(null);
                if (view != null
                        && view.phase() == View.AgentPhase.READY
                        && !agents.get(agentId)
                                .hasHadAsManyAs(
                                        world.directory().maxCallsPerHour(agentId),
                                        world.instant().toEpochMilli())
                        && world.directory().serves(agentId, call.queued.getQueueId())
                        && eligibility.needsNoReserves(agentId, call)
                        && eligibility.mayHave(agentId, call, world.instant().toEpochMilli())
                        && world.setup().seats().get(agentId).boxId().equals(call.arrived.getBoxId())) {
                    wrong.add(new Wrong(6, "a call waits and an agent is ready", callId + ", " + agentId));
                }
                if (view != null
                        && view.phase() == View.AgentPhase.READY
                        && !agents.get(agentId)
                                .hasHadAsManyAs(
                                        world.directory().maxCallsPerHour(agentId),
                                        world.instant().toEpochMilli())
                        && couldBeLent(agentId, call)) {
                    wrong.add(new Wrong(
                            Violation.LENDING, "a call waits and an agent could be lent", callId + ", " + agentId));
                }
            }
        });
    }

    private boolean couldBeLent(String agentId, CallLedger call) {
        var queueId = call.queued.getQueueId();
        var lenders = lenders(agentId);
        return !lenders.isEmpty()
                && !world.directory().serves(agentId, queueId)
                && stands(queueId, "AT_RISK")
                && lenders.stream()
                        .allMatch(lender -> stands(lender, "SAFE")
                                && world.directory().lendTo(lender).contains(queueId))
                && eligibility.mayHave(agentId, call, world.instant().toEpochMilli())
                && world.setup().seats().get(agentId).boxId().equals(call.arrived.getBoxId());
    }

    /** What queues say of it, against what the agents say. Whom another configuration found at work may be counted by the one before. */
    private void lookAtWhoIsLent(List<Wrong> wrong) {
        var busy = world.agents().keySet().stream()
                .flatMap(agentId -> world.agentView(agentId).stream())
                .filter(view -> BUSY.contains(view.phase()))
                .toList();
        // Nor is one counted whose queue had bid for them before it heard that they have nothing to do with it any
        // more.
        if (busy.stream()
                .anyMatch(view -> agents.get(view.id()).busyMs <= configuredMs
                        || !world.directory().queuesAround(view.id()).contains(view.queueId()))) {
            return;
        }
        for (var queueId : world.directory().queues().keySet()) {
            long borrowed = busy.stream()
                    .filter(view -> queueId.equals(view.queueId()) && !serves(view.id(), queueId))
                    .count();
            long lent = busy.stream()
                    .filter(view -> serves(view.id(), queueId) && !serves(view.id(), view.queueId()))
                    .count();
            world.queueView(queueId)
                    .filter(view -> view.borrowed() != borrowed || view.lent() != lent)
                    .ifPresent(view -> wrong.add(new Wrong(4, "a queue does not know who is lent", queueId)));
        }
    }

    private boolean serves(String agentId, String queueId) {
        return world.directory().serves(agentId, queueId);
    }

    /** What they serve by their own entry. */
    private List<String> lenders(String agentId) {
        return world.directory().agents().get(agentId).queueIds();
    }

    private boolean stands(String queueId, String standing) {
        return world.queueView(queueId)
                .map(View.OfQueue::level)
                .filter(level -> level.standing().equals(standing))
                .isPresent();
    }

    /** A step may ask for something else than the one before, not only for less. */
    private boolean isSkilledSince(String agentId, CallLedger call, long heardOf) {
        return eligibility.mayHave(agentId, call, heardOf)
                && eligibility.mayHave(agentId, call, world.instant().toEpochMilli());
    }

    /** Their own, or the one they had here when they called before and left without having been served; they may have moved on meanwhile. */
    private boolean isPlaceOf(CallLedger call, String queueId, long waitingSinceMs) {
        return call.queued.getWaitingSinceMs() == waitingSinceMs
                || calls.values().stream()
                        .anyMatch(other -> other.ended != null
                                && other.ended.getOutcome() != CallOutcome.ANSWERED
                                && other.queued != null
                                && other.arrived.getCallerNumber().equals(call.arrived.getCallerNumber())
                                && other.queued.getQueueId().equals(queueId)
                                && other.queued.getWaitingSinceMs() == waitingSinceMs);
    }

    private SimulatedBox boxOf(CallLedger call) {
        return world.stations().get(call.arrived.getBoxId()).box();
    }

    private boolean isOnBox(CallLedger call) {
        return boxOf(call).has(call.arrived.getLegId());
    }

    // At the end

    @Override
    public boolean isUnended(String callId) {
        return calls.containsKey(callId) && calls.get(callId).alive();
    }

    @Override
    public boolean allEnded() {
        return calls.values().stream().noneMatch(CallLedger::alive)
                && world.stations().values().stream().allMatch(this::allRecorded);
    }

    /** A telephony node that was not heard when a caller came and left says it again after a minute, at the latest. */
    private boolean allRecorded(Station station) {
        return station.box().experiences().stream()
                .allMatch(caller -> calls.containsKey(caller.callId())
                        || caller.endedAt()
                                .filter(endedAt -> !station.sawBetween(caller.arrivedAt(), endedAt))
                                .isPresent());
    }

    /** Invariant 5: one record for each caller, which says what they lived through; and the sums. */
    @Override
    public void settleAccounts() {
        Map<CallOutcome, Integer> sums = new TreeMap<>();
        Set<String> callers = new HashSet<>();
        for (var station : world.stations().values()) {
            Map<String, Ring> rings = new HashMap<>();
            station.box().rings().forEach(ring -> rings.put(ring.legId(), ring));
            for (var caller : station.box().experiences()) {
                callers.add(caller.callId());
                about("call " + caller.callId(), () -> {
                    var call = calls.get(caller.callId());
                    if (call == null
                            && !station.sawBetween(
                                    caller.arrivedAt(), caller.endedAt().orElseThrow())) {
                        return;
                    }
                    if (call == null || call.ended == null) {
                        throw new Violation(5, "a caller has left no record");
                    }
                    sums.merge(call.ended.getOutcome(), 1, Integer::sum);
                    compare(caller, call, rings);
                });
            }
        }
        if (!callers.containsAll(calls.keySet())) {
            throw new Violation(5, "there is a record of a caller who never was");
        }
        int offered = calls.size();
        int accounted = sums.values().stream().mapToInt(Integer::intValue).sum();
        if (offered != accounted || sums.containsKey(CallOutcome.CALL_OUTCOME_UNSPECIFIED)) {
            throw new Violation(5, "the numbers do not add up: " + offered + " calls, " + sums);
        }
    }

    private void compare(Experience caller, CallLedger call, Map<String, Ring> rings) {
        var ended = call.ended;
        boolean calm = Clockwork.millis(caller.arrivedAt()) >= (healAt == 0 ? 0 : healAt + STUCK_MS);
        var talks = caller.connections();
        for (int i = 1; i < talks.size(); i++) {
            if (talks.get(i).from().isBefore(talks.get(i - 1).to().orElseThrow())) {
                throw new Violation(2, "the caller heard two agents at a time");
            }
        }
        if (call.talk != null) {
            var ring = rings.get(call.talk.getLegId());
            if (ring == null || ring.answeredAt().isEmpty()) {
                throw new Violation(5, "the record says answered, and nobody picked up");
            }
        }
        var kept = talks.stream()
                .filter(talk -> !call.takenBack.contains(talk.legId()))
                .toList();
        if (!kept.isEmpty()) {
            var talk = kept.get(kept.size() - 1);
            if (call.talk == null
                    || !talk.legId().equals(call.talk.getLegId())
                    || !endpointOf(call.talk).equals(talk.endpoint())) {
                throw new Violation(5, "the caller talked to " + talk.endpoint() + ", the record says " + ended);
            }
            if (calm) {
                var answeredMs = call.talksOutside() ? ended.getLeftMs() : ended.getAnsweredMs();
                near("answered", talk.from().toEpochMilli(), answeredMs);
            }
        } else if (calm && call.talk != null && !justPickedUp(caller, rings.get(call.talk.getLegId()))) {
            throw new Violation(5, "the record says answered, and the caller heard nobody");
        }
        if (calm) {
            near("ended", caller.endedAt().orElseThrow().toEpochMilli(), ended.getEndedMs());
            var first = caller.connections().isEmpty()
                    ? caller.endedBy()
                    : caller.connections().get(0).endedBy();
            var by =
                    switch (first.orElseThrow()) {
                        case CALLER -> EndedBy.CALLER;
                        case SEAT -> call.talksOutside() ? EndedBy.OUTSIDE : EndedBy.AGENT;
                        case CARILLON -> EndedBy.SYSTEM;
                        case BOX -> EndedBy.BOX;
                    };
            // They hung up in the moment between the end of the announcement, or of the ringing outside, and being hung
            // up on.
            var crossed = by == EndedBy.CALLER
                    && ended.getEndedBy() == EndedBy.SYSTEM
                    && (ended.getOutcome() == CallOutcome.OVERFLOWED || ended.getOutcome() == CallOutcome.REJECTED);
            if (ended.getEndedBy() != by && !crossed) {
                throw new Violation(5, "the call was ended by " + by + ", the record says " + ended.getEndedBy());
            }
        }
    }

    private String endpointOf(OfferStarted talk) {
        return CallLedger.isOutside(talk)
                ? "SIM/" + talk.getNumber() + "@trunk"
                : world.setup().seats().get(talk.getAgentId()).endpoint();
    }

    /** The caller hung up while the two were being put through to each other: answered, as the agent's phone was, and over at once. */
    private static boolean justPickedUp(Experience caller, Ring ring) {
        var ended = caller.endedAt().orElseThrow();
        var answered = ring.answeredAt().orElseThrow();
        return !answered.isAfter(ended) && answered.plusMillis(TOLERANCE_MS).isAfter(ended);
    }

    private static void near(String what, long lived, long recorded) {
        if (Math.abs(lived - recorded) > TOLERANCE_MS) {
            throw new Violation(5, what + " at " + lived + ", the record says " + recorded);
        }
    }
}
