package dev.carillon.core.queue;

import dev.carillon.core.routing.CallOrder;
import dev.carillon.core.routing.ReadyAgent;
import java.util.Comparator;
import org.pcollections.TreePSet;

/**
 * The calls that may be offered and the agents who may be asked, at one box, each in order. Whoever is first on either side
 * is found in logarithmic time, however many there are.
 *
 * @param unheard calls that have not said anything since the queue came to life: they may be first as well
 */
record Pool(TreePSet<CallOrder> calls, TreePSet<CallOrder> unheard, TreePSet<ReadyAgent> agents) {

    static Pool empty(Comparator<ReadyAgent> rule) {
        return new Pool(TreePSet.empty(), TreePSet.empty(), TreePSet.empty(rule));
    }

    boolean canMatch() {
        return !calls.isEmpty() && !agents.isEmpty();
    }

    /** Whether a call that has not been heard of would come before the first that may be offered. */
    boolean mayHaveAnEarlierCall() {
        return !unheard.isEmpty() && unheard.first().compareTo(calls.first()) < 0;
    }

    boolean isEmpty() {
        return calls.isEmpty() && unheard.isEmpty() && agents.isEmpty();
    }

    Pool with(Line line) {
        return switch (line.stage()) {
            case OPEN -> new Pool(calls.plus(line.order()), unheard, agents);
            case UNCONFIRMED -> new Pool(calls, unheard.plus(line.order()), agents);
            case BIDDING, CONNECTING, OFFERED, SUSPENDED -> this;
        };
    }

    Pool without(Line line) {
        return switch (line.stage()) {
            case OPEN -> new Pool(calls.minus(line.order()), unheard, agents);
            case UNCONFIRMED -> new Pool(calls, unheard.minus(line.order()), agents);
            case BIDDING, CONNECTING, OFFERED, SUSPENDED -> this;
        };
    }

    Pool with(ReadyAgent agent) {
        return new Pool(calls, unheard, agents.plus(agent));
    }

    Pool without(ReadyAgent agent) {
        return new Pool(calls, unheard, agents.minus(agent));
    }
}
