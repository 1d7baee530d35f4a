package dev.carillon.api;

import dev.carillon.core.inbound.Treatment;
import dev.carillon.core.inbound.Treatment.HearsBusy;
import dev.carillon.core.inbound.Treatment.ToQueue;
import dev.carillon.core.inbound.Treatment.TurnedAway;
import dev.carillon.core.inbound.Verdict;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** {@code InboundTrial} of the contract. */
record InboundTrialBody(
        Instant at,
        String timeZone,
        String action,
        String queueId,
        Integer priority,
        String greeting,
        String decidedBy,
        String ruleId,
        String callerList,
        List<String> explanation) {

    static InboundTrialBody of(Verdict verdict, Instant at, ZoneId zone) {
        var queue = verdict.treatment() instanceof ToQueue target ? target : null;
        return new InboundTrialBody(
                at,
                zone.getId(),
                action(verdict.treatment()),
                queue == null ? null : queue.queueId(),
                queue == null ? null : queue.priority(),
                queue == null ? null : queue.greeting(),
                Words.of(verdict.by()),
                Words.orNull(verdict.ruleId()),
                verdict.entry().map(entry -> Words.of(entry.list())).orElse(null),
                verdict.explanation());
    }

    private static String action(Treatment treatment) {
        if (treatment instanceof ToQueue) {
            return InboundRuleOperations.TO_QUEUE;
        }
        if (treatment instanceof HearsBusy) {
            return InboundRuleOperations.HEARS_BUSY;
        }
        return treatment instanceof TurnedAway ? InboundRuleOperations.TURNED_AWAY : InboundRuleOperations.UNALLOCATED;
    }
}
