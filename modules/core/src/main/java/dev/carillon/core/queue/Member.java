package dev.carillon.core.queue;

import dev.carillon.core.routing.LongestIdle;
import java.time.Instant;

/**
 * One agent, as the queue sees them.
 *
 * @param joined durable: logged in and serving this queue
 * @param version of the newest status known; -1 when none is
 * @param standing soft, like all that follows
 * @param idleSince when ready
 * @param boxId when ready: where their seat is
 */
record Member(String agentId, boolean joined, long version, Standing standing, Instant idleSince, String boxId) {

    enum Standing {
        /** Not heard of since the queue came to life, or did not answer: must be asked. */
        UNKNOWN,
        ABSENT,
        OCCUPIED,
        READY,
        /** Ready, and asked to take a call. */
        ASKED
    }

    static Member unknown(String agentId) {
        return new Member(agentId, false, -1, Standing.ABSENT, null, null);
    }

    Member joined(boolean isJoined) {
        return new Member(agentId, isJoined, version, isJoined ? Standing.UNKNOWN : Standing.ABSENT, null, null);
    }

    Member ready(long atVersion, Instant idle, String box) {
        return new Member(agentId, joined, atVersion, Standing.READY, idle, box);
    }

    Member standing(Standing now, long atVersion) {
        return new Member(agentId, joined, atVersion, now, idleSince, boxId);
    }

    LongestIdle order() {
        return new LongestIdle(idleSince, agentId);
    }
}
