package dev.carillon.simulation;

import dev.carillon.core.Decider;
import dev.carillon.core.call.CallState;
import dev.carillon.protocol.view.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One kind of entity as the shell sees it.
 *
 * @param durable takes from a view what a crash may take away
 * @param snapshots whether it is ever brought to life from {@link Decider#compact}
 * @param remembered whether it comes to life again by itself after its node was lost
 */
record Kind<C, E, S>(
        String name, Decider<C, E, S> decider, UnaryOperator<View> durable, boolean snapshots, boolean remembered) {

    /** What of a state the journal alone determines, to be compared by {@code equals}. */
    Object durablePart(S state) {
        var part = new ArrayList<Object>(4);
        part.add(decider.view(state).map(durable));
        if (snapshots) {
            part.add(decider.compact(state));
        } else if (state instanceof CallState call) {
            part.add(List.of(call.offers(), call.bridgeId()));
            part.add(call.arrived());
            part.add(call.way());
            part.add(call.answeredAt());
        }
        return part;
    }

    static View ofCall(View view) {
        return view;
    }

    /** That the phone rings is the call's word, and asked for again. */
    static View ofAgent(View view) {
        var agent = (View.OfAgent) view;
        return agent.phase() != View.AgentPhase.RINGING
                ? agent
                : new View.OfAgent(
                        agent.id(),
                        View.AgentPhase.RESERVED,
                        agent.since(),
                        agent.seatId(),
                        agent.reason(),
                        agent.callId(),
                        agent.queueId(),
                        agent.wrapUpUntil(),
                        agent.next(),
                        agent.returnAt(),
                        agent.wrapUp(),
                        agent.restingUntil());
    }

    /** A seat shows nothing. */
    static View ofSeat(View view) {
        return view;
    }

    /** Who is ready and what is offered is asked for again. */
    static View ofQueue(View view) {
        var queue = (View.OfQueue) view;
        return new View.OfQueue(queue.id(), queue.waiting(), 0, queue.longestWaitSince(), queue.loggedIn(), 0);
    }
}
