package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.acceptance.lab.CarillonNode;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Report;
import dev.carillon.chaos.Findings;
import dev.carillon.chaos.Namespaces;
import dev.carillon.chaos.Patience;
import dev.carillon.chaos.Period;
import dev.carillon.chaos.Plan;
import dev.carillon.chaos.Scene;
import dev.carillon.telephony.simulated.Experience;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Three nodes in network namespaces of their own, and the network between them is cut while people call. What has happened is judged from outside: by
 * what callers and phones lived through, by the journal, and by the call records.
 */
@Tag("servers")
class PartitionTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** For so long the network is cut. */
    private static final Duration CUT = Duration.ofSeconds(30);

    /** The resolver decides sooner; a machine with other work to do is slow. */
    private static final Duration NOTICED = Duration.ofSeconds(28);

    private static final int BY_SPLIT_BRAIN_RESOLVER = 3;

    private final List<Instant> cuts = new ArrayList<>();
    private Scene scene;
    private Report report;

    @BeforeAll
    static void aNetworkCanBeCut() {
        var missing = Namespaces.missing();
        assumeTrue(missing.isEmpty(), "a network that can be cut: " + missing);
    }

    @AfterEach
    void close() {
        if (report != null) {
            report.print();
        }
        if (scene != null) {
            scene.close();
        }
    }

    private void open(String test, String title) {
        var folder = Folders.forTest(PartitionTest.class, test);
        report = new Report(folder, title);
        System.setProperty("carillon.chaos.classpath", String.join(":", CarillonNode.productClassPath()));
        System.setProperty(
                "carillon.chaos.configuration",
                Folders.repository()
                        .resolve(Path.of("cluster-config", "node.conf"))
                        .toString());
        scene = new Scene(
                new Plan(2, 1, 5, 1.2, 6_000, 60_000, 1),
                new Namespaces(3),
                3,
                folder.resolve("cluster"),
                List.of("-Xmx400m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        scene.people().begin();
        eventually(
                "people talk", LIMIT, () -> assertThat(scene.people().talking()).hasSizeGreaterThan(2));
    }

    @Test
    void whereThereIsAMajorityItGoesOnAndWithoutOneTalksDo() {
        open("cuts", "the network between three nodes is cut for 30 s, twice; all reach database and boxes");

        theMinorityEndsAndTheMajorityGoesOn();
        converges();
        withoutAnyMajorityAllEndAndTalksGoOn();
        converges();

        assertThat(inspect().answered()).isGreaterThan(20);
    }

    /** The one that is cut off is the oldest node, on which everything is that there is once in a cluster. */
    private void theMinorityEndsAndTheMajorityGoesOn() {
        var cut = cut(List.of(Set.of(2, 3)));

        assertThat(scene.cluster().awaitExit(1, NOTICED)).isEqualTo(BY_SPLIT_BRAIN_RESOLVER);
        var ended = Instant.now();
        assertThat(scene.cluster().log(1)).as("nobody is knocked out").doesNotContain("its process is dead");
        eventually("both boxes are with the majority", LIMIT, () -> assertThat(
                        scene.desks().boxesUp(2))
                .isEmpty());
        var offered = eventually("the majority offers calls", LIMIT, () -> scene.people().told().stream()
                .filter(ended::isBefore)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no phone was rung")));
        heal(cut);
        assertThat(scene.cluster().running()).containsExactly(2, 3);
        scene.cluster().start(1);
        report.say(
                "2+1: the node that was cut off had ended after %d ms; phones rang again %d ms after the cut",
                Duration.between(cut, ended).toMillis(),
                Duration.between(cut, offered).toMillis());
    }

    private void withoutAnyMajorityAllEndAndTalksGoOn() {
        var talking = scene.people().call(0, 0, Duration.ofMinutes(1), Duration.ofSeconds(100));
        eventually(
                "they talk", LIMIT, () -> assertThat(scene.people().talking()).contains(talking));
        var cut = cut(List.of());

        IntStream.rangeClosed(1, 3).forEach(node -> assertThat(scene.cluster().awaitExit(node, NOTICED))
                .as("node %d", node)
                .isEqualTo(BY_SPLIT_BRAIN_RESOLVER));
        var ended = Instant.now();
        assertThat(scene.people().talking())
                .as("who talks goes on talking without any node")
                .contains(talking);
        heal(cut);
        IntStream.rangeClosed(1, 3)
                .forEach(node -> assertThat(scene.cluster().start(node)).isTrue());
        var left = eventually("their talk is over", LIMIT, () -> scene.people().left().stream()
                .filter(caller -> caller.callId().equals(talking))
                .findFirst()
                .orElseThrow(() -> new AssertionError("they talk")));
        assertThat(left.connections()).singleElement().satisfies(talk -> assertThat(talk.endedBy())
                .as("the talk ended by those who talked")
                .isIn(Optional.of(Experience.Who.CALLER), Optional.of(Experience.Who.SEAT)));
        report.say(
                "1+1+1: all nodes had ended after %d ms",
                Duration.between(cut, ended).toMillis());
    }

    /** Those who could go on cannot write, and the one who can write may not go on. */
    @Test
    @EnabledIfSystemProperty(
            named = "carillon.partitions",
            matches = "all",
            disabledReason = "it takes two minutes more, and scripts/chaos does the same; -Dcarillon.partitions=all")
    void whenOnlyTheMinorityReachesTheDatabaseNothingIsLost() {
        open("database", "of three nodes, the two that reach each other do not reach database and boxes for 30 s");
        var cut = cut(List.of(Set.of(2, 3)));
        scene.network().services(2, false);
        scene.network().services(3, false);

        assertThat(scene.cluster().awaitExit(1, NOTICED)).isEqualTo(BY_SPLIT_BRAIN_RESOLVER);
        heal(cut);
        scene.databaseAway(new Period(cut, Instant.now()));
        eventually("the two that are left serve again", LIMIT, () -> IntStream.of(2, 3)
                .forEach(node -> assertThat(scene.cluster().ready(node))
                        .as("node %d is ready", node)
                        .isTrue()));
        scene.cluster().start(1);
        converges();
        inspect();
    }

    private Instant cut(List<Set<Integer>> sides) {
        var at = Instant.now();
        scene.network().cut(sides);
        return at;
    }

    private void heal(Instant cut) {
        Patience.pause(CUT.minus(Duration.between(cut, Instant.now())));
        scene.network().heal();
        cuts.add(cut);
    }

    private void converges() {
        scene.cluster().awaitWhole(LIMIT);
        cuts.forEach(cut -> scene.troubled(new Period(cut, Instant.now())));
        cuts.clear();
        eventually("all boxes are up", LIMIT, () -> assertThat(scene.desks().boxesUp(1))
                .isEmpty());
        var before = Instant.now();
        eventually("phones ring again", LIMIT, () -> assertThat(scene.people().told())
                .anyMatch(before::isBefore));
    }

    private Findings inspect() {
        scene.settle();
        var findings = scene.inspect();
        report.say(
                "%d callers: %d answered, %d abandoned, %d lost, %d unseen; %d records, %d offers; whose turn it was could be said %d times",
                findings.came(),
                findings.answered(),
                findings.abandoned(),
                findings.lost(),
                findings.unseen(),
                findings.records(),
                findings.offers(),
                findings.judged());
        assertThat(findings.violations()).isEmpty();
        assertThat(findings.came()).isEqualTo(findings.records() + findings.unseen());
        return findings;
    }
}
