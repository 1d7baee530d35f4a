package dev.carillon.telephony.simulated;

import dev.carillon.protocol.box.Leg;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One channel of the box and the person at its far end. Mutable, and never leaves the box. */
abstract sealed class Line {

    final String callId;
    final String legId;
    Leg.State state = Leg.State.DIALLING;
    /** Null when it is in no bridge. */
    String bridgeId;

    Instant answeredAt;
    Instant endedAt;
    /** True for a playback that was heard to its end or broken off. */
    final Map<String, Boolean> playbacks = new HashMap<>();

    private final List<Agenda.Entry> plans = new ArrayList<>(4);

    private Line(String callId, String legId) {
        this.callId = callId;
        this.legId = legId;
    }

    /** Ties something planned to this line: when the line ends it will not happen. */
    Agenda.Entry tie(Agenda.Entry plan) {
        plans.add(plan);
        return plan;
    }

    void end(Instant now) {
        endedAt = now;
        plans.forEach(Agenda.Entry::cancel);
    }

    Leg leg() {
        return new Leg(legId, state);
    }

    /** A caller's. */
    static final class Inbound extends Line {
        final Caller caller;
        final Instant arrivedAt;
        /** When they heard it first; null when they have not yet. */
        Instant musicAt;

        boolean hearsMusic;
        Experience.Who endedBy;
        final List<Talk> talks = new ArrayList<>(1);
        /** Nobody has decided anything for this caller yet, or not for too long. */
        boolean undecided = true;

        Agenda.Entry hangUp;
        /** Null when it is off. */
        Agenda.Entry watchdog;

        Inbound(String callId, String legId, Caller caller, Instant arrivedAt) {
            super(callId, legId);
            this.caller = caller;
            this.arrivedAt = arrivedAt;
        }

        Experience experience() {
            return new Experience(
                    callId,
                    legId,
                    caller,
                    arrivedAt,
                    Optional.ofNullable(answeredAt),
                    Optional.ofNullable(musicAt),
                    talks.stream().map(Talk::connection).toList(),
                    Optional.ofNullable(endedAt),
                    Optional.ofNullable(endedBy));
        }
    }

    /** A seat's. */
    static final class Outbound extends Line {
        final String endpoint;
        final Reaction reaction;
        final Instant toldAt;
        Instant rangAt;
        /** When the person at the seat hangs up by themselves; null before they answered. */
        Agenda.Entry hangUp;

        Outbound(String callId, String legId, String endpoint, Reaction reaction, Instant toldAt) {
            super(callId, legId);
            this.endpoint = endpoint;
            this.reaction = reaction;
            this.toldAt = toldAt;
        }

        Ring ring() {
            return new Ring(
                    endpoint,
                    legId,
                    callId,
                    toldAt,
                    Optional.ofNullable(rangAt),
                    Optional.ofNullable(answeredAt),
                    Optional.ofNullable(endedAt));
        }
    }

    /** Caller and seat hear each other. */
    static final class Talk {
        final Outbound seat;
        final Instant from;
        Instant to;
        Experience.Who endedBy;

        Talk(Outbound seat, Instant from) {
            this.seat = seat;
            this.from = from;
        }

        Experience.Connection connection() {
            return new Experience.Connection(
                    seat.endpoint, seat.legId, from, Optional.ofNullable(to), Optional.ofNullable(endedBy));
        }
    }
}
