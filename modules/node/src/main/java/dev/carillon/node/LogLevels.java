package dev.carillon.node;

import akka.actor.typed.ActorSystem;
import akka.event.Logging;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** How much the log says, while the node runs. Nothing of it is stored: the next start is as the configuration says. */
final class LogLevels {

    /** From the most to the least. */
    static final List<String> CHOICE = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    /**
     * @param level as it is set; empty when it is that of the logger above
     * @param effective what that comes to
     * @param configured as {@code level}, before anybody changed it
     */
    record Setting(String logger, Optional<String> level, String effective, Optional<String> configured) {}

    private final LoggerContext loggers;
    private final Consumer<Level> akka;

    /** Before they were changed; empty for one that went by the one above. */
    private final Map<String, Optional<Level>> configured = new HashMap<>();

    /** @param akka told what is asked of Akka's own log, which looks at a level of its own before it looks at loggers */
    LogLevels(LoggerContext loggers, Consumer<Level> akka) {
        this.loggers = loggers;
        this.akka = akka;
    }

    static LogLevels of(ActorSystem<?> system) {
        var akka = system.classicSystem().getEventStream();
        return new LogLevels(
                (LoggerContext) LoggerFactory.getILoggerFactory(),
                level -> akka.setLogLevel(
                        level.isGreaterOrEqual(Level.INFO) ? Logging.InfoLevel() : Logging.DebugLevel()));
    }

    /** All that have a level of their own, or had one. */
    synchronized List<Setting> all() {
        return loggers.getLoggerList().stream()
                .filter(logger -> logger.getLevel() != null || configured.containsKey(logger.getName()))
                .map(this::setting)
                .toList();
    }

    /** @param level one of {@link #CHOICE} */
    synchronized Setting set(String name, String level) {
        var logger = loggers.getLogger(name);
        configured.putIfAbsent(logger.getName(), Optional.ofNullable(logger.getLevel()));
        logger.setLevel(Level.toLevel(level));
        tellAkka();
        return setting(logger);
    }

    /** As the configuration says. One that was not changed stays as it is. */
    synchronized void reset(String name) {
        var logger = loggers.getLogger(name);
        var before = configured.remove(logger.getName());
        if (before != null) {
            logger.setLevel(before.orElse(null));
            tellAkka();
        }
    }

    private Setting setting(Logger logger) {
        var level = Optional.ofNullable(logger.getLevel());
        return new Setting(
                logger.getName(),
                level.map(Level::toString),
                logger.getEffectiveLevel().toString(),
                configured.getOrDefault(logger.getName(), level).map(Level::toString));
    }

    private void tellAkka() {
        akka.accept(loggers.getLoggerList().stream()
                .filter(logger ->
                        logger.getName().equals("akka") || logger.getName().startsWith("akka."))
                .map(Logger::getEffectiveLevel)
                .reduce(Level.INFO, (one, other) -> one.isGreaterOrEqual(other) ? other : one));
    }
}
