package dev.carillon.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** Compares what a client sends with the key, in a time that says nothing about how much of it was right. */
final class ApiKey {

    private static final String SCHEME = "Bearer ";

    private final Optional<byte[]> digest;

    /** @param key empty when none is needed */
    ApiKey(Optional<String> key) {
        this.digest = key.map(ApiKey::digest);
    }

    /**
     * @param authorization the header's value; empty when it was not sent
     * @throws Problem {@code UNAUTHORIZED} when the key is missing or wrong
     */
    void check(Optional<String> authorization) {
        if (digest.isEmpty()) {
            return;
        }
        var sent = authorization
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).strip())
                .orElseThrow(() -> Problem.of(
                        ProblemCode.UNAUTHORIZED,
                        "Send the key that this node was started with: Authorization: Bearer <key>."));
        if (!MessageDigest.isEqual(digest.get(), digest(sent))) {
            throw Problem.of(
                    ProblemCode.UNAUTHORIZED,
                    "This is not the key of this node. It is the value of CARILLON_API_KEY that the node was started with.");
        }
    }

    /** Digests are of one length: the comparison does not even tell how long the key is. */
    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
