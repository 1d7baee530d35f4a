package dev.carillon.core.agent;

import dev.carillon.core.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the limit of calls in an hour looks at. Conversations are remembered of everybody, so that a limit that is set counts those of
 * before.
 *
 * @param most how many may begin within an hour; 0 for any number
 * @param begun when those began that did within the hour before the last of them, oldest first
 * @param rested the end of the rest that was noticed last; null when there was none
 */
record Hour(int most, List<Instant> begun, Instant rested) {

    static final Hour NONE = new Hour(0, List.of(), null);

    Hour {
        begun = List.copyOf(begun);
    }

    Hour talkStarted(Instant at) {
        var recent = begun.stream().filter(one -> one.isAfter(at.minus(Timing.CALLS_WINDOW)));
        var all = Stream.concat(recent, Stream.of(at)).toList();
        // No limit is greater, so none asks for older ones.
        int dropped = Math.max(0, all.size() - Timing.MOST_CALLS_WINDOW);
        return new Hour(most, all.subList(dropped, all.size()), rested);
    }

    Hour limitedTo(int newMost) {
        return new Hour(newMost, begun, rested);
    }

    Hour rested(Instant until) {
        return new Hour(most, begun, until);
    }

    /** When there is room for another conversation, as far as that is not known to be over; empty when there is. */
    Optional<Instant> fullUntil(Duration window) {
        return most == 0 || begun.size() < most
                ? Optional.empty()
                : Optional.of(begun.get(begun.size() - most).plus(window)).filter(until -> !until.equals(rested));
    }
}
