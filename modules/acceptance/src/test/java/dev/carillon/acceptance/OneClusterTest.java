package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.CarillonNode;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Ports;
import dev.carillon.acceptance.lab.Processes;
import dev.carillon.store.Database;
import dev.carillon.store.JdbcClusterMembers;
import dev.carillon.store.JdbcClusterMembers.Cluster;
import dev.carillon.store.JdbcClusterMembers.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A second cluster does not come into being on a database that one lives on, and the one that lives takes no harm. */
@Tag("servers")
class OneClusterTest {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Member STRANGER = new Member("akka://carillon@192.0.2.1:2551", 1);

    private final Path folder = Folders.forTest(OneClusterTest.class);
    private CarillonNode node;
    private Processes.Running second;

    @BeforeEach
    void start() {
        node = CarillonNode.start(folder);
    }

    @AfterEach
    void close() {
        if (second != null) {
            second.close();
        }
        if (node != null) {
            node.close();
        }
    }

    @Test
    void aNodeThatKnowsOfNoOthersEndsAndAFirstSeedNodeJoins() {
        second = secondNode("alone");

        assertThat(second.exitCode(LIMIT)).isEqualTo(1);
        assertThat(output("alone"))
                .contains("is in use by a cluster that this node cannot join, with nodes at akka://carillon@127.0.0.1:")
                .contains("CARILLON_SEED_NODE_1");

        var port = Ports.one();
        second = secondNode(
                "first-seed",
                "-Dcarillon.node.remoting.port=" + port,
                "-Dcarillon.node.seed-nodes.0=akka://carillon@127.0.0.1:" + port);
        eventually("both are one cluster", LIMIT, () -> {
            assertThat(second.alive()).as(output("first-seed")).isTrue();
            assertThat(living()).containsExactly("2 in 1");
        });
        assertThat(node.alive()).isTrue();
        assertThat(node.log()).doesNotContain("second cluster");
    }

    /** Both looked before the other could be seen. */
    @Test
    void ofTwoClustersThatBeganAtOnceTheYoungerEnds() {
        beatUntil("a younger one is told of, and no more", Instant.now().plusSeconds(3_600), () -> {
            assertThat(node.log()).contains("A second cluster has begun on the database");
        });
        assertThat(node.alive()).isTrue();

        beatUntil("an older one makes it end", Instant.now().minusSeconds(3_600), () -> {
            assertThat(node.alive()).isFalse();
        });
        assertThat(node.exitCode(LIMIT)).isEqualTo(1);
        assertThat(node.log())
                .contains("is in use by an older cluster than this node's, with nodes at " + STRANGER.address());
    }

    private void beatUntil(String what, Instant began, Runnable condition) {
        var environment = node.databaseEnvironment();
        try (var database = Database.open(new Database.Settings(
                environment.get("CARILLON_DATABASE_URL"),
                environment.get("CARILLON_DATABASE_USER"),
                environment.get("CARILLON_DATABASE_PASSWORD"),
                1))) {
            var members = new JdbcClusterMembers(database);
            var cluster = new Cluster(UUID.randomUUID(), began);
            wasHeard(cluster);
            eventually(what, LIMIT, () -> {
                // Not after the end: its database goes with it.
                if (node.alive()) {
                    members.beat(STRANGER, Optional.of(cluster), List.of(STRANGER), false);
                }
                condition.run();
            });
        }
    }

    /** Otherwise the stranger would count as one that slept and was replaced. */
    private void wasHeard(Cluster cluster) {
        try (var connection = node.database();
                var statement = connection.prepareStatement("INSERT INTO cluster_member (address, incarnation, cluster,"
                        + " began_at, heard_at, session, session_began) SELECT ?, ?, ?, ?::timestamptz, now(), pid,"
                        + " backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
                        + " ON CONFLICT (address, incarnation) DO UPDATE SET heard_at = EXCLUDED.heard_at")) {
            statement.setString(1, STRANGER.address());
            statement.setLong(2, STRANGER.incarnation());
            statement.setObject(3, cluster.id());
            statement.setString(4, cluster.beganAt().toString());
            statement.executeUpdate();
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    private Processes.Running secondNode(String name, String... options) {
        var environment = new HashMap<>(node.databaseEnvironment());
        environment.put("CARILLON_API_KEY", "another-0123456789abcdef");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dcarillon.node.join-patience=5s",
                "-Dlogback.configurationFile=logback.xml"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", String.join(":", CarillonNode.productClassPath()), "dev.carillon.node.Main"));
        command.addAll(List.of("--data", folder.resolve(name).toString()));
        command.addAll(List.of("--port", String.valueOf(Ports.one())));
        command.addAll(List.of("--management-port", String.valueOf(Ports.one())));
        return Processes.start(name, folder, folder.resolve(name + ".log"), environment, command);
    }

    private String output(String name) {
        try {
            return Files.readString(folder.resolve(name + ".log"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** How many nodes were just heard, in how many clusters. */
    private List<String> living() {
        try (var connection = node.database();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT count(*), count(DISTINCT cluster) FROM cluster_member"
                                + " WHERE heard_at > now() - interval '5 s'")) {
            rows.next();
            return List.of(rows.getInt(1) + " in " + rows.getInt(2));
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }
}
