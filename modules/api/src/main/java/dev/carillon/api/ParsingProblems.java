package dev.carillon.api;

import akka.event.LoggingAdapter;
import akka.http.ParsingErrorHandler;
import akka.http.javadsl.model.HttpResponse;
import akka.http.scaladsl.model.ErrorInfo;
import akka.http.scaladsl.model.StatusCode;
import akka.http.scaladsl.settings.ServerSettings;

/** Answers requests that are so broken that no route sees them, in the same form as all others. Named in {@link ApiServer}. */
public final class ParsingProblems extends ParsingErrorHandler {

    private static final int CONTENT_TOO_LARGE = 413;
    private static final int URI_TOO_LONG = 414;
    private static final int HEADERS_TOO_LARGE = 431;

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        log.debug("A request could not be parsed: {}", error.summary());
        var code =
                switch (status.intValue()) {
                    case CONTENT_TOO_LARGE, URI_TOO_LONG, HEADERS_TOO_LARGE -> ProblemCode.TOO_LARGE;
                    default -> ProblemCode.MALFORMED_REQUEST;
                };
        return Problems.response(Problem.of(code, error.summary()));
    }
}
