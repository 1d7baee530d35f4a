package dev.carillon.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An empty database of its own for a test, on a real PostgreSQL that is started once for the whole JVM (about two seconds)
 * and ends with it.
 *
 * @param url JDBC URL, without user and password
 */
public record EmbeddedDatabase(String name, String url, String user, String password) {

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** A new, empty database. No migration has been run in it. */
    public static EmbeddedDatabase fresh() {
        var name = "test_" + COUNT.incrementAndGet();
        administer("CREATE DATABASE " + name);
        var url = "jdbc:postgresql://localhost:" + Server.RUNNING.getPort() + "/" + name;
        return new EmbeddedDatabase(name, url, "postgres", "postgres");
    }

    /** Takes no new connection and throws out those there are, as if PostgreSQL had gone away; until {@link #open}. */
    public void shut() {
        administer("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
        administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }

    /** Ends what {@link #shut} began. */
    public void open() {
        administer("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
    }

    private static void administer(String sql) {
        try (var connection = DriverManager.getConnection(Server.RUNNING.getJdbcUrl("postgres", "postgres"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("the test's PostgreSQL refused: " + sql, e);
        }
    }

    /** Started by the first use, whichever thread that is. */
    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                // Tests never need their data after a crash of the machine, and are faster for it.
                return EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .setServerConfig("full_page_writes", "off")
                        .setServerConfig("max_connections", "200")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("PostgreSQL for the tests did not start", e);
            }
        }
    }
}
