package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.carillon.acceptance.lab.CarillonNode;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Report;
import dev.carillon.core.agent.DesktopWatch;
import dev.carillon.protocol.agent.AgentEvent;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A running node gives up an agent whose desktop has given one sign of life and then none, after the times that it is configured with. */
@Tag("servers")
class VanishedDesktopTest {

    private static final Duration LOST_AFTER = Duration.ofSeconds(2);
    private static final Duration LOG_OUT_AFTER = Duration.ofSeconds(3);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder = Folders.forTest(VanishedDesktopTest.class);
    private final Report report = new Report(folder, "an agent whose desktop has vanished");
    private CarillonNode node;

    @AfterEach
    void close() {
        report.print();
        if (node != null) {
            node.close();
        }
    }

    @Test
    void takesItsAgentOutAndLaterLogsThemOut() throws Exception {
        node = CarillonNode.start(
                folder,
                "-Dcarillon.node.desktops.lost-after=" + LOST_AFTER.toMillis() + "ms",
                "-Dcarillon.node.desktops.log-out-after=" + LOG_OUT_AFTER.toMillis() + "ms");
        var api = node.api();
        api.put("boxes/box-1", Map.of("kind", "simulated", "address", "here"));
        api.put("queues/sales", Map.of("name", "Sales"));
        List.of("anna", "ben").forEach(agent -> {
            api.put("seats/desk-of-" + agent, Map.of("boxId", "box-1", "endpoint", "SIM/" + agent));
            api.put("agents/" + agent, Map.of("name", agent, "queueIds", List.of("sales")));
            api.logIn(agent, "desk-of-" + agent);
            api.ready(agent);
        });
        queueHasReady(2);

        var sent = Instant.now();
        api.heartbeat("anna");
        var heard = Instant.now();

        eventually(
                "anna is logged out", LIMIT, () -> assertThat(api.state("anna")).isEqualTo("logged-out"));
        queueHasReady(1);
        assertThat(api.state("ben")).as("gave no sign of life at all").isEqualTo("ready");
        // What was noticed when is in the journal, however late this test looked.
        var events = eventsOf("anna");
        var lost = events.get(events.size() - 2);
        var loggedOut = events.get(events.size() - 1);
        assertThat(lost.getBecameNotReady().getReason()).isEqualTo("desktop-lost");
        assertThat(loggedOut.hasLoggedOut()).isTrue();
        var lastSeen = Instant.ofEpochMilli(lost.getBecameNotReady().getLastSeenMs());
        assertThat(loggedOut.getLoggedOut().getLastSeenMs()).isEqualTo(lastSeen.toEpochMilli());
        assertThat(lastSeen).isBetween(sent.minusMillis(1), heard);
        report.say(
                "lost %s and logged out %s after it was last seen", after(lastSeen, lost), after(lastSeen, loggedOut));
        assertThat(after(lastSeen, lost))
                .isGreaterThanOrEqualTo(LOST_AFTER)
                .as("by what is configured and not by what is usual")
                .isLessThan(DesktopWatch.USUAL.lostAfter());
        assertThat(after(lastSeen, loggedOut))
                .isGreaterThanOrEqualTo(LOST_AFTER.plus(LOG_OUT_AFTER))
                .isLessThan(DesktopWatch.USUAL.logOutAfter());
    }

    private void queueHasReady(int agents) {
        eventually("agents ready: " + agents, LIMIT, () -> {
            var queue = node.api().get("queues/sales");
            assertThat(queue.get("agentsReady").asInt()).isEqualTo(agents);
            assertThat(queue.get("agentsLoggedIn").asInt()).isEqualTo(agents);
        });
    }

    private static Duration after(Instant lastSeen, AgentEvent event) {
        return Duration.between(lastSeen, Instant.ofEpochMilli(event.getAtMs()));
    }

    private List<AgentEvent> eventsOf(String agentId) throws SQLException, InvalidProtocolBufferException {
        var events = new ArrayList<AgentEvent>();
        try (var database = node.database();
                var statement = database.prepareStatement(
                        "SELECT event_payload FROM event_journal WHERE persistence_id = ? ORDER BY sequence_number")) {
            statement.setString(1, "Agent|" + agentId);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    events.add(AgentEvent.parseFrom(rows.getBytes(1)));
                }
            }
        }
        return events;
    }
}
