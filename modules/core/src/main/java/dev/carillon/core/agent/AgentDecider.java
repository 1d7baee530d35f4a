package dev.carillon.core.agent;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.core.Output;
import dev.carillon.core.Timer;
import dev.carillon.core.Timing;
import dev.carillon.core.Turn;
import dev.carillon.core.agent.AgentState.Next;
import dev.carillon.core.agent.AgentState.Phase;
import dev.carillon.core.agent.AgentState.Round;
import dev.carillon.core.agent.AgentState.SeatWord;
import dev.carillon.core.agent.AgentState.Told;
import dev.carillon.core.routing.BidOrder;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStage;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

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
        } else if (command instanceof AgentCommand.EndWrapUp) {
            endWrapUp(turn);
        } else if (command instanceof AgentCommand.ExtendWrapUp c) {
            extendWrapUp(turn, c.extensions());
        } else if (command instanceof AgentCommand.GiveWrapUpCode c) {
            giveWrapUpCode(turn, c.code());
        } else if (command instanceof AgentCommand.Bid c) {
            bid(turn, c);
        } else if (command instanceof AgentCommand.StatusNoted c) {
            statusNoted(turn, c);
        } else if (command instanceof AgentCommand.TellStatus c) {
            turn.say(status(turn.state(), c.queueId(), context));
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
        var state = turn.state();
        var seat = wish.seat();
        if (state.loggedIn() && seat.seatId().equals(state.status().seat().seatId())) {
            turn.done();
        } else if (state.busy()) {
            turn.reject("AGENT_BUSY", "The agent has a call; change the seat when it is over.");
        } else if (mustWrapUp(state)) {
            rejectEnd(turn);
        } else if (wish.claimedUntil() != null && turn.context().now().isAfter(wish.claimedUntil())) {
            turn.reject("SEAT_CLAIM_LAPSED", "The log-in took too long, and the seat is no longer kept. Log in again.");
        } else {
            leaveSeat(turn);
            turn.record(AgentEvents.loggedIn(turn, seat));
            turn.say(howIsSeat(turn.state()));
            announce(turn);
            turn.done();
        }
    }

    private void logOut(Turn<AgentEvent, AgentState> turn) {
        if (turn.state().busy()) {
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
        var here =
                state.loggedIn() && wish.seatId().equals(state.status().seat().seatId());
        if (here && state.busy()) {
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
        switch (state.phase()) {
            case LOGGED_OUT -> turn.reject("AGENT_LOGGED_OUT", "Log in at a seat first.");
            case RESERVED, TALKING -> {
                if (!wish.equals(state.status().next())) {
                    turn.record(AgentEvents.nextChosen(turn, wish));
                }
                turn.done();
            }
            case WRAP_UP, NOT_READY, READY -> {
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
                if (!mustWrapUp(state)) {
                    become(turn, wish);
                } else if (!wish.equals(state.status().next())) {
                    turn.record(AgentEvents.nextChosen(turn, wish));
                }
                turn.done();
            }
        }
    }

    private static void cancelNext(Turn<AgentEvent, AgentState> turn) {
        if (turn.state().next().isPresent()) {
            turn.record(AgentEvents.nextCancelled(turn));
        }
        turn.done();
    }

    private void endWrapUp(Turn<AgentEvent, AgentState> turn) {
        if (mustWrapUp(turn.state())) {
            rejectEnd(turn);
            return;
        }
        if (turn.state().phase() == Phase.WRAP_UP) {
            afterWork(turn);
        }
        turn.done();
    }

    /** In a wrap-up that is not the agent's to end. */
    private static boolean mustWrapUp(AgentState state) {
        return state.phase() == Phase.WRAP_UP && !state.status().afterCall().mayEnd();
    }

    private static void rejectEnd(Turn<AgentEvent, AgentState> turn) {
        var after = turn.state().status().afterCall();
        if (after.mode() == WrapUp.Mode.MANDATORY) {
            turn.reject("WRAP_UP_CODE_MISSING", "The wrap-up ends when the agent has given a code for the call.");
        } else {
            turn.reject("WRAP_UP_FIXED", "The wrap-up lasts its time; it ends at " + after.until() + ".");
        }
    }

    private static void rejectWithoutWrapUp(Turn<AgentEvent, AgentState> turn) {
        turn.reject("NO_WRAP_UP", "The agent is not in wrap-up, or it is over already.");
    }

    private static void extendWrapUp(Turn<AgentEvent, AgentState> turn, int extensions) {
        var status = turn.state().status();
        var after = status.afterCall();
        if (after == null) {
            rejectWithoutWrapUp(turn);
            return;
        }
        if (after.mode() != WrapUp.Mode.EXTENDABLE) {
            turn.reject("WRAP_UP_NOT_EXTENDABLE", "The wrap-up of this queue cannot be extended.");
            return;
        }
        if (extensions <= after.extensions()) {
            turn.done();
            return;
        }
        var rule = wrapUpRule(turn);
        var wanted = after.until().plusSeconds((long) rule.extendSeconds() * (extensions - after.extensions()));
        var most = status.since().plusSeconds(rule.mostSeconds());
        var until = wanted.isAfter(most) ? most : wanted;
        if (until.isAfter(after.until())) {
            turn.record(AgentEvents.wrapUpExtended(turn, until, extensions));
            turn.done();
        } else {
            turn.reject(
                    "WRAP_UP_LONGEST",
                    "The wrap-up lasts as long as it may: " + rule.mostSeconds() + " seconds in all.");
        }
    }

    /** Of the queue whose call it was, as it is now. */
    private static WrapUp wrapUpRule(Turn<AgentEvent, AgentState> turn) {
        var queueId = turn.state().status().work().queueId();
        return turn.context().directory().queue(queueId).handling().wrapUp();
    }

    private void giveWrapUpCode(Turn<AgentEvent, AgentState> turn, String code) {
        var status = turn.state().status();
        var after = status.afterCall();
        if (after == null) {
            rejectWithoutWrapUp(turn);
            return;
        }
        var rule = wrapUpRule(turn);
        var trouble = rule.trouble(code);
        if (trouble.isPresent()) {
            turn.reject("WRAP_UP_CODE_NOT_ON_LIST", trouble.get());
            return;
        }
        if (!code.equals(after.code())) {
            turn.record(AgentEvents.wrapUpCoded(turn, code));
        }
        if (after.mode() == WrapUp.Mode.MANDATORY) {
            afterWork(turn);
        }
        turn.done();
    }

    private void become(Turn<AgentEvent, AgentState> turn, Next wish) {
        var state = turn.state();
        if (wish.ready() && isDesktopLost(turn)) {
            loseDesktop(turn);
        } else if (wish.ready() && !state.seatWord().reachable()) {
            loseSeat(turn);
        } else if (wish.ready()) {
            if (state.phase() != Phase.READY) {
                turn.record(AgentEvents.becameReady(turn, turn.context().now()));
                collect(turn);
            }
        } else if (state.phase() != Phase.NOT_READY
                || !wish.reason().equals(state.status().reason())) {
            refuseHeldBid(turn);
            notReady(turn, wish.reason(), null);
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
        turn.done();
    }

    private static void seeDesktop(Turn<AgentEvent, AgentState> turn) {
        var now = turn.context().now();
        turn.note(s -> s.with(s.contact().seen(now)));
    }

    private boolean isDesktopLost(Turn<AgentEvent, AgentState> turn) {
        var seenAt = turn.state().contact().seenAt();
        return desktops.isOn()
                && turn.state().watched()
                && seenAt != null
                && !turn.context().now().isBefore(desktops.lostAt(seenAt));
    }

    private void loseDesktop(Turn<AgentEvent, AgentState> turn) {
        refuseHeldBid(turn);
        turn.record(AgentEvents.desktopLost(turn, turn.state().contact().seenAt()));
        announce(turn);
    }

    private void desktopSilent(Turn<AgentEvent, AgentState> turn) {
        var state = turn.state();
        if (state.contact().seenAt() == null) {
            seeDesktop(turn);
        } else if (state.phase() == Phase.WRAP_UP || isLost(state)) {
            logOutBy(turn, AgentEvents.loggedOutByLoss(turn, state.contact().seenAt()));
            announce(turn);
        } else {
            loseDesktop(turn);
        }
    }

    private static boolean isLost(AgentState state) {
        return isNotReadyFor(state, NotReadyReasons.DESKTOP_LOST);
    }

    private static boolean isNotReadyFor(AgentState state, String reason) {
        return state.phase() == Phase.NOT_READY && state.status().reason().equals(reason);
    }

    /** When a silent desktop is next of consequence; empty when it is of none. */
    private Optional<Timer> desktopTimer(AgentState state) {
        if (!desktops.isOn() || !state.watched()) {
            return Optional.empty();
        }
        var seenAt = state.contact().seenAt();
        if (seenAt == null) {
            // Since a crash nobody knows: it is given its time from now on, also during a call.
            return Optional.of(new Timer(DESKTOP, state.status().since()));
        }
        if (state.busy()) {
            return Optional.empty();
        }
        if (state.phase() != Phase.WRAP_UP && !isLost(state)) {
            return Optional.of(new Timer(DESKTOP, desktops.lostAt(seenAt)));
        }
        if (desktops.logOutAfter().isZero()) {
            return Optional.empty();
        }
        var logOutAt = desktops.logOutAt(seenAt);
        // A wrap-up lasts its time first, however long the desktop has been silent.
        var until = state.phase() == Phase.WRAP_UP ? state.status().afterCall().until() : logOutAt;
        return Optional.of(new Timer(DESKTOP, logOutAt.isAfter(until) ? logOutAt : until));
    }

    // Rule 9: the phone.

    private void seatReachability(Turn<AgentEvent, AgentState> turn, AgentCommand.SeatReachability said) {
        var state = turn.state();
        turn.say(new Output.ToSeat(said.seatId(), new SeatCommand.HolderInformed(state.id(), said.number())));
        if (!state.loggedIn() || !said.seatId().equals(state.status().seat().seatId())) {
            return;
        }
        turn.note(s -> s.with(s.contact().heardOfSeat()));
        if (said.number() <= state.seatWord().number()) {
            return;
        }
        turn.record(AgentEvents.seatSaid(turn, new SeatWord(said.reachable(), said.number())));
        if (!said.reachable() && state.phase() == Phase.READY) {
            loseSeat(turn);
        } else if (said.reachable() && isNotReadyFor(state, NotReadyReasons.SEAT_UNREACHABLE)) {
            become(turn, READY);
        }
    }

    private void loseSeat(Turn<AgentEvent, AgentState> turn) {
        become(turn, new Next(false, NotReadyReasons.SEAT_UNREACHABLE));
    }

    private static Output howIsSeat(AgentState state) {
        return new Output.ToSeat(state.status().seat().seatId(), new SeatCommand.TellReachability(state.id()));
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
            turn.note(s -> s.with(s.contact().collecting(null)));
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
        return state.phase() != Phase.READY
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
        if (state.phase() == Phase.READY
                && state.contact().dayEnds() == null
                && state.day().isOf(directory.date(now))) {
            turn.note(s -> s.with(s.contact().dayEnds(directory.dayAfter(now))));
        }
    }

    private void midnight(Turn<AgentEvent, AgentState> turn) {
        turn.record(AgentEvents.dayEnded(turn));
        turn.note(s -> s.with(s.contact().dayEnds(null)));
        announce(turn);
    }

    // Rules 1 and 2: bids.

    private void collect(Turn<AgentEvent, AgentState> turn) {
        var context = turn.context();
        var queues = context.directory().queuesAround(turn.state().id());
        if (!queues.isEmpty() && !rests(turn.state())) {
            var round = Round.over(queues, context.now().plus(Timing.BID_COLLECTION));
            turn.note(s -> s.with(s.contact().collecting(round)));
        }
        announce(turn);
    }

    private void bid(Turn<AgentEvent, AgentState> turn, AgentCommand.Bid bid) {
        acknowledged(turn, bid.queueId(), bid.statusVersion());
        var state = turn.state();
        var round = state.contact().round();
        if (state.holds(bid.offerId())) {
            turn.say(reserved(state));
        } else if (state.phase() != Phase.READY || rests(state)) {
            turn.say(refused(state, bid));
        } else if (round == null) {
            take(turn, bid);
        } else {
            hold(turn, round, bid);
            answered(turn, bid.queueId());
        }
    }

    private void hold(Turn<AgentEvent, AgentState> turn, Round round, AgentCommand.Bid bid) {
        var held = round.best();
        if (held != null && held.offerId().equals(bid.offerId())) {
            return;
        }
        var directory = turn.context().directory();
        var best = held == null
                ? bid
                : BidOrder.better(
                        held, bid, queueId -> directory.serves(turn.state().id(), queueId));
        if (held != null) {
            turn.say(refused(turn.state(), best.equals(bid) ? held : bid));
        }
        turn.note(s -> s.with(s.contact().collecting(round.with(best))));
    }

    private void statusNoted(Turn<AgentEvent, AgentState> turn, AgentCommand.StatusNoted noted) {
        acknowledged(turn, noted.queueId(), noted.statusVersion());
        if (noted.statusVersion() >= turn.state().version()) {
            answered(turn, noted.queueId());
        }
    }

    private void answered(Turn<AgentEvent, AgentState> turn, String queueId) {
        var round = turn.state().contact().round();
        if (round == null) {
            return;
        }
        var rest = round.without(queueId);
        turn.note(s -> s.with(s.contact().collecting(rest)));
        if (rest.open().isEmpty()) {
            endCollection(turn);
        }
    }

    private void endCollection(Turn<AgentEvent, AgentState> turn) {
        var best = turn.state().contact().round().best();
        turn.note(s -> s.with(s.contact().collecting(null)));
        if (best != null) {
            take(turn, best);
        }
    }

    private void take(Turn<AgentEvent, AgentState> turn, AgentCommand.Bid bid) {
        turn.record(AgentEvents.reserved(turn, bid));
        turn.say(reserved(turn.state()));
        announce(turn);
    }

    /** The agent stops being ready: the queue whose bid was held back must not wait for an answer. */
    private void refuseHeldBid(Turn<AgentEvent, AgentState> turn) {
        var round = turn.state().contact().round();
        if (round != null && round.best() != null) {
            turn.say(refused(turn.state(), round.best()));
        }
    }

    // Rules 3 to 5: what the call says.

    /**
     * The queue may have heard of this reservation too late, when the call already rings or talks: rule 3, the call is asked. Freed
     * by the queue's word alone, an agent who talks would be given a second caller.
     */
    private static void released(Turn<AgentEvent, AgentState> turn, String offerId) {
        var state = turn.state();
        if (state.holds(offerId) && state.phase() == Phase.RESERVED && !state.ringing()) {
            turn.say(areWeTogether(state));
        }
    }

    private void ringing(Turn<AgentEvent, AgentState> turn, AgentCommand.OfferRinging said) {
        if (turn.state().holds(said.offerId())) {
            heard(turn, true);
            turn.say(noted(said.callId(), said.offerId(), OfferStage.RINGING));
        } else {
            sayVoid(turn, said.callId(), said.offerId());
        }
    }

    /**
     * A reservation may have lapsed, and the phone was answered all the same: the conversation is a fact, so it is adopted, and whatever
     * was going to ring gives way to it. Only who talks already, or is not there, cannot have it.
     */
    private void talking(Turn<AgentEvent, AgentState> turn, AgentCommand.OfferTalking said) {
        var state = turn.state();
        if (!state.holds(said.offerId())) {
            if (state.contact().over().contains(said.offerId())
                    || !state.loggedIn()
                    || state.phase() == Phase.TALKING) {
                sayVoid(turn, said.callId(), said.offerId());
                return;
            }
            if (state.phase() == Phase.RESERVED) {
                giveUpReservation(turn);
            }
            wish(state)
                    .filter(wish -> !turn.state().next().equals(Optional.of(wish)))
                    .ifPresent(wish -> turn.record(AgentEvents.nextChosen(turn, wish)));
        }
        if (turn.state().phase() != Phase.TALKING) {
            refuseHeldBid(turn);
            turn.record(AgentEvents.talkStarted(turn, said.offerId(), said.callId(), said.queueId()));
            announce(turn);
        }
        heard(turn, true);
        turn.say(noted(said.callId(), said.offerId(), OfferStage.TALKING));
    }

    /** What the agent has chosen to be, now or next; empty when nothing, or when Carillon made them not ready. */
    private static Optional<Next> wish(AgentState state) {
        if (state.phase() != Phase.NOT_READY) {
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

    private static void giveUpReservation(Turn<AgentEvent, AgentState> turn) {
        var work = turn.state().status().work();
        sayVoid(turn, work.callId(), work.offerId());
        turn.record(AgentEvents.offerEnded(turn, work.offerId(), OfferOutcome.WITHDRAWN));
    }

    private void over(Turn<AgentEvent, AgentState> turn, AgentCommand.OfferOver said) {
        turn.say(noted(said.callId(), said.offerId(), OfferStage.OVER));
        // Without a queue it is one that the call has not heard of, or not yet.
        if (!said.queueId().isEmpty()) {
            turn.note(s -> s.with(s.contact().over(said.offerId())));
        }
        if (!turn.state().holds(said.offerId())) {
            return;
        }
        if (turn.state().phase() == Phase.TALKING) {
            talkEnded(turn);
        } else if (said.outcome() == OfferOutcome.COMPLETED) {
            // The word that they talk was lost: the conversation is part of their day all the same.
            turn.record(AgentEvents.talkStarted(turn, said.offerId(), said.callId(), said.queueId()));
            talkEnded(turn);
        } else {
            offerFailed(turn, said.outcome());
        }
    }

    private void offerFailed(Turn<AgentEvent, AgentState> turn, OfferOutcome outcome) {
        var next = turn.state().next();
        var work = turn.state().status().work();
        turn.record(AgentEvents.offerEnded(turn, work.offerId(), outcome));
        var ownFault = notReadyReason(outcome);
        if (ownFault.isPresent()) {
            var away =
                    turn.context().directory().queue(work.queueId()).handling().returnAfterMissedSeconds();
            // Whoever has chosen a reason of their own for afterwards does not mean to come back by themselves.
            var stays = away == 0 || next.filter(choice -> !choice.ready()).isPresent();
            notReady(turn, ownFault.get(), stays ? null : turn.context().now().plusSeconds(away));
        } else if (next.isPresent() && !next.get().ready()) {
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

    private void talkEnded(Turn<AgentEvent, AgentState> turn) {
        var context = turn.context();
        var work = turn.state().status().work();
        var wrapUp = context.directory().queue(work.queueId()).handling().wrapUp();
        if (wrapUp.isNone()) {
            afterWork(turn);
        } else {
            turn.record(AgentEvents.wrapUpStarted(
                    turn, work, wrapUp.mode(), context.now().plusSeconds(wrapUp.seconds())));
        }
    }

    private void afterWork(Turn<AgentEvent, AgentState> turn) {
        become(turn, turn.state().next().orElse(READY));
    }

    private void configurationChanged(Turn<AgentEvent, AgentState> turn) {
        var state = turn.state();
        if (!turn.context().directory().agents().containsKey(state.id()) && !state.busy()) {
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
            afterWork(turn);
        } else if (timerId.startsWith(RETURN)) {
            become(turn, READY);
        } else if (timerId.startsWith(MIDNIGHT)) {
            midnight(turn);
        } else if (timerId.equals(DESKTOP)) {
            desktopSilent(turn);
        } else if (lapsed(state, turn.context())) {
            offerFailed(turn, OfferOutcome.WITHDRAWN);
        } else {
            heard(turn, state.contact().confirmed());
            turn.say(areWeTogether(state));
        }
    }

    /** Only once the call was asked: who has just come back to life has not heard that their phone rings, and it may. */
    private static boolean lapsed(AgentState state, Context context) {
        return state.phase() == Phase.RESERVED
                && !state.ringing()
                && state.contact().heardAt() != null
                && !context.now().isBefore(state.status().since().plus(Timing.RESERVATION_LEASE));
    }

    private static void heard(Turn<AgentEvent, AgentState> turn, boolean confirmed) {
        var now = turn.context().now();
        turn.note(s -> s.with(s.contact().heard(confirmed, now)));
    }

    // What queues know of the agent.

    /** Tells every queue concerned how the agent stands, unless it was told just that already. */
    private void announce(Turn<AgentEvent, AgentState> turn) {
        var queues = new LinkedHashSet<>(
                turn.context().directory().queuesAround(turn.state().id()));
        turn.state().contact().told().forEach((queue, told) -> {
            if (told.presence() != Presence.ABSENT) {
                queues.add(queue);
            }
        });
        for (var queue : queues) {
            var presence = presence(turn.state(), queue, turn.context());
            var told = turn.state().contact().told().get(queue);
            if (told == null || told.presence() != presence || presence == Presence.READY) {
                var version = turn.state().version();
                turn.note(s -> s.with(s.contact().tell(queue, new Told(presence, version, false))));
                turn.say(status(turn.state(), queue, turn.context()));
            }
        }
    }

    private void acknowledged(Turn<AgentEvent, AgentState> turn, String queueId, long version) {
        var state = turn.state();
        var known = state.contact().told().get(queueId);
        var told = known != null ? known : new Told(presence(state, queueId, turn.context()), state.version(), false);
        if (!told.acknowledged() && version >= told.version()) {
            turn.note(s -> s.with(s.contact().tell(queueId, new Told(told.presence(), told.version(), true))));
        }
    }

    private Presence presence(AgentState state, String queueId, Context context) {
        if (!context.directory().queuesAround(state.id()).contains(queueId)) {
            return Presence.ABSENT;
        }
        return switch (state.phase()) {
            case LOGGED_OUT -> Presence.ABSENT;
            case NOT_READY -> Presence.NOT_READY;
            case READY -> rests(state) ? Presence.RESTING : Presence.READY;
            case RESERVED, TALKING, WRAP_UP -> Presence.OCCUPIED;
        };
    }

    private Output status(AgentState state, String queueId, Context context) {
        var presence = presence(state, queueId, context);
        var ready = presence == Presence.READY;
        return new Output.ToQueue(
                queueId,
                new QueueCommand.AgentStatus(
                        state.id(),
                        state.version(),
                        presence,
                        ready ? state.status().idleSince() : null,
                        ready ? state.status().seat().boxId() : null,
                        ready ? state.day().asOf(context.directory().date(context.now())) : QueueCommand.Today.NONE));
    }

    private static Output reserved(AgentState state) {
        var work = state.status().work();
        return new Output.ToQueue(
                work.queueId(),
                new QueueCommand.Reserved(
                        work.offerId(),
                        work.callId(),
                        state.id(),
                        state.status().seat(),
                        state.version()));
    }

    private static Output refused(AgentState state, AgentCommand.Bid bid) {
        return new Output.ToQueue(
                bid.queueId(), new QueueCommand.Refused(bid.offerId(), bid.callId(), state.id(), state.version()));
    }

    private static Output areWeTogether(AgentState state) {
        var work = state.status().work();
        return new Output.ToCall(work.callId(), new CallCommand.AreWeTogether(work.offerId(), state.id()));
    }

    private static Output noted(String callId, String offerId, OfferStage stage) {
        return new Output.ToCall(callId, new CallCommand.OfferNoted(offerId, stage));
    }

    /** Once said it stays so, whatever is still heard of that offer. */
    private static void sayVoid(Turn<AgentEvent, AgentState> turn, String callId, String offerId) {
        turn.note(s -> s.with(s.contact().over(offerId)));
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
        if (state.phase() == Phase.RESERVED && !state.ringing()) {
            owed.add(reserved(state));
        }
        if (state.loggedIn()
                && state.seatWord().number() == 0
                && !state.contact().seatAnswered()) {
            owed.add(howIsSeat(state));
        }
        var queues = new LinkedHashSet<>(context.directory().queuesAround(state.id()));
        queues.addAll(state.contact().told().keySet());
        for (var queue : queues) {
            var told = state.contact().told().get(queue);
            if (told == null || !told.acknowledged()) {
                owed.add(status(state, queue, context));
            }
        }
        return owed;
    }

    @Override
    public List<Timer> timers(AgentState state) {
        var all = new ArrayList<>(timersOfPhase(state));
        desktopTimer(state).ifPresent(all::add);
        return all;
    }

    private List<Timer> timersOfPhase(AgentState state) {
        var status = state.status();
        var contact = state.contact();
        return switch (state.phase()) {
            case READY -> {
                var due = new ArrayList<Timer>(3);
                if (contact.round() != null) {
                    due.add(new Timer(COLLECT, contact.round().until()));
                }
                restUntil(state).ifPresent(until -> due.add(at(REST, until)));
                if (contact.dayEnds() != null) {
                    due.add(at(MIDNIGHT, contact.dayEnds()));
                }
                yield due;
            }
            case RESERVED, TALKING -> {
                var heard = contact.heardAt() == null ? status.since() : contact.heardAt();
                yield List.of(new Timer(ASK + status.work().offerId(), heard.plus(Timing.SILENCE)));
            }
            case WRAP_UP -> status.afterCall().mode() == WrapUp.Mode.MANDATORY
                    ? List.of()
                    : List.of(at(WRAP_UP, status.afterCall().until()));
            case NOT_READY -> status.returnAt() == null ? List.of() : List.of(at(RETURN, status.returnAt()));
            case LOGGED_OUT -> List.of();
        };
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
        return !state.loggedIn() && state.contact().told().values().stream().allMatch(Told::acknowledged);
    }

    @Override
    public Optional<View> view(AgentState state) {
        var status = state.status();
        var work = status.work();
        var after = status.afterCall();
        return Optional.of(new View.OfAgent(
                state.id(),
                state.ringing()
                        ? View.AgentPhase.RINGING
                        : View.AgentPhase.valueOf(state.phase().name()),
                status.since(),
                status.seat() == null ? null : status.seat().seatId(),
                state.phase() == Phase.NOT_READY ? status.reason() : null,
                work == null ? null : work.callId(),
                work == null ? null : work.queueId(),
                after == null ? null : after.until(),
                state.next().map(n -> n.ready() ? "ready" : n.reason()).orElse(null),
                status.returnAt(),
                after == null
                        ? null
                        : new View.WrapUp(
                                after.mode().name(),
                                after.extensions(),
                                after.code().isEmpty() ? null : after.code()),
                restUntil(state).orElse(null)));
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
