package dev.carillon.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.typed.EventAdapter;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.RecoveryFailed;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.carillon.core.Decision;
import dev.carillon.core.Output;
import dev.carillon.core.Timing;
import dev.carillon.protocol.Command;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * One entity: any decider as a sharded, persistent actor. It knows nothing of calls, agents and queues.
 *
 * <ol>
 *   <li>A command is decided at once, on the newest state. A decision with events waits for the {@link EntityMessage.Commit}
 *       that the entity sends itself behind everything that already waits, so all commands that came while the last write
 *       was under way share the next one: a busy queue is not bound to one write for each command.
 *   <li>Only when the events are durable are the outputs carried out and the answers given. If the write fails, the entity
 *       starts again from its journal, and whoever asked asks again.
 *   <li>The durable state that Akka keeps is what the events alone make; what decisions look at is {@link #newest}, which has
 *       the soft part too. After a recovery the two are the same.
 *   <li>After a recovery, and then every {@link Timing#REPEAT} while there is any, what is still owed is said again.
 *   <li>Timers follow from the state ({@link StateTimers}).
 *   <li>An entity with nothing to do for a while asks sharding to put it to sleep; that also makes sharding forget it.
 *   <li>A decider that throws has decided nothing: the fault is logged with the kind of its command and counted, the state stays.
 * </ol>
 */
final class EntityShell<C extends Command, E, S> extends EventSourcedBehavior<EntityMessage, E, S> {

    /** A reply's code when the decider threw. */
    static final String INTERNAL_ERROR = "INTERNAL_ERROR";

    private record Decided<E, S>(Decision<E, S> decision, ActorRef<Reply> replyTo) {}

    private final EntityKind<C, E, S> kind;
    private final String id;
    private final ShellEnvironment environment;
    private final ActorContext<EntityMessage> context;
    private final TimerScheduler<EntityMessage> scheduler;
    private final Gate gate;
    private final ActorRef<ClusterSharding.ShardCommand> shard;
    private final Runnable wakeAgain;
    private final StateTimers timers;

    /** Decided, and not yet durable. */
    private final List<Decided<E, S>> group = new ArrayList<>();

    /** Of the last decision, durable or not: what the next one looks at. */
    private S newest;

    /** The last state for which timers and view were brought up to date. */
    private S settled;

    private Optional<View> shown = Optional.empty();
    private boolean askedForRest;

    /** Whether a write is under way. */
    private boolean writing;

    /**
     * @param shard to ask for rest
     * @param wakeAgain makes sharding start this entity again once it has stopped
     */
    static <C extends Command, E, S> Behavior<EntityMessage> create(
            EntityKind<C, E, S> kind,
            String id,
            ShellEnvironment environment,
            ActorRef<ClusterSharding.ShardCommand> shard,
            Runnable wakeAgain) {
        Behavior<EntityMessage> shell = Behaviors.setup(context -> Behaviors.withTimers(scheduler -> {
            environment.local().started(kind.name(), id, context.getSelf());
            var gate = new Gate(kind.name() + " " + id, environment.settings().maxHeld());
            return Behaviors.intercept(
                    () -> gate, new EntityShell<>(kind, id, environment, context, scheduler, gate, shard, wakeAgain));
        }));
        return Behaviors.withMdc(EntityMessage.class, Map.of(kind.name().toLowerCase(Locale.ROOT), id), shell);
    }

    private EntityShell(
            EntityKind<C, E, S> kind,
            String id,
            ShellEnvironment environment,
            ActorContext<EntityMessage> context,
            TimerScheduler<EntityMessage> scheduler,
            Gate gate,
            ActorRef<ClusterSharding.ShardCommand> shard,
            Runnable wakeAgain) {
        super(
                PersistenceId.of(kind.name(), id),
                // While the database is away each of very many would log a stack trace every other second:
                // JournalFigures says it.
                SupervisorStrategy.restartWithBackoff(
                                environment.settings().restartMin(),
                                environment.settings().restartMax(),
                                0.2)
                        .withLogLevel(Level.DEBUG));
        this.kind = kind;
        this.id = id;
        this.environment = environment;
        this.context = context;
        this.scheduler = scheduler;
        this.gate = gate;
        this.shard = shard;
        this.wakeAgain = wakeAgain;
        this.timers = new StateTimers(scheduler, environment.clock());
    }

    // --- Messages

    @Override
    public CommandHandler<EntityMessage, E, S> commandHandler() {
        return newCommandHandlerBuilder()
                .forAnyState()
                .onCommand(EntityMessage.ToEntity.class, this::onCommand)
                .onCommand(EntityMessage.TimerDue.class, this::onTimerDue)
                .onCommand(EntityMessage.Commit.class, commit -> persistGroup())
                .onCommand(EntityMessage.Repeat.class, repeat -> onRepeat())
                .onCommand(EntityMessage.Rest.class, rest -> onRest())
                .onCommand(EntityMessage.Wake.class, wake -> Effect().none())
                .onCommand(EntityMessage.Stop.class, stop -> onStop())
                .build();
    }

    private Effect<E, S> onCommand(EntityMessage.ToEntity message) {
        return decide(kind.commandType().cast(message.command()), message.replyTo());
    }

    private Effect<E, S> onTimerDue(EntityMessage.TimerDue timer) {
        return timers.fired(timer.timerId())
                ? decide(kind.decider().timerFired(timer.timerId()), null)
                : Effect().none();
    }

    private Effect<E, S> decide(C command, ActorRef<Reply> replyTo) {
        Decision<E, S> decision;
        try {
            decision = kind.decider().decide(newest, command, environment.context());
        } catch (RuntimeException fault) {
            failed("could not decide " + EntityMessage.kindOf(command), fault);
            if (replyTo != null) {
                replyTo.tell(new Reply.Rejected(INTERNAL_ERROR, "A fault in Carillon; its log says more."));
            }
            return Effect().none();
        }
        kind.timeToOffer()
                .of(command, newest, environment.clock().instant())
                .ifPresent(took -> environment.meter().offered(id, took));
        newest = decision.state();
        if (group.isEmpty() && decision.events().isEmpty()) {
            carryOut(decision.outputs(), replyTo);
            settle();
            return Effect().none();
        }
        group.add(new Decided<>(decision, replyTo));
        if (group.size() == 1) {
            context.getSelf().tell(EntityMessage.Commit.NOW);
        }
        return group.size() < environment.settings().maxGroup() ? Effect().none() : persistGroup();
    }

    private Effect<E, S> persistGroup() {
        if (group.isEmpty()) {
            return Effect().none();
        }
        var decided = List.copyOf(group);
        group.clear();
        var events = decided.stream()
                .flatMap(one -> one.decision().events().stream())
                .toList();
        gate.close();
        var handedOver = System.nanoTime();
        writing = true;
        return Effect().persist(events).thenRun(durable -> {
            writing = false;
            environment.meter().persisted(kind.name(), events, Duration.ofNanos(System.nanoTime() - handedOver));
            gate.open(context.getSelf());
            decided.forEach(one -> carryOut(one.decision().outputs(), one.replyTo()));
            settle();
        });
    }

    private Effect<E, S> onRepeat() {
        if (sayWhatIsOwed()) {
            scheduleRepeat();
        }
        return Effect().none();
    }

    private Effect<E, S> onRest() {
        if (group.isEmpty() && mayRest()) {
            askedForRest = true;
            shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        }
        return Effect().none();
    }

    private Effect<E, S> onStop() {
        if (!group.isEmpty()) {
            // A Stop that comes while decisions wait for their write lets them be written first.
            context.getSelf().tell(EntityMessage.Stop.NOW);
            return persistGroup();
        }
        if (askedForRest && !mayRest()) {
            // Something came in between asking for rest and being told to stop. Sharding has forgotten the entity by
            // now.
            wakeAgain.run();
        }
        return Effect().stop();
    }

    // --- Journal

    @Override
    public S emptyState() {
        return kind.decider().empty(id);
    }

    @Override
    public EventHandler<S, E> eventHandler() {
        return kind.decider()::evolve;
    }

    @Override
    public EventAdapter<E, ?> eventAdapter() {
        return kind.mark();
    }

    @Override
    public SnapshotAdapter<S> snapshotAdapter() {
        return kind.snapshots()
                .<SnapshotAdapter<S>>map(form -> new HistorySnapshots<>(kind.decider(), id, form))
                .orElseGet(super::snapshotAdapter);
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return kind.snapshots().isPresent()
                ? RetentionCriteria.snapshotEvery(environment.settings().snapshotEvery(), 2)
                : RetentionCriteria.disabled();
    }

    @Override
    public SignalHandler<S> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .onSignal(
                        RecoveryFailed.class,
                        (durable, failed) -> environment.journal().unreadable(kind.name(), id, failed.getFailure()))
                .onSignal(PreRestart.instance(), durable -> onWriteFailed())
                .onSignal(PostStop.instance(), durable -> onStopped())
                .build();
    }

    /** Also after a failed write: then what was decided on top of it never happened. */
    private void onRecovered(S durable) {
        group.clear();
        onWriteFailed();
        scheduler.cancelAll();
        timers.clear();
        askedForRest = false;
        newest = durable;
        settled = null;
        settle();
        if (sayWhatIsOwed()) {
            scheduleRepeat();
        }
        gate.open(context.getSelf());
    }

    private void onWriteFailed() {
        if (writing) {
            writing = false;
            environment.journal().failed(kind.name(), id);
        }
    }

    private void onStopped() {
        environment.local().stopped(kind.name(), id, context.getSelf());
        shown.filter(view -> !view.gone())
                .ifPresent(view -> environment.live().tell(new LiveHub.Withdraw(LiveKey.of(view))));
    }

    // --- Taking a new state on

    private void carryOut(List<Output> outputs, ActorRef<Reply> replyTo) {
        for (var output : outputs) {
            carryOut(output, replyTo);
        }
    }

    private void carryOut(Output output, ActorRef<Reply> replyTo) {
        var entities = environment.entities();
        if (output instanceof Output.ToCall to) {
            entities.tellCall(to.callId(), to.command());
        } else if (output instanceof Output.ToAgent to) {
            entities.tellAgent(to.agentId(), to.command());
        } else if (output instanceof Output.ToQueue to) {
            entities.tellQueue(to.queueId(), to.command());
        } else if (output instanceof Output.ToSeat to) {
            entities.tellSeat(to.seatId(), to.command());
        } else if (output instanceof Output.ToBox to) {
            environment.boxes().tell(to.boxId(), to.command());
        } else if (output instanceof Output.AskHook ask) {
            var callId = ask.question().callId();
            environment.hooks().ask(ask.hook(), ask.question(), answer -> entities.tellCall(callId, answer));
        } else if (output instanceof Output.Answer answer && replyTo != null) {
            replyTo.tell(answer.reply());
        }
    }

    /** Brings everything that follows from the state up to date. */
    private void settle() {
        if (newest != settled) {
            settled = newest;
            try {
                timers.follow(kind.decider().timers(newest));
                show(kind.decider().view(newest));
            } catch (RuntimeException fault) {
                failed("could not derive timers and view", fault);
            }
            scheduleRepeat();
        }
        if (mayRest()) {
            scheduler.startSingleTimer(
                    EntityMessage.Rest.NOW,
                    EntityMessage.Rest.NOW,
                    environment.settings().restAfter(kind));
        } else {
            scheduler.cancel(EntityMessage.Rest.NOW);
        }
    }

    private void show(Optional<View> view) {
        if (!view.equals(shown)) {
            shown = view;
            view.ifPresent(now -> environment.live().tell(new LiveHub.Publish(now)));
        }
    }

    /** One timer, however many changes: a repetition that comes a little early does no harm. */
    private void scheduleRepeat() {
        if (!scheduler.isTimerActive(EntityMessage.Repeat.NOW)) {
            scheduler.startSingleTimer(EntityMessage.Repeat.NOW, EntityMessage.Repeat.NOW, Timing.REPEAT);
        }
    }

    /** What waits for its write is not said: it may yet turn out never to have happened. */
    private boolean sayWhatIsOwed() {
        if (!group.isEmpty()) {
            return true;
        }
        try {
            var owed = kind.decider().resume(newest, environment.context());
            carryOut(owed, null);
            return !owed.isEmpty();
        } catch (RuntimeException fault) {
            failed("could not say what is owed", fault);
            return true;
        }
    }

    private boolean mayRest() {
        try {
            return kind.decider().mayRest(newest);
        } catch (RuntimeException fault) {
            failed("could not tell whether it may rest", fault);
            return false;
        }
    }

    private void failed(String what, RuntimeException fault) {
        environment.failures().increment();
        context.getLog().error("{} {} {}; its state is unchanged", kind.name(), id, what, fault);
    }
}
