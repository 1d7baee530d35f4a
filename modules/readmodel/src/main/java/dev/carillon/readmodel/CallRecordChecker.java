package dev.carillon.readmodel;

import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Runs {@link CallRecordCheck} again and again on the projections' own threads, one run at a time. */
final class CallRecordChecker extends AbstractBehavior<CallRecordChecker.Command> {

    private static final String BLOCKING = "akka.projection.jdbc.blocking-jdbc-dispatcher";

    sealed interface Command {}

    enum Stop implements Command {
        INSTANCE
    }

    private enum Look implements Command {
        INSTANCE
    }

    /** @param failure null when there was none */
    private record Done(Throwable failure) implements Command {}

    private final TimerScheduler<Command> timers;
    private final CallRecordCheck check;
    private final Duration every;
    private final Executor blocking;
    private boolean begun;

    /** @param first how soon after the start */
    static Behavior<Command> create(CallRecordCheck check, Duration first, Duration every) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startSingleTimer(Look.INSTANCE, first);
            return new CallRecordChecker(context, timers, check, every);
        }));
    }

    private CallRecordChecker(
            ActorContext<Command> context, TimerScheduler<Command> timers, CallRecordCheck check, Duration every) {
        super(context);
        this.timers = timers;
        this.check = check;
        this.every = every;
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig(BLOCKING));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Look.class, look -> look())
                .onMessage(Done.class, this::onDone)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> look() {
        getContext()
                .pipeToSelf(
                        CompletableFuture.runAsync(begun ? check::run : check::begin, blocking),
                        (nothing, failure) -> new Done(failure));
        return this;
    }

    private Behavior<Command> onDone(Done done) {
        timers.startSingleTimer(Look.INSTANCE, every);
        if (done.failure() == null) {
            begun = true;
        } else {
            getContext()
                    .getLog()
                    .warn(
                            "call records could not be checked: {}. It is tried again in {} s.",
                            done.failure().getMessage(),
                            every.toSeconds());
        }
        return this;
    }
}
