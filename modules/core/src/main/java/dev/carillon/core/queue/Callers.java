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
     * @param movedCallId the call that has left for another queue, and alone has its place here should it come back; empty when any call of
     *     that number has, in time
     */
    record Past(String lastAgentId, Instant leftAt, Optional<Instant> unservedSince, String movedCallId) {

        private boolean isFor(String callId, Instant now, Duration kept) {
            return movedCallId.isEmpty() ? !now.isAfter(leftAt.plus(kept)) : movedCallId.equals(callId);
        }
    }

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

    /** Since when somebody has waited who was cut off, or hung up, and calls again in time; or who comes back with the same call. */
    Optional<Instant> placeOf(String number, String callId, Instant now, Duration kept) {
        return past(number).filter(past -> past.isFor(callId, now, kept)).flatMap(Past::unservedSince);
    }

    /** Of several calls from one number, as behind the switchboard of a company, the first one has the place. */
    Callers withoutPlace(String number, Instant since) {
        return past(number)
                .filter(past -> past.unservedSince().equals(Optional.of(since)))
                .map(past -> with(number, new Past(past.lastAgentId(), past.leftAt(), Optional.empty(), "")))
                .orElse(this);
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
