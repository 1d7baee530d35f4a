package dev.carillon.node.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * How long something took in the last minute or so, and how often it was done since the start. May be used by any number of threads, and
 * costs so little that every message can be measured.
 */
public final class Latencies {

    private static final long SLOT = TimeUnit.SECONDS.toNanos(10);
    private static final int SLOTS = 7;

    /** What takes longer is counted as this. */
    private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);

    /** Two digits: 1.2 s and 1.3 s are told apart. */
    private static final int DIGITS = 2;

    private static final class Slot {
        private final ConcurrentHistogram histogram = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);
        private final AtomicLong turn = new AtomicLong(-1);
    }

    private final Slot[] slots = new Slot[SLOTS];
    private final LongAdder count = new LongAdder();
    private final LongSupplier nanos;
    private final long begin;

    public Latencies() {
        this(System::nanoTime);
    }

    /** @param nanos a clock that only moves forward, in nanoseconds */
    Latencies(LongSupplier nanos) {
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
        for (var i = 0; i < SLOTS; i++) {
            slots[i] = new Slot();
        }
    }

    /**
     * What there is to say of it.
     *
     * @param count since the start
     * @param p50 half of those of the last minute took no longer; zero when there was none
     * @param p99 as above, for 99 of 100
     * @param most the longest of the last minute
     */
    public record Summary(long count, Duration p50, Duration p99, Duration most) {

        /** As figures in microseconds under names that begin with this. */
        public void into(Map<String, Long> figures, String counted, String name) {
            figures.put(counted, count);
            figures.put(name + "MicrosP50", micros(p50));
            figures.put(name + "MicrosP99", micros(p99));
            figures.put(name + "MicrosMost", micros(most));
        }

        private static long micros(Duration duration) {
            return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
        }
    }

    /** @param took in nanoseconds */
    public void took(long took) {
        count.increment();
        slot().histogram.recordValue(Math.max(0, Math.min(LONGEST_MICROS, TimeUnit.NANOSECONDS.toMicros(took))));
    }

    public Summary summary() {
        var now = turn();
        var all = new Histogram(LONGEST_MICROS, DIGITS);
        for (var slot : slots) {
            var turn = slot.turn.get();
            if (turn >= 0 && now - turn < SLOTS) {
                all.add(slot.histogram);
            }
        }
        return new Summary(
                count.sum(),
                micros(all.getTotalCount() == 0 ? 0 : all.getValueAtPercentile(50)),
                micros(all.getTotalCount() == 0 ? 0 : all.getValueAtPercentile(99)),
                micros(all.getTotalCount() == 0 ? 0 : all.getMaxValue()));
    }

    /** The one of now, emptied when its last turn is over. Who comes in the same moment may lose a value by that; nobody counts on it. */
    private Slot slot() {
        var turn = turn();
        var slot = slots[(int) (turn % SLOTS)];
        var last = slot.turn.get();
        if (last != turn && slot.turn.compareAndSet(last, turn)) {
            slot.histogram.reset();
        }
        return slot;
    }

    private long turn() {
        return (nanos.getAsLong() - begin) / SLOT;
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(micros));
    }
}
