package dev.carillon.core.queue;

import java.time.Instant;
import java.util.Comparator;

/** When it is time for something that has to do with another queue. */
record Due(Instant at, String queueId) implements Comparable<Due> {
    private static final Comparator<Due> ORDER = Comparator.comparing(Due::at).thenComparing(Due::queueId);

    @Override
    public int compareTo(Due other) {
        return ORDER.compare(this, other);
    }
}
