package dev.carillon.core.queue;

/**
 * What callers of a queue live through while they wait.
 *
 * @param musicClass the box's name of the music they hear
 * @param greeting the box's name of what they hear once on entering, for example {@code sound:queue-thankyou}; empty for none
 */
public record Waiting(String musicClass, String greeting) {

    public static final Waiting PLAIN = new Waiting("default", "");
}
