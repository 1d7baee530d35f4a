package dev.carillon.api;

import akka.http.javadsl.model.HttpRequest;
import akka.stream.Materializer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** One request to an operation. */
final class Request {

    private final HttpRequest http;
    private final String id;
    private final ApiSettings settings;
    private final Materializer materializer;

    /** @param id the path's parameter; empty when it has none */
    Request(HttpRequest http, String id, ApiSettings settings, Materializer materializer) {
        this.http = http;
        this.id = id;
        this.settings = settings;
        this.materializer = materializer;
    }

    String id() {
        return id;
    }

    Query query() {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (var parameter : http.getUri().query().toList()) {
            parameters
                    .computeIfAbsent(parameter.first(), name -> new ArrayList<>())
                    .add(parameter.second());
        }
        return new Query(parameters);
    }

    /** For operations that read no body: one that is there is thrown away. */
    Request withoutBody() {
        http.discardEntityBytes(materializer);
        return this;
    }

    /**
     * For operations that know no query parameters. Fails with a {@link Problem} when the body is not one JSON object of reasonable
     * size, sent in reasonable time.
     */
    CompletionStage<JsonBody> body() {
        query().check();
        var type = http.entity().getContentType().mediaType();
        if (!type.mainType().equals("application") || !type.subType().equals("json")) {
            http.discardEntityBytes(materializer);
            throw Problem.of(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
                    "Send the body as JSON, with the header Content-Type: application/json.");
        }
        return http.entity()
                .withSizeLimit(settings.maxBodyBytes())
                .toStrict(settings.bodyTimeout().toMillis(), materializer)
                .handle((entity, failure) -> {
                    if (failure == null) {
                        return new JsonBody(Json.object(entity.getData().toArray()));
                    }
                    if (Problems.cause(failure) instanceof TimeoutException) {
                        throw Problem.of(
                                ProblemCode.REQUEST_TIMED_OUT,
                                "The body did not arrive within "
                                        + settings.bodyTimeout().toSeconds() + " seconds. Send the request again.");
                    }
                    throw new CompletionException(Problems.cause(failure));
                });
    }
}
