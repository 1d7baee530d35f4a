package dev.carillon.load;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waiting for what takes its time. */
final class Patience {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    /**
     * Waits until nothing is missing any more.
     *
     * @param missing what is; empty when it is there
     * @throws LoadFailure when something is still missing after the limit
     */
    static void until(String what, Duration limit, Supplier<Optional<String>> missing) {
        var deadline = System.nanoTime() + limit.toNanos();
        for (var still = missing.get(); still.isPresent(); still = missing.get()) {
            if (System.nanoTime() - deadline > 0) {
                throw new LoadFailure("Still not after " + Lengths.text(limit) + ": " + what + ". " + still.get());
            }
            pause(BETWEEN_LOOKS);
        }
    }

    static void pause(Duration length) {
        var end = System.nanoTime() + length.toNanos();
        for (var left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new LoadFailure("Interrupted.");
            }
            LockSupport.parkNanos(left);
        }
    }

    private Patience() {}
}
