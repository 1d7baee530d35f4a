package dev.carillon.readmodel;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.store.CallRecordAudit;
import dev.carillon.store.CallRecordAudit.LastEvent;
import dev.carillon.store.CallRecordWriter;
import dev.carillon.store.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that no record is missing, whatever died, by comparing the journal with the records. A call that began a while ago and
 * has no record is one of these:
 *
 * <ol>
 *   <li>It has ended, and the projection has passed over its end. Its record is made here.
 *   <li>It is under way. To be woken does nothing to it.
 *   <li>It sleeps, and nobody knows of it any more: its caller left, and those who had heard of it died. Woken, it carries on where
 *       its journal ends: it asks its box, hears that the caller has gone, and ends. The projection then makes its record.
 * </ol>
 *
 * What agents said of calls is read here a second time, for the same reason as 1.
 *
 * <p>Blocking.
 */
final class CallRecordCheck {

    private static final Logger LOG = LoggerFactory.getLogger(CallRecordCheck.class);
    private static final String CALL = "Call|";

    private final Database database;
    private final Duration settledAfter;
    private final int callsAtATime;
    private final Consumer<String> wake;
    private final ProjectionFigures figures;

    /**
     * @param settledAfter younger calls, and ends that are younger, are left alone
     * @param callsAtATime no run looks at more calls than this; it is the turn of the others in the next ones
     * @param wake makes sure that a call is alive, by its id; must return at once, and do nothing to one that is
     */
    CallRecordCheck(
            Database database,
            Duration settledAfter,
            int callsAtATime,
            Consumer<String> wake,
            ProjectionFigures figures) {
        this.database = database;
        this.settledAfter = settledAfter;
        this.callsAtATime = callsAtATime;
        this.wake = wake;
        this.figures = figures;
    }

    private enum Found {
        MISSING_RECORD,
        NO_END,
        LEFT_ALONE
    }

    /** The first run after a start. What ended before it is left to the projection, which has only just begun to catch up. */
    void begin() {
        retryWhatWasSetAside();
        list();
        var woken = look(false);
        if (woken > 0) {
            LOG.info("{} calls from before have no record yet; each was told to carry on, if it did not live", woken);
        }
    }

    void run() {
        list();
        var woken = look(true);
        LOG.debug("{} calls are older than {} and have no record yet; each was told to carry on", woken, settledAfter);
    }

    private void list() {
        var more = true;
        while (more) {
            more = database.inTransaction(connection -> {
                var look = CallRecordAudit.listNext(connection, settledAfter);
                for (var said : look.saidOfCalls()) {
                    var trouble =
                            WrapUpCodes.note(connection, said.persistenceId(), said.sequenceNumber(), said.payload());
                    if (trouble.isPresent()) {
                        setAside(connection, said, trouble.get());
                    }
                }
                return look.more();
            });
        }
    }

    /** Returns how many were woken. */
    private int look(boolean repairing) {
        var repaired = new ArrayList<String>();
        var sleeping = new ArrayList<String>();
        database.inTransaction(connection -> {
            CallRecordAudit.forgetRecorded(connection);
            for (var event : CallRecordAudit.next(connection, settledAfter, callsAtATime)) {
                var callId = event.persistenceId().substring(CALL.length());
                switch (lookAt(connection, event, repairing)) {
                    case MISSING_RECORD -> repaired.add(callId);
                    case NO_END -> sleeping.add(callId);
                    case LEFT_ALONE -> {}
                }
            }
            if (!repaired.isEmpty()) {
                CallRecordAudit.forgetRecorded(connection);
            }
            return null;
        });
        if (!repaired.isEmpty()) {
            figures.countRepaired(repaired.size());
            LOG.warn(
                    "{} calls that had ended had no record, which was made now; the first of them are {}",
                    repaired.size(),
                    repaired.subList(0, Math.min(10, repaired.size())));
        }
        // Only now: nobody is told anything by a transaction that may yet fail.
        sleeping.forEach(wake);
        figures.countWoken(sleeping.size());
        return sleeping.size();
    }

    private Found lookAt(Connection connection, LastEvent event, boolean repairing) throws SQLException {
        try {
            var last = CallEvent.parseFrom(event.payload());
            if (!last.hasEnded()) {
                return Found.NO_END;
            }
            if (!repairing || !event.settled()) {
                return Found.LEFT_ALONE;
            }
            var result = RecordMaker.make(connection, last);
            if (result.trouble().isPresent()) {
                setAside(connection, event, result.trouble().get());
                return Found.LEFT_ALONE;
            }
            // The projection may have come before it in this very moment.
            return result.added() ? Found.MISSING_RECORD : Found.LEFT_ALONE;
        } catch (InvalidProtocolBufferException e) {
            setAside(connection, event, unreadable(e));
            return Found.LEFT_ALONE;
        }
    }

    private void setAside(Connection connection, LastEvent event, String reason) throws SQLException {
        CallRecordWriter.setAside(connection, event.persistenceId(), event.sequenceNumber(), reason);
        figures.countSetAside();
        LOG.error(
                "{} has no call record, and none can be made: {}. It is kept in the table call_record_set_aside.",
                event.persistenceId(),
                reason);
    }

    /** What an older version could not understand, this one may. */
    private void retryWhatWasSetAside() {
        List<String> repaired = database.inTransaction(connection -> {
            var made = new ArrayList<String>();
            for (var event : CallRecordAudit.setAside(connection)) {
                var trouble = trouble(connection, event);
                if (trouble.isEmpty()) {
                    CallRecordAudit.noLongerSetAside(connection, event);
                    made.add(event.persistenceId());
                } else {
                    LOG.warn("still no call record can be made of {}: {}", event.persistenceId(), trouble);
                }
            }
            return made;
        });
        figures.countRepaired(repaired.size());
        repaired.forEach(call -> LOG.info("the call record of {}, which had been set aside, was made now", call));
    }

    /** Why no record can be made of it; empty when there is one now. */
    private static String trouble(Connection connection, LastEvent event) throws SQLException {
        if (WrapUpCodes.areFrom(event.persistenceId())) {
            return WrapUpCodes.note(connection, event.persistenceId(), event.sequenceNumber(), event.payload())
                    .orElse("");
        }
        try {
            return RecordMaker.make(connection, CallEvent.parseFrom(event.payload()))
                    .trouble()
                    .orElse("");
        } catch (InvalidProtocolBufferException e) {
            return unreadable(e);
        }
    }

    private static String unreadable(InvalidProtocolBufferException e) {
        return "its last event cannot be read: " + e.getMessage();
    }
}
