package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Nested
    class OneThatStays {
        private final Rate rate = Rate.parse("300");

        @Test
        void is_the_same_at_both_ends() {
            assertThat(rate).isEqualTo(new Rate(300, 300)).hasToString("300");
        }

        @Test
        void lets_calls_come_evenly() {
            assertThat(rate.callsIn(MINUTE)).isEqualTo(18_000);
            assertThat(rate.secondsUntil(9_000, MINUTE)).isCloseTo(30, within(1e-9));
        }
    }

    @Nested
    class OneThatRises {
        private final Rate rate = Rate.parse("50..600");

        @Test
        void brings_what_lies_between_its_ends() {
            assertThat(rate.most()).isEqualTo(600);
            assertThat(rate.callsIn(MINUTE)).isEqualTo(325 * 60);
            assertThat(rate).hasToString("50..600");
        }

        @Test
        void comes_to_all_its_calls_at_its_end() {
            assertThat(rate.secondsUntil(0, MINUTE)).isZero();
            assertThat(rate.secondsUntil(rate.callsIn(MINUTE), MINUTE)).isCloseTo(60, within(1e-9));
        }

        @Test
        void has_brought_fewer_than_half_by_half_time() {
            // 50 a second at first and 325 after half of the time: 187.5 on average until then.
            assertThat(rate.secondsUntil(187.5 * 30, MINUTE)).isCloseTo(30, within(1e-9));
        }
    }

    @Test
    void one_that_falls_comes_to_all_its_calls_too() {
        var rate = Rate.parse("600..0.5");

        assertThat(rate.secondsUntil(rate.callsIn(MINUTE), MINUTE)).isCloseTo(60, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "-5", "5..", "..5", "5...6", "1,000"})
    void what_is_no_rate_is_refused_with_an_example(String text) {
        assertThatThrownBy(() -> Rate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is not a rate")
                .hasMessageContaining("50..600");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10..0", "100001"})
    void a_rate_out_of_range_is_refused(String text) {
        assertThatThrownBy(() -> Rate.parse(text)).hasMessageContaining("more than 0 and at most 100,000");
    }
}
