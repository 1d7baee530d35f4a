package dev.carillon.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import dev.carillon.protocol.view.View;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all {@link LiveHub}s of the cluster tell, as one picture. Written by one {@link LiveMerger} alone, read by anybody.
 * Lists are ordered by id.
 */
public final class MergedLiveView implements LiveView {

    private static final Logger LOG = LoggerFactory.getLogger(MergedLiveView.class);

    private record Entry(View view, ActorRef<LiveHub.Command> hub) {}

    private final Map<LiveKey.Kind, Map<String, Entry>> entries = new EnumMap<>(LiveKey.Kind.class);
    private final List<Consumer<View>> listeners = new CopyOnWriteArrayList<>();

    MergedLiveView() {
        for (var kind : LiveKey.Kind.values()) {
            entries.put(kind, new ConcurrentHashMap<>());
        }
    }

    /** Starts this node's live view. Once for each node that is asked how things stand. */
    public static LiveView start(ActorSystem<?> system) {
        var view = new MergedLiveView();
        system.systemActorOf(
                LiveMerger.create(view, LiveSettings.of(system.settings().config())), "live-view", Props.empty());
        return view;
    }

    @Override
    public List<View.OfCall> calls() {
        return all(LiveKey.Kind.CALL, View.OfCall.class);
    }

    @Override
    public List<View.OfAgent> agents() {
        return all(LiveKey.Kind.AGENT, View.OfAgent.class);
    }

    @Override
    public List<View.OfQueue> queues() {
        return all(LiveKey.Kind.QUEUE, View.OfQueue.class);
    }

    @Override
    public List<View.OfBox> boxes() {
        return all(LiveKey.Kind.BOX, View.OfBox.class);
    }

    @Override
    public Optional<View.OfCall> call(String callId) {
        return one(LiveKey.Kind.CALL, callId, View.OfCall.class);
    }

    @Override
    public Optional<View.OfAgent> agent(String agentId) {
        return one(LiveKey.Kind.AGENT, agentId, View.OfAgent.class);
    }

    @Override
    public Optional<View.OfQueue> queue(String queueId) {
        return one(LiveKey.Kind.QUEUE, queueId, View.OfQueue.class);
    }

    @Override
    public Optional<View.OfBox> box(String boxId) {
        return one(LiveKey.Kind.BOX, boxId, View.OfBox.class);
    }

    @Override
    public Optional<View.OfSeat> seat(String seatId) {
        return one(LiveKey.Kind.SEAT, seatId, View.OfSeat.class);
    }

    @Override
    public Runnable subscribe(Consumer<View> listener) {
        // An object of its own, so that a listener that subscribed twice ends one subscription at a time.
        Consumer<View> subscription = view -> listener.accept(view);
        listeners.add(subscription);
        return () -> listeners.remove(subscription);
    }

    private <V extends View> List<V> all(LiveKey.Kind kind, Class<V> type) {
        return entries.get(kind).values().stream()
                .map(entry -> type.cast(entry.view()))
                .sorted(Comparator.comparing(View::id))
                .toList();
    }

    private <V extends View> Optional<V> one(LiveKey.Kind kind, String id, Class<V> type) {
        return Optional.ofNullable(entries.get(kind).get(id)).map(entry -> type.cast(entry.view()));
    }

    // --- For the merger

    void put(View view, ActorRef<LiveHub.Command> hub) {
        var key = LiveKey.of(view);
        var ofKind = entries.get(key.kind());
        var before = view.gone() ? ofKind.remove(key.id()) : ofKind.put(key.id(), new Entry(view, hub));
        // A full picture repeats what was known.
        if (before == null ? !view.gone() : !before.view().equals(view)) {
            tellListeners(view);
        }
    }

    /** Only if no other hub has it by now. */
    void remove(LiveKey key, ActorRef<LiveHub.Command> hub) {
        var ofKind = entries.get(key.kind());
        var entry = ofKind.get(key.id());
        if (entry != null && entry.hub().equals(hub)) {
            ofKind.remove(key.id());
            ended(entry.view()).ifPresent(this::tellListeners);
        }
    }

    List<LiveKey> of(ActorRef<LiveHub.Command> hub) {
        return entries.values().stream()
                .flatMap(ofKind -> ofKind.values().stream())
                .filter(entry -> entry.hub().equals(hub))
                .map(entry -> LiveKey.of(entry.view()))
                .toList();
    }

    /** Of what is gone without a word, only calls can be said to have ended: agents, queues, boxes and seats are in the configuration. */
    private static Optional<View> ended(View view) {
        return view instanceof View.OfCall call
                ? Optional.of(new View.OfCall(
                        call.id(),
                        View.CallPhase.ENDED,
                        call.since(),
                        call.boxId(),
                        call.callerNumber(),
                        call.dialledNumber(),
                        call.queueId(),
                        call.priority(),
                        call.agentId(),
                        call.arrivedAt(),
                        call.offers()))
                : Optional.empty();
    }

    private void tellListeners(View view) {
        for (var listener : listeners) {
            try {
                listener.accept(view);
            } catch (RuntimeException fault) {
                LOG.error("A listener of the live view failed on {}", LiveKey.of(view), fault);
            }
        }
    }
}
