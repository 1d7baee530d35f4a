package dev.carillon.chaos;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Starts nodes again that have ended, as systemd or Kubernetes does. As operators are told not to, it starts none that is cut off, which could begin a
 * cluster of its own.
 */
final class Supervisor {

    /** One that cannot start, because the database is away, is tried again after this. */
    private static final Duration NOT_TOO_OFTEN = Duration.ofSeconds(3);

    private final Cluster cluster;
    private final Set<Integer> held = new HashSet<>();
    private final Map<Integer, Integer> ends = new HashMap<>();
    private final Map<Integer, Long> endedAt = new HashMap<>();
    private boolean waiting;

    Supervisor(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The node is ended on purpose, and started by whoever did it. */
    synchronized void hold(int node) {
        held.add(node);
    }

    /** Its process may be started again. */
    synchronized void letGo(int node) {
        held.remove(node);
    }

    /** While the network is cut nobody is started. */
    synchronized void waits(boolean now) {
        waiting = now;
    }

    /** How often nodes have ended by themselves, by exit code. */
    synchronized Map<Integer, Integer> ends() {
        return Map.copyOf(ends);
    }

    synchronized void look() {
        for (var node = 1; node <= cluster.size() && !waiting; node++) {
            if (cluster.runs(node) || held.contains(node)) {
                endedAt.remove(node);
            } else if (endedAt.putIfAbsent(node, System.nanoTime()) == null) {
                ends.merge(cluster.exitCode(node), 1, Integer::sum);
            } else if (System.nanoTime() - endedAt.get(node) >= NOT_TOO_OFTEN.toNanos()) {
                if (cluster.start(node)) {
                    endedAt.remove(node);
                }
            }
        }
    }
}
