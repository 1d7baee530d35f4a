package dev.carillon.benchmark;

import org.openjdk.jmh.annotations.Param;

/** A call enters a queue where ten agents may have it, and many more may not. */
public class CallComesAmongUnfit extends OneDecision {

    @Param({"100", "1000", "10000"})
    public int unfitAgents;

    @Param
    public Unfit because;

    @Override
    Prepared prepared() {
        var queue = Centre.beside(because, unfitAgents)
                .told(unfitAgents, because::stands)
                .told(10, Centre::skilled);
        return new Prepared(queue, Centre.enqueue(0));
    }
}
