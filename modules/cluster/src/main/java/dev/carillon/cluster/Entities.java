package dev.carillon.cluster;

import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.seat.SeatCommand;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The way to every call, agent, queue and seat of the cluster, wherever it lives. */
public interface Entities {

    void tellCall(String callId, CallCommand command);

    void tellAgent(String agentId, AgentCommand command);

    void tellQueue(String queueId, QueueCommand command);

    void tellSeat(String seatId, SeatCommand command);

    /** For commands that are replied to. Fails with {@link java.util.concurrent.TimeoutException} when no answer came in time. */
    CompletionStage<Reply> askAgent(String agentId, AgentCommand command);

    /** For commands that are replied to. Fails with {@link java.util.concurrent.TimeoutException} when no answer came in time. */
    CompletionStage<Reply> askQueue(String queueId, QueueCommand command);

    /** For commands that are replied to. Fails with {@link java.util.concurrent.TimeoutException} when no answer came in time. */
    CompletionStage<Reply> askSeat(String seatId, SeatCommand command);

    /** Claims the seat for the agent, and logs them in at it: the one way in. The answer is that of whoever refused, or done. */
    default CompletionStage<Reply> logIn(String agentId, Seat seat) {
        return askSeat(seat.seatId(), new SeatCommand.Claim(agentId))
                .thenCompose(reply -> reply instanceof Reply.SeatGranted granted
                        ? askAgent(agentId, new AgentCommand.LogIn(seat, granted.until()))
                        : CompletableFuture.completedFuture(reply));
    }
}
