package dev.carillon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.DirectoryChange;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.AgentStatus;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueCommand.Today;
import dev.carillon.protocol.queue.QueueEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A queue asks its agents in the order of their ranks, and its reserves last: as the directory says it of each of them. */
class ListsAndReservesTest {

    private static final Directory LIST = ordered(
            agent("ann", Map.of("sales", 2, "support", 1), Set.of()),
            agent("bob", Map.of("sales", 1, "support", 9), Set.of("support")),
            agent("cy", Map.of(), Set.of()));

    private static final Directory WITH_RESERVE = ordered(
            agent("ann", Map.of(), Set.of()),
            agent("bob", Map.of(), Set.of("sales")),
            agent("cy", Map.of(), Set.of("support")));

    private final Scenario<QueueCommand, QueueEvent, QueueState> sales =
            new Scenario<>(new QueueDecider(), "sales", LIST);

    @Test
    void asksByTheRanksInThisQueueWhoeverIsIdleForLonger() {
        sales.given(ready("cy", 0)).given(ready("ann", 10)).given(ready("bob", 20));

        assertThat(bidTo(enqueue("c1"))).containsExactly("bob");
        assertThat(bidTo(enqueue("c2"))).containsExactly("ann");
        assertThat(bidTo(enqueue("c3"))).as("without a rank").containsExactly("cy");
    }

    @Test
    void asksByAnotherRankAlsoWhenTheAgentHasSaidHowTheyStandBeforeItWasKnownHere() {
        sales.given(ready("cy", 0)).given(ready("ann", 10)).given(ready("bob", 20));

        changed(
                LIST,
                ordered(LIST.agents().get("ann"), LIST.agents().get("bob"), agent("cy", Map.of("sales", 1), Set.of())));

        assertThat(bidTo(enqueue("c1"))).as("idle for longer than bob").containsExactly("cy");
    }

    @Test
    void doesNotAskAReserveWhileAnotherIsAtWork() {
        sales.configured(WITH_RESERVE).given(occupied("ann")).given(ready("bob", 0));
        assertThat(bidTo(enqueue("c1"))).isEmpty();

        assertThat(bidTo(ready("cy", 10))).as("reserve of another queue").containsExactly("cy");
    }

    @Test
    void asksWhoIsAReserveNoLongerForACallThatWaitsAlready() {
        sales.configured(WITH_RESERVE).given(occupied("ann")).given(ready("bob", 0));
        sales.given(enqueue("c1"));

        changed(
                WITH_RESERVE,
                ordered(
                        WITH_RESERVE.agents().get("ann"),
                        agent("bob", Map.of(), Set.of()),
                        WITH_RESERVE.agents().get("cy")));

        assertThat(bids()).containsExactly("bob");
    }

    /** The node of the queue hears of it, and tells the queue if it is concerned. */
    private void changed(Directory before, Directory after) {
        sales.configured(after);
        assertThat(DirectoryChange.between(before, after).queues()).containsExactly("sales");
        sales.when(new QueueCommand.ConfigurationChanged());
    }

    private List<String> bidTo(QueueCommand command) {
        sales.when(command);
        return bids();
    }

    private List<String> bids() {
        return sales.said().stream()
                .filter(said -> said instanceof Output.ToAgent to && to.command() instanceof AgentCommand.Bid)
                .map(said -> ((Output.ToAgent) said).agentId())
                .toList();
    }

    private static Directory ordered(Directory.Agent... agents) {
        // One who waits is not enough to have reserves asked while somebody is at work.
        var routing = new Routing(
                Strategy.ORDERED,
                Steps.ANYONE,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(60),
                Duration.ofSeconds(120),
                Duration.ZERO);
        return new Directory(
                Stream.of("sales", "support")
                        .map(id -> new Directory.Queue(id, id, routing, Handling.PLAIN, Waiting.PLAIN))
                        .collect(Collectors.toMap(Directory.Queue::id, Function.identity())),
                Stream.of(agents).collect(Collectors.toMap(Directory.Agent::id, Function.identity())),
                Map.of(),
                Map.of());
    }

    private static Directory.Agent agent(String id, Map<String, Integer> ranks, Set<String> reserveOf) {
        return new Directory.Agent(id, id, List.of("sales", "support"), Map.of(), reserveOf, ranks);
    }

    private static QueueCommand enqueue(String callId) {
        return new QueueCommand.Enqueue(callId, "box1", 5, Scenario.START, "", 0);
    }

    private static AgentStatus ready(String agentId, long idleSince) {
        return new AgentStatus(agentId, 1, Presence.READY, Instant.ofEpochSecond(idleSince), "box1", Today.NONE);
    }

    private static AgentStatus occupied(String agentId) {
        return new AgentStatus(agentId, 1, Presence.OCCUPIED, null, null, Today.NONE);
    }
}
