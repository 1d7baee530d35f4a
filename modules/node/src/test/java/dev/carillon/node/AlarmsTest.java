package dev.carillon.node;

import static dev.carillon.node.DeployFiles.FOLDER;
import static dev.carillon.node.DeployFiles.REPOSITORY;
import static dev.carillon.node.DeployFiles.found;
import static dev.carillon.node.DeployFiles.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alarms in {@code deploy/prometheus}. That they ask for figures that exist is tested with a node that runs. */
class AlarmsTest {

    private static final Path ALARMS = FOLDER.resolve("prometheus/carillon-alarms.yml");
    private static final Path TESTS = FOLDER.resolve("prometheus/carillon-alarms.test.yml");

    private final List<String> names = found("^ *- alert: (\\w+)$", text(ALARMS));

    @Test
    void each_is_explained_to_operators_and_nothing_else_is() {
        assertThat(found("^#### (Carillon\\w+)$", text(REPOSITORY.resolve("docs/operating.md"))))
                .containsExactlyElementsOf(names)
                .doesNotHaveDuplicates();
    }

    @Test
    void each_leads_to_its_explanation() {
        assertThat(found("documentation: docs/operating.md#(\\w+)$", text(ALARMS)))
                .containsExactlyElementsOf(names.stream()
                        .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                        .toList());
    }

    @Test
    void each_is_tested_to_go_off() {
        assertThat(found("^ *alertname: (\\w+)$", text(TESTS))).containsAll(names);
    }

    @Test
    void prometheus_understands_them() throws Exception {
        promtool("check", "rules", ALARMS.toString());
    }

    @Test
    void they_go_off_when_they_should_and_not_otherwise() throws Exception {
        promtool("test", "rules", TESTS.toString());
    }

    @Test
    void prometheus_understands_the_example_of_its_settings() throws Exception {
        promtool(
                "check",
                "config",
                "--syntax-only",
                FOLDER.resolve("prometheus/prometheus.yml").toString());
    }

    private static void promtool(String... arguments) throws IOException, InterruptedException {
        var program = find();
        assumeTrue(program.isPresent(), "no promtool here: it is in Debian's package prometheus");
        var output = Files.createTempFile("promtool", ".log");
        var process = new ProcessBuilder(Stream.concat(Stream.of(program.get().toString()), Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(output, StandardCharsets.UTF_8))
                .isZero();
        Files.delete(output);
    }

    /** On the path, or where {@code scripts/test} has put it. */
    private static Optional<Path> find() {
        var cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".cache"));
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                                .map(Path::of),
                        Stream.of(cache.resolve("carillon/prometheus")))
                .map(folder -> folder.resolve("promtool"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
