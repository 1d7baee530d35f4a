package dev.carillon.node.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.node.StartupFailure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("servers")
class EmbeddedDatabaseTest {

    private static final Path CACHE = Path.of("target", "postgres-cache").toAbsolutePath();

    /** One for all tests: each leaves behind what the next one finds, as nodes do. */
    @TempDir
    static Path folder;

    private EmbeddedDatabase database;

    @BeforeEach
    void start() throws SQLException {
        database = EmbeddedDatabase.start(folder, CACHE, 0);
        try (var connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute("create table if not exists kept (word text)");
            statement.execute("truncate kept");
            statement.execute("insert into kept values ('first')");
        }
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void what_was_written_is_there_after_a_stop_and_a_start() throws Exception {
        database.close();
        assertThat(pidFile()).doesNotExist();

        database = EmbeddedDatabase.start(folder, CACHE, 0);

        assertThat(words()).isEqualTo("first");
    }

    @Test
    void a_server_that_outlived_its_node_is_taken_over() throws Exception {
        var pid = serverPid();

        // The former node was killed: it has told nobody.
        database = EmbeddedDatabase.start(folder, CACHE, 0);

        assertThat(serverPid()).isEqualTo(pid);
        assertThat(words()).isEqualTo("first");
    }

    @Test
    void a_server_that_outlived_its_node_moves_to_the_port_now_asked_for() throws Exception {
        var pid = serverPid();
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        database = EmbeddedDatabase.start(folder, CACHE, port);

        assertThat(serverPid()).isNotEqualTo(pid);
        assertThat(database.url()).contains(":" + port + "/");
        assertThat(words()).isEqualTo("first");
    }

    @Test
    void a_killed_server_comes_back_with_everything_that_was_committed() throws Exception {
        var server = ProcessHandle.of(serverPid()).orElseThrow();
        server.destroyForcibly();
        server.onExit().get(30, TimeUnit.SECONDS);

        database = EmbeddedDatabase.start(folder, CACHE, 0);

        assertThat(words()).isEqualTo("first");
    }

    @Test
    void a_process_that_was_given_the_number_of_the_old_server_is_left_alone() throws Exception {
        database.close();
        var stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(pidFile(), stranger.pid() + "\n" + folder.resolve("postgresql") + "\n1\n5432\n");

            database = EmbeddedDatabase.start(folder, CACHE, 0);

            assertThat(words()).isEqualTo("first");
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void a_taken_port_is_said_plainly() throws Exception {
        database.close();
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedDatabase.start(folder, CACHE, taken.getLocalPort()))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("Port " + taken.getLocalPort())
                    .hasMessageContaining("is taken")
                    .hasMessageContaining("--database-port");
        }
    }

    @Test
    void a_folder_of_another_version_is_refused_and_left_as_it_is() throws Exception {
        database.close();
        var version = folder.resolve("postgresql/PG_VERSION");
        var made = Files.readString(version);
        Files.writeString(version, "12\n");
        try {
            assertThatThrownBy(() -> EmbeddedDatabase.start(folder, CACHE, 0))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("made by PostgreSQL 12");
            assertThat(version).hasContent("12");
        } finally {
            Files.writeString(version, made);
        }
    }

    @Test
    void nobody_gets_in_without_the_password() {
        assertThatThrownBy(() -> DriverManager.getConnection(database.url(), database.user(), "guess"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    private String words() throws SQLException {
        try (var connection = connect(database);
                var statement = connection.createStatement();
                var row = statement.executeQuery("select string_agg(word, ',') from kept")) {
            row.next();
            return row.getString(1);
        }
    }

    private Path pidFile() {
        return folder.resolve("postgresql/postmaster.pid");
    }

    private long serverPid() throws Exception {
        return Long.parseLong(Files.readAllLines(pidFile()).get(0));
    }

    private static Connection connect(EmbeddedDatabase database) throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }
}
