package dev.carillon.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.cluster.LiveTally;
import dev.carillon.core.OwnQueue;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.OfferStarted;
import dev.carillon.protocol.view.View;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import kamon.Kamon;
import org.junit.jupiter.api.Test;

/** There are as many agents' own queues as agents: none of them is a label. */
class QueueLabelsTest {

    @Test
    void gaugesLeaveAgentsOwnQueuesOut() {
        var sampled = new Sampled(new LiveTally(), Clock.systemUTC());

        sampled.show(new View.OfQueue(OwnQueue.of("labelled-ann"), 1, 0, Instant.EPOCH, 1, 1));
        sampled.show(new View.OfQueue("labelled-sales", 1, 0, Instant.EPOCH, 1, 1));
        sampled.look();

        assertThat(all()).contains("labelled-sales").doesNotContain("labelled-ann");
    }

    @Test
    void countersTakeAgentsOwnQueuesTogether() {
        new EntityMetrics()
                .persisted(
                        "Call",
                        List.of(
                                started(OwnQueue.of("counted-ann")),
                                ended(OwnQueue.of("counted-ann")),
                                started("counted-sales"),
                                ended("counted-sales")),
                        Duration.ZERO);

        assertThat(all()).contains("counted-sales").doesNotContain("counted-ann");
        assertThat(all().lines()
                        .filter(metric -> metric.startsWith("Metric(carillon.offers.started,")
                                || metric.startsWith("Metric(carillon.queue.calls.ended,")))
                .hasSize(2)
                .allMatch(metric -> metric.matches(".*\\bqueue=" + EntityMetrics.OWN_QUEUES + "\\b.*"));
    }

    private static CallEvent started(String queueId) {
        return CallEvent.newBuilder()
                .setOfferStarted(OfferStarted.newBuilder().setQueueId(queueId))
                .build();
    }

    private static CallEvent ended(String queueId) {
        return CallEvent.newBuilder()
                .setEnded(CallEnded.newBuilder().setQueueId(queueId).setOutcome(CallOutcome.ABANDONED))
                .build();
    }

    private static String all() {
        return Kamon.status().metricRegistry().metrics().mkString("\n");
    }
}
