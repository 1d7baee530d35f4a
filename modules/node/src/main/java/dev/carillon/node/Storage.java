package dev.carillon.node;

import dev.carillon.node.database.DataFolder;
import dev.carillon.node.database.EmbeddedDatabase;
import dev.carillon.readmodel.CallRecordProjection;
import dev.carillon.store.Configuration;
import dev.carillon.store.ConfigurationSeed;
import dev.carillon.store.Database;
import dev.carillon.store.DatabaseException;
import dev.carillon.store.Environment;
import dev.carillon.store.JdbcConfigurationStore;
import dev.carillon.store.SeedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of a node, with its schema up to date and the first configuration in it. Blocking: for the start of a node.
 *
 * @param database for everything that reads and writes now and then
 * @param records for the projection of call records alone: it may be busy, and must not be kept waiting
 * @param watch whether the journal can be written
 * @param configuration as it was after the seed file
 */
record Storage(
        Database database,
        Database records,
        DatabaseWatch watch,
        JdbcConfigurationStore store,
        Configuration configuration) {

    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

    /** @throws StartupFailure when the database or the seed file cannot be used */
    static Storage open(NodeSettings settings, Ending ending) {
        try {
            var place = settings.database().orElseGet(() -> embedded(settings, ending));
            LOG.info("Database: {}", place.place());
            var database = ending.start("connections to the database", () -> Database.open(place), Database::close);
            database.migrate();
            var ofRecords = place.withConnections(CallRecordProjection.CONNECTIONS);
            var records = ending.start("connections of call records", () -> Database.open(ofRecords), Database::close);
            var watch = ending.start("watch of the database", () -> DatabaseWatch.begin(place), DatabaseWatch::close);
            LOG.info("Time zone of the centre: {}", settings.zone());
            var store = new JdbcConfigurationStore(database, Environment.OF_THE_PROCESS, settings.zone());
            settings.seed().ifPresent(seed -> ConfigurationSeed.read(seed).applyTo(store));
            store.addStandardReasons();
            return new Storage(database, records, watch, store, store.load());
        } catch (DatabaseException | SeedException e) {
            throw new StartupFailure(e.getMessage(), e);
        }
    }

    private static Database.Settings embedded(NodeSettings settings, Ending ending) {
        var folder = ending.start("data folder", () -> DataFolder.hold(settings.data()), DataFolder::close);
        if (settings.fresh()) {
            EmbeddedDatabase.forget(folder.path(), settings.cache());
        }
        var database = ending.start(
                "embedded PostgreSQL",
                () -> EmbeddedDatabase.start(folder.path(), settings.cache(), settings.embeddedPort()),
                EmbeddedDatabase::close);
        return new Database.Settings(database.url(), database.user(), database.password());
    }
}
