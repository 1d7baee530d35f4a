package dev.carillon.readmodel;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.store.CallRecordWriter;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Brings what agents say of calls into the records. Said again, or read again later, it changes nothing. */
final class WrapUpCodes {

    /** How the journal names an agent; fixed for ever. */
    private static final String AGENT = "Agent|";

    private WrapUpCodes() {}

    static boolean areFrom(String persistenceId) {
        return persistenceId.startsWith(AGENT);
    }

    /** Returns why nothing can be made of it; empty when it is noted. */
    static Optional<String> note(Connection connection, String persistenceId, long sequenceNumber, ByteBuffer payload)
            throws SQLException {
        try {
            return note(connection, persistenceId, sequenceNumber, AgentEvent.parseFrom(payload));
        } catch (InvalidProtocolBufferException e) {
            return Optional.of("the event cannot be read: " + e.getMessage());
        }
    }

    static Optional<String> note(Connection connection, String persistenceId, long sequenceNumber, AgentEvent event)
            throws SQLException {
        if (!event.hasWrapUpCoded()) {
            return Optional.of("the event " + event.getEventCase() + " says nothing of a call");
        }
        var coded = event.getWrapUpCoded();
        CallRecordWriter.wrapUp(
                connection,
                CallRecordRows.text(coded.getCallId()),
                persistenceId.substring(AGENT.length()),
                CallRecordRows.text(coded.getCode()),
                sequenceNumber);
        return Optional.empty();
    }
}
