package dev.carillon.simulation;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A decider that sees another configuration than there is.
 *
 * @param eyes what it takes the configuration for
 */
record Blinkers<C, E, S>(Decider<C, E, S> inner, UnaryOperator<Directory> eyes) implements Wrapped<C, E, S> {

    /** Any decider, whatever its states are. */
    static <C, E> Decider<C, E, ?> of(Decider<C, E, ?> inner, UnaryOperator<Directory> eyes) {
        return wrapped(inner, eyes);
    }

    /** For which all agents are like this. */
    static UnaryOperator<Directory> agents(UnaryOperator<Directory.Agent> like) {
        return directory -> {
            var seen = directory;
            for (var agent : directory.agents().values()) {
                seen = seen.withAgent(like.apply(agent));
            }
            return seen;
        };
    }

    /** For which all queues are like this. */
    static UnaryOperator<Directory> queues(UnaryOperator<Directory.Queue> like) {
        return directory -> {
            var seen = directory;
            for (var queue : directory.queues().values()) {
                seen = seen.withQueue(like.apply(queue));
            }
            return seen;
        };
    }

    private static <C, E, S> Decider<C, E, S> wrapped(Decider<C, E, S> inner, UnaryOperator<Directory> eyes) {
        return new Blinkers<>(inner, eyes);
    }

    private Context seen(Context context) {
        return new Context(context.now(), eyes.apply(context.directory()), context.ids());
    }

    @Override
    public Decision<E, S> decide(S state, C command, Context context) {
        return inner.decide(state, command, seen(context));
    }

    @Override
    public List<Output> resume(S state, Context context) {
        return inner.resume(state, seen(context));
    }
}
