package dev.carillon.readmodel;

import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.store.CallRecord;
import java.time.Instant;

/** The record of a call, made of its last event alone. */
final class CallRecordRows {

    private CallRecordRows() {}

    /**
     * @throws IllegalArgumentException when no record can be made of it: it does not end a call, names none, or says something
     *     that only a newer version understands
     */
    static CallRecord from(CallEvent event) {
        if (!event.hasEnded()) {
            throw new IllegalArgumentException("the event " + event.getEventCase() + " does not end a call");
        }
        var ended = event.getEnded();
        if (ended.getCallId().isEmpty()) {
            throw new IllegalArgumentException("the event does not say which call ended");
        }
        return new CallRecord(
                text(ended.getCallId()),
                text(ended.getBoxId()),
                text(ended.getCallerNumber()),
                text(ended.getCallerName()),
                text(ended.getDialledNumber()),
                text(ended.getQueueId()),
                ended.getPriority(),
                text(ended.getAgentId()),
                text(ended.getSeatId()),
                Instant.ofEpochMilli(ended.getArrivedMs()),
                timeOrNull(ended.getQueuedMs()),
                timeOrNull(ended.getAnsweredMs()),
                Instant.ofEpochMilli(ended.getEndedMs()),
                waitMs(ended),
                talkMs(ended),
                ended.getOffers(),
                outcome(ended),
                endedBy(ended),
                ended.getWhileRinging(),
                ended.getQ850Cause(),
                text(ended.getFirstQueueId()),
                leftBy(ended),
                text(ended.getLeftTo()),
                text(ended.getRuleId()),
                "");
    }

    private static long waitMs(CallEnded ended) {
        if (ended.getQueuedMs() == 0) {
            return 0;
        }
        var left = ended.getLeftMs() == 0 ? ended.getEndedMs() : ended.getLeftMs();
        return span(ended.getQueuedMs(), ended.getAnsweredMs() == 0 ? left : ended.getAnsweredMs());
    }

    private static long talkMs(CallEnded ended) {
        return ended.getAnsweredMs() == 0 ? 0 : span(ended.getAnsweredMs(), ended.getEndedMs());
    }

    /** Times may come from different nodes, whose clocks differ a little: a span is never negative for that. */
    private static long span(long fromMs, long toMs) {
        return Math.max(0, toMs - fromMs);
    }

    private static Instant timeOrNull(long ms) {
        return ms == 0 ? null : Instant.ofEpochMilli(ms);
    }

    /** What callers send is not always text: PostgreSQL cannot store the character 0. */
    static String text(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
    }

    private static String outcome(CallEnded ended) {
        if (ended.getOutcome() == CallOutcome.UNRECOGNIZED) {
            throw new IllegalArgumentException(
                    "the outcome " + ended.getOutcomeValue() + " is not known to this version: a newer one wrote it");
        }
        return ended.getOutcome().name();
    }

    private static String leftBy(CallEnded ended) {
        return switch (ended.getLeftBy()) {
            case LEFT_BY_UNSPECIFIED -> "";
                // The record is good all the same; where to is in left_to.
            case UNRECOGNIZED -> "OTHER";
            case LONGEST_WAIT, NOBODY_LOGGED_IN, NOBODY_READY, LONGEST_LINE, KEY, DECISION -> ended.getLeftBy()
                    .name();
        };
    }

    private static String endedBy(CallEnded ended) {
        if (ended.getEndedBy() == EndedBy.UNRECOGNIZED) {
            throw new IllegalArgumentException("who ended the call (" + ended.getEndedByValue()
                    + ") is not known to this version: a newer one wrote it");
        }
        return ended.getEndedBy().name();
    }
}
