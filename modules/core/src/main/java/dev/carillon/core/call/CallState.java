package dev.carillon.core.call;

import dev.carillon.core.call.Contact.AgentSide;
import dev.carillon.core.call.Contact.CallerSide;
import dev.carillon.core.call.Contact.Cancel;
import dev.carillon.core.call.Contact.Telling;
import dev.carillon.core.call.Offers.Offer;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallLeftQueue;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.DecisionAsked;
import dev.carillon.protocol.call.DecisionMade;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.call.OfferEnded;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStarted;
import dev.carillon.protocol.call.TalkStarted;
import java.time.Instant;

/**
 * How a call stands.
 *
 * @param phase where the caller is
 * @param since when the phase began
 * @param arrived as journalled; null while {@code NEW}
 * @param way the queues it has waited in
 * @param offers under way, with the conversation they led to, and those that are over
 * @param answeredAt when the present agent, or somebody at a number outside, answered; null while nobody talks
 * @param bridgeId of the last conversation; empty when there was none
 * @param contact the soft part: lost in a crash
 */
public record CallState(
        String id,
        Phase phase,
        Instant since,
        CallArrived arrived,
        Way way,
        Offers offers,
        Instant answeredAt,
        String bridgeId,
        Contact contact) {

    enum Phase {
        NEW,
        WAITING,
        RINGING,
        TALKING,
        /** Has left the queue for good, or was never to enter one, and hears a last announcement. */
        LEAVING,
        ENDED
    }

    static CallState empty(String id) {
        return new CallState(id, Phase.NEW, null, null, Way.NONE, Offers.NONE, null, "", Contact.NONE);
    }

    boolean live() {
        return phase != Phase.NEW && phase != Phase.ENDED;
    }

    /** As journalled: where it waits, or waited last; null when it never entered a queue. */
    CallQueued queued() {
        return way.last();
    }

    /** In this queue, or was last. */
    boolean isOf(String queueId) {
        return queued() != null && queued().getQueueId().equals(queueId);
    }

    /** Has its place in a queue, whose decision hook is being asked. */
    boolean isHeld() {
        return phase == Phase.WAITING && way.advice().isAwaited();
    }

    /** Waits in a queue, and may be told so by it. */
    boolean inQueue() {
        return queued() != null && (phase == Phase.WAITING || phase == Phase.RINGING);
    }

    String boxId() {
        return arrived.getBoxId();
    }

    String callerLeg() {
        return arrived.getLegId();
    }

    /**
     * Grows with every begin and every end of a turn of ringing, with every move to another queue and with every end of a question to a
     * decision hook: odd while there is an offer, and at the end.
     */
    int round() {
        boolean free = !offers.underWay() && phase != Phase.ENDED && phase != Phase.LEAVING;
        return 2 * (offers.turnsOver() + way.moves() + way.advice().over()) + (free ? 0 : 1);
    }

    boolean isCurrent(String offerId) {
        return offers.current(offerId).isPresent();
    }

    boolean isCurrentLeg(String legId) {
        return offers.ofLeg(legId).isPresent();
    }

    AgentSide agent(Offer offer) {
        return contact.agent(offer.id());
    }

    /** Why and when the phone of an offer was told to stop before it was answered; null when it was not. */
    Cancel cancel(Offer offer) {
        return offer.stoppedAt() != null
                ? new Cancel(OfferOutcome.ANSWERED_ELSEWHERE, offer.stoppedAt())
                : agent(offer).cancel();
    }

    /** Whether agents whose phones may be answered are being rung. */
    boolean isInviting() {
        return phase == Phase.RINGING && offers.open().stream().anyMatch(offer -> cancel(offer) == null);
    }

    boolean isGone(String legId) {
        return contact.gone().contains(legId);
    }

    CallState with(Contact newContact) {
        return new CallState(id, phase, since, arrived, way, offers, answeredAt, bridgeId, newContact);
    }

    // What events do.

    CallState arrived(CallArrived event, Instant at) {
        return new CallState(id, Phase.NEW, at, event, way, offers, null, "", contact);
    }

    CallState queued(CallQueued event, Instant at) {
        var side = contact.caller();
        return new CallState(
                id,
                Phase.WAITING,
                at,
                arrived,
                way.entered(event, at),
                offers,
                null,
                "",
                contact.with(new CallerSide(side.up(), true, false))
                        .with(Telling.NOTHING)
                        .with(contact.queue().elsewhere(event.getQueueId())));
    }

    /** Every phone that rings is to stop. */
    CallState leaveRequested(LeftBy by, Instant at) {
        var heard = contact;
        for (var offer : offers.open()) {
            if (cancel(offer) == null) {
                heard = heard.with(offer.id(), agent(offer).cancel(new Cancel(OfferOutcome.CALLER_LEFT, at)));
            }
        }
        return new CallState(id, phase, since, arrived, way.wishing(by), offers, answeredAt, bridgeId, heard);
    }

    CallState decisionAsked(DecisionAsked event) {
        return with(way.asking(event), contact);
    }

    /** @param event null when there is no answer */
    CallState decided(DecisionMade event) {
        return with(way.advised(event), contact.with(contact.queue().unheard()));
    }

    private CallState with(Way newWay, Contact newContact) {
        return new CallState(id, phase, since, arrived, newWay, offers, answeredAt, bridgeId, newContact);
    }

    CallState leftQueue(CallLeftQueue event, Instant at) {
        return new CallState(id, Phase.LEAVING, at, arrived, way.left(event, at), offers, null, bridgeId, contact);
    }

    CallState offerStarted(OfferStarted event, Instant at) {
        var begins = phase == Phase.RINGING ? since : at;
        return new CallState(id, Phase.RINGING, begins, arrived, way, offers.started(event, at), null, "", contact);
    }

    CallState talkStarted(TalkStarted event, Instant at) {
        var offerId = event.getOfferId();
        return new CallState(
                id,
                Phase.TALKING,
                at,
                arrived,
                way,
                offers.talking(offerId, at),
                at,
                event.getBridgeId(),
                contact.with(offerId, contact.agent(offerId).leg(Leg.State.UP))
                        .with(contact.telling().silent()));
    }

    /** After the last of a turn the call is back to waiting. Whoever talked has to be given music again. */
    CallState offerEnded(OfferEnded event, Instant at) {
        var offerId = event.getOfferId();
        boolean talked = offers.talk() != null && offers.talk().id().equals(offerId);
        var left = offers.over(offerId, event.getOutcome());
        var heard = contact.over(offerId);
        if (!talked && left.underWay()) {
            return new CallState(id, phase, since, arrived, way, left, answeredAt, bridgeId, heard);
        }
        var caller = contact.caller();
        return new CallState(
                id,
                left.underWay() ? Phase.RINGING : Phase.WAITING,
                at,
                arrived,
                way.wishing(null),
                left,
                null,
                bridgeId,
                heard.with(new CallerSide(caller.up(), true, caller.music() && !talked))
                        .with(contact.queue().unheard()));
    }

    CallState ended(CallEnded event, Instant at) {
        return new CallState(
                id,
                Phase.ENDED,
                at,
                arrived,
                way,
                offers.allOver(offer -> lastOutcome(offer, event.getEndedBy())),
                answeredAt,
                bridgeId,
                contact);
    }

    private OfferOutcome lastOutcome(Offer offer, EndedBy by) {
        if (offer.equals(offers.talk())) {
            return OfferOutcome.COMPLETED;
        }
        if (by == EndedBy.BOX) {
            return OfferOutcome.BOX_LOST;
        }
        return offer.stoppedAt() != null ? OfferOutcome.ANSWERED_ELSEWHERE : OfferOutcome.CALLER_LEFT;
    }
}
