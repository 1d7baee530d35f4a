package dev.carillon.core.agent;

import dev.carillon.protocol.queue.QueueCommand.Today;
import java.time.Duration;
import java.time.Instant;

/**
 * What an agent has done on the last day on which they talked.
 *
 * @param date by the clocks of the contact centre, as ISO 8601 writes it; empty when they never talked
 * @param calls conversations that began on that day
 * @param talkMs for how long they talked in those that are over; a conversation belongs to the day on which it began
 */
record Day(String date, int calls, long talkMs) {

    static final Day NONE = new Day("", 0, 0);

    /** @param on the date; empty for a conversation that has been counted already */
    Day talkStarted(String on) {
        if (on.isEmpty()) {
            return this;
        }
        return on.equals(date) ? new Day(date, calls + 1, talkMs) : new Day(on, 1, 0);
    }

    /** Of a conversation in a journal of before days were written, nothing is counted. */
    Day talkEnded(Instant from, Instant to) {
        return date.isEmpty()
                ? this
                : new Day(
                        date,
                        calls,
                        talkMs + Math.max(0, Duration.between(from, to).toMillis()));
    }

    boolean isOf(String today) {
        return date.equals(today);
    }

    Today asOf(String today) {
        return isOf(today) ? new Today(calls, talkMs) : Today.NONE;
    }
}
