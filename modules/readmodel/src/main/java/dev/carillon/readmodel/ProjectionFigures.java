package dev.carillon.readmodel;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What the projection of call records has done on this node since it started. May be used by any thread. */
public final class ProjectionFigures {

    private final LongAdder recorded = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder setAside = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder repaired = new LongAdder();
    private final LongAdder woken = new LongAdder();
    private volatile Consumer<Duration> lag = late -> {};

    ProjectionFigures() {}

    /** Call records written. */
    public long recorded() {
        return recorded.sum();
    }

    /** Ends of calls that had a record already. */
    public long repeated() {
        return repeated.sum();
    }

    /** Events of which no record could be made; they are in the table call_record_set_aside. More than 0 wants a look. */
    public long setAside() {
        return setAside.sum();
    }

    /** How often the projection broke off, and began again where it had stopped. Records are late while it grows. */
    public long failures() {
        return failures.sum();
    }

    /** Records that were missing and were made by the check. More than 0 says that writes to the journal are very slow at times. */
    public long repaired() {
        return repaired.sum();
    }

    /**
     * How often the check told a call without record to carry on, if it did not live. Most of them did: a call that lasts long is
     * told so again and again.
     */
    public long woken() {
        return woken.sum();
    }

    /**
     * From now on told with every new record how long after the end of its call it was written. Called on a projection's thread: has to return
     * at once.
     */
    public void onRecord(Consumer<Duration> listener) {
        lag = listener;
    }

    void countLag(Duration late) {
        lag.accept(late);
    }

    void countRepaired(int records) {
        repaired.add(records);
    }

    void countWoken(int calls) {
        woken.add(calls);
    }

    void countRecorded(boolean added) {
        (added ? recorded : repeated).increment();
    }

    void countSetAside() {
        setAside.increment();
    }

    void countFailure() {
        failures.increment();
    }

    @Override
    public String toString() {
        return "recorded " + recorded() + ", repeated " + repeated() + ", set aside " + setAside() + ", failures "
                + failures() + ", repaired " + repaired() + ", woken " + woken();
    }
}
