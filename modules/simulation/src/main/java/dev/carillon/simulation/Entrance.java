package dev.carillon.simulation;

import dev.carillon.core.Directory;
import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.protocol.call.CallArrived;
import java.util.Comparator;
import java.util.Optional;

/**
 * Where a caller is to go first, by the simulation's own reading of numbers, rules and lists.
 *
 * @param busy hears busy, and goes nowhere
 * @param queueId empty for nowhere
 * @param agentId who is to have them first; empty for nobody in particular
 */
record Entrance(boolean busy, String queueId, int priority, String agentId) {

    private static final Entrance BUSY = new Entrance(true, "", 0, "");
    private static final int MOST_IMPORTANT = 10;

    /** @param known what the node of the call knew when it arrived */
    static Entrance of(Directory known, CallArrived arrived) {
        var entry = Optional.ofNullable(known.inbound().callers().get(arrived.getCallerNumber()));
        if (entry.filter(caller -> caller.list() == CallerList.BLACKLIST).isPresent()) {
            return BUSY;
        }
        var rule = known.inbound().rules().stream()
                .filter(some -> some.active() && holds(some, arrived))
                .min(Comparator.comparing((Rule some) -> some.forced() ? 0 : 1).thenComparing(Rule::order));
        var target = rule.map(Rule::target);
        if (target.filter(Treatment.HearsBusy.class::isInstance).isPresent()) {
            return BUSY;
        }
        var byRule = target.filter(Treatment.ToQueue.class::isInstance).map(Treatment.ToQueue.class::cast);
        var byNumber = known.number(arrived.getDialledNumber());
        var queueId = byRule.map(Treatment.ToQueue::queueId).or(() -> byNumber.map(number -> number.queueId()));
        int priority = byRule.map(Treatment.ToQueue::priority)
                .or(() -> byNumber.map(number -> number.priority()))
                .orElse(-1);
        // Who was put through to a number first has been where a rule wanted them.
        boolean elsewhere = rule.filter(Rule::forced).isPresent()
                || target.filter(Treatment.ToNumber.class::isInstance).isPresent();
        return new Entrance(
                false,
                queueId.orElse(""),
                entry.isPresent() ? MOST_IMPORTANT : priority,
                elsewhere ? "" : entry.map(vip -> vip.agentId()).orElse(""));
    }

    /** In a history, rules look at numbers only, and at whole ones. */
    private static boolean holds(Rule rule, CallArrived arrived) {
        return holds(rule.when().dialled(), arrived.getDialledNumber())
                && holds(rule.when().caller(), arrived.getCallerNumber());
    }

    private static boolean holds(Rule.Numbers numbers, String number) {
        return numbers.exact().isEmpty() || numbers.exact().contains(number);
    }
}
