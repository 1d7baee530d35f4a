package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Script;
import dev.carillon.acceptance.lab.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the scripts build and when not: in a small repository, with a Maven that only notes that it was called. */
class ScriptsBuildTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Path repository;
    private Path calls;

    @BeforeEach
    void make() throws IOException {
        repository = folder.resolve("repository");
        calls = folder.resolve("calls");
        Files.createDirectories(repository.resolve("scripts/lib"));
        for (var script : List.of("scripts/simulate", "scripts/lib/build.sh")) {
            Files.copy(Folders.repository().resolve(script), repository.resolve(script));
        }
        for (var source :
                List.of("pom.xml", ".mvn/maven.config", "proto/a.proto", "modules/core/src/main/java/A.java")) {
            write(repository.resolve(source), "1");
        }
        program("javac", "echo javac 17.0.1");
        program("java", "exit 0");
        program("mvn", "echo build >>" + calls);
    }

    @Test
    void what_is_up_to_date_is_not_built_again() throws IOException {
        simulate(0);
        simulate(0);
        assertThat(calls).hasContent("build");

        write(repository.resolve("modules/core/src/main/java/A.java"), "changed");
        simulate(0);
        assertThat(calls).hasContent("build\nbuild");

        Files.delete(repository.resolve("proto/a.proto"));
        simulate(0);
        assertThat(calls).hasContent("build\nbuild\nbuild");
    }

    @Test
    void what_failed_to_build_is_not_taken_as_built() throws IOException {
        program("mvn", "echo build >>" + calls + "; echo '[ERROR] no such symbol'; exit 1");
        assertThat(simulate(1)).contains("[ERROR] no such symbol", "could not be built");

        program("mvn", "echo build >>" + calls);
        simulate(0);
        assertThat(calls).hasContent("build\nbuild");
    }

    @Test
    void two_at_once_build_once() throws IOException {
        program("mvn", "echo build >>" + calls + "; until [ -e " + folder + "/go ]; do sleep 0.05; done");
        try (var first = start()) {
            Waiting.eventually(
                    "the first one builds", LIMIT, () -> assertThat(calls).exists());
            try (var second = start()) {
                second.says("Another script is building", LIMIT);
                write(folder.resolve("go"), "");

                assertThat(first.ends(LIMIT)).as(first.said()).isZero();
                assertThat(second.ends(LIMIT)).as(second.said()).isZero();
            }
        }
        assertThat(calls).hasContent("build");
    }

    private String simulate(int exit) {
        try (var script = start()) {
            assertThat(script.ends(LIMIT)).as(script.said()).isEqualTo(exit);
            return script.said();
        }
    }

    private Script start() {
        var path = Map.of("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"), "CARILLON_CLASSPATH", "");
        return Script.startIn(repository, folder, "simulate", path, "--seed", "1");
    }

    private void program(String name, String words) throws IOException {
        var file = folder.resolve("bin").resolve(name);
        write(file, "#!/bin/sh\n" + words + "\n");
        Files.setPosixFilePermissions(
                file,
                Set.of(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.OWNER_EXECUTE));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
