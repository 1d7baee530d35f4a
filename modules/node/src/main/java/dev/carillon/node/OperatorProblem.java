package dev.carillon.node;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpMethod;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.Allow;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.MethodRejection;
import akka.http.javadsl.server.Rejection;
import akka.http.javadsl.server.RejectionHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator asked for and does not get; becomes an {@code application/problem+json} answer (RFC 9457). */
final class OperatorProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(OperatorProblem.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final ContentType PROBLEM_JSON =
            ContentTypes.create(MediaTypes.customBinary("application", "problem+json", true));

    /** The one place where a code meets a status. */
    enum Code {
        MALFORMED_JSON(400, "The body is not one JSON object"),
        INVALID_FIELD(400, "A field is missing or not allowed as it is"),
        MALFORMED_REQUEST(400, "The request cannot be understood"),
        UNAUTHORIZED(401, "The token is missing or wrong"),
        NOT_FOUND(404, "There is nothing at this address"),
        KIND_NOT_FOUND(404, "No such kind of entity"),
        METHOD_NOT_ALLOWED(405, "This address does not know the method"),
        INTERNAL_ERROR(500, "A fault in Carillon"),
        TIMED_OUT(504, "No answer in time");

        private final int status;
        private final String title;

        Code(int status, String title) {
            this.status = status;
            this.title = title;
        }
    }

    private final Code code;
    private final String detail;

    private OperatorProblem(Code code, String detail) {
        super(code + ": " + detail, null, false, false);
        this.code = code;
        this.detail = detail;
    }

    /** @param detail for people: what is wrong here and what to do */
    static OperatorProblem of(Code code, String detail) {
        return new OperatorProblem(code, detail);
    }

    Code code() {
        return code;
    }

    String detail() {
        return detail;
    }

    HttpResponse response() {
        var body = JSON.createObjectNode()
                .put("type", "urn:carillon:problem:" + code)
                .put("title", code.title)
                .put("status", code.status)
                .put("code", code.name())
                .put("detail", detail);
        var response = HttpResponse.create()
                .withStatus(StatusCodes.get(code.status))
                .addHeader(CacheControl.create(CacheDirectives.NO_STORE))
                .withEntity(PROBLEM_JSON, (body.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
        return code == Code.UNAUTHORIZED
                ? response.addHeader(RawHeader.create("WWW-Authenticate", "Bearer realm=\"carillon-management\""))
                : response;
    }

    static ExceptionHandler exceptionHandler() {
        return ExceptionHandler.newBuilder()
                .matchAny(failure -> Directives.complete(of(failure).response()))
                .build();
    }

    static RejectionHandler rejectionHandler() {
        return RejectionHandler.newBuilder()
                .handleAll(
                        MethodRejection.class,
                        rejections -> Directives.extractRequest(request -> Directives.complete(
                                methodNotAllowed(request.method().name(), rejections))))
                .handleNotFound(Directives.extractRequest(request -> Directives.complete(of(
                                Code.NOT_FOUND,
                                "There is nothing at " + request.getUri().path()
                                        + ". What there is stands in docs/operating.md.")
                        .response())))
                .handle(
                        Rejection.class,
                        rejection -> Directives.complete(
                                of(Code.MALFORMED_REQUEST, "The request cannot be carried out: " + rejection + ".")
                                        .response()))
                .build();
    }

    private static OperatorProblem of(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof OperatorProblem problem) {
            return problem;
        }
        if (cause instanceof TimeoutException) {
            return of(
                    Code.TIMED_OUT, "The cluster did not answer in time. Ask again, and look at GET /cluster/members.");
        }
        LOG.error("A question of an operator failed", cause);
        return of(Code.INTERNAL_ERROR, "Something went wrong that should not: " + cause + ". The log has more.");
    }

    private static HttpResponse methodNotAllowed(String method, List<MethodRejection> rejections) {
        var allowed =
                rejections.stream().map(MethodRejection::supported).distinct().toList();
        var names = allowed.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
        return of(Code.METHOD_NOT_ALLOWED, method + " is not possible here; use " + names + ".")
                .response()
                .addHeader(Allow.create(allowed.toArray(HttpMethod[]::new)));
    }
}
