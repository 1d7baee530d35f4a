package dev.carillon.node;

import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The log of the process: everything goes through logback, and what was said last is written before the process ends. */
final class Logging implements AutoCloseable {

    /** As {@code logback.xml} reads it. */
    private static final String FORMAT = "CARILLON_LOG_FORMAT";

    private static final List<String> FORMATS = List.of("text", "json");

    private Logging() {}

    /** With any other, the empty one too, logback would write nothing at all. */
    static void mustKnow(Optional<String> format) {
        format.filter(said -> !FORMATS.contains(said)).ifPresent(unknown -> {
            throw new StartupFailure(
                    FORMAT + " is \"" + unknown + "\"; it can be: " + String.join(", ", FORMATS) + ".");
        });
    }

    /** @throws StartupFailure when the environment asks for a form of lines that there is not */
    static Logging start() {
        mustKnow(Optional.ofNullable(System.getenv(FORMAT)));
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        return new Logging();
    }

    @Override
    public void close() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            logback.stop();
        }
    }
}
