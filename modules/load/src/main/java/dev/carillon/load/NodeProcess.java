package dev.carillon.load;

import dev.carillon.store.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A node in a JVM of its own, with its embedded PostgreSQL and the people of its boxes. Ended with this process, at the latest. */
final class NodeProcess implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(90);
    private static final int LAST_LINES = 20;

    /** This process has been told to end, and its nodes end with it. */
    private static volatile boolean ending;

    private static final Set<String> OF_EVERY_NODE = Set.of("CARILLON_CACHE", "CARILLON_LOG_LEVEL");

    private final Path data;
    private final Path log;
    private final String key = newKey();
    private final int port;
    private final int managementPort;
    private final int controlPort;
    private final Process process;
    private final Thread end = new Thread(this::stopWithThisProcess, "end-of-node");

    /**
     * @param data its data folder
     * @param fresh whether the data of the last time is thrown away
     * @param options of its JVM
     */
    NodeProcess(Path data, boolean fresh, List<String> options) {
        this.data = data.toAbsolutePath().normalize();
        this.log = this.data.resolve("node.log");
        var ports = freePorts(3);
        this.port = ports.get(0);
        this.managementPort = ports.get(1);
        this.controlPort = ports.get(2);
        try {
            Files.createDirectories(this.data);
            var builder = new ProcessBuilder(command(fresh, options))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            // Nobody else's database, ports or first configuration.
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.startsWith("CARILLON_") && !OF_EVERY_NODE.contains(name));
            builder.environment().put("CARILLON_API_KEY", key);
            this.process = builder.start();
        } catch (IOException e) {
            throw new LoadFailure("The node could not be started: " + e.getMessage(), e);
        }
        Runtime.getRuntime().addShutdownHook(end);
    }

    private List<String> command(boolean fresh, List<String> options) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "-D" + LoadedNode.PORT + "=" + controlPort,
                // The centre is written by this process, not over the API: the node is to notice soon.
                "-Dcarillon.node.version-check=500ms",
                // Not the configuration of tests, should that be on the class path.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path")));
        var agent = System.getProperty("carillon.load.agent", "");
        if (!agent.isEmpty()) {
            // As in production.
            command.add(agent);
        }
        command.addAll(options);
        command.addAll(List.of(
                LoadedNode.class.getName(),
                "--port",
                String.valueOf(port),
                "--management-port",
                String.valueOf(managementPort),
                "--data",
                data.toString()));
        if (fresh) {
            command.add("--fresh");
        }
        return command;
    }

    void awaitReady() {
        var management = new Http(URI.create("http://127.0.0.1:" + managementPort), key);
        Patience.until("the node is ready", READY_WITHIN, () -> {
            mustLive();
            var status = management.status("/ready");
            return status == 200
                    ? Optional.empty()
                    : Optional.of("http://127.0.0.1:" + managementPort + "/ready answers " + status
                            + "; the node's log is " + log);
        });
    }

    /** @throws LoadFailure when it has ended by itself, with the last it said */
    void mustLive() {
        if (!process.isAlive()) {
            throw new LoadFailure("The node has ended by itself. The last of its log, " + log + ":\n" + lastWords());
        }
    }

    private String lastWords() {
        try (Stream<String> lines = Files.lines(log)) {
            var all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
        } catch (IOException e) {
            return "(it cannot be read: " + e.getMessage() + ")";
        }
    }

    Http api() {
        return new Http(URI.create("http://127.0.0.1:" + port + "/api/v1/"), key);
    }

    /** What drives its boxes. */
    Http control() {
        return new Http(URI.create("http://127.0.0.1:" + controlPort), "");
    }

    long pid() {
        return process.pid();
    }

    Path log() {
        return log;
    }

    /** Its embedded database. */
    Database.Settings database() {
        try {
            var postmaster = postmaster();
            return new Database.Settings(
                    "jdbc:postgresql://127.0.0.1:" + postmaster.get(3).strip() + "/carillon",
                    "carillon",
                    Files.readString(data.resolve("postgresql.password")));
        } catch (IOException e) {
            throw new LoadFailure("The embedded database of the node cannot be found: " + e, e);
        }
    }

    /** The first process of its embedded database. */
    long databasePid() {
        try {
            return Long.parseLong(postmaster().get(0).strip());
        } catch (IOException e) {
            throw new LoadFailure("The embedded database of the node cannot be found: " + e, e);
        }
    }

    private List<String> postmaster() throws IOException {
        return Files.readAllLines(data.resolve("postgresql/postmaster.pid"));
    }

    /** Ends it in order, and its database with it. */
    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException endingAlready) {
            // Then the hook has done it, or is about to.
        }
    }

    /** Whether this process has been told to end, so that whatever fails now fails for that. */
    static boolean ending() {
        return ending;
    }

    private void stopWithThisProcess() {
        ending = true;
        stop();
    }

    private void stop() {
        process.destroy();
        try {
            if (!process.waitFor(ENDED_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String newKey() {
        var secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }

    /** Asked for together, so that they differ. */
    private static List<Integer> freePorts(int count) {
        var sockets = new ArrayList<ServerSocket>();
        try {
            for (var i = 0; i < count; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new LoadFailure("There is no free port: " + e.getMessage(), e);
        } finally {
            for (var socket : sockets) {
                try {
                    socket.close();
                } catch (IOException e) {
                    // It was only asked for its number.
                }
            }
        }
    }
}
