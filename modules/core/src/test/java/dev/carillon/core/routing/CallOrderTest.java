package dev.carillon.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CallOrderTest {

    private static final Instant T = Instant.parse("2026-03-01T10:00:00Z");

    private final Routing aMinuteALevel =
            new Routing(Strategy.LONGEST_IDLE, Steps.ANYONE, Duration.ofMinutes(1), Duration.ZERO);

    @Test
    void theMoreImportantComesFirst() {
        assertInOrder(call(6, 59_999, "important"), call(5, 0, "plain"));
    }

    @Test
    void theLessImportantRisesPastItInTheEndToTheMillisecond() {
        assertInOrder(call(5, 0, "plain"), call(6, 60_001, "important"));
        assertInOrder(call(1, 0, "least"), call(10, 9 * 60_000 + 1, "most"));
    }

    @Test
    void ofTheSameScoreTheOneThatArrivedFirst() {
        assertInOrder(call(5, 0, "z"), call(6, 60_000, "a"));
    }

    @Test
    void ofTheSameArrivalTheSmallerId() {
        assertInOrder(call(5, 0, "a"), call(5, 0, "b"));
    }

    @Test
    void withoutWorthPriorityMeansNothing() {
        var order = new Routing(Strategy.LONGEST_IDLE, Steps.ANYONE, Duration.ZERO, Duration.ZERO);

        assertThat(order.order(1, T, "a")).isLessThan(order.order(10, T.plusMillis(1), "b"));
    }

    private CallOrder call(int priority, long arrivedMs, String id) {
        return aMinuteALevel.order(priority, T.plusMillis(arrivedMs), id);
    }

    private static void assertInOrder(CallOrder... calls) {
        assertThat(Stream.of(calls).sorted()).containsExactly(calls);
        assertThat(calls[0]).isLessThan(calls[1]);
    }
}
