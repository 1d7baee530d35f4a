package dev.carillon.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits until something is true, and says why it is not when it never becomes so. */
public final class Eventually {

    /** Generous: a busy machine must not make a test fail; only a broken one. */
    public static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private Eventually() {}

    /** Waits until the check, made of ordinary assertions, passes; fails with what it last said after {@link #LIMIT}. */
    public static void passes(Runnable check) {
        passes(LIMIT, check);
    }

    public static void passes(Duration limit, Runnable check) {
        gives(limit, () -> {
            check.run();
            return true;
        });
    }

    /** Waits until the look returns a value without throwing. */
    public static <T> T gives(Supplier<T> look) {
        return gives(LIMIT, look);
    }

    public static <T> T gives(Duration limit, Supplier<T> look) {
        var deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                return look.get();
            } catch (AssertionError | RuntimeException notYet) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("not within " + limit.toMillis() + " ms: " + notYet.getMessage(), notYet);
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        }
    }

    /**
     * Waits for a condition.
     *
     * @param whyNotYet empty once the condition holds; until then, what is missing, for the failure's text
     */
    public static void holds(Supplier<Optional<String>> whyNotYet) {
        holds(LIMIT, whyNotYet);
    }

    public static void holds(Duration limit, Supplier<Optional<String>> whyNotYet) {
        passes(limit, () -> whyNotYet.get().ifPresent(reason -> {
            throw new AssertionError(reason);
        }));
    }
}
