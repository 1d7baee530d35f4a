package dev.carillon.core.agent;

import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand.Bid;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * How an agent stands.
 *
 * @param version grows with every event
 * @param watched whether the agent's desktop has given a sign of life since the log-in
 * @param seatWord what the seat says of its phone
 * @param status the durable part
 * @param day durable, too: what they have done today
 * @param hour durable, too: how many calls they may have, and had lately
 * @param contact the soft part: lost in a crash
 */
public record AgentState(
        String id,
        long version,
        boolean watched,
        SeatWord seatWord,
        Status status,
        Day day,
        Hour hour,
        Contact contact) {

    /** {@code RESERVED} includes ringing, which is soft: see {@link #ringing}. */
    enum Phase {
        LOGGED_OUT,
        NOT_READY,
        READY,
        RESERVED,
        TALKING,
        WRAP_UP
    }

    /**
     * What the journal says.
     *
     * @param since when the phase began
     * @param seat null when logged out
     * @param reason the not-ready reason; when logged out, who has taken over their seat; empty otherwise
     * @param returnAt when they are ready again by themselves; null when they are not
     * @param idleSince from when "longest idle" counts; null when never ready at this seat
     * @param work the offer or conversation; in wrap-up the one it follows; null without one
     * @param afterCall null outside wrap-up
     * @param next what to be after the present call; null when not chosen
     */
    record Status(
            Phase phase,
            Instant since,
            Seat seat,
            String reason,
            Instant returnAt,
            Instant idleSince,
            Work work,
            AfterCall afterCall,
            Next next) {

        Status withSeat(Seat other) {
            return new Status(phase, since, other, reason, returnAt, idleSince, work, afterCall, next);
        }

        Status withNext(Next other) {
            return new Status(phase, since, seat, reason, returnAt, idleSince, work, afterCall, other);
        }

        Status with(AfterCall other) {
            return new Status(phase, since, seat, reason, returnAt, idleSince, work, other, next);
        }
    }

    /**
     * The wrap-up.
     *
     * @param until when it ends; when mandatory, is overdue
     * @param code what was said of the call; empty while nothing was
     */
    record AfterCall(WrapUp.Mode mode, Instant until, int extensions, String code) {

        /** Whether the agent may end it before its time. */
        boolean mayEnd() {
            return mode == WrapUp.Mode.OPTIONAL || mode == WrapUp.Mode.EXTENDABLE;
        }
    }

    /**
     * Whether the phone can be reached.
     *
     * @param number the higher the newer; 0 when nothing was said since the log-in, and then it is taken to be reachable
     */
    record SeatWord(boolean reachable, long number) {
        static final SeatWord NONE = new SeatWord(true, 0);
    }

    record Work(String offerId, String callId, String queueId) {}

    record Next(boolean ready, String reason) {}

    /**
     * What the agent knows of others, and they of the agent.
     *
     * @param told by queue: the last status said to it
     * @param round the bids being collected after becoming ready; null when the first bid that comes is taken
     * @param confirmed the call has said that it rings this agent
     * @param heardAt when the call of the present work was last heard of, or asked; null when not yet
     * @param seenAt the last sign of life of the agent's desktop; null when none was heard since the last crash
     * @param dayEnds when what queues were told of the agent's day is no longer so; null when they were told nothing of the kind
     * @param over the last offers that are over by the call's word or void by the agent's, oldest first: what else is heard of them is late
     * @param seatAnswered whether the seat has said what it knows of its phone since they are there
     */
    record Contact(
            PMap<String, Told> told,
            Round round,
            boolean confirmed,
            Instant heardAt,
            Instant seenAt,
            Instant dayEnds,
            PVector<String> over,
            boolean seatAnswered) {
        static final Contact NONE =
                new Contact(HashTreePMap.empty(), null, false, null, null, null, TreePVector.empty(), false);

        /** More offers than one agent can have while a message is under way. */
        private static final int OVER_KEPT = 8;

        Contact tell(String queueId, Told status) {
            return new Contact(
                    told.plus(queueId, status), round, confirmed, heardAt, seenAt, dayEnds, over, seatAnswered);
        }

        Contact collecting(Round newRound) {
            return new Contact(told, newRound, confirmed, heardAt, seenAt, dayEnds, over, seatAnswered);
        }

        Contact heard(boolean isConfirmed, Instant at) {
            return new Contact(told, round, isConfirmed, at, seenAt, dayEnds, over, seatAnswered);
        }

        Contact seen(Instant at) {
            return new Contact(told, round, confirmed, heardAt, at, dayEnds, over, seatAnswered);
        }

        Contact over(String offerId) {
            if (over.contains(offerId)) {
                return this;
            }
            var kept = over.size() < OVER_KEPT ? over : over.minus(0);
            return new Contact(told, round, confirmed, heardAt, seenAt, dayEnds, kept.plus(offerId), seatAnswered);
        }

        Contact dayEnds(Instant at) {
            return new Contact(told, round, confirmed, heardAt, seenAt, at, over, seatAnswered);
        }

        Contact heardOfSeat() {
            return new Contact(told, round, confirmed, heardAt, seenAt, dayEnds, over, true);
        }

        Contact leftSeat() {
            return new Contact(told, round, confirmed, heardAt, null, dayEnds, over, false);
        }

        /** With nothing of the former phase. */
        Contact fresh() {
            return new Contact(told, null, false, null, seenAt, null, over, seatAnswered);
        }
    }

    record Told(Presence presence, long version, boolean acknowledged) {}

    /**
     * The bids of several queues, being collected.
     *
     * @param open queues that have not answered yet
     * @param best the best bid so far; null while there is none
     */
    record Round(PSet<String> open, Bid best, Instant until) {
        static Round over(Collection<String> queues, Instant until) {
            return new Round(HashTreePSet.from(queues), null, until);
        }

        Round without(String queueId) {
            return new Round(open.minus(queueId), best, until);
        }

        Round with(Bid bid) {
            return new Round(open, bid, until);
        }
    }

    static AgentState empty(String id) {
        return new AgentState(
                id,
                0,
                false,
                SeatWord.NONE,
                new Status(Phase.LOGGED_OUT, null, null, "", null, null, null, null, null),
                Day.NONE,
                Hour.NONE,
                Contact.NONE);
    }

    Phase phase() {
        return status.phase();
    }

    boolean loggedIn() {
        return phase() != Phase.LOGGED_OUT;
    }

    /** Has a reservation or a conversation. */
    boolean busy() {
        return phase() == Phase.RESERVED || phase() == Phase.TALKING;
    }

    boolean holds(String offerId) {
        return busy() && status.work().offerId().equals(offerId);
    }

    boolean ringing() {
        return phase() == Phase.RESERVED && contact.confirmed();
    }

    Optional<Next> next() {
        return Optional.ofNullable(status.next());
    }

    AgentState with(Contact newContact) {
        return new AgentState(id, version, watched, seatWord, status, day, hour, newContact);
    }

    // What events do.

    AgentState loggedIn(Seat seat, Instant at) {
        return leftSeat()
                .enter(new Status(Phase.NOT_READY, at, seat, NotReadyReasons.LOGIN, null, null, null, null, null));
    }

    /** @param takenOverBy who has their seat now; empty when they went themselves */
    AgentState loggedOut(String takenOverBy, Instant at) {
        return leftSeat().enter(new Status(Phase.LOGGED_OUT, at, null, takenOverBy, null, null, null, null, null));
    }

    AgentState becameReady(Instant idleSince, Instant at) {
        return enter(new Status(Phase.READY, at, status.seat(), "", null, idleSince, null, null, null));
    }

    AgentState becameNotReady(String reason, Instant returnAt, Instant at) {
        return enter(
                new Status(Phase.NOT_READY, at, status.seat(), reason, returnAt, status.idleSince(), null, null, null));
    }

    AgentState reserved(Work work, Instant at) {
        return enter(new Status(Phase.RESERVED, at, status.seat(), "", null, status.idleSince(), work, null, null));
    }

    /** Back to where the agent was before: ready, and idle for as long. */
    AgentState offerEnded(Instant at) {
        return becameReady(status.idleSince(), at);
    }

    /** @param date on which it counts; empty when it has been counted */
    AgentState talkStarted(Work work, String date, Instant at) {
        return enter(new Status(
                        Phase.TALKING, at, status.seat(), "", null, status.idleSince(), work, null, status.next()))
                .with(day.talkStarted(date))
                .with(date.isEmpty() ? hour : hour.talkStarted(at));
    }

    AgentState wrapUpStarted(Work after, AfterCall begun, Instant at) {
        return enter(new Status(
                Phase.WRAP_UP, at, status.seat(), "", null, status.idleSince(), after, begun, status.next()));
    }

    AgentState wrapUpExtended(Instant until, int extensions) {
        var a = status.afterCall();
        return a == null ? this : with(status.with(new AfterCall(a.mode(), until, extensions, a.code())));
    }

    AgentState wrapUpCoded(String code) {
        var a = status.afterCall();
        return a == null ? this : with(status.with(new AfterCall(a.mode(), a.until(), a.extensions(), code)));
    }

    AgentState seatChanged(Seat seat) {
        return with(status.withSeat(seat));
    }

    /** @param next null for nothing */
    AgentState nextChosen(Next next) {
        return with(status.withNext(next));
    }

    AgentState desktopSeen() {
        return new AgentState(id, version, true, seatWord, status, day, hour, contact);
    }

    AgentState seatSaid(SeatWord word) {
        return new AgentState(id, version, watched, word, status, day, hour, contact);
    }

    private AgentState leftSeat() {
        return new AgentState(id, version, false, SeatWord.NONE, status, day, hour, contact.leftSeat());
    }

    AgentState atVersion(long newVersion) {
        return new AgentState(id, newVersion, watched, seatWord, status, day, hour, contact);
    }

    private AgentState with(Status newStatus) {
        return new AgentState(id, version, watched, seatWord, newStatus, day, hour, contact);
    }

    AgentState with(Day newDay) {
        return new AgentState(id, version, watched, seatWord, status, newDay, hour, contact);
    }

    AgentState with(Hour newHour) {
        return new AgentState(id, version, watched, seatWord, status, day, newHour, contact);
    }

    private AgentState enter(Status newStatus) {
        var talked = phase() == Phase.TALKING ? day.talkEnded(status.since(), newStatus.since()) : day;
        return new AgentState(id, version, watched, seatWord, newStatus, talked, hour, contact.fresh());
    }
}
