package dev.carillon.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** JSON over HTTP, from a node's API or from what drives its boxes. Blocking; for any number of threads. */
final class Http {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NO_ANSWER_IN_TIME = 504;
    private static final int TRIES = 5;

    private final URI base;
    private final String key;

    /** @param key of the API; any for what wants none */
    Http(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    JsonNode get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    <T> T get(String path, Class<T> kind) {
        return JSON.convertValue(get(path), kind);
    }

    void put(String path, Object body) {
        send("PUT", path, json(body));
    }

    void post(String path, Object body) {
        send("POST", path, json(body));
    }

    /** The status alone; 0 when nobody answers. */
    int status(String path) {
        try {
            return CLIENT.send(
                            request("GET", path, HttpRequest.BodyPublishers.noBody()),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** An answer that never ends. */
    HttpResponse<java.io.InputStream> stream(String path) {
        try {
            var request = HttpRequest.newBuilder(base.resolve(path))
                    .header("Authorization", "Bearer " + key)
                    .header("Accept", "text/event-stream")
                    .build();
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new LoadFailure("The node does not answer GET " + base.resolve(path) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private JsonNode send(String method, String path, HttpRequest.BodyPublisher body) {
        try {
            for (int attempt = 1; ; attempt++) {
                var answer = CLIENT.send(request(method, path, body), HttpResponse.BodyHandlers.ofByteArray());
                if (answer.statusCode() / 100 == 2) {
                    return answer.body().length == 0 ? JSON.nullNode() : JSON.readTree(answer.body());
                }
                // What a client of the API is told to do then.
                if (answer.statusCode() != NO_ANSWER_IN_TIME || attempt == TRIES) {
                    throw new LoadFailure(
                            method + " " + base.resolve(path) + " was answered with " + answer.statusCode() + ": "
                                    + new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            throw new LoadFailure("The node does not answer " + method + " " + base.resolve(path) + ": " + e, e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static LoadFailure interrupted() {
        Thread.currentThread().interrupt();
        return new LoadFailure("Interrupted.");
    }

    private HttpRequest request(String method, String path, HttpRequest.BodyPublisher body) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build();
    }

    private static HttpRequest.BodyPublisher json(Object body) {
        try {
            return HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
