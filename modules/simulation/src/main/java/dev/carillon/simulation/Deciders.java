package dev.carillon.simulation;

import dev.carillon.core.Decider;
import dev.carillon.core.agent.AgentDecider;
import dev.carillon.core.agent.DesktopWatch;
import dev.carillon.core.call.CallDecider;
import dev.carillon.core.queue.QueueDecider;
import dev.carillon.core.seat.SeatDecider;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.seat.SeatEvent;
import java.time.Duration;

/** What is being simulated: one decider of each kind. */
public record Deciders(
        Decider<CallCommand, CallEvent, ?> call,
        Decider<AgentCommand, AgentEvent, ?> agent,
        Decider<QueueCommand, QueueEvent, ?> queue,
        Decider<SeatCommand, SeatEvent, ?> seat) {

    /** In a history everything lasts for seconds. */
    static final DesktopWatch DESKTOPS = new DesktopWatch(Duration.ofSeconds(6), Duration.ofSeconds(8));

    /** In which an agent's limit of calls counts. */
    static final Duration CALLS_WINDOW = Duration.ofSeconds(20);

    /** Those that route real calls. */
    public static Deciders real() {
        return new Deciders(
                new CallDecider(), new AgentDecider(DESKTOPS, CALLS_WINDOW), new QueueDecider(), new SeatDecider());
    }

    Deciders withCall(Decider<CallCommand, CallEvent, ?> other) {
        return new Deciders(other, agent, queue, seat);
    }

    Deciders withAgent(Decider<AgentCommand, AgentEvent, ?> other) {
        return new Deciders(call, other, queue, seat);
    }

    Deciders withQueue(Decider<QueueCommand, QueueEvent, ?> other) {
        return new Deciders(call, agent, other, seat);
    }

    Deciders withSeat(Decider<SeatCommand, SeatEvent, ?> other) {
        return new Deciders(call, agent, queue, other);
    }
}
