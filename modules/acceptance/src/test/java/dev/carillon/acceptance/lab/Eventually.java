package dev.carillon.acceptance.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits until something is true, and says why it is not yet when it never becomes so. */
public final class Eventually {

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    /** Tries the check, made of assertions, until it passes; its last failure is the reason given after {@code limit}. */
    public static void eventually(String what, Duration limit, Runnable check) {
        eventually(what, limit, () -> {
            check.run();
            return null;
        });
    }

    /** As above, for a check that finds something. */
    public static <T> T eventually(String what, Duration limit, Supplier<T> check) {
        var end = System.nanoTime() + limit.toNanos();
        while (true) {
            try {
                return check.get();
            } catch (AssertionError | RuntimeException notYet) {
                if (System.nanoTime() > end) {
                    throw new AssertionError(
                            "After " + limit.toSeconds() + " s still not: " + what + ". " + notYet.getMessage(),
                            notYet);
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private Eventually() {}
}
