package dev.carillon.node.database;

import dev.carillon.node.StartupFailure;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real PostgreSQL server with its data in a folder of this node, on the loopback interface only. Whatever way the last node
 * ended, the next one finds the data: a server that outlived its node (killed with {@code kill -9}) is taken over, the leftovers of one
 * that did not are cleared away.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String NAME = "carillon";
    private static final String USER = "carillon";

    private final PostgresServer server;
    private final int port;
    private final String password;

    private EmbeddedDatabase(PostgresServer server, int port, String password) {
        this.server = server;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts it, or takes over the one that runs on this folder already. The caller makes sure that no other node uses the
     * folder: see {@link DataFolder}.
     *
     * @param folder made when it does not exist
     * @param port 0 for any free one
     * @throws StartupFailure when it cannot be started
     */
    public static EmbeddedDatabase start(Path folder, Path cache, int port) {
        try {
            var password = password(folder.resolve("postgresql.password"));
            var server = new PostgresServer(PostgresBinaries.unpack(cache), folder.resolve("postgresql"));
            create(server, folder.resolve("postgresql.password"));
            var running = runningOn(server, port);
            var database = new EmbeddedDatabase(server, running, password);
            database.createDatabase();
            return database;
        } catch (IOException e) {
            throw new StartupFailure(
                    "The data folder " + folder + " cannot be used (" + e + "). Choose another with --data.", e);
        }
    }

    /** Throws the data in this folder away, and nothing else. Ends a server that still works with it. */
    public static void forget(Path folder, Path cache) {
        try {
            var data = folder.resolve("postgresql");
            if (Files.exists(data)) {
                new PostgresServer(PostgresBinaries.unpack(cache), data).stop();
                PostgresBinaries.deleteFolder(data);
            }
            Files.deleteIfExists(folder.resolve("postgresql.password"));
        } catch (IOException e) {
            throw new StartupFailure("The data in " + folder + " could not be thrown away (" + e + ").", e);
        }
    }

    public String url() {
        return url(NAME);
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    /** Ends the server and waits for that. Every connection is cut. */
    @Override
    public void close() {
        server.stop();
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private static String password(Path file) throws IOException {
        if (!Files.exists(file)) {
            var secret = new byte[24];
            new SecureRandom().nextBytes(secret);
            var unfinished = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, HexFormat.of().formatHex(secret));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file);
    }

    private static void create(PostgresServer server, Path passwordFile) throws IOException {
        if (!server.exists()) {
            LOG.info("Making the database in {}", server.data());
            server.initialise(USER, passwordFile);
        }
        server.configure(List.of(
                "# Written by Carillon at every start: changes made here are lost.",
                "listen_addresses = '127.0.0.1'",
                "unix_socket_directories = ''",
                "max_connections = 100",
                // What was promised to a caller must survive a power cut: the journal is written through to the disk.
                "fsync = on",
                "synchronous_commit = on",
                "logging_collector = on",
                "log_filename = 'postgresql-%a.log'",
                "log_truncate_on_rotation = on",
                "log_rotation_age = 1d"));
    }

    private static int runningOn(PostgresServer server, int wanted) throws IOException {
        var running = server.running();
        if (running.isPresent()) {
            var found = running.get();
            if (found.sameProgram() && (wanted == 0 || wanted == found.port())) {
                LOG.info(
                        "The embedded PostgreSQL of an earlier node still runs (process {}): going on with it",
                        found.pid());
                return found.port();
            }
            server.stop();
        }
        var port = free(wanted);
        server.start(port);
        return port;
    }

    private static int free(int wanted) throws IOException {
        try (var socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (BindException e) {
            throw new StartupFailure(
                    "Port " + wanted + ", which the embedded PostgreSQL is to have, is taken. Choose another with "
                            + "--database-port, or 0 for any free one.",
                    e);
        }
    }

    private void createDatabase() {
        var login = new Properties();
        login.put("user", USER);
        login.put("password", password);
        try (var connection = DriverManager.getConnection(url("postgres"), login);
                var statement = connection.createStatement();
                var found = statement.executeQuery("select 1 from pg_database where datname = '" + NAME + "'")) {
            if (!found.next()) {
                try (var create = connection.createStatement()) {
                    create.executeUpdate("create database " + NAME);
                }
            }
        } catch (SQLException e) {
            close();
            throw new StartupFailure(
                    "The embedded PostgreSQL does not let Carillon in (" + e.getMessage()
                            + "). If the data folder was copied "
                            + "together from several places, restore it whole, or begin anew with --fresh.",
                    e);
        }
    }
}
