package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LengthsTest {

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "10s, PT10S", "90s, PT1M30S", "5m, PT5M", "1h, PT1H", "0s, PT0S"})
    void are_read_and_written_as_people_do(String text, Duration length) {
        assertThat(Lengths.parse(text)).isEqualTo(length);
        assertThat(Lengths.text(length)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "1.5m", "-1s", "1d"})
    void what_is_none_is_refused_with_examples(String text) {
        assertThatThrownBy(() -> Lengths.parse(text))
                .hasMessageContaining("'" + text + "' is not a length of time")
                .hasMessageContaining("10s");
    }

    @Test
    void are_written_in_the_largest_unit_that_fits() {
        assertThat(Lengths.text(Duration.ofHours(2))).isEqualTo("2h");
        assertThat(Lengths.text(Duration.ofMinutes(61))).isEqualTo("61m");
    }
}
