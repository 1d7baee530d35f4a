package dev.carillon.readmodel;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.japi.Pair;
import akka.pattern.Patterns;
import akka.persistence.query.Offset;
import akka.persistence.query.Sequence;
import akka.projection.eventsourced.EventEnvelope;
import akka.projection.javadsl.SourceProvider;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.stream.javadsl.Source;
import dev.carillon.store.Database;
import dev.carillon.store.MarkedEvents;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The events that call records are made of, for a projection: from where it had come, and then on and on as they are written. */
final class RecordedEvents extends SourceProvider<Offset, EventEnvelope<Object>> {

    private static final int AT_A_TIME = 500;

    private final ActorSystem<?> system;
    private final Serialization serialization;
    private final Database database;
    private final Duration interval;
    private final Duration patience;
    private final Executor blocking;

    /**
     * @param interval the journal is looked at again so long after there was nothing new
     * @param patience of {@link Follower}
     */
    RecordedEvents(ActorSystem<?> system, Database database, Duration interval, Duration patience) {
        this.system = system;
        this.serialization = SerializationExtension.get(system);
        this.database = database;
        this.interval = interval;
        this.patience = patience;
        this.blocking = system.dispatchers()
                .lookup(DispatcherSelector.fromConfig("akka.projection.jdbc.blocking-jdbc-dispatcher"));
    }

    @Override
    public CompletionStage<Source<EventEnvelope<Object>, NotUsed>> source(
            Supplier<CompletionStage<Optional<Offset>>> offset) {
        return offset.get().thenApply(from -> {
            var after = from.map(known -> ((Sequence) known).value()).orElse(0L);
            var follower = new Follower(after, patience, AT_A_TIME, System::nanoTime);
            return Source.unfoldAsync(true, (Boolean atOnce) -> look(follower, atOnce)
                            .thenApply(events -> Optional.of(Pair.create(events.size() == AT_A_TIME, events))))
                    .mapConcat(events -> events)
                    .map(this::envelope);
        });
    }

    private CompletionStage<List<MarkedEvents.Event>> look(Follower follower, boolean atOnce) {
        return atOnce ? read(follower) : Patterns.after(interval, system, () -> read(follower));
    }

    private CompletionStage<List<MarkedEvents.Event>> read(Follower follower) {
        return CompletableFuture.supplyAsync(() -> database.inTransaction(follower::next), blocking);
    }

    private EventEnvelope<Object> envelope(MarkedEvents.Event event) {
        // What cannot be read is set aside by the handler, and the next ones go on.
        var payload = new byte[event.payload().remaining()];
        event.payload().duplicate().get(payload);
        var read = serialization.deserialize(payload, event.serializer(), event.manifest());
        return EventEnvelope.create(
                Offset.sequence(event.ordering()),
                event.persistenceId(),
                event.sequenceNumber(),
                read.isSuccess() ? read.get() : payload,
                event.writtenAt());
    }

    @Override
    public Offset extractOffset(EventEnvelope<Object> envelope) {
        return envelope.offset();
    }

    @Override
    public long extractCreationTime(EventEnvelope<Object> envelope) {
        return envelope.timestamp();
    }
}
