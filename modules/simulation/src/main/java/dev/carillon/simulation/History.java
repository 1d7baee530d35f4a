package dev.carillon.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one random history went.
 *
 * @param traceHash of everything that happened, 0 when not asked for
 * @param violation of the invariant that broke first; empty when all held
 * @param lastLines what happened before it ended, oldest first; empty when all held
 */
public record History(
        long seed,
        long steps,
        long virtualMs,
        Map<Trouble, Integer> troubles,
        long traceHash,
        Optional<Violation> violation,
        List<String> lastLines) {

    /** How many of the last lines a failure shows. */
    public static final int LINES = 60;

    public static History of(long seed, Deciders deciders) {
        return of(seed, deciders, LINES, false);
    }

    /**
     * @param lines how many of the last lines to keep
     * @param hashing whether {@link #traceHash} is wanted
     */
    public static History of(long seed, Deciders deciders, int lines, boolean hashing) {
        var history = new RandomHistory(seed, deciders, new Trace(lines, hashing));
        var world = history.world();
        try {
            history.run();
            return ended(seed, world, Optional.empty(), List.of());
        } catch (Violation violation) {
            return ended(seed, world, Optional.of(violation), world.lastLines());
        } catch (RuntimeException fault) {
            var violation = new Violation(Violation.CONTRACT, fault.toString());
            violation.initCause(fault);
            return ended(seed, world, Optional.of(violation), world.lastLines());
        }
    }

    private static History ended(long seed, World world, Optional<Violation> violation, List<String> lines) {
        return new History(seed, world.steps(), world.now(), world.troubles(), world.traceHash(), violation, lines);
    }

    /** For people: what broke, how to see it again, and what had happened. */
    public String report() {
        var text = new StringBuilder();
        violation.ifPresent(broken -> text.append("Seed %d breaks %s%n".formatted(seed, broken.describe()))
                .append("at step %d, after %.3f s; again: scripts/simulate --seed %d%n"
                        .formatted(steps, virtualMs / 1000.0, seed)));
        violation.map(Throwable::getCause).ifPresent(cause -> {
            for (var frame : cause.getStackTrace()) {
                text.append("    at ").append(frame).append(System.lineSeparator());
            }
        });
        lastLines.forEach(line -> text.append("  ").append(line).append(System.lineSeparator()));
        return text.toString();
    }
}
