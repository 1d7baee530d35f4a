package dev.carillon.load;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** How long something took, over a whole run and in each of its intervals. May be used from any thread. */
final class Latency {

    private static final int DIGITS = 3;
    private static final int DIGITS_OF_INTERVAL = 2;

    private final long intervalMicros;
    private final Histogram all = new Histogram(DIGITS);
    private Histogram lately = new Histogram(DIGITS_OF_INTERVAL);
    private final List<Histogram> intervals = new ArrayList<>();
    private long begunAt;

    /**
     * In milliseconds.
     *
     * @param count how many there were
     */
    record Percentiles(
            long count, double mean, double p50, double p90, double p95, double p99, double p999, double most) {

        static Percentiles of(Histogram micros) {
            if (micros.getTotalCount() == 0) {
                return new Percentiles(0, 0, 0, 0, 0, 0, 0, 0);
            }
            return new Percentiles(
                    micros.getTotalCount(),
                    micros.getMean() / 1_000,
                    millis(micros, 50),
                    millis(micros, 90),
                    millis(micros, 95),
                    millis(micros, 99),
                    millis(micros, 99.9),
                    micros.getMaxValue() / 1_000.0);
        }

        private static double millis(Histogram micros, double percentile) {
            return micros.getValueAtPercentile(percentile) / 1_000.0;
        }
    }

    /** @param intervalMicros length of the intervals */
    Latency(long intervalMicros) {
        this.intervalMicros = intervalMicros;
    }

    /** What comes before this does not count. */
    synchronized void begin(long at) {
        begunAt = at;
    }

    /** @param from when it began, and in which interval it counts; both in microseconds since 1970 */
    synchronized void record(long from, long to) {
        if (begunAt == 0) {
            return;
        }
        var micros = Math.max(0, to - from);
        all.recordValue(micros);
        lately.recordValue(micros);
        var place = (int) Math.max(0, (from - begunAt) / intervalMicros);
        while (intervals.size() <= place) {
            intervals.add(new Histogram(DIGITS_OF_INTERVAL));
        }
        intervals.get(place).recordValue(micros);
    }

    synchronized Percentiles all() {
        return Percentiles.of(all);
    }

    /** What was recorded since this was asked the last time. */
    synchronized Percentiles lately() {
        var percentiles = Percentiles.of(lately);
        lately = new Histogram(DIGITS_OF_INTERVAL);
        return percentiles;
    }

    /** One for each interval from the beginning. */
    synchronized List<Percentiles> byInterval() {
        return intervals.stream().map(Percentiles::of).toList();
    }
}
