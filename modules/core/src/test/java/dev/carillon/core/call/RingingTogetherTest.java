package dev.carillon.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Timing;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxEvent.BoxBack;
import dev.carillon.protocol.box.BoxEvent.LegAnswered;
import dev.carillon.protocol.box.BoxEvent.LegEnded;
import dev.carillon.protocol.box.BoxEvent.LegOffered;
import dev.carillon.protocol.box.BoxEvent.LegRinging;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallCommand.Connect;
import dev.carillon.protocol.call.CallCommand.FromBox;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStage;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.CallPhase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call of a queue that rings all: ann and bob are rung at the same time. */
class RingingTogetherTest {

    private static final String ANNS_LEG = "leg-id1";
    private static final String BOBS_LEG = "leg-id2";

    private final Scenario<CallCommand, CallEvent, CallState> call =
            new Scenario<>(new CallDecider(), "box1-7", Scenario.directory());

    @BeforeEach
    void waiting() {
        call.given(fromBox(new LegOffered("box1", "i1", "7", "+4930", "Cem", "100", Scenario.START)))
                .given(fromBox(new LegAnswered("7")))
                .given(fromBox(new BoxEvent.MusicStarted("7")))
                .given(new CallCommand.Enqueued("sales", 0));
    }

    @Test
    void ringsEachOfThem() {
        call.given(connect("o1", "ann")).when(connect("o2", "bob"));

        assertThat(call.said())
                .containsExactly(
                        box(new BoxCommand.RingSeat("box1-7", BOBS_LEG, "PJSIP/bob", "+4930", "Cem", 20)),
                        agent("bob", new AgentCommand.OfferRinging("o2", "box1-7", "sales")),
                        queue(new QueueCommand.OfferAccepted("box1-7", "o2", 1)));
        assertThat(phase()).isEqualTo(CallPhase.RINGING);
    }

    @Test
    void refusesWhoIsNotMeantToRingTogetherAndTellsWhoIsThatTheyAreTooLate() {
        call.given(connect("o1", "ann"));
        assertThat(call.when(new Connect("sales", "o2", 0, "bob", seat("bob"), false))
                        .said())
                .containsExactly(refused("o2"));
        assertThat(call.when(connect("o3", "ann")).said())
                .as("the phone of ann rings already")
                .containsExactly(refused("o3"), over("o3", "ann", "", OfferOutcome.WITHDRAWN));

        call.given(fromBox(new LegAnswered(ANNS_LEG)));
        assertThat(call.when(connect("o2", "bob")).said())
                .containsExactly(refused("o2"), over("o2", "bob", "", OfferOutcome.WITHDRAWN));
    }

    @Test
    void connectsWhoAnswersFirstAndStopsTheOthers() {
        bothRing();
        call.when(fromBox(new LegAnswered(BOBS_LEG)));

        assertThat(call.said())
                .contains(
                        box(new BoxCommand.Bridge("box1-7", "br-id3", List.of("7", BOBS_LEG))),
                        box(new BoxCommand.HangUp("box1-7", ANNS_LEG, EndCause.CANCELLED)),
                        agent("bob", new AgentCommand.OfferTalking("o2", "box1-7", "sales")));
        assertThat(call.view(View.OfCall.class).agentId()).isEqualTo("bob");

        call.when(fromBox(new LegEnded(ANNS_LEG, EndCause.CANCELLED, 26)));
        assertThat(call.said()).containsExactly(over("o1", "ann", "sales", OfferOutcome.ANSWERED_ELSEWHERE));
        assertThat(phase()).isEqualTo(CallPhase.TALKING);

        call.when(fromBox(new LegEnded("7", EndCause.NORMAL, 16)));
        assertThat(call.events()).singleElement().satisfies(event -> {
            assertThat(event.getEnded().getAgentId()).isEqualTo("bob");
            assertThat(event.getEnded().getOffers()).isEqualTo(2);
        });
    }

    @Test
    void doesNotConnectTheSecondToPickUp() {
        bothRing();
        call.given(fromBox(new LegAnswered(BOBS_LEG))).when(fromBox(new LegAnswered(ANNS_LEG)));

        assertThat(call.said()).containsExactly(box(new BoxCommand.HangUp("box1-7", ANNS_LEG, EndCause.CANCELLED)));
        assertThat(call.events()).isEmpty();
    }

    @Test
    void goesOnWhenOneDeclinesAndIsBackInLineWhenAllHave() {
        bothRing();
        call.when(fromBox(new LegEnded(ANNS_LEG, EndCause.REJECTED, 21)));
        assertThat(call.said()).containsExactly(over("o1", "ann", "sales", OfferOutcome.REFUSED));
        assertThat(phase()).isEqualTo(CallPhase.RINGING);

        call.when(fromBox(new LegEnded(BOBS_LEG, EndCause.NO_ANSWER, 19)));
        assertThat(call.said())
                .contains(
                        over("o2", "bob", "sales", OfferOutcome.UNANSWERED),
                        queue(new QueueCommand.Enqueue("box1-7", "box1", 5, Scenario.START, "+4930", 2)));
        assertThat(phase()).isEqualTo(CallPhase.WAITING);
    }

    @Test
    void doesNotRingWhoHasDeclinedAgainWhenTheQueueRepeatsItself() {
        bothRing();
        call.given(fromBox(new LegEnded(ANNS_LEG, EndCause.REJECTED, 21))).when(connect("o1", "ann"));

        assertThat(call.said()).containsExactly(refused("o1"), over("o1", "ann", "sales", OfferOutcome.REFUSED));
        assertThat(call.events()).isEmpty();
    }

    @Test
    void endsEachRingingByItsOwnTime() {
        call.given(connect("o1", "ann")).pass(Duration.ofSeconds(5)).given(connect("o2", "bob"));
        call.pass(Duration.ofSeconds(15).plus(Timing.RING_GRACE));
        assertThat(call.said())
                .contains(box(new BoxCommand.HangUp("box1-7", ANNS_LEG, EndCause.CANCELLED)))
                .doesNotContain(box(new BoxCommand.HangUp("box1-7", BOBS_LEG, EndCause.CANCELLED)));
    }

    @Test
    void tellsAllWhenTheCallerLeaves() {
        bothRing();
        call.when(fromBox(new LegEnded("7", EndCause.NORMAL, 16)));

        assertThat(call.said())
                .contains(
                        over("o1", "ann", "sales", OfferOutcome.CALLER_LEFT),
                        over("o2", "bob", "sales", OfferOutcome.CALLER_LEFT),
                        box(new BoxCommand.HangUp("box1-7", ANNS_LEG, EndCause.NORMAL)),
                        box(new BoxCommand.HangUp("box1-7", BOBS_LEG, EndCause.NORMAL)));
        call.given(new CallCommand.OfferNoted("o1", OfferStage.OVER));
        assertThat(call.owed())
                .doesNotContain(over("o1", "ann", "sales", OfferOutcome.CALLER_LEFT))
                .contains(over("o2", "bob", "sales", OfferOutcome.CALLER_LEFT));
    }

    @Test
    void stopsTheOthersAlsoWhenItHasCrashedAfterTheAnswer() {
        bothRing();
        call.given(fromBox(new LegAnswered(BOBS_LEG))).crash();
        call.when(fromBox(new BoxBack(
                "box1",
                "i1",
                List.of(
                        new Leg("7", Leg.State.UP),
                        new Leg(ANNS_LEG, Leg.State.RINGING),
                        new Leg(BOBS_LEG, Leg.State.UP)),
                List.of("7", BOBS_LEG))));

        assertThat(call.said()).contains(box(new BoxCommand.HangUp("box1-7", ANNS_LEG, EndCause.CANCELLED)));
        assertThat(phase()).isEqualTo(CallPhase.TALKING);
    }

    @Test
    void knowsAfterACrashWhoseRingingIsOver() {
        bothRing();
        call.crash();
        call.when(fromBox(new BoxBack(
                "box1", "i1", List.of(new Leg("7", Leg.State.UP), new Leg(ANNS_LEG, Leg.State.RINGING)), List.of())));
        call.pass(Duration.ofSeconds(20).plus(Timing.RING_GRACE));
        assertThat(call.said()).contains(box(new BoxCommand.HangUp("box1-7", ANNS_LEG, EndCause.CANCELLED)));

        call.when(fromBox(new BoxBack("box1", "i1", List.of(new Leg("7", Leg.State.UP)), List.of())));
        assertThat(phase()).isEqualTo(CallPhase.WAITING);
    }

    @Test
    void doesNotReviveWhoWasStoppedWhenTheTalkIsTakenBack() {
        bothRing();
        call.given(fromBox(new LegAnswered(BOBS_LEG)));
        call.when(new CallCommand.OfferVoid("o2", "bob"));
        assertThat(phase()).isEqualTo(CallPhase.RINGING);

        call.when(fromBox(new LegAnswered(ANNS_LEG)));
        assertThat(call.said()).containsExactly(box(new BoxCommand.HangUp("box1-7", ANNS_LEG, EndCause.CANCELLED)));

        call.when(fromBox(new LegEnded(ANNS_LEG, EndCause.NORMAL, 16)));
        assertThat(phase()).isEqualTo(CallPhase.WAITING);
    }

    private void bothRing() {
        call.given(connect("o1", "ann"))
                .given(connect("o2", "bob"))
                .given(fromBox(new LegRinging(ANNS_LEG)))
                .given(fromBox(new LegRinging(BOBS_LEG)));
    }

    private CallPhase phase() {
        return call.view(View.OfCall.class).phase();
    }

    private static Connect connect(String offerId, String agentId) {
        return new Connect("sales", offerId, 0, agentId, seat(agentId), true);
    }

    private static Seat seat(String agentId) {
        return new Seat("seat-" + agentId, "box1", "PJSIP/" + agentId);
    }

    private static FromBox fromBox(BoxEvent event) {
        return new FromBox(event);
    }

    private static Output box(BoxCommand command) {
        return new Output.ToBox("box1", command);
    }

    private static Output agent(String agentId, AgentCommand command) {
        return new Output.ToAgent(agentId, command);
    }

    private static Output over(String offerId, String agentId, String queueId, OfferOutcome outcome) {
        return agent(agentId, new AgentCommand.OfferOver(offerId, "box1-7", queueId, outcome));
    }

    private static Output queue(QueueCommand command) {
        return new Output.ToQueue("sales", command);
    }

    private static Output refused(String offerId) {
        return queue(new QueueCommand.ConnectRefused("box1-7", offerId));
    }
}
