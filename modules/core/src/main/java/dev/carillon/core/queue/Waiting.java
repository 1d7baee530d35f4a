package dev.carillon.core.queue;

import java.util.List;
import java.util.Optional;

/**
 * What callers of a queue live through while they wait.
 *
 * @param musicClass the box's name of the music they hear
 * @param greeting the box's name of what they hear once on entering, for example {@code sound:queue-thankyou}; empty for none
 * @param limits one of a kind at most
 */
public record Waiting(String musicClass, String greeting, List<Limit> limits) {

    public static final Waiting PLAIN = new Waiting("default", "");

    public Waiting {
        limits = List.copyOf(limits);
    }

    /** Without limits. */
    public Waiting(String musicClass, String greeting) {
        this(musicClass, greeting, List.of());
    }

    public Optional<Limit> limit(Limit.Kind kind) {
        return limits.stream().filter(limit -> limit.kind() == kind).findFirst();
    }
}
