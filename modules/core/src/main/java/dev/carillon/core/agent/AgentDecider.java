package dev.carillon.core.agent;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.core.Output;
import dev.carillon.core.Timer;
import dev.carillon.core.Timing;
import dev.carillon.core.Turn;
import dev.carillon.core.agent.AgentState.Next;
import dev.carillon.core.agent.AgentState.SeatWord;
import dev.carillon.core.agent.AgentState.Standing;
import dev.carillon.core.agent.Contact.Phase;
import dev.carillon.core.agent.Relations.Round;
import dev.carillon.core.agent.Relations.Told;
import dev.carillon.core.routing.BidOrder;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStage;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An agent decides:
 *
 * <ol>
 *   <li>Whoever becomes ready tells every queue they serve, collects the queues' bids for a moment, and takes the best; later
 *       the first bid that comes. All other bids are refused. The queues that may borrow them are told and heard as well; a call of a queue they
 *       serve goes before any of those.
 *   <li>A reservation is durable before anybody hears of it, so an agent never holds two.
 *   <li>The call alone says how an offer stands. An agent who hears nothing of it asks; a reservation of which no call knows
 *       lapses.
 *   <li>An offer that failed by the caller's doing leaves the agent ready, and idle for as long as before; one that failed by
 *       the agent's or their phone's makes them not ready, with that reason, and ready again after the queue's time for that.
 *   <li>A conversation is followed by the wrap-up of the queue whose call it was, and that by ready, unless the agent chose otherwise
 *       meanwhile. A wrap-up is over when its time has passed, or by the agent's word where its mode gives them one; nothing else but a
 *       conversation that turns out to have begun cuts it short.
 *   <li>A desktop that gives no sign of life, having given one since the log-in, is lost: the agent is not ready, and later logged out; but
 *       not while a phone rings, people talk or work after a call is done. Signs are not written: who comes back from a crash has
 *       heard none, and waits for as long as ever before judging.
 *   <li>A seat is where the configuration says. It is looked up with every command, so the next offer rings the phone that the
 *       seat has by then; a phone that rings or talks already is left alone.
 *   <li>Whose a seat is, the seat decides. An agent logs in only while it is kept for them, and once that time is over, tells the seat
 *       that they are not there, if they are not.
 *   <li>Whoever has begun as many conversations within an hour as they may rests: they stay ready, queues do not ask them, and every bid is
 *       refused, until the oldest of these is an hour ago. The limit is looked up with every command.
 *   <li>At midnight the queues hear that who is ready has done nothing today.
 *   <li>A seat whose phone cannot be reached is given no calls: its agent is not ready from then on, or when they would be next, and ready
 *       again by themselves when it can be reached, unless they have chosen otherwise meanwhile. The seat says so; whoever has
 *       just logged in asks it.
 *   <li>An agent has several contacts at once as far as their capacity goes, one reservation among them at most; a call takes all of it. Each
 *       rings, is talked to and wrapped up by itself. What the agent chooses, or comes over them, holds for afterwards, and then they are given
 *       nothing more until all contacts are over.
 * </ol>
 */
public final class AgentDecider implements Decider<AgentCommand, AgentEvent, AgentState> {

    private static final String COLLECT = "collect";
    private static final String ASK = "ask:";
    private static final String WRAP_UP = "wrap-up:";
    private static final String RETURN = "return:";
    private static final String DESKTOP = "desktop";
    private static final String REST = "rest:";
    private static final String MIDNIGHT = "midnight:";
    private static final Next READY = new Next(true, "");
    private static final Next DESKTOP_LOST = new Next(false, NotReadyReasons.DESKTOP_LOST);

    private final DesktopWatch desktops;
    private final Duration callsWindow;

    public AgentDecider() {
        this(DesktopWatch.USUAL);
    }

    public AgentDecider(DesktopWatch desktops) {
        this(desktops, Timing.CALLS_WINDOW);
    }

    /** @param callsWindow in which the limit of calls counts, at most {@link Timing#CALLS_WINDOW} */
    public AgentDecider(DesktopWatch desktops, Duration callsWindow) {
        this.desktops = desktops;
        this.callsWindow = callsWindow;
    }

    @Override
    public AgentState empty(String id) {
        return AgentState.empty(id);
    }

    @Override
    public Decision<AgentEvent, AgentState> decide(AgentState state, AgentCommand command, Context context) {
        var turn = new Turn<>(state, context, this::evolve);
        lookUpSeat(turn);
        lookUpLimit(turn);
        endRest(turn);
        if (command instanceof AgentCommand.LogIn c) {
            logIn(turn, c);
        } else if (command instanceof AgentCommand.MayLogIn c) {
            mayLogIn(turn, c.seatId());
        } else if (command instanceof AgentCommand.AreYouAtSeat c) {
            areYouAtSeat(turn, c);
        } else if (command instanceof AgentCommand.SeatReachability c) {
            seatReachability(turn, c);
        } else if (command instanceof AgentCommand.GiveUpSeat c) {
            giveUpSeat(turn, c);
        } else if (command instanceof AgentCommand.LogOut) {
            logOut(turn);
        } else if (command instanceof AgentCommand.SetReady) {
            choose(turn, READY);
        } else if (command instanceof AgentCommand.SetNotReady c) {
            choose(turn, new Next(false, c.reason()));
        } else if (command instanceof AgentCommand.Heartbeat) {
            heartbeat(turn);
        } else if (command instanceof AgentCommand.CancelNext) {
            cancelNext(turn);
        } else if (command instanceof AgentCommand.EndWrapUp c) {
            endWrapUp(turn, c.callId());
        } else if (command instanceof AgentCommand.ExtendWrapUp c) {
            WrapUps.extend(turn, c);
        } else if (command instanceof AgentCommand.GiveWrapUpCode c) {
            giveWrapUpCode(turn, c);
        } else if (command instanceof AgentCommand.Bid c) {
            bid(turn, c);
        } else if (command instanceof AgentCommand.StatusNoted c) {
            statusNoted(turn, c);
        } else if (command instanceof AgentCommand.TellStatus c) {
            tellStatus(turn, c.queueId());
        } else if (command instanceof AgentCommand.ReleaseReservation c) {
            released(turn, c.offerId());
        } else if (command instanceof AgentCommand.OfferRinging c) {
            ringing(turn, c);
        } else if (command instanceof AgentCommand.OfferTalking c) {
            talking(turn, c);
        } else if (command instanceof AgentCommand.OfferOver c) {
            over(turn, c);
        } else if (command instanceof AgentCommand.ConfigurationChanged) {
            configurationChanged(turn);
        } else if (command instanceof AgentCommand.TimerFired c) {
            timer(turn, c.timerId());
        } else {
            throw new IllegalArgumentException("No rule for " + command);
        }
        noteMidnight(turn);
        return turn.end();
    }

    // What people want.

    private void logIn(Turn<AgentEvent, AgentState> turn, AgentCommand.LogIn wish) {
        var seat = wish.seat();
        if (isAt(turn.state(), seat.seatId())) {
            turn.done();
        } else if (!mayLeaveSeat(turn)) {
            return;
        } else if (wish.claimedUntil() != null && turn.context().now().isAfter(wish.claimedUntil())) {
            turn.reject("SEAT_CLAIM_LAPSED", "The log-in took too long, and the seat is no longer kept. Log in again.");
        } else {
            leaveSeat(turn);
            turn.record(AgentEvents.loggedIn(turn, seat));
            turn.say(AgentSays.howIsSeat(turn.state()));
            announce(turn);
            turn.done();
        }
    }

    private static boolean isAt(AgentState state, String seatId) {
        return state.loggedIn() && seatId.equals(state.status().seat().seatId());
    }

    /** If not, that is what the agent is told. */
    private static boolean mayLeaveSeat(Turn<AgentEvent, AgentState> turn) {
        if (turn.state().contacts().busy()) {
            turn.reject("AGENT_BUSY", "The agent has a call; change the seat when it is over.");
            return false;
        }
        if (mustWrapUp(turn.state())) {
            rejectEnd(turn);
            return false;
        }
        return true;
    }

    /**
     * Before another is sent away for them. Bids that come are kept like those of queues that are still being heard. Forgotten in a crash:
     * then a call may come in between, and neither has the seat.
     */
    private void mayLogIn(Turn<AgentEvent, AgentState> turn, String seatId) {
        var state = turn.state();
        if (!isAt(state, seatId)) {
            if (!mayLeaveSeat(turn)) {
                return;
            }
            var until = turn.context().now().plus(Timing.SEAT_CHANGE);
            // Also of whoever becomes ready within that time.
            turn.note(s -> s.with(s.relations().changingSeat(until)));
            if (state.ready() && !rests(state)) {
                turn.note(s ->
                        s.with(s.relations().collecting(Round.held(s.relations().round(), until))));
            }
        }
        turn.done();
    }

    private void logOut(Turn<AgentEvent, AgentState> turn) {
        if (turn.state().contacts().busy()) {
            turn.reject(
                    "AGENT_BUSY",
                    "The agent has a call; log out when it is over. To get no further call, choose not-ready now.");
        } else if (mustWrapUp(turn.state())) {
            rejectEnd(turn);
        } else {
            leaveSeat(turn);
            announce(turn);
            turn.done();
        }
    }

    private void leaveSeat(Turn<AgentEvent, AgentState> turn) {
        if (turn.state().loggedIn()) {
            refuseHeldBid(turn);
            logOutBy(turn, AgentEvents.loggedOut(turn));
        }
    }

    private static void logOutBy(Turn<AgentEvent, AgentState> turn, AgentEvent loggedOut) {
        var seatId = turn.state().status().seat().seatId();
        turn.record(loggedOut);
        turn.say(new Output.ToSeat(
                seatId, new SeatCommand.HolderLeft(turn.state().id())));
    }

    /** Rule 8. */
    private static void areYouAtSeat(Turn<AgentEvent, AgentState> turn, AgentCommand.AreYouAtSeat question) {
        var state = turn.state();
        if (state.loggedIn() && question.seatId().equals(state.status().seat().seatId())) {
            turn.say(new Output.ToSeat(question.seatId(), new SeatCommand.HolderHere(state.id(), question.number())));
        } else if (turn.context().now().isAfter(question.until())) {
            turn.say(new Output.ToSeat(question.seatId(), new SeatCommand.HolderGone(state.id(), question.number())));
        }
    }

    /** Rule 8, while another agent waits for it: what people do at the seat is not interrupted. */
    private void giveUpSeat(Turn<AgentEvent, AgentState> turn, AgentCommand.GiveUpSeat wish) {
        var state = turn.state();
        var here = isAt(state, wish.seatId());
        if (here && state.contacts().busy()) {
            turn.reject(
                    "SEAT_IN_USE",
                    "Agent " + state.id() + " is logged in at seat " + wish.seatId()
                            + " and has a call. Take the seat over when it is over, or choose another seat.");
        } else if (here && mustWrapUp(state)) {
            turn.reject(
                    "SEAT_IN_USE",
                    "Agent " + state.id() + " is logged in at seat " + wish.seatId()
                            + " and in a wrap-up that is not theirs to end. Take the seat over when it is over, or choose another seat.");
        } else if (!turn.context().now().isAfter(wish.until())) {
            // A log-in may be under way still, or again.
            turn.reject(
                    "SEAT_TAKEN",
                    "Agent " + state.id() + " has claimed seat " + wish.seatId() + " a moment ago. Take it over after "
                            + wish.until() + ", or choose another seat.");
        } else if (!here) {
            turn.done();
        } else {
            refuseHeldBid(turn);
            logOutBy(turn, AgentEvents.seatTakenOver(turn, wish.byAgentId()));
            announce(turn);
            turn.done();
        }
    }

    private void choose(Turn<AgentEvent, AgentState> turn, Next wish) {
        var state = turn.state();
        var trouble = wish.ready()
                ? Optional.<String>empty()
                : turn.context().directory().notReadyReasons().trouble(wish.reason());
        if (state.loggedIn() && trouble.isPresent()) {
            turn.reject("REASON_NOT_ON_LIST", trouble.get());
            return;
        }
        if (!state.loggedIn()) {
            turn.reject("AGENT_LOGGED_OUT", "Log in at a seat first.");
            return;
        }
        if (!state.contacts().busy()) {
            if (wish.ready() && isDesktopLost(turn)) {
                turn.reject("DESKTOP_LOST", "The agent's desktop gives no sign of life. It must do so first.");
                return;
            }
            if (wish.ready() && !state.seatWord().reachable()) {
                turn.reject(
                        "SEAT_UNREACHABLE",
                        "The box cannot reach the phone of seat "
                                + state.status().seat().seatId()
                                + ". See that it is on and registered, and try again.");
                return;
            }
        }
        if (!state.contacts().busy() && !mustWrapUp(state)) {
            become(turn, wish);
        } else if (!wish.equals(state.status().next())) {
            chooseNext(turn, AgentEvents.nextChosen(turn, wish));
        }
        turn.done();
    }

    private void cancelNext(Turn<AgentEvent, AgentState> turn) {
        if (turn.state().next().isPresent()) {
            chooseNext(turn, AgentEvents.nextCancelled(turn));
        }
        turn.done();
    }

    /** Who has contacts and chooses not to be ready after them is given no more of them; who thinks better of it may be. */
    private void chooseNext(Turn<AgentEvent, AgentState> turn, AgentEvent choice) {
        var before = turn.state();
        turn.record(choice);
        if (before.mayTakeMore() && !turn.state().mayTakeMore()) {
            refuseHeldBid(turn, before);
            announce(turn);
        } else if (!before.mayTakeMore() && turn.state().mayTakeMore()) {
            goOn(turn);
        }
    }

    private void endWrapUp(Turn<AgentEvent, AgentState> turn, String callId) {
        if (turn.state().contacts().wrapUps(callId).isEmpty()) {
            turn.done();
            return;
        }
        WrapUps.named(turn, callId).ifPresent(contact -> {
            if (contact.afterCall().mayEnd()) {
                afterWork(turn, contact);
                turn.done();
            } else {
                WrapUps.rejectEnd(turn, contact);
            }
        });
    }

    /** In a wrap-up that is not the agent's to end. */
    private static boolean mustWrapUp(AgentState state) {
        return state.contacts().lasting().isPresent();
    }

    private static void rejectEnd(Turn<AgentEvent, AgentState> turn) {
        WrapUps.rejectEnd(turn, turn.state().contacts().lasting().orElseThrow());
    }

    private void giveWrapUpCode(Turn<AgentEvent, AgentState> turn, AgentCommand.GiveWrapUpCode said) {
        WrapUps.coded(turn, said).ifPresent(contact -> {
            if (contact.afterCall().mode() == WrapUp.Mode.MANDATORY) {
                afterWork(turn, contact);
            }
            turn.done();
        });
    }

    private void become(Turn<AgentEvent, AgentState> turn, Next wish) {
        var state = turn.state();
        if (wish.ready() && isDesktopLost(turn)) {
            loseDesktop(turn);
        } else if (wish.ready() && !state.seatWord().reachable()) {
            loseSeat(turn);
        } else if (wish.ready()) {
            if (!state.ready()) {
                turn.record(AgentEvents.becameReady(turn, turn.context().now()));
                collect(turn);
            }
        } else if (wish.reason().equals(NotReadyReasons.DESKTOP_LOST)) {
            loseDesktop(turn);
        } else if (!isNotReadyFor(state, wish.reason())) {
            refuseHeldBid(turn);
            notReady(turn, wish.reason(), wish.returnAt());
        }
    }

    private void notReady(Turn<AgentEvent, AgentState> turn, String reason, Instant returnAt) {
        turn.record(AgentEvents.becameNotReady(turn, reason, returnAt));
        announce(turn);
    }

    // Rule 6: the desktop.

    private void heartbeat(Turn<AgentEvent, AgentState> turn) {
        if (!turn.state().loggedIn()) {
            var by = turn.state().status().reason();
            turn.reject(
                    "AGENT_LOGGED_OUT",
                    by.isEmpty()
                            ? "Log in at a seat first."
                            : "Agent " + by + " has taken over the seat. Log in at another one.");
            return;
        }
        if (!turn.state().watched() && desktops.isOn()) {
            turn.record(AgentEvents.desktopSeen(turn));
        }
        seeDesktop(turn);
        if (turn.state().next().equals(Optional.of(DESKTOP_LOST))) {
            chooseNext(turn, AgentEvents.nextCancelled(turn));
        }
        turn.done();
    }

    private static void seeDesktop(Turn<AgentEvent, AgentState> turn) {
        var now = turn.context().now();
        turn.note(s -> s.with(s.relations().seen(now)));
    }

    private boolean isDesktopLost(Turn<AgentEvent, AgentState> turn) {
        var seenAt = turn.state().relations().seenAt();
        return desktops.isOn()
                && turn.state().watched()
                && seenAt != null
                && !turn.context().now().isBefore(desktops.lostAt(seenAt));
    }

    private void loseDesktop(Turn<AgentEvent, AgentState> turn) {
        refuseHeldBid(turn);
        var seenAt = turn.state().relations().seenAt();
        // Lost while they had contacts, and since a crash nobody knows since when.
        turn.record(
                AgentEvents.desktopLost(turn, seenAt == null ? turn.context().now() : seenAt));
        announce(turn);
    }

    private void desktopSilent(Turn<AgentEvent, AgentState> turn) {
        var state = turn.state();
        if (state.relations().seenAt() == null) {
            seeDesktop(turn);
        } else if (!state.contacts().isEmpty() && state.mayTakeMore()) {
            chooseNext(turn, AgentEvents.nextChosen(turn, DESKTOP_LOST));
        } else if (!state.contacts().isEmpty() || isLost(state)) {
            logOutBy(turn, AgentEvents.loggedOutByLoss(turn, state.relations().seenAt()));
            announce(turn);
        } else {
            loseDesktop(turn);
        }
    }

    private static boolean isLost(AgentState state) {
        return isNotReadyFor(state, NotReadyReasons.DESKTOP_LOST);
    }

    private static boolean isNotReadyFor(AgentState state, String reason) {
        return state.status().standing() == Standing.NOT_READY
                && state.status().reason().equals(reason);
    }

    /** When a silent desktop is next of consequence; empty when it is of none. */
    private Optional<Timer> desktopTimer(AgentState state) {
        if (!desktops.isOn() || !state.watched()) {
            return Optional.empty();
        }
        var seenAt = state.relations().seenAt();
        if (seenAt == null) {
            // Since a crash nobody knows: it is given its time from now on, also during a call.
            return Optional.of(new Timer(DESKTOP, state.status().since()));
        }
        if (state.mayTakeMore() || (state.contacts().isEmpty() && !isLost(state))) {
            return Optional.of(new Timer(DESKTOP, desktops.lostAt(seenAt)));
        }
        if (state.contacts().busy() || desktops.logOutAfter().isZero()) {
            return Optional.empty();
        }
        // A wrap-up lasts its time first, however long the desktop has been silent.
        return Stream.concat(
                        Stream.of(desktops.logOutAt(seenAt)),
                        state.contacts().wrapUps().stream()
                                .map(one -> one.afterCall().until()))
                .max(Comparator.naturalOrder())
                .map(due -> new Timer(DESKTOP, due));
    }

    // Rule 9: the phone.

    private void seatReachability(Turn<AgentEvent, AgentState> turn, AgentCommand.SeatReachability said) {
        var state = turn.state();
        turn.say(new Output.ToSeat(said.seatId(), new SeatCommand.HolderInformed(state.id(), said.number())));
        if (!state.loggedIn() || !said.seatId().equals(state.status().seat().seatId())) {
            return;
        }
        turn.note(s -> s.with(s.relations().heardOfSeat()));
        if (said.number() <= state.seatWord().number()) {
            return;
        }
        turn.record(AgentEvents.seatSaid(turn, new SeatWord(said.reachable(), said.number())));
        if (!said.reachable() && state.ready()) {
            loseSeat(turn);
        } else if (said.reachable() && isNotReadyFor(state, NotReadyReasons.SEAT_UNREACHABLE)) {
            become(turn, READY);
        }
    }

    private void loseSeat(Turn<AgentEvent, AgentState> turn) {
        become(turn, new Next(false, NotReadyReasons.SEAT_UNREACHABLE));
    }

    /** Rule 7. */
    private void lookUpSeat(Turn<AgentEvent, AgentState> turn) {
        if (!turn.state().loggedIn()) {
            return;
        }
        var known = turn.state().status().seat();
        var now = turn.context().directory().seatNow(known);
        if (!now.equals(known)) {
            turn.record(AgentEvents.seatChanged(turn, now));
            if (!now.boxId().equals(known.boxId())) {
                announce(turn);
            }
        }
    }

    // Rule 9: the limit of calls.

    private void lookUpLimit(Turn<AgentEvent, AgentState> turn) {
        var before = turn.state();
        int most = turn.context().directory().maxCallsPerHour(before.id());
        if (!before.loggedIn() || most == before.hour().most()) {
            return;
        }
        turn.record(AgentEvents.callsLimited(turn, most));
        boolean rests = rests(turn.state());
        if (rests && !rests(before)) {
            refuseHeldBid(turn);
            turn.note(s -> s.with(s.relations().collecting(null)));
            announce(turn);
        } else if (!rests && rests(before)) {
            collect(turn);
        }
    }

    private void endRest(Turn<AgentEvent, AgentState> turn) {
        var over = restUntil(turn.state()).filter(until -> !turn.context().now().isBefore(until));
        if (over.isPresent()) {
            turn.record(AgentEvents.restEnded(turn, over.get()));
            collect(turn);
        }
    }

    private boolean rests(AgentState state) {
        return restUntil(state).isPresent();
    }

    /** Empty for whoever does not rest. The end of a rest is an event, so that queues know which of two statuses is newer. */
    private Optional<Instant> restUntil(AgentState state) {
        return !state.mayTakeMore()
                ? Optional.empty()
                : state.hour()
                        .fullUntil(callsWindow)
                        .filter(until -> until.isAfter(state.status().since()));
    }

    // Rule 10: midnight.

    /** Who has done nothing that counts today need not be told that it is over. */
    private static void noteMidnight(Turn<AgentEvent, AgentState> turn) {
        var state = turn.state();
        var now = turn.context().now();
        var directory = turn.context().directory();
        if (state.mayTakeMore()
                && state.relations().dayEnds() == null
                && state.day().isOf(directory.date(now))) {
            turn.note(s -> s.with(s.relations().dayEnds(directory.dayAfter(now))));
        }
    }

    private void midnight(Turn<AgentEvent, AgentState> turn) {
        turn.record(AgentEvents.dayEnded(turn));
        turn.note(s -> s.with(s.relations().dayEnds(null)));
        announce(turn);
    }

    // Rules 1 and 2: bids.

    private void collect(Turn<AgentEvent, AgentState> turn) {
        var context = turn.context();
        var around = context.directory().queuesAround(turn.state().id());
        if (!around.isEmpty() && !rests(turn.state())) {
            var held = turn.state().relations().round();
            var round = Round.over(
                    around, held == null ? null : held.best(), context.now().plus(Timing.BID_COLLECTION));
            var change = turn.state().relations().seatChange();
            var kept = change != null && change.isAfter(context.now()) ? Round.held(round, change) : round;
            turn.note(s -> s.with(s.relations().collecting(kept)));
        }
        announce(turn, around);
    }

    /** Contacts go on, and something of the capacity may be left. */
    private void goOn(Turn<AgentEvent, AgentState> turn) {
        if (turn.state().mayTakeMore() && isDesktopLost(turn)) {
            chooseNext(turn, AgentEvents.nextChosen(turn, DESKTOP_LOST));
        } else if (unitsLeft(turn.state(), turn.context()) > 0) {
            collect(turn);
        } else {
            announce(turn);
        }
    }

    private void bid(Turn<AgentEvent, AgentState> turn, AgentCommand.Bid bid) {
        acknowledged(turn, bid.queueId(), bid.statusVersion());
        var state = turn.state();
        var round = state.relations().round();
        var held = state.contacts().holding(bid.offerId());
        if (held.isPresent()) {
            turn.say(AgentSays.reserved(state, held.get()));
        } else if (!mayTake(state, bid, turn.context())) {
            turn.say(AgentSays.refused(state, bid));
        } else if (round == null) {
            take(turn, bid);
        } else {
            hold(turn, round, bid);
            answered(turn, bid.queueId());
        }
    }

    private boolean mayTake(AgentState state, AgentCommand.Bid bid, Context context) {
        return state.mayTakeMore()
                && !rests(state)
                && state.contacts().leave(bid.units(), context.directory().capacity(state.id()))
                && !state.contacts().areOf(bid.callId());
    }

    /**
     * The better of two queues' bids is kept, and the other refused. Of two from one queue the later is: it has given up the earlier. Refused one of
     * them, it would ask how the agent stands, hear that they are ready, and bid again until the round is over.
     */
    private void hold(Turn<AgentEvent, AgentState> turn, Round round, AgentCommand.Bid bid) {
        var held = round.best();
        var best = bid;
        if (held != null && !held.queueId().equals(bid.queueId())) {
            var directory = turn.context().directory();
            best = BidOrder.better(
                    held, bid, queueId -> directory.serves(turn.state().id(), queueId));
            turn.say(AgentSays.refused(turn.state(), best.equals(bid) ? held : bid));
        }
        var kept = round.with(best);
        turn.note(s -> s.with(s.relations().collecting(kept)));
    }

    /**
     * A queue that has just been refused hears nothing while the bid of another is kept: told that the agent is ready, which they still are, it would
     * bid again, and be refused again. It is told when that is decided.
     */
    private void tellStatus(Turn<AgentEvent, AgentState> turn, String queueId) {
        var state = turn.state();
        var round = state.relations().round();
        if (round == null || round.best() == null || round.best().queueId().equals(queueId)) {
            tell(turn, queueId, standing(state, queueId, turn.context()));
        }
    }

    /** Over and over until it is noted: who asks may have forgotten what they had noted before. */
    private static void tell(Turn<AgentEvent, AgentState> turn, String queueId, Told now) {
        turn.note(s -> s.with(s.relations().tell(queueId, now)));
        turn.say(AgentSays.status(turn.state(), queueId, now, turn.context()));
    }

    private void statusNoted(Turn<AgentEvent, AgentState> turn, AgentCommand.StatusNoted noted) {
        acknowledged(turn, noted.queueId(), noted.statusVersion());
        var told = turn.state().relations().told().get(noted.queueId());
        if (told != null && told.acknowledged() && noted.statusVersion() < told.version()) {
            // It has rested, forgotten what it knew, and believes what comes late.
            tellStatus(turn, noted.queueId());
        }
        if (noted.statusVersion() >= turn.state().version()) {
            answered(turn, noted.queueId());
        }
    }

    private void answered(Turn<AgentEvent, AgentState> turn, String queueId) {
        var round = turn.state().relations().round();
        if (round == null) {
            return;
        }
        var rest = round.without(queueId);
        turn.note(s -> s.with(s.relations().collecting(rest)));
        if (rest.open().isEmpty() || isSettled(turn, rest)) {
            endCollection(turn);
        }
    }

    /** Queues that would borrow the agent have nothing better than a queue that they serve. */
    private static boolean isSettled(Turn<AgentEvent, AgentState> turn, Round round) {
        var served = turn.context().directory().queuesOf(turn.state().id());
        return round.best() != null
                && !round.isHeld()
                && served.contains(round.best().queueId())
                && round.open().stream().noneMatch(served::contains);
    }

    private void endCollection(Turn<AgentEvent, AgentState> turn) {
        var best = turn.state().relations().round().best();
        turn.note(s -> s.with(s.relations().collecting(null)));
        if (best != null && mayTake(turn.state(), best, turn.context())) {
            take(turn, best);
        } else if (best != null) {
            // They have less capacity than when it was held.
            turn.say(AgentSays.refused(turn.state(), best));
            announce(turn);
        }
    }

    private void take(Turn<AgentEvent, AgentState> turn, AgentCommand.Bid bid) {
        turn.record(AgentEvents.reserved(turn, bid));
        turn.say(AgentSays.reserved(
                turn.state(), turn.state().contacts().holding(bid.offerId()).orElseThrow()));
        announce(turn);
    }

    /** The agent stops being ready: the queue whose bid was held back must not wait for an answer. */
    private static void refuseHeldBid(Turn<AgentEvent, AgentState> turn) {
        refuseHeldBid(turn, turn.state());
    }

    /** @param before which has it still */
    private static void refuseHeldBid(Turn<AgentEvent, AgentState> turn, AgentState before) {
        var round = before.relations().round();
        if (round != null && round.best() != null) {
            turn.say(AgentSays.refused(turn.state(), round.best()));
        }
    }

    // Rules 3 to 5: what the call says.

    /**
     * The queue may have heard of this reservation too late, when the call already rings or talks: rule 3, the call is asked. Freed
     * by the queue's word alone, an agent who talks would be given a second caller.
     */
    private static void released(Turn<AgentEvent, AgentState> turn, String offerId) {
        turn.state()
                .contacts()
                .holding(offerId)
                .filter(contact -> contact.is(Phase.RESERVED) && !contact.confirmed())
                .ifPresent(contact -> turn.say(AgentSays.areWeTogether(turn.state(), contact)));
    }

    private void ringing(Turn<AgentEvent, AgentState> turn, AgentCommand.OfferRinging said) {
        var held = turn.state().contacts().holding(said.offerId());
        if (held.isPresent()) {
            heard(turn, held.get(), true);
            turn.say(AgentSays.noted(said.callId(), said.offerId(), OfferStage.RINGING));
        } else {
            sayVoid(turn, said.callId(), said.offerId());
        }
    }

    private void talking(Turn<AgentEvent, AgentState> turn, AgentCommand.OfferTalking said) {
        var held = turn.state().contacts().holding(said.offerId());
        if (held.isEmpty()) {
            adopt(turn, said);
        } else if (!held.get().is(Phase.TALKING)) {
            startTalk(
                    turn,
                    said.offerId(),
                    said.callId(),
                    said.queueId(),
                    held.get().units());
        }
        turn.state().contacts().holding(said.offerId()).ifPresent(contact -> {
            heard(turn, contact, true);
            turn.say(AgentSays.noted(said.callId(), said.offerId(), OfferStage.TALKING));
        });
    }

    /**
     * A reservation may have lapsed, and the phone was answered all the same: the conversation is a fact, so it is adopted, and whatever
     * was going to ring gives way to it. Only who talks already, or is not there, cannot have it. Nobody knows any more what it takes: it
     * is taken for a call.
     */
    private void adopt(Turn<AgentEvent, AgentState> turn, AgentCommand.OfferTalking said) {
        var state = turn.state();
        if (state.relations().over().contains(said.offerId())
                || !state.loggedIn()
                || state.contacts().talking()) {
            sayVoid(turn, said.callId(), said.offerId());
            return;
        }
        state.contacts().reserved().ifPresent(reserved -> giveUpReservation(turn, reserved));
        wish(state)
                .filter(wish -> !turn.state().next().equals(Optional.of(wish)))
                .ifPresent(wish -> turn.record(AgentEvents.nextChosen(turn, wish)));
        startTalk(turn, said.offerId(), said.callId(), said.queueId(), 0);
    }

    private void startTalk(
            Turn<AgentEvent, AgentState> turn, String offerId, String callId, String queueId, int units) {
        refuseHeldBid(turn);
        turn.record(AgentEvents.talkStarted(turn, offerId, callId, queueId, units));
        goOn(turn);
    }

    /** What the agent has chosen to be, now or next; empty when nothing, or when Carillon made them not ready. */
    private static Optional<Next> wish(AgentState state) {
        if (state.status().standing() != Standing.NOT_READY) {
            return state.next();
        }
        var reason = state.status().reason();
        var own = !reason.equals(NotReadyReasons.DESKTOP_LOST)
                && !reason.equals(NotReadyReasons.SEAT_UNREACHABLE)
                && EnumSet.allOf(OfferOutcome.class).stream()
                        .map(AgentDecider::notReadyReason)
                        .noneMatch(Optional.of(reason)::equals);
        return own ? Optional.of(new Next(false, reason)) : Optional.empty();
    }

    private static void giveUpReservation(Turn<AgentEvent, AgentState> turn, Contact reserved) {
        sayVoid(turn, reserved.callId(), reserved.offerId());
        turn.record(AgentEvents.offerEnded(turn, reserved.offerId(), OfferOutcome.WITHDRAWN));
    }

    private void over(Turn<AgentEvent, AgentState> turn, AgentCommand.OfferOver said) {
        turn.say(AgentSays.noted(said.callId(), said.offerId(), OfferStage.OVER));
        // Without a queue it is one that the call has not heard of, or not yet.
        if (!said.queueId().isEmpty()) {
            turn.note(s -> s.with(s.relations().over(said.offerId())));
        }
        turn.state().contacts().holding(said.offerId()).ifPresent(contact -> {
            if (contact.is(Phase.TALKING)) {
                talkEnded(turn, contact);
            } else if (said.outcome() == OfferOutcome.COMPLETED) {
                // The word that they talk was lost: the conversation is part of their day all the same.
                turn.record(
                        AgentEvents.talkStarted(turn, said.offerId(), said.callId(), said.queueId(), contact.units()));
                talkEnded(turn, contact);
            } else {
                offerFailed(turn, contact, said.outcome());
            }
        });
    }

    private void offerFailed(Turn<AgentEvent, AgentState> turn, Contact contact, OfferOutcome outcome) {
        var next = turn.state().next();
        turn.record(AgentEvents.offerEnded(turn, contact.offerId(), outcome));
        boolean isAlone = turn.state().contacts().isEmpty();
        boolean staysAway = next.filter(choice -> !choice.ready()).isPresent();
        var ownFault = notReadyReason(outcome);
        if (ownFault.isPresent()) {
            var away = turn.context()
                    .directory()
                    .queue(contact.queueId())
                    .handling()
                    .returnAfterMissedSeconds();
            // Whoever has chosen a reason of their own for afterwards does not mean to come back by themselves.
            var returnAt = away == 0 || staysAway ? null : turn.context().now().plusSeconds(away);
            if (isAlone) {
                notReady(turn, ownFault.get(), returnAt);
            } else if (!staysAway) {
                chooseNext(turn, AgentEvents.nextChosen(turn, new Next(false, ownFault.get(), returnAt)));
            }
        } else if (!isAlone) {
            goOn(turn);
        } else if (staysAway) {
            become(turn, next.get());
        } else if (isDesktopLost(turn)) {
            loseDesktop(turn);
        } else if (!turn.state().seatWord().reachable()) {
            loseSeat(turn);
        } else {
            collect(turn);
        }
    }

    /** The not-ready reason that an offer's end leaves behind; empty when the agent stays ready. */
    private static Optional<String> notReadyReason(OfferOutcome outcome) {
        return switch (outcome) {
            case REFUSED -> Optional.of(NotReadyReasons.REFUSED);
            case BUSY -> Optional.of(NotReadyReasons.BUSY);
            case UNANSWERED -> Optional.of(NotReadyReasons.NO_ANSWER);
            case UNREACHABLE -> Optional.of(NotReadyReasons.UNREACHABLE);
            case CALLER_LEFT,
                    ANSWERED_ELSEWHERE,
                    WITHDRAWN,
                    BOX_LOST,
                    COMPLETED,
                    OFFER_OUTCOME_UNSPECIFIED,
                    UNRECOGNIZED -> Optional.empty();
        };
    }

    private void talkEnded(Turn<AgentEvent, AgentState> turn, Contact contact) {
        var wrapUp = WrapUps.rule(turn, contact);
        if (wrapUp.isNone()) {
            afterWork(turn, contact);
        } else {
            turn.record(AgentEvents.wrapUpStarted(
                    turn, contact, wrapUp.mode(), turn.context().now().plusSeconds(wrapUp.seconds())));
        }
    }

    private void afterWork(Turn<AgentEvent, AgentState> turn, Contact contact) {
        if (turn.state().contacts().all().size() > 1) {
            turn.record(AgentEvents.contactEnded(turn, contact.offerId()));
            goOn(turn);
        } else if (isDeleted(turn)) {
            leaveSeat(turn);
        } else {
            become(turn, turn.state().next().orElse(READY));
        }
    }

    private static boolean isDeleted(Turn<AgentEvent, AgentState> turn) {
        return !turn.context().directory().agents().containsKey(turn.state().id());
    }

    private void configurationChanged(Turn<AgentEvent, AgentState> turn) {
        var state = turn.state();
        if (isDeleted(turn) && !state.contacts().busy()) {
            leaveSeat(turn);
        }
        announce(turn);
    }

    private void timer(Turn<AgentEvent, AgentState> turn, String timerId) {
        var state = turn.state();
        var now = turn.context().now();
        var due = timers(state).stream()
                .anyMatch(t -> t.id().equals(timerId) && !t.due().isAfter(now));
        if (!due) {
            return;
        }
        if (timerId.equals(COLLECT)) {
            endCollection(turn);
        } else if (timerId.startsWith(WRAP_UP)) {
            state.contacts().wrapUps().stream()
                    .filter(one -> endsByItself(one) && !one.afterCall().until().isAfter(now))
                    .forEach(one -> afterWork(turn, one));
        } else if (timerId.startsWith(RETURN)) {
            if (state.contacts().isEmpty()) {
                become(turn, READY);
            } else {
                chooseNext(turn, AgentEvents.nextCancelled(turn));
            }
        } else if (timerId.startsWith(MIDNIGHT)) {
            midnight(turn);
        } else if (timerId.equals(DESKTOP)) {
            desktopSilent(turn);
        } else {
            state.contacts().holding(timerId.substring(ASK.length())).ifPresent(contact -> askOrGiveUp(turn, contact));
        }
    }

    private void askOrGiveUp(Turn<AgentEvent, AgentState> turn, Contact contact) {
        if (lapsed(contact, turn.context())) {
            offerFailed(turn, contact, OfferOutcome.WITHDRAWN);
        } else {
            heard(turn, contact, contact.confirmed());
            turn.say(AgentSays.areWeTogether(turn.state(), contact));
        }
    }

    /** Only once the call was asked: who has just come back to life has not heard that their phone rings, and it may. */
    private static boolean lapsed(Contact contact, Context context) {
        return contact.is(Phase.RESERVED)
                && !contact.confirmed()
                && contact.heardAt() != null
                && !context.now().isBefore(contact.since().plus(Timing.RESERVATION_LEASE));
    }

    private static boolean endsByItself(Contact wrapUp) {
        return wrapUp.afterCall().mode() != WrapUp.Mode.MANDATORY;
    }

    private static void heard(Turn<AgentEvent, AgentState> turn, Contact contact, boolean confirmed) {
        var now = turn.context().now();
        turn.note(s -> s.heard(contact, confirmed, now));
    }

    // What queues know of the agent.

    private void announce(Turn<AgentEvent, AgentState> turn) {
        announce(turn, turn.context().directory().queuesAround(turn.state().id()));
    }

    /**
     * Tells every queue concerned how the agent stands, unless it was told just that already.
     *
     * @param around the queues that they serve, and those that may borrow them
     */
    private void announce(Turn<AgentEvent, AgentState> turn, Collection<String> around) {
        var queues = new LinkedHashSet<>(around);
        turn.state().relations().told().forEach((queue, told) -> {
            if (told.presence() != Presence.ABSENT) {
                queues.add(queue);
            }
        });
        for (var queue : queues) {
            var now = standing(turn.state(), around.contains(queue), turn.context());
            var told = turn.state().relations().told().get(queue);
            if (told == null
                    || told.presence() != now.presence()
                    || told.unitsLeft() != now.unitsLeft()
                    || !Objects.equals(told.worksFor(), now.worksFor())
                    || now.invites()) {
                tell(turn, queue, now);
            }
        }
    }

    private void acknowledged(Turn<AgentEvent, AgentState> turn, String queueId, long version) {
        var state = turn.state();
        var known = state.relations().told().get(queueId);
        var told = known != null ? known : standing(state, queueId, turn.context());
        if (!told.acknowledged() && version >= told.version()) {
            turn.note(s -> s.with(s.relations().tell(queueId, told.noted())));
        }
    }

    private Told standing(AgentState state, String queueId, Context context) {
        return standing(state, context.directory().queuesAround(state.id()).contains(queueId), context);
    }

    /** @param concerned whether the agent serves the queue that is to be told, or may be lent to it */
    private Told standing(AgentState state, boolean concerned, Context context) {
        var presence = concerned ? presence(state) : Presence.ABSENT;
        int left = presence == Presence.OCCUPIED ? unitsLeft(state, context) : 0;
        var worksFor = presence == Presence.OCCUPIED
                ? state.contacts().leading().map(Contact::queueId).orElse(null)
                : null;
        return new Told(presence, worksFor, left, state.version(), false);
    }

    private Presence presence(AgentState state) {
        return switch (state.status().standing()) {
            case LOGGED_OUT -> Presence.ABSENT;
            case NOT_READY -> Presence.NOT_READY;
            case AT_WORK -> {
                if (!state.contacts().isEmpty()) {
                    yield Presence.OCCUPIED;
                }
                yield rests(state) ? Presence.RESTING : Presence.READY;
            }
        };
    }

    /** Beside contacts that go on. */
    private int unitsLeft(AgentState state, Context context) {
        return state.contacts().isEmpty() || !state.mayTakeMore() || rests(state)
                ? 0
                : state.contacts().left(context.directory().capacity(state.id()));
    }

    /** Once said it stays so, whatever is still heard of that offer. */
    private static void sayVoid(Turn<AgentEvent, AgentState> turn, String callId, String offerId) {
        turn.note(s -> s.with(s.relations().over(offerId)));
        turn.say(new Output.ToCall(
                callId, new CallCommand.OfferVoid(offerId, turn.state().id())));
    }

    // Recovery, timers, snapshots, looks.

    @Override
    public List<Output> resume(AgentState state, Context context) {
        if (state.version() == 0) {
            return List.of();
        }
        var owed = new ArrayList<Output>();
        state.contacts()
                .reserved()
                .filter(contact -> !contact.confirmed())
                .ifPresent(contact -> owed.add(AgentSays.reserved(state, contact)));
        if (state.loggedIn()
                && state.seatWord().number() == 0
                && !state.relations().seatAnswered()) {
            owed.add(AgentSays.howIsSeat(state));
        }
        var around = context.directory().queuesAround(state.id());
        var queues = new LinkedHashSet<>(around);
        queues.addAll(state.relations().told().keySet());
        for (var queue : queues) {
            var told = state.relations().told().get(queue);
            if (told == null || !told.acknowledged()) {
                owed.add(AgentSays.status(state, queue, standing(state, around.contains(queue), context), context));
            }
        }
        return owed;
    }

    @Override
    public List<Timer> timers(AgentState state) {
        var all = new ArrayList<Timer>(4);
        if (state.mayTakeMore()) {
            var relations = state.relations();
            if (relations.round() != null) {
                all.add(new Timer(COLLECT, relations.round().until()));
            }
            restUntil(state).ifPresent(until -> all.add(at(REST, until)));
            if (relations.dayEnds() != null) {
                all.add(at(MIDNIGHT, relations.dayEnds()));
            }
        }
        state.contacts().all().stream()
                .flatMap(contact -> timer(contact).stream())
                .distinct()
                .forEach(all::add);
        state.returnAt().ifPresent(due -> all.add(at(RETURN, due)));
        desktopTimer(state).ifPresent(all::add);
        return all;
    }

    private static Optional<Timer> timer(Contact contact) {
        if (contact.busy()) {
            var heard = contact.heardAt() == null ? contact.since() : contact.heardAt();
            return Optional.of(new Timer(ASK + contact.offerId(), heard.plus(Timing.SILENCE)));
        }
        return endsByItself(contact)
                ? Optional.of(at(WRAP_UP, contact.afterCall().until()))
                : Optional.empty();
    }

    private static Timer at(String what, Instant due) {
        return new Timer(what + due.toEpochMilli(), due);
    }

    @Override
    public AgentCommand timerFired(String timerId) {
        return new AgentCommand.TimerFired(timerId);
    }

    @Override
    public boolean mayRest(AgentState state) {
        return !state.loggedIn() && state.relations().told().values().stream().allMatch(Told::acknowledged);
    }

    @Override
    public Optional<View> view(AgentState state) {
        return Optional.of(AgentLook.of(state, restUntil(state)));
    }

    @Override
    public AgentState evolve(AgentState state, AgentEvent event) {
        return AgentEvents.apply(state, event);
    }

    @Override
    public List<AgentEvent> compact(AgentState state) {
        return AgentEvents.compact(state);
    }
}
