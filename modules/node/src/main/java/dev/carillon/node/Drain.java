package dev.carillon.node;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The planned end of a node, whoever asks for it, an operator or SIGTERM: it says for a while that it is not ready, serving all the same,
 * so that load balancers look elsewhere; then it lets nobody new in, hands its entities and boxes over, and leaves the cluster.
 */
final class Drain {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    enum State {
        SERVING,
        DRAINING
    }

    /** @param since when the state began */
    record Status(State state, Instant since) {}

    /** Why the actor system ends, as its other parts see it. */
    enum Reason implements CoordinatedShutdown.Reason {
        PLANNED
    }

    private final ActorSystem<?> system;
    private final Duration notice;
    private final BooleanSupplier others;
    private final Clock clock;
    private Status status;

    /**
     * @param notice for how long the node says that it is not ready before it lets nobody new in
     * @param others whether the cluster has other members; without any, nobody could look elsewhere, and there is no notice
     */
    Drain(ActorSystem<?> system, Duration notice, BooleanSupplier others, Clock clock) {
        this.system = system;
        this.notice = notice;
        this.others = others;
        this.clock = clock;
        this.status = new Status(State.SERVING, clock.instant());
    }

    synchronized Status status() {
        return status;
    }

    /** Of the node as a whole, for its health. */
    Optional<String> trouble() {
        if (status().state() == State.DRAINING) {
            return Optional.of("is being drained");
        }
        return shutdown().getShutdownReason().isEmpty() ? Optional.empty() : Optional.of("is ending");
    }

    /**
     * Begins, and returns at once. One that is under way is not disturbed.
     *
     * @param why for the log
     */
    synchronized void begin(String why) {
        if (status.state() == State.DRAINING) {
            return;
        }
        status = new Status(State.DRAINING, clock.instant());
        if (shutdown().getShutdownReason().isPresent()) {
            LOG.info("Ending ({}): it was ending already", why);
        } else if (notice.isZero() || !others.getAsBoolean()) {
            LOG.info("Ending ({})", why);
            leave();
        } else {
            LOG.info("Ending ({}): not ready from now on, and leaving in {} s", why, notice.toMillis() / 1000.0);
            system.scheduler().scheduleOnce(notice, this::leave, system.executionContext());
        }
    }

    /** Entities are handed over, requests finished, then everything is terminated. */
    private void leave() {
        // What is waited for is the end of the actor system.
        var unused = shutdown().runAll(Reason.PLANNED);
    }

    private CoordinatedShutdown shutdown() {
        return CoordinatedShutdown.get(system);
    }
}
