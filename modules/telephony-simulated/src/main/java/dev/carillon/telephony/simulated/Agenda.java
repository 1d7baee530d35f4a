package dev.carillon.telephony.simulated;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** What is going to happen, in order of time, and of planning among things of the same time. */
final class Agenda {

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::number));
    private long planned;

    /** One thing planned; forgets itself once it was cancelled. */
    static final class Entry {
        private final Instant at;
        private final long number;
        private final Runnable action;
        private boolean cancelled;

        private Entry(Instant at, long number, Runnable action) {
            this.at = at;
            this.number = number;
            this.action = action;
        }

        Instant at() {
            return at;
        }

        private long number() {
            return number;
        }

        void cancel() {
            cancelled = true;
        }

        void run() {
            action.run();
        }
    }

    Entry plan(Instant at, Runnable action) {
        var entry = new Entry(at, planned++, action);
        entries.add(entry);
        return entry;
    }

    Optional<Instant> next() {
        dropCancelled();
        return Optional.ofNullable(entries.peek()).map(Entry::at);
    }

    /** Takes the first entry that is due by then; empty when none is. */
    Optional<Entry> takeDue(Instant until) {
        dropCancelled();
        var first = entries.peek();
        return first == null || first.at().isAfter(until) ? Optional.empty() : Optional.of(entries.remove());
    }

    private void dropCancelled() {
        while (!entries.isEmpty() && entries.peek().cancelled) {
            entries.remove();
        }
    }
}
