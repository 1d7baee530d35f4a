package dev.carillon.chaos;

import dev.carillon.chaos.Fault.Kind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** One run: a cluster under load, one fault after the other, then peace, and a look at what became of everybody. */
final class ChaosRun {

    /** Until all is as before after the last fault. */
    private static final Duration CONVERGES = Duration.ofMinutes(5);

    /** Some seconds after a fault belong to it. */
    private static final Duration AFTERMATH = Duration.ofSeconds(15);

    private static final Duration FIRST_FAULT = Duration.ofSeconds(8);
    private static final Duration LAST_CALLS = Duration.ofSeconds(8);
    private static final Duration LINE_EVERY = Duration.ofSeconds(10);

    /** @param data for data and logs of the cluster */
    record Order(
            Plan plan,
            int nodes,
            Duration length,
            List<Kind> kinds,
            Path data,
            List<String> options,
            PrintWriter out) {}

    private record Happened(Fault fault, Period period) {}

    private final Order order;
    private final List<String> leftOut = new ArrayList<>();
    private final List<Happened> happened = new ArrayList<>();
    private final List<String> unmet = new ArrayList<>();
    private Instant begun = Instant.now();

    ChaosRun(Order order) {
        this.order = order;
    }

    ChaosReport make() {
        var network = Namespaces.orOneMachine(order.nodes());
        var kinds = new ArrayList<>(order.kinds());
        if (!network.whyNoCut().isEmpty() && kinds.removeIf(Kind::cuts)) {
            leftOut.add("cuts of the network: " + network.whyNoCut());
        }
        if (kinds.isEmpty()) {
            network.close();
            throw new ChaosFailure("Nothing is left that could break: " + String.join("; ", leftOut));
        }
        leftOut.forEach(one -> say("Left out: %s", one));
        say("Starting a PostgreSQL and %d nodes; their logs are in %s", order.nodes(), order.data());
        try (var scene = new Scene(order.plan(), network, order.nodes(), order.data(), order.options())) {
            var supervisor = new Supervisor(scene.cluster());
            var watch = watch(supervisor);
            try {
                scene.people().begin();
                begun = Instant.now();
                say(
                        "%.1f calls/s come to %d boxes and %d agents",
                        order.plan().callsPerSecond(),
                        order.plan().boxes(),
                        order.plan().agents());
                breakThings(scene, supervisor, kinds);
                comeBack(scene);
            } finally {
                watch.shutdownNow();
            }
            var findings = scene.inspect();
            return new ChaosReport(
                    order.plan().seed(),
                    order.length().toMillis() / 60_000.0,
                    order.nodes(),
                    begun.toString(),
                    order.plan().callsPerSecond(),
                    order.plan().agents(),
                    leftOut,
                    broke(scene.people().told()),
                    supervisor.ends(),
                    findings,
                    unmet);
        }
    }

    private ScheduledExecutorService watch(Supervisor supervisor) {
        var clock = Executors.newSingleThreadScheduledExecutor(work -> {
            var thread = new Thread(work, "supervisor");
            thread.setDaemon(true);
            return thread;
        });
        var unused = clock.scheduleWithFixedDelay(
                () -> {
                    try {
                        supervisor.look();
                    } catch (RuntimeException e) {
                        say("The supervisor: %s", e.getMessage());
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
        return clock;
    }

    // ---- breaking things

    private void breakThings(Scene scene, Supervisor supervisor, List<Kind> kinds) {
        var deck = new Fault.Deck(
                order.plan().seed(), kinds, order.nodes(), order.plan().boxes());
        var end = begun.plus(order.length()).minus(LAST_CALLS);
        idle(scene, begun.plus(FIRST_FAULT));
        while (Instant.now().isBefore(end)) {
            var fault = deck.next();
            var patient = deck.patient();
            var pause = deck.pause();
            say("%s", fault.words());
            var from = Instant.now();
            happen(scene, supervisor, fault);
            happened.add(new Happened(fault, new Period(from, Instant.now())));
            if (patient) {
                whole(scene);
            }
            // Until all was whole again, where that was waited for.
            scene.troubled(new Period(from, Instant.now()));
            idle(scene, Instant.now().plus(pause));
        }
        idle(scene, begun.plus(order.length()));
    }

    /** Time passes, and now and then a line says how it goes. */
    private void idle(Scene scene, Instant until) {
        while (Instant.now().isBefore(until)) {
            var left = Duration.between(Instant.now(), until);
            Patience.pause(left.compareTo(LINE_EVERY) < 0 ? left : LINE_EVERY);
            say(
                    "%d callers have left, %d are on the line, %d nodes run",
                    scene.people().left().size(),
                    scene.people().onTheLine(),
                    scene.cluster().running().size());
        }
    }

    private void whole(Scene scene) {
        try {
            scene.cluster().awaitWhole(CONVERGES);
        } catch (ChaosFailure e) {
            unmet.add(e.getMessage());
            say("%s", e.getMessage());
        }
    }

    private void happen(Scene scene, Supervisor supervisor, Fault fault) {
        var cluster = scene.cluster();
        switch (fault.kind()) {
            case KILL -> {
                supervisor.hold(fault.node());
                if (cluster.runs(fault.node())) {
                    cluster.kill(fault.node());
                }
                Patience.pause(fault.length());
                supervisor.letGo(fault.node());
            }
            case RESTART -> {
                supervisor.hold(fault.node());
                if (cluster.runs(fault.node())) {
                    cluster.end(fault.node());
                }
                supervisor.letGo(fault.node());
            }
            case PAUSE -> {
                if (cluster.runs(fault.node())) {
                    cluster.pause(fault.node());
                    Patience.pause(fault.length());
                    cluster.resume(fault.node());
                }
            }
            case DATABASE -> scene.withoutDatabase(fault.length());
            case PARTITION, PARTITION_WITH_DATABASE -> cut(scene, supervisor, fault);
            case LATENCY -> {
                cluster.databaseLatency(fault.amount());
                Patience.pause(fault.length());
                cluster.databaseLatency(Duration.ZERO);
            }
            case SLOW_BOX -> {
                scene.people().box(fault.box()).commandLatency(fault.amount());
                Patience.pause(fault.length());
                scene.people().box(fault.box()).commandLatency(Duration.ZERO);
            }
            case BOX_AWAY -> {
                scene.people().box(fault.box()).goAway();
                Patience.pause(fault.length());
                scene.people().box(fault.box()).comeBack();
            }
            case BOX_RESTARTED -> scene.people().box(fault.box()).restart();
        }
    }

    private void cut(Scene scene, Supervisor supervisor, Fault fault) {
        supervisor.waits(true);
        var from = Instant.now();
        scene.network().cut(fault.sides());
        if (fault.kind() == Kind.PARTITION_WITH_DATABASE) {
            var reached = fault.sides().isEmpty() ? Set.of() : fault.sides().get(0);
            IntStream.rangeClosed(1, order.nodes())
                    .filter(node -> !reached.contains(node))
                    .forEach(node -> scene.network().services(node, false));
        }
        Patience.pause(fault.length());
        scene.network().heal();
        supervisor.waits(false);
        if (fault.kind() == Kind.PARTITION_WITH_DATABASE) {
            scene.databaseAway(new Period(from, Instant.now()));
        }
    }

    // ---- peace

    private void comeBack(Scene scene) {
        say("Nothing breaks any more; all has to come back by itself");
        try {
            scene.cluster().awaitWhole(CONVERGES);
            scene.settle();
        } catch (ChaosFailure e) {
            unmet.add(e.getMessage());
            say("%s", e.getMessage());
            scene.people().noMore();
        }
    }

    private List<ChaosReport.Broke> broke(List<Instant> told) {
        return happened.stream()
                .map(one -> new ChaosReport.Broke(
                        one.fault().kind().name(),
                        one.fault().words(),
                        seconds(one.period().from()),
                        seconds(one.period().to()),
                        longestPause(told, one.period()).toMillis()))
                .toList();
    }

    private double seconds(Instant at) {
        return Duration.between(begun, at).toMillis() / 1_000.0;
    }

    private static Duration longestPause(List<Instant> told, Period fault) {
        var longest = Duration.ZERO;
        var before = fault.from();
        var end = fault.to().plus(AFTERMATH);
        for (var at : told) {
            if (at.isAfter(fault.from()) && before.isBefore(end)) {
                var pause = Duration.between(before, at);
                longest = pause.compareTo(longest) > 0 ? pause : longest;
                before = at;
            }
        }
        return longest;
    }

    private void say(String line, Object... values) {
        order.out().printf("%6.1f s  %s%n", seconds(Instant.now()), String.format(Locale.ROOT, line, values));
        order.out().flush();
    }
}
