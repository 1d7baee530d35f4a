package dev.carillon.acceptance.lab;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.carillon.node.database.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The PostgreSQL server of a {@link CarillonCluster}, to be stopped and started beneath it. */
public final class ClusterDatabase {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Path folder;
    private final int port;

    /**
     * @param folder of the database: what {@code scripts/cluster} calls {@code database} in its data
     * @param port where the server listens
     */
    ClusterDatabase(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** In an orderly way, "fast": every connection is cut, and the server has written everything down when this returns. */
    public Instant stop() {
        signal("-INT");
        return gone();
    }

    /** As by a power cut of its machine, "immediate": it recovers from its log at the next start. */
    public Instant crash() {
        signal("-QUIT");
        return gone();
    }

    /** Starts it again, at the same port. */
    public Instant start() {
        // It goes on beyond this: the cluster's own script ends it.
        var cache = Path.of(ConfigFactory.load().getString("carillon.node.cache"));
        var unused = EmbeddedDatabase.start(folder, cache, port);
        return Instant.now();
    }

    private void signal(String signal) {
        Processes.run(
                "kill " + signal,
                folder,
                folder.resolveSibling("database-kill.out"),
                Map.of(),
                LIMIT,
                List.of("kill", signal, String.valueOf(pid())));
    }

    private Instant gone() {
        eventually("the PostgreSQL has ended", LIMIT, () -> assertThat(postmaster())
                .as("its file of the process id")
                .matches(file -> !Files.exists(file) || !ProcessHandle.of(pid()).isPresent()));
        return Instant.now();
    }

    private long pid() {
        try {
            return Long.parseLong(Files.readAllLines(postmaster()).get(0).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path postmaster() {
        return folder.resolve("postgresql/postmaster.pid");
    }
}
