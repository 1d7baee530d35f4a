package dev.carillon.core;

import dev.carillon.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * One decision in the making. Lives for the length of one {@code decide} and never leaves it: the only mutable thing in the
 * core, so that deciders can be read from top to bottom.
 */
public final class Turn<E, S> {

    private final BiFunction<S, E, S> evolve;
    private final List<E> events = new ArrayList<>(4);
    private final List<Output> outputs = new ArrayList<>(8);
    private final Context context;
    private S state;

    public Turn(S state, Context context, BiFunction<S, E, S> evolve) {
        this.state = state;
        this.context = context;
        this.evolve = evolve;
    }

    /** The state so far: with every event and note of this turn. */
    public S state() {
        return state;
    }

    public Context context() {
        return context;
    }

    /** This has happened, and must never be forgotten. */
    public Turn<E, S> record(E event) {
        events.add(event);
        state = evolve.apply(state, event);
        return this;
    }

    /** A change of the soft part of the state. */
    public Turn<E, S> note(UnaryOperator<S> change) {
        state = change.apply(state);
        return this;
    }

    public Turn<E, S> say(Output output) {
        outputs.add(output);
        return this;
    }

    public Turn<E, S> say(List<Output> more) {
        outputs.addAll(more);
        return this;
    }

    public Turn<E, S> done() {
        return say(new Output.Answer(new Reply.Done()));
    }

    public Turn<E, S> reject(String code, String detail) {
        return say(new Output.Answer(new Reply.Rejected(code, detail)));
    }

    public Decision<E, S> end() {
        return new Decision<>(events, state, outputs);
    }
}
