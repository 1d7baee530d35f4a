package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import dev.carillon.testkit.Eventually;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndOfProcessTest {

    private final ActorSystem<Void> system = ActorSystem.create(
            Behaviors.empty(),
            "end",
            ConfigFactory.parseString("akka.actor.provider = local").withFallback(ConfigFactory.load()));
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    @AfterEach
    void end() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    @Test
    void a_planned_end_is_no_failure() throws Exception {
        EndOfProcess.follow(system, exit::complete);

        CoordinatedShutdown.get(system).runAll(Drain.Reason.PLANNED);

        assertThat(code()).isZero();
        assertThat(system.getWhenTerminated().toCompletableFuture()).isDone();
    }

    @Test
    void a_node_that_was_put_out_of_its_cluster_is_to_be_started_anew() throws Exception {
        EndOfProcess.follow(system, exit::complete);

        CoordinatedShutdown.get(system)
                .run(
                        CoordinatedShutdown.clusterDowningReason(),
                        scala.Option.apply(CoordinatedShutdown.PhaseClusterShutdown()));

        assertThat(code()).isEqualTo(EndOfProcess.UNPLANNED).isNotZero();
    }

    @Test
    void so_is_one_whose_actors_ended_by_themselves() throws Exception {
        EndOfProcess.follow(system, exit::complete);

        system.terminate();

        assertThat(code()).isEqualTo(EndOfProcess.UNPLANNED);
    }

    @Test
    void a_process_that_is_ending_already_hears_of_the_end_of_its_actors() throws Exception {
        // As System.exit, which never returns while another thread runs the hooks.
        var blocked = new CountDownLatch(1);
        EndOfProcess.follow(system, code -> {
            exit.complete(code);
            try {
                blocked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        CoordinatedShutdown.get(system).runAll(Drain.Reason.PLANNED);

        assertThat(code()).isZero();
        Eventually.passes(() ->
                assertThat(system.getWhenTerminated().toCompletableFuture()).isDone());
        blocked.countDown();
    }

    @Test
    void nobody_knows_better_than_to_start_it_anew_when_no_reason_is_known() {
        assertThat(EndOfProcess.exitCode(Optional.empty())).isEqualTo(EndOfProcess.UNPLANNED);
        assertThat(EndOfProcess.exitCode(Optional.of(CoordinatedShutdown.clusterLeavingReason())))
                .as("another member has told it to leave")
                .isEqualTo(EndOfProcess.PLANNED);
    }

    private int code() throws Exception {
        return exit.get(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
