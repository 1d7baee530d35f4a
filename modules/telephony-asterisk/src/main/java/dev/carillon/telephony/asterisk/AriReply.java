package dev.carillon.telephony.asterisk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/**
 * The answer to a request, or that there was none.
 *
 * @param status of HTTP; {@link #NONE} when it is unknown whether the box did what was asked: no answer in time, or the
 *     connection broke
 * @param body missing when there was none, or none that could be read
 * @param failure what went wrong when there was no answer; else empty
 */
record AriReply(int status, JsonNode body, String failure) {

    static final int NONE = 0;

    static AriReply none(String failure) {
        return new AriReply(NONE, MissingNode.getInstance(), failure);
    }

    boolean done() {
        return status >= 200 && status < 300;
    }

    boolean unknown() {
        return status == NONE;
    }

    boolean refused() {
        return status == 401 || status == 403;
    }

    /** What the box says about it, for people. */
    String message() {
        if (unknown()) {
            return failure;
        }
        return status + " " + body.path("message").asText(body.path("error").asText());
    }
}
