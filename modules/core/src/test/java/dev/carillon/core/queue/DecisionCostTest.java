package dev.carillon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.carillon.core.Context;
import dev.carillon.core.Directory;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueCommand.Today;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The cost of a decision grows with the logarithm of the calls and agents. Not the time is measured, which depends on the machine and on who
 * else is on it, but the memory that is asked for: the states are persistent collections, which cannot be copied, sorted or walked
 * through without. {@code scripts/benchmark} measures the time.
 */
class DecisionCostTest {

    private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
    private static final String QUEUE = "queue";
    private static final int FEW = 100;
    private static final int MANY = 20_000;

    /** Twice as many bits, and some for chance. What is linear grows by 200. */
    private static final double LOGARITHMIC = 5;

    private static final double LINEAR = 50;

    private final QueueDecider decider = new QueueDecider();
    private long ids;
    private final Context context = new Context(
            NOW,
            new Directory(
                    Map.of(QUEUE, new Directory.Queue(QUEUE, QUEUE, Routing.PLAIN, Handling.PLAIN, Waiting.PLAIN)),
                    Map.of("agent-0", new Directory.Agent("agent-0", "", List.of(QUEUE))),
                    Map.of(),
                    Map.of()),
            () -> "offer-" + ++ids);

    @Test
    void ofACallThatComesDoesNotGrowWithTheReadyAgents() {
        assertThat(growth(this::ready, enqueue(0))).isLessThan(LOGARITHMIC);
    }

    @Test
    void ofAnAgentWhoIsReadyDoesNotGrowWithTheWaitingCalls() {
        assertThat(growth(this::enqueue, ready(0))).isLessThan(LOGARITHMIC);
    }

    @Test
    void ofACallThatComesDoesNotGrowWithTheWaitingCalls() {
        assertThat(growth(this::enqueue, enqueue(0))).isLessThan(LOGARITHMIC);
    }

    @Test
    void ofACallThatLeavesDoesNotGrowWithTheWaitingCalls() {
        var leave = new QueueCommand.Leave("call-1", LeaveReason.ABANDONED, 0, "");
        assertThat(growth(this::enqueue, leave)).isLessThan(LOGARITHMIC);
    }

    @Test
    void ofTellingACallWhereItStandsDoesNotGrowWithTheWaitingCalls() {
        assertThat(growth(this::enqueue, new QueueCommand.WhereAmI("call-1", 0)))
                .isLessThan(LOGARITHMIC);
    }

    /** The measure notices a walk: this one is sorted for people who look, and no decision. */
    @Test
    void ofAListOfTheWaitingCallsDoesGrow() {
        assertThat(growth(this::enqueue, new QueueCommand.ListWaiting())).isGreaterThan(LINEAR);
    }

    /** The measure notices a walk without a copy: once a second the queue looks for calls that are silent. */
    @Test
    void ofLookingForSilentCallsDoesGrow() {
        assertThat(growth(this::enqueue, new QueueCommand.TimerFired("check"))).isGreaterThan(LINEAR);
    }

    private interface Others {
        QueueCommand number(int number);
    }

    private double growth(Others others, QueueCommand command) {
        return (double) bytes(others, MANY, command) / bytes(others, FEW, command);
    }

    /** The least of several times, with what the shell asks after every decision. */
    private long bytes(Others others, int count, QueueCommand command) {
        var state = decider.empty(QUEUE);
        for (int i = 1; i <= count; i++) {
            state = decider.decide(state, others.number(i), context).state();
        }
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            var after = decider.decide(state, command, context).state();
            decider.timers(after);
            decider.view(after);
            decider.mayRest(after);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private QueueCommand enqueue(int number) {
        return new QueueCommand.Enqueue("call-" + number, "box", 5, NOW.minusMillis(number), "", 0);
    }

    private QueueCommand ready(int number) {
        return new QueueCommand.AgentStatus(
                "agent-" + number, 2, Presence.READY, NOW.minusMillis(number), "box", Today.NONE);
    }
}
