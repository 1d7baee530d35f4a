package dev.carillon.core.routing;

import dev.carillon.protocol.queue.QueueCommand.Today;
import java.time.Instant;

/**
 * An agent who is ready, as far as a strategy may look at them.
 *
 * @param idleSince from when "idle" counts: the end of the last wrap-up, or becoming ready; an offer that failed by the caller's
 *     doing does not begin it anew
 * @param lastAskedAt when this queue last asked them to take a call; {@link Instant#EPOCH} when it never did, or does not remember
 * @param today what they had done on that day when they became ready
 * @param rank their place in the queue's list, 1 for the first
 * @param lot a number drawn when they became ready
 */
public record ReadyAgent(String agentId, Instant idleSince, Instant lastAskedAt, Today today, int rank, long lot) {

    /** @param version of their status: another one each time they become ready */
    public static ReadyAgent of(
            String agentId, Instant idleSince, Instant lastAskedAt, Today today, int rank, long version) {
        return new ReadyAgent(agentId, idleSince, lastAskedAt, today, rank, Lottery.number(agentId, version));
    }
}
