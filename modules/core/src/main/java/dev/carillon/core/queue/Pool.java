package dev.carillon.core.queue;

import dev.carillon.core.routing.AgentOrder;
import dev.carillon.core.routing.CallOrder;
import dev.carillon.core.routing.ReadyAgent;
import dev.carillon.core.routing.Routing;
import java.util.Collections;
import java.util.Optional;
import org.pcollections.PVector;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/**
 * The calls that may be offered and the agents who may be asked, at one box, each in order. Whoever is first on either side
 * is found in a time that grows with the number of steps, and with nothing else but logarithms.
 *
 * @param lanes by step: the calls that are at it, and the agents who may have them
 * @param unheard calls that have not said anything since the queue came to life: they may be first as well
 */
record Pool(PVector<Lane> lanes, TreePSet<CallOrder> unheard) {

    record Lane(TreePSet<CallOrder> calls, TreePSet<ReadyAgent> agents) {
        boolean canMatch() {
            return !calls.isEmpty() && !agents.isEmpty();
        }

        boolean isEmpty() {
            return calls.isEmpty() && agents.isEmpty();
        }
    }

    static Pool empty(Routing routing) {
        var lane = new Lane(
                TreePSet.empty(),
                TreePSet.empty(AgentOrder.of(routing.strategy()).order()));
        return new Pool(TreePVector.from(Collections.nCopies(routing.steps().count(), lane)), TreePSet.empty());
    }

    /** Of all calls for which an agent is ready, the first, with all agents who may have it. */
    Optional<Lane> best() {
        Lane best = null;
        for (var lane : lanes) {
            if (lane.canMatch()
                    && (best == null
                            || lane.calls().first().compareTo(best.calls().first()) < 0)) {
                best = lane;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Whether a call that has not been heard of would come before this one. */
    boolean mayHaveOneBefore(CallOrder call) {
        return !unheard.isEmpty() && unheard.first().compareTo(call) < 0;
    }

    boolean isEmpty() {
        return unheard.isEmpty() && lanes.stream().allMatch(Lane::isEmpty);
    }

    Pool with(Line line) {
        return switch (line.stage()) {
            case OPEN -> {
                var lane = lanes.get(line.step());
                yield with(line.step(), new Lane(lane.calls().plus(line.order()), lane.agents()));
            }
            case UNCONFIRMED -> new Pool(lanes, unheard.plus(line.order()));
            case BIDDING, CONNECTING, OFFERED, SUSPENDED -> this;
        };
    }

    Pool without(Line line) {
        return switch (line.stage()) {
            case OPEN -> {
                var lane = lanes.get(line.step());
                yield with(line.step(), new Lane(lane.calls().minus(line.order()), lane.agents()));
            }
            case UNCONFIRMED -> new Pool(lanes, unheard.minus(line.order()));
            case BIDDING, CONNECTING, OFFERED, SUSPENDED -> this;
        };
    }

    /** @param steps whose calls they may have, as bits */
    Pool with(ReadyAgent agent, long steps) {
        var pool = this;
        for (int step = 0; step < lanes.size(); step++) {
            if ((steps & 1L << step) != 0) {
                var lane = lanes.get(step);
                pool = pool.with(step, new Lane(lane.calls(), lane.agents().plus(agent)));
            }
        }
        return pool;
    }

    /** @param steps as they came in */
    Pool without(ReadyAgent agent, long steps) {
        var pool = this;
        for (int step = 0; step < lanes.size(); step++) {
            if ((steps & 1L << step) != 0) {
                var lane = lanes.get(step);
                pool = pool.with(step, new Lane(lane.calls(), lane.agents().minus(agent)));
            }
        }
        return pool;
    }

    private Pool with(int step, Lane lane) {
        return new Pool(lanes.with(step, lane), unheard);
    }
}
