package dev.carillon.node;

import static akka.http.javadsl.server.Directives.complete;
import static akka.http.javadsl.server.Directives.completeWithFuture;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.get;
import static akka.http.javadsl.server.Directives.handleExceptions;
import static akka.http.javadsl.server.Directives.handleRejections;
import static akka.http.javadsl.server.Directives.optionalHeaderValueByName;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathPrefixTest;
import static akka.http.javadsl.server.Directives.reject;

import akka.actor.AbstractExtensionId;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import akka.actor.ExtensionIdProvider;
import akka.actor.typed.ActorSystem;
import akka.cluster.Cluster;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.Route;
import akka.management.cluster.javadsl.ClusterHttpManagementRoutes;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The management port, and the one place that decides who may ask what there. Open to everybody who reaches it are {@code /alive} and
 * {@code /ready}, in place of Akka's own: what is wrong stands in the answer. So is what nodes ask each other when they begin a cluster, which
 * is Akka's. All else is for who has the {@link OperatorToken}, also Akka's view of the cluster, of which nothing can be changed.
 *
 * <pre>
 * 503 {"ready":false,"checks":{"cluster":"ok","database":"does not answer: connection refused", ...}}
 * </pre>
 */
final class ManagementRoutes implements Extension, ManagementRouteProvider {

    private static final JsonMapper JSON = new JsonMapper();

    /** First segments of the addresses that need the token. */
    private static final List<String> GUARDED =
            List.of("figures", "metrics", "cluster", "shards", "entities", "drain", "log-levels");

    /** Akka knows extensions by their one id. */
    private static final Provider ID = new Provider();

    private final ExtendedActorSystem system;
    private volatile Health health = new Health().with("node", Health.is(() -> false, "has only just begun to start"));
    private volatile Route operators = reject();

    private ManagementRoutes(ExtendedActorSystem system) {
        this.system = system;
    }

    /** Named in {@code application.conf}; Akka Management makes one. */
    public static final class Provider extends AbstractExtensionId<ManagementRoutes> implements ExtensionIdProvider {

        @Override
        public ManagementRoutes createExtension(ExtendedActorSystem system) {
            return new ManagementRoutes(system);
        }

        @Override
        public Provider lookup() {
            return ID;
        }
    }

    /** What is served; to be said before Akka Management starts. */
    static void serve(ActorSystem<?> system, Health health, OperatorToken token, OperatorRoutes operators) {
        var routes = ID.get(system.classicSystem());
        routes.health = health;
        routes.operators = routes.guarded(token, operators.route());
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return concat(
                path("alive", () -> get(() -> complete("alive\n"))),
                path("ready", () -> get(() -> completeWithFuture(health.ask().thenApply(ManagementRoutes::answer)))),
                operators);
    }

    /** What is not ours is left to other providers. */
    private Route guarded(OperatorToken token, Route own) {
        var inner = concat(own, ClusterHttpManagementRoutes.readOnly(Cluster.get(system)));
        var guard = handleExceptions(
                OperatorProblem.exceptionHandler(),
                () -> handleRejections(
                        OperatorProblem.rejectionHandler(),
                        () -> optionalHeaderValueByName("Authorization", sent -> token.refusal(sent)
                                .<Route>map(refusal -> complete(refusal.response()))
                                .orElse(inner))));
        return GUARDED.stream()
                .map(segment -> pathPrefixTest(segment, () -> guard))
                .reduce(reject(), (one, other) -> concat(one, other));
    }

    private static HttpResponse answer(Health.Report report) {
        ObjectNode body = JSON.createObjectNode().put("ready", report.ready());
        var checks = body.putObject("checks");
        for (var parts : List.of(report.trouble(), report.notes())) {
            parts.forEach((part, trouble) -> checks.put(part, trouble.isEmpty() ? "ok" : trouble));
        }
        return HttpResponse.create()
                .withStatus(report.ready() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body.toPrettyString() + "\n"));
    }
}
