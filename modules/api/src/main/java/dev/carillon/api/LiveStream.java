package dev.carillon.api;

import akka.NotUsed;
import akka.http.javadsl.model.sse.ServerSentEvent;
import akka.stream.BoundedSourceQueue;
import akka.stream.QueueOfferResult;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.Source;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One client's stream of everything as it changes.
 *
 * <p>A slow client costs itself, nobody else: while it does not read, changes are merged, the newest of each entity kept; one that
 * reads nothing for {@link #PATIENCE} is disconnected. The live view is never held up: it only puts changes into a buffer.
 */
final class LiveStream {

    /** At most so often is a client told of changes. */
    private static final Duration PACE = Duration.ofMillis(100);

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Between the live view and the merging, which runs on the stream's own thread: full only when that thread gets no turn. */
    private static final int BUFFER = 16_384;

    /** {@code LivePicture} of the contract. */
    record Picture(
            Instant at,
            List<AgentBody> agents,
            List<QueueBody> queues,
            List<CallBody> calls,
            List<BoxBody> boxes,
            List<NotReadyReasonBody> notReadyReasons) {}

    /** {@code LiveChanges} of the contract. */
    record Changes(
            Instant at,
            List<AgentBody> agents,
            List<QueueBody> queues,
            List<CallBody> calls,
            List<BoxBody> boxes,
            List<String> endedCallIds) {}

    /** {@code LiveTick} of the contract. */
    record Tick(Instant at) {}

    private final Backend backend;
    private final SharedKillSwitch stop;

    /** @param stop ends all streams when the server stops */
    LiveStream(Backend backend, SharedKillSwitch stop) {
        this.backend = backend;
        this.stop = stop;
    }

    Source<ServerSentEvent, NotUsed> source() {
        return Source.<Signal>queue(BUFFER)
                .mapMaterializedValue(this::subscribe)
                .watchTermination((unsubscribe, done) -> {
                    done.whenComplete((end, failure) -> unsubscribe.run());
                    return NotUsed.getInstance();
                })
                .merge(Source.tick(Duration.ZERO, TICK, new Signal.Ticked()), true)
                .conflateWithSeed(signal -> new Pending().add(signal), Pending::add)
                .throttle(1, PACE)
                .statefulMapConcat(Teller::new)
                .backpressureTimeout(PATIENCE)
                .via(stop.flow());
    }

    /** The subscription begins before the first picture is taken, so nothing falls between the two. */
    private Runnable subscribe(BoundedSourceQueue<Signal> queue) {
        return backend.services().liveView().subscribe(view -> {
            // Seats are not part of the picture.
            if (!(view instanceof View.OfSeat) && queue.offer(new Signal.Changed(view)) == QueueOfferResult.dropped()) {
                queue.fail(new IllegalStateException(
                        "More than " + BUFFER + " changes were waiting to be merged; the client is to connect again."));
            }
        });
    }

    private sealed interface Signal {
        record Changed(View view) implements Signal {}

        record Ticked() implements Signal {}
    }

    private record Key(Class<? extends View> kind, String id) {}

    /** What a client has not been told yet. */
    private static final class Pending {
        private final Map<Key, View> views = new LinkedHashMap<>();

        Pending add(Signal signal) {
            if (signal instanceof Signal.Changed changed) {
                views.put(new Key(changed.view().getClass(), changed.view().id()), changed.view());
            }
            return this;
        }
    }

    /** Puts what is pending into words, and tells everything anew when the configuration has changed. */
    private final class Teller implements akka.japi.function.Function<Pending, Iterable<ServerSentEvent>> {
        private static final long serialVersionUID = 1L;
        private static final long NONE = Long.MIN_VALUE;
        private long toldVersion = NONE;

        @Override
        public Iterable<ServerSentEvent> apply(Pending pending) {
            var configuration = backend.services().configuration().current();
            var overview = new Overview(backend.services().liveView(), configuration);
            var events = new ArrayList<ServerSentEvent>();
            if (configuration.version() != toldVersion) {
                toldVersion = configuration.version();
                events.add(event("picture", picture(overview)));
            }
            if (!pending.views.isEmpty()) {
                events.add(event("changes", changes(overview, pending)));
            }
            if (events.isEmpty()) {
                events.add(event("tick", new Tick(backend.now())));
            }
            return events;
        }
    }

    private Picture picture(Overview overview) {
        return new Picture(
                backend.now(),
                overview.agents(),
                overview.queues(),
                overview.calls(),
                overview.boxes(),
                overview.notReadyReasons());
    }

    private Changes changes(Overview overview, Pending pending) {
        var changes = new Changes(
                backend.now(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>());
        for (var view : pending.views.values()) {
            if (view instanceof View.OfAgent agent) {
                changes.agents().add(overview.of(agent.id(), agent));
            } else if (view instanceof View.OfQueue queue) {
                changes.queues().add(overview.of(queue.id(), queue));
            } else if (view instanceof View.OfBox box) {
                changes.boxes().add(overview.of(box.id(), box));
            } else if (view instanceof View.OfCall call) {
                if (call.gone()) {
                    changes.endedCallIds().add(call.id());
                } else {
                    changes.calls().add(CallBody.of(call));
                }
            }
        }
        return changes;
    }

    private static ServerSentEvent event(String kind, Object data) {
        return ServerSentEvent.create(Json.text(data), kind);
    }
}
