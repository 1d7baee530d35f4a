package dev.carillon.node;

import dev.carillon.protocol.view.View;
import dev.carillon.telephony.BoxDisplay;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether the telephony nodes on this member do their work: each attempt to connect comes to something, be it that the box is lost. A box that
 * is down is no fault of this member: no other could reach it either, and without that rule one dead box would make every node unready.
 */
final class BoxesHere implements BoxDisplay {

    /** For a busy machine, on top of what an attempt may take. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Duration limit;
    private final Clock clock;
    private final BoxDisplay next;

    /** When the attempts began that are under way. */
    private final Map<String, Instant> attempts = new TreeMap<>();

    /**
     * @param connectTimeout after which a telephony node gives an attempt up
     * @param next is told all the same
     */
    BoxesHere(Duration connectTimeout, Clock clock, BoxDisplay next) {
        this.limit = connectTimeout.plus(MARGIN);
        this.clock = clock;
        this.next = next;
    }

    @Override
    public void show(View.OfBox box) {
        synchronized (this) {
            if (box.phase() == View.BoxPhase.CONNECTING || box.phase() == View.BoxPhase.RECONCILING) {
                attempts.putIfAbsent(box.id(), clock.instant());
            } else {
                attempts.remove(box.id());
            }
        }
        next.show(box);
    }

    @Override
    public void hide(String boxId) {
        synchronized (this) {
            attempts.remove(boxId);
        }
        next.hide(boxId);
    }

    synchronized Optional<String> trouble() {
        var deadline = clock.instant().minus(limit);
        var stuck = attempts.entrySet().stream()
                .filter(attempt -> attempt.getValue().isBefore(deadline))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return stuck.isEmpty()
                ? Optional.empty()
                : Optional.of("connecting for more than " + limit.toSeconds() + " s, which should have been given up: "
                        + stuck + ". Restart this node");
    }
}
