package dev.carillon.telephony;

import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.Reachability;
import dev.carillon.telephony.BoxLink.Reach;
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
 *   <li>A phone that the box says it can reach, or of which it cannot tell, is said to be reachable at once; one that it cannot reach, when
 *       that has lasted for the grace: a phone that restarts or registers anew costs nobody their place.
 *   <li>Everything is said, once the box has said it, also what never changed: the seat may know otherwise from a former node.
 *   <li>What was said is said again until the seat answers that it is settled. Each word has a higher number than the one before it, also than
 *       those of former nodes, as far as clocks agree, and as soon as the seat says that it knows a newer one.
 *   <li>Once settled it is said one time more, when nothing that was said before it can be under way any longer: a seat writes changes only,
 *       so after a crash it takes an older word that comes late for a new one.
 *   <li>Without a connection nothing new is known, nor while a box that has just begun to run has not asked its phones: what was said
 *       stays, and a grace that runs is over.
 * </ol>
 */
public final class SeatWatch {

    /** To be told to a seat. */
    public record Word(String seatId, boolean reachable, long number) {}

    private static final Duration REPEAT = Duration.ofSeconds(2);

    /** Longer than any word is under way. */
    private static final Duration LATE = Duration.ofSeconds(10);

    /** A whole box's seats are not woken in one moment: these many for each tick. */
    private static final int AT_ONCE = 200;

    private static final class Seat {
        private final String endpoint;
        /** What the box says; null when it has not, on this connection. */
        private Reach heard;

        private Instant heardSince;
        /** What the seat is to know; null while nothing was said. */
        private Boolean word;

        private long number;
        private boolean settled;
        private Instant saidAt;
        /** When it is said one time more, settled or not; null when it was. */
        private Instant lastAt;
        /** Since when the seat goes by what it was told; null while it has not answered. */
        private Instant knownSince;
        /** How it looked when that was last said; null when it was not. */
        private Reachability shown;

        private Seat(String endpoint) {
            this.endpoint = endpoint;
        }

        private boolean isNews(Duration grace, Instant now) {
            if (heard == null || heard == Reach.NOT_YET) {
                return false;
            }
            Boolean reachable = heard != Reach.NO;
            return !reachable.equals(word) && (reachable || !now.isBefore(heardSince.plus(grace)));
        }

        private boolean isDue(Instant now) {
            return word != null
                    && (saidAt == null
                            || (!settled && !now.isBefore(saidAt.plus(REPEAT)))
                            || (lastAt != null && !now.isBefore(lastAt)));
        }

        private Reachability reachability() {
            if (!word) {
                return Reachability.NO;
            }
            return heard == Reach.UNKNOWN ? Reachability.UNKNOWN : Reachability.YES;
        }
    }

    private final String boxId;
    private final Duration grace;
    private final Map<String, Seat> seats = new HashMap<>();
    private final List<String> gone = new ArrayList<>();
    private Map<String, String> configured = Map.of();

    /** @param grace for so long a phone must be unreachable before that counts */
    public SeatWatch(String boxId, Duration grace) {
        this.boxId = boxId;
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
        seats.entrySet().stream()
                .filter(entry -> !isConfigured(entry) && entry.getValue().shown != null)
                .forEach(entry -> gone.add(entry.getKey()));
        seats.entrySet().removeIf(entry -> !isConfigured(entry));
        boolean added = !seats.keySet().containsAll(endpoints.keySet());
        endpoints.forEach((seatId, endpoint) -> seats.computeIfAbsent(seatId, id -> new Seat(endpoint)));
        return added || !endpoints().equals(before);
    }

    private boolean isConfigured(Map.Entry<String, Seat> entry) {
        return entry.getValue().endpoint.equals(configured.get(entry.getKey()));
    }

    public Set<String> endpoints() {
        return new HashSet<>(configured.values());
    }

    /** The box says it, for the first time on this connection or again. */
    public void heard(Map<String, Reach> endpoints, Instant now) {
        for (var seat : seats.values()) {
            var heard = endpoints.get(seat.endpoint);
            if (heard != null && heard != seat.heard) {
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
            if (seat.isNews(grace, now)) {
                seat.word = seat.heard != Reach.NO;
                seat.number = Math.max(seat.number + 1, now.toEpochMilli());
                seat.settled = false;
                seat.saidAt = null;
                seat.lastAt = now.plus(LATE);
            }
            if (due.size() < AT_ONCE && seat.isDue(now)) {
                seat.saidAt = now;
                if (seat.lastAt != null && !now.isBefore(seat.lastAt)) {
                    seat.lastAt = null;
                }
                due.add(new Word(seatId, seat.word, seat.number));
            }
        });
        return due;
    }

    /**
     * A seat has answered.
     *
     * @param number of the word that it answers
     * @param known the number of the newest word it goes by, which is when that was said for the first time
     */
    public void answered(String seatId, long number, long known, boolean settled) {
        var seat = seats.get(seatId);
        if (seat == null) {
            return;
        }
        if (seat.number != number) {
            if (known < seat.number && seat.heard != null) {
                // The seat goes by a late word: it has rested meanwhile, or crashed, and forgotten the newer one.
                seat.settled = false;
            }
            return;
        }
        if (known > number) {
            // Said by a former node whose clock was ahead. What was settled already, or came over a link that is lost,
            // is what is old.
            if (seat.heard != null && !seat.settled) {
                seat.number = known + 1;
            }
            return;
        }
        seat.settled = settled;
        if (known > 0) {
            seat.knownSince = Instant.ofEpochMilli(known);
        }
    }

    /** Of which nothing is to be shown from here any more: seats that were deleted, moved or given another phone since the last time. */
    public List<String> gone() {
        var since = List.copyOf(gone);
        gone.clear();
        return since;
    }

    /** Of which something is shown. */
    public List<String> shown() {
        return seats.entrySet().stream()
                .filter(entry -> entry.getValue().shown != null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How those seats look that look otherwise than before; nothing of a seat that has never answered. */
    public List<View.OfSeat> changed() {
        var changed = new ArrayList<View.OfSeat>();
        seats.forEach((seatId, seat) -> {
            if (seat.knownSince == null || seat.heard == null || seat.heard == Reach.NOT_YET) {
                return;
            }
            var reachable = seat.reachability();
            if (seat.shown != reachable) {
                // A former node may have said it first, and the seat knows since when.
                var since = seat.shown == null && reachable != Reachability.UNKNOWN ? seat.knownSince : seat.heardSince;
                seat.shown = reachable;
                changed.add(new View.OfSeat(seatId, boxId, reachable, since));
            }
        });
        return changed;
    }
}
