package dev.carillon.chaos;

import java.util.List;
import java.util.Set;

/** By which ways nodes reach each other, and what they share. Nodes are counted from 1. */
public interface Network extends AutoCloseable {

    /** Where the other nodes reach it. */
    String amongNodes(int node);

    /** Where everybody else reaches it. */
    String ofNode(int node);

    /** Where nodes reach the database and the boxes. */
    String ofServices();

    /** What stands before the command that starts a node. */
    List<String> within(int node);

    /** Why nothing can be cut here; empty when it can. */
    String whyNoCut();

    /** Who is not on the same side is not heard of any more: nothing is refused, it is silence. Nodes that are named nowhere are alone. */
    void cut(List<Set<Integer>> sides);

    /** The node reaches neither the database nor the boxes, and nobody reaches its API, or all of that again. */
    void services(int node, boolean reached);

    /** Everybody reaches everything. */
    void heal();

    @Override
    void close();
}
