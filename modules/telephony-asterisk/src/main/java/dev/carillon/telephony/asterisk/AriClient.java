package dev.carillon.telephony.asterisk;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.Query;
import akka.http.javadsl.model.Uri;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.ws.Message;
import akka.http.javadsl.model.ws.WebSocketRequest;
import akka.http.javadsl.model.ws.WebSocketUpgradeResponse;
import akka.http.javadsl.settings.ClientConnectionSettings;
import akka.http.javadsl.settings.ConnectionPoolSettings;
import akka.japi.Pair;
import akka.stream.SystemMaterializer;
import akka.stream.javadsl.Flow;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.telephony.BoxMeter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Carries requests to one box. A request that is not answered in time counts as unknown, never as failed: the box may well have
 * done it. Nothing is repeated here, since hardly anything of ARI may be repeated blindly.
 *
 * <p>While its node does not know whether it is still a member, after a standstill, it only looks, and commands nothing.
 *
 * <p>Once closed it sends nothing more, whatever was begun before: a box that another controller has taken over would obey both.
 */
final class AriClient {

    /** The name under which Carillon takes calls, one for all: a box has one controller. */
    static final String APPLICATION = "carillon";

    /** A box that takes longer is overloaded or stuck. */
    private static final Duration TIMEOUT = Duration.ofMillis(2500);

    private static final Duration FIRST_TIMEOUT = Duration.ofSeconds(8);

    /**
     * Asterisk closes idle connections after 15 s, and a request sent in that moment is lost: so ours close before. Not more than
     * 16, since beyond its limit a box drops connections without a word. TCP_NODELAY, or small requests wait 40 ms for each other.
     */
    private static final String SETTINGS =
            """
            akka.http.host-connection-pool {
              max-connections = 16
              max-open-requests = 4096
              max-retries = 0
              keep-alive-timeout = 10s
              base-connection-backoff = 50ms
              max-connection-backoff = 500ms
              response-entity-subscription-timeout = 5s
              client { connecting-timeout = 2s, idle-timeout = 60s, user-agent-header = carillon }
              client.socket-options.tcp-no-delay = on
            }
            akka.http.client {
              connecting-timeout = 2s
              idle-timeout = infinite
              user-agent-header = carillon
              socket-options.tcp-no-delay = on
              websocket.periodic-keep-alive-max-idle = 5s
            }
            """;

    private final ActorSystem<?> system;
    private final String boxId;
    private final BoxMeter meter;
    private final Http http;
    private final Uri base;
    private final Authorization authorization;
    private final ConnectionPoolSettings poolSettings;
    private final ClientConnectionSettings socketSettings;
    private final BooleanSupplier mayAct;
    private volatile boolean closed;

    /** @throws RuntimeException when the address is not one */
    AriClient(ActorSystem<?> system, BoxSettings settings, BoxMeter meter, BooleanSupplier mayAct) {
        this.mayAct = mayAct;
        this.system = system;
        this.boxId = settings.boxId();
        this.meter = meter;
        this.http = Http.get(system);
        this.base = Uri.create(settings.address().replaceAll("/+$", "") + "/ari");
        this.authorization = Authorization.basic(settings.user(), settings.password());
        Config config = ConfigFactory.parseString(SETTINGS)
                .withFallback(system.settings().config());
        this.poolSettings = ConnectionPoolSettings.create(config);
        this.socketSettings = ClientConnectionSettings.create(config);
    }

    /** May be called from any thread, and more than once. */
    void close() {
        closed = true;
    }

    /** A last question, and nothing after it. */
    CompletionStage<AriReply> closeAsking(String path, String... query) {
        var last = get(path, query);
        close();
        return last;
    }

    /** @param query names and values in turn */
    CompletionStage<AriReply> get(String path, String... query) {
        return send(HttpMethods.GET, path, query);
    }

    /** The very first request, which has to wait for this side to get ready, too. */
    CompletionStage<AriReply> firstGet(String path) {
        return send(request(HttpMethods.GET, path), FIRST_TIMEOUT);
    }

    /** @param query names and values in turn */
    CompletionStage<AriReply> post(String path, String... query) {
        return send(HttpMethods.POST, path, query);
    }

    /** @param query names and values in turn */
    CompletionStage<AriReply> delete(String path, String... query) {
        return send(HttpMethods.DELETE, path, query);
    }

    CompletionStage<AriReply> put(String path, Object body) {
        return send(request(HttpMethods.PUT, path).withEntity(ContentTypes.APPLICATION_JSON, AriJson.write(body)));
    }

    /** With channel variables, which go into the body: what people dial and are called does not belong into a log of addresses. */
    CompletionStage<AriReply> postWithVariables(String path, Map<String, String> variables, String... query) {
        return send(request(HttpMethods.POST, path, query)
                .withEntity(ContentTypes.APPLICATION_JSON, AriJson.write(Map.of("variables", variables))));
    }

    /** The events of our application. Ends when the box closes it; completing the flow's source closes it from this side. */
    <M> Pair<CompletionStage<WebSocketUpgradeResponse>, M> events(Flow<Message, Message, M> flow) {
        var uri = base.scheme(base.getScheme().equals("https") ? "wss" : "ws")
                .addPathSegment("events")
                .query(Query.create(Pair.create("app", APPLICATION)));
        var request = WebSocketRequest.create(uri).addHeader(authorization);
        return http.singleWebSocketRequest(
                request,
                flow,
                http.defaultClientHttpsContext(),
                Optional.empty(),
                socketSettings,
                system.classicSystem().log(),
                SystemMaterializer.get(system).materializer());
    }

    private CompletionStage<AriReply> send(HttpMethod method, String path, String... query) {
        return send(request(method, path, query));
    }

    private HttpRequest request(HttpMethod method, String path, String... query) {
        var uri = base;
        for (var segment : path.substring(1).split("/", -1)) {
            uri = uri.addPathSegment(segment);
        }
        if (query.length > 0) {
            List<Pair<String, String>> pairs = new ArrayList<>();
            for (int i = 0; i < query.length; i += 2) {
                pairs.add(Pair.create(query[i], query[i + 1]));
            }
            uri = uri.query(Query.create(pairs));
        }
        return HttpRequest.create().withMethod(method).withUri(uri).addHeader(authorization);
    }

    private CompletionStage<AriReply> send(HttpRequest request) {
        return send(request, TIMEOUT);
    }

    private CompletionStage<AriReply> send(HttpRequest request, Duration timeout) {
        if (closed) {
            return CompletableFuture.completedFuture(AriReply.none("the connection was given up"));
        }
        if (request.method() != HttpMethods.GET && !mayAct.getAsBoolean()) {
            return CompletableFuture.completedFuture(
                    AriReply.none("this node stood still, and another may have the box by now"));
        }
        var begun = System.nanoTime();
        return http.singleRequest(
                        request,
                        http.defaultClientHttpsContext(),
                        poolSettings,
                        system.classicSystem().log())
                .thenCompose(this::read)
                .toCompletableFuture()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((reply, failure) -> count(failure, Duration.ofNanos(System.nanoTime() - begun)))
                .exceptionally(failure -> noAnswer(failure, timeout));
    }

    private void count(Throwable failure, Duration took) {
        if (failure == null) {
            meter.answered(boxId, took);
        } else {
            meter.unanswered(boxId);
        }
    }

    private CompletionStage<AriReply> read(HttpResponse response) {
        return response.entity().toStrict(TIMEOUT.toMillis(), 64L << 20, system).thenApply(entity -> {
            String text = entity.getData().decodeString(StandardCharsets.UTF_8);
            return new AriReply(response.status().intValue(), body(text), "");
        });
    }

    private static JsonNode body(String text) {
        try {
            return AriJson.read(text);
        } catch (JsonProcessingException e) {
            // Not ARI's own answer, for example the HTML of a 404: the status says enough.
            return MissingNode.getInstance();
        }
    }

    private static AriReply noAnswer(Throwable failure, Duration timeout) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof TimeoutException
                ? AriReply.none("no answer within " + timeout.toMillis() + " ms")
                : AriReply.none(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }
}
