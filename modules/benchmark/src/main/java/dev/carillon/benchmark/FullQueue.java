package dev.carillon.benchmark;

import dev.carillon.core.Context;
import dev.carillon.core.Decision;
import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.QueueDecider;
import dev.carillon.core.queue.QueueState;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.infra.Blackhole;

/** A queue centre with one queue that is looked at, and others that are not. States are immutable, so every decision is the first one. */
final class FullQueue {

    private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
    private static final String QUEUE = "queue";
    private static final String BOX = "box";

    private final QueueDecider decider = new QueueDecider();
    private final Context context;
    private long ids;

    FullQueue(int agents, int otherQueues) {
        var queues = new HashMap<String, Directory.Queue>();
        queues.put(QUEUE, queue(QUEUE));
        for (int i = 0; i < otherQueues; i++) {
            queues.put("other-" + i, queue("other-" + i));
        }
        var people = new HashMap<String, Directory.Agent>();
        for (int i = 0; i <= agents; i++) {
            people.put("agent-" + i, new Directory.Agent("agent-" + i, "", List.of(QUEUE)));
        }
        var directory = new Directory(queues, people, Map.of(), Map.of());
        context = new Context(NOW, directory, () -> "offer-" + ++ids);
    }

    private static Directory.Queue queue(String id) {
        return new Directory.Queue(id, id, Routing.PLAIN, Handling.PLAIN, Waiting.PLAIN);
    }

    QueueState withReadyAgents(int count) {
        var state = decider.empty(QUEUE);
        for (int i = 1; i <= count; i++) {
            state = decide(state, ready(i)).state();
        }
        return state;
    }

    QueueState withWaitingCalls(int count) {
        var state = decider.empty(QUEUE);
        for (int i = 1; i <= count; i++) {
            state = decide(state, enqueue(i)).state();
        }
        return state;
    }

    /** Number 0 is the one that nobody has heard of yet. */
    static QueueCommand enqueue(int number) {
        return new QueueCommand.Enqueue("call-" + number, BOX, 5, NOW.minusMillis(number), "", 0);
    }

    static QueueCommand ready(int number) {
        return new QueueCommand.AgentStatus(
                "agent-" + number, 2, Presence.READY, NOW.minusMillis(number), BOX, QueueCommand.Today.NONE);
    }

    Decision<QueueEvent, QueueState> decide(QueueState state, QueueCommand command) {
        return decider.decide(state, command, context);
    }

    /** With what the shell asks after every decision. */
    void decide(QueueState state, QueueCommand command, Blackhole eyes) {
        var decision = decide(state, command);
        eyes.consume(decision);
        eyes.consume(decider.timers(decision.state()));
        eyes.consume(decider.view(decision.state()));
        eyes.consume(decider.mayRest(decision.state()));
    }

    /** A benchmark of a decision that decides nothing would look very good. */
    void mustBid(QueueState state, QueueCommand command) {
        boolean bids = decide(state, command).outputs().stream()
                .anyMatch(output -> output instanceof Output.ToAgent to && to.command() instanceof AgentCommand.Bid);
        if (!bids) {
            throw new IllegalStateException("No agent is asked after " + command);
        }
    }
}
