package dev.carillon.load;

import dev.carillon.telephony.running.RunningBox;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Reaction;
import dev.carillon.telephony.simulated.Ring;
import dev.carillon.telephony.simulated.Witness;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One box with its people, and what they live through. The box calls its witness while it holds still, so what is changed only there needs
 * no lock of its own.
 */
final class BoxTraffic implements Witness {

    /** Where everybody writes what has happened, until somebody asks. */
    static final class Diary {
        final AtomicLong came = new AtomicLong();
        final AtomicLong left = new AtomicLong();
        final Queue<News.Queued> queued = new ConcurrentLinkedQueue<>();
        final Queue<News.Told> told = new ConcurrentLinkedQueue<>();
        final Queue<News.Ring> rings = new ConcurrentLinkedQueue<>();
        final Queue<News.Lived> lived = new ConcurrentLinkedQueue<>();
    }

    /** A caller's number is this and the number of the call. */
    private static final long FIRST_CALLER = 40_000_000_000L;

    /** A caller on the line. */
    private record Here(int number, long due) {}

    private final RunningBox box;
    private final Diary diary;
    private final Map<String, Here> here = new HashMap<>();
    private final Map<String, Long> freeSince = new HashMap<>();
    private volatile Due next;

    /** When the caller is due that the box is told of next. */
    private record Due(int number, long at) {}

    BoxTraffic(RunningBox box, Traffic traffic, int number, Diary diary) {
        this.box = box;
        this.diary = diary;
        var random = new SplittableRandom(traffic.seed() * 31 + number);
        box.witness(this);
        box.otherSeats(() -> {
            var answer = traffic.answer(random);
            return new Reaction.Answers(answer.after(), answer.talk());
        });
    }

    /** Lets somebody come. By one thread only. */
    void arrive(Traffic.Call call, long due) {
        next = new Due(call.number(), due);
        box.arrive(new Caller(
                String.valueOf(FIRST_CALLER + call.number()),
                "",
                Centre.number(call.queue()),
                call.patience(),
                call.talk()));
    }

    void advance() {
        box.advance();
    }

    @Override
    public void came(Experience caller) {
        here.put(caller.callId(), new Here(next.number(), next.at()));
        diary.came.incrementAndGet();
    }

    @Override
    public void answered(Experience caller) {
        diary.queued.add(new News.Queued(
                here.get(caller.callId()).due(),
                micros(caller.arrivedAt()),
                micros(caller.answeredAt().orElseThrow())));
    }

    @Override
    public void told(Ring ring) {
        var caller = here.get(ring.callId());
        if (caller == null) {
            // Has left in this very moment.
            return;
        }
        var free = freeSince.getOrDefault(ring.endpoint(), 0L);
        diary.told.add(new News.Told(Math.max(free, caller.due()), micros(ring.toldAt()), free > caller.due()));
    }

    @Override
    public void over(Ring ring) {
        var over = micros(ring.endedAt().orElseThrow());
        freeSince.put(ring.endpoint(), over);
        diary.rings.add(new News.Ring(Centre.agentAt(ring.endpoint()), ring.callId(), micros(ring.toldAt()), over));
    }

    @Override
    public void left(Experience caller) {
        var talk = caller.connections().stream().findFirst();
        diary.lived.add(new News.Lived(
                caller.callId(),
                here.remove(caller.callId()).number(),
                micros(caller.arrivedAt()),
                micros(caller.endedAt().orElseThrow()),
                caller.endedBy().orElseThrow().name(),
                caller.caller().patience().toMillis(),
                caller.connections().size(),
                talk.map(one -> Centre.agentAt(one.endpoint())).orElse(-1),
                talk.map(one -> (micros(one.to().orElseThrow()) - micros(one.from())) / 1_000)
                        .orElse(0L),
                talk.map(one -> one.endedBy().orElseThrow().name()).orElse("")));
        diary.left.incrementAndGet();
    }

    static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    /** As it stands in the record of a call. */
    static String callerNumber(int number) {
        return String.valueOf(FIRST_CALLER + number);
    }
}
