package dev.carillon.core.queue;

import dev.carillon.core.Target;

/**
 * How far waiting in a queue may go, and what becomes of the callers for whom it has. Each kind of limit of a queue moves a call on at
 * most once, however often the call comes by: queues that point at each other do not play with a caller for ever.
 *
 * @param amount seconds for which the condition must hold; of {@code LONGEST_LINE}, calls
 */
public record Limit(Kind kind, int amount, Target target) {

    public enum Kind {
        /** Waits in this queue for so many seconds, and no phone rings for them. */
        LONGEST_WAIT,
        /** Nobody who serves the queue has been logged in for so many seconds. */
        NOBODY_LOGGED_IN,
        /** Nobody who serves the queue has been at work for so many seconds: all are not ready or logged out. */
        NOBODY_READY,
        /** So many calls waited when they entered, and no agent was free for them. */
        LONGEST_LINE
    }
}
