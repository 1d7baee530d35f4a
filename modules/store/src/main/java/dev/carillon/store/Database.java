package dev.carillon.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small pool of connections to PostgreSQL, and the schema in it. Everything here blocks: call it on a dispatcher of its own.
 * May be used by any number of threads.
 */
public final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int OLDEST_VERSION = 15;

    /** For how long a starting program waits for a database that is starting too. */
    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(20);

    private final HikariDataSource pool;
    private final Settings settings;

    /** Not static: each database has its own. Removed after every transaction, so no thread keeps anything. */
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Connection> transaction = new ThreadLocal<>();

    private Database(Settings settings, HikariDataSource pool) {
        this.settings = settings;
        this.pool = pool;
    }

    /**
     * @param url JDBC URL, {@code jdbc:postgresql://host:5432/carillon}; with several hosts separated by commas add
     *     {@code ?targetServerType=primary}
     * @param connections at most so many at a time
     */
    public record Settings(String url, String user, String password, int connections) {

        /** Enough for one node's own reading and writing; the journal has a pool of its own. */
        public static final int USUAL_CONNECTIONS = 6;

        public Settings(String url, String user, String password) {
            this(url, user, password, USUAL_CONNECTIONS);
        }

        /** The same database with a pool of another size. */
        public Settings withConnections(int other) {
            return new Settings(url, user, password, other);
        }

        /** Where the database is, fit to be shown: parameters of the URL may hold a password. */
        public String place() {
            var parameters = url.indexOf('?');
            return parameters < 0 ? url : url.substring(0, parameters);
        }

        @Override
        public String toString() {
            return "Settings[" + place() + ", user " + user + ", " + connections + " connections]";
        }
    }

    /** Something done on one connection. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /**
     * Opens the pool. Waits some seconds for a database that does not answer yet.
     *
     * @throws DatabaseException when it cannot be reached, or refuses this user
     */
    public static Database open(Settings settings) {
        if (!settings.url().startsWith("jdbc:postgresql:")) {
            throw new DatabaseException("the database URL is " + settings.place()
                    + " but must be of the form jdbc:postgresql://host:5432/carillon");
        }
        // A wrong password or name will not get better by waiting: only what may pass is left to the pool's patience.
        try (var first = DriverManager.getConnection(settings.url(), settings.user(), settings.password())) {
            LOG.debug("{} answers: {}", settings.place(), first.getMetaData().getDatabaseProductVersion());
        } catch (SQLException e) {
            if (!SqlTrouble.mayPass(e)) {
                throw SqlTrouble.explain(settings, e);
            }
            LOG.info(
                    "{} does not answer yet ({}); waiting up to {} s",
                    settings.place(),
                    e.getMessage(),
                    PATIENCE_AT_START.toSeconds());
        }
        try {
            return new Database(settings, new HikariDataSource(poolSettings(settings)));
        } catch (PoolInitializationException e) {
            throw SqlTrouble.explain(settings, e);
        }
    }

    /**
     * The same for everybody who works with this database, and for no other database: a copy has another one, a replica that took
     * over has not.
     */
    public String identity() {
        return inTransaction(connection -> new Sql(connection)
                .one(
                        "SELECT system_identifier || '-' || oid FROM pg_control_system(), pg_database"
                                + " WHERE datname = current_database()",
                        row -> row.getString(1))
                .orElseThrow());
    }

    /** What went wrong at this database, and what to do, in words for whoever runs Carillon. */
    public static String explanation(Settings settings, SQLException trouble) {
        return SqlTrouble.explain(settings, trouble).getMessage();
    }

    private static HikariConfig poolSettings(Settings settings) {
        var config = new HikariConfig();
        config.setPoolName("carillon");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(settings.connections());
        config.setMinimumIdle(Math.min(2, settings.connections()));
        config.setInitializationFailTimeout(PATIENCE_AT_START.toMillis());
        // Whoever waits longer than this for a connection is told so: an answer that is late is worth less than an
        // error.
        config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
        config.setValidationTimeout(Duration.ofSeconds(2).toMillis());
        config.addDataSourceProperty("ApplicationName", "carillon");
        config.addDataSourceProperty("connectTimeout", "5");
        // A server that vanished without a word is given up after this many seconds.
        config.addDataSourceProperty("socketTimeout", "30");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        return config;
    }

    /**
     * Brings the schema to what this version needs. Several nodes may do so at the same time.
     *
     * @throws DatabaseException when the server is too old, read-only, or holds other tables
     */
    public Database migrate() {
        checkServer();
        try {
            // Not through the pool: a migration may take longer than its time limits allow.
            var result = Flyway.configure()
                    .dataSource(settings.url(), settings.user(), settings.password())
                    .locations("classpath:db/migration")
                    .placeholderReplacement(false)
                    .loggers("slf4j")
                    .load()
                    .migrate();
            if (result.migrationsExecuted > 0) {
                LOG.info(
                        "{}: schema brought to version {} by {} migrations",
                        settings.place(),
                        result.targetSchemaVersion,
                        result.migrationsExecuted);
            }
            return this;
        } catch (FlywayException e) {
            var remedy = e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE
                    ? "The database holds tables of another program: give Carillon an empty one (CREATE DATABASE carillon)."
                    : "Nothing of the migration that failed was kept.";
            throw new DatabaseException(
                    settings.place() + ": the schema could not be brought up to date. " + remedy + " " + e.getMessage(),
                    e);
        }
    }

    private void checkServer() {
        inTransaction(connection -> {
            var version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_VERSION) {
                throw new DatabaseException(settings.place() + " is PostgreSQL " + version + "; Carillon needs "
                        + OLDEST_VERSION + " or newer.");
            }
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT pg_is_in_recovery()")) {
                rows.next();
                if (rows.getBoolean(1)) {
                    throw new DatabaseException(settings.place() + " is a standby, which cannot be written to. Name all"
                            + " servers in the URL and add ?targetServerType=primary.");
                }
            }
            return null;
        });
    }

    /**
     * Does all of the work, or none. Work begun within the work of the same thread belongs to the same transaction.
     *
     * @throws DatabaseException when the database fails; what the work itself throws is passed on
     */
    public <T> T inTransaction(Work<T> work) {
        var outer = transaction.get();
        try {
            return outer != null ? work.with(outer) : inNewTransaction(work, Connection.TRANSACTION_READ_COMMITTED);
        } catch (SQLException e) {
            throw SqlTrouble.explain(settings, e);
        }
    }

    /** Reads as if nobody wrote meanwhile: all statements of the work see the same moment. */
    public <T> T inSnapshot(Work<T> work) {
        var outer = transaction.get();
        try {
            return outer != null ? work.with(outer) : inNewTransaction(work, Connection.TRANSACTION_REPEATABLE_READ);
        } catch (SQLException e) {
            throw SqlTrouble.explain(settings, e);
        }
    }

    private <T> T inNewTransaction(Work<T> work, int isolation) throws SQLException {
        try (var connection = pool.getConnection()) {
            connection.setTransactionIsolation(isolation);
            connection.setAutoCommit(false);
            transaction.set(connection);
            var done = false;
            try {
                var result = work.with(connection);
                connection.commit();
                done = true;
                return result;
            } finally {
                transaction.remove();
                if (!done) {
                    rollBack(connection);
                }
            }
        }
    }

    /** A failed rollback is only noted: why the work failed is what matters, and the server ends a lost connection's work anyway. */
    private void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.warn("{}: a transaction could not be rolled back: {}", settings.place(), e.getMessage());
        }
    }

    /** A connection of one's own, to be closed by the caller. It commits every statement by itself unless told otherwise. */
    public Connection connection() throws SQLException {
        return pool.getConnection();
    }

    /** @throws DatabaseException when the database does not answer */
    public void check() {
        inTransaction(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("SELECT 1");
            }
        });
    }

    public Settings settings() {
        return settings;
    }

    @Override
    public void close() {
        pool.close();
    }
}
