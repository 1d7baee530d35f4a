package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.telephony.running.RunningBox;
import dev.carillon.telephony.running.SimulatedBoxes;
import dev.carillon.telephony.simulated.Ring;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BoxTrafficTest {

    private static final String BOX =
            "box-of-" + BoxTrafficTest.class.getSimpleName().toLowerCase(Locale.ROOT);
    private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
    private static final long ZERO = BoxTraffic.micros(START);
    private static final long SECOND = 1_000_000;
    private static final Traffic TRAFFIC =
            new Traffic(new Centre(1, 1, 5), new Rate(1, 1), 60_000, 10_000, 60_000, 1, Traffic.Calm.NONE);

    private final SetClock clock = new SetClock();
    private final BoxTraffic.Diary diary = new BoxTraffic.Diary();
    private final RunningBox box = SimulatedBoxes.box(BOX, clock);
    private final BoxTraffic traffic = new BoxTraffic(box, TRAFFIC, 0, diary);

    @AfterEach
    void scrap() {
        SimulatedBoxes.scrap(BOX);
    }

    @Nested
    class ACaller {

        private String callId() {
            return box.inventory().get(0).callId();
        }

        @Test
        void is_counted_from_when_they_were_due_however_late_they_came() {
            clock.seconds(3);
            traffic.arrive(call(7, 60), ZERO + SECOND);
            traffic.told(ring(callId(), 2, 5, -1));

            assertThat(diary.told).containsExactly(new News.Told(ZERO + SECOND, ZERO + 5 * SECOND, false));
        }

        @Test
        void who_waits_for_an_agent_is_counted_from_when_that_agent_is_free() {
            clock.seconds(3);
            traffic.arrive(call(7, 60), ZERO + 3 * SECOND);
            traffic.over(ring("another", 2, 1, 6));
            traffic.told(ring(callId(), 2, 9, -1));

            assertThat(diary.told).containsExactly(new News.Told(ZERO + 6 * SECOND, ZERO + 9 * SECOND, true));
        }

        @Test
        void who_is_given_to_an_agent_who_was_free_before_waits_for_nobody() {
            traffic.over(ring("another", 2, 1, 2));
            clock.seconds(3);
            traffic.arrive(call(7, 60), ZERO + 3 * SECOND);
            traffic.told(ring(callId(), 2, 4, -1));

            assertThat(diary.told).containsExactly(new News.Told(ZERO + 3 * SECOND, ZERO + 4 * SECOND, false));
        }

        @Test
        void who_leaves_is_written_down() {
            clock.seconds(3);
            traffic.arrive(call(7, 10), ZERO + 3 * SECOND);
            var callId = callId();
            assertThat(diary.came).hasValue(1);
            assertThat(diary.left).hasValue(0);

            clock.seconds(20);
            traffic.advance();

            assertThat(diary.left).hasValue(1);
            assertThat(diary.lived)
                    .containsExactly(new News.Lived(
                            callId, 7, ZERO + 3 * SECOND, ZERO + 13 * SECOND, "CALLER", 10_000, 0, -1, 0, ""));
        }

        @Test
        void who_has_left_already_is_not_waited_for() {
            traffic.told(ring("gone", 2, 5, -1));

            assertThat(diary.told).isEmpty();
        }
    }

    private static Traffic.Call call(int number, int patienceSeconds) {
        return new Traffic.Call(number, 0, 0, 0, Duration.ofSeconds(patienceSeconds), Duration.ofSeconds(10));
    }

    /** @param over -1 while it goes on */
    private static Ring ring(String callId, int agent, int told, int over) {
        return new Ring(
                Centre.endpoint(agent),
                "leg",
                callId,
                START.plusSeconds(told),
                Optional.empty(),
                Optional.empty(),
                over < 0 ? Optional.empty() : Optional.of(START.plusSeconds(over)));
    }

    private static final class SetClock extends Clock {
        private Instant now = START;

        void seconds(int since) {
            now = START.plusSeconds(since);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
