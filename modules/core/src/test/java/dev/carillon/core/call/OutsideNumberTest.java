package dev.carillon.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Target;
import dev.carillon.core.Timing;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.inbound.InboundRules;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallCommand.Connect;
import dev.carillon.protocol.call.CallCommand.FromBox;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStarted;
import dev.carillon.protocol.call.Treatment;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** B1, B3: a call that is put through to a number outside, from a queue or on arrival, and what becomes of it when nobody answers there. */
class OutsideNumberTest {

    private static final Seat SEAT = new Seat("s1", "box1", "PJSIP/1001");
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int RINGS = 15;
    private static final String NUMBER = "+49301234";
    private static final String LEG = "leg-id2";
    private static final Map<String, String> TRUNKS = Map.of("box1", "PJSIP/{number}@carrier");

    private Scenario<CallCommand, CallEvent, CallState> call = with(configured(TRUNKS, Optional.empty(), List.of()));

    @Nested
    class FromAQueue {
        @Test
        void ringsThereOverTheTrunkAndTellsTheQueueThatItRings() {
            waiting().pass(LONGEST);

            assertThat(dialled())
                    .isEqualTo(OfferStarted.newBuilder()
                            .setOfferId("offer-id1")
                            .setLegId(LEG)
                            .setQueueId("sales")
                            .setEndpoint("PJSIP/+49301234@carrier")
                            .setRingSeconds(RINGS)
                            .setNumber(NUMBER)
                            .setLeftBy(LeftBy.LONGEST_WAIT)
                            .build());
            assertThat(call.said())
                    .contains(
                            rings(),
                            new Output.ToQueue("sales", new QueueCommand.OfferAccepted("box1-7", "offer-id1", 1)));
            assertThat(call.view(View.OfCall.class).agentId()).isNull();
        }

        @Test
        void takesNoAgentMeanwhileNotEvenOneOfSeveral() {
            waiting().pass(LONGEST);
            for (var together : List.of(true, false)) {
                call.when(new Connect("sales", "o1", 0, "ann", SEAT, together));
                assertThat(call.events()).isEmpty();
                assertThat(call.said())
                        .contains(new Output.ToQueue("sales", new QueueCommand.ConnectRefused("box1-7", "o1")));
            }
        }

        @Test
        void talksWhenSomebodyAnswersThereAndTheRecordSaysWhere() {
            waiting().pass(LONGEST).when(answered());
            assertThat(call.said())
                    .contains(
                            new Output.ToBox("box1", new BoxCommand.Bridge("box1-7", "br-id3", List.of("7", LEG))),
                            new Output.ToQueue(
                                    "sales", new QueueCommand.Leave("box1-7", LeaveReason.OVERFLOWED, 1, "")))
                    .noneMatch(said -> said instanceof Output.ToAgent);

            var answeredAt = call.now();
            call.pass(Duration.ofSeconds(5)).when(fromBox(new BoxEvent.LegEnded(LEG, EndCause.NORMAL, 16)));

            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.OVERFLOWED);
            assertThat(ended().getEndedBy()).isEqualTo(EndedBy.OUTSIDE);
            assertThat(ended().getLeftTo()).isEqualTo("number:" + NUMBER);
            assertThat(ended().getLeftBy()).isEqualTo(LeftBy.LONGEST_WAIT);
            assertThat(ended().getLeftMs()).isEqualTo(answeredAt.toEpochMilli());
            assertThat(ended().getQueueId()).isEqualTo("sales");
            assertThat(ended().getAgentId()).isEmpty();
            assertThat(ended().getAnsweredMs()).isZero();
            assertThat(call.said()).contains(hangUp("7", EndCause.NORMAL));
        }

        @Test
        void endsWhenTheCallerHangsUpAndRestsWithoutAnyAgentsWord() {
            waiting().pass(LONGEST).given(answered()).when(fromBox(new BoxEvent.LegEnded("7", EndCause.NORMAL, 16)));
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.OVERFLOWED);
            assertThat(ended().getEndedBy()).isEqualTo(EndedBy.CALLER);
            assertThat(call.said()).contains(hangUp(LEG, EndCause.NORMAL));

            call.given(fromBox(new BoxEvent.LegEnded(LEG, EndCause.NORMAL, 16))).when(new CallCommand.Left("sales"));
            assertThat(call.mayRest()).isTrue();
        }

        @ParameterizedTest
        @EnumSource(
                value = EndCause.class,
                names = {"BUSY", "NO_ANSWER", "REJECTED", "UNREACHABLE", "UNKNOWN"})
        void isBackWithItsPlaceWhenNobodyAnswersAndStaysThere(EndCause cause) {
            waiting().pass(LONGEST).when(fromBox(new BoxEvent.LegEnded(LEG, cause, 0)));

            assertThat(call.events()).hasSize(1);
            assertThat(call.said())
                    .contains(new Output.ToQueue(
                            "sales", new QueueCommand.Enqueue("box1-7", "box1", 5, Scenario.START, "+4930", 2)))
                    .noneMatch(said -> said instanceof Output.ToAgent);
            call.given(new CallCommand.Enqueued("sales", 2)).pass(LONGEST.multipliedBy(5));
            assertThat(call.events()).as("the limit has had its turn").isEmpty();

            call.when(new CallCommand.LimitReached("sales", 2, LeftBy.LONGEST_WAIT));
            assertThat(call.said())
                    .contains(new Output.ToQueue("sales", new QueueCommand.Stays("box1-7", LeftBy.LONGEST_WAIT)));
            call.when(new Connect("sales", "o1", 2, "ann", SEAT, false));
            assertThat(dialled().getAgentId()).isEqualTo("ann");
        }

        @Test
        void isBackWhenTheBoxSaysNothing() {
            waiting().pass(LONGEST).pass(Duration.ofSeconds(RINGS).plus(Timing.RING_GRACE));
            assertThat(call.said()).contains(hangUp(LEG, EndCause.CANCELLED));
            call.pass(Timing.RING_GRACE);
            assertThat(call.events().get(0).getOfferEnded().getOutcome()).isEqualTo(OfferOutcome.UNANSWERED);
            assertThat(call.view(View.OfCall.class).phase()).isEqualTo(View.CallPhase.WAITING);
        }

        @Test
        void survivesACrashWhileItRingsAndDoesNotRingTwice() {
            waiting().pass(LONGEST).crash();
            assertThat(call.said())
                    .contains(new Output.ToBox("box1", new BoxCommand.TakeStock("box1-7")))
                    .doesNotContain(rings());
            var legs = List.of(new Leg("7", Leg.State.UP), new Leg(LEG, Leg.State.RINGING));
            call.when(fromBox(new BoxEvent.BoxBack("box1", "i1", legs, List.of())));
            assertThat(call.said()).doesNotContain(rings());

            call.when(answered());
            assertThat(call.view(View.OfCall.class).phase()).isEqualTo(View.CallPhase.TALKING);
        }

        @Test
        void survivesACrashWhileTheyTalk() {
            waiting().pass(LONGEST).given(answered()).crash();
            assertThat(call.said())
                    .contains(new Output.ToQueue(
                            "sales", new QueueCommand.Leave("box1-7", LeaveReason.OVERFLOWED, 1, "")))
                    .noneMatch(said -> said instanceof Output.ToAgent);
            call.when(fromBox(new BoxEvent.LegEnded(LEG, EndCause.NORMAL, 16)));
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.OVERFLOWED);
        }

        @Test
        void isLostWithItsBoxBeforeTheAnswer() {
            waiting().pass(LONGEST).when(fromBox(new BoxEvent.LegEnded("7", EndCause.BOX_LOST, 0)));
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.LOST);
        }

        @Test
        void staysWhereItIsOnABoxWithoutATrunk() {
            call = with(configured(Map.of("box2", "PJSIP/{number}@carrier"), Optional.empty(), List.of()));
            waiting().pass(LONGEST.multipliedBy(5));
            assertThat(call.events()).isEmpty();
        }

        @Test
        void goesThereByTheKeyAsOftenAsTheyLikeButNotWhileItRings() {
            waiting().pass(Duration.ofSeconds(1)).when(pressed());
            assertThat(dialled().getLeftBy()).isEqualTo(LeftBy.KEY);
            call.pass(Duration.ofSeconds(1)).when(pressed());
            assertThat(call.events()).isEmpty();

            call.given(fromBox(new BoxEvent.LegEnded(LEG, EndCause.BUSY, 17)))
                    .pass(Duration.ofSeconds(1))
                    .when(pressed());
            assertThat(dialled().getNumber()).isEqualTo(NUMBER);
        }

        @Test
        void goesThereByTheKeyWhenTheAgentsPhoneHasStopped() {
            waiting().pass(Duration.ofSeconds(1)).given(new Connect("sales", "o1", 0, "ann", SEAT, false));
            call.pass(Duration.ofSeconds(1)).given(pressed());
            call.when(fromBox(new BoxEvent.LegEnded("leg-id1", EndCause.CANCELLED, 0)));
            assertThat(dialled().getLeftBy()).isEqualTo(LeftBy.KEY);
        }

        @Test
        void doesNotWaitForTheDecisionHook() {
            var hook = new DecisionHook("http://127.0.0.1/", Duration.ofMinutes(2), "");
            call = with(configured(TRUNKS, Optional.of(hook), List.of()));
            waiting().pass(LONGEST);
            assertThat(call.events().get(0).hasDecisionFailed()).isTrue();
            assertThat(dialled().getNumber()).isEqualTo(NUMBER);
            assertThat(call.said())
                    .contains(new Output.ToQueue("sales", new QueueCommand.OfferAccepted("box1-7", offerId(), 3)));
        }
    }

    @Nested
    class OnArrival {
        @Test
        void ringsThereInNoQueue() {
            arriving("sales").when(offered("999"));
            assertThat(call.events().get(0).getArrived().getTreatment()).isEqualTo(Treatment.TO_NUMBER);
            assertThat(dialled().getQueueId()).isEmpty();
            assertThat(dialled().getThenQueueId()).isEqualTo("sales");
            assertThat(call.said())
                    .contains(
                            rings(),
                            new Output.ToBox("box1", new BoxCommand.Answer("box1-7", "7")),
                            new Output.ToBox("box1", new BoxCommand.PlayMusic("box1-7", "7", "default")))
                    .noneMatch(said -> said instanceof Output.ToQueue);
        }

        @Test
        void talksAndTheRecordKnowsNoQueue() {
            arriving("sales").given(offered("999")).given(fromBox(new BoxEvent.LegAnswered("7")));
            call.when(answered());
            assertThat(call.said()).noneMatch(said -> said instanceof Output.ToQueue);
            call.crash().when(fromBox(new BoxEvent.LegEnded("7", EndCause.NORMAL, 16)));

            assertThat(ended().getQueueId()).isEmpty();
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.OVERFLOWED);
            assertThat(ended().getLeftTo()).isEqualTo("number:" + NUMBER);
            assertThat(ended().getLeftBy()).isEqualTo(LeftBy.LEFT_BY_UNSPECIFIED);
            assertThat(call.said()).contains(hangUp(LEG, EndCause.NORMAL));
            call.when(fromBox(new BoxEvent.LegEnded(LEG, EndCause.NORMAL, 16)));
            assertThat(call.mayRest()).isTrue();
        }

        @Test
        void entersTheQueueOfTheRuleWhenNobodyAnswers() {
            arriving("sales").given(offered("999")).given(fromBox(new BoxEvent.LegAnswered("7")));
            call.pass(Duration.ofSeconds(3)).when(fromBox(new BoxEvent.LegEnded(LEG, EndCause.BUSY, 17)));
            assertThat(call.view(View.OfCall.class).queueId()).isEqualTo("sales");
            assertThat(call.said())
                    .contains(new Output.ToQueue(
                            "sales", new QueueCommand.Enqueue("box1-7", "box1", 3, Scenario.START, "+4930", 2)));
        }

        @Test
        void entersTheQueueOfTheDialledNumberWithoutOne() {
            arriving("").given(offered("200")).when(fromBox(new BoxEvent.LegEnded(LEG, EndCause.BUSY, 17)));
            assertThat(call.view(View.OfCall.class).queueId()).isEqualTo("support");
            assertThat(call.said().toString()).contains("sound:hello");
        }

        @Test
        void hearsBusyWhenThereIsNoQueueAtAll() {
            arriving("").given(offered("999")).when(fromBox(new BoxEvent.LegEnded(LEG, EndCause.NO_ANSWER, 19)));
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.REJECTED);
            assertThat(ended().getEndedBy()).isEqualTo(EndedBy.SYSTEM);
            assertThat(call.said()).contains(hangUp("7", EndCause.BUSY));
        }

        @Test
        void passesTheNumberOverOnABoxWithoutATrunk() {
            call = with(configured(Map.of(), Optional.empty(), List.of(toNumber("sales"))));
            call.when(offered("999"));
            assertThat(call.view(View.OfCall.class).queueId()).isEqualTo("sales");

            call = with(configured(Map.of(), Optional.empty(), List.of(toNumber(""))));
            call.when(offered("999"));
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.REJECTED);
            assertThat(call.said()).contains(hangUp("7", EndCause.BUSY));
        }

        @Test
        void isAbandonedByACallerWhoHangsUpBeforeTheAnswer() {
            arriving("sales").given(offered("999")).when(fromBox(new BoxEvent.LegEnded("7", EndCause.NORMAL, 16)));
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.ABANDONED);
            assertThat(ended().getWhileRinging()).as("no agent's phone rang").isFalse();
            assertThat(call.said())
                    .anyMatch(said -> said instanceof Output.ToBox to
                            && to.command() instanceof BoxCommand.HangUp hangUp
                            && hangUp.legId().equals(LEG));
        }

        private Scenario<CallCommand, CallEvent, CallState> arriving(String thenQueueId) {
            call = with(configured(TRUNKS, Optional.empty(), List.of(toNumber(thenQueueId))));
            return call;
        }

        private static Rule toNumber(String thenQueueId) {
            var then = new dev.carillon.core.inbound.Treatment.ToQueue(thenQueueId, 3, "");
            var target = new dev.carillon.core.inbound.Treatment.ToNumber(NUMBER, RINGS, then);
            return new Rule("rule", "Rule", 1, true, false, Rule.When.ALWAYS, target);
        }
    }

    // Given.

    private static Scenario<CallCommand, CallEvent, CallState> with(Directory directory) {
        return new Scenario<>(new CallDecider(), "box1-7", directory);
    }

    private static Directory configured(Map<String, String> trunks, Optional<DecisionHook> hook, List<Rule> rules) {
        var rest = Scenario.directory();
        var target = new Target.ToNumber(NUMBER, RINGS);
        var waiting = new Waiting(
                "default",
                "",
                List.of(new Limit(Limit.Kind.LONGEST_WAIT, (int) LONGEST.toSeconds(), target)),
                Optional.of(new LeaveKey("*", target)),
                Optional.empty());
        var sales = new Directory.Queue("sales", "sales", Routing.PLAIN, Handling.PLAIN, waiting, hook);
        return new Directory(
                        Map.of("sales", sales, "support", rest.queue("support")),
                        rest.agents(),
                        rest.numbers(),
                        rest.seats(),
                        new InboundRules(ZoneOffset.UTC, rules, Map.of(), Map.of()))
                .withTrunks(trunks);
    }

    private Scenario<CallCommand, CallEvent, CallState> waiting() {
        return call.given(offered("100"))
                .given(fromBox(new BoxEvent.LegAnswered("7")))
                .given(fromBox(new BoxEvent.MusicStarted("7")))
                .given(new CallCommand.Enqueued("sales", 0));
    }

    private static FromBox offered(String dialled) {
        return fromBox(new BoxEvent.LegOffered("box1", "i1", "7", "+4930", "Ann", dialled, Scenario.START));
    }

    private static FromBox answered() {
        return fromBox(new BoxEvent.LegAnswered(LEG));
    }

    private FromBox pressed() {
        return fromBox(new BoxEvent.KeyPressed("7", "*", call.now()));
    }

    private static FromBox fromBox(BoxEvent event) {
        return new FromBox(event);
    }

    // Then.

    private OfferStarted dialled() {
        return call.events().stream()
                .filter(CallEvent::hasOfferStarted)
                .map(CallEvent::getOfferStarted)
                .findFirst()
                .orElseThrow(() -> new AssertionError("Nobody is rung: " + call.events()));
    }

    private String offerId() {
        return dialled().getOfferId();
    }

    private CallEnded ended() {
        return call.events().stream()
                .filter(CallEvent::hasEnded)
                .map(CallEvent::getEnded)
                .findFirst()
                .orElseThrow(() -> new AssertionError("It did not end: " + call.events()));
    }

    private static Output rings() {
        return new Output.ToBox(
                "box1", new BoxCommand.RingSeat("box1-7", LEG, "PJSIP/+49301234@carrier", "+4930", "Ann", RINGS));
    }

    private static Output hangUp(String legId, EndCause cause) {
        return new Output.ToBox("box1", new BoxCommand.HangUp("box1-7", legId, cause));
    }
}
