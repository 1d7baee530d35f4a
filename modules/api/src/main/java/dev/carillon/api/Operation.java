package dev.carillon.api;

import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import dev.carillon.store.Ids;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One operation of the contract.
 *
 * @param path as the contract writes it, for example {@code /api/v1/agents/{agentId}/state}; at most one parameter
 * @param id what the parameter must look like; empty when the path has none
 */
record Operation(HttpMethod method, String path, Optional<Ids> id, Function<Request, Route> handler) {

    static Operation of(HttpMethod method, String path, Function<Request, CompletionStage<HttpResponse>> handler) {
        return new Operation(
                method, path, Optional.empty(), request -> Directives.completeWithFuture(handler.apply(request)));
    }

    static Operation of(
            HttpMethod method, String path, Ids id, Function<Request, CompletionStage<HttpResponse>> handler) {
        return new Operation(
                method, path, Optional.of(id), request -> Directives.completeWithFuture(handler.apply(request)));
    }
}
