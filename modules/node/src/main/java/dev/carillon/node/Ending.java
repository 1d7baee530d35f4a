package dev.carillon.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was started, and how each of it is ended: the last one first. Also when the process is told to end in the middle of its start:
 * whatever is just being started is finished and then ended, so that nothing is left behind.
 */
final class Ending {

    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

    private record Step(String what, Runnable end) {}

    private final Deque<Step> steps = new ArrayDeque<>();
    private boolean begun;

    /** Starts something that will have to be ended. */
    synchronized <T> T start(String what, Supplier<T> start, Consumer<T> end) {
        if (begun) {
            throw new StartupFailure("Told to end before everything was started.");
        }
        var started = start.get();
        steps.push(new Step(what, () -> end.accept(started)));
        return started;
    }

    /** Ends everything and waits for that. A part that cannot be ended does not keep the others. */
    synchronized void end() {
        begun = true;
        while (!steps.isEmpty()) {
            var step = steps.pop();
            try {
                step.end().run();
            } catch (RuntimeException e) {
                LOG.error("Could not be ended in order: {}", step.what(), e);
            }
        }
    }
}
