package dev.carillon.core.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How fast a queue's calls have been taken lately, for the estimated wait: per agent at work, so that it is right again the moment agents
 * come or go. Only the time is counted in which calls waited: at other times it is the callers who set the pace. Of what has been counted
 * half is forgotten after {@link #HALF_LIFE} of such time. In the beginning one call counts as taken in the expected handling time.
 *
 * @param taken calls that had waited and were taken
 * @param agentSeconds the time agents were at work meanwhile, added up over them
 * @param at until when it is counted; null before the first time
 */
record Pace(double taken, double agentSeconds, Instant at) {

    static final Duration HALF_LIFE = Duration.ofMinutes(15);
    static final Pace UNKNOWN = new Pace(0, 0, null);

    /**
     * Time has gone on.
     *
     * @param working agents at work since the last time
     * @param waiting whether calls waited since the last time
     */
    Pace passed(Instant now, int working, boolean waiting) {
        if (at == null || !waiting || !now.isAfter(at)) {
            return new Pace(taken, agentSeconds, at == null || now.isAfter(at) ? now : at);
        }
        double seconds = Duration.between(at, now).toMillis() / 1000.0;
        double kept = Math.pow(0.5, seconds / HALF_LIFE.toSeconds());
        return new Pace(taken * kept, agentSeconds * kept + seconds * working, now);
    }

    Pace oneTaken() {
        return new Pace(taken + 1, agentSeconds, at);
    }

    /**
     * In how long a call will be taken: as many agents as its position says have to become free, and each takes so many calls a second.
     *
     * @param position 1 for the next
     * @param working agents at work now
     * @return empty when nobody is at work
     */
    Optional<Duration> estimate(int position, int working, Duration expectedHandling) {
        if (working == 0) {
            return Optional.empty();
        }
        double callsPerAgentSecond = (taken + 1) / (agentSeconds + expectedHandling.toSeconds());
        return Optional.of(Duration.ofMillis(Math.round(1000 * position / (callsPerAgentSecond * working))));
    }
}
