package dev.carillon.api;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.store.ConfigurationStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What operations of one kind have in common. */
final class Answers {

    private Answers() {}

    static <T> CompletionStage<HttpResponse> items(Request request, List<T> items) {
        request.withoutBody().query().check();
        return CompletableFuture.completedFuture(Responses.items(items));
    }

    static CompletionStage<HttpResponse> one(Request request, Object body) {
        request.withoutBody().query().check();
        return CompletableFuture.completedFuture(Responses.ok(body));
    }

    /**
     * Creates or replaces something configured.
     *
     * @param look finds it as it is configured
     */
    static <T> CompletionStage<HttpResponse> put(
            Backend backend, Function<Overview, Optional<T>> look, Consumer<ConfigurationStore> change) {
        var existed = look.apply(backend.overview()).isPresent();
        return backend.put(change).thenApply(done -> {
            var body = look.apply(backend.overview())
                    .orElseThrow(
                            () -> Problem.of(
                                    ProblemCode.NOT_FOUND,
                                    "It was stored, and deleted again by somebody else at the same moment. Look before you repeat it."));
            return existed ? Responses.ok(body) : Responses.created(body);
        });
    }

    /** @param change returns whether there was one */
    static CompletionStage<HttpResponse> delete(
            Request request, Backend backend, Function<ConfigurationStore, Boolean> change, Supplier<Problem> unknown) {
        request.withoutBody().query().check();
        return backend.change(change).thenApply(existed -> {
            if (!existed) {
                throw unknown.get();
            }
            return Responses.noContent();
        });
    }
}
