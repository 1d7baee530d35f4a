package dev.carillon.acceptance.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The HTTP API as a customer's program uses it. */
public final class CarillonApi {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private static final JsonMapper JSON = new JsonMapper();
    private static final int NO_ANSWER_IN_TIME = 504;

    private final URI base;
    private final String key;

    CarillonApi(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    /** Of a demonstration on this machine, which wants no key. */
    public static CarillonApi ofDemonstration(int port) {
        return new CarillonApi(URI.create("http://127.0.0.1:" + port), "none");
    }

    /** Must be answered with success. Anything else is an {@link AssertionError} with the whole answer. */
    public JsonNode get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    /** As {@link #get}; {@code body} is turned into JSON. */
    public JsonNode put(String path, Map<String, ?> body) {
        try {
            return send("PUT", path, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * Whatever is answered, and how soon.
     *
     * @param code of a problem; empty for anything else
     */
    public record Answer(int status, String code, Duration took) {}

    /** Asks once and takes any answer; {@code body} is turned into JSON, none when it is empty. */
    public Answer answer(String method, String path, Map<String, ?> body) {
        var begun = Instant.now();
        try {
            var answer = HTTP.send(
                    request(
                            method,
                            path,
                            body.isEmpty()
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))),
                    HttpResponse.BodyHandlers.ofString());
            var took = Duration.between(begun, Instant.now());
            return new Answer(
                    answer.statusCode(),
                    answer.body().isEmpty()
                            ? ""
                            : JSON.readTree(answer.body()).path("code").asText(),
                    took);
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    // ---- agents

    public void logIn(String agentId, String seatId) {
        put("agents/" + agentId + "/session", Map.of("seat", seatId));
    }

    public void ready(String agentId) {
        put("agents/" + agentId + "/state", Map.of("state", "ready"));
    }

    public void notReady(String agentId, String reason) {
        put("agents/" + agentId + "/state", Map.of("state", "not-ready", "reason", reason));
    }

    /** A sign of life of the agent's desktop. */
    public void heartbeat(String agentId) {
        send("POST", "agents/" + agentId + "/heartbeat", HttpRequest.BodyPublishers.noBody());
    }

    /** For example {@code ready}, {@code talking}, {@code not-ready (busy)}. */
    public String state(String agentId) {
        var agent = get("agents/" + agentId);
        var reason = agent.get("reason").asText("");
        return agent.get("state").asText() + (agent.get("reason").isNull() ? "" : " (" + reason + ")");
    }

    // ---- calls

    /** The callers' numbers in the order in which they will be served. */
    public List<String> waiting(String queueId) {
        return line(queueId).stream()
                .map(call -> call.get("callerNumber").asText())
                .toList();
    }

    /** Who waits and why there, in the order in which they will be served. */
    public List<JsonNode> line(String queueId) {
        return items(get("queues/" + queueId + "/calls"));
    }

    /** How many calls there are now, in whatever state. */
    public int calls() {
        return items(get("calls")).size();
    }

    /** All there are, oldest first. */
    public List<Recorded> records() {
        var records = new ArrayList<Recorded>();
        var cursor = "";
        do {
            var page = get("call-records?limit=500"
                    + (cursor.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8)));
            items(page).forEach(item -> records.add(Recorded.of(item)));
            cursor = page.get("nextCursor").asText("");
            if (page.get("nextCursor").isNull()) {
                cursor = "";
            }
        } while (!cursor.isEmpty());
        records.sort(Comparator.comparing(Recorded::arrivedAt));
        return records;
    }

    /** Everything that happened to a call, oldest first. */
    public List<JsonNode> history(String callId) {
        return items(get("calls/" + callId + "/history"));
    }

    /** Of a caller, oldest first. */
    public List<Recorded> records(String callerNumber) {
        return records().stream()
                .filter(record -> record.callerNumber().equals(callerNumber))
                .toList();
    }

    /** The only one of a caller, or an {@link AssertionError}. */
    public Recorded record(String callerNumber) {
        var found = records(callerNumber);
        if (found.size() != 1) {
            throw new AssertionError("there are " + found.size() + " records of " + callerNumber + ": " + found);
        }
        return found.get(0);
    }

    // ---- the rest

    /** For example {@code up}, or {@code lost: BOX_UNREACHABLE}. */
    public String box(String boxId) {
        var box = get("boxes/" + boxId);
        return box.get("state").asText()
                + (box.get("code").isNull() ? "" : ": " + box.get("code").asText());
    }

    private static List<JsonNode> items(JsonNode list) {
        return StreamSupport.stream(list.get("items").spliterator(), false).toList();
    }

    private HttpRequest request(String method, String path, HttpRequest.BodyPublisher body) {
        return HttpRequest.newBuilder(base.resolve("/api/v1/" + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .method(method, body)
                .build();
    }

    private JsonNode send(String method, String path, HttpRequest.BodyPublisher body) {
        var request = request(method, path, body);
        try {
            var answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            // What a client of the API is told to do then; only on a machine that stands still is it needed.
            for (int more = 2; answer.statusCode() == NO_ANSWER_IN_TIME && more > 0; more--) {
                System.out.println("Again, as there was no answer in time: " + method + " " + path);
                answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            }
            if (answer.statusCode() / 100 != 2) {
                throw new AssertionError(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
            }
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * A call record. Texts that the API gives as {@code null} are empty here.
     *
     * @param answeredAt null when nobody talked
     */
    public record Recorded(
            String callId,
            String callerNumber,
            String dialledNumber,
            String queueId,
            String agentId,
            String seatId,
            Instant arrivedAt,
            Instant answeredAt,
            Instant endedAt,
            Duration waited,
            Duration talked,
            int offers,
            String outcome,
            String endedBy,
            boolean whileRinging,
            int q850Cause,
            String firstQueueId,
            String leftBy,
            String leftTo) {

        static Recorded of(JsonNode json) {
            return new Recorded(
                    text(json, "callId"),
                    text(json, "callerNumber"),
                    text(json, "dialledNumber"),
                    text(json, "queueId"),
                    text(json, "agentId"),
                    text(json, "seatId"),
                    Instant.parse(text(json, "arrivedAt")),
                    json.get("answeredAt").isNull() ? null : Instant.parse(text(json, "answeredAt")),
                    Instant.parse(text(json, "endedAt")),
                    Duration.ofMillis(json.get("waitMillis").asLong()),
                    Duration.ofMillis(json.get("talkMillis").asLong()),
                    json.get("offers").asInt(),
                    text(json, "outcome"),
                    text(json, "endedBy"),
                    json.get("whileRinging").asBoolean(),
                    json.get("q850Cause").asInt(),
                    text(json, "firstQueueId"),
                    text(json, "leftBy"),
                    text(json, "leftTo"));
        }

        private static String text(JsonNode json, String name) {
            var value = json.get(name);
            return value.isNull() ? "" : value.asText();
        }
    }
}
