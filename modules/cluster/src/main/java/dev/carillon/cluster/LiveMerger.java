package dev.carillon.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Subscribes to every {@link LiveHub} that the receptionist knows, and again when an update was missed or a hub has been
 * silent. What a lost hub had told is shown for a while longer: its entities will soon be told of by other hubs.
 */
final class LiveMerger extends AbstractBehavior<LiveMerger.Message> {

    sealed interface Message {}

    private record Hubs(Set<ActorRef<LiveHub.Command>> present) implements Message {}

    private record Updated(LiveHub.Update update) implements Message {}

    private record HubGone(ActorRef<LiveHub.Command> hub) implements Message {}

    private record Drop(ActorRef<LiveHub.Command> hub) implements Message {}

    private enum Check implements Message {
        NOW
    }

    private static final class Source {
        long number;
        long sequence;
        Instant heard;

        /** Told since subscribing, until the picture is complete; then null. */
        Set<LiveKey> picture;
    }

    private final TimerScheduler<Message> timers;
    private final MergedLiveView view;
    private final LiveSettings settings;
    private final Clock clock;
    private final ActorRef<LiveHub.Update> updates;
    private final Map<ActorRef<LiveHub.Command>, Source> sources = new HashMap<>();
    private long subscriptions;

    static Behavior<Message> create(MergedLiveView view, LiveSettings settings) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new LiveMerger(context, timers, view, settings, Clock.systemUTC())));
    }

    private LiveMerger(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            MergedLiveView view,
            LiveSettings settings,
            Clock clock) {
        super(context);
        this.timers = timers;
        this.view = view;
        this.settings = settings;
        this.clock = clock;
        updates = context.messageAdapter(LiveHub.Update.class, Updated::new);
        // All instances, not only reachable ones: an unreachable node may still be the one that has the entities.
        var listings = context.messageAdapter(
                Receptionist.Listing.class, listing -> new Hubs(listing.getAllServiceInstances(LiveHub.KEY)));
        context.getSystem().receptionist().tell(Receptionist.subscribe(LiveHub.KEY, listings));
        timers.startTimerWithFixedDelay(Check.NOW, Check.NOW, settings.heartbeat());
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Hubs.class, this::onHubs)
                .onMessage(Updated.class, updated -> onUpdate(updated.update()))
                .onMessage(Drop.class, this::onDrop)
                .onMessageEquals(Check.NOW, this::onCheck)
                .onMessage(HubGone.class, this::onHubGone)
                .build();
    }

    private Behavior<Message> onHubs(Hubs hubs) {
        for (var hub : hubs.present()) {
            if (!sources.containsKey(hub)) {
                getContext().watchWith(hub, new HubGone(hub));
                subscribe(hub);
            }
        }
        return this;
    }

    private void subscribe(ActorRef<LiveHub.Command> hub) {
        var source = sources.computeIfAbsent(hub, unknown -> new Source());
        source.number = ++subscriptions;
        source.sequence = 0;
        source.heard = clock.instant();
        source.picture = new HashSet<>();
        hub.tell(new LiveHub.Subscribe(updates, source.number));
    }

    private Behavior<Message> onUpdate(LiveHub.Update update) {
        var hub = update.hub();
        var source = sources.get(hub);
        if (source == null || update.number() != source.number) {
            return this;
        }
        if (update.sequence() != source.sequence + 1) {
            getContext()
                    .getLog()
                    .info(
                            "Missed what {} told between {} and {}: asking anew",
                            hub,
                            source.sequence,
                            update.sequence());
            subscribe(hub);
            return this;
        }
        source.sequence = update.sequence();
        source.heard = clock.instant();
        for (var told : update.views()) {
            view.put(told, hub);
            if (source.picture != null) {
                source.picture.add(LiveKey.of(told));
            }
        }
        update.withdrawn().forEach(key -> view.remove(key, hub));
        if (update.pictureComplete()) {
            removeAllBut(source.picture, hub);
            source.picture = null;
        }
        return this;
    }

    private Behavior<Message> onCheck() {
        var deadline = clock.instant().minus(settings.silence());
        sources.forEach((hub, source) -> {
            if (source.heard.isBefore(deadline)) {
                subscribe(hub);
            }
        });
        return this;
    }

    private Behavior<Message> onHubGone(HubGone gone) {
        sources.remove(gone.hub());
        timers.startSingleTimer(gone.hub(), new Drop(gone.hub()), settings.grace());
        return this;
    }

    private Behavior<Message> onDrop(Drop drop) {
        removeAllBut(Set.of(), drop.hub());
        return this;
    }

    private void removeAllBut(Set<LiveKey> kept, ActorRef<LiveHub.Command> hub) {
        view.of(hub).stream().filter(key -> !kept.contains(key)).forEach(key -> view.remove(key, hub));
    }
}
