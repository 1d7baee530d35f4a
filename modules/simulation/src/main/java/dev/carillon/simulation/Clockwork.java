package dev.carillon.simulation;

import java.time.Instant;
import java.util.PriorityQueue;

/** Virtual time in milliseconds, and what is going to happen in it. Things of the same millisecond happen as they were planned. */
final class Clockwork {

    static final Instant START = Instant.parse("2026-03-02T08:00:00Z");

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long now;
    private long planned;

    static final class Task implements Comparable<Task> {
        private final long at;
        private final long number;
        private final Runnable action;
        private boolean cancelled;

        private Task(long at, long number, Runnable action) {
            this.at = at;
            this.number = number;
            this.action = action;
        }

        void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Task other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
        }
    }

    long now() {
        return now;
    }

    Instant instant() {
        return instant(now);
    }

    static Instant instant(long ms) {
        return START.plusMillis(ms);
    }

    static long millis(Instant instant) {
        return instant.toEpochMilli() - START.toEpochMilli();
    }

    Task at(long ms, Runnable action) {
        var task = new Task(Math.max(ms, now), planned++, action);
        tasks.add(task);
        return task;
    }

    Task in(long ms, Runnable action) {
        return at(now + ms, action);
    }

    /** Whether nothing more happens before time goes on. */
    boolean momentOver() {
        while (!tasks.isEmpty() && tasks.peek().cancelled) {
            tasks.remove();
        }
        return tasks.isEmpty() || tasks.peek().at > now;
    }

    /** Lets the next thing happen; false, and time goes on to {@code until}, when nothing is due by then. */
    boolean step(long until) {
        while (!tasks.isEmpty() && tasks.peek().at <= until) {
            var task = tasks.remove();
            if (!task.cancelled) {
                now = task.at;
                task.action.run();
                return true;
            }
        }
        now = Math.max(now, until);
        return false;
    }
}
