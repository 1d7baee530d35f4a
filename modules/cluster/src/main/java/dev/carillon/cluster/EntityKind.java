package dev.carillon.cluster;

import dev.carillon.core.Decider;
import dev.carillon.core.queue.QueueState;
import dev.carillon.protocol.Command;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.agent.AgentSnapshot;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.queue.QueueSnapshot;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.seat.SeatEvent;
import dev.carillon.protocol.seat.SeatSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What distinguishes calls, agents, queues and seats from each other in the eyes of the shell.
 *
 * @param name the sharding type, and the first part of every persistence id: stored, so frozen for ever
 * @param mark stored with some events, so that the projection of call records can follow them
 * @param snapshots how the short history of {@link Decider#compact} is stored; empty for entities that do not live long enough
 * @param remembered whether sharding starts the entity again by itself after its node was lost
 * @param timeToOffer what a command says of how long an offer took, for the figures
 */
record EntityKind<C extends Command, E, S>(
        String name,
        Class<C> commandType,
        Decider<C, E, S> decider,
        RecordMark<E> mark,
        Optional<SnapshotForm<E>> snapshots,
        boolean remembered,
        TimeToOffer<C, S> timeToOffer) {

    static final String CALL = "Call";
    static final String AGENT = "Agent";
    static final String QUEUE = "Queue";
    static final String SEAT = "Seat";

    /** Empty for commands that say nothing of it. */
    @FunctionalInterface
    interface TimeToOffer<C, S> {
        Optional<Duration> of(C command, S state, Instant now);
    }

    /** A snapshot is one protobuf message that lists events. */
    record SnapshotForm<E>(Function<List<E>, Object> write, Function<Object, List<E>> read) {}

    /**
     * A call that sleeps is woken by its box, which knows all calls that are alive; so calls are not remembered, and a node
     * lost does not wake those that ended while it was away. One that its box has forgotten, too, is woken by
     * {@link ClusterEntities#wakeCall}.
     */
    static <S> EntityKind<CallCommand, CallEvent, S> call(Decider<CallCommand, CallEvent, S> decider) {
        return new EntityKind<>(
                CALL, CallCommand.class, decider, RecordMark.ofCalls(), Optional.empty(), false, saysNothing());
    }

    static <S> EntityKind<AgentCommand, AgentEvent, S> agent(Decider<AgentCommand, AgentEvent, S> decider) {
        return new EntityKind<>(
                AGENT,
                AgentCommand.class,
                decider,
                RecordMark.ofAgents(),
                Optional.of(new SnapshotForm<>(
                        events ->
                                AgentSnapshot.newBuilder().addAllEvents(events).build(),
                        snapshot -> ((AgentSnapshot) snapshot).getEventsList())),
                true,
                saysNothing());
    }

    static <S> EntityKind<QueueCommand, QueueEvent, S> queue(Decider<QueueCommand, QueueEvent, S> decider) {
        return new EntityKind<>(
                QUEUE,
                QueueCommand.class,
                decider,
                RecordMark.none(),
                Optional.of(new SnapshotForm<>(
                        events ->
                                QueueSnapshot.newBuilder().addAllEvents(events).build(),
                        snapshot -> ((QueueSnapshot) snapshot).getEventsList())),
                true,
                (command, state, now) ->
                        command instanceof QueueCommand.OfferAccepted ringing && state instanceof QueueState queue
                                ? queue.timeToOffer(ringing, now)
                                : Optional.empty());
    }

    /** One that sleeps is woken by who claims it, or by its holder who leaves; so seats are not remembered. */
    static <S> EntityKind<SeatCommand, SeatEvent, S> seat(Decider<SeatCommand, SeatEvent, S> decider) {
        return new EntityKind<>(
                SEAT,
                SeatCommand.class,
                decider,
                RecordMark.none(),
                Optional.of(new SnapshotForm<>(
                        events -> SeatSnapshot.newBuilder().addAllEvents(events).build(),
                        snapshot -> ((SeatSnapshot) snapshot).getEventsList())),
                false,
                saysNothing());
    }

    private static <C, S> TimeToOffer<C, S> saysNothing() {
        return (command, state, now) -> Optional.empty();
    }
}
