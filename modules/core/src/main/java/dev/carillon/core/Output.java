package dev.carillon.core;

import dev.carillon.core.call.DecisionQuestion;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.seat.SeatCommand;

/** What a decision wants done, as data. All of it may be lost or done twice. */
public sealed interface Output {

    record ToCall(String callId, CallCommand command) implements Output {}

    record ToAgent(String agentId, AgentCommand command) implements Output {}

    record ToQueue(String queueId, QueueCommand command) implements Output {}

    record ToSeat(String seatId, SeatCommand command) implements Output {}

    record ToBox(String boxId, BoxCommand command) implements Output {}

    /** Asks the hook, which answers the call of the question by {@code Decided} or {@code NotDecided}. */
    record AskHook(DecisionHook hook, DecisionQuestion question) implements Output {}

    /** To whoever sent the command, if they wait for an answer. */
    record Answer(Reply reply) implements Output {}
}
