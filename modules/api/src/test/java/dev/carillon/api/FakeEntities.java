package dev.carillon.api;

import dev.carillon.cluster.Entities;
import dev.carillon.protocol.Command;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.seat.SeatCommand;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Entities that write down what they are told, and answer what the test wants. */
final class FakeEntities implements Entities {

    record Said(String to, Command command) {}

    final List<Said> said = new CopyOnWriteArrayList<>();
    final List<Said> claims = new CopyOnWriteArrayList<>();
    volatile Supplier<CompletionStage<Reply>> seatAnswer =
            () -> CompletableFuture.completedFuture(new Reply.SeatGranted(World.NOW));
    volatile Supplier<CompletionStage<Reply>> agentAnswer = () -> CompletableFuture.completedFuture(new Reply.Done());
    volatile Supplier<CompletionStage<Reply>> queueAnswer =
            () -> CompletableFuture.completedFuture(new Reply.WaitingCalls(List.of()));

    @Override
    public void tellCall(String callId, CallCommand command) {
        said.add(new Said(callId, command));
    }

    @Override
    public void tellAgent(String agentId, AgentCommand command) {
        said.add(new Said(agentId, command));
    }

    @Override
    public void tellQueue(String queueId, QueueCommand command) {
        said.add(new Said(queueId, command));
    }

    @Override
    public void tellSeat(String seatId, SeatCommand command) {
        said.add(new Said(seatId, command));
    }

    @Override
    public CompletionStage<Reply> askSeat(String seatId, SeatCommand command) {
        claims.add(new Said(seatId, command));
        return seatAnswer.get();
    }

    @Override
    public CompletionStage<Reply> askAgent(String agentId, AgentCommand command) {
        said.add(new Said(agentId, command));
        return agentAnswer.get();
    }

    @Override
    public CompletionStage<Reply> askQueue(String queueId, QueueCommand command) {
        said.add(new Said(queueId, command));
        return queueAnswer.get();
    }
}
