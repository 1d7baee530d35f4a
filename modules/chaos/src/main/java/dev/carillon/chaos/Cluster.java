package dev.carillon.chaos;

import dev.carillon.node.DatabaseMain;
import dev.carillon.node.Main;
import dev.carillon.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Several nodes, each a process of its own, and their PostgreSQL, with the settings of production. Nodes are counted from 1. */
public final class Cluster implements AutoCloseable {

    private static final int REMOTING = 2551;
    private static final int MANAGEMENT = 8558;
    private static final int API = 8080;
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(90);

    private final Path folder;
    private final Network network;
    private final List<String> options;
    private final String key = secret();
    private final Server database;
    private final int databasePort = freePort();
    private final List<DatabaseWay> ways = new ArrayList<>();
    private final List<Server> nodes = new ArrayList<>();

    /** Those that were started to begin a cluster. */
    private final Set<Integer> begins = new HashSet<>();

    /**
     * @param folder for data and logs; what is in it of another time is taken away
     * @param options of the JVM of each node
     */
    public Cluster(Path folder, Network network, int size, List<String> options) {
        this.folder = folder.toAbsolutePath().normalize();
        this.network = network;
        this.options = List.copyOf(options);
        this.database = new Server("the PostgreSQL", log("database"), Duration.ofSeconds(30));
        try {
            clear();
            startDatabase();
            for (var node = 1; node <= size; node++) {
                ways.add(new DatabaseWay(network.ofServices(), databasePort));
                nodes.add(new Server("node " + node, log(String.valueOf(node)), Duration.ZERO));
            }
            start(1);
            awaitReady(1);
            IntStream.rangeClosed(2, size).forEach(this::start);
            IntStream.rangeClosed(2, size).forEach(this::awaitReady);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private void clear() {
        if (!Files.exists(folder)) {
            return;
        }
        try (var all = Files.walk(folder)) {
            for (var one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        } catch (IOException e) {
            throw new ChaosFailure("The data of the last time cannot be removed from " + folder + ": " + e, e);
        }
    }

    // ---- the database

    public void startDatabase() {
        database.start(
                java(DatabaseMain.class, folder.resolve("database").toString(), String.valueOf(databasePort)),
                Map.of());
        Patience.until("the PostgreSQL serves", READY_WITHIN, () -> {
            mustRun(database);
            return database.said("CARILLON_DATABASE_USER=") >= database.starts()
                    ? Optional.empty()
                    : Optional.of("see " + database.log());
        });
    }

    /** In order, as an operator restarts it. */
    public void stopDatabase() {
        database.terminate(ENDED_WITHIN);
    }

    /** Each question of a node and its answer take so much longer together. */
    public void databaseLatency(Duration added) {
        ways.forEach(way -> way.latency(added));
    }

    /** For whoever looks at it from outside, by no way that is slow or cut. */
    public Database.Settings database() {
        try {
            return new Database.Settings(
                    "jdbc:postgresql://127.0.0.1:" + databasePort + "/carillon",
                    "carillon",
                    Files.readString(folder.resolve("database/postgresql.password")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- nodes

    public int size() {
        return nodes.size();
    }

    public boolean runs(int node) {
        return server(node).runs();
    }

    /** Those that run, whether they stand still or not. */
    public List<Integer> running() {
        return all().filter(this::runs).boxed().toList();
    }

    private IntStream all() {
        return IntStream.rangeClosed(1, nodes.size());
    }

    /**
     * With two members of the cluster as its seed nodes, so that it never begins a second one. Without any, one node begins a cluster and the others wait
     * for it; but not as long as somebody runs who may be in one and does not answer. To be called by one thread.
     *
     * @return whether it was started; if not, try again later
     */
    public boolean start(int node) {
        var seeds = seedsOf(node).stream().map(this::seed).toList();
        if (seeds.isEmpty()) {
            return false;
        }
        var environment = new HashMap<String, String>();
        environment.put("CARILLON_SEED_NODE_1", seeds.get(0));
        if (seeds.size() > 1) {
            environment.put("CARILLON_SEED_NODE_2", seeds.get(1));
        }
        environment.put("CARILLON_REMOTING_HOST", network.amongNodes(node));
        environment.put("CARILLON_REMOTING_PORT", String.valueOf(REMOTING));
        environment.put("CARILLON_MANAGEMENT_HOST", network.ofNode(node));
        environment.put("CARILLON_MANAGEMENT_TOKEN", key);
        environment.put("CARILLON_API_HOST", network.ofNode(node));
        environment.put("CARILLON_API_KEY", key);
        environment.put("CARILLON_DRAIN_NOTICE", "1s");
        environment.put(
                "CARILLON_DATABASE_URL",
                "jdbc:postgresql://" + network.ofServices() + ":"
                        + ways.get(node - 1).port() + "/carillon");
        environment.put("CARILLON_DATABASE_USER", "carillon");
        environment.put("CARILLON_DATABASE_PASSWORD", database().password());
        var command = new ArrayList<>(network.within(node));
        command.addAll(java(
                Main.class,
                "--config",
                configuration().toString(),
                "--data",
                folder.resolve("node-" + node).toString(),
                "--port",
                String.valueOf(API),
                "--management-port",
                String.valueOf(MANAGEMENT)));
        server(node).start(command, environment);
        return true;
    }

    private List<Integer> seedsOf(int node) {
        begins.remove(node);
        var others = running().stream().filter(other -> other != node).toList();
        var places = others.stream().collect(Collectors.toMap(other -> other, this::place));
        var members = others.stream()
                .filter(other -> places.get(other) == Place.MEMBER)
                .limit(2)
                .toList();
        if (!members.isEmpty()) {
            return members;
        }
        var beginner = others.stream().filter(begins::contains).findFirst();
        if (beginner.isPresent()) {
            return List.of(beginner.get());
        }
        if (places.containsValue(Place.UNKNOWN)) {
            return List.of();
        }
        begins.add(node);
        return List.of(node);
    }

    /** Where a node that runs is. */
    private enum Place {
        MEMBER,
        JOINING,
        /** It does not answer: it starts, or stands still. */
        UNKNOWN
    }

    /** As it sees itself. */
    private Place place(int node) {
        var answer = management(node).get("/cluster/members");
        if (!answer.good()) {
            return Place.UNKNOWN;
        }
        for (var member : answer.body().path("members")) {
            if (member.path("node").asText().equals(seed(node))
                    && member.path("status").asText().equals("Up")) {
                return Place.MEMBER;
            }
        }
        return Place.JOINING;
    }

    private String seed(int node) {
        return "akka://carillon@" + network.amongNodes(node) + ":" + REMOTING;
    }

    /** That of production. */
    private static Path configuration() {
        var given = System.getProperty("carillon.chaos.configuration", "cluster-config/node.conf");
        return Path.of(given).toAbsolutePath();
    }

    public boolean ready(int node) {
        return management(node).get("/ready").good();
    }

    /** @throws ChaosFailure when it has ended, with the last it said, or is not ready in time */
    public void awaitReady(int node) {
        Patience.until("node " + node + " is ready", READY_WITHIN, () -> {
            mustRun(server(node));
            var answer = management(node).get("/ready");
            return answer.good()
                    ? Optional.empty()
                    : Optional.of(answer.body() + "; see " + server(node).log());
        });
    }

    /** Until all run, are ready, and are members of one cluster. */
    public void awaitWhole(Duration limit) {
        Patience.until("the cluster is whole", limit, this::whyNotWhole);
    }

    private Optional<String> whyNotWhole() {
        for (var node = 1; node <= nodes.size(); node++) {
            if (!runs(node)) {
                return Optional.of(
                        "node " + node + " does not run; see " + server(node).log());
            }
            var answer = management(node).get("/ready");
            if (!answer.good()) {
                return Optional.of("node " + node + ": " + answer.body());
            }
            var members = management(node).get("/cluster/members").body().path("members");
            var up = 0;
            for (var member : members) {
                up += member.path("status").asText().equals("Up") ? 1 : 0;
            }
            if (up != nodes.size() || members.size() != nodes.size()) {
                return Optional.of("node " + node + " sees " + members);
            }
        }
        return Optional.empty();
    }

    /** kill -9. */
    public void kill(int node) {
        server(node).kill9();
    }

    /** As planned. */
    public void end(int node) {
        if (!server(node).terminate(ENDED_WITHIN)) {
            throw new ChaosFailure("node " + node + " has not ended as planned within " + ENDED_WITHIN.toSeconds()
                    + " s; see " + server(node).log());
        }
    }

    /** SIGSTOP. */
    public void pause(int node) {
        server(node).stop();
    }

    /** SIGCONT. */
    public void resume(int node) {
        server(node).goOn();
    }

    /** @throws ChaosFailure when it runs on for longer */
    public int awaitExit(int node, Duration limit) {
        if (!server(node).ends(limit)) {
            throw new ChaosFailure("node " + node + " runs still after " + limit.toSeconds() + " s; see "
                    + server(node).log());
        }
        return server(node).exitCode();
    }

    /** Of its last end; -1 while it runs. */
    public int exitCode(int node) {
        return server(node).exitCode();
    }

    /** Everything that one node has said since the cluster was made. */
    public String log(int node) {
        try {
            return Files.readString(server(node).log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Api api(int node) {
        return new Api(URI.create("http://" + network.ofNode(node) + ":" + API + "/api/v1/"), key);
    }

    Api management(int node) {
        return new Api(URI.create("http://" + network.ofNode(node) + ":" + MANAGEMENT), key);
    }

    private Server server(int node) {
        return nodes.get(node - 1);
    }

    private static void mustRun(Server server) {
        if (!server.runs()) {
            throw new ChaosFailure(
                    "It has ended by itself. The last of its log, " + server.log() + ":\n" + server.lastWords());
        }
    }

    private List<String> java(Class<?> main, String... arguments) {
        return Stream.of(
                        Stream.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        options.stream(),
                        Stream.of(
                                "-XX:+ExitOnOutOfMemoryError",
                                // Not the configuration of tests, should that be on the class path.
                                "-Dlogback.configurationFile=logback.xml",
                                "-Dcarillon.node.version-check=500ms",
                                "-cp",
                                System.getProperty("carillon.chaos.classpath", System.getProperty("java.class.path")),
                                main.getName()),
                        Stream.of(arguments))
                .flatMap(words -> words)
                .collect(Collectors.toList());
    }

    @Override
    public void close() {
        nodes.forEach(Server::close);
        nodes.forEach(node -> node.awaitEnd(ENDED_WITHIN));
        ways.forEach(DatabaseWay::close);
        database.close();
        database.awaitEnd(ENDED_WITHIN);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String secret() {
        var secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        return HexFormat.of().formatHex(secret);
    }
}
