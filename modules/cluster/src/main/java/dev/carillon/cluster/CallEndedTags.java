package dev.carillon.cluster;

import dev.carillon.protocol.call.CallEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The only tags in the journal: a tagged event slows down everything that is written together with it, so only the last event
 * of a call bears one. The tags divide the calls among the instances of the projection that makes call records.
 */
public final class CallEndedTags {

    /** Stored with the events: with another number, an event's projection instance would change under it. */
    private static final int SLICES = 4;

    /** All of them, for the projection to follow. */
    public static final List<String> ALL =
            IntStream.range(0, SLICES).mapToObj(CallEndedTags::slice).toList();

    private CallEndedTags() {}

    static Set<String> of(CallEvent event) {
        return event.hasEnded()
                ? Set.of(slice(Math.floorMod(event.getEnded().getCallId().hashCode(), SLICES)))
                : Set.of();
    }

    private static String slice(int number) {
        return "call-ended-" + number;
    }
}
