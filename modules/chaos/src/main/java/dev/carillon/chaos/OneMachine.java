package dev.carillon.chaos;

import java.util.List;
import java.util.Set;

/** Loopback addresses: for everybody, and without partitions. */
final class OneMachine implements Network {

    private final String prefix;
    private final String why;

    /** @param why there is nothing better */
    OneMachine(String why) {
        this.prefix = "127." + (1 + ProcessHandle.current().pid() % 250) + ".77.";
        this.why = why;
    }

    @Override
    public String amongNodes(int node) {
        return prefix + node;
    }

    @Override
    public String ofNode(int node) {
        return prefix + node;
    }

    @Override
    public String ofServices() {
        return "127.0.0.1";
    }

    @Override
    public List<String> within(int node) {
        return List.of();
    }

    @Override
    public String whyNoCut() {
        return why;
    }

    @Override
    public void cut(List<Set<Integer>> sides) {
        throw new ChaosFailure(why);
    }

    @Override
    public void services(int node, boolean reached) {
        throw new ChaosFailure(why);
    }

    @Override
    public void heal() {
        // Nothing was cut.
    }

    @Override
    public void close() {
        // Nothing was made.
    }
}
