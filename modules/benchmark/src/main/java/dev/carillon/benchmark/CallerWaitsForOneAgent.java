package dev.carillon.benchmark;

import org.openjdk.jmh.annotations.Param;

/** An agent becomes ready for whom alone calls wait: the first of these is offered. */
public class CallerWaitsForOneAgent extends OneDecision {

    @Param({"10", "1000", "100000"})
    public int waitingCalls;

    @Override
    Prepared prepared() {
        var queue =
                Centre.plain(1).told(1, Centre::ready).told(1, Centre::talks).told(waitingCalls, Centre::enqueueForOne);
        return new Prepared(queue, Centre.isFree());
    }
}
