package dev.carillon.core.queue;

import dev.carillon.core.routing.ReadyAgent;
import dev.carillon.protocol.queue.QueueCommand.Today;
import java.time.Instant;
import java.util.Set;

/**
 * One agent, as the queue sees them: of its own, or of others that may lend them.
 *
 * @param joined durable: logged in, and serving this queue or one that may lend them
 * @param guest durable: the latter, as it was when they joined
 * @param version of the newest status known; -1 when none is
 * @param standing soft, like all that follows
 * @param work when occupied
 * @param idleSince when ready
 * @param boxId when ready: where their seat is
 * @param today when ready: what they have done today
 * @param fit what the configuration says of them here
 * @param askedAt when this queue last asked them to take a call; {@link Instant#EPOCH} when not since it came to life
 */
record Member(
        String agentId,
        boolean joined,
        boolean guest,
        long version,
        Standing standing,
        Work work,
        Instant idleSince,
        String boxId,
        Today today,
        Fit fit,
        Instant askedAt) {

    /**
     * @param steps the queue's steps whose calls they may have by their skills, as bits
     * @param own whether they serve the queue; who does not may be lent
     * @param reserve whether they are asked only when the queue calls for its reserves
     * @param rank their place in the queue's list
     * @param lenders the queues that must lend them; empty when they may not be lent, or are its own
     * @param known whether there is such an agent; of somebody who was deleted, or is newer than what this node has read, their own word counts
     */
    record Fit(long steps, boolean own, boolean reserve, int rank, Set<String> lenders, boolean known) {
        /** Whoever joined has been its own, unless the configuration says something else. */
        static final Fit NONE = new Fit(0, true, false, Integer.MAX_VALUE, Set.of(), true);
    }

    enum Standing {
        /** Not heard of since the queue came to life, or did not answer: must be asked. */
        UNKNOWN,
        ABSENT,
        NOT_READY,
        OCCUPIED,
        READY,
        /** Ready, and asked to take a call. */
        ASKED,
        /** Ready, and not to be asked: they have had as many calls lately as they may. */
        RESTING
    }

    /** Whose call an agent has, or works after. */
    enum Work {
        /** That of a queue which they serve, for all that is known. */
        ORDINARY,
        /** This queue's, which they do not serve. */
        BORROWED,
        /** That of a queue which they do not serve; they serve this one. */
        LENT
    }

    static Member unknown(String agentId) {
        return new Member(
                agentId,
                false,
                false,
                -1,
                Standing.ABSENT,
                Work.ORDINARY,
                null,
                null,
                Today.NONE,
                Fit.NONE,
                Instant.EPOCH);
    }

    Member joined(boolean isJoined, boolean asGuest) {
        return new Member(
                agentId,
                isJoined,
                asGuest,
                version,
                isJoined ? Standing.UNKNOWN : Standing.ABSENT,
                Work.ORDINARY,
                null,
                null,
                Today.NONE,
                fit,
                askedAt);
    }

    Member ready(long atVersion, Instant idle, String box, Today soFar) {
        return new Member(
                agentId, joined, guest, atVersion, Standing.READY, Work.ORDINARY, idle, box, soFar, fit, askedAt);
    }

    Member standing(Standing now, long atVersion) {
        boolean worksOn = now == Standing.OCCUPIED && standing == Standing.OCCUPIED;
        return with(now, worksOn ? work : Work.ORDINARY, atVersion);
    }

    Member occupied(Work with, long atVersion) {
        return with(Standing.OCCUPIED, with, atVersion);
    }

    private Member with(Standing now, Work newWork, long atVersion) {
        return new Member(agentId, joined, guest, atVersion, now, newWork, idleSince, boxId, today, fit, askedAt);
    }

    /** To take a call. */
    Member asked(Instant now) {
        return new Member(
                agentId, joined, guest, version, Standing.ASKED, Work.ORDINARY, idleSince, boxId, today, fit, now);
    }

    Member fit(Fit newFit) {
        return new Member(agentId, joined, guest, version, standing, work, idleSince, boxId, today, newFit, askedAt);
    }

    boolean meets(int step) {
        return (own() || isGuest()) && (fit.steps() & 1L << step) != 0;
    }

    /**
     * Nothing is known of them, or they joined as what they are not any more: one of its own who was deleted or does not serve the queue now, or a guest
     * who does or who cannot be lent. Only their own word takes them out of it, and they need not have anything new to tell.
     */
    boolean mustBeAsked() {
        return standing == Standing.UNKNOWN || (joined && !(fit.known() && (guest ? isGuest() : own())));
    }

    /** Serves this queue. */
    boolean own() {
        return fit.own();
    }

    /** Of other queues, all of which lend to this one. */
    boolean isGuest() {
        return !fit.own() && !fit.lenders().isEmpty();
    }

    Set<String> lenders() {
        return fit.lenders();
    }

    /** Is ready, and may have calls of this queue, if others lend them. */
    boolean isReadyGuest() {
        return isGuest() && standing == Standing.READY && fit.steps() != 0;
    }

    boolean reserve() {
        return fit.reserve();
    }

    /** Has a call or work after one, or is ready for one. */
    boolean works() {
        return standing == Standing.OCCUPIED || standing == Standing.READY || standing == Standing.ASKED;
    }

    /** Whether a call that is for them alone may go on waiting for them. Who has not been heard of yet gets the benefit of the doubt. */
    boolean isWaitedFor() {
        return own() && (works() || standing == Standing.UNKNOWN);
    }

    ReadyAgent asReady() {
        return ReadyAgent.of(agentId, idleSince, askedAt, today, fit.rank(), version);
    }
}
