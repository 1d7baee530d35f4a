package dev.carillon.chaos;

import java.util.List;

/**
 * What became of a run.
 *
 * @param came callers
 * @param answered of them talked to an agent
 * @param abandoned hung up before
 * @param lost were on a box that was restarted
 * @param missed an agent picked up in the moment in which the caller hung up, and heard nobody
 * @param unseen came and left while nobody could have noticed: the box or the database was out of the cluster's reach
 * @param records of calls
 * @param offers that were made
 * @param judged of how many pairs of callers it could be said who was to be first
 */
public record Findings(
        long came,
        long answered,
        long abandoned,
        long lost,
        long missed,
        long unseen,
        long records,
        long offers,
        long judged,
        List<Violation> violations) {

    public Findings {
        violations = List.copyOf(violations);
    }

    /**
     * Something that must never be.
     *
     * @param rule which of those in docs/chaos.md
     * @param about the call, agent or queue: {@code call box-0-abc.1}
     * @param what for people
     */
    public record Violation(String rule, String about, String what) {

        /** How to see more of it, on the data that the run has left. */
        public String history() {
            var words = about.split(" ", 2);
            return words.length == 2 && words[0].equals("call") ? "GET /api/v1/calls/" + words[1] + "/history" : "";
        }

        @Override
        public String toString() {
            return rule + ": " + about + ": " + what;
        }
    }
}
