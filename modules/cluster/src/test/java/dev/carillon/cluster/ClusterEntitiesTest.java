package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.carillon.core.Directory;
import dev.carillon.core.agent.AgentDecider;
import dev.carillon.core.seat.SeatDecider;
import dev.carillon.protocol.Command;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import dev.carillon.store.Database;
import dev.carillon.testkit.EmbeddedDatabase;
import dev.carillon.testkit.Eventually;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real nodes with a real journal, in the configuration that Carillon ships. */
class ClusterEntitiesTest {

    /** They serve no queue, so nobody has to acknowledge how they stand before they may rest. */
    private static final Directory DIRECTORY = new Directory(
            Map.of(),
            Map.of(
                    "anna", new Directory.Agent("anna", "Anna", List.of()),
                    "ben", new Directory.Agent("ben", "Ben", List.of())),
            Map.of(),
            Map.of());

    private static final Seat SEAT = new Seat("1001", "box", "PJSIP/1001");

    private final EmbeddedDatabase database = EmbeddedDatabase.fresh();

    @BeforeEach
    void migrate() {
        try (var open = Database.open(new Database.Settings(database.url(), database.user(), database.password(), 2))) {
            open.migrate();
        }
    }

    @AfterEach
    void reopen() {
        database.open();
    }

    @Test
    void an_asker_is_answered_and_who_forgets_to_answer_is_given_up() {
        try (var node = new Node("").alone()) {
            done(node, "ledger", enqueue("c1"));

            assertThatThrownBy(() -> ask(node, new QueueCommand.OfferAccepted("c1", "o1", 1)))
                    .hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void agents_and_queues_wake_by_themselves_when_the_cluster_starts_again() {
        try (var node = new Node("").alone()) {
            done(node, "anna", new AgentCommand.LogIn(SEAT, Instant.MAX));
            done(node, "ledger", enqueue("c1"));
        }

        try (var again = new Node("").alone()) {
            Eventually.passes(() -> {
                assertThat(again.view.agent("anna")).isPresent();
                assertThat(again.view.agent("anna").orElseThrow().phase()).isNotEqualTo(View.AgentPhase.LOGGED_OUT);
                assertThat(again.view.queue("ledger").map(View.OfQueue::waiting))
                        .contains(1);
            });
        }
    }

    @Test
    void an_agent_who_rests_is_forgotten_and_does_not_wake_by_itself() {
        try (var node = new Node("carillon.cluster { rest-after = 100ms, live-view.grace = 100ms }").alone()) {
            done(node, "anna", new AgentCommand.LogIn(SEAT, Instant.MAX));
            done(node, "ben", new AgentCommand.LogIn(SEAT, Instant.MAX));
            done(node, "anna", new AgentCommand.LogOut());
            Eventually.passes(() ->
                    assertThat(node.view.agents()).extracting(View.OfAgent::id).containsExactly("ben"));
        }

        try (var again = new Node("").alone()) {
            Eventually.passes(() -> assertThat(again.view.agent("ben")).isPresent());
            assertThat(again.view.agent("anna")).isEmpty();
        }
    }

    @Test
    void a_node_that_leaves_hands_its_entities_over() {
        try (var north = new Node("").alone();
                var south = new Node("").joins(north)) {
            for (var n = 0; n < 20; n++) {
                done(north, "ledger-" + n, enqueue("c" + n));
            }
            Eventually.passes(() -> {
                assertThat(south.view.queues()).hasSize(20).allMatch(queue -> queue.waiting() == 1);
                assertThat(north.view.queues()).isEqualTo(south.view.queues());
            });

            north.leave();

            for (var n = 0; n < 20; n++) {
                var id = "ledger-" + n;
                var call = "c" + n;
                Eventually.passes(() -> assertThat(waiting(south, id)).containsExactly(call));
            }
        }
    }

    @Test
    void while_the_database_is_away_nothing_is_answered_and_afterwards_all_goes_on() {
        try (var node = new Node("akka-persistence-jdbc.shared-databases.slick.db.connectionTimeout = 1s").alone()) {
            done(node, "ledger", enqueue("c1"));

            database.shut();
            assertThatThrownBy(() -> ask(node, enqueue("c2"))).isInstanceOf(CompletionException.class);
            database.open();

            done(node, "ledger", enqueue("c3"));
            assertThat(waiting(node, "ledger")).contains("c1", "c3");
        }
    }

    /** As after a split of the network: with Akka's own settings it was seen to stop every entity of a node for 30 s. */
    @Test
    void a_second_writer_of_one_entity_does_not_stop_the_others() {
        try (var node = new Node("").alone();
                var other = new Node("").alone()) {
            done(node, "ledger", enqueue("c0"));
            done(other, "ledger", enqueue("c0"));

            for (var n = 1; n <= 30; n++) {
                node.entities.tellQueue("ledger", enqueue("a" + n));
                other.entities.tellQueue("ledger", enqueue("b" + n));
                done(node, "healthy-" + n, enqueue("c"));
            }

            done(node, "ledger", enqueue("last"));
        }
    }

    /**
     * Somebody writes into the journal of one entity, again and again, at the number that it is to write next, while two hundred others go on.
     * Whose write shares a transaction with the bad one starts again from its journal; nobody stands still.
     */
    @Test
    void rows_planted_into_the_journal_of_one_entity_stop_none_of_two_hundred_others() throws SQLException {
        try (var node = new Node("").alone();
                var planter = DriverManager.getConnection(database.url(), database.user(), database.password());
                var plant = planter.prepareStatement(
                        """
                        INSERT INTO event_journal (persistence_id, sequence_number, deleted, writer, write_timestamp,
                            adapter_manifest, event_payload, event_ser_id, event_ser_manifest)
                        SELECT persistence_id, sequence_number + 1, deleted, gen_random_uuid(), write_timestamp,
                            adapter_manifest, event_payload, event_ser_id, event_ser_manifest
                        FROM event_journal WHERE persistence_id = 'Queue|ledger'
                        ORDER BY sequence_number DESC LIMIT 1
                        """)) {
            done(node, "ledger", enqueue("c0"));
            allDo(node, "first");
            var worst = Duration.ZERO;
            for (var n = 1; n <= 10; n++) {
                // It has read what was planted before, and is about to write behind it.
                done(node, "ledger", enqueue("b" + n));
                var failures = node.entities.journal().writesFailed();
                assertThat(plant.executeUpdate()).isEqualTo(1);
                node.entities.tellQueue("ledger", enqueue("a" + n));
                var begun = Instant.now();
                allDo(node, "c" + n);
                var took = Duration.between(begun, Instant.now());
                worst = took.compareTo(worst) > 0 ? took : worst;
                Eventually.passes(() -> assertThat(node.entities.journal().writesFailed())
                        .as("a write that failed, or nothing was tried")
                        .isGreaterThan(failures));
            }

            done(node, "ledger", enqueue("last"));
            assertThat(worst)
                    .as(
                            "the longest that all others together needed for one command each; the breaker would cost them 30 s")
                    .isLessThan(Duration.ofSeconds(10));
        }
    }

    /** Two hundred at the same time, until each has an answer. */
    private static void allDo(Node node, String callId) {
        var open = IntStream.range(0, 200).mapToObj(n -> "healthy-" + n).collect(Collectors.toSet());
        Eventually.passes(() -> {
            var asked = open.stream().collect(Collectors.toMap(id -> id, id -> node.entities
                    .askQueue(id, enqueue(callId))
                    .handle((reply, failure) -> new Reply.Done().equals(reply))
                    .toCompletableFuture()));
            asked.forEach((id, done) -> {
                if (done.join()) {
                    open.remove(id);
                }
            });
            assertThat(open).isEmpty();
        });
    }

    // --- Hands

    private static QueueCommand enqueue(String callId) {
        return new QueueCommand.Enqueue(callId, "box", 5, Instant.now(), "", 0);
    }

    /** Asks until it is done: an answer may be late, or lost, on a busy machine as anywhere. */
    private static void done(Node node, String id, Command command) {
        Eventually.passes(() -> assertThat(join(
                        command instanceof AgentCommand toAgent
                                ? node.entities.askAgent(id, toAgent)
                                : node.entities.askQueue(id, (QueueCommand) command)))
                .isEqualTo(new Reply.Done()));
    }

    private static Reply ask(Node node, QueueCommand command) {
        return join(node.entities.askQueue("ledger", command));
    }

    private static List<String> waiting(Node node, String queueId) {
        var reply = (Reply.WaitingCalls) join(node.entities.askQueue(queueId, new QueueCommand.ListWaiting()));
        return reply.calls().stream().map(Reply.WaitingCall::callId).toList();
    }

    private static Reply join(CompletionStage<Reply> reply) {
        return reply.toCompletableFuture().join();
    }

    private final class Node implements AutoCloseable {
        private final ActorSystem<Void> system;
        private final ClusterEntities entities;
        private final LiveView view;

        Node(String overrides) {
            system = ActorSystem.create(Behaviors.empty(), "carillon", config(overrides));
            var hub = LiveHub.start(system, new LiveTally());
            entities = ClusterEntities.start(
                    system,
                    new ClusterEntities.Deciders(
                            new SilentCallDecider(), new AgentDecider(), new LedgerDecider(), new SeatDecider()),
                    new ClusterEntities.Surroundings(
                            (boxId, command) -> {},
                            (hook, question, answer) -> {},
                            hub,
                            () -> DIRECTORY,
                            Clock.systemUTC(),
                            () -> UUID.randomUUID().toString(),
                            EntityMeter.NONE));
            view = MergedLiveView.start(system);
        }

        Node alone() {
            return joins(this);
        }

        Node joins(Node other) {
            var cluster = Cluster.get(system);
            cluster.manager()
                    .tell(Join.create(Cluster.get(other.system).selfMember().address()));
            Eventually.passes(() -> assertThat(cluster.selfMember().status()).isEqualTo(MemberStatus.up()));
            return this;
        }

        @Override
        public void close() {
            leave();
        }

        void leave() {
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().join();
        }

        private Config config(String overrides) {
            var own =
                    """
                    akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    akka.cluster { roles = [core], jmx.multi-mbeans-in-same-jvm = on }
                    akka-persistence-jdbc.shared-databases.slick.db { url = "%s", user = "%s", password = "%s" }
                    """
                            .formatted(database.url(), database.user(), database.password());
            return ConfigFactory.parseString(overrides)
                    .withFallback(ConfigFactory.parseString(own))
                    .withFallback(ConfigFactory.parseResources("carillon-cluster.conf"))
                    .withFallback(ConfigFactory.load())
                    .resolve();
        }
    }
}
