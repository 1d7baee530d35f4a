package dev.carillon.core.inbound;

import dev.carillon.core.inbound.CallerEntry.CallerList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a call, and why.
 *
 * @param by what decided
 * @param entry the caller's entry on a list
 * @param rule the rule that decided
 * @param passed the rules that were looked at before and did not hold, in order
 */
public record Verdict(
        Treatment treatment, By by, Optional<CallerEntry> entry, Optional<Rule> rule, List<Passed> passed) {

    public enum By {
        BLACKLIST,
        RULE,
        NUMBER
    }

    /** A rule that did not hold for the call, and what of it. */
    public record Passed(Rule rule, Unmet unmet) {}

    public enum Unmet {
        SWITCHED_OFF("it is switched off"),
        DIALLED("it is for other dialled numbers"),
        CALLER("it is for other callers"),
        WEEKDAY("it is for other weekdays"),
        ON("the day is not in the calendar it is for"),
        NOT_ON("the day is in a calendar it leaves out"),
        HOURS("it is for other hours");

        private final String words;

        Unmet(String words) {
            this.words = words;
        }
    }

    public Verdict {
        passed = List.copyOf(passed);
    }

    public String ruleId() {
        return rule.map(Rule::id).orElse("");
    }

    /** The way to the verdict in plain words, one sentence for each step. */
    public List<String> explanation() {
        var steps = new ArrayList<String>();
        entry.ifPresent(e -> steps.add(
                "The caller is on the " + word(e.list()) + " by " + (e.prefix() ? "the prefix " : "the number ")
                        + e.number() + (e.note().isEmpty() ? "." : " (" + e.note() + ").")));
        passed.forEach(p -> steps.add(name(p.rule()) + " does not hold: " + p.unmet().words + "."));
        switch (by) {
            case BLACKLIST -> steps.add("So the caller " + treatment.words() + ", before any rule is looked at.");
            case RULE -> steps.add(name(rule.orElseThrow()) + " holds, so the caller " + treatment.words() + ".");
            case NUMBER -> steps.add((entersAQueue()
                            ? "The dialled number by itself leads to a queue"
                            : "No rule holds, and the dialled number leads nowhere")
                    + ", so the caller " + treatment.words() + ".");
        }
        entry.filter(e -> e.list() == CallerList.VIP && entersAQueue()).ifPresent(vip -> {
            var first =
                    treatment instanceof Treatment.ToAgent to && to.agentId().equals(vip.agentId());
            steps.add(
                    first
                            ? "The priority and the agent are those of the VIP list."
                            : "The priority is that of the VIP list.");
            if (!vip.agentId().isEmpty() && !first) {
                steps.add("Their own agent " + vip.agentId() + " is passed over for the rule.");
            }
        });
        return steps;
    }

    private boolean entersAQueue() {
        return treatment instanceof Treatment.ToQueue
                || treatment instanceof Treatment.ToAgent
                || treatment instanceof Treatment.ToNumber;
    }

    private static String name(Rule rule) {
        return (rule.forced() ? "The forced rule " : "Rule ") + rule.id() + " (" + rule.name() + ")";
    }

    private static String word(CallerList list) {
        return switch (list) {
            case BLACKLIST -> "blacklist";
            case WHITELIST -> "whitelist";
            case VIP -> "VIP list";
        };
    }
}
