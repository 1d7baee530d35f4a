package dev.carillon.benchmark;

import dev.carillon.core.Context;
import dev.carillon.core.Decision;
import dev.carillon.core.Directory;
import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.Output;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.QueueDecider;
import dev.carillon.core.queue.QueueState;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.core.routing.Steps;
import dev.carillon.core.routing.Steps.Step;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.openjdk.jmh.infra.Blackhole;

/** One queue that is looked at, and others that are not. States are immutable, so every decision is the first one. */
final class Centre {

    static final String QUEUE = "queue";
    static final Map<String, Integer> SKILLED = Map.of("english", 9);

    private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
    private static final String BOX = "box";

    private final QueueDecider decider = new QueueDecider();
    private final Context context;
    private QueueState state = decider.empty(QUEUE);
    private long ids;

    private Centre(Map<String, Directory.Queue> queues, Map<String, Directory.Agent> agents) {
        context = new Context(NOW, new Directory(queues, agents, Map.of(), Map.of()), () -> "offer-" + ++ids);
    }

    /** A queue whose calls anyone may have who serves it. */
    static Centre plain(int otherQueues) {
        var queues = new HashMap<String, Directory.Queue>();
        queues.put(QUEUE, queue(QUEUE, Routing.PLAIN));
        for (int i = 0; i < otherQueues; i++) {
            queues.put("other-" + i, queue("other-" + i, Routing.PLAIN));
        }
        return new Centre(queues, Map.of());
    }

    /** A queue that asks for a skill and may borrow agents; so many are configured who may not have its calls, and ten who may. */
    static Centre beside(Unfit unfit, int count) {
        var steps = new Steps(List.of(new Step(Duration.ZERO, Map.of("english", 5))));
        var queues = new HashMap<String, Directory.Queue>();
        queues.put(QUEUE, queue(QUEUE, new Routing(Strategy.LONGEST_IDLE, steps).with(level(List.of()))));
        var agents = new HashMap<String, Directory.Agent>();
        for (int i = 1; i <= 10; i++) {
            agents.put("skilled-" + i, new Directory.Agent("skilled-" + i, "", List.of(QUEUE), SKILLED));
        }
        for (int i = 1; i <= count; i++) {
            queues.put(lender(i), queue(lender(i), Routing.PLAIN.with(level(List.of(QUEUE)))));
            var agent = unfit.agent(i);
            agents.put(agent.id(), agent);
        }
        return new Centre(queues, agents);
    }

    private static Directory.Queue queue(String id, Routing routing) {
        return new Directory.Queue(id, id, routing, Handling.PLAIN, Waiting.PLAIN);
    }

    private static Optional<ServiceLevel> level(List<String> lendTo) {
        return Optional.of(new ServiceLevel(80, Duration.ofSeconds(20), lendTo));
    }

    static String lender(int number) {
        return "lender-" + number;
    }

    /** Has heard this, for every number from 1 on. */
    Centre told(int count, IntFunction<QueueCommand> commands) {
        IntStream.rangeClosed(1, count)
                .forEach(number -> state = decide(commands.apply(number)).state());
        return this;
    }

    /** Number 0 is the one that nobody has heard of yet. */
    static QueueCommand enqueue(int number) {
        return new QueueCommand.Enqueue("call-" + number, BOX, 5, NOW.minusMillis(number), "", 0);
    }

    /** The first agent alone may have it for a while. */
    static QueueCommand enqueueForOne(int number) {
        var first = new QueueCommand.First("agent-1", NOW.plusSeconds(60));
        return new QueueCommand.Enqueue("call-" + number, BOX, 5, NOW.minusMillis(number), "", 0, false, first);
    }

    static QueueCommand ready(int number) {
        return status("agent-" + number, 2, Presence.READY);
    }

    static QueueCommand talks(int number) {
        return status("agent-" + number, 3, Presence.OCCUPIED);
    }

    /** The first agent, after the talk. */
    static QueueCommand isFree() {
        return status("agent-1", 4, Presence.READY);
    }

    static QueueCommand skilled(int number) {
        return status("skilled-" + number, 1, Presence.READY);
    }

    static QueueCommand lends(int number) {
        return new QueueCommand.Lends(lender(number), NOW, NOW.plusSeconds(3));
    }

    static QueueCommand status(String agentId, long version, Presence presence) {
        var idleSince = NOW.minusMillis(agentId.hashCode() & 0xFFFF);
        return new QueueCommand.AgentStatus(agentId, version, presence, idleSince, BOX, QueueCommand.Today.NONE);
    }

    private Decision<QueueEvent, QueueState> decide(QueueCommand command) {
        return decider.decide(state, command, context);
    }

    /** With what the shell asks after every decision. */
    void decide(QueueCommand command, Blackhole eyes) {
        var decision = decide(command);
        eyes.consume(decision);
        eyes.consume(decider.timers(decision.state()));
        eyes.consume(decider.view(decision.state()));
        eyes.consume(decider.mayRest(decision.state()));
    }

    /** A benchmark of a decision that decides nothing would look very good. */
    void mustAsk(QueueCommand command) {
        boolean asks = decide(command).outputs().stream()
                .anyMatch(output -> output instanceof Output.ToAgent to && to.command() instanceof AgentCommand.Bid);
        if (!asks) {
            throw new IllegalStateException("No agent is asked after " + command);
        }
    }
}
