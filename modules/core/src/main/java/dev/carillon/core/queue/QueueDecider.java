package dev.carillon.core.queue;

import static dev.carillon.core.queue.Limit.Kind.LONGEST_LINE;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.core.Output;
import dev.carillon.core.Timer;
import dev.carillon.core.Timing;
import dev.carillon.core.Turn;
import dev.carillon.core.queue.Line.Asked;
import dev.carillon.core.queue.Line.Stage;
import dev.carillon.core.queue.Member.Fit;
import dev.carillon.core.queue.Member.Standing;
import dev.carillon.core.queue.Member.Work;
import dev.carillon.core.routing.AgentOrder;
import dev.carillon.core.routing.CallOrder;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pcollections.OrderedPMap;
import org.pcollections.PMap;

/**
 * A queue decides:
 *
 * <ol>
 *   <li>Whenever a call may be offered and an agent at the same box may be asked, the first call ({@link CallOrder}) is bid to
 *       the first agent (by the queue's strategy: {@link AgentOrder}), at once. Nothing is polled.
 *   <li>A call is bid to one agent at a time, or to all who are ready if that is the strategy. When an agent is reserved, the call is told;
 *       from its acceptance on, the call decides, and comes back here by {@code Enqueue} if the offer fails. Of several agents the first to be
 *       reserved is followed; the others are rung as well, and if a word about that is lost they ask the call.
 *   <li>Only calls and log-ins are durable. After a crash the calls and the agents are asked how they stand before anything is
 *       offered, so a crash can repeat a question but not an offer. Whoever answers first does not come first by that: an
 *       earlier call that has not answered yet is waited for, for some seconds; so is one whose box was away.
 *   <li>Who has been silent is asked; who does not answer an offer in time is passed over.
 *   <li>A call that waits and is not under offer hears of the queue's limits that it has come to ({@link Limit}). Whether it leaves by
 *       that is its own decision.
 *   <li>While its service level is at risk it borrows agents of queues that are safe and lend to it ({@link Protection}): a call that none of
 *       its own who are ready may have is bid to them.
 * </ol>
 */
public final class QueueDecider implements Decider<QueueCommand, QueueEvent, QueueState> {

    private static final String CHECK = "check";
    private static final String STEP = "step";
    /** Nothing more than to look at the service level, as after every command. */
    private static final String LEVEL = "level";

    /** Limits that calls cannot know of by themselves; the first that holds is said. */
    private static final List<Limit.Kind> SAID =
            List.of(Limit.Kind.NOBODY_LOGGED_IN, Limit.Kind.NOBODY_READY, LONGEST_LINE);

    @Override
    public QueueState empty(String id) {
        return QueueState.empty(id);
    }

    @Override
    public Decision<QueueEvent, QueueState> decide(QueueState state, QueueCommand command, Context context) {
        var turn = new Turn<>(state, context, this::evolve);
        var routing = context.directory().queue(state.id()).routing();
        if (!routing.equals(state.routing()) || command instanceof QueueCommand.ConfigurationChanged) {
            turn.note(s -> s.routedBy(routing, context.now(), agentId -> fit(s, agentId, routing, context)));
        }
        turn.note(s -> s.pace(s.pace().passed(context.now(), s.tally().working(), s.waitingForAnAgent())));
        if (state.patience() == null) {
            turn.note(s -> s.patience(Patience.begun(context.now())));
            // Who is logged in is durable: if nobody is, that is not news.
            turn.note(s -> s.deserted(s.deserted().by(s.tally(), Instant.EPOCH)));
        }
        turn.note(s -> s.judged(context.now()));
        if (command instanceof QueueCommand.Enqueue c) {
            enqueue(turn, c);
        } else if (command instanceof QueueCommand.Suspend c) {
            suspend(turn, c.callId());
        } else if (command instanceof QueueCommand.Leave c) {
            leave(turn, c);
        } else if (command instanceof QueueCommand.Stays c) {
            stays(turn, c);
        } else if (command instanceof QueueCommand.OfferAccepted c) {
            accepted(turn, c);
        } else if (command instanceof QueueCommand.ConnectRefused c) {
            connectRefused(turn, c);
        } else if (command instanceof QueueCommand.AgentStatus c) {
            agentStatus(turn, c);
        } else if (command instanceof QueueCommand.Reserved c) {
            reserved(turn, c);
        } else if (command instanceof QueueCommand.Refused c) {
            refused(turn, c);
        } else if (command instanceof QueueCommand.WhereAmI c) {
            whereAmI(turn, c);
        } else if (command instanceof QueueCommand.MayBorrow c) {
            mayBorrow(turn, c.queueId());
        } else if (command instanceof QueueCommand.Lends c) {
            lends(turn, c);
        } else if (command instanceof QueueCommand.ListWaiting) {
            turn.say(new Output.Answer(new Reply.WaitingCalls(waiting(state))));
        } else if (command instanceof QueueCommand.ConfigurationChanged) {
            turn.state().lines().values().forEach(line -> turn.note(s -> s.put(line.hearingAgain())));
            turn.say(askMembers(turn.state()));
            dispatchEverywhere(turn);
        } else if (command instanceof QueueCommand.TimerFired c) {
            timer(turn, c.timerId());
        } else {
            throw new IllegalArgumentException("No rule for " + command);
        }
        turn.note(s -> s.deserted(s.deserted().by(s.tally(), context.now())));
        protect(turn, state.protection().standing());
        return turn.end();
    }

    // What calls say.

    private void enqueue(Turn<QueueEvent, QueueState> turn, QueueCommand.Enqueue c) {
        var now = turn.context().now();
        var known = turn.state().line(c.callId());
        if (known.isEmpty()) {
            turn.record(QueueEvents.entered(turn, c));
            turn.note(s -> s.put(waiting(turn, s.lines().get(c.callId()), c).heard(now)));
        } else {
            var line = known.get();
            var back =
                    switch (line.stage()) {
                        case UNCONFIRMED, AWAY, HELD, OPEN -> c.round() >= line.round();
                            // Said before the offer under way began, unless it speaks of a later round.
                        case BIDDING, CONNECTING -> c.round() > line.round();
                            // The round of the offer itself: it is over.
                        case OFFERED -> c.round() >= line.round();
                    };
            if (back) {
                forgetBids(turn, line);
                if (c.priority() != line.order().priority()) {
                    turn.record(QueueEvents.ranked(turn, c));
                }
            }
            if (back && line.stage() == Stage.AWAY) {
                bePatient(turn);
            }
            turn.note(s -> {
                var same = s.lines().get(c.callId());
                return s.put((back ? waiting(turn, same, c) : same).heard(now));
            });
        }
        turn.say(new Output.ToCall(
                c.callId(), new CallCommand.Enqueued(turn.state().id(), c.round())));
        dispatch(turn, c.boxId());
        if (known.isEmpty()) {
            limit(turn, LONGEST_LINE)
                    .filter(limit -> turn.state().lines().size() > limit.amount())
                    .flatMap(limit -> turn.state().line(c.callId()))
                    .ifPresent(line -> turn.note(s -> s.put(line.tooMany())));
        }
        turn.state().line(c.callId()).ifPresent(line -> sayLimits(turn, line));
    }

    private void suspend(Turn<QueueEvent, QueueState> turn, String callId) {
        var now = turn.context().now();
        turn.state().line(callId).ifPresent(line -> {
            var stays = line.stage() == Stage.CONNECTING || line.stage() == Stage.OFFERED;
            if (!stays) {
                forgetBids(turn, line);
            }
            turn.note(s -> s.put((stays ? line : line.away()).heard(now)));
            if (!stays && line.stage() != Stage.AWAY) {
                bePatient(turn);
            }
            dispatch(turn, line.boxId());
        });
    }

    /** A box that goes away, or comes back, is heard of from its calls one after the other. */
    private void bePatient(Turn<QueueEvent, QueueState> turn) {
        var now = turn.context().now();
        if (!turn.state().patience().lasts(now)) {
            // Whoever has been waited for in vain is not waited for once more.
            dispatchEverywhere(turn);
        }
        turn.note(s -> s.patience(s.patience().renewed(now)));
    }

    private void leave(Turn<QueueEvent, QueueState> turn, QueueCommand.Leave c) {
        var known = turn.state().line(c.callId());
        if (known.isPresent()) {
            var line = known.get();
            if (c.round() < line.round()) {
                return;
            }
            turn.record(QueueEvents.left(turn, c));
            countLevel(turn, line, c.reason());
            if (c.reason() != LeaveReason.CONNECTED && line.stage() == Stage.OPEN) {
                turn.note(s -> s.pace(s.pace().oneLeft()));
            } else if (c.reason() == LeaveReason.CONNECTED
                    && hadToWait(line)
                    && turn.state().member(c.agentId()).own()) {
                turn.note(s -> s.pace(s.pace().oneTaken()));
            }
            forgetBids(turn, line);
            var unanswered = line.stage() == Stage.CONNECTING && c.reason() != LeaveReason.CONNECTED;
            if (unanswered) {
                turn.say(release(line.attempt().agentId(), line.attempt().offerId()));
            }
            dispatch(turn, line.boxId());
        }
        turn.say(new Output.ToCall(c.callId(), new CallCommand.Left(turn.state().id())));
    }

    private static void countLevel(Turn<QueueEvent, QueueState> turn, Line line, LeaveReason reason) {
        var now = turn.context().now();
        turn.state().routing().serviceLevel().ifPresent(target -> {
            boolean inTime = !now.isAfter(line.waitingSince().plus(target.within()));
            if (!inTime || reason == LeaveReason.CONNECTED) {
                turn.note(s -> s.protection(s.protection().counting(inTime, now)));
            }
        });
    }

    /** For an agent, rather than for the agent's answer. */
    private static boolean hadToWait(Line line) {
        return line.attempt() != null
                && lapsed(line.waitingSince(), Timing.REPEAT, line.attempt().since());
    }

    private void accepted(Turn<QueueEvent, QueueState> turn, QueueCommand.OfferAccepted c) {
        var now = turn.context().now();
        turn.state().line(c.callId()).ifPresent(line -> {
            var newer = c.round() > line.round() || line.stage() == Stage.UNCONFIRMED;
            if (newer && !line.asked().containsKey(c.offerId())) {
                forgetBids(turn, line);
                if (line.stage() == Stage.CONNECTING) {
                    // The call has gone another way before it heard of them.
                    turn.say(release(line.attempt().agentId(), line.attempt().offerId()));
                }
            }
            turn.note(s -> s.put((newer ? line.heard(now).offered(c.offerId(), c.round()) : line).heard(now)));
            dispatch(turn, line.boxId());
        });
    }

    private void connectRefused(Turn<QueueEvent, QueueState> turn, QueueCommand.ConnectRefused c) {
        turn.state().line(c.callId()).ifPresent(line -> {
            if (line.is(Stage.CONNECTING, c.offerId())) {
                turn.say(release(line.attempt().agentId(), c.offerId()));
                forgetBids(turn, line);
                turn.note(s -> s.put(line.unconfirmed()));
                turn.say(ask(turn.state(), c.callId()));
            }
        });
    }

    // What agents say.

    private void agentStatus(Turn<QueueEvent, QueueState> turn, QueueCommand.AgentStatus c) {
        if (c.version() >= turn.state().member(c.agentId()).version()) {
            newStatus(turn, c);
        }
        if (turn.state().member(c.agentId()).standing() != Standing.ASKED) {
            turn.say(new Output.ToAgent(
                    c.agentId(), new AgentCommand.StatusNoted(turn.state().id(), c.version())));
        }
    }

    private void newStatus(Turn<QueueEvent, QueueState> turn, QueueCommand.AgentStatus c) {
        var before = turn.state().member(c.agentId());
        var present = c.presence() != Presence.ABSENT;
        var fit = fit(turn.state(), c.agentId(), turn.state().routing(), turn.context());
        if (present && (!before.joined() || before.guest() == fit.own())) {
            turn.record(QueueEvents.joined(turn, c.agentId(), !fit.own()));
        } else if (!present && before.joined()) {
            turn.record(QueueEvents.memberLeft(turn, c.agentId()));
        }
        var member = turn.state().member(c.agentId()).fit(fit);
        switch (c.presence()) {
            case ABSENT -> notAtWork(turn, member.standing(Standing.ABSENT, c.version()));
            case NOT_READY -> notAtWork(turn, member.standing(Standing.NOT_READY, c.version()));
            case RESTING -> notAtWork(turn, member.standing(Standing.RESTING, c.version()));
            case OCCUPIED -> turn.note(s -> s.put(member.occupied(work(turn, member, c), c.version())));
            case READY -> {
                // Of an agent who was asked at this very version, the answer is still to come.
                var asked = before.standing() == Standing.ASKED && before.version() == c.version();
                if (!asked) {
                    if (before.standing() == Standing.ASKED) {
                        takeBack(turn, c.agentId());
                    }
                    turn.note(s -> s.put(member.ready(c.version(), c.idleSince(), c.boxId(), c.today())));
                    dispatch(turn, c.boxId());
                }
            }
        }
    }

    private static Work work(Turn<QueueEvent, QueueState> turn, Member member, QueueCommand.AgentStatus c) {
        var here = turn.state().id().equals(c.worksFor());
        if (!member.own()) {
            return here ? Work.BORROWED : Work.ORDINARY;
        }
        var theirs = here || c.worksFor() == null || turn.context().directory().serves(c.agentId(), c.worksFor());
        return theirs ? Work.ORDINARY : Work.LENT;
    }

    /** Calls that were for them alone may go to others, and reserves may be needed. */
    private void notAtWork(Turn<QueueEvent, QueueState> turn, Member member) {
        turn.note(s -> s.put(member));
        dispatchEverywhere(turn);
    }

    private static Fit fit(QueueState state, String agentId, Routing routing, Context context) {
        var directory = context.directory();
        boolean known = directory.agents().containsKey(agentId);
        return new Fit(
                routing.steps().metBy(directory.skillsOf(agentId)),
                directory.serves(agentId, state.id()) || !known,
                directory.isReserve(agentId, state.id()),
                directory.rank(agentId, state.id()),
                directory.lenders(agentId, state.id()),
                known);
    }

    private void reserved(Turn<QueueEvent, QueueState> turn, QueueCommand.Reserved c) {
        occupied(turn, c.agentId(), c.version());
        var line = turn.state().line(c.callId()).orElse(null);
        if (line != null && line.awaits(c.offerId())) {
            turn.note(s -> s.put(line.reserved(c.offerId(), c.seat())));
            turn.say(new Output.ToCall(
                    c.callId(),
                    new CallCommand.Connect(
                            turn.state().id(),
                            c.offerId(),
                            line.askedRound(),
                            c.agentId(),
                            c.seat(),
                            line.ringsSeveral())));
        } else if (line == null || !line.isFor(c.offerId())) {
            turn.say(release(c.agentId(), c.offerId()));
        }
    }

    private void refused(Turn<QueueEvent, QueueState> turn, QueueCommand.Refused c) {
        occupied(turn, c.agentId(), c.version());
        // Should they have become ready again meanwhile, or have logged out, they say so.
        turn.say(tellStatus(turn.state(), c.agentId()));
        turn.state().line(c.callId()).ifPresent(line -> {
            if (line.awaits(c.offerId())) {
                notTaken(turn, line, c.offerId());
                dispatch(turn, line.boxId());
            }
        });
    }

    private static void notTaken(Turn<QueueEvent, QueueState> turn, Line line, String offerId) {
        var others = line.refused(offerId);
        var nobody = line.stage() == Stage.BIDDING && others.asked().isEmpty();
        turn.note(s -> s.put(nobody ? open(turn, line, line.round()) : others));
    }

    /**
     * Who says anew that they are ready may be bid to again, and keeps the later of two bids of this queue: the call of the earlier would wait for an
     * answer that does not come.
     */
    private static void takeBack(Turn<QueueEvent, QueueState> turn, String agentId) {
        for (var line : turn.state().lines().values()) {
            if (line.stage() == Stage.BIDDING) {
                line.asked().entrySet().stream()
                        .filter(one -> one.getValue().agentId().equals(agentId))
                        .findAny()
                        .ifPresent(one -> notTaken(turn, line, one.getKey()));
            }
        }
    }

    private static void occupied(Turn<QueueEvent, QueueState> turn, String agentId, long version) {
        var member = turn.state().member(agentId);
        if (version >= member.version() && member.standing() != Standing.ABSENT) {
            turn.note(s -> s.put(member.standing(Standing.OCCUPIED, version)));
        }
    }

    // Rule 1.

    /** As the call says. */
    private static Line waiting(Turn<QueueEvent, QueueState> turn, Line line, QueueCommand.Enqueue c) {
        var known = line.first(c.first(), turn.context().now());
        return c.held() ? known.held(c.round()) : open(turn, known, c.round());
    }

    private static Line open(Turn<QueueEvent, QueueState> turn, Line line, int round) {
        return line.open(round).at(step(turn, line));
    }

    private static int step(Turn<QueueEvent, QueueState> turn, Line line) {
        return turn.state()
                .routing()
                .steps()
                .at(line.waitingSince(), turn.context().now());
    }

    /** More agents may have a call that has waited long enough. */
    private void nextSteps(Turn<QueueEvent, QueueState> turn) {
        var now = turn.context().now();
        for (var steps = turn.state().steps();
                !steps.isEmpty() && !steps.first().at().isAfter(now);
                steps = turn.state().steps()) {
            var line = turn.state().lines().get(steps.first().callId());
            turn.note(s ->
                    s.put(line.at(step(turn, line)).first(line.caller().first().orElse(null), now)));
            dispatch(turn, line.boxId());
        }
    }

    private void dispatchEverywhere(Turn<QueueEvent, QueueState> turn) {
        turn.state().pools().keySet().forEach(box -> dispatch(turn, box));
    }

    private void dispatch(Turn<QueueEvent, QueueState> turn, String boxId) {
        for (var best = match(turn, boxId); best.isPresent(); best = match(turn, boxId)) {
            var call = best.get().call();
            if (mayOvertake(turn, boxId, best.get())) {
                return;
            }
            bid(turn, call, AgentOrder.of(turn.state().routing().strategy()), best.get());
        }
    }

    /** Whether one of these agents may have a call that comes before and has not been heard of again. */
    private static boolean mayOvertake(Turn<QueueEvent, QueueState> turn, String boxId, Pool.Match match) {
        var state = turn.state();
        if (!state.patience().lasts(turn.context().now())) {
            return false;
        }
        var unheard = state.pool(boxId).unheardBefore(match.call());
        if (unheard.isEmpty()) {
            return false;
        }
        var agents = new HashSet<String>();
        long steps = 0;
        for (var agent : match.agents()) {
            agents.add(agent.agentId());
            steps |= state.member(agent.agentId()).fit().steps();
        }
        long met = steps;
        return unheard.stream()
                .map(order -> state.lines().get(order.callId()))
                .map(line -> state.place(line.at(step(turn, line))))
                .anyMatch(place ->
                        place.onlyFor().map(agents::contains).orElseGet(() -> (met & 1L << place.step()) != 0));
    }

    private static void bid(Turn<QueueEvent, QueueState> turn, CallOrder call, AgentOrder order, Pool.Match match) {
        var now = turn.context().now();
        var line = turn.state().lines().get(call.callId());
        var first = turn.context().newId();
        PMap<String, Asked> asked = OrderedPMap.empty();
        for (var chosen : order.choose(match.agents(), first)) {
            var offerId = asked.isEmpty() ? first : turn.context().newId();
            var agent = turn.state().member(chosen.agentId());
            turn.note(s -> s.put(agent.asked(now)));
            turn.say(new Output.ToAgent(
                    agent.agentId(),
                    new AgentCommand.Bid(
                            turn.state().id(),
                            offerId,
                            line.callId(),
                            call.countsSince().minus(turn.state().routing().weight()),
                            call.waitingSince(),
                            agent.version())));
            asked = asked.plus(offerId, new Asked(agent.agentId(), false));
        }
        var bids = asked;
        turn.note(s -> s.put(line.bidding(bids, now)));
    }

    private static Optional<Pool.Match> match(Turn<QueueEvent, QueueState> turn, String boxId) {
        var state = turn.state();
        boolean borrows = state.protection().standing() == Protection.Standing.AT_RISK;
        return state.pool(boxId).best(new Pool.Who(state.callsForReserves(), borrows));
    }

    // Rule 6.

    /** @param before how it stood before the command */
    private void protect(Turn<QueueEvent, QueueState> turn, Protection.Standing before) {
        var now = turn.context().now();
        turn.note(s -> s.judged(now));
        var protection = turn.state().protection();
        if (protection.standing() == Protection.Standing.AT_RISK) {
            if (before != Protection.Standing.AT_RISK) {
                dispatchEverywhere(turn);
            }
            askLenders(turn);
        }
        if (protection.standing() != Protection.Standing.SAFE) {
            protection.borrowers(now).forEach(borrower -> turn.say(lends(turn.state(), borrower, now, now)));
            turn.note(s -> s.protection(s.protection().lendingToNobody()));
        }
    }

    private static void askLenders(Turn<QueueEvent, QueueState> turn) {
        var now = turn.context().now();
        for (var next = turn.state().askable(now);
                next.isPresent();
                next = turn.state().askable(now)) {
            var lender = next.get();
            turn.note(s -> s.asking(lender, now.plus(Timing.REPEAT)));
            turn.say(new Output.ToQueue(
                    lender, new QueueCommand.MayBorrow(turn.state().id())));
        }
    }

    private static void mayBorrow(Turn<QueueEvent, QueueState> turn, String borrower) {
        var now = turn.context().now();
        var state = turn.state();
        if (state.protection().standing() == Protection.Standing.SAFE
                && turn.context().directory().lendTo(state.id()).contains(borrower)) {
            var until = now.plus(Protection.LEASE);
            turn.note(s -> s.protection(s.protection().lending(borrower, until)));
            turn.say(lends(state, borrower, now, until));
        } else {
            turn.say(lends(state, borrower, now, now));
        }
    }

    private void lends(Turn<QueueEvent, QueueState> turn, QueueCommand.Lends c) {
        var now = turn.context().now();
        var before = turn.state().protection().lenders();
        turn.note(s -> s.answered(c.queueId(), new Protection.Lease(c.at(), c.until()), now));
        // Mostly it is said again, which changes nothing.
        if (!turn.state().protection().lenders().equals(before)) {
            dispatchEverywhere(turn);
        }
    }

    private static Output lends(QueueState state, String borrower, Instant at, Instant until) {
        return new Output.ToQueue(borrower, new QueueCommand.Lends(state.id(), at, until));
    }

    // Rule 5.

    private static Optional<Limit> limit(Turn<QueueEvent, QueueState> turn, Limit.Kind kind) {
        return turn.context().directory().queue(turn.state().id()).waiting().limit(kind);
    }

    private static void sayLimits(Turn<QueueEvent, QueueState> turn, Line line) {
        if (line.stage() != Stage.OPEN) {
            return;
        }
        for (var kind : SAID) {
            if (!line.isDeafTo(kind)
                    && limit(turn, kind).filter(limit -> holds(turn, limit)).isPresent()) {
                turn.say(new Output.ToCall(
                        line.callId(),
                        new CallCommand.LimitReached(turn.state().id(), line.round(), LeftBy.valueOf(kind.name()))));
                return;
            }
        }
    }

    private static boolean holds(Turn<QueueEvent, QueueState> turn, Limit limit) {
        var deserted = turn.state().deserted();
        return switch (limit.kind()) {
            case LONGEST_WAIT -> false;
            case LONGEST_LINE -> turn.state().lines().size() > limit.amount();
            case NOBODY_LOGGED_IN -> hasHeld(turn, deserted.loggedIn(), limit);
            case NOBODY_READY -> hasHeld(turn, deserted.working(), limit);
        };
    }

    private static boolean hasHeld(Turn<QueueEvent, QueueState> turn, Instant since, Limit limit) {
        return since != null
                && lapsed(
                        since,
                        Duration.ofSeconds(limit.amount()),
                        turn.context().now());
    }

    private static void stays(Turn<QueueEvent, QueueState> turn, QueueCommand.Stays c) {
        for (var kind : SAID) {
            if (kind.name().equals(c.limit().name())) {
                turn.state().line(c.callId()).ifPresent(line -> turn.note(s -> s.put(line.deafTo(kind))));
            }
        }
    }

    // Rule 4.

    private void timer(Turn<QueueEvent, QueueState> turn, String timerId) {
        if (timerId.equals(STEP)) {
            nextSteps(turn);
            return;
        }
        if (!timerId.equals(CHECK)) {
            return;
        }
        var now = turn.context().now();
        turn.note(s -> s.checked(now));
        for (var line : turn.state().lines().values()) {
            if (line.stage() == Stage.BIDDING && lapsed(line.attempt().since(), Timing.BID_LEASE, now)) {
                forgetBids(turn, line);
                turn.note(s -> s.put(open(turn, line, line.round())));
            } else if (!line.awaited().isEmpty() && lapsed(line.attempt().since(), Timing.BID_LEASE, now)) {
                forgetBids(turn, line);
                turn.note(s -> s.put(line.awaitingNobody()));
            } else if (line.heardAt() == null || lapsed(line.heardAt(), Timing.SILENCE, now)) {
                turn.note(s -> s.put(line.heard(now)));
                turn.say(ask(turn.state(), line.callId()));
            }
        }
        turn.say(askMembers(turn.state()));
        dispatchEverywhere(turn);
        if (!turn.context()
                .directory()
                .queue(turn.state().id())
                .waiting()
                .limits()
                .isEmpty()) {
            turn.state().lines().values().forEach(line -> sayLimits(turn, line));
        }
    }

    /** A bid may have been lost, and the call will not wait for its answer: the agent is asked how they stand, or would be lost too. */
    private static void forgetBids(Turn<QueueEvent, QueueState> turn, Line line) {
        for (var agentId : line.awaited()) {
            var agent = turn.state().member(agentId);
            if (agent.standing() == Standing.ASKED) {
                turn.note(s -> s.put(agent.standing(Standing.UNKNOWN, agent.version())));
                turn.say(tellStatus(turn.state(), agentId));
            }
        }
    }

    private static boolean lapsed(Instant since, Duration after, Instant now) {
        return !now.isBefore(since.plus(after));
    }

    private static Output ask(QueueState state, String callId) {
        return new Output.ToCall(callId, new CallCommand.AreYouWaiting(state.id()));
    }

    /** Looked for only when there is somebody: there may be many members. */
    private static List<Output> askMembers(QueueState state) {
        return state.tally().toAsk() == 0
                ? List.of()
                : state.members().values().stream()
                        .filter(Member::mustBeAsked)
                        .map(member -> tellStatus(state, member.agentId()))
                        .toList();
    }

    private static Output tellStatus(QueueState state, String agentId) {
        return new Output.ToAgent(agentId, new AgentCommand.TellStatus(state.id()));
    }

    private static Output release(String agentId, String offerId) {
        return new Output.ToAgent(agentId, new AgentCommand.ReleaseReservation(offerId));
    }

    private static Output connect(QueueState state, Line line) {
        var attempt = line.attempt();
        return new Output.ToCall(
                line.callId(),
                new CallCommand.Connect(
                        state.id(),
                        attempt.offerId(),
                        line.askedRound(),
                        attempt.agentId(),
                        attempt.seat(),
                        line.ringsSeveral()));
    }

    private static void whereAmI(Turn<QueueEvent, QueueState> turn, QueueCommand.WhereAmI c) {
        var state = turn.state();
        state.line(c.callId())
                .filter(line -> line.stage() == Stage.OPEN && line.round() == c.round())
                .ifPresent(line -> {
                    int position = state.position(line);
                    turn.say(new Output.ToCall(
                            c.callId(),
                            new CallCommand.Place(state.id(), c.round(), position, waitSeconds(state, position))));
                });
    }

    private static int waitSeconds(QueueState state, int position) {
        return state.estimatedWait(position)
                .map(wait -> (int) Math.max(1, Math.min(Integer.MAX_VALUE, wait.toSeconds())))
                .orElse(0);
    }

    private static List<Reply.WaitingCall> waiting(QueueState state) {
        var lines = new ArrayList<>(state.lines().values());
        lines.sort(Comparator.comparing(Line::order));
        var calls = new ArrayList<Reply.WaitingCall>(lines.size());
        int place = 0;
        for (var line : lines) {
            boolean offered = line.underOffer();
            place += offered ? 0 : 1;
            calls.add(new Reply.WaitingCall(
                    calls.size() + 1,
                    line.callId(),
                    line.order().priority(),
                    line.waitingSince(),
                    line.order().countsSince(),
                    offered ? line.attempt().agentId() : null,
                    offered ? 0 : place,
                    offered ? 0 : waitSeconds(state, place)));
        }
        return calls;
    }

    // Recovery, timers, snapshots, looks.

    @Override
    public List<Output> resume(QueueState state, Context context) {
        var owed = new ArrayList<Output>();
        for (var line : state.lines().values()) {
            if (line.stage() == Stage.UNCONFIRMED) {
                owed.add(ask(state, line.callId()));
            } else if (line.stage() == Stage.CONNECTING) {
                owed.add(connect(state, line));
            }
        }
        owed.addAll(askMembers(state));
        return owed;
    }

    @Override
    public List<Timer> timers(QueueState state) {
        var timers = new ArrayList<Timer>(3);
        levelChangesAt(state).ifPresent(at -> timers.add(new Timer(LEVEL, at)));
        if (state.lines().isEmpty()) {
            return timers;
        }
        timers.add(new Timer(CHECK, checkDue(state)));
        if (!state.steps().isEmpty()) {
            timers.add(new Timer(STEP, state.steps().first().at()));
        }
        return timers;
    }

    /** Every second, and when nobody is waited for any more. */
    private static Instant checkDue(QueueState state) {
        if (state.checkedAt() == null) {
            return Instant.EPOCH;
        }
        var due = state.checkedAt().plus(Timing.REPEAT);
        var over = state.patience() == null ? due : state.patience().until();
        return over.isAfter(state.checkedAt()) && over.isBefore(due) ? over : due;
    }

    /** By itself: what is shown stays true without calls that come or go. */
    private static Optional<Instant> levelChangesAt(QueueState state) {
        var protection = state.protection();
        return Stream.concat(protection.recent().forgetsAt().stream(), protection.safeAt().stream())
                .min(Comparator.naturalOrder());
    }

    @Override
    public QueueCommand timerFired(String timerId) {
        return new QueueCommand.TimerFired(timerId);
    }

    @Override
    public boolean mayRest(QueueState state) {
        return state.lines().isEmpty() && state.tally().joined() + state.tally().guests() == 0;
    }

    @Override
    public Optional<View> view(QueueState state) {
        var tally = state.tally();
        return Optional.of(new View.OfQueue(
                state.id(),
                state.lines().size(),
                tally.underOffer(),
                state.longestWaitSince().orElse(null),
                tally.joined(),
                tally.ready(),
                tally.borrowed(),
                tally.lent(),
                level(state)));
    }

    /** Null without a target. */
    private static View.Level level(QueueState state) {
        var level = state.protection().level();
        return level == null
                ? null
                : new View.Level(
                        level.inTime(),
                        level.all(),
                        state.protection().standing().name());
    }

    @Override
    public QueueState evolve(QueueState state, QueueEvent event) {
        return QueueEvents.apply(state, event);
    }

    @Override
    public List<QueueEvent> compact(QueueState state) {
        return QueueEvents.compact(state);
    }
}
