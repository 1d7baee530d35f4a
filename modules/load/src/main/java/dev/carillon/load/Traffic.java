package dev.carillon.load;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * Who calls, and when: the same for every node of a run, each of which lets those callers come that call one of its boxes. The same seed
 * makes the same callers.
 *
 * @param talkMillis how long callers want to talk, on average
 * @param patienceMillis for how long they wait, on average
 * @param calm what comes after it
 */
record Traffic(Centre centre, Rate rate, long forMillis, long talkMillis, long patienceMillis, long seed, Calm calm) {

    /**
     * After an overload, to see what becomes of it.
     *
     * @param perSecond calls
     * @param millis for how long; 0 for none
     */
    record Calm(double perSecond, long millis) {
        static final Calm NONE = new Calm(0, 0);
    }

    /** One caller in so many hangs up at once. */
    private static final int IMPATIENT = 50;

    private static final int IMPATIENT_WITHIN_MILLIS = 300;

    /** One agent in so many is the one who hangs up, after half of the talk. */
    private static final int BRIEF = 4;

    /** Until a phone rings that the box was told to ring. */
    private static final int LONGEST_DIALLING_MILLIS = 50;

    private static final int ANSWERED_AFTER_LEAST_MILLIS = 100;
    private static final int ANSWERED_AFTER_SPREAD_MILLIS = 200;

    /**
     * One caller.
     *
     * @param number of this call among all of the run
     * @param afterNanos when it comes, after the first moment of the run
     * @param box which box it comes to
     */
    record Call(int number, long afterNanos, int box, int queue, Duration patience, Duration talk) {}

    /** What an agent does with a call. */
    record Answer(Duration after, Duration talk) {}

    /** The callers in the order in which they come. */
    final class Callers {
        private final SplittableRandom random = new SplittableRandom(seed);
        private double sum;
        private int made;

        /** The next one; one who comes after the end of the run is none any more. */
        Call next() {
            // Independent callers: a Poisson process, in which the time until the next one is exponential.
            sum -= Math.log(1 - random.nextDouble());
            var agent = random.nextInt(centre.agents());
            var impatient = random.nextInt(IMPATIENT) == 0;
            var patience =
                    impatient ? Duration.ofMillis(random.nextInt(IMPATIENT_WITHIN_MILLIS)) : around(patienceMillis);
            var talk = around(talkMillis);
            return new Call(made++, afterNanos(), centre.box(agent), centre.queue(agent), patience, talk);
        }

        private long afterNanos() {
            var late = sum - rate.callsIn(whole());
            if (late < 0) {
                return (long) (rate.secondsUntil(sum, whole()) * 1e9);
            }
            // A falling rate may never come to so many.
            return late >= calm.perSecond() * calm.millis() / 1_000
                    ? Long.MAX_VALUE
                    : forMillis * 1_000_000 + (long) (late / calm.perSecond() * 1e9);
        }

        /** Between half and one and a half of it. */
        private Duration around(long millis) {
            return Duration.ofMillis(Math.round(millis * (0.5 + random.nextDouble())));
        }
    }

    Callers callers() {
        return new Callers();
    }

    Answer answer(SplittableRandom random) {
        var after = ANSWERED_AFTER_LEAST_MILLIS + random.nextInt(ANSWERED_AFTER_SPREAD_MILLIS);
        // Who does not hang up first stays for longer than any caller.
        var talk = random.nextInt(BRIEF) == 0 ? talkMillis / 2 : talkMillis * 10 + 60_000;
        return new Answer(Duration.ofMillis(after), Duration.ofMillis(talk));
    }

    private Duration whole() {
        return Duration.ofMillis(forMillis);
    }

    /** For how long an answered call lasts at most. */
    @JsonIgnore
    double longestSeconds() {
        return (LONGEST_DIALLING_MILLIS + ANSWERED_AFTER_LEAST_MILLIS + ANSWERED_AFTER_SPREAD_MILLIS + talkMillis * 1.5)
                / 1_000;
    }

    /** For how long an answered call keeps an agent, on average. */
    static double busySeconds(long talkMillis) {
        var rings = LONGEST_DIALLING_MILLIS / 2.0 + ANSWERED_AFTER_LEAST_MILLIS + ANSWERED_AFTER_SPREAD_MILLIS / 2.0;
        return (rings + talkMillis * (1 - 0.5 / BRIEF)) / 1_000;
    }
}
