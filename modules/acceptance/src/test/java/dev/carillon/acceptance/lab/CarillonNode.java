package dev.carillon.acceptance.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A real node in a JVM of its own, with its embedded PostgreSQL, which outlives a {@code kill -9} of the node. It can be killed
 * and started again on the same data.
 */
public final class CarillonNode implements Carillon {

    static final String API_KEY = "acceptance-0123456789abcdef";

    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final Set<CarillonNode> STARTED = ConcurrentHashMap.newKeySet();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach(CarillonNode::close), "end-of-nodes"));
    }

    private final Path folder;
    private final String main;
    private final List<String> classPath;
    private final List<String> options;
    private final int port = Ports.one();
    private final int managementPort = Ports.one();
    private int lives;
    private Processes.Running process;

    private CarillonNode(Path folder, String main, List<String> classPath, List<String> options) {
        this.folder = folder;
        this.main = main;
        this.classPath = classPath;
        this.options = options;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @param options of the JVM
     */
    public static CarillonNode start(Path folder, String... options) {
        var product = productClassPath();
        // Being up soon matters more here than being fast in the end.
        var all = Stream.concat(Stream.of("-XX:TieredStopAtLevel=1"), Stream.of(options))
                .toList();
        var node = new CarillonNode(folder, "dev.carillon.node.Main", product, all);
        node.start();
        return node;
    }

    /**
     * Starts one together with something of the tests that has to be within its process.
     *
     * @param main starts the node itself, with the arguments of the node's own main
     * @param options of the JVM
     */
    public static CarillonNode startWithin(Class<?> main, Path folder, String... options) {
        var node = new CarillonNode(folder, main.getName(), classPath().toList(), List.of(options));
        node.start();
        return node;
    }

    /** Starts it again on the same data. */
    public void start() {
        STARTED.add(this);
        lives++;
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                // Not the configuration of the tests, should that be on the class path.
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                String.join(File.pathSeparator, classPath)));
        command.addAll(options);
        command.add(main);
        command.addAll(List.of("--port", String.valueOf(port)));
        command.addAll(List.of("--management-port", String.valueOf(managementPort)));
        command.addAll(List.of("--data", data().toString()));
        process = Processes.start(
                "node", folder, folder.resolve("node-" + lives + ".log"), Map.of("CARILLON_API_KEY", API_KEY), command);
        Waiting.eventually("the node is ready", READY_WITHIN, this::checkReady);
    }

    /** As by a power cut: it can say nothing to anybody. */
    public Instant kill9() {
        var at = Instant.now();
        process.kill9();
        return at;
    }

    public boolean alive() {
        return process.alive();
    }

    /** Waits until it ends by itself. */
    public int exitCode(Duration limit) {
        return process.exitCode(limit);
    }

    /** What it has logged in this life. */
    public String log() {
        try {
            return Files.readString(folder.resolve("node-" + lives + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As other nodes would be told of it. */
    public Map<String, String> databaseEnvironment() {
        try {
            var postmaster = Files.readAllLines(data().resolve("postgresql/postmaster.pid"));
            return Map.of(
                    "CARILLON_DATABASE_URL",
                    "jdbc:postgresql://127.0.0.1:" + postmaster.get(3).strip() + "/carillon",
                    "CARILLON_DATABASE_USER",
                    "carillon",
                    "CARILLON_DATABASE_PASSWORD",
                    Files.readString(data().resolve("postgresql.password")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In an orderly way. */
    public void stop() {
        process.stop(Duration.ofSeconds(60));
    }

    @Override
    public CarillonApi api() {
        return new CarillonApi(URI.create("http://127.0.0.1:" + port), API_KEY);
    }

    /** What Prometheus reads. */
    public URI metrics() {
        return URI.create("http://127.0.0.1:" + managementPort + "/metrics");
    }

    @Override
    public Connection database() {
        var environment = databaseEnvironment();
        try {
            return DriverManager.getConnection(
                    environment.get("CARILLON_DATABASE_URL"),
                    environment.get("CARILLON_DATABASE_USER"),
                    environment.get("CARILLON_DATABASE_PASSWORD"));
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded database cannot be reached", e);
        }
    }

    @Override
    public void close() {
        if (STARTED.remove(this)) {
            stop();
            endOrphanedDatabase();
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    private void checkReady() {
        if (!process.alive()) {
            // Not an AssertionError: waiting longer would not help.
            throw new NodeEnded("The node ended by itself:\n" + process.tail());
        }
        var uri = URI.create("http://127.0.0.1:" + managementPort + "/ready");
        try {
            var answer = HTTP.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(uri + " says " + answer.statusCode() + " " + answer.body());
            }
        } catch (IOException e) {
            throw new AssertionError(uri + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Of a node that was killed and not started again. */
    private void endOrphanedDatabase() {
        var file = data().resolve("postgresql/postmaster.pid");
        if (!Files.exists(file)) {
            return;
        }
        try {
            var pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
            ProcessHandle.of(pid)
                    .filter(handle -> handle.info().arguments().stream()
                            .flatMap(Stream::of)
                            .anyMatch(argument -> argument.startsWith(data().toString())))
                    .ifPresent(ProcessHandle::destroy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Maven has just compiled, without the tests. */
    public static List<String> productClassPath() {
        return classPath().filter(entry -> !isOfTheTests(entry)).toList();
    }

    private static Stream<String> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
    }

    private static boolean isOfTheTests(String entry) {
        return Stream.of("test-classes", "junit", "assertj", "archunit").anyMatch(entry::contains);
    }

    /** The node ended while it should have been starting. */
    static final class NodeEnded extends Error {
        private static final long serialVersionUID = 1L;

        NodeEnded(String message) {
            super(message);
        }
    }
}
