package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Report;
import dev.carillon.acceptance.lab.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code scripts/chaos} as somebody at a terminal runs it, short. */
@Tag("servers")
class ChaosTest {

    private static final Duration LIMIT = Duration.ofMinutes(12);

    private final Path folder = Folders.forTest(ChaosTest.class);
    private final Report report = new Report(folder, "scripts/chaos, two minutes");
    private Script script;

    @AfterEach
    void close() {
        if (script != null) {
            script.close();
        }
    }

    @Test
    void everyRuleHoldsWhateverBreaks() throws IOException {
        script = Script.start(
                folder,
                "chaos",
                Map.of("CARILLON_JAVA_OPTIONS", "-Xmx400m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"),
                "--minutes",
                "2",
                "--seed",
                "1",
                "--data",
                folder.resolve("data").toString(),
                "--report",
                folder.resolve("report").toString());

        assertThat(script.ends(LIMIT)).as(script.said()).isZero();
        assertThat(script.said()).contains("Every rule holds.");
        assertThat(Script.processesIn(folder)).isEmpty();
        var found =
                new JsonMapper().readTree(folder.resolve("report/report.json").toFile());
        assertThat(found.get("faults")).hasSizeGreaterThan(2);
        assertThat(found.at("/findings/answered").asLong())
                .isGreaterThan(found.at("/findings/came").asLong() / 2);
        assertThat(found.at("/findings/violations")).isEmpty();
        assertThat(folder.resolve("report/report.html")).content().contains("What broke", "</html>");
        for (var fault : found.get("faults")) {
            report.say(
                    "%s; longest pause between offers %.1f s",
                    fault.get("what").asText(), fault.get("pauseMillis").asLong() / 1_000.0);
        }
        report.say(
                "%d callers: %d answered, %d abandoned; %d records; nothing that must not be",
                found.at("/findings/came").asLong(),
                found.at("/findings/answered").asLong(),
                found.at("/findings/abandoned").asLong(),
                found.at("/findings/records").asLong());
        report.print();
    }
}
