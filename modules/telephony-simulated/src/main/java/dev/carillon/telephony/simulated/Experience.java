package dev.carillon.telephony.simulated;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one caller lived through, whatever anybody recorded of it: the truth that call records are compared with.
 *
 * @param answeredAt when the box answered them
 * @param musicAt when they first heard music
 * @param connections the seats they talked to, in order
 * @param endedAt when they were off the line; empty while they are on it
 * @param endedBy who put an end to it; empty while they are on the line
 */
public record Experience(
        String callId,
        String legId,
        Caller caller,
        Instant arrivedAt,
        Optional<Instant> answeredAt,
        Optional<Instant> musicAt,
        List<Connection> connections,
        Optional<Instant> endedAt,
        Optional<Who> endedBy) {

    public Experience {
        connections = List.copyOf(connections);
    }

    /**
     * Caller and seat heard each other.
     *
     * @param to empty while they still do
     * @param endedBy who hung up first; empty while they still talk
     */
    public record Connection(
            String endpoint, String legId, Instant from, Optional<Instant> to, Optional<Who> endedBy) {}

    /** Who ends a leg or a conversation. */
    public enum Who {
        CALLER,
        /** The person at the seat, or their phone. */
        SEAT,
        /** The box did as it was told. */
        CARILLON,
        /** The box was restarted, or took the caller back because nobody cared for them. */
        BOX
    }
}
