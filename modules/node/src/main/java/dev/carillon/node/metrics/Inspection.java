package dev.carillon.node.metrics;

import dev.carillon.cluster.LiveView;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks at the whole cluster for what must never last. A picture put together from many nodes is inconsistent for moments, and while a node is lost
 * for seconds; so what is seen counts only when it has been seen at every look for {@link #LASTING}. For one thread alone.
 */
public final class Inspection {

    /** Longer than it takes until the entities of a dead node live elsewhere. */
    static final Duration LASTING = Duration.ofSeconds(30);

    /** What is promised. */
    public enum Promise {
        /** An agent is rung or talks for one call. */
        ONE_CALL_AN_AGENT,
        /** No agent is kept for a call that has ended. */
        NO_DEAD_CALLS,
        /** No call waits in a queue that does not know of it. */
        NOBODY_FORGOTTEN;

        /** As figures name it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A promise that was broken.
     *
     * @param what whose, by their ids
     */
    public record Breach(Promise promise, String what) {}

    private final LiveView live;
    private Map<Breach, Instant> seen = new HashMap<>();
    private Set<Breach> told = new HashSet<>();
    private final Map<Promise, Long> counts = new EnumMap<>(Promise.class);

    public Inspection(LiveView live) {
        this.live = live;
    }

    /** How often a promise was found to be broken. */
    public synchronized long count(Promise promise) {
        return counts.getOrDefault(promise, 0L);
    }

    /** @return those that have lasted for long enough by now, each once */
    public synchronized List<Breach> look(Instant now) {
        var before = seen;
        seen = new HashMap<>();
        suspects().forEach(suspect -> seen.put(suspect, before.getOrDefault(suspect, now)));
        told.retainAll(seen.keySet());
        var breaches = new ArrayList<Breach>();
        seen.forEach((suspect, since) -> {
            if (!since.plus(LASTING).isAfter(now) && told.add(suspect)) {
                breaches.add(suspect);
                counts.merge(suspect.promise(), 1L, Long::sum);
            }
        });
        return Collections.unmodifiableList(breaches);
    }

    /** What was seen so far says nothing: nobody looked meanwhile, or nothing could change. What was told is not told again while it lasts. */
    public synchronized void reset() {
        seen = new HashMap<>();
    }

    private Set<Breach> suspects() {
        var suspects = new HashSet<Breach>();
        var byAgent = new HashMap<String, TreeSet<String>>();
        for (var call : live.calls()) {
            if (call.phase() == View.CallPhase.WAITING) {
                if (call.queueId() != null
                        && live.queue(call.queueId())
                                .filter(queue -> queue.waiting() == 0)
                                .isPresent()) {
                    suspects.add(new Breach(
                            Promise.NOBODY_FORGOTTEN, "call " + call.id() + " waits in queue " + call.queueId()));
                }
            } else if (call.agentId() != null && call.phase() != View.CallPhase.LEAVING) {
                byAgent.computeIfAbsent(call.agentId(), id -> new TreeSet<>()).add(call.id());
            }
        }
        byAgent.forEach((agent, calls) -> {
            if (calls.size() > 1) {
                suspects.add(new Breach(
                        Promise.ONE_CALL_AN_AGENT, "agent " + agent + " has the calls " + String.join(", ", calls)));
            }
        });
        for (var agent : live.agents()) {
            if (isKept(agent.phase())
                    && agent.callId() != null
                    && live.call(agent.callId()).isEmpty()) {
                suspects.add(new Breach(
                        Promise.NO_DEAD_CALLS, "agent " + agent.id() + " is kept for call " + agent.callId()));
            }
        }
        return suspects;
    }

    private static boolean isKept(View.AgentPhase phase) {
        return phase == View.AgentPhase.RESERVED
                || phase == View.AgentPhase.RINGING
                || phase == View.AgentPhase.TALKING;
    }
}
