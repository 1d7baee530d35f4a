package dev.carillon.core.queue;

import dev.carillon.core.Directory;
import dev.carillon.protocol.call.CallCommand;
import java.time.Duration;
import java.util.Optional;

/**
 * A place of the operator's own where a queue asks, for every call that enters it, which agent or queue to use. Without an answer in
 * time the queue's own rule applies.
 *
 * @param url of http or https, to which the question is posted
 * @param deadline for how long a call waits for the answer
 * @param secretVariable the environment variable of the nodes that has the secret which is sent along; empty for none
 */
public record DecisionHook(String url, Duration deadline, String secretVariable) {

    public static final Duration PLAIN_DEADLINE = Duration.ofMillis(500);

    /**
     * Why an answer cannot be followed, by the configuration; empty when it can.
     *
     * @param queueId of the queue that has asked
     */
    public static Optional<String> trouble(String queueId, CallCommand.Decided answer, Directory directory) {
        if (!answer.agentId().isEmpty() && !directory.serves(answer.agentId(), queueId)) {
            return Optional.of("agent " + answer.agentId() + " does not serve queue " + queueId);
        }
        var elsewhere = answer.queueId();
        return elsewhere.isEmpty() || (directory.queues().containsKey(elsewhere) && !elsewhere.equals(queueId))
                ? Optional.empty()
                : Optional.of("there is no other queue " + elsewhere);
    }
}
