package dev.carillon.benchmark;

import org.openjdk.jmh.annotations.Param;

/** A call enters a queue at risk, which may borrow agents of many others: each of them serves one of their own. */
public class CallBorrows extends OneDecision {

    @Param({"10", "100", "1000"})
    public int lendingQueues;

    @Override
    Prepared prepared() {
        var queue = Centre.beside(Unfit.NOT_LENT, lendingQueues)
                .told(lendingQueues, Unfit.NOT_LENT::stands)
                .told(1, Centre::enqueue)
                .told(lendingQueues, Centre::lends);
        return new Prepared(queue, Centre.enqueue(0));
    }
}
