package dev.carillon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Timing;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.AgentStatus;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueCommand.Today;
import dev.carillon.protocol.queue.QueueEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A queue that rings all who are ready: ann, idle for longer, and bob. */
class RingAllTest {

    private final Scenario<QueueCommand, QueueEvent, QueueState> sales =
            new Scenario<>(new QueueDecider(), "sales", ringAll());

    @BeforeEach
    void bothAreAsked() {
        sales.given(ready("ann", 1, 0)).given(ready("bob", 1, 5)).given(enqueue("c1", 1));
    }

    @Test
    void asksEverybodyWhoIsReady() {
        assertThat(asked()).containsExactly("ann id1", "bob id2");
    }

    @Test
    void hasEachOfThemRungForTheSameTurn() {
        assertThat(sales.when(reserved("id2", "bob")).said()).containsExactly(connect("id2", "bob"));
        sales.given(new QueueCommand.OfferAccepted("c1", "id2", 1));

        assertThat(sales.when(reserved("id1", "ann")).said()).containsExactly(connect("id1", "ann"));
        assertThat(sales.when(reserved("id1", "ann")).said())
                .as("said again, it changes nothing")
                .isEmpty();
    }

    @Test
    void followsAnotherWhenTheFirstRefuses() {
        sales.when(new QueueCommand.Refused("id1", "c1", "ann", 2));
        assertThat(asked()).isEmpty();

        assertThat(sales.when(reserved("id2", "bob")).said())
                .as("now alone")
                .containsExactly(
                        new Output.ToCall("c1", new CallCommand.Connect("sales", "id2", 0, "bob", seat("bob"), false)));
    }

    @Test
    void asksAnewWhenAllHaveRefused() {
        sales.given(new QueueCommand.Refused("id1", "c1", "ann", 2))
                .given(new QueueCommand.Refused("id2", "c1", "bob", 2));

        sales.when(ready("ann", 3, 9));
        assertThat(asked()).containsExactly("ann id3");
    }

    @Test
    void letsGoOfWhoAnswersAfterTheCallHasLeft() {
        sales.given(reserved("id1", "ann")).given(new QueueCommand.Leave("c1", LeaveReason.CONNECTED, 1, "ann"));

        assertThat(sales.when(reserved("id2", "bob")).said())
                .containsExactly(new Output.ToAgent("bob", new AgentCommand.ReleaseReservation("id2")));
    }

    @Test
    void doesNotLoseAnAgentWhoDoesNotAnswerWhileAnotherRings() {
        sales.given(reserved("id1", "ann")).given(new QueueCommand.OfferAccepted("c1", "id1", 1));
        sales.pass(Timing.BID_LEASE.plus(Timing.REPEAT));

        assertThat(sales.said()).contains(new Output.ToAgent("bob", new AgentCommand.TellStatus("sales")));
        sales.given(enqueue("c2", 2)).when(ready("bob", 1, 5));
        assertThat(asked()).containsExactly("bob id3");
    }

    @Test
    void asksWhoIsLeftWhenNobodyAnswersInTime() {
        sales.pass(Timing.BID_LEASE.plus(Timing.REPEAT));
        assertThat(sales.said())
                .contains(
                        new Output.ToAgent("ann", new AgentCommand.TellStatus("sales")),
                        new Output.ToAgent("bob", new AgentCommand.TellStatus("sales")));

        sales.when(ready("ann", 1, 0));
        assertThat(asked()).containsExactly("ann id3");
        assertThat(sales.when(reserved("id2", "bob")).said())
                .as("too late for the offer of before")
                .containsExactly(new Output.ToAgent("bob", new AgentCommand.ReleaseReservation("id2")));
    }

    private List<String> asked() {
        return sales.said().stream()
                .filter(said -> said instanceof Output.ToAgent to && to.command() instanceof AgentCommand.Bid)
                .map(Output.ToAgent.class::cast)
                .map(to -> to.agentId() + " " + ((AgentCommand.Bid) to.command()).offerId())
                .toList();
    }

    private static Directory ringAll() {
        var before = Scenario.directory();
        var queue = new Directory.Queue(
                "sales", "Sales", Routing.by(Strategy.RING_ALL), new Handling(20, 30), Waiting.PLAIN);
        return new Directory(Map.of("sales", queue), before.agents(), before.numbers(), before.seats());
    }

    private static QueueCommand enqueue(String callId, long since) {
        return new QueueCommand.Enqueue(callId, "box1", 5, Instant.ofEpochSecond(since), "", 0);
    }

    private static AgentStatus ready(String agentId, long version, long idleSince) {
        return new AgentStatus(agentId, version, Presence.READY, Instant.ofEpochSecond(idleSince), "box1", Today.NONE);
    }

    private static QueueCommand reserved(String offerId, String agentId) {
        return new QueueCommand.Reserved(offerId, "c1", agentId, seat(agentId), 2);
    }

    private static Seat seat(String agentId) {
        return new Seat("seat-" + agentId, "box1", "PJSIP/" + agentId);
    }

    private static Output connect(String offerId, String agentId) {
        return new Output.ToCall("c1", new CallCommand.Connect("sales", offerId, 0, agentId, seat(agentId), true));
    }
}
