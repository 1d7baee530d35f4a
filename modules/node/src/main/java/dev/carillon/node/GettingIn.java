package dev.carillon.node;

import akka.cluster.MemberStatus;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What a node does that finds others at work on its database: it joins them, and has patience with them from the first time that it saw them. However
 * long it took until then, or since it last looked, it does not give up before it has tried; nor once it is in their
 * cluster, where it may take its time until it is Up.
 */
final class GettingIn {

    enum Step {
        JOIN,
        WAIT,
        GIVE_UP
    }

    private final boolean mayJoin;
    private final long patience;
    private final LongSupplier nanos;
    private boolean begun;
    private long begunAt;
    /** Whom it has tried to join; null when it has not. */
    private Set<String> tried;

    /**
     * @param mayJoin false for a node that knows of no others: it only waits for them to go
     * @param nanos a clock that is never set, in nanoseconds
     */
    GettingIn(boolean mayJoin, Duration patience, LongSupplier nanos) {
        this.mayJoin = mayJoin;
        this.patience = patience.toNanos();
        this.nanos = nanos;
    }

    /** @param self what this node is in any cluster; {@code Removed} before it is in one */
    Step next(MemberStatus self, Set<String> others) {
        if (self != MemberStatus.removed()) {
            return Step.WAIT;
        }
        if (!begun) {
            begun = true;
            begunAt = nanos.getAsLong();
        }
        if (nanos.getAsLong() - begunAt > patience && (tried != null || !mayJoin)) {
            return Step.GIVE_UP;
        }
        if (mayJoin && !others.equals(tried)) {
            tried = Set.copyOf(others);
            return Step.JOIN;
        }
        return Step.WAIT;
    }
}
