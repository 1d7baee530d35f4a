package dev.carillon.api;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A real server on a free port before a {@link World} of fakes. Every answer that a test gets is checked against the contract. */
abstract class ApiTest {

    static final Contract CONTRACT = new Contract();
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static ActorTestKit kit;

    final World world = new World();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private ApiServer server;

    /** An answer whose form is right. */
    record Answer(int status, String body, HttpResponse<String> http) {
        JsonNode json() {
            return Contract.json(body);
        }

        String code() {
            return json().path("code").asText();
        }

        String detail() {
            return json().path("detail").asText();
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }
    }

    @BeforeAll
    static void startSystem() {
        kit = ActorTestKit.create(ConfigFactory.parseString("akka.actor.provider = local\nakka.loglevel = WARNING")
                .withFallback(ConfigFactory.load()));
    }

    @AfterAll
    static void stopSystem() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void startServer() {
        startServerWith(key());
    }

    void startServerWith(Optional<String> key) {
        server = await(ApiServer.start(kit.system(), settings(key), world.services()));
    }

    @AfterEach
    void stopServer() {
        await(server.stop());
    }

    /** The key of the server that tests start with; none unless a test class says otherwise. */
    Optional<String> key() {
        return Optional.empty();
    }

    static ApiSettings settings(Optional<String> key) {
        return new ApiSettings(
                "127.0.0.1", 0, key, 65_536, Duration.ofMillis(700), Duration.ofSeconds(20), Duration.ofMillis(20));
    }

    static ActorTestKit kit() {
        return kit;
    }

    ApiServer server() {
        return server;
    }

    HttpClient http() {
        return http;
    }

    Answer get(String address) {
        return send("GET", address, null);
    }

    Answer put(String address, String json) {
        return send("PUT", address, json);
    }

    Answer delete(String address) {
        return send("DELETE", address, null);
    }

    /** @param json null for no body */
    Answer send(String method, String address, String json, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(server.url() + address)).timeout(LIMIT);
        if (json == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.method(method, HttpRequest.BodyPublishers.ofString(json));
            request.setHeader("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            CONTRACT.check(method, address, response);
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static <T> T await(java.util.concurrent.CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
