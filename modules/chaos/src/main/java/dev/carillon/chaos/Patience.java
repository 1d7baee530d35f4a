package dev.carillon.chaos;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waiting for what takes its time. */
public final class Patience {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /**
     * Waits until nothing is missing any more.
     *
     * @param missing what is; empty when it is there
     * @throws ChaosFailure when something is still missing after the limit
     */
    public static void until(String what, Duration limit, Supplier<Optional<String>> missing) {
        var deadline = System.nanoTime() + limit.toNanos();
        for (var still = missing.get(); still.isPresent(); still = missing.get()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ChaosFailure(
                        "Still not after " + limit.toSeconds() + " s: " + what + ". What is missing: " + still.get());
            }
            pause(BETWEEN_LOOKS);
        }
    }

    /** @throws ChaosFailure when this thread is to end */
    public static void pause(Duration length) {
        var end = System.nanoTime() + length.toNanos();
        for (var left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new ChaosFailure("Interrupted.");
            }
            LockSupport.parkNanos(left);
        }
    }

    private Patience() {}
}
