package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KnockTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** An address needs no look-up. */
    private static final Executor AT_ONCE = Runnable::run;

    @Test
    void isRefusedWhereNobodyListens() throws Exception {
        int port;
        try (var gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }

        assertThat(isRefused("127.0.0.1", port)).isTrue();
    }

    @Test
    void isNotRefusedWhereSomebodyListensWhetherTheyAcceptOrNot() throws Exception {
        try (var there = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(isRefused("127.0.0.1", there.getLocalPort())).isFalse();
        }
    }

    @Test
    void whoCannotBeAskedDoesNotRefuse() throws Exception {
        Executor ending = task -> {
            throw new RejectedExecutionException("it is ending");
        };

        assertThat(answer(Knock.isRefused("127.0.0.1", 2551, PATIENCE, ending))).isFalse();
    }

    @Test
    void silenceDoesNotRefuse() throws Exception {
        // Connections beyond the backlog are not answered by the kernel.
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = full.getLocalPort();
            for (var i = 0; i < 4; i++) {
                Knock.isRefused("127.0.0.1", port, PATIENCE, AT_ONCE);
            }
            assertThat(answer(Knock.isRefused("127.0.0.1", port, Duration.ofMillis(200), AT_ONCE)))
                    .isFalse();
        }
    }

    private static boolean isRefused(String host, int port) throws Exception {
        return answer(Knock.isRefused(host, port, PATIENCE, AT_ONCE));
    }

    private static boolean answer(CompletionStage<Boolean> refused) throws Exception {
        return refused.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
