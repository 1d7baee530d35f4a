package dev.carillon.core.agent;

import dev.carillon.core.agent.Contact.AfterCall;
import dev.carillon.core.agent.Contact.Phase;
import dev.carillon.protocol.Seat;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How an agent stands.
 *
 * @param version grows with every event
 * @param watched whether the agent's desktop has given a sign of life since the log-in
 * @param seatWord what the seat says of its phone
 * @param status the durable part
 * @param contacts durable, too, but for what their calls have said lately
 * @param day durable, too: what they have done today
 * @param hour durable, too: how many calls they may have, and had lately
 * @param relations the soft part: lost in a crash
 */
public record AgentState(
        String id,
        long version,
        boolean watched,
        SeatWord seatWord,
        Status status,
        Contacts contacts,
        Day day,
        Hour hour,
        Relations relations) {

    enum Standing {
        LOGGED_OUT,
        NOT_READY,
        /** Ready, or has contacts. */
        AT_WORK
    }

    /**
     * What the journal says of the agent themselves.
     *
     * @param since when it became so; at work, when something was last begun or ended
     * @param seat null when logged out
     * @param reason the not-ready reason; when logged out, who has taken over their seat; empty otherwise
     * @param returnAt when they are ready again by themselves; null when they are not
     * @param idleSince from when "longest idle" counts; null when never ready at this seat
     * @param next what to be after the present contacts; null when not chosen
     */
    record Status(
            Standing standing,
            Instant since,
            Seat seat,
            String reason,
            Instant returnAt,
            Instant idleSince,
            Next next) {

        Status withSeat(Seat other) {
            return new Status(standing, since, other, reason, returnAt, idleSince, next);
        }

        Status withNext(Next other) {
            return new Status(standing, since, seat, reason, returnAt, idleSince, other);
        }

        Status idleSince(Instant other) {
            return new Status(standing, since, seat, reason, returnAt, other, next);
        }

        /** Snapshots say what is under way by its own time, which may be long ago. */
        Status atWork(Instant at) {
            var newest = since != null && since.isAfter(at) ? since : at;
            return new Status(Standing.AT_WORK, newest, seat, "", null, idleSince, next);
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

    /** @param returnAt when what Carillon has chosen for them counts no longer; null when it does until something else is chosen */
    record Next(boolean ready, String reason, Instant returnAt) {

        /** As people choose. */
        Next(boolean ready, String reason) {
            this(ready, reason, null);
        }
    }

    static AgentState empty(String id) {
        return new AgentState(
                id,
                0,
                false,
                SeatWord.NONE,
                new Status(Standing.LOGGED_OUT, null, null, "", null, null, null),
                Contacts.NONE,
                Day.NONE,
                Hour.NONE,
                Relations.NONE);
    }

    boolean loggedIn() {
        return status.standing() != Standing.LOGGED_OUT;
    }

    /** At work, with nothing to do. */
    boolean ready() {
        return status.standing() == Standing.AT_WORK && contacts.isEmpty();
    }

    /** Whether another contact may be given to them, if its units are left. Who is not going to be ready afterwards begins nothing more. */
    boolean mayTakeMore() {
        return status.standing() == Standing.AT_WORK
                && contacts.admitMore()
                && next().filter(choice -> !choice.ready()).isEmpty();
    }

    Optional<Next> next() {
        return Optional.ofNullable(status.next());
    }

    /** When Carillon lets them be ready again after a call that they have missed; empty when it does not. */
    Optional<Instant> returnAt() {
        return Optional.ofNullable(status.returnAt()).or(() -> next().map(Next::returnAt));
    }

    AgentState with(Relations newRelations) {
        return new AgentState(id, version, watched, seatWord, status, contacts, day, hour, newRelations);
    }

    /** A change of the soft part of a contact that is under way. */
    AgentState heard(Contact contact, boolean confirmed, Instant at) {
        return with(contacts.with(contact.heard(confirmed, at)));
    }

    // What events do.

    AgentState loggedIn(Seat seat, Instant at) {
        return leftSeat().enter(new Status(Standing.NOT_READY, at, seat, NotReadyReasons.LOGIN, null, null, null), at);
    }

    /** @param takenOverBy who has their seat now; empty when they went themselves */
    AgentState loggedOut(String takenOverBy, Instant at) {
        return leftSeat().enter(new Status(Standing.LOGGED_OUT, at, null, takenOverBy, null, null, null), at);
    }

    AgentState becameReady(Instant idleSince, Instant at) {
        return enter(new Status(Standing.AT_WORK, at, status.seat(), "", null, idleSince, null), at);
    }

    AgentState becameNotReady(String reason, Instant returnAt, Instant at) {
        return enter(new Status(Standing.NOT_READY, at, status.seat(), reason, returnAt, status.idleSince(), null), at);
    }

    AgentState reserved(Contact contact) {
        return enter(status.atWork(contact.since()), contacts.with(contact), contact.since());
    }

    /** Without other contacts back to where the agent was before: ready, and idle for as long. */
    AgentState offerEnded(String offerId, Instant at) {
        var others = contacts.without(offerId);
        return others.isEmpty() ? becameReady(status.idleSince(), at) : enter(status.atWork(at), others, at);
    }

    /** @param date on which it counts; empty when it has been counted */
    AgentState talkStarted(Contact contact, String date) {
        var at = contact.since();
        var begun = status.atWork(at);
        // Whoever was given something last is not the first to be given more.
        boolean isShared = !contact.takesAll() && !date.isEmpty();
        var after = enter(isShared ? begun.idleSince(at) : begun, contacts.with(contact), at);
        return after.with(after.day.talkStarted(date)).with(date.isEmpty() ? hour : hour.talkStarted(at));
    }

    AgentState wrapUpStarted(Contact contact) {
        return enter(status.atWork(contact.since()), contacts.with(contact), contact.since());
    }

    AgentState wrapUpExtended(String callId, Instant until, int extensions) {
        return inWrapUp(callId, a -> new AfterCall(a.mode(), until, extensions, a.code()));
    }

    AgentState wrapUpCoded(String callId, String code) {
        return inWrapUp(callId, a -> new AfterCall(a.mode(), a.until(), a.extensions(), code));
    }

    private AgentState inWrapUp(String callId, UnaryOperator<AfterCall> change) {
        return contacts.wrapUps(callId).stream()
                .findFirst()
                .map(one -> with(contacts.with(one.with(change.apply(one.afterCall())))))
                .orElse(this);
    }

    /** Others go on. */
    AgentState contactEnded(String offerId, Instant at) {
        return enter(status.atWork(at).idleSince(at), contacts.without(offerId), at);
    }

    AgentState seatChanged(Seat seat) {
        return with(status.withSeat(seat));
    }

    /** @param next null for nothing */
    AgentState nextChosen(Next next) {
        return with(status.withNext(next)).notCollectingWithout(this);
    }

    AgentState desktopSeen() {
        return new AgentState(id, version, true, seatWord, status, contacts, day, hour, relations);
    }

    AgentState seatSaid(SeatWord word) {
        return new AgentState(id, version, watched, word, status, contacts, day, hour, relations);
    }

    private AgentState leftSeat() {
        return new AgentState(id, version, false, SeatWord.NONE, status, contacts, day, hour, relations.leftSeat());
    }

    AgentState atVersion(long newVersion) {
        return new AgentState(id, newVersion, watched, seatWord, status, contacts, day, hour, relations);
    }

    private AgentState with(Status newStatus) {
        return new AgentState(id, version, watched, seatWord, newStatus, contacts, day, hour, relations);
    }

    private AgentState with(Contacts newContacts) {
        return new AgentState(id, version, watched, seatWord, status, newContacts, day, hour, relations);
    }

    AgentState with(Day newDay) {
        return new AgentState(id, version, watched, seatWord, status, contacts, newDay, hour, relations);
    }

    AgentState with(Hour newHour) {
        return new AgentState(id, version, watched, seatWord, status, contacts, day, newHour, relations);
    }

    /** Without contacts. */
    private AgentState enter(Status newStatus, Instant at) {
        return enter(newStatus, Contacts.NONE, at);
    }

    private AgentState enter(Status newStatus, Contacts newContacts, Instant at) {
        var talked = day;
        for (var contact : contacts.all()) {
            if (contact.is(Phase.TALKING)
                    && newContacts.holding(contact.offerId()).isEmpty()) {
                talked = talked.talkEnded(contact.since(), at);
            }
        }
        return new AgentState(id, version, watched, seatWord, newStatus, newContacts, talked, hour, relations)
                .notCollectingWithout(this);
    }

    /** What is being collected goes on only while more may be taken. */
    private AgentState notCollectingWithout(AgentState before) {
        return before.mayTakeMore() && mayTakeMore() ? this : with(relations.fresh());
    }
}
