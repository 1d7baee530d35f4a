package dev.carillon.simulation;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.core.Output;
import dev.carillon.core.Timer;
import dev.carillon.protocol.view.View;
import java.util.List;
import java.util.Optional;

/** A decider that does as the one within, but for what it does itself. */
interface Wrapped<C, E, S> extends Decider<C, E, S> {

    Decider<C, E, S> inner();

    @Override
    default S empty(String id) {
        return inner().empty(id);
    }

    @Override
    default Decision<E, S> decide(S state, C command, Context context) {
        return inner().decide(state, command, context);
    }

    @Override
    default S evolve(S state, E event) {
        return inner().evolve(state, event);
    }

    @Override
    default List<Output> resume(S state, Context context) {
        return inner().resume(state, context);
    }

    @Override
    default List<Timer> timers(S state) {
        return inner().timers(state);
    }

    @Override
    default C timerFired(String timerId) {
        return inner().timerFired(timerId);
    }

    @Override
    default List<E> compact(S state) {
        return inner().compact(state);
    }

    @Override
    default boolean mayRest(S state) {
        return inner().mayRest(state);
    }

    @Override
    default Optional<View> view(S state) {
        return inner().view(state);
    }
}
