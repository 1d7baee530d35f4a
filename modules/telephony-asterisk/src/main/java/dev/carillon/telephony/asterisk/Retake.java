package dev.carillon.telephony.asterisk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Fetches callers out of the dialplan's hands, one at a step, in the order given. ARI cannot take a channel that is not in Stasis;
 * but it can make a helper channel that runs a line of the dialplan, and that line redirects the caller back.
 */
final class Retake {

    private static final String CONTEXT = "carillon-retake-do";

    private final AriClient client;
    private final Deque<AriChannel> waiting = new ArrayDeque<>();

    Retake(AriClient client) {
        this.client = client;
    }

    /** @return whether there is something to do that was not there before */
    boolean add(List<AriChannel> callers) {
        boolean wasEmpty = waiting.isEmpty();
        for (var caller : callers) {
            if (waiting.stream().noneMatch(known -> known.id().equals(caller.id()))) {
                waiting.add(caller);
            }
        }
        return wasEmpty && !waiting.isEmpty();
    }

    /** Fetches the next one. @return whether there was one */
    boolean next() {
        var caller = waiting.poll();
        if (caller == null) {
            return false;
        }
        // Whoever talks to somebody of the emergency queue by now stays with them.
        client.get("/channels/" + caller.id() + "/variable", "variable", "BRIDGEPEER")
                .thenAccept(peer -> {
                    if (!peer.unknown() && peer.body().path("value").asText().isEmpty()) {
                        redirect(caller);
                    }
                });
        return true;
    }

    /** Whether it worked is seen by the caller's coming; if not, the next sweep finds them again. */
    private void redirect(AriChannel caller) {
        client.postWithVariables(
                "/channels",
                Map.of("TARGET", caller.name(), "__TARGET", caller.name()),
                "endpoint",
                "Local/s@" + CONTEXT + "/n",
                "context",
                CONTEXT,
                "extension",
                "nothing",
                "priority",
                "1");
    }
}
