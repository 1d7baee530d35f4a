package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StandStillTest {

    private static final Duration LIMIT = Duration.ofSeconds(4);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
    private boolean alone;
    private final StandStill still = new StandStill(LIMIT, () -> !alone, now::get);

    @Test
    void whoIsAskedAgainAndAgainMayAct() {
        for (var n = 0; n < 10; n++) {
            pass(LIMIT);
            assertThat(still.mayAct()).isTrue();
        }
    }

    @Test
    void theVeryFirstQuestionAfterAStandstillFindsOut() {
        pass(LIMIT.plusMillis(1));

        assertThat(still.mayAct()).isFalse();
        assertThat(still.mayAct()).isFalse();
    }

    @Test
    void whomTheOthersHaveNotPutOutMayActAgain() {
        pass(LIMIT.plusMillis(1));
        still.mayAct();
        for (var n = 0; n < 3; n++) {
            pass(Duration.ofSeconds(3));
            assertThat(still.mayAct()).isFalse();
        }
        pass(Duration.ofSeconds(1));

        assertThat(still.mayAct()).isTrue();
    }

    @Test
    void nobodyCanHavePutOutTheOnlyOne() {
        alone = true;
        pass(Duration.ofHours(1));

        assertThat(still.mayAct()).isTrue();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
