package dev.carillon.api;

import com.typesafe.config.Config;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The keys of {@code carillon.api}; see {@code reference.conf} for their meaning.
 *
 * @param key what clients must send; empty only in demo mode, where nobody but this machine can reach the API
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

    public ApiSettings {
        key.ifPresent(text -> BearerSecret.of("The API key", text));
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
                            + " variable CARILLON_API_KEY to a secret of at least " + BearerSecret.SHORTEST
                            + " characters, for example from: openssl rand -hex 24. Only demo mode (carillon.api.demo"
                            + " = true) goes without.");
        }
        if (key.isEmpty() && !isLoopback(api.getString("host"))) {
            throw new IllegalArgumentException("The API would listen at " + api.getString("host")
                    + " without a key: whoever reaches this machine over a network could take calls over. Demo mode"
                    + " goes without a key only where nobody else can reach it. Set the environment variable"
                    + " CARILLON_API_KEY to a secret of at least " + BearerSecret.SHORTEST
                    + " characters, for example from: openssl rand -hex 24; or let it listen at"
                    + " 127.0.0.1 (--host, CARILLON_API_HOST or carillon.api.host).");
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

    /** Whether only this machine can reach it. A name that cannot be looked up is not said to be safe. */
    public static boolean isLoopback(String host) {
        try {
            // An empty name would be looked up as this machine, and be listened at as every address.
            return !host.isBlank()
                    && Stream.of(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Without the key: this is logged. */
    @Override
    public String toString() {
        return "ApiSettings[" + host + ":" + port + ", " + (key.isPresent() ? "with a key" : "without a key") + "]";
    }
}
