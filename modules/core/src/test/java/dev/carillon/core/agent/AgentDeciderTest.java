package dev.carillon.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Timing;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentCommand.Bid;
import dev.carillon.protocol.agent.AgentCommand.CancelNext;
import dev.carillon.protocol.agent.AgentCommand.EndWrapUp;
import dev.carillon.protocol.agent.AgentCommand.ExtendWrapUp;
import dev.carillon.protocol.agent.AgentCommand.GiveWrapUpCode;
import dev.carillon.protocol.agent.AgentCommand.Heartbeat;
import dev.carillon.protocol.agent.AgentCommand.LogIn;
import dev.carillon.protocol.agent.AgentCommand.LogOut;
import dev.carillon.protocol.agent.AgentCommand.OfferOver;
import dev.carillon.protocol.agent.AgentCommand.OfferRinging;
import dev.carillon.protocol.agent.AgentCommand.OfferTalking;
import dev.carillon.protocol.agent.AgentCommand.ReleaseReservation;
import dev.carillon.protocol.agent.AgentCommand.SeatReachability;
import dev.carillon.protocol.agent.AgentCommand.SetNotReady;
import dev.carillon.protocol.agent.AgentCommand.SetReady;
import dev.carillon.protocol.agent.AgentCommand.StatusNoted;
import dev.carillon.protocol.agent.AgentCommand.TellStatus;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStage;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.AgentStatus;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueCommand.Today;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.AgentPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentDeciderTest {

    private static final Seat SEAT = new Seat("s1", "box1", "PJSIP/1001");
    private static final Seat OTHER_SEAT = new Seat("s2", "box1", "PJSIP/1002");

    private final Scenario<AgentCommand, AgentEvent, AgentState> ann =
            new Scenario<>(new AgentDecider(), "ann", Scenario.directory()).comparingWithJournal();

    @Nested
    class LoggedOut {
        @Test
        void logsInNotReadyAndTellsEveryQueue() {
            ann.when(new LogIn(SEAT, Instant.MAX));

            assertThat(ann.reply()).isEqualTo(new Reply.Done());
            assertThat(phase()).isEqualTo(AgentPhase.NOT_READY);
            assertThat(view().reason()).isEqualTo("login");
            assertThat(statuses())
                    .extracting(AgentStatus::presence)
                    .containsExactly(Presence.NOT_READY, Presence.NOT_READY);
        }

        @Test
        void cannotBecomeReady() {
            assertThat(ann.when(new SetReady()).reply())
                    .isEqualTo(rejected("AGENT_LOGGED_OUT", "Log in at a seat first."));
            assertThat(ann.events()).isEmpty();
        }

        @Test
        void refusesABid() {
            assertThat(ann.when(bid("o1", "sales", 5, 0)).said()).containsExactly(refused("o1", "sales", 0));
        }

        @Test
        void mayRestOnceTheQueuesKnow() {
            ann.given(new LogIn(SEAT, Instant.MAX)).when(new LogOut());
            assertThat(ann.mayRest()).isFalse();

            ann.when(new StatusNoted("sales", 2)).when(new StatusNoted("support", 2));
            assertThat(ann.mayRest()).isTrue();
        }

        /** It has rested meanwhile, and an old word of theirs came late. */
        @Test
        void correctsAQueueThatBelievesWhatIsNoLongerSo() {
            ann.given(new LogIn(SEAT, Instant.MAX)).given(new LogOut());
            ann.given(new StatusNoted("sales", 2)).given(new StatusNoted("support", 2));

            ann.when(new StatusNoted("sales", 1));
            assertThat(statuses()).extracting(AgentStatus::presence).containsExactly(Presence.ABSENT);
            assertThat(ann.when(new StatusNoted("sales", 2)).said()).isEmpty();
        }
    }

    @Nested
    class Ready {
        @Test
        void takesTheBestBidOfAllItsQueuesOnceAllHaveAnswered() {
            becomeReady();

            ann.when(bid("o1", "sales", 5, 10));
            assertThat(ann.events()).as("another queue may have a better one").isEmpty();

            ann.when(bid("o2", "support", 7, 20));
            assertThat(ann.said()).contains(refused("o1", "sales", 2), reserved("o2", "support", 3));
            assertThat(phase()).isEqualTo(AgentPhase.RESERVED);
        }

        /** It has given up the first, and would bid and be refused over and over. */
        @Test
        void putsTheLaterBidOfAQueueInPlaceOfTheEarlierWithoutAWord() {
            becomeReady();

            ann.given(bid("o1", "sales", 5, 10));
            assertThat(ann.when(bid("o2", "sales", 5, 20)).said()).isEmpty();

            ann.when(new StatusNoted("support", 2));
            assertThat(ann.said()).contains(reserved("o2", "sales", 3)).doesNotContain(refused("o1", "sales", 2));
        }

        @Test
        void takesTheBestBidWhenAQueueDoesNotAnswerInTime() {
            becomeReady();
            ann.given(bid("o1", "sales", 5, 10));

            ann.pass(Timing.BID_COLLECTION);

            assertThat(ann.said()).contains(reserved("o1", "sales", 3));
        }

        @Test
        void takesTheFirstBidThatComesWhenIdle() {
            beIdle();

            assertThat(ann.when(bid("o1", "sales", 1, 10)).said()).contains(reserved("o1", "sales", 3));
            assertThat(ann.when(bid("o2", "support", 10, 0)).said()).containsExactly(refused("o2", "support", 3));
        }

        @Test
        void tellsEveryOtherQueueThatItIsTaken() {
            beIdle();
            ann.when(bid("o1", "sales", 5, 10));

            assertThat(statuses()).extracting(AgentStatus::presence).containsOnly(Presence.OCCUPIED);
        }

        @Test
        void repeatsItsStatusUntilTheQueueHasNotedIt() {
            becomeReady();
            ann.given(new SeatReachability("s1", true, 0));
            assertThat(ann.owed()).hasSize(2);

            ann.when(new StatusNoted("sales", 1));
            assertThat(ann.owed()).as("an older status was noted").hasSize(2);

            ann.when(new StatusNoted("sales", 2)).when(new StatusNoted("support", 2));
            assertThat(ann.owed()).isEmpty();
        }

        /** It may have crashed and forgotten what it had noted, and this answer may be lost. */
        @Test
        void repeatsItForAQueueThatAsksUntilThatHasNotedIt() {
            beIdle();
            ann.given(new SeatReachability("s1", true, 0));
            assertThat(ann.owed()).isEmpty();

            ann.when(new AgentCommand.TellStatus("sales"));
            assertThat(ann.owed()).hasSize(1);
            ann.when(new StatusNoted("sales", 3));
            assertThat(ann.owed()).isEmpty();
        }

        @Test
        void refusesTheBidItHeldWhenTheAgentGoesNotReady() {
            becomeReady();
            ann.given(bid("o1", "sales", 5, 10));

            assertThat(ann.when(new SetNotReady("break")).said()).contains(refused("o1", "sales", 2));
            assertThat(ann.pass(Timing.BID_COLLECTION).events()).isEmpty();
        }

        @Test
        void changesTheSeat() {
            becomeReady();
            ann.when(new LogIn(OTHER_SEAT, Instant.MAX));

            assertThat(view().seatId()).isEqualTo("s2");
            assertThat(phase()).isEqualTo(AgentPhase.NOT_READY);
        }
    }

    @Nested
    class WhoMayBeLent {

        @BeforeEach
        void beReady() {
            var lends = new ServiceLevel(80, Duration.ofSeconds(20), List.of("support"));
            ann.configured(new Directory(
                    Map.of(
                            "sales", routed("sales", Routing.PLAIN.with(Optional.of(lends))),
                            "support",
                                    routed(
                                            "support",
                                            Routing.PLAIN.with(
                                                    Optional.of(new ServiceLevel(80, Duration.ofSeconds(20)))))),
                    Map.of("ann", new Directory.Agent("ann", "Ann", List.of("sales"))),
                    Map.of(),
                    Map.of()));
            becomeReady();
        }

        @Test
        void takesTheBidOfTheirQueueWithoutWaitingForWhoWouldBorrowThem() {
            assertThat(ann.when(bid("o1", "sales", 1, 100)).said()).contains(reserved("o1", "sales", 3));
            assertThat(ann.when(bid("o2", "support", 10, 0)).said()).containsExactly(refused("o2", "support", 3));
        }

        @Test
        void waitsForTheirQueueBeforeTheyAreBorrowed() {
            assertThat(ann.when(bid("o2", "support", 10, 0)).events()).isEmpty();
            assertThat(ann.when(bid("o1", "sales", 1, 100)).said())
                    .contains(refused("o2", "support", 2), reserved("o1", "sales", 3));
        }

        @Test
        void isBorrowedWhenTheirQueueHasNothing() {
            assertThat(ann.when(new StatusNoted("sales", 2)).events()).isEmpty();
            assertThat(ann.when(bid("o2", "support", 10, 0)).said()).contains(reserved("o2", "support", 3));
        }

        private static Directory.Queue routed(String id, Routing routing) {
            return new Directory.Queue(id, id, routing, Handling.PLAIN, Waiting.PLAIN);
        }
    }

    @Nested
    class Reserved {
        @Test
        void saysReservedAgainWhenBidAgain() {
            beReserved();
            assertThat(ann.when(bid("o1", "sales", 5, 10)).said()).containsExactly(reserved("o1", "sales", 3));
            assertThat(ann.events()).isEmpty();
        }

        @Test
        void cannotLogOutOrChangeTheSeat() {
            beReserved();
            assertThat(ann.when(new LogOut()).reply()).isInstanceOf(Reply.Rejected.class);
            assertThat(ann.when(new LogIn(OTHER_SEAT, Instant.MAX)).reply()).isInstanceOf(Reply.Rejected.class);
            assertThat(ann.events()).isEmpty();
        }

        @Test
        void asksTheCallWhenTheQueueReleasesAndIsAsLongIdleAsBefore() {
            beIdle();
            var idleSince = ann.now();
            ann.pass(Duration.ofMinutes(1)).given(bid("o1", "sales", 5, 10));

            assertThat(ann.when(new ReleaseReservation("o1")).said())
                    .containsExactly(new Output.ToCall("c1", new CallCommand.AreWeTogether("o1", "ann")));
            assertThat(phase()).isEqualTo(AgentPhase.RESERVED);

            ann.when(new OfferOver("o1", "c1", "sales", OfferOutcome.WITHDRAWN));

            assertThat(statuses()).extracting(AgentStatus::idleSince).containsOnly(idleSince);
        }

        @Test
        void ignoresTheReleaseOfAnotherOfferAndOfOneThatRings() {
            beReserved();
            assertThat(ann.when(new ReleaseReservation("o9")).events()).isEmpty();
            ann.when(new OfferRinging("o1", "c1", "sales"));
            assertThat(ann.when(new ReleaseReservation("o1")).events()).isEmpty();
        }

        @Test
        void asksTheCallAndLapsesWhenNoCallKnowsOfIt() {
            beReserved();

            ann.pass(Timing.SILENCE);
            assertThat(ann.said()).containsExactly(new Output.ToCall("c1", new CallCommand.AreWeTogether("o1", "ann")));

            ann.pass(Timing.RESERVATION_LEASE);
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void isStillReservedAfterACrashAndSaysSo() {
            beReserved();

            assertThat(ann.crash().said()).contains(reserved("o1", "sales", 3));
            assertThat(ann.when(bid("o2", "support", 10, 0)).said()).contains(refused("o2", "support", 3));
        }

        @ParameterizedTest
        @CsvSource({"REFUSED,refused", "BUSY,busy", "UNANSWERED,no-answer", "UNREACHABLE,unreachable"})
        void isNotReadyWithTheReasonWhenThePhoneWasNotAnswered(OfferOutcome outcome, String reason) {
            beReserved();
            ann.when(new OfferOver("o1", "c1", "sales", outcome));

            assertThat(phase()).isEqualTo(AgentPhase.NOT_READY);
            assertThat(view().reason()).isEqualTo(reason);
            assertThat(ann.said()).contains(noted(OfferStage.OVER));
        }

        @ParameterizedTest
        @CsvSource({"CALLER_LEFT", "WITHDRAWN", "BOX_LOST"})
        void isReadyAgainWhenItWasNotTheAgentsDoing(OfferOutcome outcome) {
            beReserved();
            ann.when(new OfferOver("o1", "c1", "sales", outcome));

            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void takesTheStateChosenMeanwhileWhenTheCallerLeaves() {
            beReserved();
            ann.given(new SetNotReady("break")).when(new OfferOver("o1", "c1", "sales", OfferOutcome.CALLER_LEFT));

            assertThat(view().reason()).isEqualTo("break");
        }

        @Test
        void hasTalkedWhenOnlyTheEndOfTheConversationIsHeardOf() {
            beReserved();
            ann.when(new OfferOver("o1", "c1", "sales", OfferOutcome.COMPLETED));

            assertThat(ann.events()).extracting(AgentEvent::getEventCase).startsWith(AgentEvent.EventCase.TALK_STARTED);
            assertThat(phase()).isEqualTo(AgentPhase.WRAP_UP);
        }

        @Test
        void acknowledgesTheEndOfAnOfferItDoesNotHold() {
            becomeReady();
            ann.when(new OfferOver("o1", "c1", "sales", OfferOutcome.CALLER_LEFT));

            assertThat(ann.said()).containsExactly(noted(OfferStage.OVER));
            assertThat(ann.events()).isEmpty();
        }

        @Test
        void saysThatAnOfferItDoesNotHoldIsVoid() {
            beReserved();
            assertThat(ann.when(new OfferRinging("o9", "c9", "sales")).said())
                    .containsExactly(new Output.ToCall("c9", new CallCommand.OfferVoid("o9", "ann")));
        }
    }

    @Nested
    class Talking {
        @Test
        void keepsAskingWhetherTheCallStillKnowsIt() {
            talk();
            ann.pass(Timing.SILENCE.multipliedBy(2));

            assertThat(ann.said())
                    .containsExactly(
                            new Output.ToCall("c1", new CallCommand.AreWeTogether("o1", "ann")),
                            new Output.ToCall("c1", new CallCommand.AreWeTogether("o1", "ann")));
            assertThat(phase()).isEqualTo(AgentPhase.TALKING);
        }

        @Test
        void wrapsUpForTheQueuesTimeAndThenIsReady() {
            talk();
            ann.when(new OfferOver("o1", "c1", "sales", OfferOutcome.COMPLETED));
            assertThat(phase()).isEqualTo(AgentPhase.WRAP_UP);
            assertThat(view().wrapUpUntil()).isEqualTo(ann.now().plusSeconds(30));

            assertThat(ann.pass(Duration.ofMillis(29_999)).events())
                    .as("wrap-up is never cut short")
                    .isEmpty();
            ann.pass(Duration.ofMillis(1));
            assertThat(phase()).isEqualTo(AgentPhase.READY);
            assertThat(statuses()).extracting(AgentStatus::idleSince).containsOnly(ann.now());
        }

        @Test
        void isReadyAtOnceWithoutWrapUp() {
            ann.configured(Scenario.directory(0));
            talk();
            ann.when(new OfferOver("o1", "c1", "sales", OfferOutcome.COMPLETED));

            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void wrapsUpEvenWhenTheBeginningOfTheTalkWasNeverHeardOf() {
            beReserved();
            ann.when(new OfferOver("o1", "c1", "sales", OfferOutcome.COMPLETED));

            assertThat(phase()).isEqualTo(AgentPhase.WRAP_UP);
        }

        @Test
        void isNotReadyAfterwardsWhenThatWasChosen() {
            talk();
            ann.given(new SetNotReady("lunch"));
            assertThat(view().next()).isEqualTo("lunch");
            ann.given(new OfferOver("o1", "c1", "sales", OfferOutcome.COMPLETED))
                    .pass(Duration.ofSeconds(30));

            assertThat(view().reason()).isEqualTo("lunch");
        }

        @Test
        void endsItsWrapUpByBecomingReady() {
            talk();
            ann.given(new OfferOver("o1", "c1", "sales", OfferOutcome.COMPLETED))
                    .when(new SetReady());

            assertThat(phase()).isEqualTo(AgentPhase.READY);
            assertThat(ann.timers()).noneMatch(t -> t.id().startsWith("wrap-up"));
        }

        @Test
        void isAdoptedWhenTheReservationHadLapsed() {
            beReserved();
            ann.pass(Timing.RESERVATION_LEASE.plus(Timing.SILENCE));

            ann.when(new OfferTalking("o1", "c1", "sales"));

            assertThat(phase()).isEqualTo(AgentPhase.TALKING);
        }

        @Test
        void isAskedAboutBeforeTheReservationLapsesHoweverLongItsNodeWasAway() {
            beReserved();
            ann.given(new OfferRinging("o1", "c1", "sales")).crash(Duration.ofSeconds(27));
            ann.pass(Duration.ZERO);

            assertThat(ann.events()).isEmpty();
            assertThat(ann.said()).contains(new Output.ToCall("c1", new CallCommand.AreWeTogether("o1", "ann")));
        }

        @Test
        void isAdoptedEvenWhenAnotherOfferIsUnderWay() {
            beReserved();
            ann.when(new OfferTalking("o9", "c9", "sales"));

            assertThat(ann.events())
                    .extracting(AgentEvent::getEventCase)
                    .containsExactly(AgentEvent.EventCase.OFFER_ENDED, AgentEvent.EventCase.TALK_STARTED);
            assertThat(ann.said()).contains(new Output.ToCall("c1", new CallCommand.OfferVoid("o1", "ann")));
            assertThat(view().callId()).isEqualTo("c9");
        }

        @Test
        void leavesWhoAdoptedItWhatTheyHadChosen() {
            becomeReady();
            ann.given(new SetNotReady("lunch"))
                    .given(new OfferTalking("o9", "c9", "sales"))
                    .when(new OfferOver("o9", "c9", "sales", OfferOutcome.COMPLETED));
            assertThat(view().next()).isEqualTo("lunch");
        }

        @Test
        void leavesWhoAdoptedItInPlaceOfAnotherOfferWhatTheyHadChosen() {
            beReserved();
            ann.given(new SetNotReady("lunch")).when(new OfferTalking("o9", "c9", "sales"));
            assertThat(view().next()).isEqualTo("lunch");
        }

        @Test
        void isNotAdoptedByWhoTalksAlready() {
            talk();
            ann.when(new OfferTalking("o9", "c9", "sales"));

            assertThat(ann.said()).containsExactly(new Output.ToCall("c9", new CallCommand.OfferVoid("o9", "ann")));
            assertThat(view().callId()).isEqualTo("c1");
        }

        @Test
        void doesNotBeginAgainWhenAWordOfItComesLate() {
            talk();
            ann.given(new OfferOver("o1", "c1", "sales", OfferOutcome.COMPLETED))
                    .given(new SetReady());
            ann.when(new OfferTalking("o1", "c1", "sales"));

            assertThat(ann.events()).isEmpty();
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void isNotAdoptedOnceItWasDeclaredVoid() {
            beReserved();
            ann.given(new OfferRinging("o9", "c9", "sales"))
                    .given(new OfferOver("o1", "c1", "sales", OfferOutcome.CALLER_LEFT));

            assertThat(ann.when(new OfferTalking("o9", "c9", "sales")).said())
                    .containsExactly(new Output.ToCall("c9", new CallCommand.OfferVoid("o9", "ann")));
        }

        @Test
        void survivesACrashWithOrWithoutSnapshot() {
            talk();
            ann.given(new SetNotReady("lunch"));
            var before = view();

            assertThat(ann.crash().view(View.OfAgent.class)).isEqualTo(before);
            assertThat(ann.crashToSnapshot().view(View.OfAgent.class)).isEqualTo(before);
            assertThat(ann.when(new TellStatus("sales")).said())
                    .containsExactly(status(
                            "sales", new AgentStatus("ann", 5, Presence.OCCUPIED, null, null, Today.NONE, "sales", 0)));
        }
    }

    @Nested
    class WrappingUp {
        @Test
        void byTheRuleOfTheQueueWhoseCallItWas() {
            ann.configured(withHandling(new Handling(20, WrapUp.of(WrapUp.Mode.FIXED, 10), 0), new Handling(20, 60)));
            talk();
            finish();

            assertThat(view().wrapUpUntil()).isEqualTo(ann.now().plusSeconds(10));
            assertThat(view().wrapUp()).isEqualTo(new View.WrapUp("FIXED", 0, null));
        }

        @Test
        void noneLeavesTheAgentReadyWhateverItsTime() {
            wrapUp(WrapUp.of(WrapUp.Mode.NONE, 10));

            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void anOptionalOneIsTheAgentsToEnd() {
            wrapUp(WrapUp.of(WrapUp.Mode.OPTIONAL, 10));

            assertThat(ann.when(new EndWrapUp("")).reply()).isEqualTo(new Reply.Done());
            assertThat(phase()).isEqualTo(AgentPhase.READY);
            assertThat(ann.when(new EndWrapUp("")).reply()).as("repeated").isEqualTo(new Reply.Done());
            assertThat(ann.events()).isEmpty();
        }

        @Test
        void aFixedOneLastsItsTimeAndThenComesWhatWasChosenMeanwhile() {
            wrapUp(WrapUp.of(WrapUp.Mode.FIXED, 10));

            for (var early : List.of(new EndWrapUp(""), new LogOut(), new LogIn(OTHER_SEAT, Instant.MAX))) {
                assertThat(ann.when(early).reply())
                        .as("%s", early)
                        .isInstanceOfSatisfying(Reply.Rejected.class, refusal -> assertThat(refusal.code())
                                .isEqualTo("WRAP_UP_FIXED"));
            }
            ann.given(new SetReady()).given(new SetNotReady("lunch"));
            assertThat(view().next()).isEqualTo("lunch");
            ann.pass(Duration.ofSeconds(9));
            assertThat(phase()).isEqualTo(AgentPhase.WRAP_UP);
            ann.pass(Duration.ofSeconds(1));
            assertThat(view().reason()).isEqualTo("lunch");
        }

        @Test
        void aMandatoryOneLastsUntilItHasItsCode() {
            wrapUp(new WrapUp(WrapUp.Mode.MANDATORY, 10, 30, 300, List.of("sold", "later")));
            ann.pass(Duration.ofHours(1));

            assertThat(code(new EndWrapUp(""))).isEqualTo("WRAP_UP_CODE_MISSING");
            assertThat(code(new LogOut())).isEqualTo("WRAP_UP_CODE_MISSING");
            assertThat(ann.when(new GiveWrapUpCode("bought", "")).reply())
                    .isEqualTo(rejected(
                            "WRAP_UP_CODE_NOT_ON_LIST", "The queue has no code bought. Choose one of sold, later."));
            assertThat(phase()).isEqualTo(AgentPhase.WRAP_UP);
            assertThat(view().wrapUpUntil()).as("overdue").isBefore(ann.now());

            assertThat(ann.when(new GiveWrapUpCode("sold", "")).reply()).isEqualTo(new Reply.Done());
            assertThat(ann.events().get(0).getWrapUpCoded().getCode()).isEqualTo("sold");
            assertThat(phase()).isEqualTo(AgentPhase.READY);
            assertThat(code(new GiveWrapUpCode("sold", ""))).isEqualTo("NO_WRAP_UP");
        }

        @Test
        void inAnyModeACodeIsNotedAndTheLastOneCounts() {
            wrapUp(WrapUp.of(WrapUp.Mode.OPTIONAL, 10));
            ann.given(new GiveWrapUpCode("sold", "")).given(new GiveWrapUpCode("later", ""));

            assertThat(view().wrapUp().code()).isEqualTo("later");
            assertThat(ann.when(new GiveWrapUpCode("later", "")).events())
                    .as("repeated")
                    .isEmpty();
        }

        @Test
        void anExtendableOneIsExtendedUpToItsMost() {
            wrapUp(new WrapUp(WrapUp.Mode.EXTENDABLE, 10, 20, 45, List.of()));
            var begun = ann.now();

            ann.when(new ExtendWrapUp(1, "")).when(new ExtendWrapUp(1, ""));
            assertThat(view().wrapUpUntil()).as("repeated").isEqualTo(begun.plusSeconds(30));
            ann.when(new ExtendWrapUp(2, ""));
            assertThat(view().wrapUpUntil()).isEqualTo(begun.plusSeconds(45));
            assertThat(code(new ExtendWrapUp(3, ""))).isEqualTo("WRAP_UP_LONGEST");

            ann.pass(Duration.ofSeconds(44));
            assertThat(phase()).isEqualTo(AgentPhase.WRAP_UP);
            ann.pass(Duration.ofSeconds(1));
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void anotherCannotBeExtended() {
            wrapUp(WrapUp.of(WrapUp.Mode.OPTIONAL, 10));
            assertThat(code(new ExtendWrapUp(1, ""))).isEqualTo("WRAP_UP_NOT_EXTENDABLE");

            ann.given(new EndWrapUp(""));
            assertThat(code(new ExtendWrapUp(1, ""))).isEqualTo("NO_WRAP_UP");
        }

        @Test
        void takesNoCallWhenItEndsWhileTheyChangeTheirSeat() {
            wrapUp(WrapUp.of(WrapUp.Mode.OPTIONAL, 10));
            ann.given(new AgentCommand.MayLogIn("s2")).given(new EndWrapUp(""));
            assertThat(phase()).isEqualTo(AgentPhase.READY);

            assertThat(ann.when(bid("o2", "sales", 5, 10)).events()).isEmpty();
            assertThat(ann.pass(Timing.SEAT_CHANGE.minusMillis(1)).events()).isEmpty();
            ann.pass(Duration.ofMillis(1));
            assertThat(phase()).isEqualTo(AgentPhase.RESERVED);
        }

        @Test
        void whatWasBegunLastsAlthoughTheQueueIsConfiguredOtherwise() {
            wrapUp(WrapUp.of(WrapUp.Mode.FIXED, 10));
            ann.configured(withHandling(Handling.PLAIN, Handling.PLAIN)).given(new AgentCommand.ConfigurationChanged());

            assertThat(code(new EndWrapUp(""))).isEqualTo("WRAP_UP_FIXED");
        }

        @Test
        void survivesACrashWithOrWithoutSnapshot() {
            wrapUp(new WrapUp(WrapUp.Mode.EXTENDABLE, 10, 20, 45, List.of()));
            ann.given(new ExtendWrapUp(1, "")).given(new GiveWrapUpCode("sold", ""));
            var before = view();

            assertThat(ann.crash().view(View.OfAgent.class)).isEqualTo(before);
            assertThat(ann.crashToSnapshot().view(View.OfAgent.class)).isEqualTo(before);
        }

        private void wrapUp(WrapUp rule) {
            ann.configured(withHandling(new Handling(20, rule, 0), Handling.PLAIN));
            talk();
            finish();
        }
    }

    @Nested
    class AfterAMissedCall {
        private final Directory returning =
                withHandling(new Handling(20, WrapUp.of(WrapUp.Mode.NONE, 0), 15), Handling.PLAIN);

        @ParameterizedTest
        @CsvSource({"REFUSED", "BUSY", "UNANSWERED", "UNREACHABLE"})
        void isReadyAgainAfterTheQueuesTime(OfferOutcome outcome) {
            ann.configured(returning);
            beReserved();
            ann.when(over(outcome));
            assertThat(view().returnAt()).isEqualTo(ann.now().plusSeconds(15));

            ann.pass(Duration.ofSeconds(14));
            assertThat(phase()).isEqualTo(AgentPhase.NOT_READY);
            ann.pass(Duration.ofSeconds(1));
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void neverWhenTheQueueSaysSo() {
            beReserved();
            ann.when(over(OfferOutcome.UNANSWERED));

            assertThat(view().returnAt()).isNull();
            ann.pass(Duration.ofHours(1));
            assertThat(phase()).isEqualTo(AgentPhase.NOT_READY);
        }

        @Test
        void notWhenTheAgentChoosesSomethingElseMeanwhile() {
            ann.configured(returning);
            beReserved();
            ann.given(over(OfferOutcome.UNANSWERED)).given(new SetNotReady("lunch"));

            ann.pass(Duration.ofHours(1));
            assertThat(view().reason()).isEqualTo("lunch");
        }

        @Test
        void notWhenTheyHadChosenAReasonForAfterwards() {
            ann.configured(returning);
            beReserved();
            ann.given(new SetNotReady("lunch")).when(over(OfferOutcome.UNANSWERED));

            assertThat(view().returnAt()).isNull();
        }

        @Test
        void alsoAfterACrashWithOrWithoutSnapshot() {
            ann.configured(returning);
            beReserved();
            ann.given(over(OfferOutcome.UNANSWERED)).crash();
            ann.crashToSnapshot().pass(Duration.ofSeconds(15));

            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        private AgentCommand over(OfferOutcome outcome) {
            return new OfferOver("o1", "c1", "sales", outcome);
        }
    }

    @Nested
    class WhosePhoneCannotBeReached {

        @Test
        void isNotReadyUntilItCan() {
            beIdle();
            assertThat(ann.when(gone(10)).said())
                    .contains(new Output.ToSeat("s1", new SeatCommand.HolderInformed("ann", 10)));
            assertThat(view().reason()).isEqualTo("seat-unreachable");
            assertThat(statuses()).extracting(AgentStatus::presence).containsOnly(Presence.NOT_READY);

            ann.given(back(12));
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void refusesTheBidItHeldBack() {
            becomeReady();
            ann.given(bid("o1", "sales", 5, 0));

            assertThat(ann.when(gone(10)).said())
                    .anyMatch(
                            said -> said instanceof Output.ToQueue to && to.command() instanceof QueueCommand.Refused);
        }

        @Test
        void staysAwayWhenTheyHaveChosenSoMeanwhile() {
            beIdle();
            ann.given(gone(10)).given(new SetNotReady("break")).given(back(12));

            assertThat(view().reason()).isEqualTo("break");
        }

        @Test
        void cannotBecomeReady() {
            ann.given(new LogIn(SEAT, Instant.MAX)).given(gone(10));
            assertThat(code(new SetReady())).isEqualTo("SEAT_UNREACHABLE");

            ann.given(back(12));
            assertThat(view().reason())
                    .as("nobody has said that they want to be")
                    .isEqualTo("login");
            ann.given(new SetReady());
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void isLeftAloneWhileTalkingAndTakenOutAfterwards() {
            ann.configured(Scenario.directory(0));
            talk();
            ann.given(gone(10));
            assertThat(phase()).isEqualTo(AgentPhase.TALKING);

            finish();
            assertThat(view().reason()).isEqualTo("seat-unreachable");
        }

        @Test
        void isNotGivenAnotherCallWhenTheCallerLeaves() {
            beReserved();
            ann.given(gone(10)).given(new OfferOver("o1", "c1", "sales", OfferOutcome.CALLER_LEFT));

            assertThat(view().reason()).isEqualTo("seat-unreachable");
        }

        @Test
        void doesNotComeBackFromAMissedCallBeforeThePhoneDoes() {
            ann.configured(withHandling(new Handling(20, WrapUp.of(WrapUp.Mode.NONE, 0), 15), Handling.PLAIN));
            beReserved();
            ann.given(new OfferOver("o1", "c1", "sales", OfferOutcome.UNANSWERED))
                    .given(gone(10));
            assertThat(view().reason()).isEqualTo("no-answer");

            ann.pass(Duration.ofSeconds(15));
            assertThat(view().reason()).isEqualTo("seat-unreachable");
            ann.given(back(12));
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void whoseDesktopIsLostTooIsNotBroughtBackByThePhone() {
            beIdle();
            ann.given(new Heartbeat()).given(gone(10)).pass(DesktopWatch.USUAL.lostAfter());
            assertThat(view().reason()).isEqualTo("desktop-lost");

            ann.given(back(12));
            assertThat(view().reason()).isEqualTo("desktop-lost");
        }

        @Test
        void knowsItAfterACrashWithOrWithoutSnapshot() {
            ann.given(new LogIn(SEAT, Instant.MAX)).given(gone(10)).crash();
            assertThat(code(new SetReady())).isEqualTo("SEAT_UNREACHABLE");
            ann.crashToSnapshot();
            assertThat(code(new SetReady())).isEqualTo("SEAT_UNREACHABLE");
        }

        @Test
        void doesNotHearLateWordsNorThoseOfAnotherSeat() {
            beIdle();
            ann.given(back(12)).given(gone(11)).given(new SeatReachability("s2", false, 13));

            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void asksTheSeatAfterTheLogInUntilItAnswers() {
            var question = new Output.ToSeat("s1", new SeatCommand.TellReachability("ann"));
            assertThat(ann.when(new LogIn(SEAT, Instant.MAX)).said()).contains(question);
            assertThat(ann.owed()).contains(question);
            ann.crash();
            assertThat(ann.owed()).contains(question);

            ann.given(new SeatReachability("s1", true, 0));
            assertThat(ann.owed()).doesNotContain(question);
        }

        @Test
        void atAnotherSeatStartsAnew() {
            beIdle();
            ann.given(gone(10)).given(new LogIn(OTHER_SEAT, Instant.MAX)).given(new SetReady());

            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        private SeatReachability gone(long number) {
            return new SeatReachability("s1", false, number);
        }

        private SeatReachability back(long number) {
            return new SeatReachability("s1", true, number);
        }
    }

    @Nested
    class WhoseDesktopGivesSignsOfLife {
        private final Duration lostAfter = DesktopWatch.USUAL.lostAfter();
        private final Duration logOutAfter = DesktopWatch.USUAL.logOutAfter();

        @Test
        void isReadyForAsLongAsItDoes() {
            becomeReady();
            for (int i = 0; i < 10; i++) {
                ann.when(new Heartbeat()).pass(lostAfter.minusSeconds(1));
            }

            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void onlyTheFirstSignIsWritten() {
            becomeReady();

            assertThat(ann.when(new Heartbeat()).events()).hasSize(1);
            assertThat(ann.when(new Heartbeat()).events()).isEmpty();
            assertThat(ann.reply()).isEqualTo(new Reply.Done());
        }

        @Test
        void isTakenOutAndLaterLoggedOutWhenItIsSilent() {
            beIdle();
            ann.when(new Heartbeat());
            var lastSeen = ann.now();

            ann.pass(lostAfter.minusMillis(1));
            assertThat(phase()).isEqualTo(AgentPhase.READY);
            ann.pass(Duration.ofMillis(1));
            assertThat(view().reason()).isEqualTo("desktop-lost");
            assertThat(ann.events().get(0).getBecameNotReady().getLastSeenMs()).isEqualTo(lastSeen.toEpochMilli());
            assertThat(statuses()).extracting(AgentStatus::presence).containsOnly(Presence.NOT_READY);

            ann.pass(logOutAfter);
            assertThat(phase()).isEqualTo(AgentPhase.LOGGED_OUT);
            assertThat(ann.events().get(0).getLoggedOut().getLastSeenMs()).isEqualTo(lastSeen.toEpochMilli());
            assertThat(code(new Heartbeat())).isEqualTo("AGENT_LOGGED_OUT");
        }

        @Test
        void isLeftAloneWithoutASignSinceTheLogIn() {
            becomeReady();
            ann.given(new Heartbeat())
                    .given(new LogOut())
                    .given(new LogIn(SEAT, Instant.MAX))
                    .given(new SetReady());

            ann.pass(Duration.ofDays(1));
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void isNotTakenOutWhileTalkingButAfterwards() {
            ann.configured(Scenario.directory(0));
            talk();
            ann.when(new Heartbeat()).pass(lostAfter.plusSeconds(20));
            assertThat(phase()).isEqualTo(AgentPhase.TALKING);

            finish();
            assertThat(view().reason()).isEqualTo("desktop-lost");
        }

        @Test
        void isNotGivenAnotherCallWhenTheCallerLeavesWhileThePhoneRings() {
            beReserved();
            ann.given(new OfferRinging("o1", "c1", "sales"))
                    .given(new Heartbeat())
                    .pass(lostAfter);
            assertThat(phase()).isEqualTo(AgentPhase.RINGING);

            ann.when(new OfferOver("o1", "c1", "sales", OfferOutcome.CALLER_LEFT));
            assertThat(view().reason()).isEqualTo("desktop-lost");
        }

        @Test
        void wrapsUpFirstAndALastingWrapUpEndsWithTheLogOut() {
            ann.configured(withHandling(new Handling(20, WrapUp.of(WrapUp.Mode.MANDATORY, 5), 0), Handling.PLAIN));
            talk();
            ann.given(new Heartbeat());
            finish();

            ann.pass(lostAfter.plus(logOutAfter).minusSeconds(1));
            assertThat(phase()).isEqualTo(AgentPhase.WRAP_UP);
            ann.pass(Duration.ofSeconds(1));
            assertThat(phase()).isEqualTo(AgentPhase.LOGGED_OUT);
        }

        @Test
        void hasItsWholeWrapUpHoweverLongItHasBeenSilent() {
            var wrapUp = lostAfter.plus(logOutAfter).multipliedBy(2);
            ann.configured(withHandling(
                    new Handling(20, WrapUp.of(WrapUp.Mode.FIXED, (int) wrapUp.toSeconds()), 0), Handling.PLAIN));
            talk();
            ann.given(new Heartbeat()).pass(lostAfter.plus(logOutAfter).plusSeconds(60));
            finish();

            ann.pass(wrapUp.minusSeconds(1));
            assertThat(phase()).isEqualTo(AgentPhase.WRAP_UP);
            ann.pass(Duration.ofSeconds(1));
            assertThat(phase()).isIn(AgentPhase.NOT_READY, AgentPhase.LOGGED_OUT);
        }

        @Test
        void cannotBecomeReadyBeforeItIsBackAndThenChoosesTo() {
            becomeReady();
            ann.given(new Heartbeat()).pass(lostAfter);
            assertThat(code(new SetReady())).isEqualTo("DESKTOP_LOST");

            ann.given(new Heartbeat());
            assertThat(view().reason()).isEqualTo("desktop-lost");
            ann.given(new SetReady());
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void hasTheFullTimeAfterACrashWithOrWithoutSnapshot() {
            becomeReady();
            ann.given(new Heartbeat()).crash(Duration.ofMinutes(10));
            ann.pass(lostAfter.minusMillis(1));
            assertThat(phase()).isEqualTo(AgentPhase.READY);

            ann.crashToSnapshot().pass(lostAfter.minusMillis(1));
            assertThat(phase()).isEqualTo(AgentPhase.READY);
            ann.pass(Duration.ofMillis(1));
            assertThat(view().reason()).isEqualTo("desktop-lost");
        }

        @Test
        void isNotWatchedWhereThatIsSwitchedOff() {
            var off = new Scenario<>(
                    new AgentDecider(new DesktopWatch(Duration.ZERO, Duration.ZERO)), "ann", Scenario.directory());
            off.given(new LogIn(SEAT, Instant.MAX))
                    .given(new SetReady())
                    .given(new Heartbeat())
                    .pass(Duration.ofDays(1));

            assertThat(off.view(View.OfAgent.class).phase()).isEqualTo(AgentPhase.READY);
        }
    }

    @Nested
    class AtASeat {
        @Test
        void logsInOnlyWhileItIsKeptForThem() {
            var until = ann.now();
            assertThat(ann.pass(Duration.ofMillis(1))
                            .when(new LogIn(SEAT, until))
                            .reply())
                    .isInstanceOfSatisfying(Reply.Rejected.class, refusal -> assertThat(refusal.code())
                            .isEqualTo("SEAT_CLAIM_LAPSED"));
            assertThat(phase()).isEqualTo(AgentPhase.LOGGED_OUT);
            assertThat(ann.when(new LogIn(SEAT, ann.now())).reply()).isEqualTo(new Reply.Done());
        }

        @Test
        void loggedInTwiceFromTwoDesktopsIsLoggedInOnce() {
            becomeReady();

            assertThat(ann.when(new LogIn(SEAT, ann.now())).reply()).isEqualTo(new Reply.Done());
            assertThat(ann.events()).isEmpty();
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void changesItAndTheSeatOfBeforeHearsOfIt() {
            becomeReady();

            assertThat(ann.when(new LogIn(OTHER_SEAT, Instant.MAX)).said())
                    .contains(new Output.ToSeat("s1", new SeatCommand.HolderLeft("ann")));
            assertThat(view().seatId()).isEqualTo("s2");
        }

        @Test
        void doesNotChangeItWhileTalking() {
            talk();

            assertThat(code(new LogIn(OTHER_SEAT, Instant.MAX))).isEqualTo("AGENT_BUSY");
            assertThat(view().seatId()).isEqualTo("s1");
        }

        @Test
        void saysSoWhenItAsks() {
            becomeReady();

            assertThat(ask("s1", ann.now()))
                    .containsExactly(new Output.ToSeat("s1", new SeatCommand.HolderHere("ann", 7)));
        }

        @Test
        void saysThatTheyAreGoneOnlyOnceTheyCannotLogInByThatClaim() {
            becomeReady();
            ann.given(new LogOut());

            assertThat(ask("s1", ann.now()))
                    .as("a log-in may still be under way")
                    .isEmpty();
            assertThat(ask("s1", ann.now().minusMillis(1)))
                    .containsExactly(new Output.ToSeat("s1", new SeatCommand.HolderGone("ann", 7)));
        }

        @Test
        void givesItUpToAnotherAgentAndIsToldSo() {
            beIdle();
            ann.pass(Timing.SEAT_CLAIM);

            ann.when(giveUp("s1"));

            assertThat(ann.reply()).isEqualTo(new Reply.Done());
            assertThat(ann.said()).contains(new Output.ToSeat("s1", new SeatCommand.HolderLeft("ann")));
            assertThat(phase()).isEqualTo(AgentPhase.LOGGED_OUT);
            assertThat(ann.crashToSnapshot().when(new Heartbeat()).reply())
                    .isEqualTo(
                            rejected("AGENT_LOGGED_OUT", "Agent bob has taken over the seat. Log in at another one."));
            assertThat(ann.when(giveUp("s1")).reply()).as("repeated").isEqualTo(new Reply.Done());
        }

        @Test
        void doesNotGiveItUpWhileThePhoneRingsOrTheyTalk() {
            beReserved();
            assertThat(code(giveUp("s1"))).isEqualTo("SEAT_IN_USE");

            ann.given(new OfferTalking("o1", "c1", "sales"));
            assertThat(code(giveUp("s1"))).isEqualTo("SEAT_IN_USE");
            assertThat(phase()).isEqualTo(AgentPhase.TALKING);
        }

        @Test
        void doesNotGiveItUpWhileALogInByTheirClaimMayBeUnderWay() {
            becomeReady();
            var claim = new AgentCommand.GiveUpSeat("s1", ann.now(), "bob");
            assertThat(code(claim)).isEqualTo("SEAT_TAKEN");
            assertThat(phase()).isEqualTo(AgentPhase.READY);

            ann.given(new LogOut());
            assertThat(code(claim)).isEqualTo("SEAT_TAKEN");
        }

        @Test
        void staysWhereTheyAreWhenAnotherSeatIsTakenOver() {
            becomeReady();

            assertThat(ann.when(giveUp("s2")).reply()).isEqualTo(new Reply.Done());
            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void sayWhetherTheyCouldHaveAnotherSeatBeforeItsHolderIsSentAway() {
            assertThat(ann.when(mayLogIn("s2")).reply()).isEqualTo(new Reply.Done());
            beReserved();
            assertThat(code(mayLogIn("s2"))).isEqualTo("AGENT_BUSY");
            assertThat(ann.when(mayLogIn("s1")).reply()).isEqualTo(new Reply.Done());
            ann.given(new OfferTalking("o1", "c1", "sales"));

            assertThat(code(mayLogIn("s2"))).isEqualTo("AGENT_BUSY");
            assertThat(phase()).isEqualTo(AgentPhase.TALKING);
        }

        @Test
        void takeNoCallBetweenThatAndTheLogIn() {
            beIdle();
            ann.given(mayLogIn("s2"));

            assertThat(ann.when(bid("o1", "sales", 5, 10)).said()).isEmpty();
            assertThat(ann.when(new LogIn(OTHER_SEAT, Instant.MAX)).reply()).isEqualTo(new Reply.Done());
            assertThat(ann.said())
                    .anySatisfy(said -> assertThat(said.toString()).contains("Refused"));
        }

        @Test
        void takeTheBidThatCameMeanwhileWhenTheyDoNotComeToTheOtherSeat() {
            beIdle();
            ann.given(mayLogIn("s2")).given(bid("o1", "sales", 5, 10));
            ann.pass(Timing.SEAT_CHANGE.minusMillis(1)).given(mayLogIn("s2"));
            assertThat(phase()).isEqualTo(AgentPhase.READY);

            ann.pass(Duration.ofMillis(1));
            assertThat(phase()).as("however often they are asked").isEqualTo(AgentPhase.RESERVED);
        }

        @Test
        void doNotHaveAQueueBidOverAndOverThatTheyRefuseWhileTheyKeepTheBidOfAnother() {
            beIdle();
            ann.given(mayLogIn("s2")).given(bid("o1", "sales", 5, 10));
            assertThat(ann.when(bid("o2", "support", 5, 20)).said()).contains(refused("o2", "support", 2));

            assertThat(ann.when(new TellStatus("support")).said()).isEmpty();
            assertThat(ann.when(new TellStatus("sales")).said()).hasSize(1);

            ann.pass(Timing.SEAT_CHANGE);
            assertThat(statuses()).extracting(AgentStatus::presence).containsOnly(Presence.OCCUPIED);
        }

        private AgentCommand mayLogIn(String seatId) {
            return new AgentCommand.MayLogIn(seatId);
        }

        private AgentCommand giveUp(String seatId) {
            return new AgentCommand.GiveUpSeat(seatId, Instant.EPOCH, "bob");
        }

        private List<Output> ask(String seatId, Instant until) {
            return ann.when(new AgentCommand.AreYouAtSeat(seatId, 7, until)).said();
        }
    }

    @Nested
    class TheStateChosenForAfterwards {
        @Test
        void isTakenBack() {
            talk();
            ann.given(new SetNotReady("lunch")).when(new CancelNext());

            assertThat(ann.reply()).isEqualTo(new Reply.Done());
            assertThat(view().next()).isNull();
            assertThat(ann.when(new CancelNext()).events()).as("repeated").isEmpty();
            assertThat(ann.crash().view(View.OfAgent.class).next()).isNull();
        }
    }

    @Nested
    class ReasonsNotToBeReady {
        private final Directory listed = withReasons(
                new NotReadyReason("lunch", "Lunch", false, true, 20),
                new NotReadyReason("smoke", "Smoking", false, false, 10));

        @Test
        void oneOfTheListIsChosen() {
            ann.configured(listed).given(new LogIn(SEAT, Instant.MAX)).when(new SetNotReady("lunch"));

            assertThat(view().reason()).isEqualTo("lunch");
        }

        @Test
        void anotherIsRefusedAndNothingChanges() {
            ann.configured(listed).given(new LogIn(SEAT, Instant.MAX)).when(new SetNotReady("smoke"));

            assertThat(ann.reply())
                    .isEqualTo(rejected("REASON_NOT_ON_LIST", "There is no active reason smoke. Choose one of lunch."));
            assertThat(view().reason()).isEqualTo("login");
        }

        @Test
        void forAfterTheCallTheSameHolds() {
            ann.configured(listed);
            talk();
            ann.when(new SetNotReady("coffee"));

            assertThat(ann.reply()).isInstanceOf(Reply.Rejected.class);
            assertThat(view().next()).isNull();
        }

        @Test
        void whoHasOneThatIsNoLongerListedKeepsIt() {
            ann.configured(listed).given(new LogIn(SEAT, Instant.MAX)).given(new SetNotReady("lunch"));
            ann.configured(withReasons(new NotReadyReason("break", "Break", true, true, 1)))
                    .when(new AgentCommand.ConfigurationChanged());

            assertThat(view().reason()).isEqualTo("lunch");
        }

        private Directory withReasons(NotReadyReason... reasons) {
            var rest = Scenario.directory();
            return new Directory(
                    rest.queues(),
                    rest.agents(),
                    rest.numbers(),
                    rest.seats(),
                    rest.inbound(),
                    NotReadyReasons.of(List.of(reasons)));
        }
    }

    @Nested
    class TheirDay {

        private static final Duration TALK = Duration.ofSeconds(90);
        private static final Duration WRAP_UP = Duration.ofSeconds(30);
        private static final Duration TO_MIDNIGHT = Duration.ofHours(16);

        @Test
        void isToldToQueuesWhenTheyAreReadyAgain() {
            talk();
            ann.pass(TALK);
            finish();
            ann.pass(WRAP_UP);

            assertThat(statuses()).extracting(AgentStatus::today).containsOnly(new Today(1, TALK.toMillis()));
        }

        @Test
        void isRememberedAfterACrashAndFromASnapshotAlsoInTheMiddleOfATalk() {
            talk();
            ann.pass(TALK);
            ann.crashToSnapshot();
            finish();
            ann.pass(WRAP_UP).crashToSnapshot();

            assertThat(statusOwed().today()).isEqualTo(new Today(1, TALK.toMillis()));
            ann.crash();
            assertThat(statusOwed().today()).isEqualTo(new Today(1, TALK.toMillis()));
        }

        @Test
        void isKeptWhenTheyLogOutAndIn() {
            talk();
            ann.pass(TALK);
            finish();
            ann.pass(WRAP_UP).given(new LogOut()).crashToSnapshot();
            becomeReady();

            assertThat(statusOwed().today()).isEqualTo(new Today(1, TALK.toMillis()));
        }

        @Test
        void isOverAtMidnightByTheClocksOfTheContactCentre() {
            talk();
            ann.pass(TALK);
            finish();
            ann.pass(TO_MIDNIGHT.plusHours(1)).crash();

            assertThat(statusOwed().today()).isEqualTo(Today.NONE);
        }

        @Test
        void isOverForQueuesAtMidnightAlsoWhenNothingElseHappens() {
            talk();
            finish();
            ann.pass(WRAP_UP);

            ann.pass(TO_MIDNIGHT.minus(WRAP_UP).minusMillis(1));
            assertThat(statuses()).isEmpty();

            ann.pass(Duration.ofMillis(1));
            assertThat(statuses()).hasSize(2).extracting(AgentStatus::today).containsOnly(Today.NONE);
            assertThat(ann.pass(Duration.ofDays(3)).events()).isEmpty();
        }

        @Test
        void isOverAtMidnightAlsoAfterACrash() {
            talk();
            finish();
            ann.pass(WRAP_UP).crashToSnapshot().given(new TellStatus("sales"));

            ann.pass(TO_MIDNIGHT);

            assertThat(statuses()).extracting(AgentStatus::today).contains(Today.NONE);
        }

        private AgentStatus statusOwed() {
            return ann.owed().stream()
                    .filter(said -> said instanceof Output.ToQueue to && to.command() instanceof AgentStatus)
                    .map(said -> (AgentStatus) ((Output.ToQueue) said).command())
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Nested
    class WhoMayHaveTwoCallsAnHour {

        private static final Duration TALK = Duration.ofSeconds(90);

        @BeforeEach
        void limited() {
            ann.configured(limitedTo(2));
        }

        @Test
        void restsUntilTheFirstOfThemIsAnHourAgo() {
            takeACall("o1");
            var first = ann.now().minus(TALK);
            assertThat(view().restingUntil()).isNull();

            takeACall("o2");

            assertThat(phase()).isEqualTo(AgentPhase.READY);
            assertThat(view().restingUntil()).isEqualTo(first.plus(Timing.CALLS_WINDOW));
            assertThat(statuses()).extracting(AgentStatus::presence).containsOnly(Presence.RESTING);
            assertThat(ann.when(bid("o3", "sales", 5, 10)).said())
                    .extracting(Object::toString)
                    .singleElement()
                    .asString()
                    .contains("Refused");
        }

        @Test
        void isReadyForCallsAgainByATimerAndNotBefore() {
            takeACall("o1");
            takeACall("o2");
            var until = view().restingUntil();

            ann.pass(Duration.between(ann.now(), until).minusMillis(1));
            assertThat(statuses()).isEmpty();

            ann.pass(Duration.ofMillis(1));
            assertThat(statuses()).extracting(AgentStatus::presence).containsOnly(Presence.READY);
            assertThat(view().restingUntil()).isNull();

            takeACall("o3", Duration.ofSeconds(30));
            assertThat(view().restingUntil())
                    .as("the second is the oldest now")
                    .isEqualTo(until.plus(TALK).plus(Timing.BID_COLLECTION));
        }

        @Test
        void alsoAfterACrashWithOrWithoutSnapshot() {
            takeACall("o1");
            takeACall("o2");
            var resting = view();

            assertThat(ann.crash().view(View.OfAgent.class)).isEqualTo(resting);
            assertThat(ann.crashToSnapshot().view(View.OfAgent.class)).isEqualTo(resting);
            assertThat(ann.owed())
                    .filteredOn(Output.ToQueue.class::isInstance)
                    .isNotEmpty()
                    .allSatisfy(said -> assertThat(said.toString()).contains("RESTING"));
            ann.crash(Timing.CALLS_WINDOW).pass(Duration.ZERO);
            assertThat(statuses()).extracting(AgentStatus::presence).containsOnly(Presence.READY);
        }

        @Test
        void aLimitThatIsRaisedOrTakenAwayEndsTheRestAtOnce() {
            takeACall("o1");
            takeACall("o2");

            ann.configured(limitedTo(3)).when(new AgentCommand.ConfigurationChanged());

            assertThat(statuses()).extracting(AgentStatus::presence).contains(Presence.READY);
            assertThat(view().restingUntil()).isNull();
        }

        @Test
        void aLimitThatIsSetCountsTheCallsOfBefore() {
            ann.configured(limitedTo(0));
            takeACall("o1");
            takeACall("o2");
            assertThat(view().restingUntil()).isNull();

            ann.configured(limitedTo(1)).when(new AgentCommand.ConfigurationChanged());

            assertThat(statuses()).extracting(AgentStatus::presence).contains(Presence.RESTING);
        }

        @Test
        void refusesTheBidThatWasHeldWhenTheLimitIsSet() {
            ann.configured(limitedTo(0));
            takeACall("o1");
            ann.given(bid("o2", "sales", 5, 10));

            ann.configured(limitedTo(1)).when(new AgentCommand.ConfigurationChanged());

            assertThat(ann.said()).extracting(Object::toString).anyMatch(said -> said.contains("Refused"));
            assertThat(ann.pass(Timing.BID_COLLECTION).events()).isEmpty();
        }

        @Test
        void countsConversationsNotPhonesThatRang() {
            for (var offer : List.of("o1", "o2", "o3")) {
                becomeReady();
                ann.given(bid(offer, "sales", 5, 10)).pass(Timing.BID_COLLECTION);
                ann.given(new OfferOver(offer, call(offer), "sales", OfferOutcome.CALLER_LEFT));
            }
            assertThat(view().restingUntil()).isNull();
        }

        private void takeACall(String offer) {
            takeACall(offer, TALK);
        }

        private void takeACall(String offer, Duration talk) {
            becomeReady();
            ann.given(bid(offer, "sales", 5, 10)).pass(Timing.BID_COLLECTION);
            ann.given(new OfferTalking(offer, call(offer), "sales")).pass(talk);
            ann.given(new OfferOver(offer, call(offer), "sales", OfferOutcome.COMPLETED));
            ann.when(new EndWrapUp(""));
        }

        private Directory limitedTo(int most) {
            var rest = Scenario.directory();
            return new Directory(
                    rest.queues(),
                    Map.of(
                            "ann",
                            new Directory.Agent(
                                    "ann", "Ann", List.of("sales", "support"), Map.of(), Set.of(), Map.of(), most)),
                    rest.numbers(),
                    rest.seats());
        }
    }

    @Nested
    class WhenTheConfigurationChanges {
        @Test
        void leavesAQueueItServesNoMore() {
            beIdle();
            var without = new Directory(
                    Scenario.directory().queues(),
                    Map.of("ann", new Directory.Agent("ann", "Ann", List.of("sales"))),
                    Map.of(),
                    Map.of());

            ann.configured(without).when(new AgentCommand.ConfigurationChanged());

            assertThat(ann.said())
                    .contains(status("support", new AgentStatus("ann", 2, Presence.ABSENT, null, null, Today.NONE)));
        }

        @Test
        void isLoggedOutWhenDeleted() {
            beIdle();
            ann.configured(Directory.EMPTY).when(new AgentCommand.ConfigurationChanged());

            assertThat(phase()).isEqualTo(AgentPhase.LOGGED_OUT);
            assertThat(statuses()).extracting(AgentStatus::presence).containsOnly(Presence.ABSENT);
        }

        @Test
        void isLoggedOutAfterTheCallWhenDeletedInIt() {
            talk();
            ann.configured(Directory.EMPTY).given(new AgentCommand.ConfigurationChanged());
            assertThat(phase()).isEqualTo(AgentPhase.TALKING);

            ann.when(new OfferOver("o1", "c1", "sales", OfferOutcome.COMPLETED));
            assertThat(phase()).isEqualTo(AgentPhase.LOGGED_OUT);
            assertThat(ann.said()).contains(new Output.ToSeat("s1", new SeatCommand.HolderLeft("ann")));
        }
    }

    @Nested
    class WhenTheSettingsOfTheirSeatChange {

        private final Seat rewired = new Seat("s1", "box1", "PJSIP/2001");
        private final Seat moved = new Seat("s1", "box2", "PJSIP/1001");

        @Test
        void theNextOfferRingsTheNewEndpoint() {
            beIdle();

            ann.configured(Scenario.directoryWith(rewired)).when(bid("o1", "sales", 5, 10));

            assertThat(ann.said())
                    .contains(new Output.ToQueue("sales", new QueueCommand.Reserved("o1", "c1", "ann", rewired, 4)));
            assertThat(phase()).isEqualTo(AgentPhase.RESERVED);
        }

        @Test
        void queuesHearAtWhichBoxTheyAreNow() {
            beIdle();
            var idleSince = ann.now();
            ann.pass(Duration.ofMinutes(1));

            ann.configured(Scenario.directoryWith(moved)).when(new AgentCommand.ConfigurationChanged());

            var atBox2 = new AgentStatus("ann", 3, Presence.READY, idleSince, "box2", Today.NONE);
            assertThat(ann.said()).contains(status("sales", atBox2), status("support", atBox2));
        }

        @Test
        void theConversationUnderWayGoesOn() {
            talk();
            var before = view();

            ann.configured(Scenario.directoryWith(moved)).when(new AgentCommand.ConfigurationChanged());

            assertThat(view()).isEqualTo(before);
            assertThat(ann.when(new OfferTalking("o1", "c1", "sales")).said())
                    .containsExactly(noted(OfferStage.TALKING));
        }

        @Test
        void itIsRememberedAfterACrash() {
            beIdle();
            ann.configured(Scenario.directoryWith(moved)).given(new AgentCommand.ConfigurationChanged());

            assertThat(ann.crash().owed()).isEqualTo(ann.crashToSnapshot().owed());
        }

        @Test
        void loggingInThereAgainChangesNothing() {
            beIdle();

            ann.configured(Scenario.directoryWith(rewired)).when(new LogIn(rewired, Instant.MAX));

            assertThat(phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void aSeatThatThisNodeHasNotReadYetIsWhereItWasAtLogIn() {
            beIdle();

            assertThat(ann.when(bid("o1", "sales", 5, 10)).said()).contains(reserved("o1", "sales", 3));
        }
    }

    // Given.

    private void becomeReady() {
        ann.given(new LogIn(SEAT, Instant.MAX)).given(new SetReady());
    }

    private void beIdle() {
        becomeReady();
        ann.given(new StatusNoted("sales", 2)).given(new StatusNoted("support", 2));
    }

    private void beReserved() {
        beIdle();
        ann.given(bid("o1", "sales", 5, 10));
    }

    private void talk() {
        beReserved();
        ann.given(new OfferRinging("o1", "c1", "sales")).given(new OfferTalking("o1", "c1", "sales"));
    }

    private void finish() {
        ann.when(new OfferOver("o1", "c1", "sales", OfferOutcome.COMPLETED));
    }

    private static Directory withHandling(Handling sales, Handling support) {
        var rest = Scenario.directory();
        return new Directory(
                Map.of("sales", queue("sales", sales), "support", queue("support", support)),
                rest.agents(),
                rest.numbers(),
                rest.seats());
    }

    private static Directory.Queue queue(String id, Handling handling) {
        return new Directory.Queue(id, id, Routing.PLAIN, handling, Waiting.PLAIN);
    }

    // Then.

    private String code(AgentCommand command) {
        return ((Reply.Rejected) ann.when(command).reply()).code();
    }

    private View.OfAgent view() {
        return ann.view(View.OfAgent.class);
    }

    private AgentPhase phase() {
        return view().phase();
    }

    private List<AgentStatus> statuses() {
        return ann.said().stream()
                .filter(Output.ToQueue.class::isInstance)
                .map(o -> ((Output.ToQueue) o).command())
                .filter(AgentStatus.class::isInstance)
                .map(AgentStatus.class::cast)
                .toList();
    }

    private static Bid bid(String offerId, String queueId, int priority, long waitingSinceSecond) {
        var since = Instant.ofEpochSecond(waitingSinceSecond);
        var order = Routing.PLAIN.order(priority, since, call(offerId));
        return new Bid(queueId, offerId, order.callId(), order.countsSince(), since, 2);
    }

    private static String call(String offerId) {
        return offerId.replace('o', 'c');
    }

    private static Output reserved(String offerId, String queueId, long version) {
        return new Output.ToQueue(queueId, new QueueCommand.Reserved(offerId, call(offerId), "ann", SEAT, version));
    }

    private static Output refused(String offerId, String queueId, long version) {
        return new Output.ToQueue(queueId, new QueueCommand.Refused(offerId, call(offerId), "ann", version));
    }

    private static Output noted(OfferStage stage) {
        return new Output.ToCall("c1", new CallCommand.OfferNoted("o1", stage));
    }

    private static Output status(String queueId, AgentStatus status) {
        return new Output.ToQueue(queueId, status);
    }

    private static Reply rejected(String code, String detail) {
        return new Reply.Rejected(code, detail);
    }
}
