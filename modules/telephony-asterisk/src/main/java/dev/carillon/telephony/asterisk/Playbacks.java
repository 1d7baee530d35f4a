package dev.carillon.telephony.asterisk;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Ends what is played to a channel, so that what comes next does not wait for it.
 *
 * <p>As measured: a box cannot be told to stop while it says a number or digits. It answers 500, says the number to its end and goes on with what comes
 * after it. The same happens, with an answer of 204, when one item ends that very moment. So it is told again until it knows no such
 * playback any more: what a caller still hears is the rest of one number.
 */
final class Playbacks {

    /** Longer than the longest number takes to say. */
    private static final int ATTEMPTS = 300;

    private static final Executor SOON = CompletableFuture.delayedExecutor(40, TimeUnit.MILLISECONDS);

    /**
     * @param silent those of which the box knows nothing any more
     * @param answered whether the box has had a word on all of them
     */
    record Stopped(Set<String> silent, boolean answered) {}

    /** One after the other: there is hardly ever more than one. */
    static CompletionStage<Stopped> stop(AriClient client, Collection<String> playbackIds) {
        CompletionStage<Stopped> stopped = CompletableFuture.completedFuture(new Stopped(Set.of(), true));
        for (var playbackId : Set.copyOf(playbackIds)) {
            stopped = stopped.thenCompose(before -> stop(client, "/playbacks/" + playbackId, ATTEMPTS)
                    .thenApply(reply -> with(before, playbackId, reply)));
        }
        return stopped;
    }

    private static Stopped with(Stopped before, String playbackId, AriReply reply) {
        var silent = new HashSet<>(before.silent());
        if (reply.status() == 404) {
            silent.add(playbackId);
        }
        return new Stopped(silent, before.answered() && !reply.unknown());
    }

    private static CompletionStage<AriReply> stop(AriClient client, String playback, int attempts) {
        return client.delete(playback)
                .thenCompose(reply -> mayPlayOn(reply) && attempts > 1
                        ? CompletableFuture.supplyAsync(() -> attempts - 1, SOON)
                                .thenCompose(left -> stop(client, playback, left))
                        : CompletableFuture.completedFuture(reply));
    }

    /** A box that does not answer, or not to us, is not asked on and on: the call says its command again. */
    private static boolean mayPlayOn(AriReply reply) {
        return reply.done() || reply.status() == 409 || reply.status() == 500;
    }

    private Playbacks() {}
}
