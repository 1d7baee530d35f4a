package dev.carillon.core;

import java.util.List;

/**
 * What a decider decided.
 *
 * @param events to be made durable, in this order, before anything else happens; may be empty
 * @param state the state afterwards, soft part included
 * @param outputs to be carried out once the events are durable, in this order
 */
public record Decision<E, S>(List<E> events, S state, List<Output> outputs) {

    public Decision {
        events = List.copyOf(events);
        outputs = List.copyOf(outputs);
    }
}
