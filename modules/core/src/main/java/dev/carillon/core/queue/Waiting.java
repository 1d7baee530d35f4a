package dev.carillon.core.queue;

import dev.carillon.core.Target;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What callers of a queue live through while they wait.
 *
 * @param musicClass the box's name of the music they hear
 * @param greeting the box's name of what they hear once on entering, for example {@code sound:queue-thankyou}; empty for none
 * @param limits one of a kind at most
 * @param leaveKey empty when there is none
 * @param announce what they are told over and over; empty for nothing
 */
public record Waiting(
        String musicClass,
        String greeting,
        List<Limit> limits,
        Optional<LeaveKey> leaveKey,
        Optional<Announce> announce) {

    public static final Waiting PLAIN = new Waiting("default", "");

    public Waiting {
        limits = List.copyOf(limits);
    }

    /** Without a way out but to an agent, and without being told anything. */
    public Waiting(String musicClass, String greeting) {
        this(musicClass, greeting, List.of(), Optional.empty(), Optional.empty());
    }

    /** Nobody leaves but to an agent. */
    public Waiting withoutWaysOut() {
        return new Waiting(musicClass, greeting, List.of(), Optional.empty(), announce);
    }

    /** Everywhere its callers may go to other than to its agents. */
    public List<Target> waysOut() {
        return Stream.concat(
                        limits.stream().map(Limit::target), leaveKey.stream().map(LeaveKey::target))
                .toList();
    }

    public Optional<Limit> limit(Limit.Kind kind) {
        return limits.stream().filter(limit -> limit.kind() == kind).findFirst();
    }
}
