package dev.carillon.acceptance.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One of {@code scripts/}, as a person at a terminal runs it: in a process group of its own, which Ctrl-C reaches as a whole. */
public final class Script implements AutoCloseable {

    private final Processes.Running running;
    private final Path output;

    private Script(Processes.Running running, Path output) {
        this.running = running;
        this.output = output;
    }

    /** Starts it on what Maven has just compiled. */
    public static Script start(Path folder, String name, Map<String, String> environment, String... options) {
        var all = new HashMap<>(Map.of(
                "CARILLON_CLASSPATH",
                String.join(":", CarillonNode.productClassPath()),
                "CARILLON_JAVA_OPTIONS",
                "-Xmx1g -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                "CARILLON_API_KEY",
                ""));
        all.putAll(environment);
        return startIn(Folders.repository(), folder, name, all, options);
    }

    /** As {@link #start}, from another folder with scripts in it, and on what they find there. */
    public static Script startIn(
            Path repository, Path folder, String name, Map<String, String> environment, String... options) {
        // Whoever started Maven may have it ignore Ctrl-C, which is inherited, and which a shell cannot undo.
        var command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
                "setsid",
                repository.resolve("scripts").resolve(name).toString()));
        command.addAll(List.of(options));
        try {
            Files.createDirectories(folder);
            var output = Files.createTempFile(folder, name + "-", ".out");
            return new Script(Processes.start("scripts/" + name, folder, output, environment, command), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has printed so far. */
    public String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has said this. */
    public void says(String text, Duration limit) {
        Waiting.eventually("the script says \"" + text + "\"", limit, () -> {
            if (!said().contains(text)) {
                if (!running.alive()) {
                    // Not an AssertionError: waiting longer would not help.
                    throw new CarillonNode.NodeEnded("The script ended by itself:\n" + running.tail());
                }
                throw new AssertionError("it has said: " + said());
            }
        });
    }

    /** Waits for its end, and returns its exit code. */
    public int ends(Duration limit) {
        return running.exitCode(limit);
    }

    /** As the terminal does it: to everything it has started, too. */
    public void ctrlC() {
        Processes.run(
                "kill",
                output.getParent(),
                output.resolveSibling("kill.out"),
                Map.of(),
                Duration.ofSeconds(10),
                List.of("kill", "-INT", "--", "-" + running.pid()));
    }

    /** The command lines of all processes on this machine that name this folder. */
    public static List<String> processesIn(Path folder) {
        try (var processes = ProcessHandle.allProcesses()) {
            return processes
                    .flatMap(process -> commandLine(process.pid()))
                    .filter(line -> line.contains(folder.toString()))
                    .toList();
        }
    }

    private static Stream<String> commandLine(long pid) {
        try {
            return Stream.of(Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' '));
        } catch (IOException ended) {
            return Stream.empty();
        }
    }

    @Override
    public void close() {
        running.stop(Duration.ofSeconds(90));
    }
}
