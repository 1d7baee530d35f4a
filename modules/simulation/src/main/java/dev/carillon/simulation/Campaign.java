package dev.carillon.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Many histories, on all processors. Stops early once enough of them have failed. */
public final class Campaign {

    private static final int ENOUGH_FAILURES = 5;

    private final Deciders deciders;
    private final long started = System.nanoTime();
    private final AtomicLong next;
    private final long end;
    private final Map<Trouble, Long> troubles = new EnumMap<>(Trouble.class);
    private final List<History> failures = new ArrayList<>();
    private final Consumer<String> progress;
    private long histories;
    private long steps;
    private long virtualMs;
    private long toldAt = started;

    private Campaign(Deciders deciders, long firstSeed, long count, Consumer<String> progress) {
        this.deciders = deciders;
        this.next = new AtomicLong(firstSeed);
        this.end = firstSeed + count;
        this.progress = progress;
    }

    /**
     * Runs the histories of {@code count} seeds in a row.
     *
     * @param progress told a line every few seconds
     */
    public static Campaign run(Deciders deciders, long firstSeed, long count, Consumer<String> progress)
            throws InterruptedException {
        var campaign = new Campaign(deciders, firstSeed, count, progress);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            var thread = new Thread(campaign::work, "histories-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        for (var thread : threads) {
            thread.join();
        }
        return campaign;
    }

    private void work() {
        for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
            count(History.of(seed, deciders));
        }
    }

    private synchronized void count(History history) {
        histories++;
        steps += history.steps();
        virtualMs += history.virtualMs();
        history.troubles().forEach((trouble, times) -> troubles.merge(trouble, (long) times, Long::sum));
        if (history.violation().isPresent()) {
            failures.add(history);
            if (failures.size() >= ENOUGH_FAILURES) {
                next.set(end);
            }
        }
        if (System.nanoTime() - toldAt > 5_000_000_000L) {
            toldAt = System.nanoTime();
            progress.accept(summary());
        }
    }

    public long histories() {
        return histories;
    }

    public double seconds() {
        return (System.nanoTime() - started) / 1e9;
    }

    /** In the order in which they were found. */
    public List<History> failures() {
        return List.copyOf(failures);
    }

    /** One line: how much was tried and what went wrong in it. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%,d histories, %,d steps, %.1f h of virtual time in %.1f s (%,.0f histories/s, %,.0f steps/s); %s; %d failed",
                histories,
                steps,
                virtualMs / 3_600_000.0,
                seconds(),
                histories / seconds(),
                steps / seconds(),
                troubles,
                failures.size());
    }
}
