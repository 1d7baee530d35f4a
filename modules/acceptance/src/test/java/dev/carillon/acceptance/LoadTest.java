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
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** {@code scripts/load} as somebody at a terminal runs it, small. */
@Tag("servers")
class LoadTest {

    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final Duration ENDED = Duration.ofMinutes(2);

    private final Path folder = Folders.forTest(LoadTest.class);
    private final Report report = new Report(folder, "scripts/load, small");
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

    /**
     * The journal writes one row after the other, each for some milliseconds: so little is carried that any machine has time to spare. Only when
     * asked for: on a quiet machine the first answers come within the bound all the same, while agents wait for theirs, and nobody is refused.
     */
    @Test
    @EnabledIfSystemProperty(
            named = "carillon.overload",
            matches = "true",
            disabledReason = "-Dcarillon.overload=true runs it")
    void refusesNewCallsWhileMoreComeThanAreCarriedAndServesTheOthers() throws Exception {
        script = load(
                Map.of("CARILLON_JAVA_OPTIONS", "-Dcarillon.telephony.admission.least=2"),
                "--rate",
                "18",
                "--overload",
                "2",
                "--for",
                "40s");
        script.says("agents are logged in and ready", LIMIT);
        slowDownTheJournal();

        assertThat(script.ends(LIMIT)).as(script.said()).isZero();

        var found =
                new JsonMapper().readTree(folder.resolve("report/report.json").toFile());
        var calls = found.get("calls");
        assertThat(calls.get("refused").asInt()).isGreaterThan(50);
        assertThat(calls.get("records").asInt())
                .isEqualTo(calls.get("came").asInt() - calls.get("refused").asInt());
        assertThat(found.at("/latencies/refused/most").asDouble()).isLessThan(1_000);
        assertThat(found.at("/latencies/queued/p99").asDouble()).isLessThan(5_000);
        assertThat(folder.resolve("data/node.log"))
                .content()
                .contains("Overload: new calls are refused from now on", "The overload is over");
        report.say(
                "%d calls, %d of them refused, in at most %.0f ms; those let in were queued within p50 %.0f ms, p99 %.0f ms",
                calls.get("came").asInt(),
                calls.get("refused").asInt(),
                found.at("/latencies/refused/most").asDouble(),
                found.at("/latencies/queued/p50").asDouble(),
                found.at("/latencies/queued/p99").asDouble());
        report.print();
    }

    private void slowDownTheJournal() throws Exception {
        var data = folder.resolve("data");
        var port = Files.readAllLines(data.resolve("postgresql/postmaster.pid"))
                .get(3)
                .strip();
        try (var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/carillon",
                        "carillon",
                        Files.readString(data.resolve("postgresql.password")));
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                      PERFORM pg_advisory_xact_lock(1);
                      PERFORM pg_sleep(0.004);
                      RETURN NEW;
                    END $$;
                    CREATE TRIGGER slow BEFORE INSERT ON event_journal FOR EACH ROW EXECUTE FUNCTION slow()
                    """);
        }
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
        return load(Map.of(), how);
    }

    private Script load(Map<String, String> environment, String... how) {
        var options = new ArrayList<>(List.of(
                "--boxes", "2",
                "--queues", "2",
                "--talk", "2s",
                "--limit-for", "2s",
                "--data", folder.resolve("data").toString(),
                "--report", folder.resolve("report").toString()));
        options.addAll(List.of(how));
        return Script.start(folder, "load", environment, options.toArray(String[]::new));
    }
}
