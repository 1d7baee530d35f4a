package dev.carillon.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializers;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.BoxPhase;
import dev.carillon.telephony.running.SimulatedBoxAdapter;
import dev.carillon.telephony.running.SimulatedBoxes;
import dev.carillon.telephony.simulated.Caller;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Telephony nodes as they live in a cluster, here of one member. */
class TelephonyNodesTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString(
                    """
                    akka.actor.provider = cluster
                    akka.actor.serialization-bindings { "dev.carillon.protocol.CborSerializable" = jackson-cbor }
                    akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    akka.cluster { roles = ["telephony"], jmx.enabled = off }
                    akka.coordinated-shutdown { run-by-actor-system-terminate = off, run-by-jvm-shutdown-hook = off }
                    """)
            .withFallback(ConfigFactory.load()));
    private final String boxId = "box-" + UUID.randomUUID();
    private final Map<String, BoxSettings> configured = new ConcurrentHashMap<>();
    private final TestProbe<BoxEvent> calls = kit.createTestProbe();
    private final TestProbe<View.OfBox> live = kit.createTestProbe();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        SimulatedBoxes.scrap(boxId);
    }

    @Test
    void aConfiguredBoxIsKeptAliveAndReachedByItsId() {
        var cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        var settings = TelephonySettings.from(kit.system().settings().config());
        var nodes = TelephonyNodes.init(
                kit.system(),
                new TelephonyNode.Surroundings(
                        id -> Optional.ofNullable(configured.get(id)),
                        Map.of(
                                "simulated",
                                new SimulatedBoxAdapter(
                                        "test", kit.system().settings().config(), Clock.systemUTC())),
                        (callId, event) -> calls.ref().tell(event),
                        new NoSeats(),
                        view -> live.ref().tell(view),
                        BoxMeter.NONE,
                        Admissions.open(),
                        Clock.systemUTC(),
                        () -> 0),
                settings);
        kit.spawn(BoxKeeper.create(() -> Set.copyOf(configured.keySet()), nodes::wake, Duration.ofMillis(50)));

        configured.put(boxId, new BoxSettings(boxId, "simulated", "", "", ""));
        untilView(view -> view.phase() == BoxPhase.UP);

        var call = SimulatedBoxes.box(boxId)
                .arrive(new Caller("", "", "100", Duration.ofMinutes(1), Duration.ofMinutes(1)));
        var offered = (BoxEvent.LegOffered) calls.receiveMessage(LIMIT);
        nodes.execute(boxId, new BoxCommand.HangUp(call, offered.legId(), EndCause.NORMAL));
        calls.fishForMessage(
                LIMIT,
                event -> event.equals(new BoxEvent.LegEnded(offered.legId(), EndCause.NORMAL, 16))
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());

        configured.clear();
        nodes.settingsChanged(boxId);
        untilView(view -> view.code().equals("BOX_DELETED"));
    }

    /** Nodes of two versions speak with each other while a cluster is upgraded. Names and forms that are pinned here stay. */
    @Test
    void whatTravelsHasTheFormThatOtherVersionsKnow() throws Exception {
        assertThat(onTheWire(new TelephonyNode.Execute(new BoxCommand.Release("b1-1.1", "br-1"))))
                .isEqualTo("dev.carillon.telephony.TelephonyNode$Execute"
                        + " {\"command\":{\"type\":\"release\",\"callId\":\"b1-1.1\",\"bridgeId\":\"br-1\"}}");
        assertThat(onTheWire(new TelephonyNode.Wake())).isEqualTo("dev.carillon.telephony.TelephonyNode$Wake {}");
        assertThat(onTheWire(new TelephonyNode.SettingsChanged()))
                .isEqualTo("dev.carillon.telephony.TelephonyNode$SettingsChanged {}");
        assertThat(onTheWire(new TelephonyNode.ConnectNow()))
                .isEqualTo("dev.carillon.telephony.TelephonyNode$ConnectNow {}");
    }

    private String onTheWire(Object message) throws Exception {
        var serialization = SerializationExtension.get(kit.system());
        var serializer = serialization.findSerializerFor(message);
        return Serializers.manifestFor(serializer, message) + " "
                + new CBORMapper().readTree(serializer.toBinary(message));
    }

    @Test
    void whatTravelsSurvivesTheWire() {
        var wire = kit.serializationTestKit();
        wire.verifySerialization(new TelephonyNode.Wake(), true);
        wire.verifySerialization(new TelephonyNode.SettingsChanged(), true);
        wire.verifySerialization(new TelephonyNode.ConnectNow(), true);
        for (var command : List.of(
                new BoxCommand.KeepAlive("b1-1.1", List.of(new Leg("1.1", Leg.State.UP)), 30),
                new BoxCommand.RingSeat("b1-1.1", "s", "PJSIP/1", "", "", 20),
                new BoxCommand.TakeStock("b1-1.1"),
                new BoxCommand.Release("b1-1.1", ""))) {
            var execute = new TelephonyNode.Execute(command);
            assertThat(wire.verifySerialization(execute, true)).isEqualTo(execute);
        }
    }

    private void untilView(Predicate<View.OfBox> wanted) {
        live.fishForMessage(
                LIMIT, view -> wanted.test(view) ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore());
    }
}
