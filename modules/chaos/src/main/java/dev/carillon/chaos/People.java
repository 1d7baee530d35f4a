package dev.carillon.chaos;

import dev.carillon.telephony.running.RunningBox;
import dev.carillon.telephony.running.SimulatedBoxServer;
import dev.carillon.telephony.running.SimulatedBoxes;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Reaction;
import dev.carillon.telephony.simulated.Ring;
import dev.carillon.telephony.simulated.Witness;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The boxes, in this process so that they outlive every node; those who call, those who answer, and what each of them lives through. That is the
 * truth that everything recorded is compared with.
 */
public final class People implements AutoCloseable {

    private static final long FIRST_CALLER = 40_000_000_000L;
    private static final long TICK_MILLIS = 2;

    /** Who has a box again first asks it what it has, and then tells the calls. */
    private static final Duration TAKES_STOCK = Duration.ofSeconds(3);

    private static final int ANSWERED_AFTER_LEAST_MILLIS = 200;
    private static final int ANSWERED_AFTER_SPREAD_MILLIS = 1_500;

    /** One ring in so many is declined, and one in so many is not heard. */
    private static final int DECLINED = 25;

    private static final int UNHEARD = 25;

    /** One agent in so many hangs up first. */
    private static final int BRIEF = 4;

    private final Plan plan;
    private final List<RunningBox> boxes;
    private final SimulatedBoxServer server;
    private final Map<String, Experience> here = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Experience> left = new ConcurrentLinkedQueue<>();
    private final Map<String, Ring> ringing = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Ring> rang = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Instant> told = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "clock-of-people");
        thread.setDaemon(true);
        return thread;
    });
    private final SplittableRandom random;
    private long nextAtNanos;
    private long number;
    private volatile boolean calling;
    private volatile RuntimeException failure;

    /** @param host where nodes reach the boxes */
    public People(Plan plan, String host) {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed());
        IntStream.range(0, plan.boxes()).forEach(box -> SimulatedBoxes.scrap(Plan.boxId(box)));
        this.boxes = IntStream.range(0, plan.boxes())
                .mapToObj(box -> SimulatedBoxes.box(Plan.boxId(box)))
                .toList();
        this.server = SimulatedBoxServer.start(new InetSocketAddress(host, 0));
        for (var box = 0; box < boxes.size(); box++) {
            var chance = new SplittableRandom(plan.seed() * 31 + box);
            boxes.get(box).witness(new Diary());
            boxes.get(box).otherSeats(() -> reaction(chance));
        }
        var unused = clock.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Of the box of this number, as a node is to be told. */
    public String address() {
        return "tcp://" + server.host() + ":" + server.port();
    }

    public RunningBox box(int box) {
        return boxes.get(box);
    }

    private Reaction reaction(SplittableRandom chance) {
        var after = ANSWERED_AFTER_LEAST_MILLIS + chance.nextInt(ANSWERED_AFTER_SPREAD_MILLIS);
        var fate = chance.nextInt(DECLINED * UNHEARD);
        if (fate % DECLINED == 1) {
            return new Reaction.Declines(Duration.ofMillis(after));
        }
        if (fate % UNHEARD == 2) {
            return new Reaction.Unanswered();
        }
        // Who does not hang up first stays for longer than any caller.
        var talk = chance.nextInt(BRIEF) == 0 ? plan.talkMillis() / 2 : plan.talkMillis() * 10 + 60_000;
        return new Reaction.Answers(Duration.ofMillis(after), Duration.ofMillis(talk));
    }

    // ---- callers

    /** From now on people call. */
    public void begin() {
        nextAtNanos = System.nanoTime();
        calling = true;
    }

    /** Nobody comes any more; who is here stays. */
    public void noMore() {
        calling = false;
    }

    /** One caller, now. @return the id of the call */
    public String call(int box, int queue, Duration patience, Duration talk) {
        return boxes.get(box)
                .arrive(new Caller(
                        String.valueOf(FIRST_CALLER + nextNumber()), "", Plan.number(queue), patience, talk));
    }

    private synchronized long nextNumber() {
        return number++;
    }

    private void tick() {
        try {
            while (calling && System.nanoTime() - nextAtNanos >= 0) {
                nextAtNanos += (long) (-Math.log(1 - random.nextDouble()) / plan.callsPerSecond() * 1e9);
                call(
                        random.nextInt(plan.boxes()),
                        random.nextInt(plan.queues()),
                        around(plan.patienceMillis()),
                        around(plan.talkMillis()));
            }
            boxes.forEach(RunningBox::advance);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private Duration around(long millis) {
        return Duration.ofMillis(Math.round(millis * (0.5 + random.nextDouble())));
    }

    // ---- what they live through

    /** @throws ChaosFailure when the people themselves have failed */
    public int onTheLine() {
        if (failure != null) {
            throw new ChaosFailure("The simulated people have failed: " + failure, failure);
        }
        return here.size();
    }

    /** Calls that are talked in at this moment. */
    public List<String> talking() {
        return boxes.stream()
                .flatMap(box -> box.inventory().stream())
                .filter(call -> !call.bridged().isEmpty())
                .map(call -> call.callId())
                .toList();
    }

    /** Callers who have left, in the order in which they did. */
    public List<Experience> left() {
        return new ArrayList<>(left);
    }

    /** Phones that were rung and are silent again. */
    public List<Ring> rings() {
        return new ArrayList<>(rang);
    }

    /** When boxes were told to ring a phone, in order. */
    public List<Instant> told() {
        return new ArrayList<>(told);
    }

    /** Of each box: when nobody who had it could have noticed anybody there. */
    public Map<String, List<Period>> unattended() {
        return IntStream.range(0, plan.boxes())
                .mapToObj(Plan::boxId)
                .collect(Collectors.toMap(boxId -> boxId, boxId -> server.silences(boxId).stream()
                        .map(silence -> new Period(silence.from(), silence.to().plus(TAKES_STOCK)))
                        .toList()));
    }

    private final class Diary implements Witness {
        @Override
        public void came(Experience caller) {
            here.put(caller.callId(), caller);
        }

        @Override
        public void answered(Experience caller) {
            // Looked at when they leave.
        }

        @Override
        public void told(Ring ring) {
            ringing.put(ring.legId(), ring);
            told.add(ring.toldAt());
        }

        @Override
        public void over(Ring ring) {
            ringing.remove(ring.legId());
            rang.add(ring);
        }

        @Override
        public void left(Experience caller) {
            here.remove(caller.callId());
            left.add(caller);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        server.close();
        IntStream.range(0, plan.boxes()).forEach(box -> SimulatedBoxes.scrap(Plan.boxId(box)));
    }
}
