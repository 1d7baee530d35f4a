package dev.carillon.cluster;

import akka.actor.typed.javadsl.TimerScheduler;
import dev.carillon.core.Timer;
import dev.carillon.core.Timing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps an actor's timers as its state says they should be. */
final class StateTimers {

    private record Key(String timerId) {}

    private final TimerScheduler<EntityMessage> scheduler;
    private final Clock clock;

    /** What the state last asked for, and so what runs, but for those that have fired and are still asked for. */
    private List<Timer> followed = List.of();

    private final Map<String, Instant> wanted = new HashMap<>();

    StateTimers(TimerScheduler<EntityMessage> scheduler, Clock clock) {
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Starts and cancels to make it so. Costs a comparison when nothing has changed. */
    void follow(List<Timer> timers) {
        if (timers.equals(followed)) {
            return;
        }
        var gone = new HashMap<>(wanted);
        for (var timer : timers) {
            gone.remove(timer.id());
            if (!timer.due().equals(wanted.put(timer.id(), timer.due()))) {
                schedule(timer.id(), Duration.between(clock.instant(), timer.due()));
            }
        }
        gone.keySet().forEach(id -> {
            wanted.remove(id);
            scheduler.cancel(new Key(id));
        });
        followed = List.copyOf(timers);
    }

    /**
     * Whether this timer is really due. One that is no longer wanted, or came early because the scheduler's clock and ours
     * differ, is not. One that stays wanted although it was due comes again later, lest a decision that missed it is the last.
     */
    boolean fired(String timerId) {
        var due = wanted.get(timerId);
        if (due == null) {
            return false;
        }
        var remaining = Duration.between(clock.instant(), due);
        if (!remaining.isNegative() && !remaining.isZero()) {
            schedule(timerId, remaining);
            return false;
        }
        schedule(timerId, Timing.REPEAT);
        return true;
    }

    /** After the scheduler has cancelled all. */
    void clear() {
        wanted.clear();
        followed = List.of();
    }

    private void schedule(String timerId, Duration delay) {
        scheduler.startSingleTimer(
                new Key(timerId), new EntityMessage.TimerDue(timerId), delay.isNegative() ? Duration.ZERO : delay);
    }
}
