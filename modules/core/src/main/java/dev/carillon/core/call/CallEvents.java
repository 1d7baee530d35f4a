package dev.carillon.core.call;

import dev.carillon.core.OwnQueue;
import dev.carillon.core.Target;
import dev.carillon.core.Turn;
import dev.carillon.core.call.Offers.Offer;
import dev.carillon.core.inbound.Treatment.HearsAnnouncement;
import dev.carillon.core.inbound.Treatment.HearsBusy;
import dev.carillon.core.inbound.Treatment.ToAgent;
import dev.carillon.core.inbound.Treatment.ToNumber;
import dev.carillon.core.inbound.Treatment.ToQueue;
import dev.carillon.core.inbound.Treatment.TurnedAway;
import dev.carillon.core.inbound.Verdict;
import dev.carillon.protocol.box.BoxEvent.LegOffered;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallCommand.Connect;
import dev.carillon.protocol.call.CallCommand.Decided;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallLeftQueue;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.CallerList;
import dev.carillon.protocol.call.DecisionAsked;
import dev.carillon.protocol.call.DecisionFailed;
import dev.carillon.protocol.call.DecisionMade;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.LeaveRequested;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.call.OfferEnded;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStarted;
import dev.carillon.protocol.call.TalkStarted;
import dev.carillon.protocol.call.Treatment;
import java.time.Instant;

/** The events of a call: how each is written, and what each does. */
final class CallEvents {

    static CallEvent arrived(Turn<CallEvent, CallState> turn, LegOffered leg, Verdict verdict) {
        return at(turn).setArrived(CallArrived.newBuilder()
                        .setCallId(turn.state().id())
                        .setBoxId(leg.boxId())
                        .setIncarnation(leg.incarnation())
                        .setLegId(leg.legId())
                        .setCallerNumber(leg.callerNumber())
                        .setCallerName(leg.callerName())
                        .setDialledNumber(leg.dialledNumber())
                        .setArrivedMs(leg.arrivedAt().toEpochMilli())
                        .setTreatment(treatment(verdict.treatment()))
                        .setRuleId(verdict.ruleId())
                        .setCallerList(verdict.entry()
                                .map(entry -> CallerList.valueOf(entry.list().name()))
                                .orElse(CallerList.CALLER_LIST_UNSPECIFIED)))
                .build();
    }

    private static Treatment treatment(dev.carillon.core.inbound.Treatment treatment) {
        if (treatment instanceof ToQueue) {
            return Treatment.TO_QUEUE;
        }
        if (treatment instanceof ToAgent) {
            return Treatment.TO_AGENT;
        }
        if (treatment instanceof ToNumber) {
            return Treatment.TO_NUMBER;
        }
        if (treatment instanceof HearsAnnouncement) {
            return Treatment.ANNOUNCEMENT;
        }
        if (treatment instanceof HearsBusy) {
            return Treatment.HEARS_BUSY;
        }
        return treatment instanceof TurnedAway ? Treatment.TURNED_AWAY : Treatment.UNALLOCATED;
    }

    static CallEvent queued(Turn<CallEvent, CallState> turn, ToQueue queue, Instant since) {
        return at(turn).setQueued(CallQueued.newBuilder()
                        .setQueueId(queue.queueId())
                        .setPriority(queue.priority())
                        .setGreeting(queue.greeting())
                        .setWaitingSinceMs(since.toEpochMilli()))
                .build();
    }

    static CallEvent queued(Turn<CallEvent, CallState> turn, ToAgent to, Instant since) {
        return at(turn).setQueued(CallQueued.newBuilder()
                        .setQueueId(OwnQueue.of(to.agentId()))
                        .setPriority(to.then().priority())
                        .setGreeting(to.then().greeting())
                        .setWaitingSinceMs(since.toEpochMilli())
                        .setThenQueueId(to.then().queueId())
                        .setAgentSeconds(to.seconds()))
                .build();
    }

    static CallEvent moved(Turn<CallEvent, CallState> turn, String queueId, LeftBy by) {
        return at(turn).setQueued(moved(turn.state(), by).setQueueId(queueId)).build();
    }

    /** They come back here if the agent does not take them. */
    static CallEvent moved(Turn<CallEvent, CallState> turn, Target.ToAgent to, LeftBy by) {
        return at(turn).setQueued(moved(turn.state(), by)
                        .setQueueId(OwnQueue.of(to.agentId()))
                        .setThenQueueId(turn.state().queued().getQueueId())
                        .setAgentSeconds(to.seconds()))
                .build();
    }

    /** From the queue of one agent alone; with what was to be heard on entering. */
    static CallEvent movedOn(Turn<CallEvent, CallState> turn, String queueId, LeftBy by) {
        return at(turn).setQueued(moved(turn.state(), by)
                        .setQueueId(queueId)
                        .setGreeting(turn.state().queued().getGreeting()))
                .build();
    }

    /** With the place it has. */
    private static CallQueued.Builder moved(CallState state, LeftBy by) {
        var before = state.queued();
        return CallQueued.newBuilder()
                .setPriority(before.getPriority())
                .setWaitingSinceMs(before.getWaitingSinceMs())
                .setFromQueueId(before.getQueueId())
                .setLeftBy(by);
    }

    static CallEvent decisionAsked(Turn<CallEvent, CallState> turn, Instant until) {
        return at(turn).setDecisionAsked(DecisionAsked.newBuilder()
                        .setAskId("ask-" + turn.context().newId())
                        .setQueueId(turn.state().queued().getQueueId())
                        .setUntilMs(until.toEpochMilli()))
                .build();
    }

    static CallEvent decisionMade(Turn<CallEvent, CallState> turn, Decided decided) {
        var made = DecisionMade.newBuilder()
                .setAskId(decided.askId())
                .setToQueueId(decided.queueId())
                .setPriority(decided.priority());
        if (!decided.agentId().isEmpty()) {
            made.setAgentId(decided.agentId()).setAgentUntilMs(turn.context().nowMs() + decided.waitSeconds() * 1_000L);
        }
        return at(turn).setDecisionMade(made).build();
    }

    static CallEvent decisionFailed(Turn<CallEvent, CallState> turn, String reason) {
        return at(turn).setDecisionFailed(DecisionFailed.newBuilder()
                        .setAskId(turn.state().way().advice().asked().getAskId())
                        .setReason(reason))
                .build();
    }

    static CallEvent leaveRequested(Turn<CallEvent, CallState> turn, LeftBy by) {
        return at(turn).setLeaveRequested(LeaveRequested.newBuilder()
                        .setQueueId(turn.state().queued().getQueueId())
                        .setLeftBy(by))
                .build();
    }

    /** @param sound what they hear; empty when they are hung up on at once */
    static CallEvent leftQueue(Turn<CallEvent, CallState> turn, LeftBy by, String sound) {
        return at(turn).setLeftQueue(CallLeftQueue.newBuilder()
                        .setQueueId(turn.state().queued().getQueueId())
                        .setLeftBy(by)
                        .setSound(sound))
                .build();
    }

    /** On arrival. */
    static CallEvent announced(Turn<CallEvent, CallState> turn, HearsAnnouncement announcement) {
        return at(turn).setLeftQueue(CallLeftQueue.newBuilder().setSound(announcement.sound()))
                .build();
    }

    static CallEvent offerStarted(Turn<CallEvent, CallState> turn, Connect connect, String legId) {
        return at(turn).setOfferStarted(OfferStarted.newBuilder()
                        .setOfferId(connect.offerId())
                        .setAgentId(connect.agentId())
                        .setSeatId(connect.seat().seatId())
                        .setEndpoint(connect.seat().endpoint())
                        .setLegId(legId)
                        .setRingSeconds(turn.context()
                                .directory()
                                .queue(connect.queueId())
                                .handling()
                                .ringSeconds())
                        .setQueueId(connect.queueId()))
                .build();
    }

    /** From the queue in which they wait, and where they keep their place. */
    static CallEvent dialled(Turn<CallEvent, CallState> turn, Target.ToNumber to, LeftBy by) {
        var from = OfferStarted.newBuilder()
                .setQueueId(turn.state().queued().getQueueId())
                .setLeftBy(by);
        return dialled(turn, to.number(), to.seconds(), from);
    }

    /** On arrival. */
    static CallEvent dialled(Turn<CallEvent, CallState> turn, ToNumber to) {
        var otherwise = OfferStarted.newBuilder()
                .setThenQueueId(to.then().queueId())
                .setThenPriority(to.then().priority())
                .setThenGreeting(to.then().greeting());
        return dialled(turn, to.number(), to.seconds(), otherwise);
    }

    private static CallEvent dialled(
            Turn<CallEvent, CallState> turn, String number, int seconds, OfferStarted.Builder offer) {
        var context = turn.context();
        return at(turn).setOfferStarted(offer.setOfferId("offer-" + context.newId())
                        .setNumber(number)
                        .setEndpoint(context.directory()
                                .outside(turn.state().boxId(), number)
                                .orElseThrow())
                        .setLegId("leg-" + context.newId())
                        .setRingSeconds(seconds))
                .build();
    }

    static CallEvent offerEnded(Turn<CallEvent, CallState> turn, Offer offer, OfferOutcome outcome) {
        return at(turn).setOfferEnded(
                        OfferEnded.newBuilder().setOfferId(offer.id()).setOutcome(outcome))
                .build();
    }

    static CallEvent talkStarted(Turn<CallEvent, CallState> turn, Offer offer, String bridgeId) {
        return at(turn).setTalkStarted(
                        TalkStarted.newBuilder().setOfferId(offer.id()).setBridgeId(bridgeId))
                .build();
    }

    /** Written while the last offers are still under way, so that it can be told who talked, or whose phone rang. */
    static CallEvent ended(Turn<CallEvent, CallState> turn, CallOutcome outcome, EndedBy by, int q850) {
        var state = turn.state();
        var arrived = state.arrived();
        var summary = CallEnded.newBuilder()
                .setCallId(state.id())
                .setBoxId(arrived.getBoxId())
                .setCallerNumber(arrived.getCallerNumber())
                .setCallerName(arrived.getCallerName())
                .setDialledNumber(arrived.getDialledNumber())
                .setArrivedMs(arrived.getArrivedMs())
                .setEndedMs(turn.context().nowMs())
                .setOffers(state.offers().count())
                .setOutcome(outcome)
                .setEndedBy(by)
                .setWhileRinging(state.phase() == CallState.Phase.RINGING
                        && !state.offers().isRingingOutside())
                .setQ850Cause(q850)
                .setRuleId(arrived.getRuleId());
        var way = state.way();
        if (state.queued() != null) {
            summary.setQueueId(state.queued().getQueueId())
                    .setPriority(state.queued().getPriority())
                    .setQueuedMs(state.queued().getWaitingSinceMs());
            if (way.moves() > 0) {
                summary.setFirstQueueId(way.queues().get(0).getQueueId());
            }
        }
        way.leftTo().ifPresent(to -> summary.setLeftTo(to).setLeftBy(way.leftBy()));
        if (way.leftAt() != null) {
            summary.setLeftMs(way.leftAt().toEpochMilli());
        }
        if (state.phase() == CallState.Phase.TALKING) {
            var talk = state.offers().talk();
            var answeredMs = state.answeredAt().toEpochMilli();
            if (talk.isOutside()) {
                var target = new Target.ToNumber(
                        talk.started().getNumber(), talk.started().getRingSeconds());
                summary.setLeftTo(target.words())
                        .setLeftBy(talk.started().getLeftBy())
                        .setLeftMs(answeredMs);
            } else {
                summary.setAgentId(talk.agentId())
                        .setSeatId(talk.started().getSeatId())
                        .setAnsweredMs(answeredMs);
            }
        }
        return at(turn).setEnded(summary).build();
    }

    static CallState apply(CallState state, CallEvent event) {
        var at = Instant.ofEpochMilli(event.getAtMs());
        return switch (event.getEventCase()) {
            case ARRIVED -> state.arrived(event.getArrived(), at);
            case QUEUED -> state.queued(event.getQueued(), at);
            case OFFER_STARTED -> state.offerStarted(event.getOfferStarted(), at);
            case OFFER_ENDED -> state.offerEnded(event.getOfferEnded(), at);
            case TALK_STARTED -> state.talkStarted(event.getTalkStarted(), at);
            case LEAVE_REQUESTED -> state.leaveRequested(
                    event.getLeaveRequested().getLeftBy(), at);
            case LEFT_QUEUE -> state.leftQueue(event.getLeftQueue(), at);
            case DECISION_ASKED -> state.decisionAsked(event.getDecisionAsked());
            case DECISION_MADE -> state.decided(event.getDecisionMade());
            case DECISION_FAILED -> state.decided(null);
            case ENDED -> state.ended(event.getEnded(), at);
                // Written by a newer release.
            case EVENT_NOT_SET -> state;
        };
    }

    private static CallEvent.Builder at(Turn<CallEvent, CallState> turn) {
        return CallEvent.newBuilder().setAtMs(turn.context().nowMs());
    }

    private CallEvents() {}
}
