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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Several real nodes that are one cluster, each in a JVM of its own, and their PostgreSQL: by {@code scripts/cluster}, as people start it. */
public final class CarillonCluster implements Carillon {

    /** Longer than the script itself waits for anything. */
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private static final String MANAGEMENT_TOKEN = "operators-0123456789abcdef";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private static final AtomicInteger MADE = new AtomicInteger();
    private static final Set<CarillonCluster> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Processes.beforeTheirEnd(() -> STARTED.forEach(CarillonCluster::close));
    }

    private final Path folder;
    private final int port = Ports.one();
    private final int managementPort = Ports.one();
    private final int databasePort = Ports.one();
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
        return start(new CarillonCluster(folder), nodes, options);
    }

    private static CarillonCluster start(CarillonCluster cluster, int nodes, String... options) {
        STARTED.add(cluster);
        try {
            var nothing = Files.writeString(cluster.folder.resolve("nothing.yaml"), "boxes: []\n");
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
                    "--database-port",
                    String.valueOf(cluster.databasePort),
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

    /** Its process stands still until {@link #wake}: SIGSTOP. */
    public Instant pause(int node) {
        running.remove(node);
        signal("STOP", node);
        return Instant.now();
    }

    /** Its process goes on where it stood: SIGCONT. */
    public Instant wake(int node) {
        var at = Instant.now();
        signal("CONT", node);
        return at;
    }

    /** Whether the process of a node is there, also one that stands still. */
    public boolean runs(int node) {
        // One that has ended and that nobody has buried yet has no command line any more.
        return pid(node)
                .map(pid -> Path.of("/proc", String.valueOf(pid), "cmdline"))
                .map(file -> {
                    try {
                        return Files.readString(file);
                    } catch (IOException e) {
                        return "";
                    }
                })
                .filter(line -> !line.isEmpty())
                .isPresent();
    }

    private void signal(String signal, int node) {
        Processes.run(
                "kill -" + signal,
                folder,
                folder.resolve("kill.out"),
                Map.of(),
                LIMIT,
                List.of("kill", "-" + signal, String.valueOf(pid(node).orElseThrow())));
    }

    private Optional<Long> pid(int node) {
        try {
            return Optional.of(Long.parseLong(
                    Files.readString(data().resolve(node + ".pid")).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one that has ended, and waits until it is ready. */
    public void begin(int node) {
        script("start", String.valueOf(node));
        running.add(node);
    }

    /** The server beneath it. */
    public ClusterDatabase server() {
        return new ClusterDatabase(data().resolve("database"), databasePort);
    }

    /** What the management port of one node, counted from 1, answers to that; empty when it does not. */
    public Optional<HttpResponse<String>> asked(int node, String path) {
        var uri = URI.create("http://" + addresses + "." + node + ":" + managementPort + path);
        try {
            return Optional.of(HTTP.send(
                    HttpRequest.newBuilder(uri)
                            .timeout(Duration.ofSeconds(10))
                            .header("Authorization", "Bearer " + MANAGEMENT_TOKEN)
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
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
                "CARILLON_MANAGEMENT_TOKEN",
                MANAGEMENT_TOKEN,
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
