package dev.carillon.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Timer;
import dev.carillon.core.Timing;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
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
import dev.carillon.protocol.agent.AgentCommand.SeatReachability;
import dev.carillon.protocol.agent.AgentCommand.SetNotReady;
import dev.carillon.protocol.agent.AgentCommand.SetReady;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.agent.AgentEvent.EventCase;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.AgentStatus;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.AgentPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent who may chat three times at once: chats take a unit each, a call takes all. */
class SeveralContactsTest {

    private static final Seat SEAT = new Seat("s1", "box1", "PJSIP/1001");
    private static final int A_CALL = 0;
    private static final int A_CHAT = 1;

    private final Scenario<AgentCommand, AgentEvent, AgentState> ann =
            new Scenario<>(new AgentDecider(), "ann", directory(3, 0)).comparingWithJournal();

    @BeforeEach
    void beReady() {
        ann.given(new LogIn(SEAT, Instant.MAX))
                .given(new SeatReachability("s1", true, 0))
                .given(new SetReady())
                .pass(Timing.BID_COLLECTION);
    }

    @Nested
    class EachByItself {

        @Test
        void isReservedAcceptedEndedAndWrappedUp() {
            chat("o1");
            chat("o2");
            end("o1");
            assertThat(timers()).contains("wrap-up:" + ann.now().plusSeconds(30).toEpochMilli(), "ask:o2");

            ann.pass(Duration.ofSeconds(30));
            assertThat(events()).containsExactly(EventCase.CONTACT_ENDED);
            assertThat(view().phase()).isEqualTo(AgentPhase.TALKING);
            assertThat(view().callId()).isEqualTo("c2");

            end("o2");
            ann.pass(Duration.ofSeconds(30));
            assertThat(events()).containsExactly(EventCase.BECAME_READY);
            assertThat(view().phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void aThirdIsTakenAndAFourthRefused() {
            chat("o1");
            chat("o2");
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).contains(reserved("o3"));
            assertThat(answers(ann.when(bid("o4", A_CHAT))))
                    .as("one is reserved")
                    .containsExactly(refused("o4"));
            ann.given(new OfferTalking("o3", "c3", "sales")).pass(Timing.BID_COLLECTION);

            assertThat(answers(ann.when(bid("o4", A_CHAT))))
                    .as("nothing is left")
                    .containsExactly(refused("o4"));

            end("o1");
            assertThat(answers(ann.when(bid("o4", A_CHAT))))
                    .as("work after a chat takes what the chat took")
                    .containsExactly(refused("o4"));
            ann.given(new EndWrapUp("")).pass(Timing.BID_COLLECTION);
            assertThat(answers(ann.when(bid("o4", A_CHAT)))).contains(reserved("o4"));
        }

        @Test
        void oneThatTakesMoreThanIsLeftIsRefused() {
            chat("o1");
            assertThat(answers(ann.when(bid("o2", 3)))).containsExactly(refused("o2"));
            assertThat(answers(ann.when(bid("o2", 2)))).contains(reserved("o2"));
        }

        @Test
        void aCallIsTakenOnlyWhenAllIsFreeAndNobodyChatsMeanwhile() {
            chat("o1");
            assertThat(answers(ann.when(bid("o2", A_CALL)))).containsExactly(refused("o2"));
            end("o1");
            assertThat(answers(ann.when(bid("o2", A_CALL)))).containsExactly(refused("o2"));

            ann.given(new EndWrapUp("c1")).pass(Timing.BID_COLLECTION);
            assertThat(answers(ann.when(bid("o2", A_CALL)))).contains(reserved("o2"));
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).containsExactly(refused("o3"));
            ann.given(new OfferTalking("o2", "c2", "sales"));
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).containsExactly(refused("o3"));
            end("o2");
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).containsExactly(refused("o3"));
        }

        @Test
        void theSameChatIsNotTakenTwice() {
            chat("o1");
            end("o1");
            assertThat(ann.when(new Bid("sales", "o9", "c1", ann.now(), ann.now(), 0, A_CHAT))
                            .events())
                    .isEmpty();
        }

        @Test
        void aReservationOfWhichNoCallKnowsLapsesAlone() {
            chat("o1");
            ann.given(bid("o2", A_CHAT));

            ann.pass(Timing.RESERVATION_LEASE.plus(Timing.SILENCE));

            assertThat(events()).containsExactly(EventCase.OFFER_ENDED);
            assertThat(view().callId()).isEqualTo("c1");
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).contains(reserved("o3"));
        }

        @Test
        void callsAreAskedAfterEach() {
            chat("o1");
            chat("o2");

            ann.pass(Timing.SILENCE);

            assertThat(ann.said())
                    .containsExactlyInAnyOrder(
                            new Output.ToCall("c1", new CallCommand.AreWeTogether("o1", "ann")),
                            new Output.ToCall("c2", new CallCommand.AreWeTogether("o2", "ann")));
        }

        @Test
        void whatRingsIsShownBeforeWhatIsTalkedToAndThatBeforeWorkAfterIt() {
            chat("o1");
            end("o1");
            chat("o2");
            assertThat(view().callId()).isEqualTo("c2");
            ann.given(bid("o3", A_CHAT)).given(new OfferRinging("o3", "c3", "sales"));
            assertThat(view().callId()).isEqualTo("c3");
            assertThat(view().phase()).isEqualTo(AgentPhase.RINGING);
        }

        @Test
        void countsForTheDay() {
            chat("o1");
            ann.pass(Duration.ofSeconds(20));
            chat("o2");
            ann.pass(Duration.ofSeconds(40));
            end("o1");
            end("o2");

            ann.when(new SetReady());

            var talked = Duration.ofSeconds(100).plus(Timing.BID_COLLECTION.multipliedBy(3));
            assertThat(statuses())
                    .extracting(AgentStatus::today)
                    .containsOnly(new QueueCommand.Today(2, talked.toMillis()));
        }
    }

    @Nested
    class Queues {

        @Test
        void hearWhatIsLeftAndAreHeardBeforeAnythingIsTaken() {
            ann.given(bid("o1", A_CHAT)).when(new OfferTalking("o1", "c1", "sales"));
            assertThat(statuses()).hasSize(2).allSatisfy(status -> {
                assertThat(status.presence()).isEqualTo(Presence.OCCUPIED);
                assertThat(status.unitsLeft()).isEqualTo(2);
                assertThat(status.boxId()).isEqualTo("box1");
                assertThat(status.idleSince())
                        .as("others who have nothing come first")
                        .isEqualTo(ann.now());
            });
            assertThat(ann.when(bid("o2", "sales", A_CHAT, 10)).events()).isEmpty();

            ann.when(bid("o3", "support", A_CHAT, 5));

            assertThat(answers(ann)).contains(reserved("o3"), refused("o2"));
        }

        @Test
        void areAnsweredAlsoWhenAnotherContactEndsMeanwhile() {
            chat("o1");
            end("o1");
            ann.given(bid("o2", A_CHAT)).given(new OfferTalking("o2", "c2", "sales"));
            ann.given(bid("o3", "sales", A_CHAT, 5));

            ann.when(new EndWrapUp("c1"));
            assertThat(answers(ann)).doesNotContain(refused("o3"));

            assertThat(answers(ann.pass(Timing.BID_COLLECTION))).contains(reserved("o3"));
        }

        @Test
        void areRefusedWhenTheCapacityIsLessByThen() {
            chat("o1");
            ann.given(bid("o2", A_CHAT)).given(new OfferTalking("o2", "c2", "sales"));
            ann.given(bid("o3", "sales", A_CHAT, 5));

            ann.configured(directory(2, 0)).given(new AgentCommand.ConfigurationChanged());
            assertThat(answers(ann.pass(Timing.BID_COLLECTION))).contains(refused("o3"));
            assertThat(view().callId()).isEqualTo("c1");
        }

        @Test
        void hearOfMoreCapacity() {
            chat("o1");

            ann.configured(directory(5, 0)).when(new AgentCommand.ConfigurationChanged());

            assertThat(statuses()).extracting(AgentStatus::unitsLeft).containsExactly(4, 4);
        }

        @Test
        void areToldNothingNewByWhoCanTakeNothingMore() {
            ann.given(bid("o1", 3)).when(new OfferTalking("o1", "c1", "sales"));

            assertThat(statuses()).isEmpty();
        }
    }

    @Nested
    class WhatIsChosenMeanwhile {

        @BeforeEach
        void chatTwice() {
            chat("o1");
            chat("o2");
        }

        @Test
        void nothingMoreIsGivenToWhoWantsToBeAwayAfterwards() {
            ann.when(new SetNotReady("lunch"));
            assertThat(statuses()).extracting(AgentStatus::unitsLeft).containsExactly(0, 0);
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).containsExactly(refused("o3"));

            end("o1");
            ann.pass(Duration.ofSeconds(30));
            assertThat(view().next()).isEqualTo("lunch");
            end("o2");
            ann.pass(Duration.ofSeconds(30));

            assertThat(view().phase()).isEqualTo(AgentPhase.NOT_READY);
            assertThat(view().reason()).isEqualTo("lunch");
        }

        @Test
        void theBidThatWasHeldIsRefusedThen() {
            end("o1");
            ann.given(new EndWrapUp("")).given(bid("o3", "sales", A_CHAT, 5));

            assertThat(answers(ann.when(new SetNotReady("lunch")))).contains(refused("o3"));
            assertThat(ann.pass(Timing.BID_COLLECTION).events()).isEmpty();
        }

        @Test
        void whoThinksBetterOfItIsGivenMore() {
            ann.given(new SetNotReady("lunch")).when(new CancelNext());
            assertThat(statuses()).extracting(AgentStatus::unitsLeft).containsExactly(1, 1);

            ann.given(new SetNotReady("lunch")).when(new SetReady());
            assertThat(statuses()).extracting(AgentStatus::unitsLeft).containsExactly(1, 1);
            ann.pass(Timing.BID_COLLECTION);
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).contains(reserved("o3"));
        }

        @Test
        void nobodyLogsOutOfAConversation() {
            end("o1");
            assertThat(ann.when(new LogOut()).reply()).isInstanceOf(Reply.Rejected.class);

            end("o2");
            assertThat(ann.when(new LogOut()).reply()).isEqualTo(new Reply.Done());
            assertThat(timers()).isEmpty();
        }

        @Test
        void readyEndsAllWrapUpsButNoConversation() {
            end("o1");
            ann.when(new SetReady());
            assertThat(events()).containsExactly(EventCase.NEXT_STATE_CHOSEN);

            end("o2");
            ann.when(new SetReady());
            assertThat(events()).containsExactly(EventCase.BECAME_READY);
        }
    }

    @Nested
    class WrapUps {

        @BeforeEach
        void wrapUpTwo() {
            chat("o1");
            chat("o2");
            end("o1");
            ann.pass(Duration.ofSeconds(10));
            end("o2");
        }

        @Test
        void areNamedByTheirCall() {
            assertThat(code(new EndWrapUp(""))).isEqualTo("WRAP_UP_NOT_NAMED");
            assertThat(code(new ExtendWrapUp(1, ""))).isEqualTo("WRAP_UP_NOT_NAMED");
            assertThat(code(new GiveWrapUpCode("sold", ""))).isEqualTo("WRAP_UP_NOT_NAMED");
            assertThat(code(new GiveWrapUpCode("sold", "c9"))).isEqualTo("NO_WRAP_UP");
            assertThat(ann.when(new EndWrapUp("c9")).events()).isEmpty();

            ann.when(new GiveWrapUpCode("sold", "c2"));
            assertThat(ann.events()).hasSize(1);
            assertThat(ann.events().get(0).getWrapUpCoded().getCallId()).isEqualTo("c2");

            ann.when(new EndWrapUp("c2"));
            assertThat(ann.events().get(0).getContactEnded().getOfferId()).isEqualTo("o2");
            assertThat(ann.when(new EndWrapUp("")).reply())
                    .as("there is only one left")
                    .isEqualTo(new Reply.Done());
        }

        @Test
        void lastTheirTimeEach() {
            ann.pass(Duration.ofSeconds(19)).pass(Duration.ofMillis(999));
            assertThat(ann.events()).isEmpty();
            ann.pass(Duration.ofMillis(1));
            assertThat(events()).containsExactly(EventCase.CONTACT_ENDED);
            ann.pass(Duration.ofMillis(9_999));
            assertThat(ann.events()).isEmpty();
            ann.pass(Duration.ofMillis(1));
            assertThat(events()).containsExactly(EventCase.BECAME_READY);
        }

        @Test
        void endTogetherIfTheyEndInTheSameMoment() {
            chat("o3");
            chat("o4", "support");
            ann.given(new OfferOver("o4", "c4", "support", OfferOutcome.COMPLETED));
            end("o3");

            ann.pass(Duration.ofSeconds(30));

            assertThat(view().phase()).isEqualTo(AgentPhase.READY);
        }
    }

    @Nested
    class AMissedChat {

        @BeforeEach
        void beside() {
            ann.configured(directory(3, 60));
            chat("o1");
            ann.given(bid("o2", A_CHAT)).when(new OfferOver("o2", "c2", "sales", OfferOutcome.UNANSWERED));
        }

        @Test
        void keepsMoreAwayForTheQueuesTimeAndLeavesTheOtherAlone() {
            assertThat(view().phase()).isEqualTo(AgentPhase.TALKING);
            assertThat(view().next()).isEqualTo("no-answer");
            assertThat(view().returnAt()).isEqualTo(ann.now().plusSeconds(60));
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).containsExactly(refused("o3"));

            ann.pass(Duration.ofSeconds(60));
            assertThat(statuses()).extracting(AgentStatus::unitsLeft).containsExactly(2, 2);
            ann.pass(Timing.BID_COLLECTION);
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).contains(reserved("o3"));
        }

        @Test
        void leavesTheAgentAwayForTheRestOfThatTimeWhenTheOtherIsOver() {
            var missedAt = ann.now();
            ann.pass(Duration.ofSeconds(10));
            end("o1");
            ann.when(new EndWrapUp(""));

            assertThat(view().reason()).isEqualTo("no-answer");
            assertThat(view().returnAt()).isEqualTo(missedAt.plusSeconds(60));
            ann.pass(Duration.ofSeconds(50));
            assertThat(view().phase()).isEqualTo(AgentPhase.READY);
        }

        @Test
        void isForgivenByTheAgentsWord() {
            ann.when(new SetReady());

            assertThat(statuses()).extracting(AgentStatus::unitsLeft).containsExactly(2, 2);
        }
    }

    @Nested
    class ASilentDesktop {

        private final Duration lost = DesktopWatch.USUAL.lostAfter();

        @BeforeEach
        void isWatched() {
            ann.given(new Heartbeat());
            chat("o1");
        }

        @Test
        void isGivenNothingMoreButKeepsWhatItHas() {
            ann.pass(lost);
            assertThat(view().phase()).isEqualTo(AgentPhase.TALKING);
            assertThat(answers(ann.when(bid("o2", A_CHAT)))).containsExactly(refused("o2"));

            end("o1");
            ann.pass(Duration.ofSeconds(30));

            assertThat(view().reason()).isEqualTo("desktop-lost");
            assertThat(ann.events().get(0).getBecameNotReady().getLastSeenMs()).isPositive();
        }

        @Test
        void isGivenMoreWhenItIsBackInTime() {
            ann.pass(lost).when(new Heartbeat());

            assertThat(statuses()).extracting(AgentStatus::unitsLeft).containsExactly(2, 2);
        }

        @Test
        void isLostAlsoWhenTheReservationThatWasUnderWayHasFailed() {
            ann.given(bid("o2", A_CHAT)).given(new OfferRinging("o2", "c2", "sales"));
            ann.pass(lost);
            assertThat(view().next()).isNull();

            ann.when(new OfferOver("o2", "c2", "sales", OfferOutcome.CALLER_LEFT));

            assertThat(view().next()).isEqualTo("desktop-lost");
        }

        @Test
        void losesTheAgentAlsoAfterACrash() {
            ann.pass(lost).crash().pass(Duration.ofSeconds(1));
            end("o1");
            ann.pass(Duration.ofSeconds(30));

            assertThat(view().reason()).isEqualTo("desktop-lost");
        }
    }

    @Nested
    class AndThePhone {

        @Test
        void isNotNeededForWhatIsUnderWay() {
            chat("o1");
            ann.when(new SeatReachability("s1", false, 1));
            assertThat(events()).containsExactly(EventCase.SEAT_REACHABILITY);
            end("o1");
            ann.pass(Duration.ofSeconds(30));

            assertThat(view().reason()).isEqualTo("seat-unreachable");
        }

        @Test
        void thatWasAnsweredWhenTheReservationHadLapsedIsNotTalkedIntoByWhoChats() {
            chat("o1");
            assertThat(ann.when(new OfferTalking("o9", "c9", "sales")).said())
                    .containsExactly(new Output.ToCall("c9", new CallCommand.OfferVoid("o9", "ann")));
            assertThat(ann.events()).isEmpty();
        }

        @Test
        void ofWhoOnlyWrapsUpIsAndNothingElseGoesOn() {
            chat("o1");
            end("o1");
            ann.given(bid("o2", A_CHAT)).when(new OfferTalking("o9", "c9", "sales"));

            assertThat(ann.said()).contains(new Output.ToCall("c2", new CallCommand.OfferVoid("o2", "ann")));
            assertThat(timers()).contains("ask:o9").noneMatch(timer -> timer.startsWith("wrap-up"));
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).containsExactly(refused("o3"));
        }
    }

    @Nested
    class TheLimitOfCallsInAnHour {

        @Test
        void countsAllContactsAndMoreAreGivenWhenItIsOver() {
            ann.configured(limited(2)).given(new AgentCommand.ConfigurationChanged());
            chat("o1");
            ann.given(bid("o2", A_CHAT)).when(new OfferTalking("o2", "c2", "sales"));
            assertThat(statuses()).isEmpty();
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).containsExactly(refused("o3"));

            ann.pass(Timing.CALLS_WINDOW);

            assertThat(events()).contains(EventCase.REST_ENDED);
            assertThat(answers(ann.when(bid("o3", A_CHAT)))).contains(reserved("o3"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnAfterACrash(boolean snapshot) {
        chat("o1");
        chat("o2");
        end("o1");
        ann.given(bid("o3", A_CHAT));
        var timers = timers();

        if (snapshot) {
            ann.crashToSnapshot();
        } else {
            ann.crash();
        }

        assertThat(answers(ann)).contains(reserved("o3"));
        assertThat(timers()).isEqualTo(timers);
        assertThat(answers(ann.when(bid("o4", A_CHAT)))).containsExactly(refused("o4"));
        ann.given(new OfferTalking("o3", "c3", "sales"));
        end("o2");
        end("o3");
        ann.pass(Duration.ofSeconds(30));
        assertThat(view().phase()).isEqualTo(AgentPhase.READY);
    }

    // Given.

    private void chat(String offerId) {
        chat(offerId, "sales");
    }

    private void chat(String offerId, String queueId) {
        ann.given(bid(offerId, queueId, A_CHAT, 10)).given(new OfferTalking(offerId, call(offerId), queueId));
        ann.pass(Timing.BID_COLLECTION);
    }

    private void end(String offerId) {
        ann.when(new OfferOver(offerId, call(offerId), "sales", OfferOutcome.COMPLETED));
    }

    private static Directory directory(int capacity, int returnAfterMissed) {
        return directory(capacity, returnAfterMissed, 0);
    }

    private static Directory limited(int mostCalls) {
        return directory(3, 0, mostCalls);
    }

    private static Directory directory(int capacity, int returnAfterMissed, int mostCalls) {
        var handling = new Handling(20, WrapUp.of(WrapUp.Mode.EXTENDABLE, 30), returnAfterMissed);
        return new Directory(
                Map.of("sales", queue("sales", handling), "support", queue("support", handling)),
                Map.of(
                        "ann",
                        new Directory.Agent(
                                "ann",
                                "Ann",
                                List.of("sales", "support"),
                                Map.of(),
                                Set.of(),
                                Map.of(),
                                mostCalls,
                                capacity)),
                Map.of(),
                Map.of());
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

    private List<EventCase> events() {
        return ann.events().stream().map(AgentEvent::getEventCase).toList();
    }

    private List<String> timers() {
        return ann.timers().stream().map(Timer::id).toList();
    }

    private List<AgentStatus> statuses() {
        return ann.said().stream()
                .filter(Output.ToQueue.class::isInstance)
                .map(o -> ((Output.ToQueue) o).command())
                .filter(AgentStatus.class::isInstance)
                .map(AgentStatus.class::cast)
                .toList();
    }

    private static Bid bid(String offerId, int units) {
        return bid(offerId, "sales", units, 10);
    }

    private static Bid bid(String offerId, String queueId, int units, long waitingSinceSecond) {
        var since = Instant.ofEpochSecond(waitingSinceSecond);
        return new Bid(queueId, offerId, call(offerId), since, since, 0, units);
    }

    private static String call(String offerId) {
        return offerId.replace('o', 'c');
    }

    /** To bids. */
    private static List<String> answers(Scenario<?, ?, ?> agent) {
        return agent.said().stream()
                .filter(Output.ToQueue.class::isInstance)
                .map(o -> ((Output.ToQueue) o).command())
                .flatMap(command -> command instanceof QueueCommand.Reserved yes
                        ? Stream.of(reserved(yes.offerId()))
                        : command instanceof QueueCommand.Refused no ? Stream.of(refused(no.offerId())) : Stream.of())
                .toList();
    }

    private static String reserved(String offerId) {
        return offerId + " reserved";
    }

    private static String refused(String offerId) {
        return offerId + " refused";
    }
}
