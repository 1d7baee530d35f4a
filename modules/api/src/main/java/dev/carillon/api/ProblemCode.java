package dev.carillon.api;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every problem the API names, and its HTTP status: the one place where a code meets a status. The contract lists the same. */
enum ProblemCode {
    MALFORMED_JSON(400, "The body is not one JSON object"),
    MALFORMED_REQUEST(400, "The request cannot be understood as HTTP"),
    INVALID_FIELD(400, "A field is missing or not allowed as it is"),
    UNKNOWN_FIELD(400, "There is no such field"),
    UNAUTHORIZED(401, "The key is missing or wrong"),
    NOT_FOUND(404, "There is nothing at this address"),
    AGENT_NOT_FOUND(404, "No such agent"),
    SEAT_NOT_FOUND(404, "No such seat"),
    QUEUE_NOT_FOUND(404, "No such queue"),
    CALL_NOT_FOUND(404, "No such call"),
    BOX_NOT_FOUND(404, "No such box"),
    NUMBER_NOT_FOUND(404, "No such dialled number"),
    INBOUND_RULE_NOT_FOUND(404, "No such inbound rule"),
    CALENDAR_NOT_FOUND(404, "No such calendar"),
    CALLER_NOT_FOUND(404, "No such caller on any list"),
    NOT_READY_REASON_NOT_FOUND(404, "No such reason on the list"),
    METHOD_NOT_ALLOWED(405, "This address does not know the method"),
    REQUEST_TIMED_OUT(408, "The body did not arrive in time"),
    SEAT_TAKEN(409, "Another agent is logged in at this seat"),
    SEAT_IN_USE(409, "Who is logged in at this seat cannot leave it now"),
    SEAT_CLAIM_LAPSED(409, "The log-in took too long"),
    AGENT_LOGGED_OUT(409, "The agent is logged out"),
    AGENT_BUSY(409, "The agent has a call"),
    REASON_NOT_ON_LIST(409, "The reason cannot be chosen"),
    DESKTOP_LOST(409, "The agent's desktop gives no sign of life"),
    SEAT_UNREACHABLE(409, "The phone of the agent's seat cannot be reached"),
    NO_WRAP_UP(409, "The agent is not in wrap-up"),
    WRAP_UP_FIXED(409, "The wrap-up lasts its time"),
    WRAP_UP_CODE_MISSING(409, "The wrap-up ends with a code"),
    WRAP_UP_CODE_NOT_ON_LIST(409, "The queue has no such code"),
    WRAP_UP_NOT_EXTENDABLE(409, "The wrap-up cannot be extended"),
    WRAP_UP_LONGEST(409, "The wrap-up lasts as long as it may"),
    IN_USE(409, "Something refers to it or is using it"),
    UNKNOWN_REFERENCE(409, "It refers to something that does not exist"),
    TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body must be application/json"),
    INTERNAL_ERROR(500, "A fault in Carillon"),
    DATABASE_UNAVAILABLE(503, "The database cannot be reached"),
    TIMED_OUT(504, "No answer in time");

    private static final Map<String, ProblemCode> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    static Optional<ProblemCode> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
