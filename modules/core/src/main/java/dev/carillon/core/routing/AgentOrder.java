package dev.carillon.core.routing;

import dev.carillon.core.Directory.Strategy;
import java.util.Comparator;
import java.util.NavigableSet;

/** A strategy: who of several ready agents is asked first. */
public interface AgentOrder {

    static AgentOrder of(Strategy strategy) {
        return switch (strategy) {
            case LONGEST_IDLE -> new LongestIdle();
            case ROUND_ROBIN -> new RoundRobin();
            case ORDERED -> new OrderedList();
            case RANDOM -> new Lottery();
            case FEWEST_CALLS -> new FewestCalls();
            case LEAST_TALK_TIME -> new LeastTalkTime();
        };
    }

    /** In which order they are kept. Two agents are never equal in it. */
    Comparator<ReadyAgent> order();

    /**
     * Who is asked, in logarithmic time at most.
     *
     * @param ready at least one, in {@link #order}
     * @param offerId of the offer they are asked for
     */
    default ReadyAgent choose(NavigableSet<ReadyAgent> ready, String offerId) {
        return ready.first();
    }
}
