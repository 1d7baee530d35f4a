package dev.carillon.core.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How fast a queue's line has moved lately, for the estimated wait: calls taken, per agent at work, so that it is right again the moment
 * agents come or go; and callers who left the line by themselves, per caller who waits, so that a long line is not taken for slower than
 * it is. Only the time is counted in which calls waited: at other times it is the callers who set the pace. Of what has been counted
 * half is forgotten after {@link #HALF_LIFE} of such time. In the beginning one call counts as taken in the expected handling time, and
 * nobody leaves.
 *
 * @param taken calls that had waited and were taken
 * @param agentSeconds the time agents were at work meanwhile, added up over them
 * @param left callers who had waited and left otherwise
 * @param waitSeconds the time callers waited, added up over them
 * @param at until when it is counted; null before the first time
 */
record Pace(double taken, double agentSeconds, double left, double waitSeconds, Instant at) {

    static final Duration HALF_LIFE = Duration.ofMinutes(15);
    static final Pace UNKNOWN = new Pace(0, 0, 0, 0, null);

    /**
     * Time has gone on.
     *
     * @param working agents at work since the last time
     * @param waiting calls that have waited for an agent since the last time
     */
    Pace passed(Instant now, int working, int waiting) {
        if (at == null || waiting == 0 || !now.isAfter(at)) {
            return new Pace(taken, agentSeconds, left, waitSeconds, at == null || now.isAfter(at) ? now : at);
        }
        double seconds = Duration.between(at, now).toMillis() / 1000.0;
        double kept = Math.pow(0.5, seconds / HALF_LIFE.toSeconds());
        return new Pace(
                taken * kept,
                agentSeconds * kept + seconds * working,
                left * kept,
                waitSeconds * kept + seconds * waiting,
                now);
    }

    Pace oneTaken() {
        return new Pace(taken + 1, agentSeconds, left, waitSeconds, at);
    }

    Pace oneLeft() {
        return new Pace(taken, agentSeconds, left + 1, waitSeconds, at);
    }

    /**
     * In how long a call will be taken: as many agents as its position says have to become free, less those callers before it who will have
     * left by then. With {@code m} calls taken a second and each caller leaving at the rate {@code t}, the caller at position {@code k}
     * moves up after {@code 1 / (m + t k)} seconds on average (W. Whitt, Predicting queueing delays, Management Science 45, 1999);
     * the sum over all positions before it is taken for the integral, {@code ln(1 + t n / m) / t}.
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
        double withoutLeaving = position / (callsPerAgentSecond * working);
        double leaving = left / (waitSeconds + expectedHandling.toSeconds());
        double seconds = leaving == 0 ? withoutLeaving : Math.log1p(leaving * withoutLeaving) / leaving;
        return Optional.of(Duration.ofMillis(Math.round(1000 * seconds)));
    }
}
