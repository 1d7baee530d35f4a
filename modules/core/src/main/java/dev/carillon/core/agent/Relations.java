package dev.carillon.core.agent;

import dev.carillon.protocol.agent.AgentCommand.Bid;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What the agent knows of others, and they of the agent. All of it is lost in a crash.
 *
 * @param told by queue: the last status said to it
 * @param round the bids being collected after becoming ready; null when the first bid that comes is taken
 * @param seenAt the last sign of life of the agent's desktop; null when none was heard since the last crash
 * @param dayEnds when what queues were told of the agent's day is no longer so; null when they were told nothing of the kind
 * @param over the last offers that are over by the call's word or void by the agent's, oldest first: what else is heard of them is late
 * @param seatChange until when they are expected at another seat, and are given nothing; null when they are not
 * @param seatAnswered whether the seat has said what it knows of its phone since they are there
 */
record Relations(
        PMap<String, Told> told,
        Round round,
        Instant seenAt,
        Instant dayEnds,
        PVector<String> over,
        Instant seatChange,
        boolean seatAnswered) {

    static final Relations NONE =
            new Relations(HashTreePMap.empty(), null, null, null, TreePVector.empty(), null, false);

    /** More offers than one agent can have while a message is under way. */
    private static final int OVER_KEPT = 8;

    /**
     * @param worksFor when occupied: whose call they have, or work after; null otherwise
     * @param unitsLeft beside the contacts that go on
     */
    record Told(Presence presence, String worksFor, int unitsLeft, long version, boolean acknowledged) {

        Told noted() {
            return new Told(presence, worksFor, unitsLeft, version, true);
        }

        /** Whether somebody who was told that could offer something. */
        boolean invites() {
            return presence == Presence.READY || unitsLeft > 0;
        }
    }

    /**
     * The bids of several queues, being collected.
     *
     * @param open queues that have not answered yet
     * @param best the best bid so far; null while there is none
     */
    record Round(PSet<String> open, Bid best, Instant until) {

        /** No queue has it as its id, so none closes it. */
        private static final String NO_QUEUE = "";

        /**
         * One that ends then and not earlier; with a bid already, when it was going to.
         *
         * @param round the present one; null for none
         */
        static Round held(Round round, Instant until) {
            if (round == null) {
                return over(List.of(NO_QUEUE), null, until);
            }
            return new Round(round.open.plus(NO_QUEUE), round.best, round.best == null ? until : round.until);
        }

        static Round over(Collection<String> queues, Bid best, Instant until) {
            return new Round(HashTreePSet.from(queues), best, until);
        }

        boolean isHeld() {
            return open.contains(NO_QUEUE);
        }

        Round without(String queueId) {
            return new Round(open.minus(queueId), best, until);
        }

        Round with(Bid bid) {
            return new Round(open, bid, until);
        }
    }

    Relations tell(String queueId, Told status) {
        return new Relations(told.plus(queueId, status), round, seenAt, dayEnds, over, seatChange, seatAnswered);
    }

    Relations collecting(Round newRound) {
        return new Relations(told, newRound, seenAt, dayEnds, over, seatChange, seatAnswered);
    }

    Relations seen(Instant at) {
        return new Relations(told, round, at, dayEnds, over, seatChange, seatAnswered);
    }

    Relations changingSeat(Instant until) {
        return new Relations(told, round, seenAt, dayEnds, over, until, seatAnswered);
    }

    Relations over(String offerId) {
        if (over.contains(offerId)) {
            return this;
        }
        var kept = over.size() < OVER_KEPT ? over : over.minus(0);
        return new Relations(told, round, seenAt, dayEnds, kept.plus(offerId), seatChange, seatAnswered);
    }

    Relations dayEnds(Instant at) {
        return new Relations(told, round, seenAt, at, over, seatChange, seatAnswered);
    }

    Relations heardOfSeat() {
        return new Relations(told, round, seenAt, dayEnds, over, seatChange, true);
    }

    Relations leftSeat() {
        return new Relations(told, round, null, dayEnds, over, null, false);
    }

    /** Nothing is being collected, and nobody was told of the day. */
    Relations fresh() {
        return new Relations(told, null, seenAt, null, over, seatChange, seatAnswered);
    }
}
