package dev.carillon.api;

import dev.carillon.store.CallRecord;
import java.time.Instant;

/** {@code CallRecord} of the contract. */
record CallRecordBody(
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
        long waitMillis,
        long talkMillis,
        int offers,
        String outcome,
        String endedBy,
        boolean whileRinging,
        int q850Cause,
        String firstQueueId,
        String leftBy,
        String leftTo,
        String ruleId,
        String wrapUpCode) {

    static CallRecordBody of(CallRecord record) {
        return new CallRecordBody(
                record.callId(),
                record.boxId(),
                Words.orNull(record.callerNumber()),
                Words.orNull(record.callerName()),
                Words.orNull(record.dialledNumber()),
                Words.orNull(record.queueId()),
                record.priority(),
                Words.orNull(record.agentId()),
                Words.orNull(record.seatId()),
                record.arrivedAt(),
                record.queuedAt(),
                record.answeredAt(),
                record.endedAt(),
                record.waitMs(),
                record.talkMs(),
                record.offers(),
                Words.of(record.outcome()),
                record.endedBy() == null || record.endedBy().isEmpty() ? "unknown" : Words.of(record.endedBy()),
                record.whileRinging(),
                record.q850Cause(),
                Words.orNull(record.firstQueueId()),
                record.leftBy().isEmpty() ? null : Words.of(record.leftBy()),
                Words.orNull(record.leftTo()),
                Words.orNull(record.ruleId()),
                Words.orNull(record.wrapUpCode()));
    }
}
