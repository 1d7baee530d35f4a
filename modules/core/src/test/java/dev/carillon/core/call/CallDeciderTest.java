package dev.carillon.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Timing;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxEvent.BoxAway;
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
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStage;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.CallPhase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallDeciderTest {

    private static final Seat SEAT = new Seat("s1", "box1", "PJSIP/1001");
    private static final String AGENT_LEG = "leg-id1";
    private static final String BRIDGE = "br-id2";

    private final Scenario<CallCommand, CallEvent, CallState> call =
            new Scenario<>(new CallDecider(), "box1-7", Scenario.directory());

    @Nested
    class Arriving {
        @Test
        void isAnsweredHearsMusicAndIsEnqueued() {
            call.when(arrive("100"));

            assertThat(call.said())
                    .containsExactly(
                            box(new BoxCommand.Answer("box1-7", "7")),
                            box(new BoxCommand.PlayMusic("box1-7", "7", "default")),
                            enqueue("sales", 5, 0));
            assertThat(phase()).isEqualTo(CallPhase.WAITING);
        }

        @Test
        void isGreetedFirstWhereTheQueueGreets() {
            call.when(arrive("200"));
            var announce = box(new BoxCommand.Announce("box1-7", "7", "box1-7-greeting", "sound:hello", ""));
            assertThat(call.said())
                    .contains(announce)
                    .doesNotContain(box(new BoxCommand.PlayMusic("box1-7", "7", "default")));

            call.when(fromBox(new BoxEvent.AnnouncementEnded("7", "box1-7-greeting")));
            assertThat(call.said()).containsExactly(box(new BoxCommand.PlayMusic("box1-7", "7", "default")));
        }

        @Test
        void keepsTheTimeTheBoxGave() {
            call.when(
                    fromBox(new LegOffered("box1", "i1", "7", "+4930", "Ann", "100", Scenario.START.minusSeconds(40))));

            assertThat(call.events().get(1).getQueued().getWaitingSinceMs())
                    .isEqualTo(Scenario.START.minusSeconds(40).toEpochMilli());
        }

        @Test
        void isTurnedAwayWhenTheNumberLeadsNowhere() {
            call.when(arrive("999"));

            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.REJECTED);
            assertThat(call.said()).containsExactly(box(new BoxCommand.HangUp("box1-7", "7", EndCause.UNALLOCATED)));
        }

        @Test
        void repeatsWhatWasNotConfirmedAndNothingElse() {
            call.given(arrive("100"));
            assertThat(call.owed()).hasSize(3);

            call.given(fromBox(new LegAnswered("7")))
                    .given(fromBox(new BoxEvent.MusicStarted("7")))
                    .given(new CallCommand.Enqueued("sales", 0));
            assertThat(call.owed()).isEmpty();
        }

        @Test
        void isNotMadeBySomethingElseThanAnArrival() {
            call.when(fromBox(new LegEnded("7", EndCause.NORMAL, 16)));
            assertThat(call.events()).isEmpty();
            assertThat(call.mayRest()).isTrue();
        }
    }

    @Nested
    class Waiting {
        @Test
        void ringsTheAgentAndTellsThemAndTheQueue() {
            arrived("100");
            call.when(connect("o1", 0));

            assertThat(call.said())
                    .containsExactly(
                            box(new BoxCommand.RingSeat("box1-7", AGENT_LEG, "PJSIP/1001", "+4930", "Ann", 20)),
                            agent(new AgentCommand.OfferRinging("o1", "box1-7", "sales")),
                            queue(new QueueCommand.OfferAccepted("box1-7", "o1", 1)));
            assertThat(phase()).isEqualTo(CallPhase.RINGING);
        }

        @Test
        void refusesAnOfferOfAnotherRoundAndOneFromAnotherQueue() {
            arrived("100");
            assertThat(call.when(connect("o1", 1)).said()).containsExactly(connectRefused("o1"));
            assertThat(call.when(new Connect("support", "o1", 0, "ann", SEAT, false))
                            .said())
                    .containsExactly(new Output.ToQueue("support", new QueueCommand.ConnectRefused("box1-7", "o1")));
            assertThat(call.events()).isEmpty();
        }

        @Test
        void isAbandonedWhenTheCallerHangsUp() {
            arrived("100");
            call.pass(Duration.ofSeconds(12)).when(fromBox(new LegEnded("7", EndCause.NORMAL, 16)));

            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.ABANDONED);
            assertThat(ended().getWhileRinging()).isFalse();
            assertThat(ended().getEndedMs() - ended().getQueuedMs()).isEqualTo(12_000);
            assertThat(call.said()).containsExactly(leave(LeaveReason.ABANDONED, 1));

            call.when(new CallCommand.Left("sales"));
            assertThat(call.mayRest()).isTrue();
            assertThat(call.said()).containsExactly(box(new BoxCommand.Release("box1-7", "")));
        }

        @Test
        void answersTheQueueThatAsks() {
            arrived("100");
            assertThat(call.when(new CallCommand.AreYouWaiting("sales")).said())
                    .containsExactly(enqueue("sales", 5, 0));
            assertThat(call.when(new CallCommand.AreYouWaiting("support")).said())
                    .containsExactly(
                            new Output.ToQueue("support", new QueueCommand.Leave("box1-7", LeaveReason.LOST, 0, "")));
        }

        @Test
        void keepsTheBoxFromTakingTheCallerBack() {
            arrived("100");
            call.pass(Timing.SILENCE);

            assertThat(call.said())
                    .containsExactly(box(new BoxCommand.KeepAlive("box1-7", List.of(new Leg("7", Leg.State.UP)), 30)));
        }

        @Test
        void isSuspendedWhileTheBoxIsAwayAndThenWaitsOn() {
            arrived("100");
            assertThat(call.when(fromBox(new BoxAway("box1", true))).said())
                    .containsExactly(queue(new QueueCommand.Suspend("box1-7")));
            assertThat(call.when(connect("o1", 0)).said()).containsExactly(connectRefused("o1"));
            assertThat(call.pass(Timing.SILENCE).said()).containsExactly(box(new BoxCommand.TakeStock("box1-7")));

            call.when(back(List.of(new Leg("7", Leg.State.UP)), List.of()));
            assertThat(call.said())
                    .as("what they hear by now, nobody knows")
                    .containsExactly(box(new BoxCommand.PlayMusic("box1-7", "7", "default")), enqueue("sales", 5, 0));
        }

        @Test
        void isAbandonedWhenTheCallerLeftWhileTheBoxWasAway() {
            arrived("100");
            call.given(fromBox(new BoxAway("box1", true))).when(back(List.of(), List.of()));

            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.ABANDONED);
        }

        @Test
        void isLostWithABoxThatWasRestarted() {
            arrived("100");
            call.given(fromBox(new BoxAway("box1", true)))
                    .when(fromBox(new BoxBack("box1", "i2", List.of(), List.of())));

            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.LOST);
            assertThat(ended().getEndedBy()).isEqualTo(EndedBy.BOX);
        }

        @Test
        void waitsForABoxHoweverLongItIsAway() {
            arrived("100");
            call.given(fromBox(new BoxAway("box1", true))).pass(Duration.ofHours(2));
            call.when(back(List.of(new Leg("7", Leg.State.UP)), List.of()));

            assertThat(call.events()).isEmpty();
            assertThat(call.said()).contains(enqueue("sales", 5, 0));
        }

        @Test
        void isLostWithABoxThatWasDeleted() {
            arrived("100");
            call.given(fromBox(new BoxAway("box1", false))).pass(Timing.DELETED_BOX.plus(Timing.SILENCE));

            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.LOST);
            assertThat(ended().getEndedBy()).isEqualTo(EndedBy.BOX);
        }

        @Test
        void isNotLostWhenItsBoxIsFoundInTheConfigurationAfterAll() {
            arrived("100");
            call.given(fromBox(new BoxAway("box1", false)))
                    .given(fromBox(new BoxAway("box1", true)))
                    .pass(Timing.DELETED_BOX.multipliedBy(2));

            assertThat(call.events()).isEmpty();
        }

        @Test
        void isSuspendedWhenItWokeAndNobodyAnswersForItsBox() {
            arrived("100");
            call.crash().pass(Timing.SILENCE);
            assertThat(call.said())
                    .contains(box(new BoxCommand.TakeStock("box1-7")), queue(new QueueCommand.Suspend("box1-7")));
            assertThat(call.when(connect("o1", 0)).said()).containsExactly(connectRefused("o1"));

            call.when(back(List.of(new Leg("7", Leg.State.UP)), List.of()));
            assertThat(call.said()).contains(enqueue("sales", 5, 0));
        }

        @Test
        void isNotSuspendedWhenItWokeAndItsBoxAnswered() {
            arrived("100");
            call.crash().given(back(List.of(new Leg("7", Leg.State.UP)), List.of()));
            call.pass(Timing.SILENCE.multipliedBy(2));

            assertThat(call.said()).doesNotContain(queue(new QueueCommand.Suspend("box1-7")));
        }

        @Test
        void isLookedAfterAgainWhenTheBoxHadTakenTheCallerBack() {
            arrived("100");
            call.when(arrive("100"));

            assertThat(call.events()).isEmpty();
            assertThat(call.said())
                    .containsExactly(
                            box(new BoxCommand.Answer("box1-7", "7")),
                            box(new BoxCommand.PlayMusic("box1-7", "7", "default")));
        }

        @Test
        void hangsUpALegItDoesNotKnow() {
            arrived("100");
            call.when(back(List.of(new Leg("7", Leg.State.UP), new Leg("leg-x", Leg.State.RINGING)), List.of()));

            assertThat(call.said()).contains(box(new BoxCommand.HangUp("box1-7", "leg-x", EndCause.NORMAL)));
        }
    }

    @Nested
    class Ringing {
        @Test
        void acceptsTheSameOfferAgainAndRefusesAnother() {
            ring();
            assertThat(call.when(connect("o1", 0)).said())
                    .containsExactly(queue(new QueueCommand.OfferAccepted("box1-7", "o1", 1)));
            assertThat(call.when(connect("o2", 0)).said()).containsExactly(connectRefused("o2"));
            assertThat(call.when(connect("o2", 1)).said()).containsExactly(connectRefused("o2"));
            assertThat(call.events()).isEmpty();
        }

        @Test
        void connectsWhenTheAgentAnswers() {
            ring();
            call.when(fromBox(new LegAnswered(AGENT_LEG)));

            assertThat(call.said())
                    .containsExactly(
                            box(new BoxCommand.Bridge("box1-7", BRIDGE, List.of("7", AGENT_LEG))),
                            agent(new AgentCommand.OfferTalking("o1", "box1-7", "sales")),
                            leave(LeaveReason.CONNECTED, 1));
            assertThat(call.when(fromBox(new LegAnswered(AGENT_LEG))).events()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "BUSY,BUSY",
            "REJECTED,REFUSED",
            "NO_ANSWER,UNANSWERED",
            "UNREACHABLE,UNREACHABLE",
            "UNKNOWN,WITHDRAWN"
        })
        void goesBackToItsPlaceWhenTheOfferFails(EndCause cause, OfferOutcome outcome) {
            ring();
            call.when(fromBox(new LegEnded(AGENT_LEG, cause, 0)));

            assertThat(call.said())
                    .containsExactly(
                            agent(new AgentCommand.OfferOver("o1", "box1-7", "sales", outcome)),
                            enqueue("sales", 5, 2));
            assertThat(phase()).isEqualTo(CallPhase.WAITING);
        }

        @Test
        void stopsThePhoneWhenTheCallerHangsUp() {
            ring();
            call.when(fromBox(new LegEnded("7", EndCause.NORMAL, 16)));

            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.ABANDONED);
            assertThat(ended().getWhileRinging()).isTrue();
            assertThat(call.said())
                    .containsExactly(
                            box(new BoxCommand.HangUp("box1-7", AGENT_LEG, EndCause.NORMAL)),
                            agent(new AgentCommand.OfferOver("o1", "box1-7", "sales", OfferOutcome.CALLER_LEFT)),
                            leave(LeaveReason.ABANDONED, 3));
        }

        @Test
        void hangsUpAnAgentWhoAnswersAfterTheCallerLeft() {
            ring();
            call.given(fromBox(new LegEnded("7", EndCause.NORMAL, 16))).when(fromBox(new LegAnswered(AGENT_LEG)));

            assertThat(call.events()).isEmpty();
            assertThat(call.said()).contains(box(new BoxCommand.HangUp("box1-7", AGENT_LEG, EndCause.NORMAL)));
        }

        @Test
        void endsTheRingingItselfWhenTheBoxDoesNot() {
            ring();
            call.pass(Duration.ofSeconds(20).plus(Timing.RING_GRACE));
            assertThat(call.said()).contains(box(new BoxCommand.HangUp("box1-7", AGENT_LEG, EndCause.CANCELLED)));
            assertThat(phase()).as("until its leg has ended").isEqualTo(CallPhase.RINGING);

            call.pass(Timing.RING_GRACE);
            assertThat(phase()).isEqualTo(CallPhase.WAITING);
            assertThat(call.said())
                    .contains(agent(new AgentCommand.OfferOver("o1", "box1-7", "sales", OfferOutcome.UNANSWERED)));
        }

        @Test
        void isWithdrawnWhenTheAgentDoesNotHoldTheOffer() {
            ring();
            call.when(new CallCommand.OfferVoid("o1", "ann"));
            assertThat(call.said())
                    .containsExactly(box(new BoxCommand.HangUp("box1-7", AGENT_LEG, EndCause.CANCELLED)));
            assertThat(phase()).isEqualTo(CallPhase.RINGING);

            call.when(fromBox(new LegEnded(AGENT_LEG, EndCause.CANCELLED, 0)));
            assertThat(call.said()).contains(enqueue("sales", 5, 2));
            assertThat(call.events().get(0).getOfferEnded().getOutcome()).isEqualTo(OfferOutcome.WITHDRAWN);
        }

        @Test
        void tellsAnAgentWhoAsks() {
            ring();
            assertThat(call.when(new CallCommand.AreWeTogether("o1", "ann")).said())
                    .containsExactly(agent(new AgentCommand.OfferRinging("o1", "box1-7", "sales")));
            assertThat(call.when(new CallCommand.AreWeTogether("o9", "ann")).said())
                    .containsExactly(agent(new AgentCommand.OfferOver("o9", "box1-7", "", OfferOutcome.WITHDRAWN)));
        }

        @Test
        void ringsOnAfterACrash() {
            ring();
            assertThat(call.crash().said())
                    .contains(
                            box(new BoxCommand.TakeStock("box1-7")),
                            agent(new AgentCommand.OfferRinging("o1", "box1-7", "sales")));

            call.when(back(List.of(new Leg("7", Leg.State.UP), new Leg(AGENT_LEG, Leg.State.UP)), List.of()));
            assertThat(phase()).as("answered meanwhile").isEqualTo(CallPhase.TALKING);
        }

        @Test
        void ringsThePhoneAfterACrashOnlyWhenTheBoxDoesNotRingIt() {
            ring();
            assertThat(call.crash().said()).noneMatch(CallDeciderTest::ringsASeat);

            call.when(back(List.of(new Leg("7", Leg.State.UP)), List.of()));
            assertThat(call.said()).anyMatch(CallDeciderTest::ringsASeat);
        }

        @Test
        void isHungUpWhenTheBoxHadSaidTooEarlyThatItIsNotThere() {
            ring();
            call.given(back(List.of(new Leg("7", Leg.State.UP)), List.of()));

            assertThat(call.when(fromBox(new LegRinging(AGENT_LEG))).said())
                    .containsExactly(box(new BoxCommand.HangUp("box1-7", AGENT_LEG, EndCause.CANCELLED)));
        }

        @Test
        void isNotRungAgainAfterACrashThatOutlastedTheRinging() {
            ring();
            call.crash().pass(Duration.ofSeconds(20 + 10));
            call.when(back(List.of(new Leg("7", Leg.State.UP)), List.of()));

            assertThat(call.said())
                    .noneMatch(CallDeciderTest::ringsASeat)
                    .contains(
                            agent(new AgentCommand.OfferOver("o1", "box1-7", "sales", OfferOutcome.WITHDRAWN)),
                            enqueue("sales", 5, 2));
        }
    }

    @Nested
    class Talking {
        @ParameterizedTest
        @CsvSource({"7,CALLER", AGENT_LEG + ",AGENT"})
        void endsWithTheFirstLegThatEnds(String leg, EndedBy by) {
            talk();
            call.pass(Duration.ofSeconds(3)).when(fromBox(new LegEnded(leg, EndCause.NORMAL, 16)));

            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.ANSWERED);
            assertThat(ended().getEndedBy()).isEqualTo(by);
            assertThat(ended().getAgentId()).isEqualTo("ann");
            assertThat(ended().getEndedMs() - ended().getAnsweredMs()).isEqualTo(3_000);
            assertThat(ended().getQ850Cause()).isEqualTo(16);
            var other = leg.equals("7") ? AGENT_LEG : "7";
            assertThat(call.said())
                    .contains(
                            box(new BoxCommand.HangUp("box1-7", other, EndCause.NORMAL)),
                            agent(new AgentCommand.OfferOver("o1", "box1-7", "sales", OfferOutcome.COMPLETED)));
        }

        @Test
        void isReleasedOnceEverybodyKnows() {
            talk();
            call.given(fromBox(new LegEnded("7", EndCause.NORMAL, 16)))
                    .given(new CallCommand.OfferNoted("o1", OfferStage.OVER))
                    .given(new CallCommand.Left("sales"));
            assertThat(call.mayRest()).isFalse();

            call.when(fromBox(new LegEnded(AGENT_LEG, EndCause.NORMAL, 16)));
            assertThat(call.said()).containsExactly(box(new BoxCommand.Release("box1-7", BRIDGE)));
            assertThat(call.mayRest()).isTrue();
        }

        @Test
        void givesUpTellingOthersInTheEnd() {
            talk();
            call.given(fromBox(new LegEnded("7", EndCause.NORMAL, 16))).pass(Timing.GIVE_UP);

            assertThat(call.mayRest()).isTrue();
            assertThat(call.owed()).isEmpty();
        }

        @Test
        void goesOnWhileTheBoxIsAway() {
            talk();
            call.given(fromBox(new BoxAway("box1", true))).pass(Duration.ofMinutes(5));
            assertThat(phase()).isEqualTo(CallPhase.TALKING);

            call.when(back(bothUp(), List.of("7", AGENT_LEG)));
            assertThat(call.events()).isEmpty();
            assertThat(phase()).isEqualTo(CallPhase.TALKING);
        }

        @Test
        void isBridgedAgainWhenTheBoxSaysItIsNot() {
            talk();
            call.when(back(bothUp(), List.of()));

            assertThat(call.said()).contains(box(new BoxCommand.Bridge("box1-7", BRIDGE, List.of("7", AGENT_LEG))));
        }

        @Test
        void isRecordedAsAnsweredWhenTheBoxIsRestarted() {
            talk();
            call.when(fromBox(new BoxBack("box1", "i2", List.of(), List.of())));

            assertThat(ended().getOutcome()).isEqualTo(CallOutcome.ANSWERED);
            assertThat(ended().getEndedBy()).isEqualTo(EndedBy.BOX);
            assertThat(call.said())
                    .contains(agent(new AgentCommand.OfferOver("o1", "box1-7", "sales", OfferOutcome.COMPLETED)));
        }

        @Test
        void noticesAfterACrashThatTheAgentHungUp() {
            talk();
            call.crash().when(back(List.of(new Leg("7", Leg.State.UP)), List.of()));

            assertThat(ended().getEndedBy()).isEqualTo(EndedBy.AGENT);
        }

        @Test
        void takesTheCallerBackToTheirPlaceWhenTheAgentWillNotHaveThem() {
            talk();
            call.when(new CallCommand.OfferVoid("o1", "ann"));

            assertThat(call.said())
                    .contains(
                            box(new BoxCommand.HangUp("box1-7", AGENT_LEG, EndCause.NORMAL)),
                            box(new BoxCommand.PlayMusic("box1-7", "7", "default")),
                            enqueue("sales", 5, 2));
        }

        @Test
        void isNotTakenOutOfTheQueueByWhatItSaidBeforeItCameBack() {
            talk();
            call.given(new CallCommand.OfferVoid("o1", "ann"))
                    .given(new CallCommand.Enqueued("sales", 0))
                    .given(new CallCommand.Left("sales"));
            call.given(connect("o2", 2)).given(fromBox(new LegAnswered("leg-id3")));

            assertThat(call.owed()).contains(leave(LeaveReason.CONNECTED, 3));
        }

        @Test
        void hasNoWatchdog() {
            talk();
            call.pass(Timing.SILENCE);

            assertThat(call.said()).contains(box(new BoxCommand.KeepAlive("box1-7", bothUp(), 0)));
        }
    }

    @Nested
    class Ended {
        @Test
        void stillAnswersWhoeverAsks() {
            talk();
            call.given(fromBox(new LegEnded("7", EndCause.NORMAL, 16))).crash();

            assertThat(call.when(new CallCommand.AreWeTogether("o1", "ann")).said())
                    .contains(agent(new AgentCommand.OfferOver("o1", "box1-7", "sales", OfferOutcome.COMPLETED)));
            assertThat(call.when(new CallCommand.AreYouWaiting("sales")).said())
                    .contains(leave(LeaveReason.CONNECTED, 3));
            assertThat(call.when(connect("o2", 1)).said()).contains(connectRefused("o2"));
            assertThat(call.events()).isEmpty();
        }

        @Test
        void isReleasedAgainWhenTheBoxStillAsksButNotForEveryLateWord() {
            talk();
            call.given(fromBox(new LegEnded("7", EndCause.NORMAL, 16)))
                    .given(new CallCommand.OfferNoted("o1", OfferStage.OVER))
                    .given(new CallCommand.Left("sales"))
                    .given(fromBox(new LegEnded(AGENT_LEG, EndCause.NORMAL, 16)));

            assertThat(call.when(new CallCommand.Left("sales")).said()).isEmpty();
            assertThat(call.when(back(List.of(), List.of())).said())
                    .containsExactly(box(new BoxCommand.Release("box1-7", BRIDGE)));
        }

        @Test
        void hangsUpWhateverTheBoxStillHas() {
            talk();
            call.given(fromBox(new LegEnded("7", EndCause.NORMAL, 16))).crash();
            call.when(back(List.of(new Leg(AGENT_LEG, Leg.State.UP)), List.of()));

            assertThat(call.said()).contains(box(new BoxCommand.HangUp("box1-7", AGENT_LEG, EndCause.NORMAL)));
            assertThat(call.events()).isEmpty();
        }
    }

    // Given.

    private void arrived(String dialled) {
        call.given(arrive(dialled))
                .given(fromBox(new LegAnswered("7")))
                .given(fromBox(new BoxEvent.MusicStarted("7")))
                .given(new CallCommand.Enqueued("sales", 0));
    }

    private void ring() {
        arrived("100");
        call.given(connect("o1", 0))
                .given(fromBox(new LegRinging(AGENT_LEG)))
                .given(new CallCommand.OfferNoted("o1", OfferStage.RINGING));
    }

    private void talk() {
        ring();
        call.given(fromBox(new LegAnswered(AGENT_LEG)));
    }

    private static FromBox arrive(String dialled) {
        return fromBox(new LegOffered("box1", "i1", "7", "+4930", "Ann", dialled, Scenario.START));
    }

    private static FromBox fromBox(BoxEvent event) {
        return new FromBox(event);
    }

    private static FromBox back(List<Leg> legs, List<String> bridged) {
        return fromBox(new BoxBack("box1", "i1", legs, bridged));
    }

    private static List<Leg> bothUp() {
        return List.of(new Leg("7", Leg.State.UP), new Leg(AGENT_LEG, Leg.State.UP));
    }

    private static Connect connect(String offerId, int round) {
        return new Connect("sales", offerId, round, "ann", SEAT, false);
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

    private static boolean ringsASeat(Output output) {
        return output instanceof Output.ToBox to && to.command() instanceof BoxCommand.RingSeat;
    }

    private static Output box(BoxCommand command) {
        return new Output.ToBox("box1", command);
    }

    private static Output agent(AgentCommand command) {
        return new Output.ToAgent("ann", command);
    }

    private static Output queue(QueueCommand command) {
        return new Output.ToQueue("sales", command);
    }

    private static Output leave(LeaveReason reason, int round) {
        return queue(new QueueCommand.Leave("box1-7", reason, round, reason == LeaveReason.CONNECTED ? "ann" : ""));
    }

    private static Output connectRefused(String offerId) {
        return queue(new QueueCommand.ConnectRefused("box1-7", offerId));
    }

    private static Output enqueue(String queueId, int priority, int round) {
        return new Output.ToQueue(
                queueId, new QueueCommand.Enqueue("box1-7", "box1", priority, Scenario.START, "+4930", round));
    }
}
