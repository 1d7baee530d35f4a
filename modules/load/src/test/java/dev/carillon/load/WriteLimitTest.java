package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WriteLimitTest {

    @Test
    void a_run_is_a_part_of_what_plain_jdbc_can_write() {
        assertThat(new WriteLimit.Measured(20_000, 12, 8, 5).share(5_000)).isCloseTo(0.25, within(1e-9));
    }

    @Test
    void without_a_measurement_there_is_no_part() {
        assertThat(WriteLimit.NONE.share(5_000)).isZero();
    }

    @Test
    void as_many_rows_are_written_at_a_time_as_in_the_run_on_average() {
        assertThat(WriteLimit.atATime(11.6)).isEqualTo(12);
        assertThat(WriteLimit.atATime(1.2)).isEqualTo(1);
        assertThat(WriteLimit.atATime(0)).isEqualTo(1);
    }
}
