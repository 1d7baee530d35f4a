package dev.carillon.simulation;

import dev.carillon.core.Directory;
import dev.carillon.core.Directory.DialledNumber;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.staffing.ErlangA;
import dev.carillon.core.staffing.ErlangC;
import dev.carillon.core.staffing.Load;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Reaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The real deciders against the mathematics of queues, where that has an answer: one queue, agents who are all alike, calls that come and
 * last by chance ({@link Load}), and callers who never give up ({@link ErlangC}) or do so by chance ({@link ErlangA}).
 *
 * <p>Each replication has chance of its own, begins with an empty contact centre, and does not count the calls until it has settled
 * down. So the replications are independent of each other, and a t interval over them is fair. It is wide all the same, because the waits
 * of one busy hour have much to do with each other: a day of calls says little. So the very same calls (when they come, how long they take,
 * when they give up) go through the textbook's queue too, which is a few lines: whoever comes first gets the agent who is free first. What a
 * caller waits longer here than there is Carillon's doing alone, and is known far better (until a caller gives up here in the very moment in which
 * an agent is free there: from then on the days differ); and of the textbook's queue by itself, millions of calls cost nothing. The sum of the two is as good an estimate of what Carillon does, with a narrow interval (a control variate).
 *
 * <p>A wait ends when the agent's phone is told to ring; what the phone and its owner need comes on top, and is not the queue's affair.
 */
final class Textbook {

    /** What is compared. */
    enum Measure {
        WAITING("callers who wait"),
        MEAN_WAIT("mean wait, s"),
        GIVING_UP("callers who give up"),
        IN_TIME("answered in 15 s");

        private final String inWords;

        Measure(String inWords) {
            this.inWords = inWords;
        }

        String inWords() {
            return inWords;
        }

        /** Of one caller. */
        private double of(Wait wait) {
            return switch (this) {
                case WAITING -> wait.ms() > MESSAGES_MS ? 1 : 0;
                case MEAN_WAIT -> wait.ms() / 1_000.0;
                case GIVING_UP -> wait.answered() ? 0 : 1;
                case IN_TIME -> wait.answered() && wait.ms() <= IN_TIME_SECONDS * 1_000 ? 1 : 0;
            };
        }
    }

    /** @param patienceSeconds on average; infinite where nobody gives up */
    record Case(Load load, double patienceSeconds) {
        boolean patient() {
            return Double.isInfinite(patienceSeconds);
        }

        double formula(Measure measure) {
            var c = new ErlangC(load);
            if (patient()) {
                return switch (measure) {
                    case WAITING -> c.waiting();
                    case MEAN_WAIT -> c.meanWaitSeconds();
                    case GIVING_UP -> 0;
                    case IN_TIME -> c.answeredWithin(IN_TIME_SECONDS);
                };
            }
            var a = new ErlangA(load, patienceSeconds);
            return switch (measure) {
                case WAITING -> a.waiting();
                case MEAN_WAIT -> a.meanWaitSeconds();
                case GIVING_UP -> a.abandoning();
                case IN_TIME -> a.answeredWithin(IN_TIME_SECONDS);
            };
        }
    }

    /**
     * How often, how long.
     *
     * @param settling calls at the beginning of each replication that do not count
     * @param counted calls of each replication that do
     */
    record Effort(long seed, int replications, int settling, int counted) {
        /** The textbook's queue by itself needs no real deciders. */
        private Effort alone() {
            return new Effort(seed + 1, 100, 10 * settling, 100_000);
        }
    }

    /** One caller: when they come, for how long they keep an agent, for how long they would wait. In milliseconds. */
    record Customer(long comes, long takes, long patience) {}

    /** @param ms until the agent's phone was told to ring, or until the caller gave up */
    record Wait(long ms, boolean answered) {}

    /** What one replication comes to, here and in the textbook's queue. */
    private record Replication(Map<Measure, Double> here, Map<Measure, Double> there) {}

    private static final double IN_TIME_SECONDS = 15;

    /** The way of a few messages is no wait. */
    private static final long MESSAGES_MS = 50;

    static final String BOX = "box";
    static final String QUEUE = "queue";
    static final Duration FOR_EVER = Duration.ofDays(1_000);

    private final Case question;
    private final List<Replication> replications;
    private final List<Map<Measure, Double>> alone;

    private Textbook(Case question, List<Replication> replications, List<Map<Measure, Double>> alone) {
        this.question = question;
        this.replications = replications;
        this.alone = alone;
    }

    /** @param wrapUpSeconds of the queue: 0, but for a test that wants to see a difference */
    static Textbook run(Deciders deciders, Case question, Effort effort, int wrapUpSeconds) {
        var replications = IntStream.range(0, effort.replications())
                .parallel()
                .mapToObj(number -> {
                    var random = chance(effort, number);
                    var customers = customers(question, random, effort);
                    var here = simulated(deciders, question, customers, random.nextLong(), wrapUpSeconds);
                    var there = inTheTextbook(customers, question.load().agents());
                    return new Replication(outcome(here, effort), outcome(there, effort));
                })
                .toList();
        var alone = effort.alone();
        return new Textbook(
                question,
                replications,
                IntStream.range(0, alone.replications())
                        .parallel()
                        .mapToObj(number -> outcome(
                                inTheTextbook(
                                        customers(question, chance(alone, number), alone),
                                        question.load().agents()),
                                alone))
                        .toList());
    }

    private static SplittableRandom chance(Effort effort, int replication) {
        return Chance.of(effort.seed() * 1_000_003 + replication);
    }

    private static List<Customer> customers(Case question, SplittableRandom random, Effort effort) {
        int count = effort.settling() + effort.counted();
        var customers = new ArrayList<Customer>(count);
        double now = 60;
        for (int i = 0; i < count; i++) {
            now += exponential(random, 1 / question.load().callsPerSecond());
            double takes = exponential(random, question.load().handlingSeconds());
            double patience = exponential(random, 1) * question.patienceSeconds();
            customers.add(new Customer(
                    Math.round(now * 1_000),
                    Math.round(takes * 1_000),
                    question.patient() ? FOR_EVER.toMillis() : Math.round(patience * 1_000)));
        }
        return customers;
    }

    static double exponential(SplittableRandom random, double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    /** Served in the order in which they come, each by the agent who is free first. */
    static List<Wait> inTheTextbook(List<Customer> customers, int agents) {
        var free = new PriorityQueue<Long>();
        for (int i = 0; i < agents; i++) {
            free.add(0L);
        }
        var waits = new ArrayList<Wait>(customers.size());
        for (var customer : customers) {
            long begins = Math.max(customer.comes(), free.element());
            long wait = begins - customer.comes();
            if (wait <= customer.patience()) {
                free.remove();
                free.add(begins + customer.takes());
                waits.add(new Wait(wait, true));
            } else {
                waits.add(new Wait(customer.patience(), false));
            }
        }
        return waits;
    }

    private static List<Wait> simulated(
            Deciders deciders, Case question, List<Customer> customers, long seed, int wrapUpSeconds) {
        var waits = new Waits();
        var agents = IntStream.rangeClosed(1, question.load().agents())
                .mapToObj(i -> "a" + i)
                .toList();
        var world = World.calm(seed, deciders, setup(agents, wrapUpSeconds), waits);
        for (var agentId : agents) {
            var seat = world.setup().seats().get(agentId);
            world.box(BOX).seat(seat.endpoint(), () -> new Reaction.Answers(Duration.ZERO, FOR_EVER));
            world.ask(agentId, new AgentCommand.LogIn(seat, Instant.MAX));
        }
        world.runUntil(1_000);
        agents.forEach(agentId -> world.ask(agentId, new AgentCommand.SetReady()));
        var callIds = new ArrayList<String>(customers.size());
        for (var customer : customers) {
            var caller = new Caller(
                    "", "", QUEUE, Duration.ofMillis(customer.patience()), Duration.ofMillis(customer.takes()));
            callIds.add(world.arrive(BOX, caller, customer.comes()));
        }
        for (long until = customers.get(customers.size() - 1).comes();
                waits.of.size() < customers.size();
                until += 60_000) {
            world.runUntil(until);
        }
        return callIds.stream().map(waits.of::get).toList();
    }

    /** One queue, behind a number of the same name, and agents who are all alike. */
    static Setup setup(List<String> agentIds, int wrapUpSeconds) {
        var seats = new HashMap<String, Seat>();
        var agents = new HashMap<String, Directory.Agent>();
        for (var agentId : agentIds) {
            seats.put(agentId, new Seat("seat-" + agentId, BOX, "SIM/" + agentId));
            agents.put(agentId, new Directory.Agent(agentId, agentId, List.of(QUEUE)));
        }
        var queue = new Directory.Queue(QUEUE, QUEUE, Routing.PLAIN, new Handling(20, wrapUpSeconds), Waiting.PLAIN);
        var directory = new Directory(
                Map.of(QUEUE, queue), agents, Map.of(QUEUE, new DialledNumber(QUEUE, QUEUE, 5)), Map.of());
        return new Setup(List.of(BOX), seats, directory, 1, 1);
    }

    /** Reads them from the calls' journals as they are written. */
    private static final class Waits implements Witness {

        final Map<String, Wait> of = new HashMap<>();
        private final Map<String, Long> arrived = new HashMap<>();

        @Override
        public void callWrote(String callId, CallEvent event) {
            if (event.hasArrived()) {
                arrived.put(callId, event.getArrived().getArrivedMs());
            } else if (event.hasOfferStarted()) {
                of.putIfAbsent(callId, new Wait(event.getAtMs() - arrived.get(callId), true));
            } else if (event.hasEnded() && event.getEnded().getOutcome() == CallOutcome.ABANDONED) {
                of.put(callId, new Wait(event.getEnded().getEndedMs() - arrived.get(callId), false));
            }
        }
    }

    // What comes of it

    /** As it came out with the real deciders. */
    Interval simulated(Measure measure) {
        return Interval.of(replications.stream()
                .mapToDouble(one -> one.here().get(measure))
                .toArray());
    }

    /** By how much the same callers fared differently from those in the textbook's queue. */
    Interval difference(Measure measure) {
        return Interval.of(replications.stream()
                .mapToDouble(one -> one.here().get(measure) - one.there().get(measure))
                .toArray());
    }

    /** What the real deciders do, known better: the textbook's queue as it is in the long run, and the difference. */
    Interval narrowed(Measure measure) {
        var longRun =
                Interval.of(alone.stream().mapToDouble(one -> one.get(measure)).toArray());
        var difference = difference(measure);
        return new Interval(longRun.mean() + difference.mean(), Math.hypot(longRun.half(), difference.half()));
    }

    double formula(Measure measure) {
        return question.formula(measure);
    }

    private static Map<Measure, Double> outcome(List<Wait> waits, Effort effort) {
        var counted = waits.subList(effort.settling(), waits.size());
        var outcome = new EnumMap<Measure, Double>(Measure.class);
        for (var measure : Measure.values()) {
            outcome.put(
                    measure, counted.stream().mapToDouble(measure::of).average().orElseThrow());
        }
        return outcome;
    }
}
