package dev.carillon.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Directory.DialledNumber;
import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.view.View.AgentPhase;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Reaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What has hurt people elsewhere, each as a history of its own. All invariants are watched in them, too. */
class ScenarioTest {

    private static final String BOX = "east";
    private static final String WEST = "west";
    private static final String QUEUE = "sales";
    private static final List<String> AGENTS = List.of("ann", "bob");
    /** After this nothing may stay wrong; every crash is before. */
    private static final long HEALED = 70_000;

    private final Map<String, Seat> seats = seats();
    private World world = world(HEALED);

    private World world(long healed) {
        return new World(
                1,
                Deciders.real(),
                new Setup(List.of(BOX, WEST), seats, directory(), 2, 5),
                Odds.NONE,
                healed,
                new Trace(History.LINES, false));
    }

    private static Map<String, Seat> seats() {
        var seats = new HashMap<String, Seat>();
        AGENTS.forEach(agent -> seats.put(agent, new Seat("seat-" + agent, BOX, "SIM/" + agent)));
        return seats;
    }

    private static Directory directory() {
        var agents = new HashMap<String, Directory.Agent>();
        AGENTS.forEach(agent -> agents.put(agent, new Directory.Agent(agent, agent, List.of(QUEUE))));
        return new Directory(
                Map.of(
                        QUEUE,
                        new Directory.Queue(
                                QUEUE, "Sales", Routing.by(Strategy.LONGEST_IDLE), new Handling(10, 0), Waiting.PLAIN)),
                agents,
                Map.of("700", new DialledNumber("700", QUEUE, 5)),
                seats().values().stream().collect(Collectors.toMap(Seat::seatId, seat -> seat)));
    }

    @Test
    void theOrderIsKeptWhenTheQueueCrashesAgainAndAgain() {
        phone("ann", answers(1));
        beReady("ann");
        for (int i = 0; i < 8; i++) {
            call(1_000 + 100L * i, 200, 3);
        }
        for (int second = 2; second < 60; second += 3) {
            world.runUntil(second * 1_000L);
            world.crashQueue(QUEUE, 200);
        }
        world.runUntil(120_000);

        assertServedInOrderOfArrival(8);
    }

    @Test
    void anAgentWhoLogsInIsNotGivenACallerWhoHasHungUp() {
        phone("ann", answers(1));
        var gone = call(1_000, 5);
        world.runUntil(20_000);

        beReady("ann");
        world.runUntil(40_000);

        assertThat(record(gone).getOutcome()).isEqualTo(CallOutcome.ABANDONED);
        assertThat(world.box(BOX).rings()).isEmpty();
        assertThat(phase("ann")).isEqualTo(AgentPhase.READY);
    }

    @Test
    void noPhoneGoesOnRingingForACallerWhoHasLeft() {
        phone("ann", new Reaction.Unanswered());
        beReady("ann");
        world.runUntil(1_000);
        var callId = call(1_000, 5);
        world.runUntil(20_000);

        var ring = world.box(BOX).rings().get(0);
        var left = lived(callId).endedAt().orElseThrow();
        assertThat(Duration.between(left, ring.endedAt().orElseThrow())).isLessThan(Duration.ofSeconds(1));
        assertThat(record(callId).getWhileRinging()).isTrue();
        assertThat(phase("ann")).isEqualTo(AgentPhase.READY);
    }

    @Test
    void anAgentIsNotLockedByACallThatEndedWhileTheyWereDown() {
        phone("ann", answers(1));
        beReady("ann");
        var callId = call(1_000, 60, 10);
        world.runUntil(5_000);
        assertThat(phase("ann")).isEqualTo(AgentPhase.TALKING);

        world.crashAgent("ann", 15_000);
        world.runUntil(26_000);

        assertThat(record(callId).getAgentId()).isEqualTo("ann");
        assertThat(phase("ann")).isEqualTo(AgentPhase.READY);
    }

    @Test
    void aSeatThatIsMovedIsRungWhereItIsNow() {
        phone("ann", answers(1));
        beReady("ann");
        world.runUntil(1_000);
        var moved = new Seat("seat-ann", WEST, "SIM/ann-2");
        world.box(WEST).seat(moved.endpoint(), () -> answers(1));

        world.configure(before ->
                new Directory(before.queues(), before.agents(), before.numbers(), Map.of(moved.seatId(), moved)));
        var callId = world.arrive(
                WEST, new Caller("0301", "", "700", Duration.ofSeconds(60), Duration.ofSeconds(10)), 2_000);
        world.runUntil(20_000);

        assertThat(record(callId).getAgentId()).isEqualTo("ann");
        assertThat(world.box(WEST).rings()).hasSize(1);
        assertThat(phase("ann")).isEqualTo(AgentPhase.READY);
    }

    @Test
    void aConversationOutlivesTheCrashOfTheNodesThatKnowOfIt() {
        phone("ann", answers(1));
        beReady("ann");
        var callId = call(1_000, 60, 30);
        world.runUntil(5_000);

        world.crashNode(0, 3_000);
        world.crashNode(1, 3_000);
        world.runUntil(60_000);

        assertThat(lived(callId).connections()).hasSize(1);
        assertThat(lived(callId).endedBy()).contains(Experience.Who.CALLER);
        assertThat(record(callId).getOutcome()).isEqualTo(CallOutcome.ANSWERED);
        assertThat(phase("ann")).isEqualTo(AgentPhase.READY);
    }

    @Test
    void nobodyIsLostHoweverLongTheirBoxIsOutOfReach() {
        world = world(1_300_000);
        phone("ann", new Reaction.Answers(Duration.ofSeconds(1), Duration.ofMinutes(25)));
        beReady("ann");
        var talking = call(1_000, 60, 3_600);
        world.runUntil(5_000);
        var waiting = call(5_000, 3_600);
        world.runUntil(10_000);

        world.loseLink(BOX, 20 * 60_000);
        world.runUntil(1_320_000);
        assertThat(lived(talking).connections().get(0).to()).as("they talk on").isEmpty();
        assertThat(lived(waiting).endedAt()).as("they wait on").isEmpty();

        world.runUntil(1_620_000);
        assertThat(record(talking).getEndedBy()).isEqualTo(EndedBy.AGENT);
        assertThat(record(waiting).getAgentId()).isEqualTo("ann");
    }

    @Test
    void aCallerIsNeverGivenToTwoAgentsHoweverFastTheyAnswer() {
        phone("ann", answers(0));
        phone("bob", answers(0));
        beReady("ann");
        beReady("bob");
        for (int i = 0; i < 10; i++) {
            call(1_000 + i, 120, 5);
        }
        world.runUntil(120_000);

        assertThat(world.box(BOX).experiences()).hasSize(10).allSatisfy(caller -> assertThat(caller.connections())
                .hasSize(1));
    }

    @Test
    void waitingCallersKeepTheirOrderWhenEveryNodeCrashes() {
        phone("ann", answers(1));
        for (int i = 0; i < 8; i++) {
            call(1_000 + 500L * i, 200, 3);
        }
        world.runUntil(8_000);

        world.crashNode(0, 4_000);
        world.crashNode(1, 4_000);
        world.runUntil(20_000);
        beReady("ann");
        world.runUntil(120_000);

        assertServedInOrderOfArrival(8);
    }

    private void assertServedInOrderOfArrival(int callers) {
        var served = world.box(BOX).experiences().stream()
                .sorted(Comparator.comparing(
                        caller -> caller.connections().get(0).from()))
                .map(Experience::arrivedAt)
                .toList();
        assertThat(served).hasSize(callers).isSorted();
    }

    /** Each level of priority is worth 4 seconds: five levels are 20. */
    @Test
    void nobodyStarvesAmongMoreImportantCallersThanCanEverBeServed() {
        phone("ann", answers(1));
        world.configure(before -> new Directory(
                Map.of(
                        QUEUE,
                        new Directory.Queue(
                                QUEUE,
                                "Sales",
                                new Routing(Strategy.LONGEST_IDLE, Steps.ANYONE, Duration.ofSeconds(4), Duration.ZERO),
                                new Handling(10, 0),
                                Waiting.PLAIN)),
                before.agents(),
                Map.of("700", new DialledNumber("700", QUEUE, 5), "710", new DialledNumber("710", QUEUE, 10)),
                before.seats()));
        world.runUntil(5_000);
        var important = new ArrayList<String>();
        for (long at = 5_000; at < 120_000; at += 5_000) {
            important.add(
                    world.arrive(BOX, new Caller("0302", "", "710", Duration.ofMinutes(9), Duration.ofSeconds(9)), at));
        }
        var least = call(10_001, 600, 9);
        beReady("ann");
        world.runUntil(1_000_000);

        long answered = record(least).getAnsweredMs();
        var before = important.stream()
                .map(this::record)
                .filter(record -> record.getAnsweredMs() < answered)
                .toList();
        long arrived = record(least).getArrivedMs();
        assertThat(before).hasSizeGreaterThan(2);
        assertThat(before).allMatch(record -> record.getArrivedMs() <= arrived + 20_000);
        assertThat(important).hasSizeGreaterThan(2 * before.size());
    }

    private void beReady(String agentId) {
        world.ask(agentId, new AgentCommand.LogIn(seats.get(agentId), Instant.MAX));
        world.runUntil(world.now() + 100);
        world.ask(agentId, new AgentCommand.SetReady());
    }

    private void phone(String agentId, Reaction reaction) {
        world.box(BOX).seat(seats.get(agentId).endpoint(), () -> reaction);
    }

    private static Reaction answers(int afterSeconds) {
        return new Reaction.Answers(Duration.ofSeconds(afterSeconds), Duration.ofMinutes(10));
    }

    private String call(long atMs, int patience) {
        return call(atMs, patience, 10);
    }

    private String call(long atMs, int patience, int talk) {
        return world.arrive(
                BOX, new Caller("0301", "", "700", Duration.ofSeconds(patience), Duration.ofSeconds(talk)), atMs);
    }

    private AgentPhase phase(String agentId) {
        return world.agentView(agentId).orElseThrow().phase();
    }

    private Experience lived(String callId) {
        return world.box(BOX).experiences().stream()
                .filter(caller -> caller.callId().equals(callId))
                .findFirst()
                .orElseThrow();
    }

    private CallEnded record(String callId) {
        var journal = world.callJournal(callId);
        var last = journal.get(journal.size() - 1);
        assertThat(last.hasEnded()).as("the last event is the record: " + last).isTrue();
        return last.getEnded();
    }
}
