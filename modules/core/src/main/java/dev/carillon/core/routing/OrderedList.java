package dev.carillon.core.routing;

import java.util.Comparator;

/**
 * By a list: the ready agent with the lowest rank in this queue, whoever was asked before; agents without a rank after all others. Among
 * equal ranks, the one who has been idle longest. So the first of the list get most of the calls, as intended; their calls never wait for
 * them while somebody further down is ready.
 */
final class OrderedList implements AgentOrder {

    private static final Comparator<ReadyAgent> RULE =
            Comparator.comparingInt(ReadyAgent::rank).thenComparing(LongestIdle.RULE);

    @Override
    public Comparator<ReadyAgent> order() {
        return RULE;
    }
}
