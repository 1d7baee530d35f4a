package dev.carillon.telephony.simulated;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Gentle everyday traffic: callers who arrive independently of each other, are patient for some minutes and talk for about
 * one, and seats that nearly always answer after a few seconds. The same seed makes the same people.
 */
public final class People {

    private final SplittableRandom random;
    private final Duration between;
    private final List<String> dialled;

    /**
     * @param between the mean time between two callers; arrivals are a Poisson process
     * @param dialled the numbers they call, each as likely as the others
     */
    public People(long seed, Duration between, List<String> dialled) {
        if (dialled.isEmpty() || between.isNegative() || between.isZero()) {
            throw new IllegalArgumentException("people need a number to call and time between calls");
        }
        this.random = new SplittableRandom(seed);
        this.between = between;
        this.dialled = List.copyOf(dialled);
    }

    /** How long after the last caller the next one comes. */
    Duration untilNext() {
        return exponential(between);
    }

    Caller caller() {
        var number = String.format(Locale.ROOT, "+4930555%05d", random.nextInt(100_000));
        return new Caller(
                number,
                "",
                dialled.get(random.nextInt(dialled.size())),
                Duration.ofSeconds(20).plus(exponential(Duration.ofMinutes(3))),
                Duration.ofSeconds(10).plus(exponential(Duration.ofSeconds(50))));
    }

    Reaction reaction() {
        int percent = random.nextInt(100);
        if (percent < 2) {
            return new Reaction.Declines(Duration.ofMillis(1_000 + random.nextInt(3_000)));
        }
        if (percent < 5) {
            return new Reaction.Unanswered();
        }
        return new Reaction.Answers(
                Duration.ofMillis(1_000 + random.nextInt(4_000)),
                Duration.ofSeconds(15).plus(exponential(Duration.ofSeconds(90))));
    }

    private Duration exponential(Duration mean) {
        double sample = -Math.log(1 - random.nextDouble());
        return Duration.ofMillis(1 + Math.round(mean.toMillis() * sample));
    }
}
