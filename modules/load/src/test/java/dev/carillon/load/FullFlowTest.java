package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FullFlowTest {

    private static final long SECOND = 1_000_000;

    @Test
    void begins_when_the_first_caller_can_have_left_and_ends_with_the_last_who_came() {
        assertThat(FullFlow.of(100 * SECOND, Duration.ofSeconds(60), 10))
                .isEqualTo(new FullFlow(110 * SECOND, 160 * SECOND));
    }

    @Test
    void of_a_short_run_is_all_of_it() {
        assertThat(FullFlow.of(100 * SECOND, Duration.ofSeconds(5), 10))
                .isEqualTo(new FullFlow(100 * SECOND, 115 * SECOND));
    }

    @Test
    void counts_what_is_within_it() {
        var flow = new FullFlow(10 * SECOND, 12 * SECOND);

        assertThat(flow.perSecond(List.of(9_999_999L, 10_000_000L, 11_500_000L, 11_999_999L, 12_000_000L)))
                .isEqualTo(1.5);
    }
}
