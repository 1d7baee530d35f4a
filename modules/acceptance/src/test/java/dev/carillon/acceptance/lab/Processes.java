package dev.carillon.acceptance.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/** Starts processes and ends exactly those again, at the latest when this JVM ends. */
public final class Processes {

    private static final Set<Running> RUNNING = ConcurrentHashMap.newKeySet();
    private static final Deque<Runnable> BEFORE = new ConcurrentLinkedDeque<>();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            BEFORE.forEach(Processes::quietly);
                            RUNNING.forEach(Running::kill9);
                        },
                        "end-of-processes"));
    }

    private static void quietly(Runnable end) {
        try {
            end.run();
        } catch (RuntimeException | AssertionError e) {
            System.err.println("While clearing up: " + e);
        }
    }

    /** When this JVM ends, while what was started here may still be used to end something else. */
    static void beforeTheirEnd(Runnable end) {
        BEFORE.add(end);
    }

    /**
     * @param output where it writes what it prints; replaced if there is one
     * @param environment beside that of this JVM
     */
    public static Running start(
            String name, Path directory, Path output, Map<String, String> environment, List<String> command) {
        try {
            Files.createDirectories(directory);
            Files.createDirectories(output.getParent());
            var builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            var running = new Running(name, builder.start(), output);
            RUNNING.add(running);
            return running;
        } catch (IOException e) {
            throw new UncheckedIOException("Could not start " + name, e);
        }
    }

    /** Runs to the end, and returns what it printed. Fails with that when it does not end well within the limit. */
    public static String run(
            String name,
            Path directory,
            Path output,
            Map<String, String> environment,
            Duration limit,
            List<String> command) {
        try (var running = start(name, directory, output, environment, command)) {
            var code = running.exitCode(limit);
            if (code != 0) {
                throw new AssertionError(
                        name + " ended with " + code + ": " + String.join(" ", command) + "\n" + running.tail());
            }
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One process that was started here. */
    public static final class Running implements AutoCloseable {
        private final String name;
        private final Process process;
        private final Path output;

        private Running(String name, Process process, Path output) {
            this.name = name;
            this.process = process;
            this.output = output;
        }

        public boolean alive() {
            return process.isAlive();
        }

        public long pid() {
            return process.pid();
        }

        /** Waits for its end. */
        public int exitCode(Duration limit) {
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new AssertionError(name + " still runs after " + limit.toSeconds() + " s\n" + tail());
                }
                return process.exitValue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + name, e);
            }
        }

        /** SIGKILL, for this process alone. */
        public void kill9() {
            process.destroyForcibly();
            exitCode(Duration.ofSeconds(30));
            RUNNING.remove(this);
        }

        /** SIGTERM, and SIGKILL if that is not heard. */
        public void stop(Duration patience) {
            process.destroy();
            try {
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    kill9();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                kill9();
            }
            RUNNING.remove(this);
        }

        /** The last of what it printed, for the reader of a failed test. */
        public String tail() {
            try {
                var lines = Files.readString(output).lines().toList();
                return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
            } catch (IOException e) {
                return "(" + output + ": " + e + ")";
            }
        }

        @Override
        public void close() {
            stop(Duration.ofSeconds(20));
        }
    }

    private Processes() {}
}
