package dev.carillon.cluster;

import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.seat.SeatCommand;
import java.time.Instant;
import java.util.Optional;
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
                .thenCompose(reply -> logInIf(reply, agentId, seat));
    }

    /**
     * As {@link #logIn}, and the agent who holds the seat, if another does, is logged out there first, unless they have a call; but not before
     * the agent has said that they may log in. The answer is that of whoever refused, or done. Should this node die in between, the former
     * holder may be logged out and the seat free.
     *
     * @param seen who is logged in at the seat as far as is known; should the seat know nothing of them, they are asked all the same
     */
    default CompletionStage<Reply> takeOver(String agentId, Seat seat, Optional<String> seen) {
        return askSeat(seat.seatId(), new SeatCommand.TakeOver(agentId, "", 0)).thenCompose(reply -> {
            if (reply instanceof Reply.SeatHeld held) {
                return replace(held.agentId(), seat, held.until(), agentId)
                        .thenCompose(left -> left instanceof Reply.Done
                                ? askSeat(
                                        seat.seatId(), new SeatCommand.TakeOver(agentId, held.agentId(), held.number()))
                                : CompletableFuture.completedFuture(left))
                        .thenCompose(granted -> logInIf(granted, agentId, seat));
            }
            return seen.filter(holder -> reply instanceof Reply.SeatGranted && !holder.equals(agentId))
                    .map(holder -> replace(holder, seat, Instant.EPOCH, agentId)
                            .thenCompose(left -> left instanceof Reply.Done
                                    ? logInIf(reply, agentId, seat)
                                    : CompletableFuture.completedFuture(left)))
                    .orElseGet(() -> logInIf(reply, agentId, seat));
        });
    }

    private CompletionStage<Reply> replace(String holder, Seat seat, Instant until, String agentId) {
        return askAgent(agentId, new AgentCommand.MayLogIn(seat.seatId()))
                .thenCompose(may -> may instanceof Reply.Done
                        ? askAgent(holder, new AgentCommand.GiveUpSeat(seat.seatId(), until, agentId))
                        : CompletableFuture.completedFuture(may));
    }

    private CompletionStage<Reply> logInIf(Reply reply, String agentId, Seat seat) {
        if (reply instanceof Reply.SeatGranted granted) {
            return askAgent(agentId, new AgentCommand.LogIn(seat, granted.until()));
        }
        return CompletableFuture.completedFuture(
                reply instanceof Reply.SeatHeld held
                        ? new Reply.Rejected(
                                "SEAT_TAKEN",
                                "Agent " + held.agentId() + " has got seat " + seat.seatId()
                                        + " meanwhile. Choose another seat, or take it over once more.")
                        : reply);
    }
}
