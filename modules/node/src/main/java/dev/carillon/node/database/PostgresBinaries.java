package dev.carillon.node.database;

import dev.carillon.node.StartupFailure;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The server's programs, unpacked once for each version into the user's cache folder. */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /** Unpacks them where that was not done yet. Returns the folder that holds {@code bin/postgres}. */
    static Path unpack(Path cache) {
        try {
            var archive = read();
            var home = cache.resolve("postgresql-" + fingerprint(archive));
            if (!Files.isExecutable(home.resolve("bin/postgres"))) {
                unpack(archive, home);
            }
            return home;
        } catch (IOException e) {
            throw new StartupFailure(
                    "The embedded PostgreSQL could not be unpacked into " + cache + " (" + e.getMessage()
                            + "). Free some space there, let this user write there, or set CARILLON_CACHE to another"
                            + " folder.",
                    e);
        }
    }

    private static byte[] read() throws IOException {
        var os = System.getProperty("os.name");
        var system = os.startsWith("Mac") ? "Darwin" : os;
        try (var in = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, System.getProperty("os.arch"))) {
            return in.readAllBytes();
        } catch (IllegalStateException | NullPointerException e) {
            throw new StartupFailure(
                    "There is no embedded PostgreSQL for this machine (" + os + ", " + System.getProperty("os.arch")
                            + "). Give Carillon a database of yours with CARILLON_DATABASE_URL.",
                    e);
        }
    }

    /** Into a folder beside the target first: a start that was interrupted, or two at once, never leave half a server. */
    private static void unpack(byte[] archive, Path home) throws IOException {
        Files.createDirectories(home.getParent());
        var unfinished = Files.createTempDirectory(home.getParent(), "unpacking-");
        try {
            extract(new ByteArrayInputStream(archive), unfinished);
            // Made by createTempDirectory for its owner only; the server may have to run as somebody else.
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (e instanceof AtomicMoveNotSupportedException || !Files.isExecutable(home.resolve("bin/postgres"))) {
                throw e;
            }
        } finally {
            deleteFolder(unfinished);
        }
    }

    private static void extract(InputStream archive, Path into) throws IOException {
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                var path = into.resolve(entry.getName()).normalize();
                if (!path.startsWith(into)) {
                    throw new IOException("the archive names a path outside of it: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    if (entry.isSymbolicLink()) {
                        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                    } else {
                        Files.copy(tar, path);
                        if ((entry.getMode() & 0100) != 0 && !path.toFile().setExecutable(true, false)) {
                            throw new IOException("cannot be made executable: " + path);
                        }
                    }
                }
            }
        }
    }

    static void deleteFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var paths = Files.walk(folder)) {
            for (var path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String fingerprint(byte[] archive) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(archive);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
