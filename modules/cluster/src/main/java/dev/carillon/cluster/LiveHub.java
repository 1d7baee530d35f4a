package dev.carillon.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import dev.carillon.protocol.CborSerializable;
import dev.carillon.protocol.view.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One for each node: holds the last view of every entity that lives there, and feeds the live views of all nodes with a full
 * picture first and then with numbered changes, so that a subscriber notices when it has missed one. Changes that follow each
 * other closely are sent together, the last one of each entity.
 */
public final class LiveHub extends AbstractBehavior<LiveHub.Command> {

    static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "live-hub");

    public sealed interface Command {}

    /** From an entity, or a telephony node, on the same node: how it looks from now on. */
    public record Publish(View view) implements Command {}

    /**
     * It does not live on this node any more. Perhaps it moves to another: it is shown for a while longer, unless another
     * node has it by then.
     */
    record Withdraw(LiveKey key) implements Command {}

    private record Forget(LiveKey key) implements Command {}

    private record SubscriberGone(ActorRef<Update> subscriber) implements Command {}

    private enum Tick implements Command {
        SEND,
        HEARTBEAT
    }

    /**
     * Begins, or begins anew.
     *
     * @param number chosen by the subscriber, so that it can tell what belongs to an earlier subscription
     */
    record Subscribe(ActorRef<Update> subscriber, long number) implements Command, CborSerializable {}

    /**
     * @param number of the subscription
     * @param sequence 1, 2, 3, ... within the subscription
     * @param withdrawn entities that have been gone from the node for a while
     * @param pictureComplete true once, when everything that the node had on subscribing has been sent
     */
    record Update(
            ActorRef<Command> hub,
            long number,
            long sequence,
            List<View> views,
            List<LiveKey> withdrawn,
            boolean pictureComplete)
            implements CborSerializable {}

    private static final class Subscription {
        final long number;
        long sequence;

        Subscription(long number) {
            this.number = number;
        }
    }

    private final TimerScheduler<Command> timers;
    private final LiveSettings settings;
    private final LiveTally tally;
    private final Map<LiveKey, View> living = new HashMap<>();

    /** Changed since the last sending; null for withdrawn. */
    private final Map<LiveKey, View> unsent = new LinkedHashMap<>();

    private final Map<ActorRef<Update>, Subscription> subscriptions = new HashMap<>();

    /**
     * Starts this node's hub. Once for each node, before its entities.
     *
     * @param tally kept up to date from now on
     */
    public static ActorRef<Command> start(ActorSystem<?> system, LiveTally tally) {
        return system.systemActorOf(
                create(LiveSettings.of(system.settings().config()), tally), "live-hub", Props.empty());
    }

    /** What a telephony node tells the hub. */
    public static Command publish(View view) {
        return new Publish(view);
    }

    /** Nothing is said of the seat from this node any more; what another one says of it stays. */
    public static Command withdrawSeat(String seatId) {
        return new Withdraw(new LiveKey(LiveKey.Kind.SEAT, seatId));
    }

    /** As {@link #withdrawSeat}. */
    public static Command withdrawBox(String boxId) {
        return new Withdraw(new LiveKey(LiveKey.Kind.BOX, boxId));
    }

    static Behavior<Command> create(LiveSettings settings, LiveTally tally) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
            return new LiveHub(context, timers, settings, tally);
        }));
    }

    private LiveHub(
            ActorContext<Command> context, TimerScheduler<Command> timers, LiveSettings settings, LiveTally tally) {
        super(context);
        this.timers = timers;
        this.settings = settings;
        this.tally = tally;
        timers.startTimerWithFixedDelay(Tick.HEARTBEAT, Tick.HEARTBEAT, settings.heartbeat());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Publish.class, this::onPublish)
                .onMessage(Withdraw.class, this::onWithdraw)
                .onMessage(Forget.class, this::onForget)
                .onMessage(Subscribe.class, this::onSubscribe)
                .onMessageEquals(Tick.SEND, this::onSend)
                .onMessageEquals(Tick.HEARTBEAT, this::onHeartbeat)
                .onMessage(SubscriberGone.class, this::onSubscriberGone)
                .build();
    }

    private Behavior<Command> onPublish(Publish publish) {
        var view = publish.view();
        var key = LiveKey.of(view);
        timers.cancel(key);
        tally.changed(view.gone() ? living.remove(key) : living.put(key, view), view.gone() ? null : view);
        return unsent(key, view);
    }

    private Behavior<Command> onWithdraw(Withdraw withdraw) {
        var before = living.remove(withdraw.key());
        if (before != null) {
            tally.changed(before, null);
            timers.startSingleTimer(withdraw.key(), new Forget(withdraw.key()), settings.grace());
        }
        return this;
    }

    private Behavior<Command> onForget(Forget forget) {
        return unsent(forget.key(), null);
    }

    private Behavior<Command> unsent(LiveKey key, View view) {
        if (!subscriptions.isEmpty()) {
            unsent.put(key, view);
            if (!timers.isTimerActive(Tick.SEND)) {
                timers.startSingleTimer(Tick.SEND, Tick.SEND, settings.batch());
            }
        }
        return this;
    }

    private Behavior<Command> onSend() {
        var views = new ArrayList<View>();
        var withdrawn = new ArrayList<LiveKey>();
        unsent.forEach((key, view) -> {
            if (view != null) {
                views.add(view);
            } else {
                withdrawn.add(key);
            }
        });
        unsent.clear();
        subscriptions.forEach((subscriber, subscription) -> send(subscriber, subscription, views, withdrawn, false));
        return this;
    }

    /** Says nothing but that nothing was missed. */
    private Behavior<Command> onHeartbeat() {
        subscriptions.forEach(
                (subscriber, subscription) -> send(subscriber, subscription, List.of(), List.of(), false));
        return this;
    }

    private Behavior<Command> onSubscribe(Subscribe subscribe) {
        var subscription = new Subscription(subscribe.number());
        if (subscriptions.put(subscribe.subscriber(), subscription) == null) {
            getContext().watchWith(subscribe.subscriber(), new SubscriberGone(subscribe.subscriber()));
        }
        send(subscribe.subscriber(), subscription, List.copyOf(living.values()), List.of(), true);
        return this;
    }

    private Behavior<Command> onSubscriberGone(SubscriberGone gone) {
        subscriptions.remove(gone.subscriber());
        if (subscriptions.isEmpty()) {
            unsent.clear();
        }
        return this;
    }

    /** In parts that fit into one message each; the last one bears what is not a view. */
    private void send(
            ActorRef<Update> subscriber,
            Subscription subscription,
            List<View> views,
            List<LiveKey> withdrawn,
            boolean pictureComplete) {
        var parts = Math.max(1, (views.size() + settings.viewsPerMessage() - 1) / settings.viewsPerMessage());
        IntStream.range(0, parts).forEach(part -> {
            var from = part * settings.viewsPerMessage();
            var to = Math.min(views.size(), from + settings.viewsPerMessage());
            var last = part == parts - 1;
            subscriber.tell(new Update(
                    getContext().getSelf(),
                    subscription.number,
                    ++subscription.sequence,
                    List.copyOf(views.subList(from, to)),
                    last ? List.copyOf(withdrawn) : List.of(),
                    last && pictureComplete));
        });
    }
}
