package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.DELETE;
import static akka.http.javadsl.model.HttpMethods.GET;
import static akka.http.javadsl.model.HttpMethods.PUT;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.core.agent.NotReadyReason;
import dev.carillon.store.Ids;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The operator's list of reasons not to be ready. */
final class NotReadyReasonOperations {

    private static final int LONGEST_NAME = 100;
    private static final int MOST_ORDER = 1_000_000;
    private static final int ORDER = 100;

    private final Backend backend;

    NotReadyReasonOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/not-ready-reasons", this::list),
                Operation.of(GET, "/api/v1/not-ready-reasons/{code}", Ids.ENTITY, this::get),
                Operation.of(PUT, "/api/v1/not-ready-reasons/{code}", Ids.ENTITY, this::put),
                Operation.of(DELETE, "/api/v1/not-ready-reasons/{code}", Ids.ENTITY, this::delete));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().notReadyReasons());
    }

    private CompletionStage<HttpResponse> get(Request request) {
        return Answers.one(
                request, backend.overview().notReadyReason(request.id()).orElseThrow(() -> unknown(request.id())));
    }

    private CompletionStage<HttpResponse> put(Request request) {
        return request.body().thenCompose(body -> {
            var reason = new NotReadyReason(
                    request.id(),
                    body.text("name", LONGEST_NAME),
                    body.flag("paid", false),
                    body.flag("active", true),
                    body.wholeNumber("order", 0, MOST_ORDER, ORDER));
            body.check();
            return Answers.put(
                    backend,
                    overview -> overview.notReadyReason(request.id()),
                    store -> store.putNotReadyReason(reason));
        });
    }

    private CompletionStage<HttpResponse> delete(Request request) {
        return Answers.delete(
                request, backend, store -> store.deleteNotReadyReason(request.id()), () -> unknown(request.id()));
    }

    private static Problem unknown(String code) {
        return Problem.of(
                ProblemCode.NOT_READY_REASON_NOT_FOUND,
                "There is no reason " + code
                        + " on the list. The list is at /api/v1/not-ready-reasons; add one with PUT.");
    }
}
