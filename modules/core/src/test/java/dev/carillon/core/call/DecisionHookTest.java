package dev.carillon.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxEvent.LegOffered;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallCommand.Decided;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A call whose queue has a decision hook. */
class DecisionHookTest {

    private static final Duration DEADLINE = Duration.ofMillis(500);
    private static final DecisionHook HOOK = new DecisionHook("https://crm.example/route", DEADLINE, "");
    private static final Seat SEAT = new Seat("s1", "box1", "PJSIP/1001");

    private final Scenario<CallCommand, CallEvent, CallState> call =
            new Scenario<>(new CallDecider(), "box1-7", directory());

    @Test
    void asksOnceAndHasItsPlaceMeanwhile() {
        arrives();
        assertThat(call.said())
                .contains(new Output.AskHook(
                        HOOK,
                        new DecisionQuestion(
                                "ask-id1",
                                "box1-7",
                                "+4930",
                                "Ann",
                                "100",
                                "sales",
                                Scenario.START,
                                Scenario.START,
                                5,
                                Map.of("english", 8),
                                1)))
                .contains(enqueue("sales", 5, 0, true, null));
        assertThat(call.owed()).noneMatch(Output.AskHook.class::isInstance);
    }

    @Test
    void isGivenToNobodyMeanwhile() {
        arrives().when(new CallCommand.Connect("sales", "o1", 0, "ann", SEAT, false));
        assertThat(call.said())
                .containsExactly(new Output.ToQueue("sales", new QueueCommand.ConnectRefused("box1-7", "o1")));
        assertThat(call.when(new CallCommand.AreYouWaiting("sales")).said())
                .containsExactly(enqueue("sales", 5, 0, true, null));
    }

    @Test
    void goesByTheQueuesOwnRuleWhenNothingIsSaidOfIt() {
        arrives().when(decided("", 0, "", 0));
        assertThat(call.said()).contains(enqueue("sales", 5, 2, false, null));
        assertThat(call.events()).extracting(CallEvent::hasDecisionMade).containsExactly(true);
        assertThat(call.timers()).noneMatch(timer -> timer.id().equals("decision"));
    }

    @Test
    void isForOneAgentForAWhileAndMoreImportant() {
        arrives().when(decided("ann", 30, "", 9));
        assertThat(call.said())
                .contains(enqueue(
                        "sales",
                        9,
                        2,
                        false,
                        new QueueCommand.First("ann", call.now().plusSeconds(30))));
        assertThat(call.crash().said()).as("is durable").contains(call.owed().get(0));
        assertThat(call.owed())
                .contains(enqueue(
                        "sales",
                        9,
                        2,
                        false,
                        new QueueCommand.First("ann", call.now().plusSeconds(30))));
    }

    @Test
    void isSaidAgainUntilTheQueueHasHeardOfTheDecision() {
        arrives().given(new CallCommand.Enqueued("sales", 0)).given(decided("", 0, "", 0));
        assertThat(call.owed()).contains(enqueue("sales", 5, 2, false, null));
        call.given(new CallCommand.Enqueued("sales", 0));
        assertThat(call.owed()).as("a word of before").contains(enqueue("sales", 5, 2, false, null));
        call.given(new CallCommand.Enqueued("sales", 2));
        assertThat(call.owed()).noneMatch(Output.ToQueue.class::isInstance);
    }

    @Test
    void goesToAnotherQueueWithItsPlaceAndIsAskedAboutThereAgain() {
        arrives().when(decided("", 0, "support", 8));
        assertThat(call.events().get(1).getQueued().getLeftBy()).isEqualTo(LeftBy.DECISION);
        assertThat(call.said())
                .contains(enqueue("support", 8, 4, true, null))
                .contains(new Output.ToQueue("sales", new QueueCommand.Leave("box1-7", LeaveReason.MOVED, 4, "")))
                .anyMatch(said -> said instanceof Output.AskHook ask
                        && ask.question().attempt() == 2
                        && ask.question().queueId().equals("support"));
    }

    @Test
    void isSentOnByEachQueueOnce() {
        arrives().given(decided("", 0, "support", 0)).given(answer("ask-id2", "", 0, "sales", 0));
        call.when(answer("ask-id3", "", 0, "support", 0));
        assertThat(call.events().get(0).getDecisionFailed().getReason()).contains("sent this call on before");
        assertThat(call.said()).contains(enqueue("sales", 5, 10, false, null));
    }

    @Nested
    class WithoutAnAnswer {
        @Test
        void theQueuesOwnRuleAppliesWhenTheDeadlineIsOver() {
            assertThat(arrives().pass(DEADLINE.minusMillis(1)).events()).isEmpty();
            call.pass(Duration.ofMillis(1));
            assertThat(call.events().get(0).getDecisionFailed().getReason()).isEqualTo("no answer in time");
            assertThat(call.said()).contains(enqueue("sales", 5, 2, false, null));
        }

        @Test
        void alsoAfterACrashMeanwhile() {
            arrives().crash(DEADLINE.multipliedBy(3));
            assertThat(call.said()).noneMatch(Output.AskHook.class::isInstance);
            assertThat(call.pass(Duration.ZERO).events().get(0).hasDecisionFailed())
                    .isTrue();
        }

        @Test
        void whatComesLateOrTwiceOrForAnotherQuestionIsNothing() {
            arrives();
            assertThat(call.when(answer("ask-id9", "ann", 30, "", 0)).events()).isEmpty();
            call.pass(DEADLINE);
            assertThat(call.when(decided("ann", 30, "", 0)).events()).isEmpty();
            assertThat(call.when(new CallCommand.NotDecided("ask-id1", "HTTP 500"))
                            .events())
                    .isEmpty();
        }

        @Test
        void theQueuesOwnRuleAppliesAtOnceWhenItIsKnownThatThereIsNone() {
            arrives().when(new CallCommand.NotDecided("ask-id1", "HTTP 500"));
            assertThat(call.events().get(0).getDecisionFailed().getReason()).isEqualTo("HTTP 500");
            assertThat(call.said()).contains(enqueue("sales", 5, 2, false, null));
        }

        @Test
        void norWithAnAgentOrAQueueThatIsNotThere() {
            arrives();
            call.when(decided("bob", 30, "", 0));
            assertThat(call.events().get(0).getDecisionFailed().getReason())
                    .isEqualTo("agent bob does not serve queue sales");
        }

        @Test
        void norWithAQueueThatIsNotThereOrItsOwn() {
            arrives().when(decided("", 0, "sales", 7));
            assertThat(call.events().get(0).getDecisionFailed().getReason()).isEqualTo("there is no other queue sales");
            assertThat(call.said()).contains(enqueue("sales", 5, 2, false, null));
        }
    }

    // Given.

    private Scenario<CallCommand, CallEvent, CallState> arrives() {
        return call.given(
                new CallCommand.FromBox(new LegOffered("box1", "i1", "7", "+4930", "Ann", "100", Scenario.START)));
    }

    private static Decided decided(String agentId, int seconds, String queueId, int priority) {
        return answer("ask-id1", agentId, seconds, queueId, priority);
    }

    private static Decided answer(String askId, String agentId, int seconds, String queueId, int priority) {
        return new Decided(askId, agentId, seconds, queueId, priority);
    }

    private static Directory directory() {
        return new Directory(
                Map.of("sales", queue("sales"), "support", queue("support")),
                Map.of(
                        "ann", new Directory.Agent("ann", "Ann", List.of("sales")),
                        "bob", new Directory.Agent("bob", "Bob", List.of("support"))),
                Scenario.directory().numbers(),
                Map.of());
    }

    private static Directory.Queue queue(String id) {
        var steps = Steps.of(List.of(new Steps.Step(Duration.ZERO, Map.of("english", 8))));
        var routing = new Routing(Directory.Strategy.LONGEST_IDLE, steps);
        return new Directory.Queue(id, id, routing, Handling.PLAIN, Waiting.PLAIN, Optional.of(HOOK));
    }

    // Then.

    private static Output enqueue(String queueId, int priority, int round, boolean held, QueueCommand.First first) {
        return new Output.ToQueue(
                queueId,
                new QueueCommand.Enqueue("box1-7", "box1", priority, Scenario.START, "+4930", round, held, first));
    }
}
