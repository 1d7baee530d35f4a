package dev.carillon.core.queue;

import java.time.Duration;

/**
 * What callers are told while they wait, over and over.
 *
 * @param first for how long they have waited in the queue when they are told for the first time
 * @param every from the beginning of one announcement to that of the next
 * @param position whether they hear how many come before them
 * @param estimatedWait whether they hear in how long they will be served
 * @param sound the box's name of what they hear after that, for example which key leads out of the queue; empty for nothing
 * @param language in which the box says it; empty for that of the line
 */
public record Announce(
        Duration first, Duration every, boolean position, boolean estimatedWait, String sound, String language) {

    public static final Announce PLAIN =
            new Announce(Duration.ofSeconds(20), Duration.ofSeconds(60), true, true, "", "");
}
