package dev.carillon.store;

import java.time.Instant;

/**
 * The record of one call (话单). Names and meanings are those of {@code CallEnded} in {@code proto/carillon/call.proto}.
 *
 * @param queuedAt null when it never entered a queue
 * @param answeredAt null when nobody talked
 * @param waitMs from entering the queue until an agent answered or the call ended; 0 when it never entered one
 * @param talkMs from the agent's answer to the end; 0 when nobody talked
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
        int q850Cause) {}
