package dev.carillon.store;

import dev.carillon.core.Directory;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import java.util.List;

/**
 * The whole configuration at one version: an immutable picture of the tables.
 *
 * @param version grows with every change
 */
public record Configuration(long version, List<BoxSettings> boxes, List<Seat> seats, Directory directory) {

    public Configuration {
        boxes = List.copyOf(boxes);
        seats = List.copyOf(seats);
    }
}
