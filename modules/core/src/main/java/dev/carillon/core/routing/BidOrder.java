package dev.carillon.core.routing;

import dev.carillon.protocol.agent.AgentCommand.Bid;
import java.util.Comparator;
import java.util.function.Predicate;

/**
 * Among the bids of several queues an agent takes the one with the highest score, counting the weight of its queue; among equal
 * ones the call that arrived first, then by id. A bid of a queue that would borrow them comes after all bids of those they serve.
 */
public final class BidOrder {

    private static final Comparator<Bid> RULE = Comparator.comparing(Bid::countsSince)
            .thenComparing(Bid::waitingSince)
            .thenComparing(Bid::callId);

    /** @param isServed whether the agent serves a queue */
    public static Bid better(Bid one, Bid other, Predicate<String> isServed) {
        if (isServed.test(one.queueId()) != isServed.test(other.queueId())) {
            return isServed.test(one.queueId()) ? one : other;
        }
        return RULE.compare(one, other) <= 0 ? one : other;
    }

    private BidOrder() {}
}
