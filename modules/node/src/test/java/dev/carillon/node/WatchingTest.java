package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchingTest {

    /** Akka's scheduler runs nothing again that has failed. */
    @Test
    void aLookThatFailsDoesNotEndTheSchedule() {
        var looks = new AtomicInteger();
        var look = Watching.unfailing("figures", () -> {
            looks.incrementAndGet();
            throw new IllegalStateException("planted");
        });

        assertThatCode(look::run).doesNotThrowAnyException();
        assertThatCode(look::run).doesNotThrowAnyException();
        assertThat(looks).hasValue(2);
    }
}
