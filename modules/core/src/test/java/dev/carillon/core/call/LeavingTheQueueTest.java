package dev.carillon.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Target;
import dev.carillon.core.Timing;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxEvent.AnnouncementEnded;
import dev.carillon.protocol.box.BoxEvent.LegAnswered;
import dev.carillon.protocol.box.BoxEvent.LegEnded;
import dev.carillon.protocol.box.BoxEvent.LegOffered;
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
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.CallPhase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** B1, B3: a call that leaves its queue for something else than one of the queue's agents. */
class LeavingTheQueueTest {

    private static final Seat SEAT = new Seat("s1", "box1", "PJSIP/1001");
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(5);

    private Scenario<CallCommand, CallEvent, CallState> call = going(new Target.OtherQueue("support"));

    @Nested
    class ToAnotherQueue {
        @Test
        void keepsTheTimeOfArrivalAndThePriority() {
            waiting().pass(LONGEST);

            var queued = call.events().get(0).getQueued();
            assertThat(queued.getQueueId()).isEqualTo("support");
            assertThat(queued.getFromQueueId()).isEqualTo("sales");
            assertThat(queued.getLeftBy()).isEqualTo(LeftBy.LONGEST_WAIT);
            assertThat(call.said()).contains(enqueue("support", 2), leave("sales", LeaveReason.MOVED, 2));
        }

        @Test
        void doesNotDoSoAMomentEarlier() {
            waiting().pass(LONGEST.minusMillis(1));
            assertThat(call.events()).isEmpty();
        }

        @Test
        void isGreetedThereAndHearsMusicAgain() {
            waiting().pass(LONGEST);
            assertThat(call.said()).contains(announce("box1-7-greeting-1", "sound:hello"));

            call.when(fromBox(new AnnouncementEnded("7", "box1-7-greeting")));
            assertThat(call.said()).as("the greeting of the former queue").isEmpty();
            call.when(fromBox(new AnnouncementEnded("7", "box1-7-greeting-1")));
            assertThat(call.said()).containsExactly(box(new BoxCommand.PlayMusic("box1-7", "7", "default")));
        }

        @Test
        void tellsTheFormerQueueUntilItKnowsAlsoAfterACrash() {
            waiting().pass(LONGEST).crash();
            assertThat(call.owed()).contains(leave("sales", LeaveReason.MOVED, 2), enqueue("support", 2));

            call.given(new CallCommand.Left("sales"));
            assertThat(call.owed()).doesNotContain(leave("sales", LeaveReason.MOVED, 2));
        }

        @Test
        void refusesWhatTheFormerQueueStillSays() {
            waiting().pass(LONGEST);

            assertThat(call.when(new Connect("sales", "o1", 0, "ann", SEAT, false))
                            .said())
                    .containsExactly(new Output.ToQueue("sales", new QueueCommand.ConnectRefused("box1-7", "o1")));
            assertThat(call.when(new CallCommand.AreYouWaiting("sales")).said())
                    .containsExactly(leave("sales", LeaveReason.MOVED, 2));
            call.given(new CallCommand.Enqueued("sales", 0));
            assertThat(call.owed()).contains(enqueue("support", 2));
        }

        @Test
        void isServedThereAndTheRecordSaysWhereItCameFrom() {
            waiting().pass(LONGEST).when(new Connect("support", "o1", 2, "ann", SEAT, false));
            assertThat(phase()).isEqualTo(CallPhase.RINGING);

            call.given(fromBox(new LegAnswered("leg-id1"))).when(fromBox(new LegEnded("7", EndCause.NORMAL, 16)));
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.ANSWERED);
            assertThat(ended().getQueueId()).isEqualTo("support");
            assertThat(ended().getFirstQueueId()).isEqualTo("sales");
            assertThat(ended().getLeftBy()).isEqualTo(LeftBy.LONGEST_WAIT);
            assertThat(ended().getLeftTo()).isEqualTo("queue:support");
        }

        @Test
        void staysWhereThereIsNoSuchQueueOrItIsTheSame() {
            for (var queueId : List.of("deleted", "sales")) {
                call = going(new Target.OtherQueue(queueId));
                waiting().pass(LONGEST.multipliedBy(10));
                assertThat(call.events()).as(queueId).isEmpty();
                assertThat(phase()).isEqualTo(CallPhase.WAITING);
            }
        }

        @Test
        void isNotPlayedWithByTwoQueuesThatPointAtEachOther() {
            call = scenario(Map.of(
                    "sales", queue("sales", "", new Target.OtherQueue("support")),
                    "support", queue("support", "", new Target.OtherQueue("sales"))));
            waiting();
            var moves = 0;
            for (int i = 0; i < 10; i++) {
                call.pass(LONGEST);
                moves += (int)
                        call.events().stream().filter(CallEvent::hasQueued).count();
            }

            assertThat(moves).isEqualTo(2);
            assertThat(call.owed()).contains(enqueue("sales", 4));
            assertThat(call.owed()).doesNotContain(leave("sales", LeaveReason.MOVED, 4));
        }

        @Test
        void waitsForTheOutcomeWhileAPhoneRings() {
            waiting().pass(LONGEST.minusSeconds(5));
            call.given(new Connect("sales", "o1", 0, "ann", SEAT, false)).pass(Duration.ofSeconds(10));
            assertThat(phase()).isEqualTo(CallPhase.RINGING);

            call.given(fromBox(new LegEnded("leg-id1", EndCause.NO_ANSWER, 19)));
            call.pass(Duration.ZERO);
            assertThat(call.events().get(0).getQueued().getQueueId()).isEqualTo("support");
        }

        @Test
        void isThatOfTheConfigurationAsItIsThen() {
            waiting();
            call.configured(Scenario.directory()).pass(LONGEST.multipliedBy(2));
            assertThat(call.events()).isEmpty();
        }
    }

    @Nested
    class ToAnAnnouncement {
        @Test
        void hearsItAndIsHungUpOn() {
            call = going(new Target.Announcement("sound:goodbye"));
            waiting().pass(LONGEST);
            assertThat(phase()).isEqualTo(CallPhase.LEAVING);
            assertThat(call.said())
                    .contains(announce("box1-7-farewell", "sound:goodbye"), leave("sales", LeaveReason.OVERFLOWED, 1));

            call.crash();
            assertThat(call.owed()).contains(announce("box1-7-farewell", "sound:goodbye"));
            call.pass(Duration.ofSeconds(3)).when(fromBox(new AnnouncementEnded("7", "box1-7-farewell")));
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.OVERFLOWED);
            assertThat(ended().getEndedBy()).isEqualTo(EndedBy.SYSTEM);
            assertThat(ended().getLeftTo()).isEqualTo("announcement");
            assertThat(ended().getLeftMs())
                    .isEqualTo(Scenario.START.plus(LONGEST).toEpochMilli());
            assertThat(call.said()).contains(box(new BoxCommand.HangUp("box1-7", "7", EndCause.NORMAL)));
        }

        @Test
        void isGivenToNobodyMeanwhile() {
            call = going(new Target.Announcement("sound:goodbye"));
            waiting().pass(LONGEST).when(new Connect("sales", "o1", 0, "ann", SEAT, false));
            assertThat(call.said())
                    .containsExactly(new Output.ToQueue("sales", new QueueCommand.ConnectRefused("box1-7", "o1")));
            assertThat(call.when(new CallCommand.AreYouWaiting("sales")).said())
                    .containsExactly(leave("sales", LeaveReason.OVERFLOWED, 1));
        }

        @Test
        void hasOverflowedAlsoWhenTheCallerDoesNotHearItOut() {
            call = going(new Target.Announcement("sound:goodbye"));
            waiting().pass(LONGEST).when(fromBox(new LegEnded("7", EndCause.NORMAL, 16)));
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.OVERFLOWED);
            assertThat(ended().getEndedBy()).isEqualTo(EndedBy.CALLER);
        }
    }

    @Nested
    class ByTheKey {
        @Test
        void leavesAtOnceAndKeepsTheirPlace() {
            byKey(new Target.OtherQueue("support"));
            waiting().pass(SHORT).when(pressed("*"));

            var queued = call.events().get(0).getQueued();
            assertThat(queued.getQueueId()).isEqualTo("support");
            assertThat(queued.getLeftBy()).isEqualTo(LeftBy.KEY);
            assertThat(call.said()).contains(enqueue("support", 2), leave("sales", LeaveReason.MOVED, 2));
        }

        @Test
        void hearsAnAnnouncementOrBusy() {
            byKey(new Target.Announcement("sound:goodbye"));
            waiting().pass(SHORT).when(pressed("*"));
            assertThat(call.said()).contains(announce("box1-7-farewell", "sound:goodbye"));

            byKey(new Target.Busy());
            waiting().pass(SHORT).when(pressed("*"));
            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.OVERFLOWED);
            assertThat(ended().getLeftBy()).isEqualTo(LeftBy.KEY);
        }

        @Test
        void isAnotherKeyThatOfNobodyOrOneThatLeadsNowhere() {
            byKey(new Target.OtherQueue("support"));
            waiting().pass(SHORT);
            assertThat(call.when(pressed("1")).events()).isEmpty();
            assertThat(call.when(fromBox(new BoxEvent.KeyPressed("leg-id1", "*", call.now())))
                            .events())
                    .as("pressed by somebody else than the caller")
                    .isEmpty();

            byKey(new Target.OtherQueue("deleted"));
            assertThat(waiting().pass(SHORT).when(pressed("*")).events()).isEmpty();
        }

        @Test
        void whatWasPressedInAnotherQueueIsNoWordAboutThisOne() {
            call = scenario(
                    Map.of("sales", queue("sales", keyed("support")), "support", queue("support", keyed("sales"))));
            var pressed =
                    waiting().pass(SHORT).when(pressed("*")).pass(SHORT).now().minus(SHORT);
            assertThat(call.when(fromBox(new BoxEvent.KeyPressed("7", "*", pressed)))
                            .events())
                    .as("the same word once more, or one that was late")
                    .isEmpty();

            assertThat(call.when(pressed("*")).events().get(0).getQueued().getQueueId())
                    .isEqualTo("sales");
            assertThat(call.pass(SHORT).when(pressed("*")).events())
                    .as("a key may be used again")
                    .isNotEmpty();
        }

        @Test
        void stopsThePhoneThatRingsAndNobodyHasMissedACall() {
            byKey(new Target.OtherQueue("support"));
            waiting().pass(SHORT).given(new Connect("sales", "o1", 0, "ann", SEAT, false));
            call.when(pressed("*"));
            assertThat(call.said()).contains(box(new BoxCommand.HangUp("box1-7", "leg-id1", EndCause.CANCELLED)));
            assertThat(phase()).isEqualTo(CallPhase.RINGING);

            call.when(fromBox(new LegEnded("leg-id1", EndCause.CANCELLED, 16)));
            assertThat(call.events().get(0).getOfferEnded().getOutcome()).isEqualTo(OfferOutcome.CALLER_LEFT);
            assertThat(call.events().get(1).getQueued().getQueueId()).isEqualTo("support");
            assertThat(call.said())
                    .contains(new Output.ToAgent(
                            "ann", new AgentCommand.OfferOver("o1", "box1-7", "sales", OfferOutcome.CALLER_LEFT)));
        }

        @Test
        void isNotGivenToAnAgentWhoIsATriflingTooLate() {
            byKey(new Target.OtherQueue("support"));
            waiting().pass(SHORT).given(new Connect("sales", "o1", 0, "ann", SEAT, false));
            call.given(pressed("*")).when(fromBox(new LegAnswered("leg-id1")));
            assertThat(phase()).isEqualTo(CallPhase.RINGING);
            assertThat(call.said()).contains(box(new BoxCommand.HangUp("box1-7", "leg-id1", EndCause.CANCELLED)));
        }

        @Test
        void isRememberedThroughACrashAndASilentBox() {
            byKey(new Target.OtherQueue("support"));
            waiting().pass(SHORT).given(new Connect("sales", "o1", 0, "ann", SEAT, false));
            call.given(pressed("*")).crash();
            assertThat(call.owed())
                    .contains(box(new BoxCommand.HangUp("box1-7", "leg-id1", EndCause.CANCELLED)))
                    .noneMatch(said -> said.toString().contains("RingSeat"));

            call.given(fromBox(new BoxEvent.BoxBack(
                    "box1",
                    "i1",
                    List.of(new Leg("7", Leg.State.UP), new Leg("leg-id1", Leg.State.RINGING)),
                    List.of())));
            call.pass(Timing.RING_GRACE);
            assertThat(call.events().get(1).getQueued().getQueueId()).isEqualTo("support");
        }

        @Test
        void isNoConcernOfThoseWhoTalk() {
            byKey(new Target.OtherQueue("support"));
            waiting().pass(SHORT).given(new Connect("sales", "o1", 0, "ann", SEAT, false));
            call.given(fromBox(new LegAnswered("leg-id1"))).when(pressed("*"));
            assertThat(call.events()).isEmpty();
            assertThat(phase()).isEqualTo(CallPhase.TALKING);
        }

        private void byKey(Target target) {
            call = scenario(Map.of(
                    "sales",
                    queue(
                            "sales",
                            new Waiting(
                                    "default",
                                    "",
                                    List.of(),
                                    Optional.of(new LeaveKey("*", target)),
                                    Optional.empty())),
                    "support",
                    queue("support", "sound:hello", null)));
        }

        private static Waiting keyed(String queueId) {
            var key = new LeaveKey("*", new Target.OtherQueue(queueId));
            return new Waiting("default", "", List.of(), Optional.of(key), Optional.empty());
        }

        private FromBox pressed(String digit) {
            return fromBox(new BoxEvent.KeyPressed("7", digit, call.now()));
        }
    }

    @Test
    void isHungUpOnAsBusy() {
        call = going(new Target.Busy());
        waiting().pass(LONGEST);
        assertThat(ended().getOutcome()).isEqualTo(CallOutcome.OVERFLOWED);
        assertThat(ended().getQ850Cause()).isEqualTo(17);
        assertThat(call.said())
                .contains(
                        box(new BoxCommand.HangUp("box1-7", "7", EndCause.BUSY)),
                        leave("sales", LeaveReason.OVERFLOWED, 1));
    }

    // Given.

    private static Scenario<CallCommand, CallEvent, CallState> going(Target target) {
        return scenario(Map.of("sales", queue("sales", "", target), "support", queue("support", "sound:hello", null)));
    }

    private static Scenario<CallCommand, CallEvent, CallState> scenario(Map<String, Directory.Queue> queues) {
        var rest = Scenario.directory();
        return new Scenario<>(
                new CallDecider(), "box1-7", new Directory(queues, rest.agents(), rest.numbers(), rest.seats()));
    }

    private static Directory.Queue queue(String id, String greeting, Target target) {
        var limits = target == null
                ? List.<Limit>of()
                : List.of(new Limit(Limit.Kind.LONGEST_WAIT, (int) LONGEST.toSeconds(), target));
        return queue(id, new Waiting("default", greeting, limits, Optional.empty(), Optional.empty()));
    }

    private static Directory.Queue queue(String id, Waiting waiting) {
        return new Directory.Queue(id, id, Routing.PLAIN, Handling.PLAIN, waiting);
    }

    private Scenario<CallCommand, CallEvent, CallState> waiting() {
        return call.given(fromBox(new LegOffered("box1", "i1", "7", "+4930", "Ann", "100", Scenario.START)))
                .given(fromBox(new LegAnswered("7")))
                .given(fromBox(new BoxEvent.MusicStarted("7")))
                .given(new CallCommand.Enqueued("sales", 0));
    }

    private static FromBox fromBox(BoxEvent event) {
        return new FromBox(event);
    }

    // Then.

    private CallPhase phase() {
        return call.view(View.OfCall.class).phase();
    }

    private CallEnded ended() {
        return call.events().stream()
                .filter(CallEvent::hasEnded)
                .map(CallEvent::getEnded)
                .findFirst()
                .orElseThrow(() -> new AssertionError("It did not end: " + call.events()));
    }

    private static Output box(BoxCommand command) {
        return new Output.ToBox("box1", command);
    }

    private static Output announce(String playbackId, String sound) {
        return box(new BoxCommand.Announce("box1-7", "7", playbackId, sound, ""));
    }

    private static Output leave(String queueId, LeaveReason reason, int round) {
        return new Output.ToQueue(
                queueId, new QueueCommand.Leave("box1-7", reason, round, reason == LeaveReason.CONNECTED ? "ann" : ""));
    }

    private static Output enqueue(String queueId, int round) {
        return new Output.ToQueue(
                queueId, new QueueCommand.Enqueue("box1-7", "box1", 5, Scenario.START, "+4930", round));
    }
}
