package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.event.Logging;
import akka.management.javadsl.AkkaManagement;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.typesafe.config.ConfigFactory;
import dev.carillon.cluster.EntityPlaces;
import dev.carillon.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The management port as it is, over HTTP, in front of a cluster of one with entities that do nothing. */
class OperatorRoutesTest {

    private static final String TOKEN = "a-token-for-tests-0123456789";
    private static final String LOGGER = "dev.carillon.node.OperatorRoutesTest";
    private static final EntityTypeKey<String> TYPE = EntityTypeKey.create(String.class, "IdleThing");
    private static final JsonMapper JSON = new JsonMapper();

    private static ActorSystem<Void> system;
    private static ActorRef<ShardingEnvelope<String>> things;
    private static String address;
    private static String base;

    record Answer(int status, HttpResponse<String> whole) {

        JsonNode body() {
            try {
                return JSON.readTree(whole.body());
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + whole.body(), e);
            }
        }

        String code() {
            assertThat(whole.headers().firstValue("Content-Type")).contains("application/problem+json");
            return body().path("code").asText();
        }

        String detail() {
            return body().path("detail").asText();
        }
    }

    @BeforeAll
    static void start() {
        var own =
                """
                akka.management.http { hostname = "127.0.0.1", port = 0 }
                akka.cluster.roles = [core]
                """;
        system = ActorSystem.create(
                Behaviors.empty(), "carillon", ConfigFactory.parseString(own).withFallback(ConfigFactory.load()));
        ManagementRoutes.serve(
                system,
                new Health().with("node", () -> Health.said(Optional.empty())),
                OperatorToken.of(Optional.of(TOKEN), new NodeSettings.Endpoint("127.0.0.1", 0)),
                new OperatorRoutes(
                        () -> Map.of("failedDecisions", 0L),
                        () -> "carillon_failed_decisions_total 0.0\n",
                        new EntityPlaces(system, Duration.ofSeconds(10)),
                        Map.of("idle-thing", TYPE.name()),
                        new Drain(system, Duration.ofHours(1), () -> true, Clock.systemUTC()),
                        LogLevels.of(system)));
        base = AkkaManagement.get(system).start().toCompletableFuture().join().toString();
        things = ClusterSharding.get(system)
                .init(Entity.of(TYPE, thing -> Behaviors.receiveMessage(word -> Behaviors.same())));
        var self = Cluster.get(system).selfMember();
        address = self.address().toString();
        Cluster.get(system).manager().tell(Join.create(self.address()));
    }

    @AfterAll
    static void end() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }

    @Nested
    class Everybody {

        @ParameterizedTest
        @ValueSource(strings = {"/alive", "/ready"})
        void may_ask_how_the_node_is(String path) {
            assertThat(send("GET", path, "", "").status()).isEqualTo(200);
        }

        @ParameterizedTest
        @CsvSource({
            "GET, /figures",
            "GET, /metrics",
            "GET, /cluster/members",
            "DELETE, /cluster/members/somebody",
            "GET, /cluster/domain-events",
            "GET, /shards",
            "GET, /entities/idle-thing/anna",
            "GET, /entities/nothing/anna",
            "GET, /drain",
            "PUT, /drain",
            "GET, /log-levels",
            "PUT, /log-levels/ROOT",
            "DELETE, /log-levels/ROOT",
        })
        void is_told_to_send_the_token_for_anything_else(String method, String path) {
            for (var authorization : new String[] {"", "Bearer wrong-token-0123456789"}) {
                var answer = send(method, path, "", authorization);

                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.code()).isEqualTo("UNAUTHORIZED");
                assertThat(answer.whole().headers().firstValue("WWW-Authenticate"))
                        .contains("Bearer realm=\"carillon-management\"");
            }
            assertThat(hasBegunToLeave()).isFalse();
        }
    }

    @Test
    void what_the_node_has_counted_is_shown() {
        var answer = get("/figures");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("failedDecisions").asInt(-1)).isZero();
    }

    @Test
    void what_is_not_there_is_said_as_a_problem() {
        assertThat(get("/shards/none").code()).isEqualTo("NOT_FOUND");
        var answer = ask("POST", "/drain", "");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.code()).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(answer.detail()).contains("GET").contains("PUT");
    }

    @Nested
    class The_cluster {

        @Test
        void shows_its_members() {
            Eventually.passes(() -> {
                var members = get("/cluster/members").body().path("members");
                assertThat(members).hasSize(1);
                assertThat(members.get(0).path("node").asText()).isEqualTo(address);
                assertThat(members.get(0).path("status").asText()).isEqualTo("Up");
            });
        }

        @Test
        void cannot_be_changed_from_here() {
            assertThat(ask("DELETE", "/cluster/members/" + address, "").status())
                    .isEqualTo(405);
            assertThat(ask("PUT", "/cluster/members/" + address, "").status()).isEqualTo(405);
        }
    }

    @Nested
    class Entities {

        @Test
        void are_counted_by_member_and_shard() {
            things.tell(new ShardingEnvelope<>("anna", "live"));
            things.tell(new ShardingEnvelope<>("ben", "live"));

            Eventually.passes(() -> {
                var answer = get("/shards");
                assertThat(answer.status()).isEqualTo(200);
                var kind = answer.body().path("kinds").path("idle-thing");
                assertThat(kind.path("entities").asInt()).isGreaterThanOrEqualTo(2);
                assertThat(kind.path("members")).hasSize(1);
                var member = kind.path("members").get(0);
                assertThat(member.path("member").asText()).isEqualTo(address);
                assertThat(member.path("shards").asInt())
                        .isEqualTo(member.path("entitiesByShard").size())
                        .isPositive();
                assertThat(member.path("entitiesByShard").path(shardOf("anna")).asInt())
                        .isPositive();
            });
        }

        @ParameterizedTest
        @ValueSource(strings = {"carla", "west/1001#7", "客服"})
        void are_found_wherever_they_live(String id) {
            things.tell(new ShardingEnvelope<>(id, "live"));

            Eventually.passes(() -> {
                var answer = get("/entities/idle-thing/" + encoded(id));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body().path("id").asText()).isEqualTo(id);
                assertThat(answer.body().path("kind").asText()).isEqualTo("idle-thing");
                assertThat(answer.body().path("member").asText()).isEqualTo(address);
                assertThat(answer.body().path("shard").asText()).isEqualTo(shardOf(id));
                assertThat(answer.body().path("running").asBoolean()).isTrue();
            });
        }

        @Test
        void that_sleep_or_never_were_are_not_running_and_are_not_woken_by_the_question() {
            Eventually.passes(() -> {
                var answer = get("/entities/idle-thing/nobody-has-spoken-to");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body().path("running").asBoolean(true)).isFalse();
                assertThat(answer.body().path("shard").asText()).isNotEmpty();
            });
            Eventually.passes(() -> assertThat(get("/entities/idle-thing/nobody-has-spoken-to")
                            .body()
                            .path("running")
                            .asBoolean(true))
                    .isFalse());
        }

        @Test
        void of_a_kind_that_there_is_not_are_refused_with_the_kinds_there_are() {
            var answer = get("/entities/queues/sales");

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("KIND_NOT_FOUND");
            assertThat(answer.detail()).contains("\"queues\"").contains("idle-thing");
        }

        @Test
        void are_called_by_words_with_hyphens() {
            assertThat(OperatorRoutes.kindOf("Call")).isEqualTo("call");
            assertThat(OperatorRoutes.kindOf("TelephonyNode")).isEqualTo("telephony-node");
        }
    }

    @Nested
    class The_log {

        @Test
        void says_more_while_somebody_wants_it_and_then_what_the_configuration_says() {
            var log = LoggerFactory.getLogger(LOGGER);
            var before = log.isTraceEnabled();
            assertThat(before).isFalse();

            var answer = ask("PUT", "/log-levels/" + LOGGER, "{\"level\": \"trace\"}");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().path("level").asText()).isEqualTo("TRACE");
            assertThat(answer.body().path("configured").isNull()).isTrue();
            assertThat(log.isTraceEnabled()).isTrue();
            assertThat(get("/log-levels").body().path("items"))
                    .anySatisfy(item -> assertThat(item.path("logger").asText()).isEqualTo(LOGGER))
                    .anySatisfy(item -> assertThat(item.path("logger").asText()).isEqualTo("ROOT"));

            assertThat(ask("DELETE", "/log-levels/" + LOGGER, "").status()).isEqualTo(204);
            assertThat(log.isTraceEnabled()).isFalse();
            assertThat(get("/log-levels").body().path("items"))
                    .noneSatisfy(
                            item -> assertThat(item.path("logger").asText()).isEqualTo(LOGGER));
        }

        @Test
        void of_akka_goes_by_the_same_levels() {
            var ofAkka = system.classicSystem().getEventStream();
            var before = ofAkka.logLevel();

            ask("PUT", "/log-levels/akka.cluster", "{\"level\": \"DEBUG\"}");
            assertThat(ofAkka.logLevel()).isEqualTo(Logging.DebugLevel());

            ask("DELETE", "/log-levels/akka.cluster", "");
            assertThat(ofAkka.logLevel()).isEqualTo(before);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"level\": \"LOUD\"} | INVALID_FIELD",
                    "{} | INVALID_FIELD",
                    "[] | MALFORMED_JSON",
                    "level=DEBUG | MALFORMED_JSON",
                })
        void is_not_changed_by_what_cannot_be_understood(String body, String code) {
            var answer = ask("PUT", "/log-levels/" + LOGGER, body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo(code);
            assertThat(answer.detail()).contains("DEBUG");
        }
    }

    @Test
    void a_node_is_drained_when_an_operator_asks_for_it_however_often() {
        assertThat(get("/drain").body().path("state").asText()).isEqualTo("serving");

        var first = ask("PUT", "/drain", "");
        var second = ask("PUT", "/drain", "");

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.body().path("state").asText()).isEqualTo("draining");
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body()).as("since the same moment").isEqualTo(first.body());
        assertThat(get("/drain").body()).isEqualTo(first.body());
    }

    private static boolean hasBegunToLeave() {
        return CoordinatedShutdown.get(system).getShutdownReason().isPresent();
    }

    private static String shardOf(String id) {
        return Integer.toString(
                Math.abs(id.hashCode() % system.settings().config().getInt("akka.cluster.sharding.number-of-shards")));
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    private static Answer get(String path) {
        return ask("GET", path, "");
    }

    private static Answer ask(String method, String path, String body) {
        return send(method, path, body, "Bearer " + TOKEN);
    }

    private static Answer send(String method, String path, String body, String authorization) {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Eventually.LIMIT)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            var answer = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
