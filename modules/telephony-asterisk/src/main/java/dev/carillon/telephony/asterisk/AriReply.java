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

    /** Whether a channel was not made because of whom it was to ring: not registered, gone, or no such endpoint. */
    boolean isAboutTheEndpoint() {
        return status == 500
                ? body.path("error").asText().equals("Allocation failed")
                : (status == 400 || status == 404) && message().contains("ndpoint");
    }

    /** What the box says about it, for people. */
    String message() {
        if (unknown()) {
            return failure;
        }
        return status + " " + body.path("message").asText(body.path("error").asText());
    }
}
