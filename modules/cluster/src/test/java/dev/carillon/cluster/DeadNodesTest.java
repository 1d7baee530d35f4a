package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Address;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.ConfigFactory;
import dev.carillon.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real members, each an actor system with a port of its own. The split brain resolver would wait for an hour. */
@Tag("servers")
class DeadNodesTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final DeadNodes.Settings SETTINGS =
            new DeadNodes.Settings(3, Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofMillis(600));

    private final List<ActorTestKit> nodes = new ArrayList<>();

    @AfterEach
    void end() {
        nodes.forEach(ActorTestKit::shutdownTestKit);
    }

    @Test
    void aNodeWhoseProcessHasDiedIsPutOutByTheOthers() {
        cluster(
                3,
                node -> address -> Knock.isRefused(
                        address.getHost().orElseThrow(),
                        address.getPort().orElseThrow(),
                        SETTINGS.patience(),
                        ForkJoinPool.commonPool()));

        die(0);

        Eventually.gives(LIMIT, () -> {
            assertThat(members(1)).hasSize(2);
            assertThat(members(2)).hasSize(2);
            return true;
        });
    }

    @Test
    void oneThatIsOnlyNotHeardOfIsLeftToTheResolver() {
        var knocks = new AtomicInteger();
        // Refused now and then, but never so often in a row.
        cluster(3, node -> {
            var own = new AtomicInteger();
            return address -> {
                knocks.incrementAndGet();
                return answered(own.incrementAndGet() % SETTINGS.times() != 0);
            };
        });

        die(0);

        Eventually.gives(LIMIT, () -> {
            assertThat(knocks).hasValueGreaterThan(10 * SETTINGS.times());
            return true;
        });
        assertThat(members(1)).hasSize(3).containsOnly(MemberStatus.up());
    }

    @Test
    void theSmallerSideDoesNothing() {
        var knocks = new AtomicInteger();
        cluster(3, node -> address -> {
            knocks.incrementAndGet();
            return answered(true);
        });

        die(0, 1);

        Eventually.gives(LIMIT, () -> {
            assertThat(Cluster.get(nodes.get(2).system()).state().getUnreachable())
                    .hasSize(2);
            assertThat(knocks).hasValueGreaterThan(10 * SETTINGS.times());
            return true;
        });
        assertThat(members(2)).hasSize(3).containsOnly(MemberStatus.up());
    }

    @Nested
    class AMajority {

        private final MemberStatus up = MemberStatus.up();
        private final MemberStatus down = MemberStatus.down();

        @Test
        void isMostOfThoseWhoHaveBeenFullMembers() {
            assertThat(DeadNodes.isMajority(List.of(up, up), List.of(up))).isTrue();
            assertThat(DeadNodes.isMajority(List.of(up), List.of(up))).isFalse();
            assertThat(DeadNodes.isMajority(List.of(up, MemberStatus.joining()), List.of(up)))
                    .as("who only joins does not count")
                    .isFalse();
            assertThat(DeadNodes.isMajority(List.of(up), List.of(MemberStatus.exiting())))
                    .as("nor does who has left")
                    .isTrue();
        }

        /** Or the smaller side would put out the others one by one, and be the larger one in the end. */
        @Test
        void isNotReachedByPuttingOthersOut() {
            assertThat(DeadNodes.isMajority(List.of(up), List.of(down, up))).isFalse();
            assertThat(DeadNodes.isMajority(List.of(up, down, down), List.of())).isFalse();
        }
    }

    private static CompletionStage<Boolean> answered(boolean refused) {
        return CompletableFuture.completedStage(refused);
    }

    /** @param isRefused for each node, how it knocks */
    private void cluster(int size, IntFunction<Function<Address, CompletionStage<Boolean>>> isRefused) {
        for (var i = 0; i < size; i++) {
            nodes.add(ActorTestKit.create(
                    "DeadNodesTest",
                    ConfigFactory.parseString(
                                    """
                    akka {
                      actor.provider = cluster
                      remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                      cluster {
                        jmx.enabled = off
                        failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 3s }
                        unreachable-nodes-reaper-interval = 250ms
                        downing-provider-class = "akka.cluster.sbr.SplitBrainResolverProvider"
                        split-brain-resolver.stable-after = 1h
                      }
                      # A death comes unannounced.
                      coordinated-shutdown {
                        run-by-actor-system-terminate = off
                        run-by-jvm-shutdown-hook = off
                        exit-jvm = off
                      }
                    }
                    """)
                            .withFallback(ConfigFactory.load())));
            var cluster = Cluster.get(nodes.get(i).system());
            cluster.manager()
                    .tell(Join.create(
                            Cluster.get(nodes.get(0).system()).selfMember().address()));
            nodes.get(i).spawn(DeadNodes.create(SETTINGS, isRefused.apply(i)));
        }
        Eventually.gives(LIMIT, () -> {
            IntStream.range(0, size)
                    .forEach(node ->
                            assertThat(members(node)).hasSize(size).allMatch(status -> status == MemberStatus.up()));
            return true;
        });
    }

    private void die(int... which) {
        for (var node : which) {
            nodes.get(node).system().terminate();
        }
    }

    private List<MemberStatus> members(int node) {
        return StreamSupport.stream(
                        Cluster.get(nodes.get(node).system())
                                .state()
                                .getMembers()
                                .spliterator(),
                        false)
                .map(member -> member.status())
                .toList();
    }
}
