package dev.carillon.api;

import static akka.http.javadsl.server.Directives.completeOK;
import static akka.http.javadsl.server.Directives.concat;
import static akka.http.javadsl.server.Directives.extractMaterializer;
import static akka.http.javadsl.server.Directives.extractRequest;
import static akka.http.javadsl.server.Directives.handleExceptions;
import static akka.http.javadsl.server.Directives.handleRejections;
import static akka.http.javadsl.server.Directives.mapResponse;
import static akka.http.javadsl.server.Directives.method;
import static akka.http.javadsl.server.Directives.optionalHeaderValueByName;
import static akka.http.javadsl.server.Directives.path;
import static akka.http.javadsl.server.Directives.pathPrefix;
import static akka.http.javadsl.server.Directives.reject;
import static akka.http.javadsl.server.Directives.withRequestTimeoutResponse;

import akka.http.javadsl.marshalling.sse.EventStreamMarshalling;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All operations and pages as one route, which answers everything: problems too. */
final class ApiRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(ApiRoutes.class);
    private static final String PREFIX = "/api/v1/";
    private static final String CALLERS = PREFIX + "caller-lists/";

    private final ApiSettings settings;
    private final ApiKey key;
    private final List<Operation> operations;
    private final RequestMeter meter;

    ApiRoutes(ApiSettings settings, Backend backend, LiveStream live, RequestMeter meter) {
        this.settings = settings;
        this.key = new ApiKey(settings.key());
        this.operations = operations(backend, live);
        this.meter = meter;
    }

    /** Every operation of the contract; the contract test compares the two. */
    static List<Operation> operations(Backend backend, LiveStream live) {
        return Stream.of(
                        new AgentOperations(backend).all(),
                        new QueueOperations(backend).all(),
                        new CallOperations(backend).all(),
                        new BoxOperations(backend).all(),
                        new SeatOperations(backend).all(),
                        new NumberOperations(backend).all(),
                        new InboundRuleOperations(backend).all(),
                        new CalendarOperations(backend).all(),
                        new CallerListOperations(backend).all(),
                        new NotReadyReasonOperations(backend).all(),
                        List.of(new Operation(HttpMethods.GET, "/api/v1/live", Optional.empty(), request -> {
                            request.withoutBody().query().check();
                            return completeOK(live.source(), EventStreamMarshalling.toEventStream());
                        })))
                .flatMap(List::stream)
                .toList();
    }

    Route route() {
        return withRequestTimeoutResponse(
                request -> Problems.timedOut(),
                () -> handleExceptions(
                        Problems.exceptionHandler(),
                        () -> handleRejections(Problems.rejectionHandler(), () -> concat(api(), WebPages.route()))));
    }

    /** The key is asked for before anything is said about what there is. */
    private Route api() {
        return pathPrefix(
                PathMatchers.separateOnSlashes("api/v1"),
                () -> optionalHeaderValueByName("Authorization", authorization -> {
                    key.check(authorization);
                    return extractRequest(request -> mapResponse(response -> logged(request, response), this::routed));
                }));
    }

    private Route routed() {
        Map<String, List<Operation>> byPath = new LinkedHashMap<>();
        for (var operation : operations) {
            byPath.computeIfAbsent(operation.path(), path -> new ArrayList<>()).add(operation);
        }
        return byPath.entrySet().stream()
                .map(entry -> at(entry.getKey(), entry.getValue()))
                .reduce(reject(), (one, other) -> concat(one, other));
    }

    /** Contract paths have the form {@code /api/v1/a/{id}/b}, with or without the last two parts, or {@code /api/v1/a/b}. */
    private Route at(String contractPath, List<Operation> alternatives) {
        var parts = contractPath.substring(PREFIX.length()).split("/", -1);
        var collection = PathMatchers.separateOnSlashes(parts[0]);
        if (parts.length == 1) {
            return path(collection, () -> methods(alternatives, ""));
        }
        if (!parts[1].startsWith("{")) {
            return path(collection.slash(parts[1]), () -> methods(alternatives, ""));
        }
        var one = collection.slash(PathMatchers.segment());
        return path(parts.length == 2 ? one : one.slash(parts[2]), id -> methods(alternatives, id));
    }

    private Route methods(List<Operation> alternatives, String id) {
        return alternatives.stream()
                .map(operation -> method(operation.method(), () -> measured(operation, () -> run(operation, id))))
                .reduce(reject(), (one, other) -> concat(one, other));
    }

    /** Problems are made into answers in here already, to be counted with the others. */
    private Route measured(Operation operation, Supplier<Route> inner) {
        var name = operation.method().name() + " " + operation.path();
        return extractRequest(request -> {
            var begun = System.nanoTime();
            return mapResponse(
                    response -> {
                        var took = Duration.ofNanos(System.nanoTime() - begun);
                        meter.answered(name, response.status().intValue(), took);
                        return response;
                    },
                    () -> handleExceptions(
                            Problems.exceptionHandler(), () -> handleRejections(Problems.rejectionHandler(), inner)));
        });
    }

    private Route run(Operation operation, String id) {
        return extractMaterializer(materializer -> extractRequest(request -> {
            operation.id().filter(form -> !form.fits(id)).ifPresent(form -> {
                throw Problem.ofField(parameter(operation.path()), "must be " + form.form());
            });
            return operation.handler().apply(new Request(request, id, settings, materializer));
        }));
    }

    private static String parameter(String contractPath) {
        return contractPath.substring(contractPath.indexOf('{') + 1, contractPath.indexOf('}'));
    }

    /** Callers' numbers are none of the log's business. */
    private static String shown(String path) {
        return path.startsWith(CALLERS) ? CALLERS + "..." : path;
    }

    /** Who changed what stands in the log; what they only looked at does not. */
    private static HttpResponse logged(HttpRequest request, HttpResponse response) {
        var changes =
                request.method().equals(HttpMethods.PUT) || request.method().equals(HttpMethods.DELETE);
        if (changes && response.status().isSuccess()) {
            LOG.info(
                    "{} {} from {}: {}",
                    request.method().name(),
                    shown(request.getUri().path()),
                    request.getAttribute(AttributeKeys.remoteAddress)
                            .flatMap(address -> address.getAddress())
                            .map(Object::toString)
                            .orElse("unknown"),
                    response.status().intValue());
        }
        return response;
    }
}
