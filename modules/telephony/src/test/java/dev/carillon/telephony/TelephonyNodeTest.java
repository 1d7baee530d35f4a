package dev.carillon.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.BoxPhase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The telephony node with a scripted link: the test is the box. Time passes only when a test lets it. */
class TelephonyNodeTest {

    private static final Instant START = Instant.parse("2026-05-04T08:00:00Z");
    private static final String CALL = "b1-100.1";
    private static final String CALLER = "100.1";
    private static final String SEAT = "seat-leg-1";
    private static final BoxSettings SETTINGS =
            new BoxSettings("b1", "scripted", "http://10.0.0.1:8088", "carillon", "secret-word");
    private static final BoxCommand.RingSeat RING =
            new BoxCommand.RingSeat(CALL, SEAT, "PJSIP/1001", "+4930", "Ann", 20);
    private static final BoxCommand.KeepAlive KEEP_ALIVE =
            new BoxCommand.KeepAlive(CALL, List.of(new Leg(CALLER, Leg.State.UP)), 30);

    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final BoxLink.Down LACK =
            new BoxLink.Down(BoxTrouble.BOX_STARTING, "It does not run the module app_queue.so: load it");

    private record Told(String callId, BoxEvent event) {}

    private record SeatTold(
            String seatId, String boxId, boolean reachable, long number, CompletableFuture<Reply.SeatHeard> answer) {

        SeatTold settled() {
            answer.complete(new Reply.SeatHeard(number, true));
            return this;
        }
    }

    /** One link that was made: what it was given, and how to speak as the box. */
    private record Link(BoxSettings settings, ActorRef<BoxLink.Report> owner, ActorRef<BoxLink.Command> ref) {}

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config().withFallback(ConfigFactory.load()));
    private final ManualTime time = ManualTime.get(kit.system());
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicReference<Optional<BoxSettings>> configured = new AtomicReference<>(Optional.of(SETTINGS));
    private final TestProbe<Link> links = kit.createTestProbe();
    private final TestProbe<BoxLink.Command> toBox = kit.createTestProbe();
    private final TestProbe<Told> calls = kit.createTestProbe();
    private final TestProbe<View.OfBox> live = kit.createTestProbe();
    private final TestProbe<SeatTold> seatsTold = kit.createTestProbe();
    private final TestProbe<View.OfSeat> seatsShown = kit.createTestProbe();
    private final TestProbe<String> boxesHidden = kit.createTestProbe();
    private final TestProbe<String> seatsHidden = kit.createTestProbe();
    private final AtomicReference<Map<String, String>> endpoints = new AtomicReference<>(Map.of());
    private final SeatGateway seats = new SeatGateway() {
        @Override
        public Map<String, String> endpoints(String boxId) {
            return endpoints.get();
        }

        @Override
        public CompletionStage<Reply.SeatHeard> tell(String seatId, String boxId, boolean reachable, long number) {
            var answer = new CompletableFuture<Reply.SeatHeard>();
            seatsTold.ref().tell(new SeatTold(seatId, boxId, reachable, number, answer));
            return answer;
        }

        @Override
        public void show(View.OfSeat seat) {
            seatsShown.ref().tell(seat);
        }

        @Override
        public void hide(String seatId) {
            seatsHidden.ref().tell(seatId);
        }
    };
    private final AtomicInteger passedOver = new AtomicInteger();
    private final BoxMeter meter = new BoxMeter() {
        @Override
        public void answered(String boxId, Duration took) {}

        @Override
        public void unanswered(String boxId) {}

        @Override
        public void passedOver(String boxId) {
            passedOver.incrementAndGet();
        }
    };
    private final BoxDisplay display = new BoxDisplay() {
        @Override
        public void show(View.OfBox box) {
            live.ref().tell(box);
        }

        @Override
        public void hide(String boxId) {
            boxesHidden.ref().tell(boxId);
        }
    };
    private final Admission admission =
            new Admission(TelephonySettings.from(ConfigFactory.load()).admission(), START, change -> {});
    private final TestProbe<Boolean> toldOverloaded = kit.createTestProbe();
    private ActorRef<TelephonyNode.Command> node;

    @BeforeEach
    void start() {
        node = spawnNode(boxId -> configured.get());
    }

    private ActorRef<TelephonyNode.Command> spawnNode(Function<String, Optional<BoxSettings>> settings) {
        var around = new TelephonyNode.Surroundings(
                settings,
                Map.of("scripted", new ScriptedAdapter("scripted"), "deaf", new ScriptedAdapter("deaf")),
                (callId, event) -> calls.ref().tell(new Told(callId, event)),
                seats,
                display,
                meter,
                admission,
                new Watch(),
                () -> 0);
        return kit.spawn(TelephonyNode.create("b1", around, TelephonySettings.from(ConfigFactory.load())));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void isNotShownFromHereAnyMoreWhenItMoves() {
        nextView();

        kit.stop(node);

        boxesHidden.expectMessage("b1");
    }

    @Nested
    class Connecting {

        @Test
        void goesThroughReconcilingToUp() {
            var link = nextLink();
            assertThat(link.settings()).isEqualTo(SETTINGS);
            assertThat(nextView())
                    .isEqualTo(new View.OfBox(
                            "b1", BoxPhase.CONNECTING, START, "scripted", "http://10.0.0.1:8088", "", "", "", 0, null));

            link.owner().tell(new BoxLink.Reconciling("Asterisk 22.10.1"));
            assertThat(nextView().phase()).isEqualTo(BoxPhase.RECONCILING);

            link.owner().tell(up("first", onBox(leg(CALLER, Leg.State.UP))));
            assertThat(nextView()).satisfies(view -> {
                assertThat(view.phase()).isEqualTo(BoxPhase.UP);
                assertThat(view.version()).isEqualTo("Asterisk 22.10.1");
                assertThat(view.calls()).isEqualTo(1);
                assertThat(view.code()).isEmpty();
            });
            assertThat(calls.receiveMessage()).isEqualTo(told(back("first", leg(CALLER, Leg.State.UP))));
        }

        @Test
        void commandsBeforeThatAreAnsweredByBoxAway() {
            nextLink();
            node.tell(new TelephonyNode.Execute(RING));
            assertThat(calls.receiveMessage()).isEqualTo(told(new BoxEvent.BoxAway("b1", true)));
            toBox.expectNoMessage();
        }

        @Test
        void anUnreachableBoxIsTriedAgainEverMoreSeldom() {
            var nextAttempt = START;
            for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
                nextLink()
                        .owner()
                        .tell(new BoxLink.Down(BoxTrouble.BOX_UNREACHABLE, "connection refused: is it running?"));
                nextAttempt = nextAttempt.plusSeconds(seconds);
                var expected = nextAttempt;
                assertThat(untilView(BoxPhase.LOST)).satisfies(view -> {
                    assertThat(view.code()).isEqualTo("BOX_UNREACHABLE");
                    assertThat(view.detail()).isEqualTo("connection refused: is it running?");
                    assertThat(view.nextAttemptAt()).isEqualTo(expected);
                });
                pass(Duration.ofSeconds(seconds).minusMillis(1));
                links.expectNoMessage(Duration.ofMillis(20));
                pass(Duration.ofMillis(1));
            }
        }

        @Test
        void aBoxThatSaysNothingIsGivenUpAfterTheConnectTimeout() {
            var link = nextLink();
            nextView();
            pass(Duration.ofSeconds(10));

            assertThat(untilView(BoxPhase.LOST)).satisfies(view -> {
                assertThat(view.code()).isEqualTo("BOX_UNREACHABLE");
                assertThat(view.detail()).contains("http://10.0.0.1:8088").contains("10 s");
            });
            toBox.expectTerminated(link.ref());

            link.owner().tell(up("late"));
            pass(Duration.ofSeconds(1));
            assertThat(nextLink())
                    .as("a late success of the old link is not heard")
                    .isNotNull();
        }

        @Test
        void aBoxThatAnswersAndDoesNotSayWhatItHasIsGivenUpToo() {
            nextLink().owner().tell(new BoxLink.Reconciling("Asterisk 22"));
            untilView(BoxPhase.RECONCILING);
            pass(Duration.ofSeconds(10));

            assertThat(untilView(BoxPhase.LOST).detail()).contains("did not say");
        }

        @Test
        void aRefusedPasswordIsSaidPlainlyAndNeverShown() {
            LoggingTestKit.warn("Box b1: BOX_REFUSED_PASSWORD: user carillon is not let in")
                    .expect(kit.system(), () -> {
                        nextLink()
                                .owner()
                                .tell(new BoxLink.Down(BoxTrouble.BOX_REFUSED_PASSWORD, "user carillon is not let in"));
                        return untilView(BoxPhase.LOST);
                    });
            LoggingTestKit.info("settings changed").expect(kit.system(), () -> {
                configure(new BoxSettings("b1", "scripted", "http://10.0.0.1:8088", "carillon", "better-secret"));
                return null;
            });

            assertThat(nextLink().settings().password())
                    .as("tried at once when it was corrected")
                    .isEqualTo("better-secret");
            assertThat(SETTINGS.toString()).doesNotContain("secret-word");
        }

        @Test
        void aBoxThatLacksSomethingIsTakenToBeStartingForAWhile() {
            lacksSomethingForAMinute();

            nextLink().owner().tell(LACK);
            assertThat(untilView(BoxPhase.LOST)).satisfies(view -> {
                assertThat(view.code()).isEqualTo("BOX_MISCONFIGURED");
                assertThat(view.detail()).isEqualTo(LACK.detail());
                assertThat(view.nextAttemptAt()).isEqualTo(now.get().plusSeconds(30));
            });
        }

        @Test
        void aBoxThatGoesAwayMeanwhileMayStartAgain() {
            lacksSomethingForAMinute();

            nextLink().owner().tell(new BoxLink.Down(BoxTrouble.BOX_UNREACHABLE, "connection refused"));
            untilView("BOX_UNREACHABLE");
            pass(Duration.ofSeconds(30));
            nextLink().owner().tell(LACK);
            assertThat(untilView(BoxPhase.LOST).code()).isEqualTo("BOX_STARTING");
        }

        private void lacksSomethingForAMinute() {
            for (int seconds : new int[] {1, 2, 4, 8, 16, 30}) {
                nextLink().owner().tell(LACK);
                assertThat(untilView(BoxPhase.LOST)).satisfies(view -> {
                    assertThat(view.code()).isEqualTo("BOX_STARTING");
                    assertThat(view.detail()).contains("app_queue.so").contains("60 s");
                    assertThat(view.nextAttemptAt()).isEqualTo(now.get().plusSeconds(seconds));
                });
                pass(Duration.ofSeconds(seconds));
            }
        }

        @Test
        void anUnknownKindWaitsForItsSettingsToBeChanged() {
            nextLink();
            configure(new BoxSettings("b1", "telepathy", "", "", ""));
            assertThat(toBox.receiveMessage()).isEqualTo(new BoxLink.Close());
            var view = untilView("BOX_MISCONFIGURED");
            assertThat(view.detail()).contains("telepathy").contains("scripted");
            assertThat(view.nextAttemptAt()).isNull();

            configure(SETTINGS);
            assertThat(nextLink().settings()).isEqualTo(SETTINGS);
        }

        @Test
        void aLinkThatBreaksByAFaultOfItsOwnIsTriedAgain() {
            var link = nextLink();
            LoggingTestKit.error(IllegalStateException.class).expect(kit.system(), () -> {
                link.ref().tell(new BoxLink.Execute(ScriptedAdapter.CRASH));
                return null;
            });
            toBox.expectTerminated(link.ref());
            // A last word of the link may still be on its way when its end is known: it is waited for, a little.
            toBox.awaitAssert(Duration.ofSeconds(30), Duration.ofMillis(20), () -> {
                pass(Duration.ofMillis(500));
                assertThat(untilView(Duration.ofMillis(20), view -> view.code().equals("BOX_LOST")))
                        .isNotNull();
                return null;
            });
            pass(Duration.ofSeconds(1));
            assertThat(nextLink()).isNotNull();
        }
    }

    @Nested
    class Up {

        private Link link;

        @BeforeEach
        void up() {
            link = nextLink();
            link.owner().tell(TelephonyNodeTest.up("first"));
            untilView(BoxPhase.UP);
        }

        @Test
        void aCallerIsOfferedEverySecondUntilClaimed() {
            link.owner().tell(new BoxLink.Happened(CALL, offer()));
            assertThat(calls.receiveMessage()).isEqualTo(told(offer()));
            pass(Duration.ofSeconds(1));
            assertThat(calls.receiveMessage()).isEqualTo(told(offer()));
            pass(Duration.ofSeconds(1));
            assertThat(calls.receiveMessage()).isEqualTo(told(offer()));

            var answer = new BoxCommand.Answer(CALL, CALLER);
            node.tell(new TelephonyNode.Execute(answer));
            assertThat(toBox.receiveMessage()).isEqualTo(new BoxLink.Execute(answer));
            pass(Duration.ofSeconds(1));
            calls.expectNoMessage(Duration.ofMillis(50));
        }

        @Test
        void repeatedAndLateCommandsAreAnsweredFromTheTable() {
            node.tell(new TelephonyNode.Execute(RING));
            assertThat(toBox.receiveMessage()).isEqualTo(new BoxLink.Execute(RING));
            link.owner().tell(new BoxLink.Happened(CALL, new BoxEvent.LegRinging(SEAT)));
            calls.receiveMessage();
            node.tell(new TelephonyNode.Execute(RING));
            assertThat(calls.receiveMessage()).isEqualTo(told(new BoxEvent.LegRinging(SEAT)));

            var end = new BoxEvent.LegEnded(SEAT, EndCause.NO_ANSWER, 19);
            link.owner().tell(new BoxLink.Happened(CALL, end));
            calls.receiveMessage();
            node.tell(new TelephonyNode.Execute(RING));
            assertThat(calls.receiveMessage()).isEqualTo(told(end));
            toBox.expectNoMessage();
        }

        @Test
        void aSilentCallIsToldAfterFourSeconds() {
            callIsUp();
            for (int second = 1; second < 4; second++) {
                pass(Duration.ofSeconds(1));
            }
            calls.expectNoMessage(Duration.ofMillis(50));
            pass(Duration.ofSeconds(1));
            assertThat(calls.receiveMessage()).isEqualTo(told(back("first", leg(CALLER, Leg.State.UP))));
        }

        @Test
        void theNumberOfCallsIsShown() {
            link.owner().tell(new BoxLink.Happened(CALL, offer()));
            calls.receiveMessage();
            pass(Duration.ofSeconds(1));
            assertThat(nextView().calls()).isEqualTo(1);
        }

        @Test
        void aBrokenEventIsLoggedWithItsPayloadOnceAndHarmsNobody() {
            var broken = new BoxLink.Happened("b1-broken", new BoxEvent.BoxAway("b1", true));
            LoggingTestKit.warn("It said: Happened[callId=b1-broken")
                    .withMdc(Map.of("box", "b1", "call", "b1-broken"))
                    .withOccurrences(1)
                    .expect(kit.system(), () -> {
                        link.owner().tell(broken);
                        link.owner().tell(broken);
                        link.owner().tell(new BoxLink.Happened(CALL, offer()));
                        return calls.receiveMessage();
                    });
        }

        @Test
        void whatTheAdapterCouldNotReadIsCountedAndLoggedOnce() {
            var unread = new BoxLink.NotUnderstood("no channel in StasisStart", "{\"type\":\"StasisStart\"}");
            LoggingTestKit.warn("{\"type\":\"StasisStart\"}").withOccurrences(1).expect(kit.system(), () -> {
                for (int times = 0; times < 9; times++) {
                    link.owner().tell(unread);
                }
                link.owner().tell(new BoxLink.Happened(CALL, offer()));
                return calls.receiveMessage();
            });
            LoggingTestKit.warn("10 messages were passed over by now").expect(kit.system(), () -> {
                link.owner().tell(unread);
                return null;
            });
            assertThat(passedOver).hasValue(10);
        }

        @Test
        void lossIsToldAndTheReturnWithFewerLegsToo() {
            callIsUp();
            link.owner().tell(new BoxLink.Down(BoxTrouble.BOX_LOST, "no answer to pings for 3 s"));
            assertThat(calls.receiveMessage()).isEqualTo(told(new BoxEvent.BoxAway("b1", true)));
            assertThat(untilView(BoxPhase.LOST).code()).isEqualTo("BOX_LOST");

            node.tell(new TelephonyNode.Execute(RING));
            assertThat(calls.receiveMessage()).isEqualTo(told(new BoxEvent.BoxAway("b1", true)));

            pass(Duration.ofSeconds(1));
            nextLink().owner().tell(TelephonyNodeTest.up("first"));
            assertThat(calls.receiveMessage()).isEqualTo(told(back("first")));
            toBox.expectNoMessage(Duration.ofMillis(50));
        }

        @Test
        void aRestartOfTheBoxIsSaid() {
            callIsUp();
            link.owner().tell(new BoxLink.Down(BoxTrouble.BOX_LOST, "closed"));
            calls.receiveMessage();
            untilView(BoxPhase.LOST);
            pass(Duration.ofSeconds(1));
            var again = nextLink();
            LoggingTestKit.warn("Box b1: was restarted, and its calls are gone: 1")
                    .expect(kit.system(), () -> {
                        again.owner().tell(TelephonyNodeTest.up("second"));
                        return null;
                    });
            assertThat(calls.receiveMessage()).isEqualTo(told(back("second")));
        }

        @Test
        void whoeverTookTheBoxOverIsLeftAloneUntilAnOperatorAsks() {
            link.owner().tell(new BoxLink.Down(BoxTrouble.BOX_REPLACED, "Another Carillon has taken this box over"));
            assertThat(untilView(BoxPhase.LOST)).satisfies(view -> {
                assertThat(view.nextAttemptAt()).isNull();
                assertThat(view.detail())
                        .startsWith("Another Carillon has taken this box over. ")
                        .contains("PUT /api/v1/boxes/b1");
            });
            node.tell(new TelephonyNode.SettingsChanged());
            node.tell(new TelephonyNode.Wake());
            pass(Duration.ofHours(1));
            links.expectNoMessage(Duration.ofMillis(50));

            node.tell(new TelephonyNode.ConnectNow());
            assertThat(nextLink()).isNotNull();
        }

        @Test
        void aBoxThatIsUpIsNotConnectedAnewWhenAnOperatorAsks() {
            node.tell(new TelephonyNode.ConnectNow());
            links.expectNoMessage(Duration.ofMillis(50));
        }

        @Test
        void aPauseBeforeTheNextAttemptIsCutShortWhenAnOperatorAsks() {
            link.owner().tell(new BoxLink.Down(BoxTrouble.BOX_LOST, "closed"));
            untilView(BoxPhase.LOST);
            node.tell(new TelephonyNode.ConnectNow());
            assertThat(nextLink()).isNotNull();
        }

        @Test
        void aSteadyConnectionMakesFormerFailuresForgotten() {
            link.owner().tell(new BoxLink.Down(BoxTrouble.BOX_LOST, "closed"));
            untilView(BoxPhase.LOST);
            pass(Duration.ofSeconds(1));
            var second = nextLink();
            second.owner().tell(TelephonyNodeTest.up("first"));
            untilView(BoxPhase.UP);
            second.owner().tell(new BoxLink.Down(BoxTrouble.BOX_LOST, "closed"));
            assertThat(untilView(BoxPhase.LOST).nextAttemptAt())
                    .as("two failures close together")
                    .isEqualTo(now.get().plusSeconds(2));
            pass(Duration.ofSeconds(2));
            var third = nextLink();
            third.owner().tell(TelephonyNodeTest.up("first"));
            untilView(BoxPhase.UP);
            pass(Duration.ofSeconds(10));
            third.owner().tell(new BoxLink.Down(BoxTrouble.BOX_LOST, "closed"));
            assertThat(untilView(BoxPhase.LOST).nextAttemptAt())
                    .isEqualTo(now.get().plusSeconds(1));
        }

        @Test
        void changedSettingsCloseTheLinkFirst() {
            callIsUp();
            var changed = new BoxSettings("b1", "scripted", "http://10.0.0.2:8088", "carillon", "secret-word");
            configure(changed);

            assertThat(toBox.receiveMessage()).isEqualTo(new BoxLink.Close());
            assertThat(calls.receiveMessage()).isEqualTo(told(new BoxEvent.BoxAway("b1", true)));
            assertThat(nextLink().settings()).isEqualTo(changed);
        }

        @Test
        void anotherTrunkLeavesTheLinkAsItIs() {
            callIsUp();
            configure(new BoxSettings(
                    "b1", "scripted", "http://10.0.0.1:8088", "carillon", "secret-word", "SIM/{number}@trunk"));

            links.expectNoMessage(Duration.ofMillis(20));
            calls.expectNoMessage(Duration.ofMillis(20));
        }

        @Test
        void nothingIsLeftBehindOfALinkWhoseSettingsWereChanged() {
            configure(new BoxSettings("b1", "scripted", "http://10.0.0.2:8088", "carillon", "secret-word"));
            nextLink();

            toBox.expectTerminated(link.ref());
            stopsListening(link);
        }

        @Test
        void norOfOneThatDidNotCloseInTime() {
            configure(new BoxSettings("b1", "deaf", "http://10.0.0.2:8088", "", ""));
            var deaf = nextLink();
            configure(SETTINGS);
            node.tell(new TelephonyNode.Execute(RING));
            assertThat(calls.receiveMessage())
                    .as("the settings have been looked at before this, and it waits for the link to close")
                    .isEqualTo(told(new BoxEvent.BoxAway("b1", true)));
            links.expectNoMessage(Duration.ofMillis(20));
            pass(Duration.ofSeconds(3));
            nextLink();

            toBox.expectTerminated(deaf.ref());
            stopsListening(deaf);
        }

        @Test
        void norOfOneWhoseBoxWasDeletedAndAddedAgain() {
            configured.set(Optional.empty());
            node.tell(new TelephonyNode.SettingsChanged());
            untilView("BOX_DELETED");
            configure(SETTINGS);
            nextLink();

            toBox.expectTerminated(link.ref());
            stopsListening(link);
        }

        /** A link's last word may come a little after it has stopped. */
        private void stopsListening(Link link) {
            var end = kit.<Void>createTestProbe();
            end.awaitAssert(Duration.ofSeconds(30), Duration.ofMillis(20), () -> {
                pass(Duration.ofMillis(500));
                end.expectTerminated(link.owner(), Duration.ofMillis(50));
                return null;
            });
        }

        @Test
        void changedSettingsAreNoticedEvenIfNobodySaysSo() {
            configured.set(Optional.of(new BoxSettings("b1", "scripted", "http://10.0.0.2:8088", "", "")));
            pass(Duration.ofSeconds(1));

            assertThat(nextLink().settings().address()).isEqualTo("http://10.0.0.2:8088");
        }

        @Test
        void unchangedSettingsChangeNothing() {
            node.tell(new TelephonyNode.SettingsChanged());
            node.tell(new TelephonyNode.Wake());
            links.expectNoMessage(Duration.ofMillis(50));
            toBox.expectNoMessage(Duration.ofMillis(10));
        }

        @Test
        void aDeletedBoxHasNoLegsAndItsTelephonyNodeStops() {
            callIsUp();
            configured.set(Optional.empty());
            node.tell(new TelephonyNode.SettingsChanged());

            assertThat(calls.receiveMessage()).isEqualTo(told(back("")));
            assertThat(toBox.receiveMessage()).isEqualTo(new BoxLink.Close());
            assertThat(untilView(BoxPhase.LOST).code()).isEqualTo("BOX_DELETED");
            node.tell(new TelephonyNode.Execute(RING));
            assertThat(calls.receiveMessage()).isEqualTo(told(new BoxEvent.LegEnded(SEAT, EndCause.UNREACHABLE, 0)));

            pass(Duration.ofMinutes(1));
            calls.expectTerminated(node);
        }

        @Test
        void aTelephonyNodeThatNeverKnewItsBoxEndsNoCalls() {
            var stranger = spawnNode(boxId -> Optional.empty());
            stranger.tell(new TelephonyNode.Execute(KEEP_ALIVE));
            assertThat(calls.receiveMessage()).isEqualTo(told(new BoxEvent.BoxAway("b1", false)));
            assertThat(untilView(BoxPhase.LOST).code()).isEqualTo("BOX_UNKNOWN");

            pass(Duration.ofMinutes(1));
            calls.expectTerminated(stranger);
        }

        @Test
        void aBoxThatIsAddedAgainIsConnectedAgain() {
            configured.set(Optional.empty());
            node.tell(new TelephonyNode.SettingsChanged());
            untilView("BOX_DELETED");
            configure(SETTINGS);
            var again = nextLink();
            again.owner().tell(TelephonyNodeTest.up("first"));
            untilView(BoxPhase.UP);

            pass(Duration.ofMinutes(1));
            node.tell(new TelephonyNode.Execute(RING));
            assertThat(toBox.fishForMessage(
                            Duration.ofSeconds(30),
                            command -> command.equals(new BoxLink.Execute(RING))
                                    ? FishingOutcomes.complete()
                                    : FishingOutcomes.continueAndIgnore()))
                    .as("alive a minute later")
                    .hasSize(1);
        }

        @Test
        void aBoxThatIsDeletedIsNotShownAnyMoreWhenItIsForgotten() {
            configured.set(Optional.empty());
            node.tell(new TelephonyNode.SettingsChanged());
            untilView("BOX_DELETED");

            pass(Duration.ofMinutes(1));

            boxesHidden.expectMessage("b1");
        }

        private void callIsUp() {
            link.owner().tell(new BoxLink.Happened(CALL, offer()));
            calls.receiveMessage();
            node.tell(new TelephonyNode.Execute(KEEP_ALIVE));
            toBox.receiveMessage();
            link.owner().tell(new BoxLink.Happened(CALL, new BoxEvent.LegAnswered(CALLER)));
            calls.receiveMessage();
        }
    }

    // ---- words

    private Link nextLink() {
        return links.receiveMessage();
    }

    private View.OfBox nextView() {
        return live.receiveMessage();
    }

    private View.OfBox untilView(BoxPhase phase) {
        return untilView(Duration.ofSeconds(30), view -> view.phase() == phase);
    }

    private View.OfBox untilView(String code) {
        return untilView(Duration.ofSeconds(30), view -> view.code().equals(code));
    }

    private View.OfBox untilView(Duration limit, Predicate<View.OfBox> wanted) {
        var seen = live.fishForMessage(
                limit, view -> wanted.test(view) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
        return seen.get(seen.size() - 1);
    }

    private void configure(BoxSettings settings) {
        configured.set(Optional.of(settings));
        node.tell(new TelephonyNode.SettingsChanged());
    }

    private void pass(Duration duration) {
        now.updateAndGet(before -> before.plus(duration));
        time.timePasses(duration);
    }

    private static BoxLink.Up up(String incarnation, BoxLink.CallOnBox... inventory) {
        return new BoxLink.Up("Asterisk 22.10.1", incarnation, List.of(inventory));
    }

    private static BoxLink.CallOnBox onBox(Leg... legs) {
        return new BoxLink.CallOnBox(CALL, List.of(legs), List.of(), null);
    }

    private static BoxEvent.LegOffered offer() {
        return new BoxEvent.LegOffered("b1", "first", CALLER, "+4930", "Ann", "100", START);
    }

    private static BoxEvent.BoxBack back(String incarnation, Leg... legs) {
        return new BoxEvent.BoxBack("b1", incarnation, List.of(legs), List.of());
    }

    private static Leg leg(String legId, Leg.State state) {
        return new Leg(legId, state);
    }

    private static Told told(BoxEvent event) {
        return new Told(CALL, event);
    }

    @Nested
    class Seats {

        private Link link;
        private int settled;

        @BeforeEach
        void up() {
            endpoints.set(Map.of("desk", "PJSIP/1001"));
            link = nextLink();
            link.owner().tell(TelephonyNodeTest.up("first"));
            assertThat(toBox.receiveMessage()).isEqualTo(new BoxLink.Watch(Set.of("PJSIP/1001")));
        }

        @Test
        void aPhoneThatIsGoneForTheGraceIsSaidToBeGoneUntilThatIsSettled() {
            hear(false);
            pass(GRACE.minusMillis(500));
            seatsTold.expectNoMessage(Duration.ofMillis(20));
            pass(Duration.ofMillis(500));
            var first = seatsTold.receiveMessage();
            assertThat(first)
                    .extracting(SeatTold::seatId, SeatTold::boxId, SeatTold::reachable)
                    .containsExactly("desk", "b1", false);

            first.answer().complete(new Reply.SeatHeard(first.number(), false));
            pass(Duration.ofSeconds(2));
            var again = seatsTold.receiveMessage();
            assertThat(again.number()).isEqualTo(first.number());

            again.answer().completeExceptionally(new TimeoutException());
            pass(Duration.ofSeconds(2));
            seatsTold.receiveMessage().settled();
            settle();
            pass(Duration.ofSeconds(4));
            seatsTold.expectNoMessage(Duration.ofMillis(20));
        }

        @Test
        void onlyAShortFlapIsNotSaid() {
            hear(true);
            seatsTold.receiveMessage().settled();
            settle();

            hear(false);
            pass(GRACE.minusSeconds(1));
            hear(true);
            pass(GRACE);
            seatsTold.expectNoMessage(Duration.ofMillis(20));
        }

        @Test
        void aPhoneThatIsBackIsSaidSoAtOnceWithAHigherNumber() {
            hear(false);
            pass(GRACE);
            var gone = seatsTold.receiveMessage().settled();

            hear(true);
            var back = seatsTold.receiveMessage();
            assertThat(back.reachable()).isTrue();
            assertThat(back.number()).isGreaterThan(gone.number());
        }

        @Test
        void aSeatThatKnowsANewerWordIsToldWithAHigherNumberStill() {
            hear(true);
            var first = seatsTold.receiveMessage();
            first.answer().complete(new Reply.SeatHeard(first.number() + 1_000, true));
            settle();

            pass(Duration.ofSeconds(2));
            assertThat(seatsTold.receiveMessage().number()).isGreaterThan(first.number() + 1_000);
        }

        @Test
        void aLostLinkSaysNothingOfSeats() {
            hear(false);
            link.owner().tell(new BoxLink.Down(BoxTrouble.BOX_LOST, "gone"));
            untilView(BoxPhase.LOST);
            pass(GRACE.plusSeconds(1));
            seatsTold.expectNoMessage(Duration.ofMillis(20));
        }

        @Test
        void aSeatThatIsConfiguredLaterIsWatchedToo() {
            endpoints.set(Map.of("desk", "PJSIP/1001", "other", "PJSIP/1002"));
            pass(Duration.ofMillis(500));
            assertThat(toBox.receiveMessage()).isEqualTo(new BoxLink.Watch(Set.of("PJSIP/1001", "PJSIP/1002")));

            link.owner().tell(new BoxLink.EndpointsHeard(Map.of("PJSIP/1002", BoxLink.Reach.YES)));
            assertThat(seatsTold.receiveMessage().seatId()).isEqualTo("other");
        }

        @Test
        void aPhoneThatTheBoxHasNotAskedYetIsNotSaidToBeGone() {
            hear(BoxLink.Reach.NOT_YET);
            pass(GRACE.plusSeconds(1));
            seatsTold.expectNoMessage(Duration.ofMillis(20));

            hear(true);
            assertThat(seatsTold.receiveMessage().settled().reachable()).isTrue();
            settle();
            hear(false);
            pass(GRACE.minusSeconds(1));
            hear(BoxLink.Reach.NOT_YET);
            pass(Duration.ofSeconds(2));
            seatsTold.expectNoMessage(Duration.ofMillis(20));
        }

        @Test
        void whatWasSettledIsSaidOnceMoreWhenNothingOlderCanBeUnderWay() {
            hear(true);
            var first = seatsTold.receiveMessage().settled();
            settle();
            pass(Duration.ofSeconds(9));
            seatsTold.expectNoMessage(Duration.ofMillis(20));
            pass(Duration.ofSeconds(1));

            assertThat(seatsTold.receiveMessage().settled().number()).isEqualTo(first.number());
            pass(Duration.ofSeconds(60));
            seatsTold.expectNoMessage(Duration.ofMillis(20));
        }

        @Test
        void areShownAsTheSeatGoesByThem() {
            hear(true);
            var longAgo = Instant.ofEpochMilli(1_000);
            seatsTold.receiveMessage().answer().complete(new Reply.SeatHeard(longAgo.toEpochMilli(), true));
            assertThat(seatsShown.receiveMessage())
                    .isEqualTo(new View.OfSeat("desk", "b1", View.Reachability.YES, longAgo));

            hear(BoxLink.Reach.UNKNOWN);
            assertThat(seatsShown.receiveMessage().reachable()).isEqualTo(View.Reachability.UNKNOWN);
            hear(false);
            hear(BoxLink.Reach.NOT_YET);
            hear(true);
            assertThat(seatsShown.receiveMessage().reachable()).isEqualTo(View.Reachability.YES);
            hear(false);
            pass(GRACE);
            seatsTold.receiveMessage().settled();
            assertThat(seatsShown.receiveMessage().reachable()).isEqualTo(View.Reachability.NO);
        }

        @Test
        void areNotShownFromHereAnyMoreWhenTheTelephonyNodeMoves() {
            hear(true);
            seatsTold.receiveMessage().settled();
            seatsShown.receiveMessage();

            kit.stop(node);

            seatsHidden.expectMessage("desk");
        }

        private void hear(boolean reachable) {
            hear(reachable ? BoxLink.Reach.YES : BoxLink.Reach.NO);
        }

        private void hear(BoxLink.Reach reach) {
            link.owner().tell(new BoxLink.EndpointsHeard(Map.of("PJSIP/1001", reach)));
            settle();
        }

        /**
         * Until everything said to the node has been heard, whichever way it came: a command goes straight to it, and what the link
         * says goes through an actor of its own.
         */
        private void settle() {
            settled++;
            String call = "b1-settle-" + settled;
            String leg = "leg-settle-" + settled;
            var last = new BoxLink.Execute(new BoxCommand.RingSeat(call, leg, "PJSIP/1001", "+4930", "Ann", 20));
            node.tell(new TelephonyNode.Execute(last.command()));
            toBox.fishForMessage(
                    Duration.ofSeconds(30),
                    command -> command.equals(last) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
            var ringing = new BoxEvent.LegRinging(leg);
            link.owner().tell(new BoxLink.Happened(call, ringing));
            calls.fishForMessage(
                    Duration.ofSeconds(30),
                    told -> told.equals(new Told(call, ringing))
                            ? FishingOutcomes.complete()
                            : FishingOutcomes.continueAndIgnore());
        }
    }

    @Nested
    class Overload {

        private Link link;

        @BeforeEach
        void connect() {
            link = nextLink();
            link.owner().tell(up("first"));
            // Of what a node before this one has told it nothing is known.
            toldOverloaded.expectMessage(false);
        }

        @Test
        void newCallersAreRefusedAndTheirCallsNeverHearOfThem() {
            var known = come("known");
            calls.expectMessage(known);
            overload();
            toldOverloaded.expectMessage(true);

            come("new");
            toBox.expectMessage(new BoxLink.Execute(new BoxCommand.HangUp("b1-new", "new", EndCause.CONGESTION)));
            link.owner().tell(new BoxLink.Happened("b1-new", new BoxEvent.LegEnded("new", EndCause.CONGESTION, 42)));
            link.owner().tell(new BoxLink.Happened("b1-known", new BoxEvent.KeyPressed("known", "1", now.get())));
            calls.fishForMessage(Duration.ofSeconds(30), told -> {
                assertThat(told.callId()).isEqualTo("b1-known");
                return told.event() instanceof BoxEvent.KeyPressed
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore();
            });
        }

        @Test
        void aCallerWhomTheBoxHasKeptIsLetIn() {
            overload();
            var kept = new BoxEvent.LegOffered(
                    "b1", "first", "kept", "+4930", "Ann", "100", now.get().minusSeconds(30));
            come("new");

            link.owner().tell(new BoxLink.Happened("b1-kept", kept));

            calls.expectMessage(new Told("b1-kept", kept));
        }

        @Test
        void theBoxIsToldWhenItIsOver() {
            overload();
            toldOverloaded.expectMessage(true);
            for (int second = 0; second < 10; second++) {
                pass(Duration.ofSeconds(1));
            }
            toldOverloaded.expectMessage(false);
        }

        /** Calls come faster than they are answered: ten answers a second. */
        private void overload() {
            for (int slot = 0; slot < 60; slot++) {
                for (int caller = 0; caller < 5; caller++) {
                    admission.admits("other-" + slot + "-" + caller, now.get());
                }
                if (slot > 10) {
                    admission.answered("other-" + (slot - 10) + "-0", now.get());
                }
                pass(Duration.ofMillis(100));
            }
            assertThat(admission.state(now.get()).refusing()).isTrue();
            while (admission.admits("last", now.get())) {
                admission.answered("last", now.get());
            }
        }

        private Told come(String legId) {
            var offer = new BoxEvent.LegOffered("b1", "first", legId, "+4930", "Ann", "100", now.get());
            link.owner().tell(new BoxLink.Happened("b1-" + legId, offer));
            return new Told("b1-" + legId, offer);
        }
    }

    private final class ScriptedAdapter implements BoxAdapter {

        static final BoxCommand CRASH = new BoxCommand.TakeStock("crash");
        private final String kind;

        ScriptedAdapter(String kind) {
            this.kind = kind;
        }

        @Override
        public String kind() {
            return kind;
        }

        @Override
        public Behavior<BoxLink.Command> link(BoxSettings settings, ActorRef<BoxLink.Report> owner) {
            return Behaviors.setup(context -> {
                links.ref().tell(new Link(settings, owner, context.getSelf()));
                return Behaviors.receiveMessage(command -> {
                    if (command instanceof BoxLink.Execute execute && execute.command() == CRASH) {
                        throw new IllegalStateException("a fault of the adapter's own");
                    }
                    if (command instanceof BoxLink.Overloaded overloaded) {
                        toldOverloaded.ref().tell(overloaded.refusing());
                    } else {
                        toBox.ref().tell(command);
                    }
                    return command instanceof BoxLink.Close && !kind.equals("deaf")
                            ? Behaviors.stopped()
                            : Behaviors.same();
                });
            });
        }
    }

    private final class Watch extends Clock {
        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
