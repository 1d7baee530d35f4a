package dev.carillon.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.cluster.LiveView;
import dev.carillon.node.metrics.Inspection.Breach;
import dev.carillon.node.metrics.Inspection.Promise;
import dev.carillon.protocol.view.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class InspectionTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final Picture picture = new Picture();
    private final Inspection inspection = new Inspection(picture);
    private Instant now = START;

    @Test
    void a_healthy_picture_breaks_no_promise() {
        picture.calls.add(call("c1", View.CallPhase.WAITING, "sales", null));
        picture.calls.add(call("c2", View.CallPhase.TALKING, "sales", "ann"));
        picture.calls.add(call("c3", View.CallPhase.LEAVING, "sales", "ann"));
        picture.agents.add(agent("ann", View.AgentPhase.TALKING, "c2"));
        picture.agents.add(agent("bob", View.AgentPhase.WRAP_UP, "c0"));
        picture.queues.add(new View.OfQueue("sales", 1, 0, START, 2, 0));

        assertThat(lasting()).isEmpty();
    }

    @Test
    void an_agent_with_two_calls_is_told_once_and_counted() {
        picture.calls.add(call("c1", View.CallPhase.TALKING, "sales", "ann"));
        picture.calls.add(call("c2", View.CallPhase.RINGING, "sales", "ann"));

        assertThat(lasting()).containsExactly(new Breach(Promise.ONE_CALL_AN_AGENT, "agent ann has the calls c1, c2"));
        assertThat(lasting()).isEmpty();
        assertThat(inspection.count(Promise.ONE_CALL_AN_AGENT)).isEqualTo(1);
        assertThat(inspection.count(Promise.NO_DEAD_CALLS)).isZero();
    }

    @Test
    void what_was_seen_before_a_reset_has_not_lasted_yet() {
        picture.calls.add(call("c1", View.CallPhase.TALKING, "sales", "ann"));
        picture.calls.add(call("c2", View.CallPhase.RINGING, "sales", "ann"));
        assertThat(inspection.look(now)).isEmpty();

        inspection.reset();
        now = now.plus(Inspection.LASTING);

        assertThat(inspection.look(now)).isEmpty();
        now = now.plus(Inspection.LASTING);
        assertThat(inspection.look(now)).hasSize(1);
        inspection.reset();
        assertThat(inspection.look(now)).isEmpty();
        now = now.plus(Inspection.LASTING);
        assertThat(inspection.look(now)).as("told already").isEmpty();
    }

    @Test
    void an_agent_who_is_kept_for_a_call_that_has_ended_breaks_one() {
        picture.agents.add(agent("ann", View.AgentPhase.RINGING, "c1"));

        assertThat(lasting()).containsExactly(new Breach(Promise.NO_DEAD_CALLS, "agent ann is kept for call c1"));
    }

    @Test
    void a_call_that_waits_in_a_queue_where_nobody_waits_breaks_one() {
        picture.calls.add(call("c1", View.CallPhase.WAITING, "sales", null));
        picture.queues.add(new View.OfQueue("sales", 0, 0, null, 2, 2));

        assertThat(lasting()).containsExactly(new Breach(Promise.NOBODY_FORGOTTEN, "call c1 waits in queue sales"));
    }

    @Test
    void what_passes_breaks_none() {
        var kept = agent("ann", View.AgentPhase.RINGING, "c1");
        for (var look = 0; look < 10; look++) {
            picture.agents.add(kept);
            assertThat(inspection.look(now)).isEmpty();
            now = now.plus(Inspection.LASTING.minusMillis(1));
            assertThat(inspection.look(now)).isEmpty();
            picture.agents.remove(kept);
            assertThat(inspection.look(now)).isEmpty();
        }
        assertThat(inspection.count(Promise.NO_DEAD_CALLS)).isZero();
    }

    private List<Breach> lasting() {
        assertThat(inspection.look(now)).isEmpty();
        now = now.plus(Inspection.LASTING);
        return inspection.look(now);
    }

    private static View.OfCall call(String id, View.CallPhase phase, String queueId, String agentId) {
        return new View.OfCall(id, phase, START, "west", "", "100", queueId, 5, agentId, START, 1);
    }

    private static View.OfAgent agent(String id, View.AgentPhase phase, String callId) {
        return new View.OfAgent(id, phase, START, "1001", null, callId, "sales", null, null, null, null, null);
    }

    private static final class Picture implements LiveView {
        private final List<View.OfCall> calls = new ArrayList<>();
        private final List<View.OfAgent> agents = new ArrayList<>();
        private final List<View.OfQueue> queues = new ArrayList<>();

        @Override
        public List<View.OfCall> calls() {
            return calls;
        }

        @Override
        public List<View.OfAgent> agents() {
            return agents;
        }

        @Override
        public List<View.OfQueue> queues() {
            return queues;
        }

        @Override
        public List<View.OfBox> boxes() {
            return List.of();
        }

        @Override
        public Optional<View.OfCall> call(String callId) {
            return calls.stream().filter(call -> call.id().equals(callId)).findFirst();
        }

        @Override
        public Optional<View.OfAgent> agent(String agentId) {
            return agents.stream().filter(agent -> agent.id().equals(agentId)).findFirst();
        }

        @Override
        public Optional<View.OfQueue> queue(String queueId) {
            return queues.stream().filter(queue -> queue.id().equals(queueId)).findFirst();
        }

        @Override
        public Optional<View.OfBox> box(String boxId) {
            return Optional.empty();
        }

        @Override
        public Optional<View.OfSeat> seat(String seatId) {
            return Optional.empty();
        }

        @Override
        public Runnable subscribe(Consumer<View> listener) {
            throw new UnsupportedOperationException("nobody listens here");
        }
    }
}
