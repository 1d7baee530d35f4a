package dev.carillon.core.call;

import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStarted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * The offers of a call, by its journal. Usually there is one at a time; a queue that rings all has several under way, and together
 * they are one turn of ringing.
 *
 * <p>An attempt to put the caller through to a number outside is an offer of which no agent knows; while it is under way there is no other.
 *
 * @param open those whose phones are to ring, and those that have to stop since another agent has answered; oldest first
 * @param talk the one whose agent talks; null while nobody does
 * @param past those that are over, oldest first
 * @param begun how many turns of ringing have begun
 */
public record Offers(PVector<Offer> open, Offer talk, PVector<Past> past, int begun) {

    static final Offers NONE = new Offers(TreePVector.empty(), null, TreePVector.empty(), 0);

    /**
     * @param started as journalled
     * @param since when it began
     * @param turn of which it is part, counted from 1
     * @param stoppedAt when another agent answered; null as long as nobody has
     */
    public record Offer(OfferStarted started, Instant since, int turn, Instant stoppedAt) {

        String id() {
            return started.getOfferId();
        }

        String legId() {
            return started.getLegId();
        }

        /** Empty when it is no agent's. */
        String agentId() {
            return started.getAgentId();
        }

        /** To a number, rather than to an agent. */
        boolean isOutside() {
            return !started.getNumber().isEmpty();
        }

        Instant ringEnds() {
            return since.plusSeconds(started.getRingSeconds());
        }

        private Offer stopped(Instant at) {
            return stoppedAt != null ? this : new Offer(started, since, turn, at);
        }
    }

    public record Past(Offer offer, OfferOutcome outcome) {}

    boolean underWay() {
        return talk != null || !open.isEmpty();
    }

    /** How many have begun. */
    int count() {
        return past.size() + open.size() + (talk == null ? 0 : 1);
    }

    /** Turns of ringing that are over, those included that led to a conversation which is over. */
    int turnsOver() {
        return begun - (underWay() ? 1 : 0);
    }

    /** The conversation first, then as they began. */
    Stream<Offer> current() {
        return Stream.concat(Stream.ofNullable(talk), open.stream());
    }

    Optional<Offer> current(String offerId) {
        return current().filter(offer -> offer.id().equals(offerId)).findFirst();
    }

    Optional<Offer> ofLeg(String legId) {
        return current().filter(offer -> offer.legId().equals(legId)).findFirst();
    }

    Optional<Past> past(String offerId) {
        return past.stream().filter(p -> p.offer().id().equals(offerId)).findFirst();
    }

    /** That of the conversation, also of one that has ended the call; empty when nobody has talked. */
    Optional<Offer> talkedIn() {
        return Optional.ofNullable(talk).or(() -> past.stream()
                .filter(p -> p.outcome() == OfferOutcome.COMPLETED)
                .map(Past::offer)
                .findFirst());
    }

    boolean isRingingOutside() {
        return open.stream().anyMatch(Offer::isOutside);
    }

    /** Whether this limit of the queue has sent the call to a number before. */
    boolean hasGoneOutside(String queueId, LeftBy limit) {
        return Stream.concat(past.stream().map(Past::offer), current())
                .anyMatch(offer -> offer.isOutside()
                        && offer.started().getQueueId().equals(queueId)
                        && offer.started().getLeftBy() == limit);
    }

    /** Those that were over last: of one turn. */
    List<Past> lastOver() {
        if (past.isEmpty()) {
            return List.of();
        }
        int turn = past.get(past.size() - 1).offer().turn();
        return past.stream().filter(p -> p.offer().turn() == turn).toList();
    }

    Offers started(OfferStarted event, Instant at) {
        int turn = underWay() ? begun : begun + 1;
        return new Offers(open.plus(new Offer(event, at, turn, null)), talk, past, turn);
    }

    /** Whose phone rings still has to stop. */
    Offers talking(String offerId, Instant at) {
        PVector<Offer> others = TreePVector.empty();
        Offer answered = talk;
        for (var offer : open) {
            if (offer.id().equals(offerId)) {
                answered = offer;
            } else {
                others = others.plus(offer.stopped(at));
            }
        }
        return new Offers(others, answered, past, begun);
    }

    Offers over(String offerId, OfferOutcome outcome) {
        return current(offerId).map(offer -> over(offer, outcome)).orElse(this);
    }

    Offers allOver(Function<Offer, OfferOutcome> outcome) {
        var all = this;
        for (var offer : current().toList()) {
            all = all.over(offer, outcome.apply(offer));
        }
        return all;
    }

    private Offers over(Offer offer, OfferOutcome outcome) {
        return new Offers(
                open.minus(offer), offer.equals(talk) ? null : talk, past.plus(new Past(offer, outcome)), begun);
    }
}
