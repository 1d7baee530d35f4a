package dev.carillon.load;

import java.time.Duration;
import java.util.List;

/**
 * The part of a run in which as many calls end as come, if all is well: from when the longest of the first calls is over until the last
 * caller came. Of a run that is shorter than a call, all until the last one can have left.
 *
 * @param from in microseconds since 1970
 * @param to its end, exclusive
 */
record FullFlow(long from, long to) {

    /** @param callSeconds for how long a call lasts at most */
    static FullFlow of(long begin, Duration length, double callSeconds) {
        var end = begin + length.toNanos() / 1_000;
        var call = (long) (callSeconds * 1e6);
        return begin + call < end ? new FullFlow(begin + call, end) : new FullFlow(begin, end + call);
    }

    double seconds() {
        return (to - from) / 1e6;
    }

    /** How many of these moments are within it, for each of its seconds. */
    double perSecond(List<Long> moments) {
        return moments.stream().filter(one -> one >= from && one < to).count() / seconds();
    }
}
