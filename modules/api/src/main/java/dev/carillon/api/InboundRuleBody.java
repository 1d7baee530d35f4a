package dev.carillon.api;

import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Treatment.HearsAnnouncement;
import dev.carillon.core.inbound.Treatment.ToAgent;
import dev.carillon.core.inbound.Treatment.ToNumber;
import dev.carillon.store.HoursText;
import java.util.Collection;
import java.util.List;

/** {@code InboundRule} of the contract. */
record InboundRuleBody(String id, Settings settings) {

    /** What concerns only callers who enter a queue, or go to one agent, a number or an announcement, is null for all others. */
    record Settings(
            String name,
            int order,
            boolean active,
            boolean forced,
            List<String> dialledNumbers,
            List<String> dialledPrefixes,
            List<String> callerNumbers,
            List<String> callerPrefixes,
            List<String> weekdays,
            List<String> hours,
            String onDaysOf,
            String notOnDaysOf,
            String action,
            String queueId,
            Integer priority,
            String greeting,
            String agentId,
            Integer agentSeconds,
            String number,
            Integer ringSeconds,
            String sound) {}

    static InboundRuleBody of(Rule rule) {
        var when = rule.when();
        var agent = rule.target() instanceof ToAgent target ? target : null;
        var number = rule.target() instanceof ToNumber target ? target : null;
        var announcement = rule.target() instanceof HearsAnnouncement target ? target : null;
        var queue = InboundRuleOperations.queue(rule.target());
        return new InboundRuleBody(
                rule.id(),
                new Settings(
                        rule.name(),
                        rule.order(),
                        rule.active(),
                        rule.forced(),
                        sorted(when.dialled().exact()),
                        sorted(when.dialled().prefixes()),
                        sorted(when.caller().exact()),
                        sorted(when.caller().prefixes()),
                        when.days().weekdays().stream()
                                .sorted()
                                .map(day -> Words.of(day))
                                .toList(),
                        when.hours().stream().map(HoursText::of).toList(),
                        Words.orNull(when.days().on()),
                        Words.orNull(when.days().notOn()),
                        InboundRuleOperations.action(rule.target()),
                        queue == null ? null : Words.orNull(queue.queueId()),
                        queue == null ? null : queue.priority(),
                        queue == null ? null : queue.greeting(),
                        agent == null ? null : agent.agentId(),
                        agent == null ? null : agent.seconds(),
                        number == null ? null : number.number(),
                        number == null ? null : number.seconds(),
                        announcement == null ? null : announcement.sound()));
    }

    private static List<String> sorted(Collection<String> texts) {
        return texts.stream().sorted().toList();
    }
}
