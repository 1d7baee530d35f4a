package dev.carillon.cluster;

import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The only tags in the journal: a tagged event slows down everything that is written together with it, so only those bear one that call
 * records are made of: the last event of a call, and what an agent says of it in the wrap-up. The tags divide the calls among the
 * instances of the projection that makes the records.
 */
public final class CallEndedTags {

    /** Stored with the events: with another number, an event's projection instance would change under it. */
    private static final int SLICES = 4;

    /** All of them, for the projection to follow. */
    public static final List<String> ALL =
            IntStream.range(0, SLICES).mapToObj(CallEndedTags::slice).toList();

    private CallEndedTags() {}

    static Set<String> of(CallEvent event) {
        return event.hasEnded() ? Set.of(ofCall(event.getEnded().getCallId())) : Set.of();
    }

    static Set<String> of(AgentEvent event) {
        return event.hasWrapUpCoded() ? Set.of(ofCall(event.getWrapUpCoded().getCallId())) : Set.of();
    }

    private static String ofCall(String callId) {
        return slice(Math.floorMod(callId.hashCode(), SLICES));
    }

    private static String slice(int number) {
        return "call-ended-" + number;
    }
}
