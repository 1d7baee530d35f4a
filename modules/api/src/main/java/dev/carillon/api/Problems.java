package dev.carillon.api;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Allow;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.MethodRejection;
import akka.http.javadsl.server.Rejection;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.http.scaladsl.model.IllegalRequestException;
import dev.carillon.store.ConfigurationStore;
import dev.carillon.store.DatabaseException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever went wrong into an {@code application/problem+json} answer. */
final class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final ContentType PROBLEM_JSON =
            ContentTypes.create(MediaTypes.customBinary("application", "problem+json", true));
    private static final int RETRY_SECONDS = 5;

    private Problems() {}

    static HttpResponse response(Problem problem) {
        return HttpResponse.create()
                .withStatus(StatusCodes.get(problem.body().status()))
                .addHeaders(headers(problem))
                .withEntity(PROBLEM_JSON, Json.bytes(problem.body()));
    }

    static ExceptionHandler exceptionHandler() {
        return ExceptionHandler.newBuilder()
                .matchAny(failure -> Directives.complete(response(of(failure))))
                .build();
    }

    static RejectionHandler rejectionHandler() {
        return RejectionHandler.newBuilder()
                .handleAll(
                        MethodRejection.class,
                        rejections -> Directives.extractRequest(
                                request -> Directives.complete(methodNotAllowed(request, rejections))))
                .handleNotFound(Directives.extractRequest(request -> Directives.complete(notFound(request))))
                .handle(
                        Rejection.class,
                        rejection -> Directives.complete(response(Problem.of(
                                ProblemCode.MALFORMED_REQUEST,
                                "The request asks for something this server does not do ("
                                        + rejection.getClass().getSimpleName()
                                        + "). Its documentation is at /docs."))))
                .build();
    }

    /** The answer when the whole request took too long. */
    static HttpResponse timedOut() {
        return response(timeout());
    }

    /** What really failed: futures wrap it. */
    static Throwable cause(Throwable failure) {
        var cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    static Problem of(Throwable failure) {
        var cause = cause(failure);
        if (cause instanceof Problem problem) {
            return problem;
        }
        if (cause instanceof ConfigurationStore.Refused refused) {
            return refused(refused);
        }
        if (cause instanceof TimeoutException) {
            return timeout();
        }
        if (cause instanceof EntityStreamSizeException tooLarge) {
            return Problem.of(
                    ProblemCode.TOO_LARGE,
                    "The body is larger than the " + tooLarge.limit() + " bytes that are allowed.");
        }
        if (cause instanceof IllegalRequestException illegal) {
            return Problem.of(ProblemCode.MALFORMED_REQUEST, illegal.info().summary());
        }
        if (isLossOfDatabase(cause)) {
            LOG.warn("A request failed because the database cannot be reached: {}", cause.toString());
            return databaseUnavailable();
        }
        var incident = UUID.randomUUID().toString();
        LOG.error("A request failed, incident {}", incident, cause);
        return Problem.of(
                ProblemCode.INTERNAL_ERROR,
                "Something went wrong that should not. Look for incident " + incident + " in the log of this node.");
    }

    static Problem databaseUnavailable() {
        return Problem.of(
                ProblemCode.DATABASE_UNAVAILABLE,
                "The database cannot be reached, or takes no writes, at the moment. Calls go on; try again in a few seconds.");
    }

    private static Problem timeout() {
        return Problem.of(
                ProblemCode.TIMED_OUT,
                "There was no answer in time. It may still have been done: look how things stand, or repeat the request.");
    }

    private static Problem refused(ConfigurationStore.Refused refused) {
        var code = refused.code().equals("INVALID")
                ? ProblemCode.INVALID_FIELD
                : ProblemCode.named(refused.code()).orElse(null);
        if (code == null || refused.field().isEmpty()) {
            return Problem.refused(code == null ? refused.code() : code.name(), refused.getMessage());
        }
        var error = new Problem.FieldError(apiField(refused.field()), code.name(), refused.getMessage());
        return Problem.of(code, refused.getMessage(), List.of(error));
    }

    /** The store names settings as the seed file does: {@code ring-seconds}. */
    private static String apiField(String setting) {
        return switch (setting) {
            case "queues" -> "queueIds";
            case "queue" -> "queueId";
            case "agent" -> "agentId";
            case "box" -> "boxId";
            default -> Words.camelCase(setting);
        };
    }

    /** By SQLSTATE: 08 is about connections, 53 about resources, 57 about the server's stopping, 25006 about a replica. */
    private static boolean isLossOfDatabase(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DatabaseException
                    || cause instanceof SQLTransientException
                    || cause instanceof SQLRecoverableException
                    || cause instanceof SQLNonTransientConnectionException) {
                return true;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                var state = sql.getSQLState();
                if (state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57")
                        || state.equals("25006")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static HttpResponse methodNotAllowed(HttpRequest request, List<MethodRejection> rejections) {
        var allowed =
                rejections.stream().map(MethodRejection::supported).distinct().toList();
        var names = allowed.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
        var problem = Problem.of(
                ProblemCode.METHOD_NOT_ALLOWED, request.method().name() + " is not possible here; use " + names + ".");
        return response(problem).addHeader(Allow.create(allowed.toArray(HttpMethod[]::new)));
    }

    private static HttpResponse notFound(HttpRequest request) {
        return response(Problem.of(
                ProblemCode.NOT_FOUND,
                "There is nothing at " + request.getUri().path() + ". What there is stands at /docs."));
    }

    private static List<HttpHeader> headers(Problem problem) {
        var headers = new ArrayList<HttpHeader>();
        headers.add(RawHeader.create("Cache-Control", "no-store"));
        switch (problem.body().status()) {
            case 401 -> headers.add(RawHeader.create("WWW-Authenticate", "Bearer realm=\"carillon\""));
            case 503 -> headers.add(RawHeader.create("Retry-After", Integer.toString(RETRY_SECONDS)));
            default -> {
                // Nothing to add.
            }
        }
        return headers;
    }
}
