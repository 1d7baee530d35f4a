package dev.carillon.readmodel;

import dev.carillon.protocol.call.CallEvent;
import dev.carillon.store.CallRecordWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Makes the record of one event, and tells two kinds of failure apart: those that lie in the event, which would come again with every
 * attempt, and those of the database, which pass.
 */
final class RecordMaker {

    private RecordMaker() {}

    /**
     * @param added false when the call had a record already
     * @param trouble why no record can be made of this event; empty when there is one now
     */
    record Result(boolean added, Optional<String> trouble) {}

    /**
     * Within the caller's transaction, which stays usable whatever the result.
     *
     * @throws SQLException when the database failed; then the transaction is to be rolled back
     */
    static Result make(Connection connection, CallEvent event) throws SQLException {
        var before = connection.setSavepoint();
        try {
            return new Result(CallRecordWriter.add(connection, CallRecordRows.from(event)), Optional.empty());
        } catch (IllegalArgumentException e) {
            return new Result(false, Optional.of(e.getMessage()));
        } catch (SQLException e) {
            if (!liesInTheEvent(e)) {
                throw e;
            }
            connection.rollback(before);
            return new Result(false, Optional.of(e.getMessage()));
        }
    }

    /** SQLSTATE classes 22, data exception, and 23, integrity constraint violation. */
    private static boolean liesInTheEvent(SQLException e) {
        var state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23"));
    }
}
