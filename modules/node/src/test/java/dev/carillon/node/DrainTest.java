package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import dev.carillon.testkit.Eventually;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DrainTest {

    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    private static final Instant LATER = START.plusSeconds(60);

    /** Longer than any test. */
    private static final Duration LONG = Duration.ofHours(1);

    private final ActorSystem<Void> system = ActorSystem.create(
            Behaviors.empty(),
            "drain",
            ConfigFactory.parseString("akka.actor.provider = local").withFallback(ConfigFactory.load()));
    private Instant now = START;

    @AfterEach
    void end() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    @Test
    void a_node_serves_until_somebody_asks_for_its_end() {
        var drain = drain(LONG, true);
        now = LATER;

        assertThat(drain.status()).isEqualTo(new Drain.Status(Drain.State.SERVING, START));
        assertThat(drain.trouble()).isEmpty();
        assertThat(hasBegunToLeave()).isFalse();
    }

    @Nested
    class Among_others {

        @Test
        void it_says_so_first_and_serves_all_the_same() {
            var drain = drain(LONG, true);
            now = LATER;

            drain.begin("the test asks for it");

            assertThat(drain.status()).isEqualTo(new Drain.Status(Drain.State.DRAINING, LATER));
            assertThat(drain.trouble()).contains("is being drained");
            assertThat(hasBegunToLeave()).isFalse();
        }

        @Test
        void it_leaves_when_everybody_had_the_time_to_look() {
            var drain = drain(Duration.ofMillis(50), true);

            drain.begin("the test asks for it");

            ended();
            assertThat(shutdown().getShutdownReason()).contains(Drain.Reason.PLANNED);
            assertThat(drain.status().state()).isEqualTo(Drain.State.DRAINING);
        }

        @Test
        void who_asks_again_changes_nothing() {
            var drain = drain(LONG, true);
            drain.begin("the test asks for it");
            now = LATER;

            drain.begin("SIGTERM");

            assertThat(drain.status().since()).isEqualTo(START);
            assertThat(hasBegunToLeave())
                    .as("the notice is not cut short, either")
                    .isFalse();
        }

        @Test
        void without_a_notice_it_leaves_at_once() {
            drain(Duration.ZERO, true).begin("the test asks for it");

            ended();
        }
    }

    @Test
    void alone_it_waits_for_nobody_to_look() {
        drain(LONG, false).begin("the test asks for it");

        ended();
    }

    @Test
    void one_that_was_put_out_of_the_cluster_meanwhile_ends_for_that_reason() {
        var drain = drain(LONG, true);
        var downed = shutdown().runAll(CoordinatedShutdown.clusterDowningReason());

        assertThat(drain.trouble()).isPresent();
        drain.begin("SIGTERM");

        downed.toCompletableFuture().join();
        ended();
        assertThat(shutdown().getShutdownReason()).contains(CoordinatedShutdown.clusterDowningReason());
    }

    private Drain drain(Duration notice, boolean others) {
        return new Drain(system, notice, () -> others, new Now());
    }

    private CoordinatedShutdown shutdown() {
        return CoordinatedShutdown.get(system);
    }

    private boolean hasBegunToLeave() {
        return shutdown().getShutdownReason().isPresent();
    }

    private void ended() {
        Eventually.passes(() ->
                assertThat(system.getWhenTerminated().toCompletableFuture()).isDone());
    }

    private final class Now extends Clock {
        @Override
        public Instant instant() {
            return now;
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
