package dev.carillon.api;

import java.util.Optional;

/** Lets in who sends the key. */
final class ApiKey {

    private final Optional<BearerSecret> secret;

    /** @param key empty when none is needed */
    ApiKey(Optional<String> key) {
        this.secret = key.map(text -> BearerSecret.of("The API key", text));
    }

    /**
     * @param authorization the header's value; empty when it was not sent
     * @throws Problem {@code UNAUTHORIZED} when the key is missing or wrong
     */
    void check(Optional<String> authorization) {
        switch (secret.map(needed -> needed.sentIn(authorization)).orElse(BearerSecret.Sent.RIGHT)) {
            case MISSING -> throw Problem.of(
                    ProblemCode.UNAUTHORIZED,
                    "Send the key that this node was started with: Authorization: Bearer <key>.");
            case WRONG -> throw Problem.of(
                    ProblemCode.UNAUTHORIZED,
                    "This is not the key of this node. It is the value of CARILLON_API_KEY that the node was started with.");
            case RIGHT -> {
                // Come in.
            }
        }
    }
}
