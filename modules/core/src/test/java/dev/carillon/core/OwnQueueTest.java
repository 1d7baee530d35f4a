package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.agent.Handling;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.InboundRules;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Treatment.ToAgent;
import dev.carillon.core.inbound.Treatment.ToQueue;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OwnQueueTest {

    private static final Target TO_BOB = new Target.ToAgent("bob", 20);

    static Stream<Directory> leadingToBob() {
        var none = InboundRules.NONE;
        var rule = new Rule(
                "r", "R", 1, true, false, Rule.When.ALWAYS, new ToAgent("bob", 30, new ToQueue("sales", 5, "")));
        var vip = new CallerEntry("+49", CallerList.VIP, true, "", "bob", 30);
        return Stream.of(
                with(List.of(new Limit(Limit.Kind.NOBODY_READY, 5, TO_BOB)), Optional.empty(), none),
                with(List.of(), Optional.of(new LeaveKey("*", TO_BOB)), none),
                with(List.of(), Optional.empty(), inbound(List.of(rule), Map.of())),
                with(List.of(), Optional.empty(), inbound(List.of(), Map.of("+49", vip))));
    }

    @ParameterizedTest
    @MethodSource("leadingToBob")
    void isServedByItsAgentAloneOnceSomethingLeadsToThem(Directory directory) {
        assertThat(directory.queuesOf("bob")).containsExactly("sales", "agent/bob");
        assertThat(directory.serves("bob", "agent/bob")).isTrue();
        assertThat(directory.queuesOf("ann")).containsExactly("sales", "support");
        assertThat(directory.serves("ann", "agent/bob")).isFalse();
        assertThat(directory.agents().get("bob").queueIds()).as("as configured").containsExactly("sales");
    }

    @Test
    void isNotThereForAgentsToWhomNothingLeads() {
        var directory = Scenario.directory();
        assertThat(directory.queuesOf("bob")).containsExactly("sales");
        assertThat(directory.queues()).doesNotContainKey("agent/bob");
    }

    @Test
    void hasAWayOutForWhoeverWaitsTooLongOrForNobody() {
        var limits = Scenario.directory().queue("agent/bob").waiting().limits();
        assertThat(limits)
                .containsExactlyInAnyOrder(
                        new Limit(Limit.Kind.LONGEST_WAIT, OwnQueue.SECONDS, new Target.Onward()),
                        new Limit(Limit.Kind.NOBODY_LOGGED_IN, 0, new Target.Onward()));
    }

    @Test
    void doesNotKeepItsAgentFromBeingLent() {
        var lends = new ServiceLevel(80, Duration.ofSeconds(20), List.of("support"));
        var sales = new Directory.Queue(
                "sales",
                "sales",
                Routing.PLAIN.with(Optional.of(lends)),
                Handling.PLAIN,
                new Waiting("default", "", List.of(), Optional.of(new LeaveKey("*", TO_BOB)), Optional.empty()));
        var support = new Directory.Queue(
                "support",
                "support",
                Routing.PLAIN.with(Optional.of(new ServiceLevel(80, Duration.ofSeconds(20)))),
                Handling.PLAIN,
                Waiting.PLAIN);
        var rest = Scenario.directory();
        var directory =
                new Directory(Map.of("sales", sales, "support", support), rest.agents(), rest.numbers(), rest.seats());

        assertThat(directory.lenders("bob", "support")).containsExactly("sales");
        assertThat(directory.queuesAround("bob")).containsExactly("sales", "agent/bob", "support");
        assertThat(directory.lenders("bob", "agent/bob")).isEmpty();
    }

    private static Directory with(List<Limit> limits, Optional<LeaveKey> key, InboundRules inbound) {
        var rest = Scenario.directory();
        var waiting = new Waiting("default", "", limits, key, Optional.empty());
        var sales = new Directory.Queue("sales", "sales", Routing.PLAIN, Handling.PLAIN, waiting);
        return new Directory(
                Map.of("sales", sales, "support", rest.queue("support")),
                rest.agents(),
                rest.numbers(),
                rest.seats(),
                inbound);
    }

    private static InboundRules inbound(List<Rule> rules, Map<String, CallerEntry> callers) {
        return new InboundRules(ZoneOffset.UTC, rules, Map.of(), callers);
    }
}
