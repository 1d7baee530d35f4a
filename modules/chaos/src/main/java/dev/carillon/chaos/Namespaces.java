package dev.carillon.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Each node in a network namespace of its own, with two cables: one to the other nodes, one to the database, the boxes and whoever uses the API. A cut
 * puts the first cables into different bridges, so that what was sent is lost without a word, as where a line between two sites is cut.
 * Everything is taken down again when this is closed, or when the process ends.
 */
public final class Namespaces implements Network {

    private static final int SERVICES = 254;

    private final int nodes;
    private final String name = "cc" + Long.toString(ProcessHandle.current().pid(), 36);
    private final String prefix;
    private final List<Runnable> undo = new ArrayList<>();
    private final Thread end = new Thread(this::takeDown, "end-of-namespaces");

    /** @return what is missing for namespaces; empty when nothing is */
    public static String missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "network namespaces can be made by root only";
        }
        if (!Command.succeeds("ip", "-V")) {
            return "there is no ip command (Debian's package iproute2)";
        }
        var trial = "cctrial" + ProcessHandle.current().pid();
        if (!Command.succeeds("ip", "netns", "add", trial)) {
            return "this machine lets nobody make network namespaces";
        }
        Command.succeeds("ip", "netns", "del", trial);
        var bridge = "cct" + Long.toString(ProcessHandle.current().pid(), 36);
        if (!Command.succeeds("ip", "link", "add", "name", bridge, "type", "bridge")) {
            return "this machine lets nobody make bridges";
        }
        Command.succeeds("ip", "link", "del", bridge);
        return "";
    }

    /** Namespaces where that is possible, or else loopback addresses without cuts. */
    public static Network orOneMachine(int nodes) {
        var missing = missing();
        return missing.isEmpty() ? new Namespaces(nodes) : new OneMachine(missing);
    }

    public Namespaces(int nodes) {
        this.nodes = nodes;
        this.prefix = "10." + (100 + ProcessHandle.current().pid() % 150) + ".";
        Runtime.getRuntime().addShutdownHook(end);
        try {
            make();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void make() {
        for (var side = 0; side < nodes; side++) {
            bridge(side(side));
        }
        bridge(shared());
        Command.run("ip", "addr", "add", ofServices() + "/24", "dev", shared());
        for (var node = 1; node <= nodes; node++) {
            var namespace = namespace(node);
            Command.run("ip", "netns", "add", namespace);
            undo.add(() -> Command.succeeds("ip", "netns", "del", namespace));
            cable(node, cable(node), "nodes", amongNodes(node), side(0));
            cable(node, serviceCable(node), "services", ofNode(node), shared());
            Command.run("ip", "-n", namespace, "link", "set", "lo", "up");
        }
    }

    private void bridge(String bridge) {
        Command.run("ip", "link", "add", "name", bridge, "type", "bridge");
        undo.add(() -> Command.succeeds("ip", "link", "del", bridge));
        Command.run("ip", "link", "set", bridge, "up");
    }

    private void cable(int node, String outside, String inside, String address, String bridge) {
        var namespace = namespace(node);
        Command.run("ip", "link", "add", outside, "type", "veth", "peer", "name", inside, "netns", namespace);
        Command.run("ip", "-n", namespace, "addr", "add", address + "/24", "dev", inside);
        Command.run("ip", "-n", namespace, "link", "set", inside, "up");
        Command.run("ip", "link", "set", outside, "master", bridge, "up");
    }

    private String namespace(int node) {
        return name + "-" + node;
    }

    private String side(int side) {
        return name + "b" + side;
    }

    private String shared() {
        return name + "bs";
    }

    private String cable(int node) {
        return name + "n" + node;
    }

    private String serviceCable(int node) {
        return name + "s" + node;
    }

    @Override
    public String amongNodes(int node) {
        return prefix + "1." + node;
    }

    @Override
    public String ofNode(int node) {
        return prefix + "2." + node;
    }

    @Override
    public String ofServices() {
        return prefix + "2." + SERVICES;
    }

    @Override
    public List<String> within(int node) {
        return List.of("ip", "netns", "exec", namespace(node));
    }

    @Override
    public String whyNoCut() {
        return "";
    }

    @Override
    public void cut(List<Set<Integer>> sides) {
        var alone = sides.size();
        for (var node = 1; node <= nodes; node++) {
            var one = node;
            var found = IntStream.range(0, sides.size())
                    .filter(side -> sides.get(side).contains(one))
                    .findFirst();
            Command.run(
                    "ip", "link", "set", cable(node), "master", side(found.isPresent() ? found.getAsInt() : alone++));
        }
    }

    @Override
    public void services(int node, boolean reached) {
        if (reached) {
            Command.run("ip", "link", "set", serviceCable(node), "master", shared());
        } else {
            Command.run("ip", "link", "set", serviceCable(node), "nomaster");
        }
    }

    @Override
    public void heal() {
        for (var node = 1; node <= nodes; node++) {
            Command.run("ip", "link", "set", cable(node), "master", side(0));
            services(node, true);
        }
    }

    @Override
    public void close() {
        takeDown();
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException endingAlready) {
            // Then the hook has done it, or is about to.
        }
    }

    private synchronized void takeDown() {
        // Cables go with their namespaces.
        for (var i = undo.size() - 1; i >= 0; i--) {
            undo.get(i).run();
        }
        undo.clear();
    }
}
