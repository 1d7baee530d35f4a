package dev.carillon.acceptance.lab;

import dev.carillon.testkit.Eventually;
import java.time.Duration;
import java.util.function.Supplier;

/** Waiting for what a test expects, under a name that a failure begins with. */
public final class Waiting {

    /**
     * How far what SIPp saw and what is recorded may be apart, and how late anything may be that takes no time in itself, on a machine
     * with two processors that others use too.
     */
    public static final Duration STALL = Duration.ofSeconds(3);

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
