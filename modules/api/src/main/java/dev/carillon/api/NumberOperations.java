package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.DELETE;
import static akka.http.javadsl.model.HttpMethods.GET;
import static akka.http.javadsl.model.HttpMethods.PUT;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.core.Directory;
import dev.carillon.store.Ids;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Dialled numbers and where they lead. */
final class NumberOperations {

    private static final int LEAST_PRIORITY = 1;
    private static final int MOST_PRIORITY = 10;
    private static final int PRIORITY = 5;

    private final Backend backend;

    NumberOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/numbers", this::list),
                Operation.of(GET, "/api/v1/numbers/{number}", Ids.NUMBER, this::get),
                Operation.of(PUT, "/api/v1/numbers/{number}", Ids.NUMBER, this::put),
                Operation.of(DELETE, "/api/v1/numbers/{number}", Ids.NUMBER, this::delete));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().numbers());
    }

    private CompletionStage<HttpResponse> get(Request request) {
        return Answers.one(request, backend.overview().number(request.id()).orElseThrow(() -> unknown(request.id())));
    }

    private CompletionStage<HttpResponse> put(Request request) {
        return request.body().thenCompose(body -> {
            var number = new Directory.DialledNumber(
                    request.id(),
                    body.id("queueId", Ids.ENTITY),
                    body.wholeNumber("priority", LEAST_PRIORITY, MOST_PRIORITY, PRIORITY));
            body.check();
            return Answers.put(backend, overview -> overview.number(request.id()), store -> store.putNumber(number));
        });
    }

    private CompletionStage<HttpResponse> delete(Request request) {
        return Answers.delete(request, backend, store -> store.deleteNumber(request.id()), () -> unknown(request.id()));
    }

    private static Problem unknown(String number) {
        return Problem.of(
                ProblemCode.NUMBER_NOT_FOUND,
                "There is no dialled number " + number + ". The numbers are at /api/v1/numbers; add one with PUT.");
    }
}
