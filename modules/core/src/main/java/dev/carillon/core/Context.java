package dev.carillon.core;

import java.time.Instant;
import java.util.function.Supplier;

/**
 * What a decision may look at beside the state and the command.
 *
 * @param now the clock, read once for the whole decision
 * @param directory the configuration as it is now
 * @param ids makes ids that have never been used: for offers, legs, bridges
 */
public record Context(Instant now, Directory directory, Supplier<String> ids) {

    public long nowMs() {
        return now.toEpochMilli();
    }

    public String newId() {
        return ids.get();
    }
}
