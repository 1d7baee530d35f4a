package dev.carillon.node;

import dev.carillon.store.Database;
import dev.carillon.store.DatabaseException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Whether the journal can be written. It is not done, since even what is taken back would keep those waiting who read the journal in its
 * order; but as much is written to the server's log as a small event is, and waits for the disk, and for a standby if commits do, as an
 * event does. However often it is asked, one question at a time is under way.
 */
final class DatabaseCheck {

    private static final String ASK = "select pg_is_in_recovery() as standby,"
            + " current_setting('transaction_read_only')::boolean as read_only,"
            + " has_table_privilege('event_journal', 'INSERT') as may_write";

    private static final String WRITE = "select pg_logical_emit_message(true, 'carillon', 'can be written')";

    private final Database database;
    private final Executor blocking;
    private CompletableFuture<Optional<String>> underWay = CompletableFuture.completedFuture(Optional.empty());

    DatabaseCheck(Database database, Executor blocking) {
        this.database = database;
        this.blocking = blocking;
    }

    synchronized CompletionStage<Optional<String>> ask() {
        if (underWay.isDone()) {
            underWay = CompletableFuture.supplyAsync(this::trouble, blocking);
        }
        // A copy: whoever loses patience with it must not end it for the others.
        return underWay.copy();
    }

    private Optional<String> trouble() {
        try {
            return database.inTransaction(connection -> {
                try (var statement = connection.createStatement()) {
                    var refusal = refusal(statement);
                    if (refusal.isEmpty()) {
                        try (var written = statement.executeQuery(WRITE)) {
                            written.next();
                        }
                    }
                    return refusal;
                }
            });
        } catch (DatabaseException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Optional<String> refusal(Statement statement) throws SQLException {
        try (var row = statement.executeQuery(ASK)) {
            row.next();
            if (row.getBoolean("standby")) {
                return Optional.of("is a standby now: nothing can be written");
            }
            if (row.getBoolean("read_only")) {
                return Optional.of("takes no writes: default_transaction_read_only is on");
            }
            return row.getBoolean("may_write")
                    ? Optional.empty()
                    : Optional.of("its user may not write to the journal: grant INSERT on event_journal");
        }
    }
}
