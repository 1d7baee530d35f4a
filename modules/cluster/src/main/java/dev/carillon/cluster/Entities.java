package dev.carillon.cluster;

import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.queue.QueueCommand;
import java.util.concurrent.CompletionStage;

/** The way to every call, agent and queue of the cluster, wherever it lives. */
public interface Entities {

    void tellCall(String callId, CallCommand command);

    void tellAgent(String agentId, AgentCommand command);

    void tellQueue(String queueId, QueueCommand command);

    /** For commands that are replied to. Fails with {@link java.util.concurrent.TimeoutException} when no answer came in time. */
    CompletionStage<Reply> askAgent(String agentId, AgentCommand command);

    /** For commands that are replied to. Fails with {@link java.util.concurrent.TimeoutException} when no answer came in time. */
    CompletionStage<Reply> askQueue(String queueId, QueueCommand command);
}
