package dev.carillon.core.queue;

import dev.carillon.core.routing.ReadyAgent;
import java.time.Instant;

/**
 * One agent, as the queue sees them.
 *
 * @param joined durable: logged in and serving this queue
 * @param version of the newest status known; -1 when none is
 * @param standing soft, like all that follows
 * @param idleSince when ready
 * @param boxId when ready: where their seat is
 * @param steps the queue's steps whose calls they may have by their skills, as bits
 * @param askedAt when this queue last asked them to take a call; {@link Instant#EPOCH} when not since it came to life
 */
record Member(
        String agentId,
        boolean joined,
        long version,
        Standing standing,
        Instant idleSince,
        String boxId,
        long steps,
        Instant askedAt) {

    enum Standing {
        /** Not heard of since the queue came to life, or did not answer: must be asked. */
        UNKNOWN,
        ABSENT,
        NOT_READY,
        OCCUPIED,
        READY,
        /** Ready, and asked to take a call. */
        ASKED
    }

    static Member unknown(String agentId) {
        return new Member(agentId, false, -1, Standing.ABSENT, null, null, 0, Instant.EPOCH);
    }

    Member joined(boolean isJoined) {
        return new Member(
                agentId, isJoined, version, isJoined ? Standing.UNKNOWN : Standing.ABSENT, null, null, steps, askedAt);
    }

    Member ready(long atVersion, Instant idle, String box) {
        return new Member(agentId, joined, atVersion, Standing.READY, idle, box, steps, askedAt);
    }

    Member standing(Standing now, long atVersion) {
        return new Member(agentId, joined, atVersion, now, idleSince, boxId, steps, askedAt);
    }

    /** To take a call. */
    Member asked(Instant now) {
        return new Member(agentId, joined, version, Standing.ASKED, idleSince, boxId, steps, now);
    }

    Member meeting(long newSteps) {
        return new Member(agentId, joined, version, standing, idleSince, boxId, newSteps, askedAt);
    }

    /** Has a call or work after one, or is ready for one. */
    boolean works() {
        return standing == Standing.OCCUPIED || standing == Standing.READY || standing == Standing.ASKED;
    }

    ReadyAgent asReady() {
        return ReadyAgent.of(agentId, idleSince, askedAt, version);
    }
}
