package dev.carillon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Context;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentCommand.Bid;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.AgentStatus;
import dev.carillon.protocol.queue.QueueCommand.Enqueue;
import dev.carillon.protocol.queue.QueueCommand.First;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls of which a decision hook is being asked, or has decided, as their queue treats them. */
class DecidedElsewhereTest {

    private static final Duration WHILE = Duration.ofSeconds(20);

    private final Scenario<QueueCommand, QueueEvent, QueueState> sales =
            new Scenario<>(new QueueDecider(), "sales", Scenario.directory());

    @Test
    void nobodyIsOfferedToACallThatIsHeldAndItKeepsItsPlace() {
        sales.given(held("c1", 0)).given(call("c2", 1));
        assertThat(agentOfNextBid(ready("ann", 1))).isEqualTo("ann takes c2");
        assertThat(waiting()).containsExactly("c1", "c2");
    }

    /** Else every decision would look like a queue whose agents do not keep up. */
    @Test
    void waitsForNoAgentWhileItIsHeld() {
        var decider = new QueueDecider();
        var context = new Context(Scenario.START.plusSeconds(2), Scenario.directory(), () -> "new");
        var one = decider.decide(decider.empty("sales"), call("c2", 1), context).state();
        var andHeld = decider.decide(one, held("c1", 0), context).state();
        assertThat(andHeld.waitingForAnAgent()).isEqualTo(1);
        assertThat(decider.decide(andHeld, decided("c1", 2, 5, null), context)
                        .state()
                        .waitingForAnAgent())
                .isEqualTo(2);
    }

    @Test
    void isOfferedAtOnceWhenItIsDecided() {
        sales.given(ready("ann", 1)).given(held("c1", 0));
        assertThat(agentOfNextBid(decided("c1", 2, 5, null))).isEqualTo("ann takes c1");
    }

    @Test
    void isNotHeldByAWordOfBefore() {
        sales.given(held("c1", 0)).given(decided("c1", 2, 5, null)).given(held("c1", 0));
        assertThat(agentOfNextBid(ready("ann", 1))).isEqualTo("ann takes c1");
    }

    @Test
    void isForOneAgentUntilTheTimeIsOver() {
        sales.given(ready("ann", 1)).given(ready("bob", 1)).given(occupied("bob", 2));
        assertThat(agentOfNextBid(decided("c1", 2, 5, first("bob")))).isEmpty();
        sales.pass(WHILE.minusMillis(1));
        assertThat(bids()).isEmpty();
        sales.pass(Duration.ofMillis(1));
        assertThat(bids()).isEqualTo("ann takes c1");
    }

    @Test
    void goesToThatAgentAsSoonAsTheyAreReady() {
        sales.given(ready("ann", 1)).given(ready("bob", 1)).given(occupied("bob", 2));
        sales.given(decided("c1", 2, 5, first("bob")));
        assertThat(agentOfNextBid(ready("bob", 3))).isEqualTo("bob takes c1");
    }

    @Test
    void isAnybodysWhileThatAgentIsNotAtWork() {
        sales.given(ready("ann", 1)).given(ready("bob", 1)).given(occupied("bob", 2));
        sales.given(decided("c1", 2, 5, first("bob")));
        assertThat(agentOfNextBid(new AgentStatus("bob", 3, Presence.NOT_READY, null, null, null)))
                .isEqualTo("ann takes c1");
    }

    @Test
    void anAgentWhomNobodyKnowsHoldsNobodyUp() {
        sales.given(ready("ann", 1));
        assertThat(agentOfNextBid(decided("c1", 2, 5, first("nobody")))).isEqualTo("ann takes c1");
    }

    @Test
    void comesBeforeOthersWithItsNewPriority() {
        sales.given(held("c1", 0)).given(held("c2", 1)).given(decided("c1", 2, 5, null));
        sales.given(decided("c2", 2, 9, null));
        assertThat(waiting()).containsExactly("c2", "c1");
        assertThat(agentOfNextBid(ready("ann", 1))).isEqualTo("ann takes c2");
        sales.crash().given(decided("c1", 2, 5, null)).given(decided("c2", 2, 9, null));
        assertThat(waiting()).as("after a crash").containsExactly("c2", "c1");
    }

    // Given.

    private First first(String agentId) {
        return new First(agentId, sales.now().plus(WHILE));
    }

    private static Enqueue call(String callId, int second) {
        return new Enqueue(callId, "box1", 5, Scenario.START.plusSeconds(second), "", 0);
    }

    private static Enqueue held(String callId, int second) {
        return new Enqueue(callId, "box1", 5, Scenario.START.plusSeconds(second), "", 0, true, null);
    }

    private static Enqueue decided(String callId, int round, int priority, First first) {
        return new Enqueue(callId, "box1", priority, Scenario.START, "", round, false, first);
    }

    private static AgentStatus ready(String agentId, long version) {
        return new AgentStatus(agentId, version, Presence.READY, Instant.EPOCH, "box1", null);
    }

    private static AgentStatus occupied(String agentId, long version) {
        return new AgentStatus(agentId, version, Presence.OCCUPIED, null, null, null);
    }

    // Then.

    private String agentOfNextBid(QueueCommand command) {
        sales.when(command);
        return bids();
    }

    private String bids() {
        return sales.said().stream()
                .filter(said -> said instanceof Output.ToAgent to && to.command() instanceof Bid)
                .map(Output.ToAgent.class::cast)
                .map(to -> to.agentId() + " takes " + callOf(to.command()))
                .reduce("", String::concat);
    }

    private static String callOf(AgentCommand command) {
        return ((Bid) command).callId();
    }

    private List<String> waiting() {
        sales.when(new QueueCommand.ListWaiting());
        return ((Reply.WaitingCalls) sales.reply())
                .calls().stream().map(Reply.WaitingCall::callId).toList();
    }
}
