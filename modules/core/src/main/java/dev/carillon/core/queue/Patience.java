package dev.carillon.core.queue;

import dev.carillon.core.Timing;
import java.time.Instant;

/**
 * Waiting for calls that come before others and have not been heard of again, since the queue came to life or their box was away.
 *
 * @param since when it began
 * @param until when it ends, unless something more happens
 */
record Patience(Instant since, Instant until) {

    static Patience begun(Instant now) {
        return new Patience(now, now.plus(Timing.PATIENCE));
    }

    /**
     * Another call has gone away or come back, so others may, too. It lasts for twice as long at most, and has to rest after that: a box that comes and
     * goes must not keep agents idle for ever.
     */
    Patience renewed(Instant now) {
        var last = since.plus(Timing.PATIENCE.multipliedBy(2));
        if (lasts(now)) {
            var wanted = now.plus(Timing.PATIENCE);
            return new Patience(since, wanted.isBefore(last) ? wanted : last);
        }
        var rests = !until.isBefore(last) && now.isBefore(until.plus(Timing.PATIENCE));
        return rests ? this : begun(now);
    }

    boolean lasts(Instant now) {
        return now.isBefore(until);
    }
}
