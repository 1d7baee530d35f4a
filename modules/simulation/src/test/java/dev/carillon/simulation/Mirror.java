package dev.carillon.simulation;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueEvent;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A decider for which some times run backwards, so that the last comes first. Its journal says the times as they were.
 *
 * @param ear turns what it hears
 * @param page turns an event as it is written, and turned twice it is as it was
 */
record Mirror<C, E, S>(Decider<C, E, S> inner, UnaryOperator<C> ear, UnaryOperator<E> page)
        implements Wrapped<C, E, S> {

    static Instant turned(Instant time) {
        return Instant.ofEpochMilli(turned(time.toEpochMilli()));
    }

    static long turned(long ms) {
        return 2 * Clockwork.START.toEpochMilli() - ms;
    }

    /** A queue that holds who came last for who came first. */
    static Decider<QueueCommand, QueueEvent, ?> youngestFirst(Decider<QueueCommand, QueueEvent, ?> queue) {
        return of(queue, Mirror::backwards, Mirror::backwards);
    }

    /** Any decider, whatever its states are. */
    static <C, E> Decider<C, E, ?> of(Decider<C, E, ?> inner, UnaryOperator<C> ear, UnaryOperator<E> page) {
        return wrapped(inner, ear, page);
    }

    private static <C, E, S> Decider<C, E, S> wrapped(
            Decider<C, E, S> inner, UnaryOperator<C> ear, UnaryOperator<E> page) {
        return new Mirror<>(inner, ear, page);
    }

    private static QueueCommand backwards(QueueCommand command) {
        return command instanceof QueueCommand.Enqueue enqueue
                ? new QueueCommand.Enqueue(
                        enqueue.callId(),
                        enqueue.boxId(),
                        enqueue.priority(),
                        Mirror.turned(enqueue.waitingSince()),
                        enqueue.callerNumber(),
                        enqueue.round(),
                        enqueue.held(),
                        enqueue.first())
                : command;
    }

    private static QueueEvent backwards(QueueEvent event) {
        return event.hasCallEntered()
                ? event.toBuilder()
                        .setCallEntered(event.getCallEntered().toBuilder()
                                .setWaitingSinceMs(
                                        Mirror.turned(event.getCallEntered().getWaitingSinceMs())))
                        .build()
                : event;
    }

    @Override
    public Decision<E, S> decide(S state, C command, Context context) {
        var decision = inner.decide(state, ear.apply(command), context);
        return new Decision<>(decision.events().stream().map(page).toList(), decision.state(), decision.outputs());
    }

    @Override
    public S evolve(S state, E event) {
        return inner.evolve(state, page.apply(event));
    }

    @Override
    public List<E> compact(S state) {
        return inner.compact(state).stream().map(page).toList();
    }
}
