package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.acceptance.lab.CarillonNode;
import dev.carillon.acceptance.lab.Folders;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every panel of the dashboards and every alarm asks for figures that a real node has, with the labels they have. */
@Tag("servers")
class MetricsTest {

    private static final Path REPOSITORY = Path.of("../..");

    /** What Prometheus itself adds. */
    private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job", "le");

    private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool", "on", "by", "ignoring");

    private static final Pattern SELECTED =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*+)(?:\\{([^}]*)})?+(?:\\[[^]]*])?+");

    private static CarillonNode node;

    /** Of every sample the labels with their values. */
    /**
     * One line of the answer.
     *
     * @param value as Prometheus writes numbers, which may be infinite in its own spelling
     */
    private record Sample(Map<String, String> labels, String value) {}

    private static Map<String, List<Sample>> samples;

    /** One question of a panel or an alarm: a metric, and the labels it goes by with what they have to be; empty for anything. */
    private record Asked(String where, String metric, Map<String, String> labels) {}

    @BeforeAll
    static void start() {
        node = CarillonNode.start(
                Folders.forTest(MetricsTest.class),
                "-javaagent:" + agent(),
                "-Dcarillon.node.demo=true",
                "-Dcarillon.node.seed="
                        + REPOSITORY.resolve("cluster-config/seed/demo.yaml").toAbsolutePath(),
                "-Dcarillon.telephony.simulated.people.between=1s",
                "-Dcarillon.telephony.simulated.people.dialled.0=100",
                "-Dcarillon.telephony.simulated.people.dialled.1=200");
        node.api().get("queues");
        eventually("calls have ended", Duration.ofMinutes(3), () -> {
            samples = read(text());
            // Prometheus's own.
            samples.put("up", List.of(new Sample(Map.of(), "1")));
            assertThat(value("carillon_calls_ended_total", Map.of("outcome", "answered")))
                    .isPositive();
            assertThat(value("carillon_call_records_total", Map.of("result", "written")))
                    .isPositive();
            assertThat(samples).containsKeys("carillon_api_request_seconds_count", "jvm_gc_seconds_sum");
        });
    }

    @AfterAll
    static void end() {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void what_is_counted_is_what_has_happened() {
        assertThat(value("carillon_calls_arrived_total", Map.of("box", "demo"))).isPositive();
        assertThat(value("carillon_offers_ended_total", Map.of("outcome", "answered")))
                .isPositive();
        assertThat(value("carillon_time_to_offer_seconds_count", Map.of())).isPositive();
        assertThat(value("carillon_journal_write_seconds_count", Map.of("entity", "call")))
                .isPositive();
        assertThat(value("carillon_box_state", Map.of("box", "demo", "state", "up")))
                .isEqualTo(1);
        assertThat(value("carillon_cluster_members", Map.of("state", "up"))).isEqualTo(1);
        assertThat(value("carillon_node_check", Map.of("check", "database"))).isEqualTo(1);
        assertThat(value("carillon_invariant_breaches_total", Map.of())).isZero();
        assertThat(value("carillon_failed_decisions_total", Map.of())).isZero();
    }

    @Test
    void no_label_has_a_call_or_an_agent_in_it() {
        var agents = Set.of("anna", "ben");
        samples.forEach(
                (metric, all) -> all.forEach(sample -> sample.labels().values().forEach(value -> {
                    assertThat(value).as(metric).doesNotContain("demo-");
                    assertThat(agents).as(metric).doesNotContain(value);
                })));
    }

    @Test
    void every_panel_of_the_dashboards_asks_for_what_there_is() throws IOException {
        var asked = new ArrayList<Asked>();
        try (var files = Files.list(REPOSITORY.resolve("deploy/grafana/dashboards"))) {
            for (var file : files.sorted().toList()) {
                var dashboard = new JsonMapper().readTree(file.toFile());
                for (var panel : dashboard.path("panels")) {
                    for (var target : panel.path("targets")) {
                        asked.addAll(asked(
                                dashboard.path("title").asText() + ", "
                                        + panel.path("title").asText(),
                                target.path("expr").asText()));
                    }
                }
                for (var variable : dashboard.path("templating").path("list")) {
                    asked.addAll(ofVariable(dashboard.path("title").asText(), variable));
                }
            }
        }
        assertThat(asked).hasSizeGreaterThan(60);
        assertThat(unknown(asked)).isEmpty();
    }

    @Test
    void every_alarm_asks_for_what_there_is() throws IOException {
        var alarms = Files.readString(REPOSITORY.resolve("deploy/prometheus/carillon-alarms.yml"), UTF_8);
        var asked = new ArrayList<Asked>();
        var rules = Pattern.compile("- alert: (\\w+)\n +expr: >-\n +(.*)\n").matcher(alarms);
        while (rules.find()) {
            asked.addAll(asked(rules.group(1), rules.group(2)));
        }
        assertThat(asked.stream().map(Asked::where).distinct())
                .hasSameSizeAs(
                        alarms.lines().filter(line -> line.contains("- alert:")).toList());
        assertThat(unknown(asked)).isEmpty();
    }

    // ---- what is asked

    private static List<Asked> ofVariable(String title, JsonNode variable) {
        var query = Pattern.compile("label_values\\((\\w+), (\\w+)\\)")
                .matcher(variable.path("query").path("query").asText());
        return query.matches()
                ? List.of(new Asked(
                        title + ", its choice",
                        query.group(1),
                        OF_PROMETHEUS.contains(query.group(2)) ? Map.of() : Map.of(query.group(2), "")))
                : List.of();
    }

    /** Labels by which is summed count for every metric of the expression. */
    private static List<Asked> asked(String where, String expression) {
        var by = new TreeSet<String>();
        var groups =
                Pattern.compile("\\b(?:by|on|ignoring|without) \\(([^)]*)\\)").matcher(expression);
        while (groups.find()) {
            by.addAll(List.of(groups.group(1).split(", ", -1)));
        }
        var rest = groups.replaceAll("").replace("$__rate_interval", "5m");
        var asked = new ArrayList<Asked>();
        var found = SELECTED.matcher(rest);
        while (found.find()) {
            var name = found.group(1);
            if (WORDS.contains(name)
                    || rest.substring(found.end()).stripLeading().startsWith("(")) {
                continue;
            }
            var labels = new HashMap<String, String>();
            by.forEach(label -> labels.put(label, ""));
            if (found.group(2) != null) {
                for (var selector : found.group(2).split(", *", -1)) {
                    var parts = Pattern.compile("(\\w+)(=|!=|=~)\"([^\"]*)\"").matcher(selector);
                    assertThat(parts.matches()).as(where + ": " + selector).isTrue();
                    var exact = parts.group(2).equals("=") && !parts.group(3).startsWith("$");
                    labels.put(parts.group(1), exact ? parts.group(3) : "");
                }
            }
            OF_PROMETHEUS.forEach(labels::remove);
            asked.add(new Asked(where, name, labels));
        }
        assertThat(asked).as(where + ": " + expression).isNotEmpty();
        return asked;
    }

    private static List<Asked> unknown(List<Asked> asked) {
        return asked.stream()
                .filter(one -> samples.getOrDefault(one.metric(), List.of()).stream()
                        .map(Sample::labels)
                        .noneMatch(labels -> one.labels().entrySet().stream()
                                .allMatch(label -> label.getValue().isEmpty()
                                        ? labels.containsKey(label.getKey())
                                        : label.getValue().equals(labels.get(label.getKey())))))
                .toList();
    }

    // ---- what there is

    private static String text() {
        try {
            var answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(node.metrics()).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain");
            return answer.body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, List<Sample>> read(String text) {
        var samples = new HashMap<String, List<Sample>>();
        var line = Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)$");
        text.lines().filter(one -> !one.isEmpty() && !one.startsWith("#")).forEach(one -> {
            var parts = line.matcher(one);
            assertThat(parts.matches()).as(one).isTrue();
            var labels = new HashMap<String, String>();
            if (parts.group(2) != null) {
                var label = Pattern.compile("(\\w+)=\"([^\"]*)\"").matcher(parts.group(2));
                while (label.find()) {
                    labels.put(label.group(1), label.group(2));
                }
            }
            samples.computeIfAbsent(parts.group(1), name -> new ArrayList<>()).add(new Sample(labels, parts.group(3)));
        });
        return samples;
    }

    /** The sum of all samples with these labels. */
    private static double value(String metric, Map<String, String> labels) {
        assertThat(samples).containsKey(metric);
        return samples.get(metric).stream()
                .filter(sample -> sample.labels().entrySet().containsAll(labels.entrySet()))
                .mapToDouble(sample -> Double.parseDouble(sample.value()))
                .sum();
    }

    private static String agent() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.contains("kanela-agent"))
                .findFirst()
                .orElseThrow();
    }
}
