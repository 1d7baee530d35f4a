package dev.carillon.simulation;

import dev.carillon.core.Directory;
import dev.carillon.protocol.Seat;
import java.util.List;
import java.util.Map;

/**
 * Who and what is there when a history begins.
 *
 * @param seats where each agent sits, by agent id
 * @param nodes how many nodes the entities are spread over
 * @param hopMs how long a message takes when nothing is wrong
 */
public record Setup(List<String> boxIds, Map<String, Seat> seats, Directory directory, int nodes, int hopMs) {
    public Setup {
        boxIds = List.copyOf(boxIds);
    }
}
