package dev.carillon.readmodel;

import akka.actor.typed.ActorSystem;
import akka.persistence.jdbc.query.javadsl.JdbcReadJournal;
import akka.persistence.query.PersistenceQuery;
import akka.stream.javadsl.Sink;
import dev.carillon.protocol.call.CallEvent;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads the history of a call from the journal in PostgreSQL. */
public final class JournalCallHistory implements CallHistory {

    /** How the journal names a call; fixed for ever. */
    private static final String PREFIX = "Call|";

    private final ActorSystem<?> system;
    private final JdbcReadJournal journal;

    public JournalCallHistory(ActorSystem<?> system) {
        this.system = system;
        this.journal =
                PersistenceQuery.get(system).getReadJournalFor(JdbcReadJournal.class, JdbcReadJournal.Identifier());
    }

    @Override
    public CompletionStage<List<CallEvent>> of(String callId) {
        return journal.currentEventsByPersistenceId(PREFIX + callId, 0, Long.MAX_VALUE)
                .map(envelope -> (CallEvent) envelope.event())
                .runWith(Sink.seq(), system);
    }
}
