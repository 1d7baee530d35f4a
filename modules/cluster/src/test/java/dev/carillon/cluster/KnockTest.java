package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KnockTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
    void aNameThatNobodyKnowsDoesNotRefuse() throws Exception {
        assertThat(isRefused("no-such-machine.invalid", 2551)).isFalse();
    }

    @Test
    void silenceDoesNotRefuse() throws Exception {
        // Connections beyond the backlog are not answered by the kernel.
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = full.getLocalPort();
            for (var i = 0; i < 4; i++) {
                Knock.isRefused("127.0.0.1", port, PATIENCE, ForkJoinPool.commonPool());
            }
            assertThat(Knock.isRefused("127.0.0.1", port, Duration.ofMillis(200), ForkJoinPool.commonPool())
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS))
                    .isFalse();
        }
    }

    private static boolean isRefused(String host, int port) throws Exception {
        return Knock.isRefused(host, port, PATIENCE, ForkJoinPool.commonPool())
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }
}
