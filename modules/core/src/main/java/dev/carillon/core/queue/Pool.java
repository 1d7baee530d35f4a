package dev.carillon.core.queue;

import dev.carillon.core.routing.CallOrder;
import dev.carillon.core.routing.LongestIdle;
import org.pcollections.TreePSet;

/**
 * The calls that may be offered and the agents who may be asked, at one box, each in order. Whoever is first on either side
 * is found in logarithmic time, however many there are.
 */
record Pool(TreePSet<CallOrder> calls, TreePSet<LongestIdle> agents) {

    static final Pool EMPTY = new Pool(TreePSet.empty(), TreePSet.empty());

    boolean canMatch() {
        return !calls.isEmpty() && !agents.isEmpty();
    }

    boolean isEmpty() {
        return calls.isEmpty() && agents.isEmpty();
    }

    Pool with(CallOrder call) {
        return new Pool(calls.plus(call), agents);
    }

    Pool without(CallOrder call) {
        return new Pool(calls.minus(call), agents);
    }

    Pool with(LongestIdle agent) {
        return new Pool(calls, agents.plus(agent));
    }

    Pool without(LongestIdle agent) {
        return new Pool(calls, agents.minus(agent));
    }
}
