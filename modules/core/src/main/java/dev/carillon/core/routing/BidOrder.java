package dev.carillon.core.routing;

import dev.carillon.protocol.agent.AgentCommand.Bid;

/** Among the bids of several queues an agent takes the one whose call would be first if they were one queue: {@link CallOrder}. */
public final class BidOrder {

    public static Bid better(Bid one, Bid other) {
        return key(one).compareTo(key(other)) <= 0 ? one : other;
    }

    private static CallOrder key(Bid bid) {
        return new CallOrder(bid.priority(), bid.waitingSince(), bid.callId());
    }

    private BidOrder() {}
}
