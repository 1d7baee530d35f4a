package dev.carillon.readmodel;

import akka.projection.eventsourced.EventEnvelope;
import akka.projection.jdbc.javadsl.JdbcHandler;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.store.CallRecordWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the records of calls, and what their agents say of them, several in one transaction: that in which the projection notes how far it has read.
 *
 * <ol>
 *   <li>A call that has a record already keeps it: the same end, read again, changes nothing.
 *   <li>An event of which no record can be made, because of what is in it, is set aside: noted in a table, counted, logged as an
 *       error, and those behind it go on. It would fail in the same way for ever.
 *   <li>Every other failure (no database, no connection, a lost server) breaks the projection off. It begins again where it
 *       had stopped, after a pause, for as long as it takes: no record may be missing because a database was away.
 * </ol>
 */
final class CallRecordHandler extends JdbcHandler<List<EventEnvelope<Object>>, ProjectionSession> {

    private static final Logger LOG = LoggerFactory.getLogger(CallRecordHandler.class);

    private final ProjectionFigures figures;
    private final Clock clock;

    CallRecordHandler(ProjectionFigures figures, Clock clock) {
        this.figures = figures;
        this.clock = clock;
    }

    @Override
    public void process(ProjectionSession session, List<EventEnvelope<Object>> envelopes) throws Exception {
        session.withConnection(connection -> {
            for (var envelope : envelopes) {
                record(connection, envelope);
            }
            return envelopes;
        });
    }

    private void record(Connection connection, EventEnvelope<Object> envelope) throws SQLException {
        if (envelope.event() instanceof AgentEvent said) {
            var trouble = WrapUpCodes.note(connection, envelope.persistenceId(), envelope.sequenceNr(), said);
            if (trouble.isPresent()) {
                setAside(connection, envelope, trouble.get());
            }
            return;
        }
        if (!(envelope.event() instanceof CallEvent event)) {
            setAside(
                    connection,
                    envelope,
                    "it is no event of a call but "
                            + envelope.event().getClass().getName());
            return;
        }
        var result = RecordMaker.make(connection, event);
        if (result.trouble().isPresent()) {
            setAside(connection, envelope, result.trouble().get());
        } else {
            figures.countRecorded(result.added());
            if (result.added()) {
                figures.countLag(Duration.between(Instant.ofEpochMilli(event.getAtMs()), clock.instant()));
            }
        }
    }

    private void setAside(Connection connection, EventEnvelope<Object> envelope, String reason) throws SQLException {
        CallRecordWriter.setAside(connection, envelope.persistenceId(), envelope.sequenceNr(), reason);
        figures.countSetAside();
        LOG.error(
                "no call record can be made of event {} of {}: {}. It is kept in the table call_record_set_aside.",
                envelope.sequenceNr(),
                envelope.persistenceId(),
                reason);
    }
}
