package dev.carillon.acceptance.lab;

import dev.carillon.testkit.Eventually;
import java.time.Duration;
import java.util.function.Supplier;

/** Waiting for what a test expects, under a name that a failure begins with. */
public final class Waiting {

    /** Tries the check, made of assertions, until it passes; its last failure is the reason given after {@code limit}. */
    public static void eventually(String what, Duration limit, Runnable check) {
        eventually(what, limit, () -> {
            check.run();
            return true;
        });
    }

    /** As above, for a check that finds something. */
    public static <T> T eventually(String what, Duration limit, Supplier<T> check) {
        try {
            return Eventually.gives(limit, check);
        } catch (AssertionError e) {
            throw new AssertionError("Still not: " + what + "; " + e.getMessage(), e);
        }
    }

    private Waiting() {}
}
