package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ObservationsTest {

    private static final long BEGIN = 1_800_000_000_000_000L;

    private final Observations seen = new Observations();

    @Test
    void what_is_heard_is_measured_by_whom_was_waited_for() {
        seen.begin(BEGIN);

        seen.heard(news(
                List.of(new News.Queued(BEGIN, BEGIN + 2_000, BEGIN + 9_000)),
                List.of(new News.Told(BEGIN, BEGIN + 4_000, true), new News.Told(BEGIN, BEGIN + 1_000, false)),
                List.of(new News.Ring(3, "box-0-1", BEGIN, BEGIN + 9_000)),
                List.of(new News.Lived("box-0-1", 7, BEGIN, BEGIN + 8_000, "CALLER", 60_000, 0, -1, 0, ""))));

        var latencies = seen.latencies();
        assertThat(latencies.offer().count()).isEqualTo(2);
        assertThat(latencies.offer().most()).isBetween(4.0, 4.01);
        assertThat(latencies.callsWaited().p50()).isBetween(4.0, 4.01);
        assertThat(latencies.agentsWaited().p50()).isBetween(1.0, 1.01);
        assertThat(latencies.queued().p50()).isBetween(9.0, 9.01);
        assertThat(latencies.generator().p50()).isBetween(2.0, 2.01);
        assertThat(seen.ringing()).isEqualTo(1);
        assertThat(seen.ends()).containsExactly(BEGIN + 8_000);
        assertThat(seen.check().calls()).isEqualTo(1);
    }

    private static News news(
            List<News.Queued> queued, List<News.Told> told, List<News.Ring> rings, List<News.Lived> lived) {
        return new News(BEGIN, 1, 0, false, queued, told, rings, lived, new News.Machine(0, 0, 0, 0, 0, 0, 0));
    }
}
