package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyTest {

    private static final long BEGIN = 1_800_000_000_000_000L;
    private static final long SECOND = 1_000_000;

    private final Latency latency = new Latency(2 * SECOND);

    @Test
    void percentiles_are_in_milliseconds() {
        latency.begin(BEGIN);
        for (var millis = 1; millis <= 1_000; millis++) {
            latency.record(BEGIN, BEGIN + millis * 1_000L);
        }

        var all = latency.all();

        assertThat(all.count()).isEqualTo(1_000);
        assertThat(all.p50()).isCloseTo(500, within(1.0));
        assertThat(all.p95()).isCloseTo(950, within(1.0));
        assertThat(all.p99()).isCloseTo(990, within(1.0));
        assertThat(all.p999()).isCloseTo(999, within(1.0));
        assertThat(all.most()).isCloseTo(1_000, within(1.0));
        assertThat(all.mean()).isCloseTo(500.5, within(1.0));
    }

    @Test
    void each_interval_has_what_began_in_it() {
        latency.begin(BEGIN);
        latency.record(BEGIN + SECOND, BEGIN + 6 * SECOND);
        latency.record(BEGIN + 5 * SECOND, BEGIN + 5 * SECOND + 10_000);

        var intervals = latency.byInterval();

        assertThat(intervals).extracting(Latency.Percentiles::count).containsExactly(1L, 0L, 1L);
        assertThat(intervals.get(0).p50()).isCloseTo(5_000, within(50.0));
        assertThat(intervals.get(2).p50()).isCloseTo(10, within(0.1));
    }

    @Test
    void lately_is_since_it_was_asked_the_last_time() {
        latency.begin(BEGIN);
        latency.record(BEGIN, BEGIN + 1_000);
        latency.lately();
        latency.record(BEGIN, BEGIN + 9_000);

        assertThat(latency.lately().count()).isEqualTo(1);
        assertThat(latency.lately().count()).isZero();
        assertThat(latency.all().count()).isEqualTo(2);
    }

    @Test
    void what_came_before_the_beginning_does_not_count() {
        latency.record(BEGIN, BEGIN + 1_000);

        latency.begin(BEGIN);

        assertThat(latency.all()).isEqualTo(new Latency.Percentiles(0, 0, 0, 0, 0, 0, 0, 0));
        assertThat(latency.byInterval()).isEmpty();
    }
}
