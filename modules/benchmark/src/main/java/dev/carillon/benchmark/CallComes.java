package dev.carillon.benchmark;

import org.openjdk.jmh.annotations.Param;

/** A call enters a queue with ready agents: one of them is asked. */
public class CallComes extends OneDecision {

    @Param({"100", "1000", "10000"})
    public int readyAgents;

    @Param({"1", "10", "1000"})
    public int otherQueues;

    @Override
    Prepared prepared() {
        var queue = Centre.plain(otherQueues).told(readyAgents, Centre::ready);
        return new Prepared(queue, Centre.enqueue(0));
    }
}
