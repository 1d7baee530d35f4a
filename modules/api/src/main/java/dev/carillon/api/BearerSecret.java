package dev.carillon.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A secret that clients send as {@code Authorization: Bearer ...}. Compared in a time that says nothing about how much of it was right. */
public final class BearerSecret {

    /** What was sent. */
    public enum Sent {
        RIGHT,
        WRONG,
        /** Nothing, or nothing of this kind. */
        MISSING
    }

    /** In characters. */
    public static final int SHORTEST = 16;

    private static final String SCHEME = "Bearer ";
    // What RFC 6750 allows in a bearer token; anything else would not survive the header.
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final byte[] digest;

    private BearerSecret(byte[] digest) {
        this.digest = digest;
    }

    /**
     * @param name for people, at the beginning of a sentence: {@code The API key}
     * @throws IllegalArgumentException when it is too short, or no header could carry it; the message says what to do
     */
    public static BearerSecret of(String name, String secret) {
        if (secret.length() < SHORTEST) {
            throw new IllegalArgumentException(name + " has " + secret.length() + " characters; it needs at least "
                    + SHORTEST + ". Make one with: openssl rand -hex 24");
        }
        if (!TOKEN.matcher(secret).matches()) {
            throw new IllegalArgumentException(name + " has a character that no HTTP header can carry. Use letters,"
                    + " digits and . _ ~ + / - only, for example from: openssl rand -hex 24");
        }
        return new BearerSecret(digest(secret));
    }

    /** @param authorization the header's value; empty when it was not sent */
    public Sent sentIn(Optional<String> authorization) {
        return authorization
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> digest(value.substring(SCHEME.length()).strip()))
                .map(sent -> MessageDigest.isEqual(digest, sent) ? Sent.RIGHT : Sent.WRONG)
                .orElse(Sent.MISSING);
    }

    /** Digests are of one length: the comparison does not even tell how long the secret is. */
    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
