package dev.carillon.simulation;

/**
 * How likely things go wrong until the history heals: each a chance from 0 to 1.
 *
 * @param lose of a message
 * @param repeat of a message: it comes twice, at different times
 * @param slow of a message to come up to {@code slowestMs} late, which also means: after others that were sent later
 * @param writeFails of a decision with events
 * @param writeUnconfirmed of a decision with events
 */
public record Odds(
        double lose, double repeat, double slow, long slowestMs, double writeFails, double writeUnconfirmed) {
    public static final Odds NONE = new Odds(0, 0, 0, 0, 0, 0);
}
