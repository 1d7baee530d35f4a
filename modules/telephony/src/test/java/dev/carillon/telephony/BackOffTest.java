package dev.carillon.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private final BackOff backOff = new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.3);

    @Test
    void doublesUpToTheLongest() {
        assertThat(IntStream.rangeClosed(1, 8).mapToObj(failures -> backOff.pause(failures, 0)))
                .containsExactly(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(16),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30));
        assertThat(backOff.pause(1_000_000, 0)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void chanceShortensAPauseByAtMostItsSpread() {
        assertThat(backOff.pause(1, 0.5)).isEqualTo(Duration.ofMillis(850));
        assertThat(backOff.pause(1, 1)).isEqualTo(Duration.ofMillis(700));
    }
}
