package dev.carillon.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    /** As a real one, it may begin anywhere. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);

    private final Latencies latencies = new Latencies(now::get);

    @Test
    void nothingIsZero() {
        assertThat(latencies.summary())
                .isEqualTo(new Latencies.Summary(0, Duration.ZERO, Duration.ZERO, Duration.ZERO));
    }

    @Test
    void theMiddleAndTheWorstAreTold() {
        for (var n = 0; n < 98; n++) {
            took(Duration.ofMillis(2));
        }
        took(Duration.ofMillis(300));
        took(Duration.ofMillis(700));

        var summary = latencies.summary();

        assertThat(summary.count()).isEqualTo(100);
        assertThat(summary.p50()).isBetween(Duration.ofMillis(2), Duration.ofMillis(3));
        assertThat(summary.p99()).isBetween(Duration.ofMillis(300), Duration.ofMillis(310));
        assertThat(summary.most()).isBetween(Duration.ofMillis(700), Duration.ofMillis(720));
    }

    @Test
    void whatWasLongAgoIsOnlyCounted() {
        took(Duration.ofSeconds(3));
        now.addAndGet(Duration.ofSeconds(50).toNanos());
        took(Duration.ofMillis(1));
        assertThat(latencies.summary().most()).isGreaterThanOrEqualTo(Duration.ofSeconds(3));

        now.addAndGet(Duration.ofSeconds(30).toNanos());
        took(Duration.ofMillis(1));

        assertThat(latencies.summary().most()).isLessThan(Duration.ofMillis(2));
        assertThat(latencies.summary().count()).isEqualTo(3);
    }

    @Test
    void figuresAreMicroseconds() {
        took(Duration.ofMillis(1));
        var figures = new LinkedHashMap<String, Long>();

        latencies.summary().into(figures, "writes", "write");

        assertThat(figures).containsEntry("writes", 1L).containsKeys("writeMicrosP50", "writeMicrosP99");
        assertThat(figures.get("writeMicrosMost")).isBetween(1_000L, 1_020L);
    }

    private void took(Duration time) {
        latencies.took(time.toNanos());
    }
}
