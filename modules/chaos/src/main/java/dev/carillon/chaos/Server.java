package dev.carillon.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of the cluster: started, ended and started again, and ended with this process at the latest. */
final class Server implements AutoCloseable {

    private static final int LAST_LINES = 15;
    private static final Set<String> OF_EVERYBODY = Set.of("CARILLON_CACHE", "CARILLON_LOG_LEVEL");

    private final String name;
    private final Path log;
    private final Duration gentle;
    private Process process;
    private Thread end;
    private int starts;

    /**
     * @param log what it says is written behind what is there
     * @param gentle for so long it may take to end when this process ends; after that, or at once when it is zero, it is killed
     */
    Server(String name, Path log, Duration gentle) {
        this.name = name;
        this.log = log;
        this.gentle = gentle;
    }

    synchronized void start(List<String> command, Map<String, String> environment) {
        try {
            Files.createDirectories(log.getParent());
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // Nobody else's database, ports or first configuration.
            builder.environment()
                    .keySet()
                    .removeIf(variable -> variable.startsWith("CARILLON_") && !OF_EVERYBODY.contains(variable));
            builder.environment().putAll(environment);
            process = builder.start();
            starts++;
            var mine = process;
            end = new Thread(() -> endWithThisProcess(mine), "end-of-" + name);
            Runtime.getRuntime().addShutdownHook(end);
        } catch (IOException e) {
            throw new ChaosFailure(name + " could not be started: " + e.getMessage(), e);
        }
    }

    private void endWithThisProcess(Process mine) {
        signal(mine, "CONT");
        if (!gentle.isZero()) {
            mine.destroy();
            try {
                mine.waitFor(gentle.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        mine.destroyForcibly();
    }

    synchronized boolean runs() {
        return process != null && process.isAlive();
    }

    /** How often it was started. */
    synchronized int starts() {
        return starts;
    }

    /** Of its last end; -1 while it runs. */
    synchronized int exitCode() {
        return runs() || process == null ? -1 : process.exitValue();
    }

    synchronized long pid() {
        return process.pid();
    }

    Path log() {
        return log;
    }

    /** At once, without a word. */
    void kill9() {
        process.destroyForcibly();
        ends(Duration.ofSeconds(20));
    }

    /** It stands still, and knows nothing of it. */
    void stop() {
        signal(process, "STOP");
    }

    void goOn() {
        signal(process, "CONT");
    }

    /** As planned; killed when it takes too long. @return whether it ended by itself */
    boolean terminate(Duration limit) {
        process.destroy();
        if (ends(limit)) {
            return true;
        }
        kill9();
        return false;
    }

    /** @return whether it has ended */
    boolean ends(Duration limit) {
        try {
            var ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                forget();
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChaosFailure("Interrupted.", e);
        }
    }

    private synchronized void forget() {
        try {
            if (end != null) {
                Runtime.getRuntime().removeShutdownHook(end);
                end = null;
            }
        } catch (IllegalStateException endingAlready) {
            // The hook finds nothing to end.
        }
    }

    private static void signal(Process process, String signal) {
        Command.succeeds("kill", "-" + signal, String.valueOf(process.pid()));
    }

    /** How many lines of its log begin so. */
    long said(String words) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith(words)).count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The last of its log. */
    String lastWords() {
        try (Stream<String> lines = Files.lines(log)) {
            var all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
        } catch (IOException e) {
            return "(it cannot be read: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() {
        if (runs()) {
            goOn();
            process.destroy();
        }
    }

    /** After {@link #close}. */
    void awaitEnd(Duration limit) {
        if (process != null && !ends(limit)) {
            kill9();
        }
    }
}
