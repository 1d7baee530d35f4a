package dev.carillon.api;

import dev.carillon.core.inbound.Treatment.HearsAnnouncement;
import dev.carillon.core.inbound.Treatment.ToAgent;
import dev.carillon.core.inbound.Treatment.ToNumber;
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
        String agentId,
        Integer agentSeconds,
        String number,
        Integer ringSeconds,
        String sound,
        String decidedBy,
        String ruleId,
        String callerList,
        List<String> explanation) {

    static InboundTrialBody of(Verdict verdict, Instant at, ZoneId zone) {
        var agent = verdict.treatment() instanceof ToAgent target ? target : null;
        var number = verdict.treatment() instanceof ToNumber target ? target : null;
        var announcement = verdict.treatment() instanceof HearsAnnouncement target ? target : null;
        var queue = InboundRuleOperations.queue(verdict.treatment());
        return new InboundTrialBody(
                at,
                zone.getId(),
                InboundRuleOperations.action(verdict.treatment()),
                queue == null ? null : Words.orNull(queue.queueId()),
                queue == null ? null : queue.priority(),
                queue == null ? null : queue.greeting(),
                agent == null ? null : agent.agentId(),
                agent == null ? null : agent.seconds(),
                number == null ? null : number.number(),
                number == null ? null : number.seconds(),
                announcement == null ? null : announcement.sound(),
                Words.of(verdict.by()),
                Words.orNull(verdict.ruleId()),
                verdict.entry().map(entry -> Words.of(entry.list())).orElse(null),
                verdict.explanation());
    }
}
