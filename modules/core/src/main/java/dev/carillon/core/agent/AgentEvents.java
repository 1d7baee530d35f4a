package dev.carillon.core.agent;

import dev.carillon.core.Turn;
import dev.carillon.core.agent.AgentState.Next;
import dev.carillon.core.agent.AgentState.SeatWord;
import dev.carillon.core.agent.AgentState.Standing;
import dev.carillon.core.agent.Contact.AfterCall;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentBecameNotReady;
import dev.carillon.protocol.agent.AgentBecameReady;
import dev.carillon.protocol.agent.AgentCallsLimited;
import dev.carillon.protocol.agent.AgentCommand.Bid;
import dev.carillon.protocol.agent.AgentContactEnded;
import dev.carillon.protocol.agent.AgentDay;
import dev.carillon.protocol.agent.AgentDayEnded;
import dev.carillon.protocol.agent.AgentDesktopSeen;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.agent.AgentHour;
import dev.carillon.protocol.agent.AgentLoggedIn;
import dev.carillon.protocol.agent.AgentLoggedOut;
import dev.carillon.protocol.agent.AgentNextStateCancelled;
import dev.carillon.protocol.agent.AgentNextStateChosen;
import dev.carillon.protocol.agent.AgentOfferEnded;
import dev.carillon.protocol.agent.AgentReserved;
import dev.carillon.protocol.agent.AgentRestEnded;
import dev.carillon.protocol.agent.AgentSeatChanged;
import dev.carillon.protocol.agent.AgentSeatReachability;
import dev.carillon.protocol.agent.AgentTalkStarted;
import dev.carillon.protocol.agent.AgentWrapUpCoded;
import dev.carillon.protocol.agent.AgentWrapUpExtended;
import dev.carillon.protocol.agent.AgentWrapUpStarted;
import dev.carillon.protocol.agent.WrapUpMode;
import dev.carillon.protocol.call.OfferOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The events of an agent: how each is written, what each does, and the shortest history that leads to a state. */
final class AgentEvents {

    static AgentEvent loggedIn(Turn<AgentEvent, AgentState> turn, Seat seat) {
        return next(turn).setLoggedIn(seatOf(seat)).build();
    }

    static AgentEvent loggedOut(Turn<AgentEvent, AgentState> turn) {
        return next(turn).setLoggedOut(AgentLoggedOut.getDefaultInstance()).build();
    }

    static AgentEvent seatTakenOver(Turn<AgentEvent, AgentState> turn, String byAgentId) {
        return next(turn)
                .setLoggedOut(AgentLoggedOut.newBuilder().setTakenOverBy(byAgentId))
                .build();
    }

    /** @param lastSeen when the desktop that is lost gave its last sign of life */
    static AgentEvent loggedOutByLoss(Turn<AgentEvent, AgentState> turn, Instant lastSeen) {
        return next(turn)
                .setLoggedOut(AgentLoggedOut.newBuilder().setLastSeenMs(lastSeen.toEpochMilli()))
                .build();
    }

    /** @param lastSeen as of {@link #loggedOutByLoss} */
    static AgentEvent desktopLost(Turn<AgentEvent, AgentState> turn, Instant lastSeen) {
        return next(turn)
                .setBecameNotReady(notReady(NotReadyReasons.DESKTOP_LOST, null).setLastSeenMs(lastSeen.toEpochMilli()))
                .build();
    }

    static AgentEvent desktopSeen(Turn<AgentEvent, AgentState> turn) {
        return next(turn).setDesktopSeen(AgentDesktopSeen.getDefaultInstance()).build();
    }

    static AgentEvent becameReady(Turn<AgentEvent, AgentState> turn, Instant idleSince) {
        return next(turn)
                .setBecameReady(AgentBecameReady.newBuilder().setIdleSinceMs(idleSince.toEpochMilli()))
                .build();
    }

    /** @param returnAt null when only a word of theirs makes them ready again */
    static AgentEvent becameNotReady(Turn<AgentEvent, AgentState> turn, String reason, Instant returnAt) {
        return next(turn).setBecameNotReady(notReady(reason, returnAt)).build();
    }

    static AgentEvent reserved(Turn<AgentEvent, AgentState> turn, Bid bid) {
        return next(turn)
                .setReserved(reservation(bid.offerId(), bid.callId(), bid.queueId(), bid.units()))
                .build();
    }

    static AgentEvent offerEnded(Turn<AgentEvent, AgentState> turn, String offerId, OfferOutcome outcome) {
        return next(turn)
                .setOfferEnded(AgentOfferEnded.newBuilder().setOfferId(offerId).setOutcome(outcome))
                .build();
    }

    static AgentEvent talkStarted(
            Turn<AgentEvent, AgentState> turn, String offerId, String callId, String queueId, int units) {
        return next(turn)
                .setTalkStarted(talk(offerId, callId, queueId, units)
                        .setDay(turn.context().directory().date(turn.context().now())))
                .build();
    }

    static AgentEvent wrapUpStarted(Turn<AgentEvent, AgentState> turn, Contact after, WrapUp.Mode mode, Instant until) {
        return next(turn).setWrapUpStarted(wrapUp(after, mode, until)).build();
    }

    static AgentEvent wrapUpExtended(Turn<AgentEvent, AgentState> turn, Contact after, Instant until, int extensions) {
        return next(turn).setWrapUpExtended(extended(after, until, extensions)).build();
    }

    static AgentEvent wrapUpCoded(Turn<AgentEvent, AgentState> turn, Contact after, String code) {
        return next(turn).setWrapUpCoded(coded(after, code)).build();
    }

    static AgentEvent contactEnded(Turn<AgentEvent, AgentState> turn, String offerId) {
        return next(turn)
                .setContactEnded(AgentContactEnded.newBuilder().setOfferId(offerId))
                .build();
    }

    static AgentEvent nextCancelled(Turn<AgentEvent, AgentState> turn) {
        return next(turn)
                .setNextStateCancelled(AgentNextStateCancelled.getDefaultInstance())
                .build();
    }

    static AgentEvent nextChosen(Turn<AgentEvent, AgentState> turn, Next choice) {
        return next(turn).setNextStateChosen(choiceOf(choice)).build();
    }

    static AgentEvent seatChanged(Turn<AgentEvent, AgentState> turn, Seat seat) {
        return next(turn)
                .setSeatChanged(AgentSeatChanged.newBuilder()
                        .setSeatId(seat.seatId())
                        .setBoxId(seat.boxId())
                        .setEndpoint(seat.endpoint()))
                .build();
    }

    static AgentEvent callsLimited(Turn<AgentEvent, AgentState> turn, int most) {
        return next(turn)
                .setCallsLimited(AgentCallsLimited.newBuilder().setMostAnHour(most))
                .build();
    }

    static AgentEvent restEnded(Turn<AgentEvent, AgentState> turn, Instant until) {
        return next(turn)
                .setRestEnded(AgentRestEnded.newBuilder().setUntilMs(until.toEpochMilli()))
                .build();
    }

    static AgentEvent dayEnded(Turn<AgentEvent, AgentState> turn) {
        return next(turn).setDayEnded(AgentDayEnded.getDefaultInstance()).build();
    }

    static AgentEvent seatSaid(Turn<AgentEvent, AgentState> turn, SeatWord word) {
        return next(turn).setSeatReachability(wordOf(word)).build();
    }

    static AgentState apply(AgentState state, AgentEvent event) {
        var at = Instant.ofEpochMilli(event.getAtMs());
        var after =
                switch (event.getEventCase()) {
                    case LOGGED_IN -> {
                        var e = event.getLoggedIn();
                        yield state.loggedIn(new Seat(e.getSeatId(), e.getBoxId(), e.getEndpoint()), at);
                    }
                    case LOGGED_OUT -> state.loggedOut(event.getLoggedOut().getTakenOverBy(), at);
                    case BECAME_READY -> state.becameReady(
                            Instant.ofEpochMilli(event.getBecameReady().getIdleSinceMs()), at);
                    case BECAME_NOT_READY -> {
                        var e = event.getBecameNotReady();
                        yield state.becameNotReady(e.getReason(), instantOrNull(e.getReturnAtMs()), at);
                    }
                    case RESERVED -> {
                        var e = event.getReserved();
                        yield state.reserved(
                                Contact.reserved(e.getOfferId(), e.getCallId(), e.getQueueId(), e.getUnits(), at));
                    }
                    case OFFER_ENDED -> state.offerEnded(event.getOfferEnded().getOfferId(), at);
                    case CONTACT_ENDED -> state.contactEnded(
                            event.getContactEnded().getOfferId(), at);
                    case TALK_STARTED -> {
                        var e = event.getTalkStarted();
                        yield state.talkStarted(
                                Contact.talking(e.getOfferId(), e.getCallId(), e.getQueueId(), e.getUnits(), at),
                                e.getDay());
                    }
                    case WRAP_UP_STARTED -> {
                        var e = event.getWrapUpStarted();
                        var begun = new AfterCall(mode(e.getMode()), Instant.ofEpochMilli(e.getUntilMs()), 0, "");
                        yield state.wrapUpStarted(Contact.wrappedUp(
                                e.getOfferId(), e.getCallId(), e.getQueueId(), e.getUnits(), begun, at));
                    }
                    case WRAP_UP_EXTENDED -> {
                        var e = event.getWrapUpExtended();
                        yield state.wrapUpExtended(
                                e.getCallId(), Instant.ofEpochMilli(e.getUntilMs()), e.getExtensions());
                    }
                    case WRAP_UP_CODED -> {
                        var e = event.getWrapUpCoded();
                        yield state.wrapUpCoded(e.getCallId(), e.getCode());
                    }
                    case DAY -> {
                        var e = event.getDay();
                        yield state.with(new Day(e.getDate(), e.getCalls(), e.getTalkMs()));
                    }
                    case DAY_ENDED -> state.with(Day.NONE);
                    case CALLS_LIMITED -> state.with(
                            state.hour().limitedTo(event.getCallsLimited().getMostAnHour()));
                    case REST_ENDED -> state.with(state.hour()
                            .rested(Instant.ofEpochMilli(event.getRestEnded().getUntilMs())));
                    case HOUR -> {
                        var e = event.getHour();
                        var begun = e.getBegunMsList().stream()
                                .map(Instant::ofEpochMilli)
                                .toList();
                        yield state.with(new Hour(e.getMostAnHour(), begun, instantOrNull(e.getRestedMs())));
                    }
                    case SEAT_REACHABILITY -> {
                        var e = event.getSeatReachability();
                        yield state.seatSaid(new SeatWord(e.getReachable(), e.getNumber()));
                    }
                    case DESKTOP_SEEN -> state.desktopSeen();
                    case NEXT_STATE_CANCELLED -> state.nextChosen(null);
                    case NEXT_STATE_CHOSEN -> {
                        var e = event.getNextStateChosen();
                        yield state.nextChosen(new Next(e.getReady(), e.getReason(), instantOrNull(e.getReturnAtMs())));
                    }
                    case SEAT_CHANGED -> {
                        var e = event.getSeatChanged();
                        yield state.seatChanged(new Seat(e.getSeatId(), e.getBoxId(), e.getEndpoint()));
                    }
                        // Written by a newer release: its effect is not known here, but its place in the order is.
                    case EVENT_NOT_SET -> state;
                };
        return after.atVersion(event.getVersion());
    }

    static List<AgentEvent> compact(AgentState state) {
        if (state.version() == 0) {
            return List.of();
        }
        var status = state.status();
        var events = new ArrayList<AgentEvent>();
        var day = state.day();
        if (!day.equals(Day.NONE)) {
            events.add(as(state)
                    .setDay(AgentDay.newBuilder()
                            .setDate(day.date())
                            .setCalls(day.calls())
                            .setTalkMs(day.talkMs()))
                    .build());
        }
        var hour = state.hour();
        if (!hour.equals(Hour.NONE)) {
            var begun = hour.begun().stream().map(Instant::toEpochMilli).toList();
            events.add(as(state)
                    .setHour(AgentHour.newBuilder()
                            .setMostAnHour(hour.most())
                            .addAllBegunMs(begun)
                            .setRestedMs(
                                    hour.rested() == null ? 0 : hour.rested().toEpochMilli()))
                    .build());
        }
        if (!state.loggedIn()) {
            events.add(as(state)
                    .setLoggedOut(AgentLoggedOut.newBuilder().setTakenOverBy(status.reason()))
                    .build());
            return events;
        }
        events.add(as(state).setLoggedIn(seatOf(status.seat())).build());
        if (state.seatWord().number() > 0) {
            events.add(as(state).setSeatReachability(wordOf(state.seatWord())).build());
        }
        if (state.watched()) {
            events.add(as(state)
                    .setDesktopSeen(AgentDesktopSeen.getDefaultInstance())
                    .build());
        }
        if (status.idleSince() != null) {
            events.add(as(state)
                    .setBecameReady(AgentBecameReady.newBuilder()
                            .setIdleSinceMs(status.idleSince().toEpochMilli()))
                    .build());
        }
        if (status.standing() == Standing.NOT_READY) {
            events.add(as(state)
                    .setBecameNotReady(notReady(status.reason(), status.returnAt()))
                    .build());
        }
        state.contacts().all().forEach(contact -> compact(state, contact, events));
        state.next()
                .ifPresent(choice -> events.add(
                        as(state).setNextStateChosen(choiceOf(choice)).build()));
        return events;
    }

    private static void compact(AgentState state, Contact contact, List<AgentEvent> events) {
        switch (contact.phase()) {
            case RESERVED -> events.add(as(state, contact)
                    .setReserved(reservation(contact.offerId(), contact.callId(), contact.queueId(), contact.units()))
                    .build());
            case TALKING -> events.add(as(state, contact)
                    .setTalkStarted(talk(contact.offerId(), contact.callId(), contact.queueId(), contact.units()))
                    .build());
            case WRAP_UP -> {
                var after = contact.afterCall();
                events.add(as(state, contact)
                        .setWrapUpStarted(wrapUp(contact, after.mode(), after.until()))
                        .build());
                if (after.extensions() > 0) {
                    events.add(as(state, contact)
                            .setWrapUpExtended(extended(contact, after.until(), after.extensions()))
                            .build());
                }
                if (!after.code().isEmpty()) {
                    events.add(as(state, contact)
                            .setWrapUpCoded(coded(contact, after.code()))
                            .build());
                }
            }
        }
    }

    private static AgentEvent.Builder next(Turn<AgentEvent, AgentState> turn) {
        return AgentEvent.newBuilder()
                .setAtMs(turn.context().nowMs())
                .setVersion(turn.state().version() + 1);
    }

    private static AgentEvent.Builder as(AgentState state) {
        return AgentEvent.newBuilder()
                .setAtMs(state.status().since().toEpochMilli())
                .setVersion(state.version());
    }

    /** At the time of the contact, from which its own times count. */
    private static AgentEvent.Builder as(AgentState state, Contact contact) {
        return as(state).setAtMs(contact.since().toEpochMilli());
    }

    private static AgentLoggedIn.Builder seatOf(Seat seat) {
        return AgentLoggedIn.newBuilder()
                .setSeatId(seat.seatId())
                .setBoxId(seat.boxId())
                .setEndpoint(seat.endpoint());
    }

    private static AgentSeatReachability.Builder wordOf(SeatWord word) {
        return AgentSeatReachability.newBuilder().setReachable(word.reachable()).setNumber(word.number());
    }

    private static AgentReserved.Builder reservation(String offerId, String callId, String queueId, int units) {
        return AgentReserved.newBuilder()
                .setOfferId(offerId)
                .setCallId(callId)
                .setQueueId(queueId)
                .setUnits(units);
    }

    private static AgentTalkStarted.Builder talk(String offerId, String callId, String queueId, int units) {
        return AgentTalkStarted.newBuilder()
                .setOfferId(offerId)
                .setCallId(callId)
                .setQueueId(queueId)
                .setUnits(units);
    }

    private static AgentBecameNotReady.Builder notReady(String reason, Instant returnAt) {
        return AgentBecameNotReady.newBuilder()
                .setReason(reason)
                .setReturnAtMs(returnAt == null ? 0 : returnAt.toEpochMilli());
    }

    private static AgentWrapUpStarted.Builder wrapUp(Contact after, WrapUp.Mode mode, Instant until) {
        return AgentWrapUpStarted.newBuilder()
                .setOfferId(after.offerId())
                .setUnits(after.units())
                .setCallId(after.callId())
                .setQueueId(after.queueId())
                .setUntilMs(until.toEpochMilli())
                .setMode(
                        switch (mode) {
                            case NONE -> throw new IllegalArgumentException("there is no wrap-up to be begun");
                                // As it was written before there were others, so that snapshots of the same state are
                                // the
                                // same.
                            case OPTIONAL -> WrapUpMode.WRAP_UP_MODE_UNSPECIFIED;
                            case FIXED -> WrapUpMode.WRAP_UP_FIXED;
                            case MANDATORY -> WrapUpMode.WRAP_UP_MANDATORY;
                            case EXTENDABLE -> WrapUpMode.WRAP_UP_EXTENDABLE;
                        });
    }

    private static WrapUp.Mode mode(WrapUpMode written) {
        return switch (written) {
            case WRAP_UP_MODE_UNSPECIFIED, WRAP_UP_OPTIONAL, UNRECOGNIZED -> WrapUp.Mode.OPTIONAL;
            case WRAP_UP_FIXED -> WrapUp.Mode.FIXED;
            case WRAP_UP_MANDATORY -> WrapUp.Mode.MANDATORY;
            case WRAP_UP_EXTENDABLE -> WrapUp.Mode.EXTENDABLE;
        };
    }

    private static AgentWrapUpExtended.Builder extended(Contact after, Instant until, int extensions) {
        return AgentWrapUpExtended.newBuilder()
                .setCallId(after.callId())
                .setUntilMs(until.toEpochMilli())
                .setExtensions(extensions);
    }

    private static AgentWrapUpCoded.Builder coded(Contact after, String code) {
        return AgentWrapUpCoded.newBuilder()
                .setCallId(after.callId())
                .setQueueId(after.queueId())
                .setCode(code);
    }

    private static Instant instantOrNull(long ms) {
        return ms == 0 ? null : Instant.ofEpochMilli(ms);
    }

    private static AgentNextStateChosen.Builder choiceOf(Next choice) {
        return AgentNextStateChosen.newBuilder()
                .setReady(choice.ready())
                .setReason(choice.reason())
                .setReturnAtMs(choice.returnAt() == null ? 0 : choice.returnAt().toEpochMilli());
    }

    private AgentEvents() {}
}
