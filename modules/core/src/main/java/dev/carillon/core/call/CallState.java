package dev.carillon.core.call;

import dev.carillon.core.call.Contact.AgentSide;
import dev.carillon.core.call.Contact.CallerSide;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallLeftQueue;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStarted;
import java.time.Instant;
import java.util.Optional;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * How a call stands.
 *
 * @param phase where the caller is
 * @param since when the phase began
 * @param arrived as journalled; null while {@code NEW}
 * @param way the queues it has waited in
 * @param offer the offer under way, or the conversation it led to; null while there is none
 * @param past offers that are over, oldest first
 * @param answeredAt when the present agent answered; null while nobody talks
 * @param bridgeId of the last conversation; empty when there was none
 * @param contact the soft part: lost in a crash
 */
public record CallState(
        String id,
        Phase phase,
        Instant since,
        CallArrived arrived,
        Way way,
        OfferStarted offer,
        PVector<PastOffer> past,
        Instant answeredAt,
        String bridgeId,
        Contact contact) {

    enum Phase {
        NEW,
        WAITING,
        RINGING,
        TALKING,
        /** Has left the queue for good, and hears a last announcement. */
        LEAVING,
        ENDED
    }

    record PastOffer(OfferStarted offer, OfferOutcome outcome) {}

    static CallState empty(String id) {
        return new CallState(id, Phase.NEW, null, null, Way.NONE, null, TreePVector.empty(), null, "", Contact.NONE);
    }

    boolean live() {
        return phase != Phase.NEW && phase != Phase.ENDED;
    }

    /** As journalled: where it waits, or waited last; null when it never entered a queue. */
    CallQueued queued() {
        return way.last();
    }

    /** Waits in a queue, and may be told so by it. */
    boolean inQueue() {
        return phase == Phase.WAITING || phase == Phase.RINGING;
    }

    String boxId() {
        return arrived.getBoxId();
    }

    String callerLeg() {
        return arrived.getLegId();
    }

    /** How many offers have begun. */
    int offers() {
        return past.size() + (offer == null ? 0 : 1);
    }

    /** Grows with every begin and every end of an offer, and with every move to another queue: odd while there is an offer, and at the end. */
    int round() {
        return 2 * (past.size() + way.moves())
                + (offer == null && phase != Phase.ENDED && phase != Phase.LEAVING ? 0 : 1);
    }

    boolean isCurrent(String offerId) {
        return offer != null && offer.getOfferId().equals(offerId);
    }

    boolean isCurrentLeg(String legId) {
        return offer != null && offer.getLegId().equals(legId);
    }

    Optional<PastOffer> lastPast() {
        return past.isEmpty() ? Optional.empty() : Optional.of(past.get(past.size() - 1));
    }

    Optional<PastOffer> past(String offerId) {
        return past.stream().filter(p -> p.offer().getOfferId().equals(offerId)).findFirst();
    }

    boolean isGone(String legId) {
        return contact.gone().contains(legId);
    }

    CallState with(Contact newContact) {
        return new CallState(id, phase, since, arrived, way, offer, past, answeredAt, bridgeId, newContact);
    }

    // What events do.

    CallState arrived(CallArrived event, Instant at) {
        return new CallState(id, Phase.NEW, at, event, way, null, past, null, "", contact);
    }

    CallState queued(CallQueued event, Instant at) {
        var side = contact.caller();
        return new CallState(
                id,
                Phase.WAITING,
                at,
                arrived,
                way.entered(event, at),
                null,
                past,
                null,
                "",
                contact.with(new CallerSide(side.up(), true, false))
                        .with(contact.queue().elsewhere(event.getQueueId())));
    }

    CallState leftQueue(CallLeftQueue event, Instant at) {
        return new CallState(id, Phase.LEAVING, at, arrived, way.left(event, at), null, past, null, bridgeId, contact);
    }

    CallState offerStarted(OfferStarted event, Instant at) {
        return new CallState(id, Phase.RINGING, at, arrived, way, event, past, null, "", contact.with(AgentSide.NEW));
    }

    CallState talkStarted(String newBridgeId, Instant at) {
        return new CallState(
                id,
                Phase.TALKING,
                at,
                arrived,
                way,
                offer,
                past,
                at,
                newBridgeId,
                contact.with(contact.agent().leg(Leg.State.UP)));
    }

    /** Back to waiting. Whoever talked has to be given music again. */
    CallState offerEnded(OfferOutcome outcome, Instant at) {
        var caller = contact.caller();
        var music = caller.music() && phase != Phase.TALKING;
        return new CallState(
                id,
                Phase.WAITING,
                at,
                arrived,
                way,
                null,
                past.plus(new PastOffer(offer, outcome)),
                null,
                bridgeId,
                contact.with(AgentSide.NEW)
                        .with(new CallerSide(caller.up(), true, music))
                        .with(contact.queue().unheard())
                        .overNoted(false));
    }

    CallState ended(CallEnded event, Instant at) {
        return new CallState(
                id,
                Phase.ENDED,
                at,
                arrived,
                way,
                null,
                offer == null ? past : past.plus(new PastOffer(offer, lastOutcome(event.getEndedBy()))),
                answeredAt,
                bridgeId,
                offer == null ? contact : contact.overNoted(false));
    }

    private OfferOutcome lastOutcome(EndedBy by) {
        if (phase == Phase.TALKING) {
            return OfferOutcome.COMPLETED;
        }
        return by == EndedBy.BOX ? OfferOutcome.BOX_LOST : OfferOutcome.CALLER_LEFT;
    }
}
