package dev.carillon.core.call;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.OwnQueue;
import dev.carillon.core.Target;
import dev.carillon.core.Timer;
import dev.carillon.core.Timing;
import dev.carillon.core.Turn;
import dev.carillon.core.call.CallState.Phase;
import dev.carillon.core.call.Contact.AgentSide;
import dev.carillon.core.call.Contact.BoxSide;
import dev.carillon.core.call.Contact.CallerSide;
import dev.carillon.core.call.Contact.Cancel;
import dev.carillon.core.call.Contact.Playing;
import dev.carillon.core.call.Contact.QueueSide;
import dev.carillon.core.call.Contact.Telling;
import dev.carillon.core.call.Offers.Offer;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Limit;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStage;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A call decides:
 *
 * <ol>
 *   <li>What becomes of a caller who arrives, the inbound rules say. Who is to enter a queue is answered, greeted, hears music, and
 *       waits in it; who is to hear an announcement is answered for that alone; everybody else hears, unanswered, that it is busy, that they
 *       are declined or that there is no such number.
 *   <li>One offer at a time, or those of a queue that rings all together. A queue's {@code Connect} is accepted only in the round it
 *       was made for; every other is refused.
 *   <li>An offer is over when its leg is: only when all are over may the next begin, so never do two phones ring for one caller of which
 *       the queue has meant one. If the box is silent beyond the ring time, the leg is ended; if it is silent still, it is taken as ended.
 *   <li>The first answer of an offered agent starts the conversation, and the phones of the others stop, which is no missed call; the first
 *       of its legs to end ends the call.
 *   <li>Whatever fails before that puts the caller back where they were: same queue, same time of arrival, same priority.
 *   <li>A box out of reach ends nothing, however long: the caller keeps their place but is not offered, until the box says what it
 *       still has. Only a box that was restarted, or was deleted, ends its calls. A box for which nobody answers is out of reach.
 *   <li>A call leaves its queue by the queue's limits, while no phone rings for it: for another queue, in which it waits with the same
 *       time of arrival and the same priority, or to hear a last announcement. The queues it has left are told so until they have
 *       understood; the round has grown, so nothing that they still say fits. Each limit of a queue does so once: a call that comes
 *       back stays. Who is sent to one agent waits in the queue of that agent alone, and comes back from there, or goes on to where inbound rules
 *       say, however often: nobody stays with an agent who does not take them.
 *   <li>A limit, a key or an inbound rule may have the caller put through to a number outside. That is an offer like any other, of which no
 *       agent hears, and no other is made meanwhile: the queue is told that the call rings. Until somebody answers there, the
 *       caller keeps their place; whatever fails puts them back, and the limit has had its turn. Who was sent there on arrival then enters the
 *       queue that the rule says, or hears busy. Where the box has no trunk, it is as if it had failed.
 *   <li>A caller who presses the key of their queue leaves it, as often as they like, but not again for an agent who was logged out. A phone
 *       that rings for them is told to stop first, and nobody has missed a call by that. What was pressed before they entered the queue, or while a
 *       number outside rings, is no word about it.
 *   <li>From time to time a caller who hears music is told where they stand, if their queue wants that and says it at once. Nothing waits for an announcement: a
 *       phone that is answered cuts it off.
 *   <li>If the queue that a call enters has a decision hook, the hook is asked, once. The call has its place from the beginning, but is
 *       given to nobody until the hook has answered or the queue's deadline is over, whatever else may happen: what is lost, late or of no
 *       use means the queue's own rule. A queue's hook sends a call to another queue at most once, like a limit.
 * </ol>
 */
public final class CallDecider implements Decider<CallCommand, CallEvent, CallState> {

    private static final String BEAT = "beat";
    private static final String RING = "ring:";
    private static final String GIVE_UP = "give-up";
    private static final String LONGEST_WAIT = "longest-wait";
    private static final String ANNOUNCE = "announce";
    private static final String DECISION = "decision";
    // Q.850: unallocated number, normal clearing, user busy, call rejected.
    private static final int UNALLOCATED = 1;
    private static final int NORMAL_CLEARING = 16;
    private static final int USER_BUSY = 17;
    private static final int CALL_REJECTED = 21;

    @Override
    public CallState empty(String id) {
        return CallState.empty(id);
    }

    @Override
    public Decision<CallEvent, CallState> decide(CallState state, CallCommand command, Context context) {
        var turn = new Turn<>(state, context, this::evolve);
        if (command instanceof CallCommand.FromBox c) {
            fromBox(turn, c.event());
        } else if (command instanceof CallCommand.Enqueued c) {
            if (state.live() && state.isOf(c.queueId()) && c.round() == state.round()) {
                queue(turn, side -> side.enqueued(true));
            }
        } else if (command instanceof CallCommand.Left c) {
            left(turn, c.queueId());
        } else if (command instanceof CallCommand.AreYouWaiting c) {
            areYouWaiting(turn, c.queueId());
        } else if (command instanceof CallCommand.LimitReached c) {
            limitReached(turn, c);
        } else if (command instanceof CallCommand.Place c) {
            place(turn, c);
        } else if (command instanceof CallCommand.Decided c) {
            decided(turn, c);
        } else if (command instanceof CallCommand.NotDecided c) {
            if (turn.state().isHeld() && turn.state().way().advice().answers(c.askId())) {
                notDecided(turn, c.reason());
            }
        } else if (command instanceof CallCommand.Connect c) {
            connect(turn, c);
        } else if (command instanceof CallCommand.OfferNoted c) {
            noted(turn, c);
        } else if (command instanceof CallCommand.AreWeTogether c) {
            turn.say(Says.standing(state, c.offerId(), c.agentId()));
        } else if (command instanceof CallCommand.OfferVoid c) {
            offerVoid(turn, c);
        } else if (command instanceof CallCommand.TimerFired c) {
            timer(turn, c.timerId());
        } else {
            throw new IllegalArgumentException("No rule for " + command);
        }
        lookUpSettings(turn);
        if (turn.state().phase() == Phase.ENDED
                && mayRest(turn.state())
                && (!mayRest(state) || command instanceof CallCommand.FromBox)) {
            turn.say(Says.toBox(
                    turn.state(),
                    new BoxCommand.Release(state.id(), turn.state().bridgeId())));
        }
        return turn.end();
    }

    // What the box says.

    private void fromBox(Turn<CallEvent, CallState> turn, BoxEvent event) {
        var state = turn.state();
        if (event instanceof BoxEvent.LegOffered e) {
            offered(turn, e);
        } else if (state.phase() == Phase.NEW) {
            // Nothing is known of this call, and what the box has of it is offered again.
            return;
        } else if (event instanceof BoxEvent.LegRinging e) {
            legRinging(turn, e.legId());
        } else if (event instanceof BoxEvent.LegAnswered e) {
            legAnswered(turn, e.legId());
        } else if (event instanceof BoxEvent.LegEnded e) {
            legEnded(turn, e.legId(), e.cause(), e.q850());
        } else if (event instanceof BoxEvent.MusicStarted) {
            // What is being told has ended the music; said before that, it is out of date.
            if (state.contact().telling().playing() == null) {
                var caller = state.contact().caller();
                caller(turn, new CallerSide(caller.up(), caller.greeted(), true));
            }
        } else if (event instanceof BoxEvent.AnnouncementEnded e) {
            announcementEnded(turn, e.playbackId());
        } else if (event instanceof BoxEvent.KeyPressed e) {
            keyPressed(turn, e);
        } else if (event instanceof BoxEvent.Bridged e) {
            if (state.phase() == Phase.TALKING && e.bridgeId().equals(state.bridgeId())) {
                bridged(turn, true);
            }
        } else if (event instanceof BoxEvent.BoxAway e) {
            var now = turn.context().now();
            box(turn, box -> box.configured(e.configured(), now));
            boxAway(turn);
        } else if (event instanceof BoxEvent.BoxBack e) {
            boxBack(turn, e);
        }
    }

    /** Rule 1. */
    private void offered(Turn<CallEvent, CallState> turn, BoxEvent.LegOffered leg) {
        switch (turn.state().phase()) {
            case NEW -> {
                arrive(turn, leg);
                turn.say(resume(turn.state(), turn.context()));
            }
                // The box had taken the caller back into its own hands meanwhile.
            case WAITING, RINGING, LEAVING -> {
                caller(turn, new CallerSide(false, true, false));
                reached(turn);
                turn.say(resume(turn.state(), turn.context()));
            }
            case TALKING -> {
                bridged(turn, false);
                reached(turn);
                turn.say(resume(turn.state(), turn.context()));
            }
            case ENDED -> turn.say(Says.hangUp(turn.state(), leg.legId(), EndCause.NORMAL));
        }
    }

    private void arrive(Turn<CallEvent, CallState> turn, BoxEvent.LegOffered leg) {
        var context = turn.context();
        var verdict = context.directory().inbound(leg.callerNumber(), leg.dialledNumber(), leg.arrivedAt());
        turn.record(CallEvents.arrived(turn, leg, verdict));
        box(turn, box -> box.reached().beaten(context.now()));
        if (verdict.treatment() instanceof Treatment.ToQueue queue) {
            enter(turn, queue);
        } else if (verdict.treatment() instanceof Treatment.ToAgent agent) {
            turn.record(CallEvents.queued(turn, agent, leg.arrivedAt()));
            greet(turn);
        } else if (verdict.treatment() instanceof Treatment.ToNumber number && isReached(turn, number.number())) {
            turn.record(CallEvents.dialled(turn, number));
        } else if (verdict.treatment() instanceof Treatment.ToNumber number) {
            enterOrHearBusy(turn, number.then());
        } else if (verdict.treatment() instanceof Treatment.HearsAnnouncement announcement) {
            turn.record(CallEvents.announced(turn, announcement));
        } else {
            turn.record(CallEvents.ended(turn, CallOutcome.REJECTED, EndedBy.SYSTEM, q850(verdict.treatment())));
        }
    }

    /** The first queue. */
    private static void enter(Turn<CallEvent, CallState> turn, Treatment.ToQueue queue) {
        var since = Instant.ofEpochMilli(turn.state().arrived().getArrivedMs());
        turn.record(CallEvents.queued(turn, queue, since));
        greet(turn);
        askHook(turn);
    }

    /** Nobody is reached at the number to which a rule has sent them; the queue may have been deleted since. */
    private static void enterOrHearBusy(Turn<CallEvent, CallState> turn, Treatment.ToQueue then) {
        queueOrDialled(turn, then.queueId())
                .ifPresentOrElse(
                        queueId -> enter(turn, new Treatment.ToQueue(queueId, then.priority(), then.greeting())),
                        () -> turn.record(CallEvents.ended(turn, CallOutcome.REJECTED, EndedBy.SYSTEM, USER_BUSY)));
    }

    private static boolean isReached(Turn<CallEvent, CallState> turn, String number) {
        return turn.context().directory().outside(turn.state().boxId(), number).isPresent();
    }

    private static void greet(Turn<CallEvent, CallState> turn) {
        var up = turn.state().contact().caller().up();
        var nothing = Says.greeting(turn.state(), turn.context()).isEmpty();
        caller(turn, new CallerSide(up, nothing, false));
    }

    private static int q850(Treatment treatment) {
        if (treatment instanceof Treatment.HearsBusy) {
            return USER_BUSY;
        }
        return treatment instanceof Treatment.TurnedAway ? CALL_REJECTED : UNALLOCATED;
    }

    private static void legRinging(Turn<CallEvent, CallState> turn, String legId) {
        var state = turn.state();
        state.offers()
                .ofLeg(legId)
                .ifPresentOrElse(
                        offer -> {
                            if (state.agent(offer).leg() != Leg.State.UP) {
                                agent(turn, offer, state.agent(offer).leg(Leg.State.RINGING));
                            }
                        },
                        // It was taken for gone because of a word of the box that had been under way for long.
                        () -> turn.say(Says.hangUp(state, legId, EndCause.CANCELLED)));
    }

    private void legAnswered(Turn<CallEvent, CallState> turn, String legId) {
        var state = turn.state();
        if (!state.live()) {
            turn.say(Says.hangUp(state, legId, EndCause.NORMAL));
            return;
        }
        if (legId.equals(state.callerLeg())) {
            var caller = state.contact().caller();
            caller(turn, new CallerSide(true, caller.greeted(), caller.music()));
            return;
        }
        var offer = state.offers().ofLeg(legId).filter(o -> state.cancel(o) == null);
        if (offer.isEmpty()) {
            turn.say(Says.hangUp(state, legId, EndCause.CANCELLED));
        } else if (state.phase() == Phase.RINGING) {
            talk(turn, offer.get());
        }
    }

    /** Rule 4. */
    private void talk(Turn<CallEvent, CallState> turn, Offer answered) {
        turn.record(
                CallEvents.talkStarted(turn, answered, "br-" + turn.context().newId()));
        var state = turn.state();
        turn.say(Says.bridge(state));
        state.offers().open().forEach(other -> turn.say(Says.hangUp(state, other.legId(), EndCause.CANCELLED)));
        if (!state.offers().talk().isOutside()) {
            turn.say(Says.standing(state, state.offers().talk()));
        }
        if (state.queued() != null) {
            turn.say(Says.leave(state));
        }
    }

    private void announcementEnded(Turn<CallEvent, CallState> turn, String playbackId) {
        var state = turn.state();
        if (state.inQueue() && playbackId.equals(Says.greetingId(state))) {
            caller(turn, new CallerSide(state.contact().caller().up(), true, false));
            turn.say(Says.music(turn.state(), turn.context()));
        } else if (state.inQueue() && isTold(state, playbackId)) {
            telling(turn, Telling::silent);
            musicAgain(turn);
        } else if (state.inQueue()
                && state.contact().caller().greeted()
                && state.contact().telling().playing() == null) {
            // Of a former queue, and late: it has ended the music.
            musicAgain(turn);
        } else if (state.phase() == Phase.LEAVING && playbackId.equals(Says.farewellId(state))) {
            end(turn, outcome(state, CallOutcome.OVERFLOWED), EndedBy.SYSTEM, NORMAL_CLEARING);
        }
    }

    private static void musicAgain(Turn<CallEvent, CallState> turn) {
        var caller = turn.state().contact().caller();
        caller(turn, new CallerSide(caller.up(), caller.greeted(), false));
        turn.say(Says.music(turn.state(), turn.context()));
    }

    private void legEnded(Turn<CallEvent, CallState> turn, String legId, EndCause cause, int q850) {
        turn.note(s -> s.with(s.contact().gone(legId)));
        var state = turn.state();
        if (!state.live()) {
            return;
        }
        if (cause == EndCause.BOX_LOST && isPart(state, legId)) {
            boxLost(turn);
        } else if (legId.equals(state.callerLeg())) {
            end(turn, outcome(state, CallOutcome.ABANDONED), EndedBy.CALLER, q850);
        } else {
            state.offers()
                    .ofLeg(legId)
                    .ifPresent(offer -> agentLegEnded(turn, offer, outcome(state, offer, cause), q850));
        }
    }

    /** Rules 3 to 5. */
    private void agentLegEnded(Turn<CallEvent, CallState> turn, Offer offer, OfferOutcome outcome, int q850) {
        var state = turn.state();
        if (offer.equals(state.offers().talk())) {
            var by = offer.isOutside() ? EndedBy.OUTSIDE : EndedBy.AGENT;
            end(turn, outcome(state, CallOutcome.ANSWERED), by, q850);
        } else {
            offerFailed(turn, offer, outcome);
        }
    }

    /** @param waiting of a call that ends while it waits */
    private static CallOutcome outcome(CallState state, CallOutcome waiting) {
        return switch (state.phase()) {
            case TALKING -> state.offers().talk().isOutside() ? CallOutcome.OVERFLOWED : CallOutcome.ANSWERED;
            case LEAVING -> state.queued() == null ? CallOutcome.REJECTED : CallOutcome.OVERFLOWED;
            case NEW, WAITING, RINGING, ENDED -> waiting;
        };
    }

    private static OfferOutcome outcome(CallState state, Offer offer, EndCause cause) {
        var cancel = state.cancel(offer);
        if (cancel != null) {
            return cancel.as();
        }
        return switch (cause) {
            case BUSY -> OfferOutcome.BUSY;
            case REJECTED -> OfferOutcome.REFUSED;
            case NO_ANSWER -> OfferOutcome.UNANSWERED;
            case BOX_LOST -> OfferOutcome.BOX_LOST;
                // Nobody can say whose doing it was: the agent's word stays good.
            case UNKNOWN -> OfferOutcome.WITHDRAWN;
            case NORMAL, UNREACHABLE, CANCELLED, UNALLOCATED, CONGESTION -> OfferOutcome.UNREACHABLE;
        };
    }

    private void offerFailed(Turn<CallEvent, CallState> turn, Offer offer, OfferOutcome outcome) {
        var wish = turn.state().way().wish();
        turn.record(CallEvents.offerEnded(turn, offer, outcome));
        if (turn.state().offers().underWay()) {
            // Others go on, and nothing else has changed.
            turn.say(Says.standing(turn.state(), offer));
            return;
        }
        if (turn.state().queued() == null) {
            var tried = offer.started();
            enterOrHearBusy(
                    turn,
                    new Treatment.ToQueue(tried.getThenQueueId(), tried.getThenPriority(), tried.getThenGreeting()));
            turn.say(resume(turn.state(), turn.context()));
            return;
        }
        wayOut(turn, key -> wish == LeftBy.KEY)
                .ifPresentOrElse(
                        target -> go(turn, target, LeftBy.KEY), () -> turn.say(resume(turn.state(), turn.context())));
    }

    private static boolean isPart(CallState state, String legId) {
        return legId.equals(state.callerLeg()) || state.isCurrentLeg(legId);
    }

    private void end(Turn<CallEvent, CallState> turn, CallOutcome outcome, EndedBy by, int q850) {
        turn.record(CallEvents.ended(turn, outcome, by, q850));
        turn.say(resume(turn.state(), turn.context()));
    }

    // Rule 6.

    private void boxAway(Turn<CallEvent, CallState> turn) {
        var state = turn.state();
        if (!state.live() || state.contact().box().away()) {
            return;
        }
        var now = turn.context().now();
        box(turn, box -> box.away(now));
        if (state.phase() == Phase.WAITING) {
            turn.say(Says.suspend(state));
        }
    }

    private static void reached(Turn<CallEvent, CallState> turn) {
        turn.note(s -> {
            var contact = s.contact();
            var returned = contact.box().away();
            var queue = returned ? contact.queue().enqueued(false) : contact.queue();
            return s.with(contact.with(contact.box().reached()).with(queue));
        });
    }

    private void boxBack(Turn<CallEvent, CallState> turn, BoxEvent.BoxBack box) {
        if (!box.incarnation().equals(turn.state().arrived().getIncarnation())) {
            boxLost(turn);
            return;
        }
        reached(turn);
        var state = turn.state();
        var present = new ArrayList<String>();
        box.legs().forEach(leg -> present.add(leg.legId()));
        for (var legId : present) {
            if (!state.live() || !isPart(state, legId)) {
                turn.say(Says.hangUp(state, legId, EndCause.NORMAL));
            }
        }
        Says.unwanted(state).stream()
                .filter(leg -> !present.contains(leg))
                .forEach(leg -> turn.note(s -> s.with(s.contact().gone(leg))));
        if (state.live() && !present.contains(state.callerLeg())) {
            legEnded(turn, state.callerLeg(), EndCause.UNKNOWN, 0);
        } else if (state.live()) {
            compare(turn, box);
        }
    }

    /** The caller is still there: what of the rest? */
    private void compare(Turn<CallEvent, CallState> turn, BoxEvent.BoxBack box) {
        var state = turn.state();
        for (var leg : box.legs()) {
            if (leg.state() == Leg.State.UP) {
                legAnswered(turn, leg.legId());
            } else {
                turn.state()
                        .offers()
                        .ofLeg(leg.legId())
                        .ifPresent(offer ->
                                agent(turn, offer, turn.state().agent(offer).leg(leg.state())));
            }
        }
        for (var offer : state.offers().current().toList()) {
            var here = box.legs().stream().anyMatch(leg -> leg.legId().equals(offer.legId()));
            if (!here && turn.state().isCurrent(offer.id()) && hasRung(turn, offer)) {
                turn.note(s -> s.with(s.contact().gone(offer.legId())));
                // It ended while nobody listened. Unless it had been told to, nobody can say whose doing it was: the
                // agent's word stays good.
                var cancel = turn.state().cancel(offer);
                agentLegEnded(
                        turn,
                        turn.state().offers().current(offer.id()).orElseThrow(),
                        cancel != null ? cancel.as() : OfferOutcome.WITHDRAWN,
                        0);
            }
        }
        if (turn.state().phase() == Phase.TALKING) {
            bridged(
                    turn,
                    box.bridged().contains(state.callerLeg())
                            && box.bridged()
                                    .contains(turn.state().offers().talk().legId()));
        } else if (turn.state().inQueue()) {
            // While nobody listened, something late may have been played, and have ended the music.
            var caller = turn.state().contact().caller();
            caller(turn, new CallerSide(caller.up(), caller.greeted(), false));
        }
        turn.say(resume(turn.state(), turn.context()));
    }

    /** Whether the agent's phone is known to have rung, or must have: after a crash nobody knows, and it is not to ring twice as long. */
    private static boolean hasRung(Turn<CallEvent, CallState> turn, Offer offer) {
        return turn.state().agent(offer).leg() != null || !turn.context().now().isBefore(offer.ringEnds());
    }

    private void boxLost(Turn<CallEvent, CallState> turn) {
        turn.note(s -> {
            var contact = s.contact().gone(s.callerLeg());
            for (var offer : s.offers().current().toList()) {
                contact = contact.gone(offer.legId());
            }
            return s.with(contact);
        });
        Says.unwanted(turn.state())
                .forEach(leg -> turn.note(s -> s.with(s.contact().gone(leg))));
        var state = turn.state();
        if (state.live()) {
            end(turn, outcome(state, CallOutcome.LOST), EndedBy.BOX, 0);
        }
    }

    // What the queue says.

    private void areYouWaiting(Turn<CallEvent, CallState> turn, String queueId) {
        var state = turn.state();
        var here = state.isOf(queueId);
        if (!here || !state.live()) {
            var reason =
                    state.phase() == Phase.ENDED && here ? Says.leaveReason(state) : strangersReason(state, queueId);
            turn.say(Says.leave(state, queueId, reason));
            return;
        }
        turn.say(
                switch (state.phase()) {
                    case RINGING -> Says.accepted(
                            state, queueId, state.offers().open().get(0).id());
                    case TALKING, LEAVING -> Says.leave(state);
                    default -> state.contact().box().away() ? Says.suspend(state) : Says.enqueue(state);
                });
    }

    private static LeaveReason strangersReason(CallState state, String queueId) {
        return state.way().former().contains(queueId) ? LeaveReason.MOVED : LeaveReason.LOST;
    }

    private static void left(Turn<CallEvent, CallState> turn, String queueId) {
        var state = turn.state();
        if (state.way().former().contains(queueId)) {
            queue(turn, side -> side.formerLeft(queueId));
        } else if (state.phase() != Phase.NEW && !state.inQueue()) {
            // Of a call that is back, it confirms what does not hold any more.
            queue(turn, side -> side.left(true));
        }
    }

    /** Rule 2. */
    private void connect(Turn<CallEvent, CallState> turn, CallCommand.Connect c) {
        var state = turn.state();
        if (state.isCurrent(c.offerId())) {
            turn.say(Says.accepted(state, c.queueId(), c.offerId()));
            return;
        }
        var inTurn = state.phase() == Phase.WAITING && state.round() == c.round();
        var acceptable = (inTurn || joins(state, c))
                && state.queued().getQueueId().equals(c.queueId())
                && !state.contact().box().away()
                && !state.isHeld()
                && c.seat().boxId().equals(state.boxId());
        if (!acceptable) {
            turn.say(new Output.ToQueue(c.queueId(), new QueueCommand.ConnectRefused(state.id(), c.offerId())));
            if (c.together()) {
                // Of those who are asked together, the queue follows one only.
                turn.say(Says.standing(state, c.offerId(), c.agentId()));
            }
            return;
        }
        turn.record(CallEvents.offerStarted(turn, c, "leg-" + turn.context().newId()));
        var offer = turn.state().offers().current(c.offerId()).orElseThrow();
        turn.say(Says.ringSeat(turn.state(), offer.started()));
        turn.say(Says.standing(turn.state(), offer));
        turn.say(Says.accepted(turn.state(), c.queueId(), c.offerId()));
    }

    /** One more of those who are rung together, in the turn that has begun already. */
    private static boolean joins(CallState state, CallCommand.Connect c) {
        return c.together()
                && state.isInviting()
                && !state.offers().isRingingOutside()
                && state.round() == c.round() + 1
                // Whose ringing is over does not ring again because the queue has not heard of it yet.
                && state.offers().past(c.offerId()).isEmpty()
                && state.offers().current().noneMatch(offer -> offer.agentId().equals(c.agentId()));
    }

    // Rule 7.

    /** Timers must know of them, and calls are not told of a change: they look whenever they do anything. */
    private static void lookUpSettings(Turn<CallEvent, CallState> turn) {
        var state = turn.state();
        if (state.inQueue()) {
            var waiting = turn.context()
                    .directory()
                    .queue(state.queued().getQueueId())
                    .waiting();
            if (!waiting.limits().equals(state.contact().queue().limits())) {
                queue(turn, side -> side.limits(waiting.limits()));
            }
            if (!waiting.announce().equals(state.contact().telling().settings())) {
                var now = turn.context().now();
                telling(
                        turn,
                        telling ->
                                telling.settings(waiting.announce(), state.way().enteredAt(), now));
            }
        }
    }

    private void limitReached(Turn<CallEvent, CallState> turn, CallCommand.LimitReached c) {
        var state = turn.state();
        if (state.phase() != Phase.WAITING
                || !state.queued().getQueueId().equals(c.queueId())
                || state.round() != c.round()
                || state.contact().box().away()) {
            return;
        }
        Arrays.stream(Limit.Kind.values())
                .filter(kind -> kind.name().equals(c.limit().name()))
                .forEach(kind -> reached(turn, kind));
        if (turn.state().round() == c.round() && turn.state().phase() == Phase.WAITING) {
            turn.say(Says.toQueue(state, new QueueCommand.Stays(state.id(), c.limit())));
        }
    }

    private void reached(Turn<CallEvent, CallState> turn, Limit.Kind kind) {
        var state = turn.state();
        var queueId = state.queued().getQueueId();
        var by = LeftBy.valueOf(kind.name());
        var directory = turn.context().directory();
        directory
                .queue(queueId)
                .waiting()
                .limit(kind)
                .filter(limit -> mayMove(state, limit, by) && canGo(state, limit.target(), directory))
                .ifPresentOrElse(limit -> go(turn, limit.target(), by), () -> queue(turn, side -> side.stays(kind)));
    }

    private static boolean mayMove(CallState state, Limit limit, LeftBy by) {
        var queueId = state.queued().getQueueId();
        // Who comes back from where a queue has sent them stands where they did, and is not one more in its line.
        return limit.target() instanceof Target.Onward
                || (!state.way().hasLeftBy(queueId, by)
                        && !state.offers().hasGoneOutside(queueId, by)
                        && !(by == LeftBy.LONGEST_LINE && state.way().isBack()));
    }

    private static boolean canGo(CallState state, Target target, Directory directory) {
        if (target instanceof Target.ToAgent agent) {
            return directory.agents().containsKey(agent.agentId());
        }
        if (target instanceof Target.ToNumber number) {
            return directory.outside(state.boxId(), number.number()).isPresent();
        }
        return !(target instanceof Target.OtherQueue other)
                || (directory.queues().containsKey(other.queueId())
                        && !other.queueId().equals(state.queued().getQueueId()));
    }

    private void go(Turn<CallEvent, CallState> turn, Target target, LeftBy by) {
        if (target instanceof Target.OtherQueue other) {
            turn.record(CallEvents.moved(turn, other.queueId(), by));
            greet(turn);
            askHook(turn);
        } else if (target instanceof Target.ToAgent agent) {
            turn.record(CallEvents.moved(turn, agent, by));
            greet(turn);
        } else if (target instanceof Target.ToNumber number) {
            goOutside(turn, number, by);
        } else if (target instanceof Target.Onward) {
            goOn(turn, by);
        } else if (target instanceof Target.Announcement announcement) {
            turn.record(CallEvents.leftQueue(turn, by, announcement.sound()));
        } else {
            hearBusy(turn, by);
        }
        turn.say(resume(turn.state(), turn.context()));
    }

    /** Rule 8: their queue keeps their place, and is to ask nobody for them meanwhile: not its decision hook, either. */
    private static void goOutside(Turn<CallEvent, CallState> turn, Target.ToNumber number, LeftBy by) {
        if (turn.state().isHeld()) {
            turn.record(CallEvents.decisionFailed(turn, "the caller is put through to a number"));
        }
        turn.record(CallEvents.dialled(turn, number, by));
        var state = turn.state();
        turn.say(Says.accepted(
                state, state.queued().getQueueId(), state.offers().open().get(0).id()));
    }

    /** A queue that was there may have been deleted since; then that of the number they dialled. */
    private static Optional<String> queueOrDialled(Turn<CallEvent, CallState> turn, String queueId) {
        var directory = turn.context().directory();
        var dialled = turn.state().arrived().getDialledNumber();
        return Optional.of(queueId)
                .filter(directory.queues()::containsKey)
                .or(() -> directory.number(dialled).map(Directory.DialledNumber::queueId));
    }

    /** From the queue of one agent alone; where to was said on entering it. */
    private static void goOn(Turn<CallEvent, CallState> turn, LeftBy by) {
        var then = queueOrDialled(turn, turn.state().queued().getThenQueueId());
        if (then.isPresent()) {
            turn.record(CallEvents.movedOn(turn, then.get(), by));
            greet(turn);
            askHook(turn);
        } else {
            hearBusy(turn, by);
        }
    }

    private static void hearBusy(Turn<CallEvent, CallState> turn, LeftBy by) {
        turn.record(CallEvents.leftQueue(turn, by, ""));
        turn.record(CallEvents.ended(turn, CallOutcome.OVERFLOWED, EndedBy.SYSTEM, USER_BUSY));
    }

    // Rule 9.

    private void keyPressed(Turn<CallEvent, CallState> turn, BoxEvent.KeyPressed pressed) {
        var state = turn.state();
        var heard = state.inQueue()
                && !state.offers().isRingingOutside()
                && pressed.legId().equals(state.callerLeg())
                && pressed.at().isAfter(state.way().enteredAt())
                && !state.contact().box().away();
        if (!heard) {
            return;
        }
        wayOut(turn, key -> key.digit().equals(pressed.digit())).ifPresent(target -> {
            if (state.phase() == Phase.WAITING) {
                go(turn, target, LeftBy.KEY);
            } else if (state.way().wish() == null) {
                turn.record(CallEvents.leaveRequested(turn, LeftBy.KEY));
                state.offers().open().forEach(offer -> cancel(turn, offer, OfferOutcome.CALLER_LEFT));
            }
        });
    }

    private static Optional<Target> wayOut(Turn<CallEvent, CallState> turn, Predicate<LeaveKey> meant) {
        var state = turn.state();
        var directory = turn.context().directory();
        return directory
                .queue(state.queued().getQueueId())
                .waiting()
                .leaveKey()
                .filter(meant)
                .map(LeaveKey::target)
                .filter(target -> canGo(state, target, directory) && !wasLoggedOut(state, target));
    }

    /** Who has come back because of that is not sent there by every press of the key again: nothing but the journal would grow. */
    private static boolean wasLoggedOut(CallState state, Target target) {
        return target instanceof Target.ToAgent agent
                && state.way().hasLeftBy(OwnQueue.of(agent.agentId()), LeftBy.NOBODY_LOGGED_IN);
    }

    // Rule 10.

    private static void askForPlace(Turn<CallEvent, CallState> turn, Instant now) {
        telling(
                turn,
                telling -> telling.asked(
                        now, now.plus(telling.settings().orElseThrow().every())));
        var state = turn.state();
        turn.say(Says.toQueue(state, new QueueCommand.WhereAmI(state.id(), state.round())));
    }

    private static void place(Turn<CallEvent, CallState> turn, CallCommand.Place c) {
        var state = turn.state();
        var telling = state.contact().telling();
        var now = turn.context().now();
        var wanted = telling.askedAt() != null
                && now.isBefore(telling.askedAt().plus(Timing.SILENCE))
                && state.queued().getQueueId().equals(c.queueId())
                && state.round() == c.round()
                && mayBeTold(state);
        telling(turn, Telling::answered);
        if (!wanted) {
            return;
        }
        var settings = telling.settings().orElseThrow();
        var sounds = PlaceInWords.of(settings, c.position(), telling.told(), c.waitSeconds());
        if (sounds.isEmpty()) {
            return;
        }
        var playing =
                new Playing(state.id() + "-place-" + now.toEpochMilli(), String.join(",", sounds), settings.language());
        telling(turn, before -> before.playing(playing, Math.min(before.told(), c.position())));
        var caller = state.contact().caller();
        caller(turn, new CallerSide(caller.up(), caller.greeted(), false));
        turn.say(Says.tell(turn.state()));
    }

    /** They wait, no phone rings for them, and they hear music. */
    private static boolean mayBeTold(CallState state) {
        var caller = state.contact().caller();
        return state.phase() == Phase.WAITING
                && caller.up()
                && caller.greeted()
                && caller.music()
                && state.contact().telling().playing() == null
                && !state.contact().box().away();
    }

    private static boolean isTold(CallState state, String playbackId) {
        var playing = state.contact().telling().playing();
        return playing != null && playing.playbackId().equals(playbackId);
    }

    // Rule 11.

    private static void askHook(Turn<CallEvent, CallState> turn) {
        var now = turn.context().now();
        var queue = turn.context().directory().queue(turn.state().queued().getQueueId());
        queue.hook().ifPresent(hook -> {
            turn.record(CallEvents.decisionAsked(turn, now.plus(hook.deadline())));
            turn.say(Says.askHook(turn.state(), hook, queue.routing().steps(), now));
        });
    }

    private void decided(Turn<CallEvent, CallState> turn, CallCommand.Decided c) {
        var state = turn.state();
        var advice = state.way().advice();
        if (!state.isHeld()
                || !advice.answers(c.askId())
                || !turn.context().now().isBefore(advice.until())) {
            return;
        }
        var here = state.queued().getQueueId();
        var trouble = DecisionHook.trouble(here, c, turn.context().directory());
        if (trouble.isPresent()) {
            notDecided(turn, trouble.get());
            return;
        }
        if (!c.queueId().isEmpty() && state.way().hasLeftBy(here, LeftBy.DECISION)) {
            notDecided(turn, "queue " + here + " has sent this call on before");
            return;
        }
        turn.record(CallEvents.decisionMade(turn, c));
        if (c.queueId().isEmpty()) {
            turn.say(resume(turn.state(), turn.context()));
        } else {
            go(turn, new Target.OtherQueue(c.queueId()), LeftBy.DECISION);
        }
    }

    private void notDecided(Turn<CallEvent, CallState> turn, String reason) {
        turn.record(CallEvents.decisionFailed(turn, reason));
        turn.say(resume(turn.state(), turn.context()));
    }

    // What the agent says.

    private static void noted(Turn<CallEvent, CallState> turn, CallCommand.OfferNoted c) {
        var state = turn.state();
        var current = state.offers().current(c.offerId());
        if (current.isPresent()) {
            var side = state.agent(current.get());
            if (c.stage() == OfferStage.OVER) {
                // Of before the offer came here, late as it was: they hear again how it stands.
                return;
            }
            if (side.noted() == null || side.noted().compareTo(c.stage()) < 0) {
                agent(turn, current.get(), side.noted(c.stage()));
            }
        } else if (c.stage() == OfferStage.OVER
                && state.offers().past(c.offerId()).isPresent()) {
            turn.note(s -> s.with(s.contact().overNoted(c.offerId())));
        }
    }

    private void offerVoid(Turn<CallEvent, CallState> turn, CallCommand.OfferVoid c) {
        var state = turn.state();
        state.offers().current(c.offerId()).ifPresent(offer -> {
            if (offer.equals(state.offers().talk())) {
                turn.record(CallEvents.offerEnded(turn, offer, OfferOutcome.WITHDRAWN));
                turn.say(resume(turn.state(), turn.context()));
            } else {
                cancel(turn, offer, OfferOutcome.WITHDRAWN);
            }
        });
    }

    /** Rule 3: the phone is told to stop, and the offer is over when it has. */
    private void cancel(Turn<CallEvent, CallState> turn, Offer offer, OfferOutcome as) {
        var state = turn.state();
        if (state.cancel(offer) == null) {
            agent(
                    turn,
                    offer,
                    state.agent(offer).cancel(new Cancel(as, turn.context().now())));
        }
        turn.say(Says.hangUp(state, offer.legId(), EndCause.CANCELLED));
    }

    // Time.

    private void timer(Turn<CallEvent, CallState> turn, String timerId) {
        var state = turn.state();
        var now = turn.context().now();
        var due = timers(state).stream()
                .anyMatch(t -> t.id().equals(timerId) && !t.due().isAfter(now));
        if (!due) {
            return;
        }
        switch (timerId) {
            case BEAT -> beat(turn, now);
            case GIVE_UP -> giveUp(turn);
            case ANNOUNCE -> askForPlace(turn, now);
            case DECISION -> notDecided(turn, "no answer in time");
            case LONGEST_WAIT -> reached(turn, Limit.Kind.LONGEST_WAIT);
            default -> state.offers().current(timerId.substring(RING.length())).ifPresent(offer -> {
                var cancel = state.cancel(offer);
                if (cancel == null) {
                    cancel(turn, offer, OfferOutcome.UNANSWERED);
                } else {
                    offerFailed(turn, offer, cancel.as());
                }
            });
        }
    }

    private void beat(Turn<CallEvent, CallState> turn, Instant now) {
        var before = turn.state().contact().box();
        if (!before.stock() && before.beatAt() != null) {
            // Woken and having asked, it has heard nothing: nobody speaks for the box.
            boxAway(turn);
        }
        var box = turn.state().contact().box();
        if (box.deletedSince() != null && !now.isBefore(box.deletedSince().plus(Timing.DELETED_BOX))) {
            boxLost(turn);
            return;
        }
        box(turn, b -> b.beaten(now));
        var state = turn.state();
        turn.say(Says.toBox(
                state,
                box.stock()
                        ? new BoxCommand.KeepAlive(state.id(), Says.beliefs(state), Says.watchdogSeconds(state))
                        : new BoxCommand.TakeStock(state.id())));
    }

    /** Nobody has confirmed the end for long: whoever still cares will ask. */
    private static void giveUp(Turn<CallEvent, CallState> turn) {
        Says.unwanted(turn.state())
                .forEach(leg -> turn.note(s -> s.with(s.contact().gone(leg))));
        Says.notNotedOver(turn.state())
                .forEach(offer -> turn.note(s -> s.with(s.contact().overNoted(offer.id()))));
        queue(turn, side -> side.left(true));
        turn.state().way().former().forEach(queueId -> queue(turn, side -> side.formerLeft(queueId)));
    }

    // How it is said.

    private static void caller(Turn<CallEvent, CallState> turn, CallerSide side) {
        turn.note(s -> s.with(s.contact().with(side)));
    }

    private static void box(Turn<CallEvent, CallState> turn, UnaryOperator<BoxSide> change) {
        turn.note(s -> s.with(s.contact().with(change.apply(s.contact().box()))));
    }

    private static void queue(Turn<CallEvent, CallState> turn, UnaryOperator<QueueSide> change) {
        turn.note(s -> s.with(s.contact().with(change.apply(s.contact().queue()))));
    }

    private static void telling(Turn<CallEvent, CallState> turn, UnaryOperator<Telling> change) {
        turn.note(s -> s.with(s.contact().with(change.apply(s.contact().telling()))));
    }

    private static void agent(Turn<CallEvent, CallState> turn, Offer offer, AgentSide side) {
        turn.note(s -> s.with(s.contact().with(offer.id(), side)));
    }

    /** @param are caller and agent, who talk */
    private static void bridged(Turn<CallEvent, CallState> turn, boolean are) {
        var talk = turn.state().offers().talk();
        agent(turn, talk, turn.state().agent(talk).bridged(are));
    }

    // Recovery, timers, snapshots, looks.

    @Override
    public List<Output> resume(CallState state, Context context) {
        return Says.owed(state, context);
    }

    @Override
    public List<Timer> timers(CallState state) {
        if (state.phase() == Phase.NEW || mayRest(state)) {
            return List.of();
        }
        if (state.phase() == Phase.ENDED) {
            return List.of(new Timer(GIVE_UP, state.since().plus(Timing.GIVE_UP)));
        }
        var box = state.contact().box();
        var beat = new Timer(
                BEAT, box.beatAt() == null ? Instant.EPOCH : box.beatAt().plus(Timing.SILENCE));
        var timers = new ArrayList<>(List.of(beat));
        if (state.isHeld()) {
            timers.add(new Timer(DECISION, state.way().advice().until()));
        }
        if (state.phase() == Phase.WAITING && !box.away()) {
            longestWait(state).ifPresent(timers::add);
            if (mayBeTold(state) && state.contact().telling().next() != null) {
                timers.add(new Timer(ANNOUNCE, state.contact().telling().next()));
            }
            return timers;
        }
        // What became of the ringing, the box will say as soon as it can be asked.
        if (box.away() || !box.stock()) {
            return timers;
        }
        for (var offer : state.offers().open()) {
            var cancel = state.cancel(offer);
            var ends = cancel != null ? cancel.at() : offer.ringEnds();
            timers.add(new Timer(RING + offer.id(), ends.plus(Timing.RING_GRACE)));
        }
        return timers;
    }

    private static Optional<Timer> longestWait(CallState state) {
        var queue = state.contact().queue();
        return queue.limits().stream()
                .filter(limit -> limit.kind() == Limit.Kind.LONGEST_WAIT
                        && !queue.stays().contains(limit.kind())
                        && mayMove(state, limit, LeftBy.LONGEST_WAIT))
                .map(limit -> new Timer(LONGEST_WAIT, state.way().enteredAt().plusSeconds(seconds(state, limit))))
                .findFirst();
    }

    /** For how long they wait for one agent alone, the target says that has sent them there. */
    private static int seconds(CallState state, Limit longestWait) {
        var queued = state.queued();
        return OwnQueue.is(queued.getQueueId()) ? queued.getAgentSeconds() : longestWait.amount();
    }

    @Override
    public CallCommand timerFired(String timerId) {
        return new CallCommand.TimerFired(timerId);
    }

    /** A call takes no snapshots: its journal is short. */
    @Override
    public List<CallEvent> compact(CallState state) {
        throw new UnsupportedOperationException("A call is rebuilt from its whole journal");
    }

    @Override
    public boolean mayRest(CallState state) {
        var contact = state.contact();
        return switch (state.phase()) {
            case NEW -> true;
            case WAITING, RINGING, TALKING, LEAVING -> false;
            case ENDED -> Says.unwanted(state).isEmpty()
                    && Says.notNotedOver(state).isEmpty()
                    && (state.queued() == null || contact.queue().left())
                    && Says.notLeft(state).isEmpty();
        };
    }

    @Override
    public Optional<View> view(CallState state) {
        if (state.phase() == Phase.NEW) {
            return Optional.empty();
        }
        var queued = state.queued();
        return Optional.of(new View.OfCall(
                state.id(),
                View.CallPhase.valueOf(state.phase().name()),
                state.since(),
                state.boxId(),
                state.arrived().getCallerNumber(),
                state.arrived().getDialledNumber(),
                queued == null ? null : queued.getQueueId(),
                queued == null ? 0 : queued.getPriority(),
                state.offers()
                        .current()
                        .findFirst()
                        .filter(offer -> !offer.isOutside())
                        .map(Offer::agentId)
                        .orElse(null),
                Instant.ofEpochMilli(state.arrived().getArrivedMs()),
                state.offers().count()));
    }

    @Override
    public CallState evolve(CallState state, CallEvent event) {
        return CallEvents.apply(state, event);
    }
}
