package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.CarillonNode;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A base backup of a running centre, restored beside it: what an operator does after the loss of the database. The programs of PostgreSQL for it
 * ({@code pg_basebackup}, {@code pg_dump}) are not needed: they refuse a server newer than they are, and ours is.
 */
@Tag("servers")
class BackUpTest {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    /** Neither changed by calls, nor made for one life. */
    private static final List<String> CONFIGURATION = List.of(
            "box",
            "seat",
            "queue",
            "agent",
            "agent_queue",
            "dialled_number",
            "inbound_rule",
            "not_ready_reason",
            "calendar",
            "caller_entry",
            "configuration_version",
            "configuration_seeded");

    private final Path folder = Folders.forTest(BackUpTest.class);
    private final Report report = new Report(folder, "A base backup of a running centre, and a node on it");
    private CarillonNode centre;
    private CarillonNode restored;

    @AfterEach
    void close() {
        report.print();
        for (var node : new CarillonNode[] {restored, centre}) {
            if (node != null) {
                node.close();
            }
        }
    }

    @Test
    void aNodeOnABackUpOfARunningCentreHasItsRecordsAndConfiguration() throws Exception {
        centre = CarillonNode.start(
                folder.resolve("centre"),
                "-Dcarillon.node.demo=true",
                "-Dcarillon.node.seed=" + Folders.repository().resolve("cluster-config/seed/demo.yaml"),
                "-Dcarillon.telephony.simulated.people.between=200ms",
                "-Dcarillon.telephony.simulated.people.dialled.0=100",
                "-Dcarillon.telephony.simulated.people.dialled.1=300");
        eventually("calls have ended, and others go on", LIMIT, () -> {
            assertThat(centre.api().records()).hasSizeGreaterThan(5);
            assertThat(centre.api().calls()).isGreaterThan(5);
        });

        var before = backUp();

        assertThat(before.calls()).isNotEmpty();
        restored = CarillonNode.start(
                folder.resolve("restored"),
                "-Dcarillon.readmodel.call-records.check.first=2s",
                "-Dcarillon.readmodel.call-records.check.every=2s",
                "-Dcarillon.readmodel.call-records.check.settled-after=5s");
        try (var there = restored.database()) {
            assertThat(rows(there, "call_record")).containsAll(before.records());
            for (var table : CONFIGURATION) {
                assertThat(rows(there, table)).as(table).isEqualTo(before.configuration(table));
            }
            // Their box knows nothing of them: they are over, each with one record.
            var begun = before.calls();
            eventually("every call has its record", LIMIT, () -> assertThat(
                            texts(there, "SELECT call_id FROM call_record"))
                    .doesNotHaveDuplicates()
                    .containsAll(begun));
            report.say(
                    "%d records were restored; %d calls were under way, and have a record now",
                    before.records().size(), begun.size());
        }
        assertThat(centre.alive()).isTrue();
        assertThat(restored.api().records())
                .hasSizeGreaterThanOrEqualTo(before.records().size());
    }

    /**
     * How it stood when the backup began.
     *
     * @param calls that had begun and had no record
     */
    private record Before(List<String> records, List<String> calls, List<List<String>> tables) {
        List<String> configuration(String table) {
            return tables.get(CONFIGURATION.indexOf(table));
        }
    }

    /** As the manual of PostgreSQL has it for a backup without its programs. */
    private Before backUp() throws SQLException, IOException {
        var data = folder.resolve("centre/data");
        var copy = folder.resolve("restored/data");
        try (var connection = centre.database()) {
            var tables = new ArrayList<List<String>>();
            for (var table : CONFIGURATION) {
                tables.add(rows(connection, table));
            }
            var before = new Before(
                    rows(connection, "call_record"),
                    texts(
                            connection,
                            "SELECT DISTINCT substr(persistence_id, 6) FROM event_journal WHERE persistence_id LIKE 'Call|%'"
                                    + " EXCEPT SELECT call_id FROM call_record"),
                    tables);
            texts(connection, "SELECT pg_backup_start('test', true)::text");
            copy(data.resolve("postgresql"), copy.resolve("postgresql"));
            var label = texts(connection, "SELECT labelfile FROM pg_backup_stop(false)")
                    .get(0);
            // The log of everything up to the end of the backup.
            copy(data.resolve("postgresql/pg_wal"), copy.resolve("postgresql/pg_wal"));
            Files.writeString(copy.resolve("postgresql/backup_label"), label);
            Files.copy(data.resolve("postgresql.password"), copy.resolve("postgresql.password"));
            return before;
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        var leftOut = Set.of("postmaster.pid", "postmaster.opts");
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                var target = to.resolve(from.relativize(folder).toString());
                Files.createDirectories(target);
                Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(folder));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!leftOut.contains(file.getFileName().toString())) {
                    try {
                        Files.copy(
                                file,
                                to.resolve(from.relativize(file).toString()),
                                StandardCopyOption.REPLACE_EXISTING,
                                StandardCopyOption.COPY_ATTRIBUTES);
                    } catch (NoSuchFileException goneMeanwhile) {
                        return FileVisitResult.CONTINUE;
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw new UncheckedIOException(failure);
            }
        });
    }

    private static List<String> rows(Connection connection, String table) {
        return texts(connection, "SELECT t::text FROM " + table + " t ORDER BY 1");
    }

    private static List<String> texts(Connection connection, String query) {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new AssertionError(query, e);
        }
    }
}
