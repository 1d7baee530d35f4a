package dev.carillon.acceptance.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Where things are. */
public final class Folders {

    /** The root of the repository, wherever the tests were started. */
    public static Path repository() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("proto"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "not within the repository: " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }

    /** An empty folder for the tests of a class: logs and traces stay there until they run again. */
    public static Path forTest(Class<?> test) {
        return empty(test.getSimpleName());
    }

    /** As above, for one of them. */
    public static Path forTest(Class<?> test, String name) {
        return empty(test.getSimpleName() + "-" + name);
    }

    private static Path empty(String name) {
        var folder =
                repository().resolve("modules/acceptance/target/acceptance").resolve(name);
        try {
            delete(folder);
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var all = Files.walk(folder)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private Folders() {}
}
