package dev.carillon.core.call;

import dev.carillon.core.queue.Announce;
import dev.carillon.core.queue.Limit;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * What a call has heard from its box, its queue and its agent. All of it is lost in a crash, and asked for again.
 *
 * @param caller how the caller is looked after
 * @param agents by offer under way: how its agent and leg stand
 * @param queue what the queue has confirmed
 * @param box how the box can be reached
 * @param telling what the caller is told over and over of their place
 * @param overNoted of the offers that were over last: those whose agents know that
 * @param gone legs known to have ended
 */
record Contact(
        CallerSide caller,
        PMap<String, AgentSide> agents,
        QueueSide queue,
        BoxSide box,
        Telling telling,
        PSet<String> overNoted,
        PSet<String> gone) {

    /** After a crash nothing is known, but nobody is greeted in the middle of their wait. */
    static final Contact NONE = new Contact(
            new CallerSide(false, true, false),
            HashTreePMap.empty(),
            QueueSide.NEW,
            BoxSide.UNKNOWN,
            Telling.NOTHING,
            HashTreePSet.empty(),
            HashTreePSet.empty());

    /**
     * @param up their leg is known to be answered
     * @param greeted the greeting is over, or there is none
     * @param music they are known to hear music
     */
    record CallerSide(boolean up, boolean greeted, boolean music) {}

    /**
     * @param leg how the leg stands; null when not heard of
     * @param cancel why and when the leg was told to end before its answer; null when it was not
     * @param bridged the legs are known to be bridged
     * @param noted how far the agent knows of the offer; null when not at all
     */
    record AgentSide(Leg.State leg, Cancel cancel, boolean bridged, OfferStage noted) {
        static final AgentSide NEW = new AgentSide(null, null, false, null);

        AgentSide leg(Leg.State state) {
            return new AgentSide(state, cancel, bridged, noted);
        }

        AgentSide cancel(Cancel order) {
            return new AgentSide(leg, order, bridged, noted);
        }

        AgentSide bridged(boolean is) {
            return new AgentSide(leg, cancel, is, noted);
        }

        AgentSide noted(OfferStage stage) {
            return new AgentSide(leg, cancel, bridged, stage);
        }
    }

    /** @param as what the offer's outcome will be */
    record Cancel(OfferOutcome as, Instant at) {}

    /**
     * @param enqueued the queue has confirmed that it has the call
     * @param left the queue has confirmed that it has it no more
     * @param formerLeft of the queues it was in before: those which have confirmed that
     * @param limits of the queue, as they were when last looked at
     * @param stays limits that have been reached and cannot move the call on
     */
    record QueueSide(
            boolean enqueued, boolean left, PSet<String> formerLeft, List<Limit> limits, PSet<Limit.Kind> stays) {
        static final QueueSide NEW = new QueueSide(false, false, HashTreePSet.empty(), List.of(), HashTreePSet.empty());

        QueueSide enqueued(boolean is) {
            return new QueueSide(is, left, formerLeft, limits, stays);
        }

        QueueSide left(boolean is) {
            return new QueueSide(enqueued, is, formerLeft, limits, stays);
        }

        QueueSide formerLeft(String queueId) {
            return new QueueSide(enqueued, left, formerLeft.plus(queueId), limits, stays);
        }

        QueueSide limits(List<Limit> now) {
            return new QueueSide(enqueued, left, formerLeft, now, HashTreePSet.empty());
        }

        QueueSide stays(Limit.Kind limit) {
            return new QueueSide(enqueued, left, formerLeft, limits, stays.plus(limit));
        }

        /** Of what the queue knows of the call, nothing is known. */
        QueueSide unheard() {
            return new QueueSide(false, false, formerLeft, limits, stays);
        }

        /** It is another queue now. One that was left before has to confirm it anew when it is left again. */
        QueueSide elsewhere(String queueId) {
            return new QueueSide(false, false, formerLeft.minus(queueId), List.of(), HashTreePSet.empty());
        }
    }

    /**
     * @param stock the box has said what it has of the call
     * @param awaySince null while the box can be reached
     * @param deletedSince since when the box is not in the configuration by its telephony node's word; null while it is
     * @param beatAt when the box was last told that the call lives; null when not yet
     */
    record BoxSide(boolean stock, Instant awaySince, Instant deletedSince, Instant beatAt) {
        static final BoxSide UNKNOWN = new BoxSide(false, null, null, null);

        BoxSide reached() {
            return new BoxSide(true, null, null, beatAt);
        }

        /** Nobody can say what it has. */
        BoxSide away(Instant now) {
            return new BoxSide(false, away() ? awaySince : now, deletedSince, beatAt);
        }

        BoxSide configured(boolean is, Instant now) {
            var since = deletedSince == null ? now : deletedSince;
            return new BoxSide(stock, awaySince, is ? null : since, beatAt);
        }

        BoxSide beaten(Instant now) {
            return new BoxSide(stock, awaySince, deletedSince, now);
        }

        boolean away() {
            return awaySince != null;
        }
    }

    /**
     * @param settings of the queue, as they were when last looked at
     * @param next when they are to be told next; null when not
     * @param askedAt when the queue was asked for their place; null once it has answered
     * @param playing what they are hearing of it; null when nothing
     * @param told the best position in this queue they have heard
     */
    record Telling(Optional<Announce> settings, Instant next, Instant askedAt, Playing playing, int told) {
        static final Telling NOTHING = new Telling(Optional.empty(), null, null, null, Integer.MAX_VALUE);

        /** After a crash they are told when it is due next, not at once. */
        Telling settings(Optional<Announce> now, Instant enteredAt, Instant at) {
            return new Telling(now, now.map(some -> due(some, enteredAt, at)).orElse(null), null, playing, told);
        }

        private static Instant due(Announce settings, Instant enteredAt, Instant at) {
            var first = enteredAt.plus(settings.first());
            if (!first.isBefore(at)) {
                return first;
            }
            long every = settings.every().toMillis();
            return first.plusMillis((Duration.between(first, at).toMillis() / every + 1) * every);
        }

        Telling asked(Instant at, Instant newNext) {
            return new Telling(settings, newNext, at, playing, told);
        }

        Telling answered() {
            return new Telling(settings, next, null, playing, told);
        }

        Telling playing(Playing newPlaying, int newTold) {
            return new Telling(settings, next, askedAt, newPlaying, newTold);
        }

        Telling silent() {
            return playing(null, told);
        }
    }

    /** @param sounds with commas between them */
    record Playing(String playbackId, String sounds, String language) {}

    Contact with(Telling newTelling) {
        return new Contact(caller, agents, queue, box, newTelling, overNoted, gone);
    }

    AgentSide agent(String offerId) {
        return agents.getOrDefault(offerId, AgentSide.NEW);
    }

    Contact with(CallerSide side) {
        return new Contact(side, agents, queue, box, telling, overNoted, gone);
    }

    Contact with(String offerId, AgentSide side) {
        return new Contact(caller, agents.plus(offerId, side), queue, box, telling, overNoted, gone);
    }

    Contact with(QueueSide side) {
        return new Contact(caller, agents, side, box, telling, overNoted, gone);
    }

    Contact with(BoxSide side) {
        return new Contact(caller, agents, queue, side, telling, overNoted, gone);
    }

    /** The offer is not under way any more. */
    Contact over(String offerId) {
        return new Contact(caller, agents.minus(offerId), queue, box, telling, overNoted, gone);
    }

    Contact overNoted(String offerId) {
        return new Contact(caller, agents, queue, box, telling, overNoted.plus(offerId), gone);
    }

    Contact gone(String legId) {
        return new Contact(caller, agents, queue, box, telling, overNoted, gone.plus(legId));
    }
}
