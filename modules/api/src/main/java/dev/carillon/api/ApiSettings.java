package dev.carillon.api;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys of {@code carillon.api}; see {@code reference.conf} for their meaning.
 *
 * @param key what clients must send; empty in demo mode only
 * @param port 0 for any that is free
 * @param requestTimeout after which a request that has no answer yet is answered with {@code TIMED_OUT}
 * @param stopTimeout for how long requests under way may finish when the node stops
 */
public record ApiSettings(
        String host,
        int port,
        Optional<String> key,
        int maxBodyBytes,
        Duration bodyTimeout,
        Duration requestTimeout,
        Duration stopTimeout) {

    private static final int SHORTEST_KEY = 16;
    // What RFC 6750 allows in a bearer token; anything else would not survive the header.
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    public ApiSettings {
        key.ifPresent(ApiSettings::check);
    }

    /**
     * @param config the whole configuration
     * @throws IllegalArgumentException when a setting is missing or wrong; the message says what to do
     */
    public static ApiSettings from(Config config) {
        var api = config.getConfig("carillon.api");
        var key = Optional.of(api.getString("key").strip()).filter(text -> !text.isEmpty());
        if (key.isEmpty() && !api.getBoolean("demo")) {
            throw new IllegalArgumentException(
                    "There is no API key, so anybody could take calls over. Set the environment"
                            + " variable CARILLON_API_KEY to a secret of at least " + SHORTEST_KEY
                            + " characters, for example from: openssl rand -hex 24. Only demo mode (carillon.api.demo = true) goes"
                            + " without.");
        }
        return new ApiSettings(
                api.getString("host"),
                api.getInt("port"),
                key,
                Math.toIntExact(api.getBytes("max-body-size")),
                api.getDuration("body-timeout"),
                api.getDuration("request-timeout"),
                api.getDuration("stop-timeout"));
    }

    private static void check(String key) {
        if (key.length() < SHORTEST_KEY) {
            throw new IllegalArgumentException("The API key has " + key.length() + " characters; it needs at least "
                    + SHORTEST_KEY + ". Make one with: openssl rand -hex 24");
        }
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("The API key has a character that no HTTP header can carry. Use letters,"
                    + " digits and . _ ~ + / - only, for example from: openssl rand -hex 24");
        }
    }

    /** Without the key: this is logged. */
    @Override
    public String toString() {
        return "ApiSettings[" + host + ":" + port + ", " + (key.isPresent() ? "with a key" : "without a key") + "]";
    }
}
