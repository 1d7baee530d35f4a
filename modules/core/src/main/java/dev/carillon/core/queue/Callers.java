package dev.carillon.core.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePSet;

/**
 * Who has been in this queue before, by their number: whom they talked to, and the place of those who left without having been served.
 * The latest {@link #MOST} are remembered.
 */
record Callers(PMap<String, Past> byNumber, TreePSet<Left> byTime) {

    static final int MOST = 10_000;
    static final Callers NONE = new Callers(HashTreePMap.empty(), TreePSet.empty());

    /**
     * @param lastAgentId whom they last talked to; empty when to nobody
     * @param unservedSince since when they had waited as they left without having talked to anybody; empty when they had
     */
    record Past(String lastAgentId, Instant leftAt, Optional<Instant> unservedSince) {}

    record Left(Instant at, String number) implements Comparable<Left> {
        @Override
        public int compareTo(Left other) {
            int byTime = at.compareTo(other.at);
            return byTime != 0 ? byTime : number.compareTo(other.number);
        }
    }

    /** Of a caller who withholds their number nobody remembers anything. */
    Optional<Past> past(String number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    String lastAgentOf(String number) {
        return past(number).map(Past::lastAgentId).orElse("");
    }

    /** Since when somebody has waited who was cut off, or hung up, and calls again in time. */
    Optional<Instant> placeOf(String number, Instant now, Duration kept) {
        return past(number)
                .filter(past -> !now.isAfter(past.leftAt().plus(kept)))
                .flatMap(Past::unservedSince);
    }

    Callers with(String number, Past past) {
        if (number.isEmpty()) {
            return this;
        }
        var others = without(number);
        var all = new Callers(others.byNumber.plus(number, past), others.byTime.plus(new Left(past.leftAt(), number)));
        return all.byNumber.size() <= MOST
                ? all
                : all.without(all.byTime.first().number());
    }

    private Callers without(String number) {
        return past(number)
                .map(past -> new Callers(byNumber.minus(number), byTime.minus(new Left(past.leftAt(), number))))
                .orElse(this);
    }
}
