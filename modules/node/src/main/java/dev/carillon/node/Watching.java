package dev.carillon.node;

import akka.actor.typed.ActorSystem;
import akka.cluster.ClusterEvent;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import dev.carillon.node.metrics.Inspection;
import dev.carillon.node.metrics.Sampled;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.ExecutionContext;

/** Looks at this node, and at what is promised of the whole cluster, every few seconds, for the figures of {@code GET /metrics}. */
final class Watching {

    private static final Logger LOG = LoggerFactory.getLogger(Watching.class);

    /** As often as Kamon gathers figures, or more often. */
    private static final Duration FIGURES = Duration.ofSeconds(2);

    /** Asks the database among others. */
    private static final Duration READINESS = Duration.ofSeconds(10);

    private static final Duration PROMISES = Duration.ofSeconds(10);

    private final ActorSystem<?> system;
    private final Sampled sampled;
    private final Health health;
    private volatile Map<String, String> trouble = Map.of();

    Watching(ActorSystem<?> system, Sampled sampled, Health health) {
        this.system = system;
        this.sampled = sampled;
        this.health = health;
    }

    /** @param blocking where there is time for it */
    void begin(Inspection inspection, Clock clock, Executor blocking) {
        for (var check : health.parts()) {
            sampled.show(
                    "carillon.node.check",
                    "1 while a check of /ready is well, 0 while it is not",
                    "check",
                    check,
                    () -> trouble.getOrDefault(check, "not asked yet").isEmpty() ? 1 : 0);
        }
        var members = "Members of the cluster, as this node sees them";
        sampled.show("carillon.cluster.members", members, "state", "up", () -> up(state()))
                .show("carillon.cluster.members", members, "state", "unreachable", () -> state().getUnreachable()
                        .size());
        for (var promise : Inspection.Promise.values()) {
            sampled.follow(
                    "carillon.invariant.breaches",
                    "What must never last, and was found to last",
                    "promise",
                    promise.label(),
                    () -> inspection.count(promise));
        }
        var executor = ExecutionContext.fromExecutor(blocking);
        var scheduler = system.scheduler();
        scheduler.scheduleWithFixedDelay(FIGURES, FIGURES, unfailing("figures", sampled::look), executor);
        scheduler.scheduleWithFixedDelay(Duration.ZERO, READINESS, unfailing("checks", this::ask), executor);
        scheduler.scheduleWithFixedDelay(
                PROMISES, PROMISES, unfailing("promises", () -> inspect(inspection, clock)), executor);
    }

    /** A schedule ends for good with what it runs: after a fault the next look may do better. */
    static Runnable unfailing(String what, Runnable look) {
        return () -> {
            try {
                look.run();
            } catch (RuntimeException e) {
                LOG.error("A look at this node's {} has failed; the next one follows", what, e);
            }
        };
    }

    /** Once for the whole cluster; and while nothing can be written, what lasts is nobody's fault. */
    private void inspect(Inspection inspection, Clock clock) {
        if (!isOldest() || !trouble.getOrDefault("database", "not asked yet").isEmpty()) {
            inspection.reset();
            return;
        }
        inspection
                .look(clock.instant())
                .forEach(breach -> LOG.error(
                        "This must never last, and has: {} ({}). Please report it, with the logs of all nodes",
                        breach.what(),
                        breach.promise().label()));
    }

    private boolean isOldest() {
        var self = Cluster.get(system).selfMember();
        return self.status() == MemberStatus.up()
                && StreamSupport.stream(state().getMembers().spliterator(), false)
                        .filter(member -> member.status() == MemberStatus.up())
                        .noneMatch(member -> member.isOlderThan(self));
    }

    private void ask() {
        // Never fails.
        var unused = health.ask().thenAccept(report -> trouble = report.trouble());
    }

    private ClusterEvent.CurrentClusterState state() {
        return Cluster.get(system).state();
    }

    private static long up(ClusterEvent.CurrentClusterState state) {
        return StreamSupport.stream(state.getMembers().spliterator(), false)
                .filter(member -> member.status() == MemberStatus.up())
                .count();
    }
}
