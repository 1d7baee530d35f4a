package dev.carillon.simulation;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.core.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A decider with a fault planted in it: commands it does not hear, words and events it changes or swallows.
 *
 * @param hears which commands it takes notice of
 * @param mouth what becomes of an output; null swallows it
 * @param pen what becomes of an event; null is not written
 */
record Meddler<C, E, S>(Decider<C, E, S> inner, Predicate<C> hears, UnaryOperator<Output> mouth, UnaryOperator<E> pen)
        implements Wrapped<C, E, S> {

    /** Any decider, whatever its states are. */
    static <C, E> Decider<C, E, ?> of(
            Decider<C, E, ?> inner, Predicate<C> hears, UnaryOperator<Output> mouth, UnaryOperator<E> pen) {
        return wrapped(inner, hears, mouth, pen);
    }

    private static <C, E, S> Decider<C, E, S> wrapped(
            Decider<C, E, S> inner, Predicate<C> hears, UnaryOperator<Output> mouth, UnaryOperator<E> pen) {
        return new Meddler<>(inner, hears, mouth, pen);
    }

    @Override
    public Decision<E, S> decide(S state, C command, Context context) {
        if (!hears.test(command)) {
            return new Decision<>(List.of(), state, List.of());
        }
        var decision = inner.decide(state, command, context);
        var events = new ArrayList<E>();
        boolean changed = false;
        for (var event : decision.events()) {
            var written = pen.apply(event);
            changed |= !event.equals(written);
            if (written != null) {
                events.add(written);
            }
        }
        var after = decision.state();
        if (changed) {
            after = state;
            for (var event : events) {
                after = inner.evolve(after, event);
            }
        }
        return new Decision<>(events, after, said(decision.outputs()));
    }

    @Override
    public List<Output> resume(S state, Context context) {
        return said(inner.resume(state, context));
    }

    private List<Output> said(List<Output> outputs) {
        var said = new ArrayList<Output>();
        for (var output : outputs) {
            var changed = mouth.apply(output);
            if (changed != null) {
                said.add(changed);
            }
        }
        return said;
    }
}
