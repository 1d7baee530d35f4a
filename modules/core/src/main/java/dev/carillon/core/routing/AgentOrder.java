package dev.carillon.core.routing;

import dev.carillon.core.Directory.Strategy;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;

/** A strategy: who of several ready agents is asked first, or who together. */
public interface AgentOrder {

    static AgentOrder of(Strategy strategy) {
        return switch (strategy) {
            case LONGEST_IDLE -> new LongestIdle();
            case ROUND_ROBIN -> new RoundRobin();
            case ORDERED -> new OrderedList();
            case RANDOM -> new Lottery();
            case FEWEST_CALLS -> new FewestCalls();
            case LEAST_TALK_TIME -> new LeastTalkTime();
            case RING_ALL -> new RingAll();
        };
    }

    /** In which order they are kept. Two agents are never equal in it. */
    Comparator<ReadyAgent> order();

    /**
     * Who is asked, in logarithmic time for each of them at most.
     *
     * @param ready at least one, in {@link #order}
     * @param offerId of the offer that the first of them is asked for
     * @return at least one; several are asked at the same time
     */
    default List<ReadyAgent> choose(NavigableSet<ReadyAgent> ready, String offerId) {
        return List.of(ready.first());
    }
}
