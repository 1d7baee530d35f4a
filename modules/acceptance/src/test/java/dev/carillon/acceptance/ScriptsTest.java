package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.acceptance.lab.CarillonApi;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Ports;
import dev.carillon.acceptance.lab.Report;
import dev.carillon.acceptance.lab.Script;
import dev.carillon.testkit.EmbeddedDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
import org.junit.jupiter.api.TestInfo;

/** What a newcomer types first: {@code scripts/run} with the simulated box, {@code scripts/simulate} and {@code scripts/cluster}. */
@Tag("servers")
class ScriptsTest {

    private static final Duration STARTED = Duration.ofMinutes(5);
    private static final Duration ENDED = Duration.ofSeconds(90);
    private static final Path FOLDER = Folders.forTest(ScriptsTest.class);

    private final String port = String.valueOf(Ports.one());
    private final String management = String.valueOf(Ports.one());
    private final CarillonApi api = CarillonApi.ofDemonstration(Integer.parseInt(port));
    private final List<Script> started = new ArrayList<>();
    private final Path folder;
    private final Path data;

    ScriptsTest(TestInfo test) {
        folder = FOLDER.resolve(test.getTestMethod().orElseThrow().getName());
        data = folder.resolve("data");
    }

    @AfterEach
    void end() {
        started.forEach(Script::close);
    }

    @Test
    void run_is_a_contact_centre_until_ctrl_c_and_keeps_its_data() throws Exception {
        var report = new Report(folder, "scripts/run with the simulated box");
        var first = run(Map.of());
        first.says("Carillon is running.", STARTED);
        assertThat(readiness()).isEqualTo(200);
        report.say("started, /ready says 200");
        eventually("callers arrive", ENDED, () -> assertThat(
                        api.calls() + api.records().size())
                .isPositive());
        api.put("queues/kept", Map.of("name", "Kept", "ringSeconds", 20, "wrapUpSeconds", 0));
        report.say(
                "callers arrive: %d calls, %d records",
                api.calls(), api.records().size());

        secondRunsBesideItAreRefused(report);

        first.ctrlC();
        assertThat(first.ends(ENDED)).as(first.said()).isEqualTo(130);
        assertThat(Script.processesIn(folder)).isEmpty();
        report.say("Ctrl-C: ended, and no process is left");

        var second = run(Map.of());
        second.says("Carillon is running.", STARTED);
        assertThat(api.get("queues/kept").get("id").asText()).isEqualTo("kept");
        second.ctrlC();
        assertThat(second.ends(ENDED)).isEqualTo(130);
        report.say("started again: the data is there");

        var fresh = run(Map.of(), "--fresh");
        fresh.says("Carillon is running.", STARTED);
        assertThatThrownBy(() -> api.get("queues/kept")).hasMessageContaining("QUEUE_NOT_FOUND");
        fresh.ctrlC();
        assertThat(fresh.ends(ENDED)).isEqualTo(130);
        report.say("started with --fresh: the data is gone");
        assertThat(Script.processesIn(folder)).isEmpty();
        report.print();
    }

    private void secondRunsBesideItAreRefused(Report report) throws IOException, InterruptedException {
        var log = Files.size(data.resolve("node.log"));
        var samePorts = run(Map.of());
        assertThat(samePorts.ends(ENDED)).isEqualTo(1);
        assertThat(samePorts.said())
                .contains("something listens on port " + port + " already", "--port")
                .doesNotContain("Carillon is running.");

        var sameManagement = start(
                Map.of(),
                "--port",
                String.valueOf(Ports.one()),
                "--management-port",
                management,
                "--data",
                folder + "/2");
        assertThat(sameManagement.ends(ENDED)).isEqualTo(1);
        assertThat(sameManagement.said())
                .contains("something listens on port " + management + " already", "--management-port")
                .doesNotContain("Carillon is running.");

        var sameData = start(
                Map.of(),
                "--port",
                String.valueOf(Ports.one()),
                "--management-port",
                String.valueOf(Ports.one()),
                "--data",
                data.toString());
        assertThat(sameData.ends(ENDED)).isEqualTo(1);
        assertThat(sameData.said()).contains("another scripts/run works with the data folder " + data, "--data");

        assertThat(readiness()).isEqualTo(200);
        assertThat(Files.size(data.resolve("node.log"))).isGreaterThanOrEqualTo(log);
        report.say("a second run beside it is refused, by the same port, /ready's port and data folder; the first goes"
                + " on");
    }

    @Test
    void run_works_with_a_database_of_yours_and_leaves_it_running() throws Exception {
        var database = EmbeddedDatabase.fresh();
        var login =
                Map.of("CARILLON_DATABASE_USER", database.user(), "CARILLON_DATABASE_PASSWORD", database.password());

        var script = run(login, "--database-url", database.url());
        script.says("Carillon is running.", STARTED);
        eventually("callers arrive", ENDED, () -> assertThat(
                        api.calls() + api.records().size())
                .isPositive());
        script.ctrlC();

        assertThat(script.ends(ENDED)).isEqualTo(130);
        assertThat(data.resolve("postgresql")).doesNotExist();
        try (var connection = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = connection.createStatement();
                var events = statement.executeQuery("select count(*) from event_journal")) {
            events.next();
            assertThat(events.getInt(1)).isPositive();
        }
    }

    @Test
    void run_does_not_open_the_demonstration_to_a_network_without_a_key() {
        var script = run(Map.of("CARILLON_API_HOST", "0.0.0.0"));

        assertThat(script.ends(ENDED)).isEqualTo(1);
        assertThat(script.said())
                .contains("at 0.0.0.0 without a key", "CARILLON_API_KEY")
                .doesNotContain("Carillon is running.");
        assertThat(Script.processesIn(folder)).isEmpty();
    }

    @Test
    void simulate_plays_one_history() {
        var script = Script.start(folder, "simulate", Map.of(), "--seed", "1");
        started.add(script);

        assertThat(script.ends(ENDED)).as(script.said()).isZero();
        assertThat(script.said()).contains("Seed 1:", "all invariants held");
    }

    @Test
    void cluster_says_plainly_what_it_cannot_do() {
        clusterRefuses("there is no cluster in " + data + "; begin with: scripts/cluster up", "status");
        clusterRefuses("kill needs the number of a node", "kill");
        clusterRefuses("settings are said at \"up\"", "stop", "2", "--nodes", "5");
        clusterRefuses("--nodes: 1 to 9, not 0", "up", "--nodes", "0");
        clusterRefuses("--addresses: the first three numbers", "up", "--addresses", "127.0.0.1");
        clusterRefuses("--site wants N=NAME, for example: --site 2=east", "up", "--site", "east");
        clusterRefuses("cannot be read", "up", "--seed", folder + "/none.yaml");
        clusterRefuses("unknown command fly", "fly");
        assertThat(data.resolve("settings")).as("nothing was begun").doesNotExist();

        var help = Script.start(folder, "cluster", Map.of(), "--help");
        started.add(help);
        assertThat(help.ends(ENDED)).isZero();
        assertThat(help.said()).contains("usage: scripts/cluster COMMAND", "kill N", "stop N", "down");
    }

    private void clusterRefuses(String why, String... words) {
        var said = new ArrayList<>(List.of(words));
        if (words.length > 1 || words[0].equals("status")) {
            said.addAll(List.of("--data", data.toString()));
        }
        var script = Script.start(folder, "cluster", Map.of(), said.toArray(String[]::new));
        started.add(script);
        assertThat(script.ends(ENDED)).as(script.said()).isEqualTo(1);
        assertThat(script.said()).contains(why);
    }

    private Script run(Map<String, String> environment, String... more) {
        var options =
                new ArrayList<>(List.of("--port", port, "--management-port", management, "--data", data.toString()));
        options.addAll(List.of(more));
        return start(environment, options.toArray(String[]::new));
    }

    private Script start(Map<String, String> environment, String... options) {
        var script = Script.start(folder, "run", environment, options);
        started.add(script);
        return script;
    }

    private int readiness() throws IOException, InterruptedException {
        var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/ready"))
                .build();
        return HttpClient.newHttpClient()
                .send(ready, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
