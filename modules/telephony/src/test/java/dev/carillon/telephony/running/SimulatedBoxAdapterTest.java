package dev.carillon.telephony.running;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.BoxPhase;
import dev.carillon.telephony.Admissions;
import dev.carillon.telephony.BoxMeter;
import dev.carillon.telephony.SeatGateway;
import dev.carillon.telephony.TelephonyNode;
import dev.carillon.telephony.TelephonySettings;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Reaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The telephony node with the simulated box, in real time: the test is the calls. */
class SimulatedBoxAdapterTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Reaction ANSWERS = new Reaction.Answers(Duration.ofMillis(30), Duration.ofMinutes(5));
    private static final Caller PATIENT =
            new Caller("+4930123", "Ann", "100", Duration.ofMinutes(5), Duration.ofMinutes(5));

    private record Told(String callId, BoxEvent event) {}

    private final String boxId = "box-" + UUID.randomUUID();
    private final RunningBox box = SimulatedBoxes.box(boxId);
    private final Config config = ConfigFactory.parseString(
                    "carillon.telephony { seat-grace = 100 ms, back-off.first = 20 ms, tick = 50 ms, offer-repeat = 50 ms }")
            .withFallback(ConfigFactory.load());
    private final ActorTestKit kit = ActorTestKit.create(config);
    private final TestProbe<Told> calls = kit.createTestProbe();
    private final TestProbe<View.OfBox> live = kit.createTestProbe();
    private final TestProbe<Boolean> desk = kit.createTestProbe();
    private final SeatGateway seats = new SeatGateway() {
        @Override
        public Map<String, String> endpoints(String ofBox) {
            return Map.of("desk", "SIM/desk");
        }

        @Override
        public CompletionStage<Reply.SeatHeard> tell(String seatId, String ofBox, boolean reachable, long number) {
            desk.ref().tell(reachable);
            return CompletableFuture.completedFuture(new Reply.SeatHeard(number, true));
        }

        @Override
        public void show(View.OfSeat seat) {}

        @Override
        public void hide(String seatId) {}
    };
    private ActorRef<TelephonyNode.Command> node;

    @BeforeEach
    void connect() {
        node = spawnNode(config, calls, live);
        untilUp(live);
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        SimulatedBoxes.scrap(boxId);
    }

    @Test
    void aPhoneThatIsUnpluggedIsSaidToBeUnreachableUntilItIsBack() {
        assertThat(desk.receiveMessage(LIMIT)).isTrue();

        box.plug("SIM/desk", false);
        assertThat(desk.receiveMessage(LIMIT)).isFalse();
        box.plug("SIM/desk", true);
        assertThat(desk.receiveMessage(LIMIT)).isTrue();
    }

    @Test
    void aCallFromItsArrivalToItsEnd() {
        box.seat("PJSIP/1001", ANSWERS);
        var call = box.arrive(PATIENT);

        var offered = (BoxEvent.LegOffered) until(call, BoxEvent.LegOffered.class);
        assertThat(offered.boxId()).isEqualTo(boxId);
        assertThat(offered.incarnation()).isEqualTo(box.incarnation());
        assertThat(offered.callerNumber()).isEqualTo("+4930123");
        assertThat(offered.dialledNumber()).isEqualTo("100");
        var caller = offered.legId();

        say(new BoxCommand.Answer(call, caller));
        until(call, new BoxEvent.LegAnswered(caller));
        say(new BoxCommand.PlayMusic(call, caller, "default"));
        until(call, new BoxEvent.MusicStarted(caller));
        say(ring(call, "seat-1", "PJSIP/1001"));
        until(call, new BoxEvent.LegRinging("seat-1"));
        until(call, new BoxEvent.LegAnswered("seat-1"));
        say(new BoxCommand.Bridge(call, "bridge-1", List.of(caller, "seat-1")));
        until(call, new BoxEvent.Bridged("bridge-1", List.of(caller, "seat-1")));
        assertThat(box.experience(call).orElseThrow().connections()).hasSize(1);

        say(new BoxCommand.HangUp(call, caller, EndCause.NORMAL));
        until(call, new BoxEvent.LegEnded(caller, EndCause.NORMAL, 16));
        say(new BoxCommand.HangUp(call, "seat-1", EndCause.NORMAL));
        until(call, new BoxEvent.LegEnded("seat-1", EndCause.NORMAL, 16));
        say(new BoxCommand.Release(call, "bridge-1"));

        assertThat(box.inventory()).isEmpty();
        assertThat(box.experience(call).orElseThrow().endedBy()).contains(Experience.Who.CARILLON);
    }

    @Test
    void aSeatThatIsNotRegisteredAndOneThatIsBusy() {
        box.seat("PJSIP/busy", new Reaction.Busy());
        var call = box.arrive(PATIENT);
        until(call, BoxEvent.LegOffered.class);

        say(ring(call, "seat-1", "PJSIP/nobody"));
        until(call, new BoxEvent.LegEnded("seat-1", EndCause.UNREACHABLE, 20));
        say(ring(call, "seat-2", "PJSIP/busy"));
        until(call, new BoxEvent.LegEnded("seat-2", EndCause.BUSY, 17));
    }

    @Test
    void aCallerWithoutPatienceHangsUpByThemselves() {
        var call = box.arrive(new Caller("", "", "100", Duration.ofMillis(50), Duration.ZERO));
        var offered = (BoxEvent.LegOffered) until(call, BoxEvent.LegOffered.class);

        until(call, new BoxEvent.LegEnded(offered.legId(), EndCause.NORMAL, 16));
    }

    @Test
    void callsGoOnWhileTheConnectionIsCutAndAreFoundAgain() {
        box.seat("PJSIP/1001", ANSWERS);
        var call = box.arrive(PATIENT);
        var caller = ((BoxEvent.LegOffered) until(call, BoxEvent.LegOffered.class)).legId();
        say(new BoxCommand.Answer(call, caller));
        until(call, new BoxEvent.LegAnswered(caller));

        box.goAway();
        until(call, BoxEvent.BoxAway.class);
        untilView(live, view -> view.code().equals("BOX_UNREACHABLE"));
        var second = box.arrive(PATIENT);
        box.comeBack();

        var back = (BoxEvent.BoxBack) until(call, BoxEvent.BoxBack.class);
        assertThat(back.legs()).containsExactly(new Leg(caller, Leg.State.UP));
        assertThat(back.incarnation()).isEqualTo(box.incarnation());
        until(second, BoxEvent.LegOffered.class);
    }

    @Test
    void aRestartEndsEveryCall() {
        var call = box.arrive(PATIENT);
        var offered = (BoxEvent.LegOffered) until(call, BoxEvent.LegOffered.class);
        say(new BoxCommand.Answer(call, offered.legId()));
        until(call, new BoxEvent.LegAnswered(offered.legId()));

        box.restart();

        var back = (BoxEvent.BoxBack) until(call, BoxEvent.BoxBack.class);
        assertThat(back.legs()).isEmpty();
        assertThat(back.incarnation()).isNotEqualTo(offered.incarnation());
        assertThat(box.experience(call).orElseThrow().endedBy()).contains(Experience.Who.BOX);
    }

    @Test
    void aWrongPasswordIsRefused() {
        box.requirePassword("secret");
        box.goAway();
        box.comeBack();

        untilView(live, view -> view.code().equals("BOX_REFUSED_PASSWORD"));
        box.requirePassword("");
        untilUp(live);
    }

    @Test
    void asSoonAsAnotherControllerTakesTheBoxThisOneLeavesItAlone() {
        var otherLive = kit.<View.OfBox>createTestProbe();
        var otherCalls = kit.<Told>createTestProbe();
        spawnNode(config, otherCalls, otherLive);
        untilUp(otherLive);

        untilView(live, view -> view.code().equals("BOX_REPLACED"));
        var call = box.arrive(PATIENT);
        assertThat(otherCalls.receiveMessage(LIMIT).callId()).isEqualTo(call);
    }

    @Test
    void commandsTakeAsLongAsTheyAreTold() {
        var call = box.arrive(PATIENT);
        var caller = ((BoxEvent.LegOffered) until(call, BoxEvent.LegOffered.class)).legId();
        box.commandLatency(Duration.ofMillis(200));

        var told = Instant.now();
        say(new BoxCommand.Answer(call, caller));
        say(new BoxCommand.PlayMusic(call, caller, "default"));
        until(call, new BoxEvent.LegAnswered(caller));
        until(call, new BoxEvent.MusicStarted(caller));

        assertThat(box.experience(call).orElseThrow().answeredAt().orElseThrow())
                .isAfterOrEqualTo(told.plusMillis(190));
    }

    @Test
    void peopleCallByThemselvesWhenTheConfigurationSaysSo() {
        var lively = ConfigFactory.parseString(
                        "carillon.telephony.simulated.people { between = 20 ms, dialled = [\"4711\"] }")
                .withFallback(config);
        spawnNode(lively, calls, live);

        for (int callers = 0; callers < 3; callers++) {
            var offer = calls.fishForMessage(
                    LIMIT,
                    told -> told.event() instanceof BoxEvent.LegOffered
                            ? FishingOutcomes.complete()
                            : FishingOutcomes.continueAndIgnore());
            assertThat(((BoxEvent.LegOffered) offer.get(0).event()).dialledNumber())
                    .isEqualTo("4711");
        }
    }

    // ---- words

    private ActorRef<TelephonyNode.Command> spawnNode(
            Config config, TestProbe<Told> toldCalls, TestProbe<View.OfBox> views) {
        var settings = new BoxSettings(boxId, "simulated", "", "", "");
        var around = new TelephonyNode.Surroundings(
                id -> Optional.of(settings),
                Map.of("simulated", new SimulatedBoxAdapter("test", config, Clock.systemUTC())),
                (callId, event) -> toldCalls.ref().tell(new Told(callId, event)),
                seats,
                view -> views.ref().tell(view),
                BoxMeter.NONE,
                Admissions.open(),
                Clock.systemUTC(),
                () -> 0);
        return kit.spawn(TelephonyNode.create(boxId, around, TelephonySettings.from(config)));
    }

    private static BoxCommand.RingSeat ring(String call, String legId, String endpoint) {
        return new BoxCommand.RingSeat(call, legId, endpoint, "+4930123", "Ann", 20);
    }

    private void say(BoxCommand command) {
        node.tell(new TelephonyNode.Execute(command));
    }

    private BoxEvent until(String callId, Class<? extends BoxEvent> kind) {
        return until(callId, kind::isInstance);
    }

    private BoxEvent until(String callId, BoxEvent event) {
        return until(callId, event::equals);
    }

    private BoxEvent until(String callId, Predicate<BoxEvent> wanted) {
        var seen = calls.fishForMessage(
                LIMIT,
                told -> told.callId().equals(callId) && wanted.test(told.event())
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        return seen.get(seen.size() - 1).event();
    }

    private static void untilUp(TestProbe<View.OfBox> views) {
        untilView(views, view -> view.phase() == BoxPhase.UP);
    }

    private static void untilView(TestProbe<View.OfBox> views, Predicate<View.OfBox> wanted) {
        views.fishForMessage(
                LIMIT, view -> wanted.test(view) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
    }
}
