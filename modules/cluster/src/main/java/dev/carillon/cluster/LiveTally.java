package dev.carillon.cluster;

import dev.carillon.protocol.view.View;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many of what live on this node, for figures: the {@link LiveHub} keeps it up to date with every change, so that nobody has to count
 * a hundred thousand calls. May be read by any thread. Over all nodes the numbers add up; while an entity moves it is in none of them.
 */
public final class LiveTally {

    private final Map<View.CallPhase, LongAdder> calls = adders(View.CallPhase.class);
    private final Map<View.AgentPhase, LongAdder> agents = adders(View.AgentPhase.class);

    /** Empty for those that have left. */
    private final Map<String, Optional<View.OfQueue>> changedQueues = new ConcurrentHashMap<>();

    private static <P extends Enum<P>> Map<P, LongAdder> adders(Class<P> phases) {
        var adders = new EnumMap<P, LongAdder>(phases);
        for (var phase : phases.getEnumConstants()) {
            adders.put(phase, new LongAdder());
        }
        return Collections.unmodifiableMap(adders);
    }

    /** Calls by phase; ended ones are not there any more. */
    public Map<View.CallPhase, Long> calls() {
        return sums(View.CallPhase.class, calls);
    }

    /** Agents by phase. Who has been logged out for a while has no entity that runs, and is in none. */
    public Map<View.AgentPhase, Long> agents() {
        return sums(View.AgentPhase.class, agents);
    }

    /** The queues that look different since this was last called, each as it looks now; empty for one that lives here no more. For one caller alone. */
    public Map<String, Optional<View.OfQueue>> takeChangedQueues() {
        var taken = new HashMap<String, Optional<View.OfQueue>>();
        changedQueues.keySet().forEach(id -> taken.put(id, changedQueues.remove(id)));
        return taken;
    }

    private static <P extends Enum<P>> Map<P, Long> sums(Class<P> phases, Map<P, LongAdder> adders) {
        var sums = new EnumMap<P, Long>(phases);
        adders.forEach((phase, adder) -> sums.put(phase, adder.sum()));
        return sums;
    }

    /**
     * @param before null for what was not here
     * @param after null for what is here no more
     */
    void changed(View before, View after) {
        count(before, -1);
        count(after, 1);
        if (after instanceof View.OfQueue queue) {
            changedQueues.put(queue.id(), Optional.of(queue));
        } else if (before instanceof View.OfQueue queue) {
            changedQueues.put(queue.id(), Optional.empty());
        }
    }

    private void count(View view, int sign) {
        if (view instanceof View.OfCall call) {
            calls.get(call.phase()).add(sign);
        } else if (view instanceof View.OfAgent agent) {
            agents.get(agent.phase()).add(sign);
        }
    }
}
