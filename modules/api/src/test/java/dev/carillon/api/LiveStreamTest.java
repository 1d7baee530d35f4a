package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.http.javadsl.model.sse.ServerSentEvent;
import akka.stream.KillSwitches;
import akka.stream.SharedKillSwitch;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import dev.carillon.core.Directory;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.AgentPhase;
import dev.carillon.protocol.view.View.CallPhase;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The stream of one client: the full picture, then what changes; a slow client gets less often more, and holds nobody up. */
class LiveStreamTest {

    private static final Contract CONTRACT = new Contract();
    private static final int CHANGES = 8_000;
    private static ActorTestKit kit;

    private final World world = new World();
    private final SharedKillSwitch stop = KillSwitches.shared("test");

    @BeforeAll
    static void startSystem() {
        kit = ActorTestKit.create(ConfigFactory.parseString("akka.actor.provider = local\nakka.loglevel = WARNING")
                .withFallback(ConfigFactory.load()));
    }

    @AfterAll
    static void stopSystem() {
        kit.shutdownTestKit();
    }

    @Test
    void beginsWithEverythingAsItStands() {
        var client = connect();

        var picture = next(client, "picture");

        CONTRACT.checkSchema("LivePicture", picture);
        assertThat(picture.path("agents").findValuesAsText("id")).containsExactly("li.na", "tom");
        assertThat(picture.path("queues").findValuesAsText("id")).containsExactly("quiet", "sales");
        assertThat(picture.path("calls").findValuesAsText("id")).containsExactly(World.WAITING_CALL);
        assertThat(picture.at("/boxes/0/state").asText()).isEqualTo("up");
        client.cancel();
    }

    @Test
    void goesOnWithWhatChanges() {
        var client = connect();
        next(client, "picture");

        world.live.show(World.agent("li.na", AgentPhase.RINGING, "desk-1"));
        var changes = next(client, "changes");

        CONTRACT.checkSchema("LiveChanges", changes);
        assertThat(changes.at("/agents/0/state").asText()).isEqualTo("ringing");
        assertThat(changes.at("/agents/0/settings/name").asText()).isEqualTo("Li Na");

        world.live.show(World.call(World.WAITING_CALL, CallPhase.ENDED, null));
        var ended = next(client, "changes");

        assertThat(ended.path("endedCallIds")).hasSize(1);
        assertThat(ended.at("/endedCallIds/0").asText()).isEqualTo(World.WAITING_CALL);
        assertThat(ended.path("calls")).isEmpty();
        client.cancel();
    }

    @Test
    void saysThatItLivesWhenThereIsNothingToSay() {
        var client = connect();
        next(client, "picture");

        var tick = next(client, "tick");

        CONTRACT.checkSchema("LiveTick", tick);
        client.cancel();
    }

    @Test
    void tellsEverythingAnewWhenTheConfigurationHasChanged() {
        var client = connect();
        next(client, "picture");

        world.configuration.together(() -> {
            world.configuration.putQueue(new Directory.Queue(
                    "new", "New", Routing.by(Directory.Strategy.LONGEST_IDLE), Handling.PLAIN, Waiting.PLAIN));
            return null;
        });
        var picture = next(client, "picture");

        assertThat(picture.path("queues").findValuesAsText("id")).contains("new");
        client.cancel();
    }

    @Test
    void aClientThatDoesNotReadGetsTheNewestOfEachAndHoldsNobodyUp() {
        var client = connect();
        next(client, "picture");

        // As many as can come before the stream's thread gets a turn.
        for (int i = 1; i <= CHANGES; i++) {
            world.live.show(new View.OfQueue("sales", i, 0, World.NOW, 1, 1));
            world.live.show(World.call("box-1-" + i % 10, CallPhase.WAITING, null));
        }

        int last = 0;
        int events = 0;
        while (last < CHANGES) {
            var changes = next(client, "changes");
            events++;
            assertThat(changes.path("calls").size()).isLessThanOrEqualTo(11);
            if (!changes.path("queues").isEmpty()) {
                assertThat(changes.path("queues")).hasSize(1);
                var waiting = changes.at("/queues/0/waiting").asInt();
                assertThat(waiting).as("never back in time").isGreaterThan(last);
                last = waiting;
            }
        }
        assertThat(events).as("merged").isLessThan(20);
        client.cancel();
    }

    @Test
    void aClientThatGoesAwayIsForgotten() {
        var client = connect();
        next(client, "picture");
        assertThat(world.live.listeners()).isEqualTo(1);

        client.cancel();

        kit.<Object>createTestProbe().awaitAssert(() -> {
            assertThat(world.live.listeners()).isZero();
            return null;
        });
    }

    @Test
    void endsWhenTheServerStops() {
        var client = connect();
        next(client, "picture");

        stop.shutdown();

        client.expectComplete();
    }

    private TestSubscriber.Probe<ServerSentEvent> connect() {
        var backend = new Backend(world.services(), ForkJoinPool.commonPool());
        return new LiveStream(backend, stop).source().runWith(TestSink.create(kit.system()), kit.system());
    }

    /** The next event of this kind; ticks and other kinds before it are passed over. */
    private static JsonNode next(TestSubscriber.Probe<ServerSentEvent> client, String kind) {
        for (int i = 0; i < 100; i++) {
            var event = client.requestNext();
            if (event.getEventType().orElse("").equals(kind)) {
                return Contract.json(event.getData());
            }
        }
        throw new AssertionError("No " + kind + " among 100 events");
    }
}
