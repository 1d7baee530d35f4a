package dev.carillon.telephony.running;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.telephony.Admissions;
import dev.carillon.telephony.BoxMeter;
import dev.carillon.telephony.NoSeats;
import dev.carillon.telephony.TelephonyNode;
import dev.carillon.telephony.TelephonySettings;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Reaction;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many callers at once, through one telephony node, with the simplest of calls: it must not be what limits an acceptance test. */
class SimulatedLoadTest {

    private static final int CALLERS = 2_000;

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.load());
    private final String boxId = "box-" + UUID.randomUUID();
    private final RunningBox box = SimulatedBoxes.box(boxId);
    private final CountDownLatch ended = new CountDownLatch(CALLERS);
    private final AtomicReference<ActorRef<TelephonyNode.Command>> node = new AtomicReference<>();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
        SimulatedBoxes.scrap(boxId);
    }

    @Test
    void moreThanTwoHundredCallsASecondHaveTheirWholeLife() throws InterruptedException {
        box.otherSeats(() -> new Reaction.Answers(Duration.ofMillis(20), Duration.ofMinutes(5)));
        var settings = new BoxSettings(boxId, "simulated", "", "", "");
        var config = kit.system().settings().config();
        var around = new TelephonyNode.Surroundings(
                id -> Optional.of(settings),
                Map.of("simulated", new SimulatedBoxAdapter("test", config, Clock.systemUTC())),
                this::live,
                new NoSeats(),
                view -> {},
                BoxMeter.NONE,
                Admissions.open(),
                Clock.systemUTC(),
                () -> 0);
        node.set(kit.spawn(TelephonyNode.create(boxId, around, TelephonySettings.from(config))));

        long start = System.nanoTime();
        for (int caller = 0; caller < CALLERS; caller++) {
            box.arrive(new Caller("+49" + caller, "", "100", Duration.ofMinutes(5), Duration.ofMillis(50)));
        }
        boolean allEnded = ended.await(2, TimeUnit.MINUTES);
        double seconds = (System.nanoTime() - start) / 1e9;

        assertThat(allEnded)
                .as("%d of %d calls have not ended", ended.getCount(), CALLERS)
                .isTrue();
        assertThat(box.experiences())
                .hasSize(CALLERS)
                .allSatisfy(experience -> assertThat(experience.connections()).hasSize(1))
                .allSatisfy(experience -> assertThat(experience.endedBy()).contains(Experience.Who.CALLER));
        System.out.printf("%.0f calls a second%n", CALLERS / seconds);
        assertThat(CALLERS / seconds).as("calls a second").isGreaterThan(200);
    }

    /** A call that wants nothing but to be over. */
    private void live(String callId, BoxEvent event) {
        var seatLeg = "seat-" + callId;
        var callerLeg = callId.substring(boxId.length() + 1);
        if (event instanceof BoxEvent.LegOffered) {
            say(new BoxCommand.Answer(callId, callerLeg));
            say(new BoxCommand.RingSeat(callId, seatLeg, "PJSIP/" + callId, "", "", 20));
        } else if (event.equals(new BoxEvent.LegAnswered(seatLeg))) {
            say(new BoxCommand.Bridge(callId, "bridge-" + callId, List.of(callerLeg, seatLeg)));
        } else if (event instanceof BoxEvent.LegEnded end && end.legId().equals(callerLeg)) {
            say(new BoxCommand.HangUp(callId, seatLeg, EndCause.NORMAL));
        } else if (event instanceof BoxEvent.LegEnded) {
            say(new BoxCommand.Release(callId, "bridge-" + callId));
            ended.countDown();
        }
    }

    private void say(BoxCommand command) {
        node.get().tell(new TelephonyNode.Execute(command));
    }
}
