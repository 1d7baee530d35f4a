package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.CarillonNode;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.Report;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallQueued;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A caller came and left, and the node died before anybody else than the journal knew of them: no box, no queue and no agent will ever
 * ask for this call. It ends all the same, and leaves its record.
 */
@Tag("servers")
class ForgottenCallTest {

    private static final String BOX = "box-1";
    private static final String CALLER = "+49309999";

    /** Usually some seconds. A first look that fails on a busy machine is followed by another one a minute later. */
    private static final Duration LIMIT = Duration.ofSeconds(150);

    private final Path folder = Folders.forTest(ForgottenCallTest.class);
    private final Report report = new Report(folder, "a call of which only the journal knows");
    private CarillonNode node;

    @AfterEach
    void close() {
        report.print();
        if (node != null) {
            node.close();
        }
    }

    @Test
    void leavesItsRecord() throws Exception {
        node = CarillonNode.start(folder);
        node.api().put("boxes/" + BOX, Map.of("kind", "simulated", "address", "here"));
        node.api().put("queues/sales", Map.of("name", "Sales", "ringSeconds", 20, "wrapUpSeconds", 0));
        var arrived = Instant.now().minus(Duration.ofMinutes(5));
        node.kill9();
        try (var database = node.database()) {
            journal(database, arrived);
        }

        node.start();
        var ready = Instant.now();

        eventually("the call has its record", LIMIT, () -> assertThat(node.api().records())
                .satisfiesExactly(record -> {
                    assertThat(record.callerNumber()).isEqualTo(CALLER);
                    assertThat(record.arrivedAt().toEpochMilli()).isEqualTo(arrived.toEpochMilli());
                    assertThat(record.outcome()).isIn("abandoned", "lost");
                }));
        report.say(
                "recorded as %s, %d ms after the node was ready",
                node.api().record(CALLER).outcome(),
                Duration.between(ready, Instant.now()).toMillis());
        eventually("nothing is left of it", LIMIT, () -> {
            assertThat(node.api().calls()).isZero();
            assertThat(node.api().waiting("sales")).isEmpty();
        });
    }

    /** What the product writes when a caller comes. */
    private static void journal(Connection database, Instant at) throws SQLException {
        var events = List.of(
                CallEvent.newBuilder()
                        .setAtMs(at.toEpochMilli())
                        .setArrived(CallArrived.newBuilder()
                                .setCallId(BOX + "-forgotten")
                                .setBoxId(BOX)
                                .setIncarnation("before")
                                .setLegId("forgotten")
                                .setCallerNumber(CALLER)
                                .setDialledNumber("100")
                                .setArrivedMs(at.toEpochMilli()))
                        .build(),
                CallEvent.newBuilder()
                        .setAtMs(at.toEpochMilli())
                        .setQueued(CallQueued.newBuilder()
                                .setQueueId("sales")
                                .setPriority(5)
                                .setWaitingSinceMs(at.toEpochMilli()))
                        .build());
        try (var insert = database.prepareStatement(
                """
                INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,
                  event_ser_id, event_ser_manifest, event_payload)
                VALUES (?, ?, 'test', ?, '', 2, 'dev.carillon.protocol.call.CallEvent', ?)
                """)) {
            for (var i = 0; i < events.size(); i++) {
                insert.setString(1, "Call|" + BOX + "-forgotten");
                insert.setLong(2, i + 1);
                insert.setLong(3, at.toEpochMilli());
                insert.setBytes(4, events.get(i).toByteArray());
                insert.executeUpdate();
            }
        }
    }
}
