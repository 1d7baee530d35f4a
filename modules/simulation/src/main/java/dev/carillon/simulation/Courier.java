package dev.carillon.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Decides what becomes of single messages, where a scenario needs just this one to go wrong at just this moment. */
interface Courier {

    /**
     * @param to whom it is for, as in the trace: "Agent ann", "Queue sales", "Box east"
     * @return empty when this courier does not care
     */
    Optional<Fate> fate(String to, Object message);

    /** @param afterMs by how much it is late, each time it arrives; empty when it never does */
    record Fate(List<Long> afterMs) {
        static final Fate LOST = new Fate(List.of());

        public Fate {
            afterMs = List.copyOf(afterMs);
        }

        static Fate arrives(Long... afterMs) {
            return new Fate(Arrays.asList(afterMs));
        }

        @Override
        public String toString() {
            return afterMs.isEmpty() ? "lost" : "late " + afterMs;
        }
    }
}
