package dev.carillon.node;

import dev.carillon.store.Database;
import dev.carillon.store.DatabaseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Whether the database can be written to. However often it is asked, one question at a time is under way. */
final class DatabaseCheck {

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
            var readOnly = database.inTransaction(connection -> {
                try (var statement = connection.createStatement();
                        var row = statement.executeQuery("select pg_is_in_recovery()")) {
                    row.next();
                    return row.getBoolean(1);
                }
            });
            return readOnly ? Optional.of("is a standby now: nothing can be written") : Optional.empty();
        } catch (DatabaseException e) {
            return Optional.of(e.getMessage());
        }
    }
}
