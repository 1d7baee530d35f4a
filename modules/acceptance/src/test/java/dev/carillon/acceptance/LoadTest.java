package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Report;
import dev.carillon.acceptance.lab.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code scripts/load} as somebody at a terminal runs it, small. */
@Tag("servers")
class LoadTest {

    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final Duration ENDED = Duration.ofMinutes(2);

    private final Path folder = Folders.forTest(LoadTest.class);
    private final Report report = new Report(folder, "scripts/load, 20 calls/s for 10 s");
    private Script script;

    @AfterEach
    void close() {
        if (script != null) {
            script.close();
        }
    }

    @Test
    void measuresACentreAndLeavesNothingBehind() throws Exception {
        script = load("--rate", "20", "--for", "10s");

        assertThat(script.ends(LIMIT)).as(script.said()).isZero();
        assertThat(script.said()).contains("Every call has one record, which says what its caller lived through.");
        assertThat(Script.processesIn(folder)).isEmpty();

        var found =
                new JsonMapper().readTree(folder.resolve("report/report.json").toFile());
        var calls = found.get("calls");
        // 200 on average, with a deviation of 14; the same ones in every run.
        assertThat(calls.get("came").asInt()).isBetween(130, 270);
        assertThat(calls.get("records")).isEqualTo(calls.get("came"));
        assertThat(calls.get("answered").asInt()
                        + calls.get("abandoned").asInt()
                        + calls.get("missed").asInt())
                .isEqualTo(calls.get("came").asInt());
        assertThat(calls.get("answered").asInt())
                .isGreaterThan(calls.get("came").asInt() / 2);
        assertThat(calls.get("carriedPerSecond").asDouble()).isPositive();
        theFiguresAgree(found, calls.get("came").asLong());
        assertThat(folder.resolve("report/report.html")).content().contains("<svg", "</html>");
        report.say(
                "%d calls, %.0f events/s; agent free and call waiting to seat told to ring p99 %.1f ms; seen live p50 %.0f ms",
                calls.get("came").asInt(),
                found.at("/journal/eventsPerSecond").asDouble(),
                found.at("/latencies/offer/p99").asDouble(),
                found.at("/latencies/live/p50").asDouble());
        report.print();
    }

    private static void theFiguresAgree(JsonNode found, long calls) {
        assertThat(found.at("/latencies/queued/count").asLong()).isBetween(calls * 9 / 10, calls);
        assertThat(found.at("/latencies/offer/count").asLong())
                .isGreaterThanOrEqualTo(found.at("/calls/answered").asLong());
        assertThat(found.at("/latencies/live/count").asLong()).isPositive();
        var events = found.at("/journal/events").asLong();
        // A call that is answered makes six at the least: arrived, queued, offered, talked, offer ended, ended.
        assertThat(events).isGreaterThan(found.at("/calls/answered").asLong() * 6);
        var kinds = 0L;
        for (var kind : found.at("/journal/kinds")) {
            kinds += kind.asLong();
        }
        assertThat(kinds).isEqualTo(events);
        var batches = found.at("/journal/rowsPerTransaction");
        assertThat(Math.round(batches.get("transactions").asLong()
                        * batches.get("mean").asDouble()))
                .isEqualTo(events);
        assertThat(found.at("/journal/limit/rowsPerSecond").asDouble()).isPositive();
        assertThat(found.at("/journal/shareOfLimit").asDouble()).isPositive();
        for (var process : found.get("processes")) {
            assertThat(process.get("processors").asDouble()).as("%s", process).isPositive();
        }
        assertThat(found.get("timeline")).isNotEmpty();
    }

    @Test
    void endsEverythingOnCtrlC() throws IOException {
        script = load("--rate", "5", "--for", "10m");
        script.says("agents are logged in and ready", LIMIT);
        eventually("callers come", LIMIT, () -> assertThat(script.said()).contains("calls/s came"));

        script.ctrlC();

        assertThat(script.ends(ENDED)).as(script.said()).isEqualTo(130);
        assertThat(Script.processesIn(folder)).isEmpty();
        assertThat(Files.exists(folder.resolve("data/postgresql/postmaster.pid")))
                .isFalse();
    }

    private Script load(String... how) {
        var options = new ArrayList<>(List.of(
                "--boxes", "2",
                "--queues", "2",
                "--talk", "2s",
                "--limit-for", "2s",
                "--data", folder.resolve("data").toString(),
                "--report", folder.resolve("report").toString()));
        options.addAll(List.of(how));
        return Script.start(folder, "load", Map.of(), options.toArray(String[]::new));
    }
}
