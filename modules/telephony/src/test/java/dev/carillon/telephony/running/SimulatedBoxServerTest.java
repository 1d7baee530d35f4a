package dev.carillon.telephony.running;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.telephony.BoxLink;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Reaction;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A simulated box over TCP, as nodes of other processes have it. */
class SimulatedBoxServerTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String boxId = "box-" + UUID.randomUUID();
    private final RunningBox box = SimulatedBoxes.box(boxId);
    private final SimulatedBoxServer server =
            SimulatedBoxServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load());

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        server.close();
        SimulatedBoxes.scrap(boxId);
    }

    private ActorRef<BoxLink.Command> link(String carillon, String address, TestProbe<BoxLink.Report> owner) {
        var adapter = new SimulatedBoxAdapter(carillon, ConfigFactory.load(), Clock.systemUTC());
        return kit.spawn(adapter.link(new BoxSettings(boxId, "simulated", address, "", "secret"), owner.ref()));
    }

    private ActorRef<BoxLink.Command> link(String carillon, TestProbe<BoxLink.Report> owner) {
        return link(carillon, "tcp://127.0.0.1:" + server.port(), owner);
    }

    @Test
    void carriesACallFromItsArrivalToItsEnd() {
        box.seat("SIM/1", new Reaction.Answers(Duration.ofMillis(20), Duration.ofMillis(100)));
        TestProbe<BoxLink.Report> owner = kit.createTestProbe();
        var link = link("ours", owner);
        assertThat(up(owner).calls()).isEmpty();

        var callId = box.arrive(new Caller("+4930", "Ann", "100", Duration.ofMinutes(5), Duration.ofMinutes(5)));
        var caller = ((BoxEvent.LegOffered) happened(owner, callId, BoxEvent.LegOffered.class)).legId();
        link.tell(new BoxLink.Execute(new BoxCommand.Answer(callId, caller)));
        happened(owner, callId, BoxEvent.LegAnswered.class);
        link.tell(new BoxLink.Execute(new BoxCommand.RingSeat(callId, "seat-leg", "SIM/1", "+4930", "Ann", 20)));
        happened(owner, callId, BoxEvent.LegRinging.class);
        happened(owner, callId, BoxEvent.LegAnswered.class);
        link.tell(new BoxLink.Execute(new BoxCommand.Bridge(callId, "bridge", List.of(caller, "seat-leg"))));
        happened(owner, callId, BoxEvent.Bridged.class);
        assertThat(happened(owner, callId, BoxEvent.LegEnded.class))
                .extracting("legId")
                .isEqualTo("seat-leg");
    }

    @Test
    void whoComesNextFindsTheCallsAndWhoWasThereIsToldByWhomItWasTaken() {
        TestProbe<BoxLink.Report> first = kit.createTestProbe();
        TestProbe<BoxLink.Report> second = kit.createTestProbe();
        TestProbe<BoxLink.Report> stranger = kit.createTestProbe();
        link("ours", first);
        up(first);
        var callId = box.arrive(new Caller("+4930", "Ann", "100", Duration.ofMinutes(5), Duration.ofMinutes(5)));
        happened(first, callId, BoxEvent.LegOffered.class);

        link("ours", second);
        assertThat(up(second).calls()).extracting(BoxLink.CallOnBox::callId).containsExactly(callId);
        assertThat(down(first)).as("another node of the same Carillon").isEqualTo(BoxTrouble.BOX_LOST);
        link("theirs", stranger);
        up(stranger);
        assertThat(down(second)).as("another Carillon").isEqualTo(BoxTrouble.BOX_REPLACED);
    }

    @Test
    void saysWhatIsWrongWithAConnection() {
        TestProbe<BoxLink.Report> owner = kit.createTestProbe();
        link("ours", "tcp://127.0.0.1", owner);
        assertThat(down(owner)).isEqualTo(BoxTrouble.BOX_MISCONFIGURED);

        box.requirePassword("another");
        link("ours", owner);
        assertThat(down(owner)).isEqualTo(BoxTrouble.BOX_REFUSED_PASSWORD);

        server.close();
        link("ours", owner);
        assertThat(down(owner)).isEqualTo(BoxTrouble.BOX_UNREACHABLE);
    }

    @Test
    void saysWhetherAPhoneIsThere() {
        TestProbe<BoxLink.Report> owner = kit.createTestProbe();
        var link = link("ours", owner);
        up(owner);
        link.tell(new BoxLink.Watch(Set.of("SIM/1")));
        assertThat(reach(owner)).isEqualTo(BoxLink.Reach.YES);
        box.plug("SIM/1", false);
        assertThat(reach(owner)).isEqualTo(BoxLink.Reach.NO);
    }

    /** A node that stands still: its machine holds the connection, and nothing comes of it. */
    @Test
    void aConnectionOfWhichNothingIsHeardEndsAndCountsAsSilence() throws Exception {
        try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write((RemoteWords.line(new RemoteWords.Control(boxId, "ours", "")) + "\n")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
            var in = socket.getInputStream();
            socket.setSoTimeout((int) LIMIT.toMillis());
            var heard = in.readAllBytes();
            assertThat(new String(heard, java.nio.charset.StandardCharsets.UTF_8))
                    .contains("\"word\":\"up\"", "\"word\":\"present\"");
        }
        assertThat(server.silences(boxId)).isNotEmpty();
    }

    private static BoxLink.Up up(TestProbe<BoxLink.Report> owner) {
        return find(owner, BoxLink.Up.class);
    }

    private static BoxTrouble down(TestProbe<BoxLink.Report> owner) {
        return find(owner, BoxLink.Down.class).trouble();
    }

    private static BoxLink.Reach reach(TestProbe<BoxLink.Report> owner) {
        return find(owner, BoxLink.EndpointsHeard.class).endpoints().get("SIM/1");
    }

    private static BoxEvent happened(TestProbe<BoxLink.Report> owner, String callId, Class<? extends BoxEvent> kind) {
        while (true) {
            var happened = find(owner, BoxLink.Happened.class);
            if (happened.callId().equals(callId) && kind.isInstance(happened.event())) {
                return happened.event();
            }
        }
    }

    private static <R extends BoxLink.Report> R find(TestProbe<BoxLink.Report> owner, Class<R> kind) {
        while (true) {
            var report = owner.receiveMessage(LIMIT);
            if (kind.isInstance(report)) {
                return kind.cast(report);
            }
        }
    }
}
