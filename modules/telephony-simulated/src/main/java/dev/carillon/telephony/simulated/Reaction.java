package dev.carillon.telephony.simulated;

import java.time.Duration;

/** What happens when a seat's phone is rung: the phone and the person at it. */
public sealed interface Reaction {

    /**
     * @param after for how long it rings before it is picked up
     * @param talk for how long the person at the seat talks before they hang up, if the caller has not done so by then
     */
    record Answers(Duration after, Duration talk) implements Reaction {}

    /** Rings for as long as it is told to, and nobody comes. */
    record Unanswered() implements Reaction {}

    /** Does not even ring: the person is in a conversation of their own. */
    record Busy() implements Reaction {}

    /** @param after for how long it rings before the person declines */
    record Declines(Duration after) implements Reaction {}

    /** No phone is registered there. */
    record NotRegistered() implements Reaction {}
}
