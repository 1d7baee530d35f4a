package dev.carillon.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Target;
import dev.carillon.core.Timing;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.core.inbound.InboundRules;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallCommand.Connect;
import dev.carillon.protocol.call.CallCommand.FromBox;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.Treatment;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B1, B3, B5: a call that is sent to one agent, from a queue or on arrival, and what becomes of it when that agent does not take it. */
class ToOneAgentTest {

    private static final Seat SEAT = new Seat("s1", "box1", "PJSIP/1001");
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration ALONE = Duration.ofSeconds(12);
    private static final String ANN = "agent/ann";

    private Scenario<CallCommand, CallEvent, CallState> call = going(new Target.ToAgent("ann", 12));

    @Nested
    class FromAQueue {
        @Test
        void waitsForThatAgentWithItsTimeAndPriority() {
            waiting().pass(LONGEST);

            assertThat(queued())
                    .isEqualTo(CallQueued.newBuilder()
                            .setQueueId(ANN)
                            .setPriority(5)
                            .setWaitingSinceMs(Scenario.START.toEpochMilli())
                            .setFromQueueId("sales")
                            .setLeftBy(LeftBy.LONGEST_WAIT)
                            .setThenQueueId("sales")
                            .setAgentSeconds(12)
                            .build());
            assertThat(call.said())
                    .contains(
                            enqueue(ANN, 5, 2),
                            new Output.ToQueue("sales", new QueueCommand.Leave("box1-7", LeaveReason.MOVED, 2, "")));
        }

        @Test
        void isServedByThemAndTheRecordSaysSo() {
            waiting().pass(LONGEST).given(new Connect(ANN, "o1", 2, "ann", SEAT, false));
            call.given(fromBox(new BoxEvent.LegAnswered("leg-id1")))
                    .when(fromBox(new BoxEvent.LegEnded("7", EndCause.NORMAL, 16)));

            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.ANSWERED);
            assertThat(ended().getQueueId()).isEqualTo(ANN);
            assertThat(ended().getFirstQueueId()).isEqualTo("sales");
            assertThat(ended().getLeftTo()).isEqualTo("agent:ann");
        }

        @Test
        void comesBackWhenItsTimeIsOverAlsoAfterACrash() {
            waiting().pass(LONGEST).given(new CallCommand.Enqueued(ANN, 2)).pass(ALONE.minusMillis(1));
            assertThat(place()).isEqualTo(ANN);

            call.crash(Duration.ofMillis(1)).when(fromBox(new BoxEvent.MusicStarted("7")));
            call.pass(Duration.ZERO);
            assertThat(queued().getQueueId()).isEqualTo("sales");
            assertThat(queued().getPriority()).isEqualTo(5);
            assertThat(queued().getWaitingSinceMs()).isEqualTo(Scenario.START.toEpochMilli());
            assertThat(call.said()).contains(enqueue("sales", 5, 4));
        }

        @Test
        void comesBackAtOnceWhileTheAgentIsLoggedOut() {
            waiting().pass(LONGEST).when(new CallCommand.LimitReached(ANN, 2, LeftBy.NOBODY_LOGGED_IN));

            assertThat(queued().getQueueId()).isEqualTo("sales");
            assertThat(queued().getLeftBy()).isEqualTo(LeftBy.NOBODY_LOGGED_IN);
        }

        @Test
        void isNotOneMoreInTheLineWhenItComesBack() {
            waiting().pass(LONGEST).given(new CallCommand.LimitReached(ANN, 2, LeftBy.NOBODY_LOGGED_IN));

            call.when(new CallCommand.LimitReached("sales", 4, LeftBy.LONGEST_LINE));

            assertThat(call.events()).isEmpty();
            assertThat(call.said())
                    .contains(new Output.ToQueue("sales", new QueueCommand.Stays("box1-7", LeftBy.LONGEST_LINE)));
        }

        @Test
        void isNotTakenAwayWhileTheirPhoneRings() {
            waiting().pass(LONGEST).given(new Connect(ANN, "o1", 2, "ann", SEAT, false));
            call.pass(ALONE);
            assertThat(call.events()).isEmpty();

            call.when(fromBox(new BoxEvent.LegEnded("leg-id1", EndCause.REJECTED, 21)))
                    .pass(Duration.ZERO);
            assertThat(queued().getQueueId()).isEqualTo("sales");
        }

        @Test
        void isNotSentThereForEverByALimitButByTheKeyAsOftenAsTheyLike() {
            waiting().pass(LONGEST).pass(ALONE);
            assertThat(place()).isEqualTo("sales");
            call.pass(LONGEST.multipliedBy(3));
            assertThat(place()).as("the limit has had its turn").isEqualTo("sales");

            for (int times = 0; times < 3; times++) {
                call.pass(Duration.ofMillis(1)).when(fromBox(new BoxEvent.KeyPressed("7", "*", call.now())));
                assertThat(place()).as("pressed").isEqualTo(ANN);
                call.pass(ALONE);
                assertThat(place()).as("time over").isEqualTo("sales");
            }
        }

        @Test
        void isNotSentByTheKeyAgainToWhoWasLoggedOut() {
            waiting().pass(Duration.ofMillis(1)).when(fromBox(new BoxEvent.KeyPressed("7", "*", call.now())));
            assertThat(place()).isEqualTo(ANN);
            call.when(new CallCommand.LimitReached(ANN, 2, LeftBy.NOBODY_LOGGED_IN));
            assertThat(place()).isEqualTo("sales");

            for (int times = 0; times < 3; times++) {
                call.pass(Duration.ofMillis(1)).when(fromBox(new BoxEvent.KeyPressed("7", "*", call.now())));
                assertThat(call.events()).isEmpty();
            }
            call.given(new Connect("sales", "o1", 4, "ann", SEAT, false)).pass(Duration.ofMillis(1));
            call.when(fromBox(new BoxEvent.KeyPressed("7", "*", call.now())));
            assertThat(call.events()).as("their phone rings on").isEmpty();
        }

        @Test
        void staysWhereItIsWhenThereIsNoSuchAgent() {
            call = going(new Target.ToAgent("deleted", 12));
            waiting().pass(LONGEST.multipliedBy(5));
            assertThat(call.events()).isEmpty();
            assertThat(place()).isEqualTo("sales");
        }

        @Test
        void goesToTheDialledNumbersQueueWhenItsOwnIsDeletedMeanwhile() {
            waiting().pass(LONGEST);
            var before = configured(new Target.Busy(), InboundRules.NONE);
            var queues = new HashMap<>(before.queues());
            queues.remove("sales");
            var numbers = Map.of("100", new Directory.DialledNumber("100", "support", 3));
            call.configured(new Directory(queues, before.agents(), numbers, Map.of()))
                    .pass(ALONE);
            assertThat(queued().getQueueId()).isEqualTo("support");
            assertThat(queued().getPriority()).isEqualTo(5);
        }
    }

    @Nested
    class OnArrival {
        @Test
        void aVipWaitsForTheirOwnAgentFirstAndIsGreetedInTheQueueAfterThat() {
            call = arriving(vip(12), List.of());
            call.when(offered("200"));

            assertThat(call.events().get(0).getArrived().getTreatment()).isEqualTo(Treatment.TO_AGENT);
            assertThat(queued().getQueueId()).isEqualTo(ANN);
            assertThat(call.said())
                    .as("music at once, and no greeting")
                    .contains(
                            new Output.ToBox("box1", new BoxCommand.PlayMusic("box1-7", "7", "default")),
                            enqueue(ANN, 10, 0))
                    .noneMatch(said -> said.toString().contains("hello"));

            call.given(fromBox(new BoxEvent.LegAnswered("7"))).pass(ALONE);
            assertThat(queued().getQueueId()).isEqualTo("support");
            assertThat(call.said())
                    .contains(
                            enqueue("support", 10, 2),
                            new Output.ToBox(
                                    "box1",
                                    new BoxCommand.Announce("box1-7", "7", "box1-7-greeting-1", "sound:hello", "")));
        }

        @Test
        void theGreetingOfARuleIsKeptForTheQueue() {
            call = arriving(
                    Map.of(),
                    List.of(toAnn(new dev.carillon.core.inbound.Treatment.ToQueue("support", 3, "sound:rule"))));
            call.given(offered("100"))
                    .given(fromBox(new BoxEvent.LegAnswered("7")))
                    .when(new CallCommand.LimitReached(ANN, 0, LeftBy.NOBODY_LOGGED_IN));
            assertThat(queued().getQueueId()).isEqualTo("support");
            assertThat(queued().getGreeting()).isEqualTo("sound:rule");
        }

        @ParameterizedTest
        @ValueSource(strings = {"100, sales", "999, "})
        void whoseRuleNamesNoQueueGoesToThatOfTheNumberOrHearsBusy(String dialledAndThen) {
            var parts = dialledAndThen.split(", ", -1);
            call = arriving(Map.of(), List.of(toAnn(new dev.carillon.core.inbound.Treatment.ToQueue("", 3, ""))));
            call.given(offered(parts[0])).given(fromBox(new BoxEvent.LegAnswered("7")));
            call.pass(ALONE);
            if (parts[1].isEmpty()) {
                assertThat(ended().getOutcome()).isEqualTo(CallOutcome.OVERFLOWED);
                assertThat(ended().getLeftTo()).isEqualTo("busy");
                assertThat(call.said())
                        .contains(new Output.ToBox("box1", new BoxCommand.HangUp("box1-7", "7", EndCause.BUSY)));
            } else {
                assertThat(queued().getQueueId()).isEqualTo(parts[1]);
                assertThat(queued().getPriority()).isEqualTo(3);
            }
        }

        @Test
        void anUnansweredRingDoesNotKeepThemFromTheQueue() {
            call = arriving(vip(1), List.of());
            call.given(offered("200")).given(fromBox(new BoxEvent.LegAnswered("7")));
            call.given(new Connect(ANN, "o1", 0, "ann", SEAT, false))
                    .pass(Duration.ofSeconds(Handling.PLAIN.ringSeconds()).plus(Timing.RING_GRACE));
            call.when(fromBox(new BoxEvent.LegEnded("leg-id1", EndCause.CANCELLED, 0)));
            assertThat(call.events().get(0).getOfferEnded().getOutcome()).isEqualTo(OfferOutcome.UNANSWERED);
            call.pass(Duration.ZERO);
            assertThat(queued().getQueueId()).isEqualTo("support");
        }

        private static Map<String, CallerEntry> vip(int seconds) {
            return Map.of("+4930", new CallerEntry("+4930", CallerList.VIP, false, "", "ann", seconds));
        }

        private static Rule toAnn(dev.carillon.core.inbound.Treatment.ToQueue then) {
            var target = new dev.carillon.core.inbound.Treatment.ToAgent("ann", 12, then);
            return new Rule("rule", "Rule", 1, true, false, Rule.When.ALWAYS, target);
        }

        private static Scenario<CallCommand, CallEvent, CallState> arriving(
                Map<String, CallerEntry> callers, List<Rule> rules) {
            var inbound = new InboundRules(ZoneOffset.UTC, rules, Map.of(), callers);
            return new Scenario<>(new CallDecider(), "box1-7", configured(new Target.Busy(), inbound));
        }
    }

    // Given.

    private static Scenario<CallCommand, CallEvent, CallState> going(Target target) {
        return new Scenario<>(new CallDecider(), "box1-7", configured(target, InboundRules.NONE));
    }

    private static Directory configured(Target target, InboundRules inbound) {
        var rest = Scenario.directory();
        var waiting = new Waiting(
                "default",
                "",
                List.of(
                        new Limit(Limit.Kind.LONGEST_WAIT, (int) LONGEST.toSeconds(), target),
                        new Limit(Limit.Kind.LONGEST_LINE, 1, new Target.Busy())),
                Optional.of(new LeaveKey("*", target)),
                Optional.empty());
        var sales = new Directory.Queue("sales", "sales", Routing.PLAIN, Handling.PLAIN, waiting);
        return new Directory(
                Map.of("sales", sales, "support", rest.queue("support")),
                rest.agents(),
                rest.numbers(),
                rest.seats(),
                inbound);
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

    private static FromBox fromBox(BoxEvent event) {
        return new FromBox(event);
    }

    // Then.

    private CallQueued queued() {
        return call.events().stream()
                .filter(CallEvent::hasQueued)
                .map(CallEvent::getQueued)
                .findFirst()
                .orElseThrow(() -> new AssertionError("It did not move: " + call.events()));
    }

    private String place() {
        return call.view(View.OfCall.class).queueId();
    }

    private CallEnded ended() {
        return call.events().stream()
                .filter(CallEvent::hasEnded)
                .map(CallEvent::getEnded)
                .findFirst()
                .orElseThrow(() -> new AssertionError("It did not end: " + call.events()));
    }

    private static Output enqueue(String queueId, int priority, int round) {
        return new Output.ToQueue(
                queueId, new QueueCommand.Enqueue("box1-7", "box1", priority, Scenario.START, "+4930", round));
    }
}
