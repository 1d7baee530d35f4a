package dev.carillon.load;

import dev.carillon.telephony.running.SimulatedBoxes;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;

/**
 * Lets the callers come to those boxes of a run that are in this process. They come when they are due, however those are doing who came
 * before; and when it is late itself, that counts as their waiting.
 */
final class Generator {

    /** So many boxes are looked at in a millisecond for what is due. */
    private static final int BOXES_AT_A_TIME = 100;

    private final Set<Integer> mine;
    private final BoxTraffic[] boxes;
    /** Where in these boxes a box of the centre is. */
    private final IntUnaryOperator place;

    private final BoxTraffic.Diary diary = new BoxTraffic.Diary();
    private final ScheduledExecutorService arrivals = thread("arrivals");
    private final ScheduledExecutorService clock = thread("clock-of-boxes");
    private final Set<Long> threads = ConcurrentHashMap.newKeySet();
    private final Traffic.Callers callers;
    private int nextBox;
    private volatile long begunAt;
    private volatile boolean allCame;
    private volatile RuntimeException failure;

    /** @param mine which of the boxes are in this process */
    Generator(Traffic traffic, List<Integer> mine) {
        this.mine = new HashSet<>(mine);
        this.callers = traffic.callers();
        this.boxes = mine.stream()
                .map(box -> new BoxTraffic(SimulatedBoxes.box(Centre.boxId(box)), traffic, box, diary))
                .toArray(BoxTraffic[]::new);
        var places = new int[traffic.centre().boxes()];
        for (var place = 0; place < mine.size(); place++) {
            places[mine.get(place)] = place;
        }
        this.place = box -> places[box];
    }

    /** @param at the first moment of the run, in microseconds since 1970: the same for all nodes */
    void begin(long at) {
        begunAt = at;
        var unused = clock.scheduleAtFixedRate(() -> guarded(this::advance), 0, 1, TimeUnit.MILLISECONDS);
        arrivals.execute(() -> guarded(this::planNext));
    }

    /** Whoever asks for news is told what went wrong: nobody looks at what a timer throws. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    private void planNext() {
        threads.add(Thread.currentThread().getId());
        var call = callers.next();
        while (call.afterNanos() != Long.MAX_VALUE && !mine.contains(call.box())) {
            call = callers.next();
        }
        if (call.afterNanos() == Long.MAX_VALUE) {
            allCame = true;
            return;
        }
        var one = call;
        var due = begunAt + call.afterNanos() / 1_000;
        var unused = arrivals.schedule(
                () -> guarded(() -> {
                    boxes[place.applyAsInt(one.box())].arrive(one, due);
                    planNext();
                }),
                due - BoxTraffic.micros(Instant.now()),
                TimeUnit.MICROSECONDS);
    }

    private void advance() {
        threads.add(Thread.currentThread().getId());
        for (var i = 0; i < Math.min(BOXES_AT_A_TIME, boxes.length); i++) {
            boxes[nextBox].advance();
            nextBox = (nextBox + 1) % boxes.length;
        }
    }

    /** What has happened since it was asked the last time. */
    News news() {
        if (failure != null) {
            throw new IllegalStateException("The load generator has failed: " + failure, failure);
        }
        // In this order: who has left has come, and what is written of them is in what is taken afterwards.
        var over = allCame;
        var left = diary.left.get();
        var came = diary.came.get();
        return new News(
                begunAt,
                came,
                came - left,
                over && came == left,
                take(diary.queued),
                take(diary.told),
                take(diary.rings),
                take(diary.lived),
                machine());
    }

    private static <T> List<T> take(Queue<T> queue) {
        var taken = new ArrayList<T>();
        for (var one = queue.poll(); one != null; one = queue.poll()) {
            taken.add(one);
        }
        return taken;
    }

    private News.Machine machine() {
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        var collectors = ManagementFactory.getGarbageCollectorMXBeans();
        var afterCollection = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
        var all = ManagementFactory.getThreadMXBean();
        return new News.Machine(
                heap.getUsed(),
                heap.getCommitted(),
                heap.getMax(),
                afterCollection,
                collectors.stream().mapToLong(one -> one.getCollectionCount()).sum(),
                collectors.stream().mapToLong(one -> one.getCollectionTime()).sum(),
                threads.stream().mapToLong(all::getThreadCpuTime).sum() / 1_000_000);
    }

    void stop() {
        Arrays.asList(arrivals, clock).forEach(ScheduledExecutorService::shutdownNow);
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            var thread = new Thread(work, "load-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
