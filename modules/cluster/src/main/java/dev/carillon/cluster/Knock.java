package dev.carillon.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Finds out whether a machine that lives says that nobody listens at a port: what becomes of the port of a process that was killed. */
final class Knock {

    private Knock() {}

    /**
     * Never fails and never waits.
     *
     * @param patience after which a machine that has said nothing has not refused; seconds at most, as in the end the kernel gives up, which looks
     *     like a refusal
     * @param blocking where the host may be looked up
     * @return true only if the connection was refused; false when it was accepted, when nothing was heard, and when there is no way to the machine
     */
    static CompletionStage<Boolean> isRefused(String host, int port, Duration patience, Executor blocking) {
        var refused = new CompletableFuture<Boolean>();
        var channel = new AtomicReference<AsynchronousSocketChannel>();
        try {
            blocking.execute(() -> connect(new InetSocketAddress(host, port), channel, refused));
        } catch (RuntimeException e) {
            // It is ending.
            refused.complete(false);
        }
        return refused.completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> close(channel.get()));
    }

    private static void connect(
            InetSocketAddress to,
            AtomicReference<AsynchronousSocketChannel> opened,
            CompletableFuture<Boolean> refused) {
        try {
            var channel = AsynchronousSocketChannel.open();
            opened.set(channel);
            if (refused.isDone()) {
                close(channel);
                return;
            }
            channel.connect(to, null, new CompletionHandler<Void, Void>() {
                @Override
                public void completed(Void connected, Void nothing) {
                    refused.complete(false);
                }

                @Override
                public void failed(Throwable failure, Void nothing) {
                    // Of a network or machine that is not reached, Java says something else.
                    refused.complete(failure instanceof ConnectException);
                }
            });
        } catch (IOException | RuntimeException e) {
            // A name that is not known, or no file handle.
            refused.complete(false);
        }
    }

    /** @param channel null when there is none yet */
    private static void close(AsynchronousSocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // It goes with the process at the latest, and nothing is lost with it.
        }
    }
}
