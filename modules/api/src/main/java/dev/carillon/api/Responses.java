package dev.carillon.api;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import java.util.List;

/** Answers of the API. */
final class Responses {

    private static final CacheControl NO_STORE = CacheControl.create(CacheDirectives.NO_STORE);

    /** {@code {"items": [...]}}: a list that can grow other fields. */
    record Items<T>(List<T> items) {}

    private Responses() {}

    static HttpResponse ok(Object body) {
        return json(StatusCodes.OK, body);
    }

    static HttpResponse created(Object body) {
        return json(StatusCodes.CREATED, body);
    }

    static <T> HttpResponse items(List<T> items) {
        return ok(new Items<>(items));
    }

    static HttpResponse noContent() {
        return HttpResponse.create().withStatus(StatusCodes.NO_CONTENT).addHeader(NO_STORE);
    }

    private static HttpResponse json(StatusCode status, Object body) {
        return HttpResponse.create()
                .withStatus(status)
                .addHeader(NO_STORE)
                .withEntity(ContentTypes.APPLICATION_JSON, Json.bytes(body));
    }
}
