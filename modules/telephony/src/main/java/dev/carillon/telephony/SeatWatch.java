package dev.carillon.telephony;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a telephony node knows of the phones of its box's seats, and what it owes the seats. No I/O, no clock of its own.
 *
 * <ol>
 *   <li>A phone that the box says it can reach is said to be reachable at once; one that it cannot, when that has lasted for the grace: a
 *       phone that restarts or registers anew costs nobody their place.
 *   <li>Everything is said, once the box has said it, also what never changed: the seat may know otherwise from a former node.
 *   <li>What was said is said again until the seat answers that it is settled. Each word has a higher number than the one before it, also than
 *       those of former nodes, as far as clocks agree, and as soon as the seat says that it knows a newer one.
 *   <li>Without a connection nothing new is known: what was said stays, and a grace that runs is over.
 * </ol>
 */
public final class SeatWatch {

    /** To be told to a seat. */
    public record Word(String seatId, boolean reachable, long number) {}

    private static final Duration REPEAT = Duration.ofSeconds(2);

    /** A whole box's seats are not woken in one moment: these many for each tick. */
    private static final int AT_ONCE = 200;

    private static final class Seat {
        private final String endpoint;
        /** What the box says; null when it has not, on this connection. */
        private Boolean heard;

        private Instant heardSince;
        /** What the seat is to know; null while nothing was said. */
        private Boolean word;

        private long number;
        private boolean settled;
        private Instant saidAt;

        private Seat(String endpoint) {
            this.endpoint = endpoint;
        }
    }

    private final Duration grace;
    private final Map<String, Seat> seats = new HashMap<>();
    private Map<String, String> configured = Map.of();

    /** @param grace for so long a phone must be unreachable before that counts */
    public SeatWatch(Duration grace) {
        this.grace = grace;
    }

    /**
     * The seats as they are configured now.
     *
     * @param endpoints by seat
     * @return whether other endpoints are to be watched than before, or a seat is new, of whose phone nothing is known
     */
    public boolean configured(Map<String, String> endpoints) {
        if (endpoints.equals(configured)) {
            return false;
        }
        var before = endpoints();
        configured = Map.copyOf(endpoints);
        seats.entrySet().removeIf(entry -> !entry.getValue().endpoint.equals(endpoints.get(entry.getKey())));
        boolean added = !seats.keySet().containsAll(endpoints.keySet());
        endpoints.forEach((seatId, endpoint) -> seats.computeIfAbsent(seatId, id -> new Seat(endpoint)));
        return added || !endpoints().equals(before);
    }

    public Set<String> endpoints() {
        return new HashSet<>(configured.values());
    }

    /**
     * The box says it, for the first time on this connection or again.
     *
     * @param reachable by endpoint
     */
    public void heard(Map<String, Boolean> reachable, Instant now) {
        for (var seat : seats.values()) {
            var heard = reachable.get(seat.endpoint);
            if (heard != null && !heard.equals(seat.heard)) {
                seat.heard = heard;
                seat.heardSince = now;
            }
        }
    }

    public void disconnected() {
        seats.values().forEach(seat -> seat.heard = null);
    }

    /** What is to be said now. */
    public List<Word> due(Instant now) {
        var due = new ArrayList<Word>();
        seats.forEach((seatId, seat) -> {
            if (isNews(seat, now)) {
                seat.word = seat.heard;
                seat.number = Math.max(seat.number + 1, now.toEpochMilli());
                seat.settled = false;
                seat.saidAt = null;
            }
            if (due.size() < AT_ONCE
                    && seat.word != null
                    && !seat.settled
                    && (seat.saidAt == null || !now.isBefore(seat.saidAt.plus(REPEAT)))) {
                seat.saidAt = now;
                due.add(new Word(seatId, seat.word, seat.number));
            }
        });
        return due;
    }

    private boolean isNews(Seat seat, Instant now) {
        return seat.heard != null
                && !seat.heard.equals(seat.word)
                && (seat.heard || !now.isBefore(seat.heardSince.plus(grace)));
    }

    /**
     * A seat has answered.
     *
     * @param number of the word that it answers
     * @param known the number of the newest word it knows
     */
    public void answered(String seatId, long number, long known, boolean settled) {
        var seat = seats.get(seatId);
        if (seat == null || seat.number != number) {
            return;
        }
        if (known > number) {
            seat.number = known + 1;
        } else {
            seat.settled = settled;
        }
    }
}
