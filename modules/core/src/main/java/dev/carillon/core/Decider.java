package dev.carillon.core;

import dev.carillon.protocol.view.View;
import java.util.List;
import java.util.Optional;

/**
 * One kind of entity, as pure functions. A shell (the cluster's actor, or the simulation) calls {@link #decide}, makes the
 * events durable, and only then takes on the new state and carries the outputs out.
 *
 * <p>A state has a durable part, which {@link #evolve} alone makes from events, and a soft part (who has acknowledged what,
 * who was heard of when), which a crash takes away. So {@code decision.state()} equals the events applied to the old state but
 * for the soft part, and everything must go right from a state whose soft part is empty.
 *
 * @param <C> commands
 * @param <E> events: the protobuf messages of the journal themselves
 * @param <S> the state, immutable
 */
public interface Decider<C, E, S> {

    /** The state of an entity to which nothing has happened. */
    S empty(String id);

    /** Decides; changes nothing. Every command is answered in every state: repeated and late ones are harmless. */
    Decision<E, S> decide(S state, C command, Context context);

    /** The durable part of the state after this event, with the soft part as far as it follows. Never reads a clock or a directory. */
    S evolve(S state, E event);

    /**
     * Everything that others still owe this entity an acknowledgement for, said again. The shell carries it out after a recovery,
     * and once more whenever {@link Timing#REPEAT} has passed and something is still owed. Empty when nothing is.
     */
    List<Output> resume(S state, Context context);

    /** The timers that should run in this state. The shell starts and cancels to make it so, also after a recovery. */
    List<Timer> timers(S state);

    /** The command that says a timer of {@link #timers} is due. */
    C timerFired(String timerId);

    /** The shortest history that leads to the durable part of this state: a snapshot. Empty when nothing has happened. */
    List<E> compact(S state);

    /** Whether the entity may be put to sleep: nothing is owed, no timer is of use, and it will be woken by who needs it. */
    boolean mayRest(S state);

    /** How the entity looks from outside; empty when it has nothing to show. */
    Optional<View> view(S state);
}
