package dev.carillon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.carillon.core.Context;
import dev.carillon.core.Decision;
import dev.carillon.core.Directory;
import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.Output;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.core.routing.Steps;
import dev.carillon.core.routing.Steps.Step;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueCommand.Today;
import dev.carillon.protocol.queue.QueueEvent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    /** What is linear grows by 50, and the preparation does not cost too much. */
    private static final int MANY_UNFIT = 5_000;

    private static final Map<String, Integer> SKILLED = Map.of("english", 9);

    private final QueueDecider decider = new QueueDecider();
    private long ids;

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

    @ParameterizedTest
    @EnumSource
    void ofACallThatComesDoesNotGrowWithTheAgentsWhoMayNotHaveIt(Unfit unfit) {
        var few = beside(unfit, FEW).with(10, this::skilled);
        var many = beside(unfit, MANY_UNFIT).with(10, this::skilled);
        assertThat(many.asks(enqueue(0))).startsWith("skilled-");
        assertThat(growth(few, many, enqueue(0))).isLessThan(LOGARITHMIC);
    }

    @ParameterizedTest
    @EnumSource
    void ofAnAgentWhoIsReadyDoesNotGrowWithTheAgentsWhoMayNotHaveTheCall(Unfit unfit) {
        // With ten at work nobody waits for so long that the reserves are called.
        var few = beside(unfit, FEW).with(10, this::skilled).with(13, this::enqueue);
        var many = beside(unfit, MANY_UNFIT).with(10, this::skilled).with(13, this::enqueue);
        assertThat(many.asks(skilled(0))).isEqualTo("skilled-0");
        assertThat(growth(few, many, skilled(0))).isLessThan(LOGARITHMIC);
    }

    @ParameterizedTest
    @EnumSource
    void ofACallForWhichNobodyElseIsThereDoesNotGrowWithTheAgentsWhoMayNotHaveIt(Unfit unfit) {
        // The first to wait asks those who may lend, which grows with them.
        var few = beside(unfit, FEW).with(1, this::enqueue);
        var many = beside(unfit, MANY_UNFIT).with(1, this::enqueue);
        assertThat(growth(few, many, enqueue(0))).isLessThan(LOGARITHMIC);
    }

    /** Each of these agents serves a queue of their own, so they are borrowed each for themselves. */
    @Test
    void ofACallThatBorrowsAnAgentDoesNotGrowWithTheQueuesThatLend() {
        var few = borrowing(FEW);
        var many = borrowing(MANY_UNFIT);
        assertThat(many.asks(enqueue(0))).startsWith("guest-");
        assertThat(growth(few, many, enqueue(0))).isLessThan(LOGARITHMIC);
    }

    private Centre borrowing(int lenders) {
        return beside(Unfit.GUEST, lenders).with(1, this::enqueue).with(lenders, DecisionCostTest::lends);
    }

    @Test
    void ofAQueueThatGoesOnLendingDoesNotGrowWithTheQueuesThatDoNot() {
        var few = beside(Unfit.GUEST, FEW).with(2, this::enqueue).with(1, DecisionCostTest::lends);
        var many = beside(Unfit.GUEST, MANY_UNFIT).with(2, this::enqueue).with(1, DecisionCostTest::lends);
        var again = new QueueCommand.Lends("lender-1", NOW.plusMillis(1), NOW.plusSeconds(4));
        assertThat(growth(few, many, again)).isLessThan(LOGARITHMIC);
    }

    private static QueueCommand lends(int number) {
        return new QueueCommand.Lends("lender-" + number, NOW, NOW.plusSeconds(3));
    }

    @Test
    void ofACallThatComesDoesNotGrowWithTheOtherQueues() {
        var few = besideQueues(FEW).with(10, this::ready);
        var many = besideQueues(MANY).with(10, this::ready);
        assertThat(many.asks(enqueue(0))).isEqualTo("agent-10");
        assertThat(growth(few, many, enqueue(0))).isLessThan(LOGARITHMIC);
    }

    @Test
    void ofAnAgentWhoIsReadyDoesNotGrowWithTheOtherQueues() {
        var few = besideQueues(FEW).with(10, this::enqueue);
        var many = besideQueues(MANY).with(10, this::enqueue);
        assertThat(many.asks(ready(0))).isEqualTo("agent-0");
        assertThat(growth(few, many, ready(0))).isLessThan(LOGARITHMIC);
    }

    @Test
    void ofAnAgentWhoIsReadyDoesNotGrowWithTheCallsThatWaitForThemAlone() {
        var few = plain().with(1, this::ready).with(1, this::talking).with(FEW, this::enqueueForOne);
        var many = plain().with(1, this::ready).with(1, this::talking).with(MANY, this::enqueueForOne);
        var free = new QueueCommand.AgentStatus("agent-1", 4, Presence.READY, NOW, "box", Today.NONE);
        assertThat(many.asks(free)).isEqualTo("agent-1");
        assertThat(growth(few, many, free)).isLessThan(LOGARITHMIC);
    }

    @Test
    void ofAnAgentWhoIsNotReadyDoesNotGrowWithTheCallsThatHaveWaitedForThemForLongEnough() {
        var leaves = status("agent-1", 4, Presence.NOT_READY, "box");
        assertThat(growth(afterTheirLastAgent(FEW), afterTheirLastAgent(MANY), leaves))
                .isLessThan(LOGARITHMIC);
    }

    /** All these callers have talked to the agent before, and have waited for so long now that they are anybody's. */
    private Centre afterTheirLastAgent(int callers) {
        var steps = new Steps(
                List.of(Step.forLastAgent(Duration.ZERO), new Step(Duration.ofSeconds(60), Map.of("english", 9))));
        var centre = new Centre(routed(new Routing(Strategy.LONGEST_IDLE, steps)), Map.of());
        for (int i = 1; i <= callers; i++) {
            centre.tell(enqueueAgain("first-" + i, i));
            centre.tell(new QueueCommand.Leave("first-" + i, LeaveReason.CONNECTED, 0, "agent-1"));
            centre.tell(enqueueAgain("again-" + i, i));
        }
        return centre.with(1, this::talking);
    }

    private static QueueCommand enqueueAgain(String callId, int number) {
        return new QueueCommand.Enqueue(callId, "box", 5, NOW.minusSeconds(90).minusMillis(number), "+" + number, 0);
    }

    private double growth(IntFunction<QueueCommand> others, QueueCommand command) {
        return growth(plain().with(FEW, others), plain().with(MANY, others), command);
    }

    private static double growth(Centre few, Centre many, QueueCommand command) {
        return (double) many.bytes(command) / few.bytes(command);
    }

    /** One queue, and what others have told it so far. */
    private final class Centre {
        private final Context context;
        private QueueState state = decider.empty(QUEUE);

        Centre(Map<String, Directory.Queue> queues, Map<String, Directory.Agent> agents) {
            context = new Context(NOW, new Directory(queues, agents, Map.of(), Map.of()), () -> "offer-" + ++ids);
        }

        void tell(QueueCommand command) {
            state = decide(command).state();
        }

        Centre with(int count, IntFunction<QueueCommand> commands) {
            IntStream.rangeClosed(1, count).mapToObj(commands).forEach(this::tell);
            return this;
        }

        private Decision<QueueEvent, QueueState> decide(QueueCommand command) {
            return decider.decide(state, command, context);
        }

        /** Whom the queue would ask to take a call. */
        String asks(QueueCommand command) {
            return decide(command).outputs().stream()
                    .filter(output -> output instanceof Output.ToAgent to && to.command() instanceof AgentCommand.Bid)
                    .map(output -> ((Output.ToAgent) output).agentId())
                    .collect(Collectors.joining(" "));
        }

        /** The least of several times, with what the shell asks after every decision. */
        long bytes(QueueCommand command) {
            var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 20; i++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                var after = decide(command).state();
                decider.timers(after);
                decider.view(after);
                decider.mayRest(after);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            return least;
        }
    }

    private Centre plain() {
        return new Centre(routed(Routing.PLAIN), Map.of("agent-0", new Directory.Agent("agent-0", "", List.of(QUEUE))));
    }

    private Centre besideQueues(int count) {
        var queues = routed(Routing.PLAIN);
        IntStream.rangeClosed(1, count)
                .mapToObj(number -> queue("other-" + number, Routing.PLAIN))
                .forEach(queue -> queues.put(queue.id(), queue));
        return new Centre(queues, Map.of());
    }

    /** A queue that asks for a skill, and so many agents who may not have its calls. */
    private Centre beside(Unfit unfit, int count) {
        var steps = new Steps(List.of(new Step(Duration.ZERO, Map.of("english", 5))));
        var level = new ServiceLevel(80, Duration.ofSeconds(20));
        var queues = routed(new Routing(Strategy.LONGEST_IDLE, steps).with(Optional.of(level)));
        var lending = Routing.PLAIN.with(Optional.of(new ServiceLevel(80, Duration.ofSeconds(20), List.of(QUEUE))));
        var agents = new HashMap<String, Directory.Agent>();
        for (int i = 0; i <= 10; i++) {
            agents.put("skilled-" + i, new Directory.Agent("skilled-" + i, "", List.of(QUEUE), SKILLED));
        }
        for (int i = 1; i <= count; i++) {
            queues.put("lender-" + i, queue("lender-" + i, lending));
            agents.put(unfit.id(i), unfit.agent(i));
        }
        return new Centre(queues, agents).with(count, unfit::joins).with(count, unfit::stands);
    }

    /** Why an agent who is known to the queue may not have a call. */
    private enum Unfit {
        WITHOUT_THE_SKILL,
        AT_ANOTHER_BOX,
        NOT_READY,
        TALKING,
        RESTING,
        LOGGED_OUT,
        RESERVE,
        /** Of a queue that has not said that it lends them. */
        GUEST;

        String id(int number) {
            return name().toLowerCase(Locale.ROOT) + "-" + number;
        }

        Directory.Agent agent(int number) {
            return switch (this) {
                case WITHOUT_THE_SKILL -> new Directory.Agent(id(number), "", List.of(QUEUE));
                case GUEST -> new Directory.Agent(id(number), "", List.of("lender-" + number), SKILLED);
                case RESERVE -> new Directory.Agent(id(number), "", List.of(QUEUE), SKILLED, Set.of(QUEUE), Map.of());
                default -> new Directory.Agent(id(number), "", List.of(QUEUE), SKILLED);
            };
        }

        QueueCommand joins(int number) {
            return status(id(number), 1, Presence.NOT_READY, "box");
        }

        QueueCommand stands(int number) {
            var presence =
                    switch (this) {
                        case WITHOUT_THE_SKILL, AT_ANOTHER_BOX, RESERVE, GUEST -> Presence.READY;
                        case NOT_READY -> Presence.NOT_READY;
                        case TALKING -> Presence.OCCUPIED;
                        case RESTING -> Presence.RESTING;
                        case LOGGED_OUT -> Presence.ABSENT;
                    };
            return status(id(number), 2, presence, this == AT_ANOTHER_BOX ? "other-box" : "box");
        }
    }

    private static Map<String, Directory.Queue> routed(Routing routing) {
        return new HashMap<>(Map.of(QUEUE, queue(QUEUE, routing)));
    }

    private static Directory.Queue queue(String id, Routing routing) {
        return new Directory.Queue(id, id, routing, Handling.PLAIN, Waiting.PLAIN);
    }

    private QueueCommand enqueue(int number) {
        return new QueueCommand.Enqueue("call-" + number, "box", 5, NOW.minusMillis(number), "", 0);
    }

    private QueueCommand enqueueForOne(int number) {
        var first = new QueueCommand.First("agent-1", NOW.plusSeconds(60));
        return new QueueCommand.Enqueue("call-" + number, "box", 5, NOW.minusMillis(number), "", 0, false, first);
    }

    private QueueCommand ready(int number) {
        return ready("agent-", number);
    }

    private QueueCommand skilled(int number) {
        return ready("skilled-", number);
    }

    private static QueueCommand ready(String kind, int number) {
        return new QueueCommand.AgentStatus(
                kind + number, 2, Presence.READY, NOW.minusMillis(number), "box", Today.NONE);
    }

    private QueueCommand talking(int number) {
        return status("agent-" + number, 3, Presence.OCCUPIED, "box");
    }

    private static QueueCommand status(String agentId, long version, Presence presence, String boxId) {
        return new QueueCommand.AgentStatus(agentId, version, presence, NOW, boxId, Today.NONE);
    }
}
