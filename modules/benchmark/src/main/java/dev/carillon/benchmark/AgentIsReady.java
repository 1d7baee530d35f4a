package dev.carillon.benchmark;

import org.openjdk.jmh.annotations.Param;

/** An agent becomes ready, and calls wait: one of them is offered. */
public class AgentIsReady extends OneDecision {

    @Param({"10", "1000", "100000"})
    public int waitingCalls;

    @Param({"1", "10", "1000"})
    public int otherQueues;

    @Override
    Prepared prepared() {
        var queue = Centre.plain(otherQueues).told(waitingCalls, Centre::enqueue);
        return new Prepared(queue, Centre.ready(0));
    }
}
