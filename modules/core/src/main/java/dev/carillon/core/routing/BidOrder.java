package dev.carillon.core.routing;

import dev.carillon.protocol.agent.AgentCommand.Bid;
import java.util.Comparator;

/**
 * Among the bids of several queues an agent takes the one with the highest score, counting the weight of its queue; among equal
 * ones the call that arrived first, then by id.
 */
public final class BidOrder {

    private static final Comparator<Bid> RULE = Comparator.comparing(Bid::countsSince)
            .thenComparing(Bid::waitingSince)
            .thenComparing(Bid::callId);

    public static Bid better(Bid one, Bid other) {
        return RULE.compare(one, other) <= 0 ? one : other;
    }

    private BidOrder() {}
}
