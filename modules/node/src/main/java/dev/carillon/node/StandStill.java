package dev.carillon.node;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process may still speak for its cluster. One that stood still for long (SIGSTOP, a machine that was suspended or swapped to
 * death) goes on in the middle of what it was doing, and does not know yet that the others have put it out and gone on without it. The journal
 * refuses what it writes then, and the cluster what it says; but a box would obey it. So whoever is about to command a box asks here: the first to ask after a
 * standstill finds out, however soon that is, and for a while nobody may. By the end of that while the cluster has either ended this
 * process, or the others have not missed it.
 */
final class StandStill implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StandStill.class);

    /** So often somebody asks in any case. */
    private static final Duration BEAT = Duration.ofMillis(250);

    /** Until a process that was put out has been told so, or has put itself out. */
    private static final Duration DOUBT = Duration.ofSeconds(10);

    private final long limit;
    private final BooleanSupplier hasOthers;
    private final LongSupplier nanos;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(run -> {
        var made = new Thread(run, "stand-still");
        made.setDaemon(true);
        return made;
    });
    private long seen;
    private boolean doubtful;
    private long doubtfulUntil;

    /**
     * @param limit who has stood still for so long may have been put out
     * @param hasOthers whether there is anybody who could have done so
     * @param nanos a clock that goes on while the process stands still, in nanoseconds
     */
    StandStill(Duration limit, BooleanSupplier hasOthers, LongSupplier nanos) {
        this.limit = limit.toNanos();
        this.hasOthers = hasOthers;
        this.nanos = nanos;
        this.seen = nanos.getAsLong();
    }

    /** @param config that of the actor system: what the others go by decides how long a process may stand still */
    static StandStill watch(Config config, BooleanSupplier hasOthers) {
        var limit = config.getDuration("akka.cluster.failure-detector.acceptable-heartbeat-pause")
                .plus(config.getDuration("akka.cluster.split-brain-resolver.stable-after"));
        var still = new StandStill(limit, hasOthers, System::nanoTime);
        // Ends with the thread.
        var unused = still.thread.scheduleWithFixedDelay(
                still::mayAct, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
        return still;
    }

    /** Whether boxes may be told anything now. Costs next to nothing; any thread may ask. */
    synchronized boolean mayAct() {
        var now = nanos.getAsLong();
        var stood = now - seen;
        seen = now;
        if (stood > limit && hasOthers.getAsBoolean()) {
            doubtful = true;
            doubtfulUntil = now + DOUBT.toNanos();
            LOG.warn(
                    "This process stood still for {} s. The others may have put it out of the cluster: for {} s it asks nothing of any box",
                    TimeUnit.NANOSECONDS.toSeconds(stood),
                    DOUBT.toSeconds());
        } else if (doubtful && now - doubtfulUntil >= 0) {
            doubtful = false;
            LOG.info("The others have not missed this process while it stood still: it goes on");
        }
        return !doubtful;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
