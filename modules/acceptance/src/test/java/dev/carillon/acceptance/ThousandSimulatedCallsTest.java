package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.CarillonApi;
import dev.carillon.acceptance.lab.CarillonNode;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Ports;
import dev.carillon.acceptance.lab.Report;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Ring;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** 1,000 calls at 50 calls/s through the simulated box, on one node with its embedded PostgreSQL: every one is accounted for. */
@Tag("servers")
class ThousandSimulatedCallsTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** How much later than the box a node may notice something on a machine that can hardly carry the load; a mix-up is caught by more. */
    private static final Duration LAG = Duration.ofSeconds(15);

    /** So many calls the JVM of a fresh node needs to become as fast as it stays. */
    private static final int WARM_AFTER = 300;

    private final Path folder = Folders.forTest(ThousandSimulatedCallsTest.class);
    private final Report report = new Report(
            folder,
            TrafficMain.CALLS + " calls at " + 1_000 / TrafficMain.APART.toMillis() + "/s through the simulated box, "
                    + TrafficMain.SEATS + " agents, one node, embedded PostgreSQL");
    private CarillonNode node;

    @AfterEach
    void close() {
        report.print();
        if (node != null) {
            node.close();
        }
    }

    @Test
    void everyCallIsAccountedFor() throws Exception {
        var trafficPort = Ports.one();
        node = CarillonNode.startWithin(TrafficMain.class, folder, "-Dtraffic.port=" + trafficPort);
        configure(node.api());
        var eventsBefore = events();

        var truth = traffic(trafficPort);

        assertThat(truth.experiences()).hasSize(TrafficMain.CALLS);
        var records = eventually("every call has a record", LIMIT, () -> {
            var found = node.api().records();
            assertThat(found).hasSize(TrafficMain.CALLS);
            return found;
        });
        var events = events() - eventsBefore;
        recordsSayTheTruth(truth.experiences(), records);
        nobodyWasRungTwiceAtOnce(truth.rings());
        eventually("nothing is left, and nobody is stuck", LIMIT, () -> {
            assertThat(node.api().calls()).isZero();
            assertThat(node.api().waiting("sales")).isEmpty();
            for (var seat = 0; seat < TrafficMain.SEATS; seat++) {
                assertThat(node.api().state("agent-" + seat)).isEqualTo("ready");
            }
        });
        assertThat(node.api().records()).as("no record came late").hasSize(TrafficMain.CALLS);
        dispatch(truth, "all", 0);
        var warm = dispatch(truth, "all but the first " + WARM_AFTER, WARM_AFTER);
        var begin = truth.experiences().get(0).arrivedAt();
        var end = truth.experiences().stream()
                .map(one -> one.endedAt().orElseThrow())
                .max(Comparator.naturalOrder())
                .orElseThrow();
        var seconds = Duration.between(begin, end).toMillis() / 1_000.0;
        report.say(
                "%d events in %.1f s: %.0f events/s in the journal, %.1f a call",
                events, seconds, events / seconds, (double) events / TrafficMain.CALLS);
        assertThat(warm.getValueAtPercentile(99) / 1_000)
                .as("p99 of the dispatch in ms: a sign that something is wrong, not the bar to beat")
                .isLessThan(15_000);
    }

    private static void configure(CarillonApi api) {
        api.put("boxes/" + TrafficMain.BOX, Map.of("kind", "simulated", "address", "here"));
        api.put("queues/sales", Map.of("name", "Sales", "ringSeconds", 20, "wrapUpSeconds", 0));
        api.put("numbers/" + TrafficMain.NUMBER, Map.of("queueId", "sales"));
        IntStream.range(0, TrafficMain.SEATS).forEach(seat -> {
            api.put("seats/seat-" + seat, Map.of("boxId", TrafficMain.BOX, "endpoint", TrafficMain.endpoint(seat)));
            api.put("agents/agent-" + seat, Map.of("name", "Agent " + seat, "queueIds", List.of("sales")));
            api.logIn("agent-" + seat, "seat-" + seat);
            api.ready("agent-" + seat);
        });
        eventually("the box is up, and all agents are ready", LIMIT, () -> {
            assertThat(api.box(TrafficMain.BOX)).isEqualTo("up");
            assertThat(api.get("queues/sales").get("agentsReady").asInt()).isEqualTo(TrafficMain.SEATS);
        });
    }

    private static TrafficMain.Truth traffic(int port) throws IOException, InterruptedException {
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                                .timeout(Duration.ofMinutes(4))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return TrafficMain.json().readValue(answer.body(), TrafficMain.Truth.class);
    }

    private long events() throws SQLException {
        try (var database = node.database();
                var statement = database.createStatement();
                var rows = statement.executeQuery("select count(*) from event_journal")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void recordsSayTheTruth(List<Experience> experiences, List<CarillonApi.Recorded> records) {
        var byCall = records.stream().collect(Collectors.toMap(CarillonApi.Recorded::callId, Function.identity()));
        var answered = 0;
        var missed = 0;
        for (var lived : experiences) {
            var record = byCall.get(lived.callId());
            assertThat(record).as("the record of %s", lived).isNotNull();
            assertThat(record.callerNumber()).isEqualTo(lived.caller().number());
            assertThat(Duration.between(lived.arrivedAt(), record.arrivedAt()).abs())
                    .isLessThan(LAG);
            var ended = lived.endedAt().orElseThrow();
            assertThat(Duration.between(ended, record.endedAt()).abs())
                    .as("end of %s", lived)
                    .isLessThan(LAG);
            assertThat(lived.connections()).as("nobody talks to two agents").hasSizeLessThanOrEqualTo(1);
            if (lived.connections().isEmpty()) {
                assertThat(record.endedBy()).isEqualTo("caller");
                if (record.outcome().equals("answered")) {
                    // The agent picked up in the very moment in which the caller hung up, and heard nobody.
                    missed++;
                    assertThat(record.talked())
                            .as("%s recorded as %s", lived, record)
                            .isLessThanOrEqualTo(lived.caller().patience());
                } else {
                    assertThat(record.outcome())
                            .as("%s recorded as %s", lived, record)
                            .isEqualTo("abandoned");
                }
            } else {
                answered++;
                var talk = lived.connections().get(0);
                assertThat(record.outcome())
                        .as("%s recorded as %s", lived, record)
                        .isEqualTo("answered");
                assertThat(record.agentId())
                        .isEqualTo("agent-" + talk.endpoint().substring("SIM/".length()));
                assertThat(record.endedBy())
                        .isEqualTo(talk.endedBy().orElseThrow() == Experience.Who.SEAT ? "agent" : "caller");
                assertThat(record.talked()
                                .minus(Duration.between(talk.from(), talk.to().orElseThrow()))
                                .abs())
                        .as("talk of %s", lived)
                        .isLessThan(LAG);
            }
        }
        report.say(
                "%d calls, %d records: %d answered, %d abandoned, %d hung up while they were put through; each as the box and its people know it",
                experiences.size(), records.size(), answered, experiences.size() - answered - missed, missed);
    }

    private static void nobodyWasRungTwiceAtOnce(List<Ring> rings) {
        byEndpoint(rings).forEach((endpoint, some) -> {
            for (var i = 1; i < some.size(); i++) {
                assertThat(some.get(i).toldAt())
                        .as("%s is rung only after the ring before it is over", endpoint)
                        .isAfterOrEqualTo(some.get(i - 1).endedAt().orElseThrow());
            }
        });
    }

    /**
     * From the moment both are true - the caller is on the box, the phone of the agent who gets the call is free - until the box is told
     * to ring that phone: by the box's clock, so with everything in between.
     */
    private Histogram dispatch(TrafficMain.Truth truth, String which, int skipped) {
        var arrivals = new HashMap<String, Instant>();
        truth.experiences().forEach(one -> arrivals.put(one.callId(), one.arrivedAt()));
        var from = truth.experiences().get(skipped).arrivedAt();
        var micros = new Histogram(3);
        var waited = new Histogram(3);
        byEndpoint(truth.rings()).values().forEach(rings -> {
            var free = Instant.MIN;
            for (var ring : rings) {
                var arrived = arrivals.get(ring.callId());
                if (!arrived.isBefore(from)) {
                    var both = arrived.isAfter(free) ? arrived : free;
                    var took = Duration.between(both, ring.toldAt()).toNanos() / 1_000;
                    (arrived.isAfter(free) ? micros : waited).recordValue(Math.max(0, took));
                }
                // Of the last one, the end may be on its way.
                free = ring.endedAt().orElse(Instant.MAX);
            }
        });
        say("%s: agent free, a caller arrives -> seat told to ring", which, micros);
        say("%s: callers wait, an agent becomes free -> seat told to ring", which, waited);
        micros.add(waited);
        say("%s: agent free and call waiting -> seat told to ring", which, micros);
        return micros;
    }

    private void say(String what, String which, Histogram micros) {
        report.say(
                what + ": p50 %.1f ms, p99 %.1f ms, most %.1f ms (%d)",
                which,
                micros.getValueAtPercentile(50) / 1_000.0,
                micros.getValueAtPercentile(99) / 1_000.0,
                micros.getMaxValue() / 1_000.0,
                micros.getTotalCount());
    }

    private static Map<String, List<Ring>> byEndpoint(List<Ring> rings) {
        return rings.stream().sorted(Comparator.comparing(Ring::toldAt)).collect(Collectors.groupingBy(Ring::endpoint));
    }
}
