package dev.carillon.acceptance.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Several real nodes that are one cluster, each in a JVM of its own, and their PostgreSQL: by {@code scripts/cluster}, as people start it. */
public final class CarillonCluster implements Carillon {

    /** Longer than the script itself waits for anything. */
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private static final AtomicInteger MADE = new AtomicInteger();
    private static final Set<CarillonCluster> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Processes.beforeTheirEnd(() -> STARTED.forEach(CarillonCluster::close));
    }

    private final Path folder;
    private final int port = Ports.one();
    private final int managementPort = Ports.one();
    private final String addresses = "127." + (1 + ProcessHandle.current().pid() % 250) + "." + MADE.incrementAndGet();
    private volatile Script underWay;
    private final Set<Integer> running = ConcurrentHashMap.newKeySet();

    private CarillonCluster(Path folder) {
        this.folder = folder;
    }

    /**
     * Starts one and waits until all its nodes are ready. Nobody works there and nothing is configured.
     *
     * @param options of {@code scripts/cluster up}
     */
    public static CarillonCluster start(Path folder, int nodes, String... options) {
        var cluster = new CarillonCluster(folder);
        STARTED.add(cluster);
        try {
            var nothing = Files.writeString(folder.resolve("nothing.yaml"), "boxes: []\n");
            var all = new ArrayList<>(List.of(
                    "--nodes",
                    String.valueOf(nodes),
                    "--addresses",
                    cluster.addresses,
                    "--no-demo",
                    "--seed",
                    nothing.toString(),
                    "--port",
                    String.valueOf(cluster.port),
                    "--management-port",
                    String.valueOf(cluster.managementPort),
                    "--remoting-port",
                    String.valueOf(Ports.one())));
            all.addAll(List.of(options));
            cluster.script("up", all.toArray(String[]::new));
            IntStream.rangeClosed(1, nodes).forEach(cluster.running::add);
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Throwable e) {
            cluster.close();
            throw e;
        }
    }

    /** Of the first node that runs. */
    @Override
    public CarillonApi api() {
        return api(running.stream().min(Integer::compare).orElseThrow());
    }

    /** Of one node, counted from 1. */
    public CarillonApi api(int node) {
        return new CarillonApi(URI.create("http://" + addresses + "." + node + ":" + port), CarillonNode.API_KEY);
    }

    /** The node that has been a member for the longest time, by what the others know. */
    public int oldest() {
        return nodeAt(management("/cluster/members").get("oldest").asText());
    }

    /** On which node one entity lives; {@code kind} as in {@code GET /entities}. */
    public int whereIs(String kind, String id) {
        return nodeAt(management("/entities/" + kind + "/" + id).get("member").asText());
    }

    /** Of its address, akka://carillon@127.0.0.N:2551. */
    private static int nodeAt(String member) {
        var host = URI.create(member).getHost();
        return Integer.parseInt(host.substring(host.lastIndexOf('.') + 1));
    }

    private JsonNode management(String path) {
        var node = running().get(0);
        var request = HttpRequest.newBuilder(
                        URI.create("http://" + addresses + "." + node + ":" + managementPort + path))
                .header("Authorization", "Bearer " + environment().get("CARILLON_MANAGEMENT_TOKEN"))
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError("GET " + path + " of node " + node + ": " + answer.body());
            }
            return new JsonMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError("GET " + path + " of node " + node + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Those of which nobody has said that they are to end. */
    public List<Integer> running() {
        return running.stream().sorted().toList();
    }

    /** Its process is gone at once. */
    public Instant kill9(int node) {
        running.remove(node);
        var at = Instant.now();
        script("kill", String.valueOf(node));
        return at;
    }

    /** As planned: returns when its process has ended. */
    public void stop(int node) {
        running.remove(node);
        script("stop", String.valueOf(node));
    }

    /** Starts one that has ended, and waits until it is ready. */
    public void begin(int node) {
        script("start", String.valueOf(node));
        running.add(node);
    }

    /** Ends everything as planned, but for the data. */
    public String down() {
        running.clear();
        return script("down");
    }

    /** What it says of its nodes. */
    public String status() {
        return script("status");
    }

    /** Everything that one node, counted from 1, has logged since the cluster was made. */
    public String log(int node) {
        try {
            return Files.readString(data().resolve(node + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Connection database() {
        var environment = environment();
        try {
            return DriverManager.getConnection(
                    environment.get("CARILLON_DATABASE_URL"),
                    environment.get("CARILLON_DATABASE_USER"),
                    Files.readString(data().resolve("database/postgresql.password")));
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("the database of the cluster cannot be reached", e);
        }
    }

    private Map<String, String> environment() {
        return script("env")
                .lines()
                .filter(line -> line.contains("="))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')), line -> line.substring(line.indexOf('=') + 1)));
    }

    @Override
    public void close() {
        if (STARTED.remove(this)) {
            var busy = underWay;
            if (busy != null) {
                // It has the lock, and this may be the end of the JVM in the middle of it.
                busy.close();
            }
            if (Files.exists(data().resolve("settings"))) {
                down();
            }
        }
    }

    private Path data() {
        return folder.resolve("cluster");
    }

    /** Runs it to its end, which must be a good one, and returns what it said. */
    private String script(String command, String... words) {
        var said = new ArrayList<>(List.of(command));
        said.addAll(List.of(words));
        said.addAll(List.of("--data", data().toString()));
        var environment = Map.of(
                "CARILLON_API_KEY",
                CarillonNode.API_KEY,
                "CARILLON_JAVA_OPTIONS",
                "-Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
        try (var script = Script.start(folder, "cluster", environment, said.toArray(String[]::new))) {
            underWay = script;
            var code = script.ends(LIMIT);
            if (code != 0) {
                throw new AssertionError(
                        "scripts/cluster " + String.join(" ", said) + " ended with " + code + ":\n" + script.said());
            }
            return script.said();
        } finally {
            underWay = null;
        }
    }
}
