package dev.carillon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Duration EXPECTED = Duration.ofMinutes(3);
    private static final Instant BEGIN = Instant.parse("2026-03-02T09:00:00Z");

    @Test
    void nothingMeasuredYet() {
        assertThat(Pace.UNKNOWN.estimate(1, 3, EXPECTED)).contains(Duration.ofMinutes(1));
        assertThat(Pace.UNKNOWN.estimate(6, 3, EXPECTED)).contains(Duration.ofMinutes(6));
        assertThat(Pace.UNKNOWN.estimate(1, 0, EXPECTED)).as("nobody at work").isEmpty();
    }

    /** Ten agents take one call in 20 s, so each is busy for 200 s with one. */
    @Test
    void followsTheAgentsAtOnce() {
        var pace = hour(0);
        assertThat(seconds(pace, 3, 10)).isBetween(59.0, 61.0);
        assertThat(seconds(pace, 3, 5)).isBetween(118.0, 122.0);
    }

    /** Callers of a line of 15 leave it, one in 40 s: each of them with a rate of 1 in 600 s. */
    @Test
    void thoseWhoLeaveMakeRoom() {
        var patient = hour(0);
        var impatient = hour(2);
        assertThat(seconds(patient, 15, 10)).isBetween(295.0, 305.0);
        // The sum over the positions: 1 / (1 / 20 + k / 600), for k from 0 to 14.
        double exact = 0;
        for (int before = 0; before < 15; before++) {
            exact += 1 / (1 / 20.0 + before / 600.0);
        }
        assertThat(seconds(impatient, 15, 10)).isBetween(exact * 0.95, exact * 1.05);
        assertThat(seconds(impatient, 1, 10))
                .as("it hardly matters for the next")
                .isBetween(19.0, 20.5);
    }

    @Test
    void timeWithoutAnybodyWaitingSaysNothing() {
        var before = hour(2);
        var after = before.passed(before.at().plus(Duration.ofHours(5)), 10, 0);
        assertThat(after.estimate(7, 10, EXPECTED)).isEqualTo(before.estimate(7, 10, EXPECTED));
        assertThat(after.passed(BEGIN, 10, 15)).as("a clock that went back").isEqualTo(after);
    }

    private static double seconds(Pace pace, int position, int working) {
        return pace.estimate(position, working, EXPECTED).orElseThrow().toMillis() / 1_000.0;
    }

    /** Ten agents, 15 callers in line, a call taken every 20 s. */
    private static Pace hour(int leaveInEighty) {
        var pace = Pace.UNKNOWN.passed(BEGIN, 10, 15);
        for (int second = 20; second <= 3_600; second += 20) {
            pace = pace.passed(BEGIN.plusSeconds(second), 10, 15).oneTaken();
            if (leaveInEighty > 0 && second % (80 / leaveInEighty) == 0) {
                pace = pace.oneLeft();
            }
        }
        return pace;
    }
}
