package dev.carillon.cluster;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How often the journal failed the entities of one node. May be used by any thread. */
public final class JournalFigures {

    private static final Logger LOG = LoggerFactory.getLogger(JournalFigures.class);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - 2 * PAUSE);
    private final LongAdder failed = new LongAdder();
    private final LongAdder unreadable = new LongAdder();

    JournalFigures() {}

    void failed(String kind, String id) {
        failed.increment();
        say(
                "{} {} could not write to its journal, and starts again from it (at DEBUG, the logger of EntityShell says why)",
                kind,
                id);
    }

    void unreadable(String kind, String id, Throwable why) {
        unreadable.increment();
        say("{} {} cannot read its journal, and tries again: {}", kind, id, String.valueOf(why.getMessage()));
    }

    /** With the database away it would be thousands of lines that all say the same. */
    private void say(String what, Object... values) {
        var now = System.nanoTime();
        var last = saidAt.get();
        if (now - last > PAUSE && saidAt.compareAndSet(last, now)) {
            LOG.warn(
                    what
                            + "; more of the kind are only counted for a while, as journalWritesFailed and journalReadsFailed",
                    values);
        }
    }

    /** Writes that came to nothing: the entity started again from its journal. */
    public long writesFailed() {
        return failed.sum();
    }

    /** Attempts of an entity to read its journal that came to nothing: it tries again. */
    public long readsFailed() {
        return unreadable.sum();
    }
}
