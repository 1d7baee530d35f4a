package dev.carillon.node;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.path;

import akka.actor.AbstractExtensionId;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import akka.actor.ExtensionIdProvider;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code /alive} and {@code /ready} of the management port, in place of Akka's own: what is wrong stands in the answer. And {@code
 * /figures}: what this node has counted since it started.
 *
 * <pre>
 * 503 {"ready":false,"checks":{"cluster":"ok","database":"does not answer: connection refused", ...}}
 * 200 {"failedDecisions":0,"callRecordsWritten":4711, ...}
 * </pre>
 */
final class HealthRoutes implements Extension, ManagementRouteProvider {

    private static final JsonMapper JSON = new JsonMapper();

    /** Akka knows extensions by their one id. */
    private static final Provider ID = new Provider();

    private volatile Health health = new Health().with("node", Health.is(() -> false, "has only just begun to start"));

    private volatile Supplier<Map<String, Long>> figures = Map::of;

    private HealthRoutes() {}

    /** Named in {@code reference.conf}; Akka Management makes one. */
    public static final class Provider extends AbstractExtensionId<HealthRoutes> implements ExtensionIdProvider {

        @Override
        public HealthRoutes createExtension(ExtendedActorSystem system) {
            return new HealthRoutes();
        }

        @Override
        public Provider lookup() {
            return ID;
        }
    }

    /** From now on this is what is asked. */
    static void serve(ActorSystem<?> system, Health health) {
        ID.get(system.classicSystem()).health = health;
    }

    /** From now on these are shown, in their order. */
    static void serveFigures(ActorSystem<?> system, Supplier<Map<String, Long>> figures) {
        ID.get(system.classicSystem()).figures = figures;
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return concat(
                path("alive", () -> get(() -> complete("alive\n"))),
                path("figures", () -> get(() -> complete(counted(figures.get())))),
                path("ready", () -> get(() -> completeWithFuture(health.ask().thenApply(HealthRoutes::answer)))));
    }

    private static HttpResponse counted(Map<String, Long> figures) {
        ObjectNode body = JSON.createObjectNode();
        figures.forEach(body::put);
        return HttpResponse.create()
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body.toPrettyString() + "\n"));
    }

    private static HttpResponse answer(Health.Report report) {
        ObjectNode body = JSON.createObjectNode().put("ready", report.ready());
        var checks = body.putObject("checks");
        report.trouble().forEach((part, trouble) -> checks.put(part, trouble.isEmpty() ? "ok" : trouble));
        return HttpResponse.create()
                .withStatus(report.ready() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body.toPrettyString() + "\n"));
    }
}
