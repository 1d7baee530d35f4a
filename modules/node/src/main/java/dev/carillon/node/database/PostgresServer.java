package dev.carillon.node.database;

import dev.carillon.node.StartupFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One PostgreSQL server on one data folder, through its own programs. Blocking: for the start and the end of a node. */
final class PostgresServer {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

    /** Longest recovery of a crashed server that we wait for. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final String OURS = "carillon.conf";

    private final Path home;
    private final Path data;
    private final Unprivileged as;

    PostgresServer(Path home, Path data) {
        this.home = home;
        this.data = data.toAbsolutePath().normalize();
        this.as = Unprivileged.here();
    }

    /**
     * A server that runs on this data folder.
     *
     * @param sameProgram whether it is the version that this node brings along
     */
    record Running(long pid, int port, boolean sameProgram) {}

    Path data() {
        return data;
    }

    boolean exists() {
        return Files.exists(data.resolve("PG_VERSION"));
    }

    /** Makes the data folder: beside its place first, so that an interrupted start never leaves half a one. */
    void initialise(String user, Path passwordFile) throws IOException {
        var unfinished = data.resolveSibling(data.getFileName() + ".new");
        PostgresBinaries.deleteFolder(unfinished);
        PostgresBinaries.deleteFolder(data);
        Files.createDirectories(unfinished);
        as.own(unfinished, passwordFile);
        var made = run(
                START_LIMIT,
                program("initdb"),
                "--pgdata=" + unfinished,
                "--username=" + user,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C");
        if (made.exit() != 0) {
            throw new StartupFailure(
                    "The embedded PostgreSQL could not make its data folder " + data + ": " + made.lastLines());
        }
        Files.writeString(
                unfinished.resolve("postgresql.conf"),
                Files.readString(unfinished.resolve("postgresql.conf")) + "\ninclude_if_exists = '" + OURS + "'\n");
        Files.move(unfinished, data, StandardCopyOption.ATOMIC_MOVE);
    }

    void configure(List<String> lines) throws IOException {
        var version = Files.readString(data.resolve("PG_VERSION")).strip();
        var ours = majorVersion();
        if (!version.equals(ours)) {
            throw new StartupFailure("The data folder " + data + " was made by PostgreSQL " + version
                    + ", and this Carillon brings version " + ours
                    + " along. Move the data with pg_dump and pg_restore, or begin anew with --fresh.");
        }
        Files.write(data.resolve(OURS), lines);
        as.own(data.resolve(OURS));
    }

    private String majorVersion() {
        // "postgres (PostgreSQL) 17.2"
        var words = run(STOP_LIMIT, program("postgres"), "--version")
                .output()
                .strip()
                .split("[ .]", -1);
        return words.length > 2 ? words[2] : "?";
    }

    /** The server that runs on this folder now. Forgets one that is named in the folder but does not live. */
    Optional<Running> running() throws IOException {
        var pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        // Its lines: process id, data folder, start time, port, ...
        var lines = Files.readAllLines(pidFile);
        if (lines.size() >= 4) {
            var pid = Long.parseLong(lines.get(0).strip());
            var command = commandLine(pid);
            if (isServer(command)) {
                return Optional.of(new Running(
                        pid,
                        Integer.parseInt(lines.get(3).strip()),
                        Path.of(command.get(0))
                                .equals(home.resolve("bin/postgres").toRealPath())));
            }
        }
        LOG.info("The last embedded PostgreSQL was killed: it will recover from its log");
        Files.delete(pidFile);
        return Optional.empty();
    }

    private boolean isServer(List<String> command) {
        var folder = command.indexOf("-D");
        return !command.isEmpty()
                && command.get(0).endsWith("/postgres")
                && folder > 0
                && folder + 1 < command.size()
                && command.get(folder + 1).equals(data.toString());
    }

    /** Empty when there is no such process: a number that the system has given to another program since says so itself. */
    private static List<String> commandLine(long pid) {
        return ProcessHandle.of(pid)
                .map(ProcessHandle::info)
                .flatMap(info -> info.command().map(command -> {
                    var line = new ArrayList<String>();
                    line.add(command);
                    line.addAll(Arrays.asList(info.arguments().orElse(new String[0])));
                    return List.copyOf(line);
                }))
                .orElse(List.of());
    }

    void start(int port) throws IOException {
        var log = data.resolve("start.log");
        Files.deleteIfExists(log);
        var started = run(
                START_LIMIT,
                program("pg_ctl"),
                "start",
                "--pgdata=" + data,
                "--wait",
                "--timeout=" + START_LIMIT.toSeconds(),
                "--silent",
                "--log=" + log,
                "--options=-p " + port);
        if (started.exit() != 0) {
            throw new StartupFailure("The embedded PostgreSQL did not start: " + reason(log, started));
        }
    }

    private String reason(Path log, Outcome started) throws IOException {
        // Once its log collector runs, the server speaks only to the files of that.
        var said = new StringBuilder();
        for (var file : List.of(log, data.resolve("log").resolve(newestLog()))) {
            said.append(Files.isRegularFile(file) ? Files.readString(file) : "");
        }
        return new Outcome(started.exit(), said.isEmpty() ? started.output() : said.toString()).lastLines();
    }

    private String newestLog() throws IOException {
        if (!Files.isDirectory(data.resolve("log"))) {
            return "";
        }
        try (var files = Files.list(data.resolve("log"))) {
            return files.max(Comparator.comparing(file -> file.toFile().lastModified()))
                    .map(file -> file.getFileName().toString())
                    .orElse("");
        }
    }

    /** Ends it, connections and all, and waits for that; nothing when it does not run. */
    void stop() {
        for (var mode : List.of("fast", "immediate")) {
            var stopped = run(
                    STOP_LIMIT.plusSeconds(5),
                    program("pg_ctl"),
                    "stop",
                    "--pgdata=" + data,
                    "--mode=" + mode,
                    "--wait",
                    "--timeout=" + STOP_LIMIT.toSeconds(),
                    "--silent");
            if (stopped.exit() == 0 || !Files.exists(data.resolve("postmaster.pid"))) {
                return;
            }
            LOG.warn("The embedded PostgreSQL did not stop ({}): {}", mode, stopped.lastLines());
        }
    }

    private String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    private record Outcome(int exit, String output) {
        String lastLines() {
            var lines = output.strip().lines().toList();
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        }
    }

    /** Output goes through a file, not a pipe: the server that pg_ctl leaves behind would hold the pipe open for ever. */
    private Outcome run(Duration limit, String... command) {
        try {
            var output = Files.createTempFile("carillon-postgresql", ".log");
            try {
                var line = new ArrayList<>(as.prefix());
                line.addAll(Arrays.asList(command));
                var process = new ProcessBuilder(line)
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(output.toFile())
                        .start();
                var ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    process.destroyForcibly();
                }
                return new Outcome(
                        ended ? process.exitValue() : -1,
                        Files.readString(output) + (ended ? "" : "no answer for " + limit.toSeconds() + " s"));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new StartupFailure("The embedded PostgreSQL could not be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupFailure("Interrupted while waiting for the embedded PostgreSQL.", e);
        }
    }
}
