package dev.carillon.node;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.delete;
import static akka.http.javadsl.server.Directives.entity;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathEnd;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.Directives.put;
import static akka.http.javadsl.server.PathMatchers.segment;

import akka.actor.Address;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import akka.http.javadsl.server.Route;
import akka.http.javadsl.unmarshalling.Unmarshaller;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.cluster.EntityPlaces;
import dev.carillon.node.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What operators ask of a node, and order it to do. Each answer is one JSON object.
 *
 * <pre>
 * GET    /figures              what this node has counted since it started
 * GET    /metrics              the same and much more, as Prometheus reads it
 * GET    /shards               which member the shards of every kind of entity live on
 * GET    /entities/{kind}/{id} which member one entity lives on
 * GET    /drain                whether the node is being drained
 * PUT    /drain                ends it as planned
 * GET    /log-levels           how much the log says
 * PUT    /log-levels/{logger}  {"level":"DEBUG"}
 * DELETE /log-levels/{logger}  back to what the configuration says
 * </pre>
 */
final class OperatorRoutes {

    private static final JsonMapper JSON = new JsonMapper();

    /** Shards are numbers to everybody but sharding. */
    private static final Comparator<String> BY_NUMBER =
            Comparator.<String>comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private final Supplier<Map<String, Long>> figures;
    private final Supplier<String> metrics;
    private final EntityPlaces places;

    /** Sharding types by what operators call them. */
    private final Map<String, String> kinds;

    private final Drain drain;
    private final LogLevels levels;

    /**
     * @param figures in their order
     * @param metrics in Prometheus's text format
     * @param kinds sharding types by what operators call them, in their order
     */
    OperatorRoutes(
            Supplier<Map<String, Long>> figures,
            Supplier<String> metrics,
            EntityPlaces places,
            Map<String, String> kinds,
            Drain drain,
            LogLevels levels) {
        this.figures = figures;
        this.metrics = metrics;
        this.places = places;
        this.kinds = kinds;
        this.drain = drain;
        this.levels = levels;
    }

    /** As {@code Call} and {@code TelephonyNode} become {@code call} and {@code telephony-node}. */
    static String kindOf(String type) {
        return type.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    Route route() {
        return concat(
                path("figures", () -> get(() -> complete(counted(figures.get())))),
                path("metrics", () -> get(() -> complete(measured()))),
                path("shards", () -> get(() -> completeWithFuture(shards()))),
                path(
                        segment("entities").slash(segment()).slash(segment()),
                        (kind, id) -> get(() -> completeWithFuture(place(kind, id)))),
                path(
                        "drain",
                        () -> concat(get(() -> complete(drain(StatusCodes.OK))), put(() -> {
                            drain.begin("an operator asked for it");
                            return complete(drain(StatusCodes.ACCEPTED));
                        }))),
                pathPrefix(
                        "log-levels",
                        () -> concat(pathEnd(() -> get(() -> complete(levels()))), path(segment(), this::level))));
    }

    private Route level(String logger) {
        return concat(
                put(() -> entity(
                        Unmarshaller.entityToString(),
                        body -> complete(ok(setting(levels.set(logger, level(asked(body)))))))),
                delete(() -> {
                    levels.reset(logger);
                    return complete(HttpResponse.create().withStatus(StatusCodes.NO_CONTENT));
                }));
    }

    // ---- what is asked

    private static ObjectNode asked(String body) {
        var why = "";
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            why = " " + e.getOriginalMessage() + ".";
        }
        throw OperatorProblem.of(
                OperatorProblem.Code.MALFORMED_JSON, "Send one JSON object, for example {\"level\": \"DEBUG\"}." + why);
    }

    private static String level(JsonNode body) {
        var level = body.path("level").asText().toUpperCase(Locale.ROOT);
        if (!LogLevels.CHOICE.contains(level)) {
            throw OperatorProblem.of(
                    OperatorProblem.Code.INVALID_FIELD,
                    "level: has to be one of " + String.join(", ", LogLevels.CHOICE) + ".");
        }
        return level;
    }

    private String type(String kind) {
        var type = kinds.get(kind);
        if (type == null) {
            throw OperatorProblem.of(
                    OperatorProblem.Code.KIND_NOT_FOUND,
                    "There is no kind of entity \"" + kind + "\"; there are: " + String.join(", ", kinds.keySet())
                            + ".");
        }
        return type;
    }

    // ---- what is answered

    private CompletionStage<HttpResponse> shards() {
        var asked = new LinkedHashMap<String, CompletableFuture<Map<Address, Map<String, Integer>>>>();
        kinds.forEach((kind, type) -> asked.put(kind, places.shards(type).toCompletableFuture()));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    var body = JSON.createObjectNode();
                    var kindsSaid = body.putObject("kinds");
                    asked.forEach((kind, members) -> kindsSaid.set(kind, members(members.join())));
                    return ok(body);
                });
    }

    private static ObjectNode members(Map<Address, Map<String, Integer>> members) {
        var body = JSON.createObjectNode();
        body.put("shards", members.values().stream().mapToInt(Map::size).sum());
        body.put(
                "entities",
                members.values().stream().mapToInt(OperatorRoutes::sum).sum());
        var items = body.putArray("members");
        members.forEach((address, shards) -> {
            var item = items.addObject();
            item.put("member", address.toString());
            item.put("shards", shards.size());
            item.put("entities", sum(shards));
            var each = item.putObject("entitiesByShard");
            var ids = new ArrayList<>(shards.keySet());
            ids.sort(BY_NUMBER);
            ids.forEach(id -> each.put(id, shards.get(id)));
        });
        return body;
    }

    private static int sum(Map<String, Integer> shards) {
        return shards.values().stream().mapToInt(Integer::intValue).sum();
    }

    private CompletionStage<HttpResponse> place(String kind, String id) {
        return places.find(type(kind), id).thenApply(place -> {
            var body = JSON.createObjectNode();
            body.put("kind", kind);
            body.put("id", id);
            body.put("shard", place.shardId());
            body.put("member", place.member().map(Address::toString).orElse(null));
            body.put("running", place.running());
            return ok(body);
        });
    }

    private HttpResponse drain(StatusCode status) {
        var now = drain.status();
        return json(
                status,
                JSON.createObjectNode()
                        .put("state", now.state().name().toLowerCase(Locale.ROOT))
                        .put("since", now.since().toString()));
    }

    private HttpResponse levels() {
        var body = JSON.createObjectNode();
        var items = body.putArray("items");
        levels.all().forEach(setting -> items.add(setting(setting)));
        return ok(body);
    }

    private static ObjectNode setting(LogLevels.Setting setting) {
        return JSON.createObjectNode()
                .put("logger", setting.logger())
                .put("level", setting.level().orElse(null))
                .put("effective", setting.effective())
                .put("configured", setting.configured().orElse(null));
    }

    private static HttpResponse counted(Map<String, Long> figures) {
        var body = JSON.createObjectNode();
        figures.forEach(body::put);
        return ok(body);
    }

    private HttpResponse measured() {
        return HttpResponse.create()
                .addHeader(CacheControl.create(CacheDirectives.NO_STORE))
                .withEntity(
                        ContentTypes.parse(Metrics.CONTENT_TYPE), metrics.get().getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse ok(ObjectNode body) {
        return json(StatusCodes.OK, body);
    }

    private static HttpResponse json(StatusCode status, ObjectNode body) {
        return HttpResponse.create()
                .withStatus(status)
                .addHeader(CacheControl.create(CacheDirectives.NO_STORE))
                .withEntity(
                        ContentTypes.APPLICATION_JSON, (body.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
