package dev.carillon.store;

import java.time.Instant;

/**
 * The record of one call (话单). Names and meanings are those of {@code CallEnded} in {@code proto/carillon/call.proto}.
 *
 * @param queuedAt null when it never entered a queue
 * @param answeredAt null when nobody talked
 * @param waitMs from entering the first queue until an agent answered, the call left the last queue or ended; 0 when it never entered one
 * @param talkMs from the agent's answer to the end; 0 when nobody talked
 * @param firstQueueId where it entered when it was moved on to {@code queueId}; empty when it was not
 * @param leftBy why it left a queue last other than to one of its agents; empty when it did not, like {@code leftTo}
 * @param ruleId the inbound rule that decided when it arrived; empty when none did
 * @param wrapUpCode what the agent who talked has said of it so far; empty while nothing. All else is as it was when the call ended
 */
public record CallRecord(
        String callId,
        String boxId,
        String callerNumber,
        String callerName,
        String dialledNumber,
        String queueId,
        int priority,
        String agentId,
        String seatId,
        Instant arrivedAt,
        Instant queuedAt,
        Instant answeredAt,
        Instant endedAt,
        long waitMs,
        long talkMs,
        int offers,
        String outcome,
        String endedBy,
        boolean whileRinging,
        int q850Cause,
        String firstQueueId,
        String leftBy,
        String leftTo,
        String ruleId,
        String wrapUpCode) {}
