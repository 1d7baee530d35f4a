package dev.carillon.core.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory.Strategy;
import dev.carillon.protocol.queue.QueueCommand.Today;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AgentOrderTest {

    private static final Instant T = Instant.parse("2026-11-22T08:00:00Z");

    @Test
    void longestIdleAsksWhoHasBeenIdleLongest() {
        assertThat(chosen(Strategy.LONGEST_IDLE, agent("bob", 5, 0), agent("ann", 9, 0), agent("cy", 7, 0)))
                .isEqualTo("bob");
    }

    @Test
    void roundRobinAsksWhoWasNotAskedForLongest() {
        assertThat(chosen(Strategy.ROUND_ROBIN, agent("bob", 1, 5), agent("ann", 3, 4), agent("cy", 2, 6)))
                .isEqualTo("ann");
        assertThat(chosen(Strategy.ROUND_ROBIN, agent("bob", 2, 5), agent("ann", 1, 5)))
                .as("of those asked at the same time, the longest idle")
                .isEqualTo("ann");
    }

    @Test
    void orderedAsksByRankAndThenTheLongestIdle() {
        assertThat(chosen(Strategy.ORDERED, ranked("ann", 1, 2), ranked("bob", 9, 1), ranked("cy", 5, 1)))
                .isEqualTo("cy");
        assertThat(chosen(Strategy.ORDERED, ranked("ann", 1, Integer.MAX_VALUE), ranked("bob", 9, 1000)))
                .as("who has no rank comes last")
                .isEqualTo("bob");
    }

    @Test
    void randomGivesEverybodyTheSameChance() {
        var agents = 5;
        var times = 50_000;
        var asked = new HashMap<String, Integer>();
        var versions = new long[agents];
        var ready = ready(
                Strategy.RANDOM,
                IntStream.range(0, agents)
                        .mapToObj(i -> ReadyAgent.of("agent-" + i, T, Instant.EPOCH, Today.NONE, 0, 0))
                        .toList());
        for (var offer = 0; offer < times; offer++) {
            var who = AgentOrder.of(Strategy.RANDOM)
                    .choose(ready, "offer-" + offer)
                    .get(0);
            asked.merge(who.agentId(), 1, Integer::sum);
            // They have their call, and are ready again.
            var index = Integer.parseInt(who.agentId().substring("agent-".length()));
            ready.remove(who);
            ready.add(ReadyAgent.of(who.agentId(), T, Instant.EPOCH, Today.NONE, 0, ++versions[index]));
        }
        assertThat(asked).hasSize(agents);
        assertThat(asked.values())
                .allSatisfy(count -> assertThat(count).isBetween(times / agents * 9 / 10, times / agents * 11 / 10));
    }

    @Test
    void randomDoesNotForgetWhoStaysReady() {
        var ready = ready(
                Strategy.RANDOM,
                IntStream.range(0, 20)
                        .mapToObj(i -> ReadyAgent.of("agent-" + i, T, Instant.EPOCH, Today.NONE, 0, 7))
                        .toList());
        var asked = new TreeSet<String>();
        for (var offer = 0; offer < 5_000; offer++) {
            asked.add(AgentOrder.of(Strategy.RANDOM)
                    .choose(ready, "offer-" + offer)
                    .get(0)
                    .agentId());
        }
        assertThat(asked).hasSize(20);
    }

    @Test
    void fewestCallsAsksWhoHasHadFewestTodayAndThenTheLongestIdle() {
        assertThat(chosen(Strategy.FEWEST_CALLS, busy("ann", 1, 3, 10), busy("bob", 2, 2, 99)))
                .isEqualTo("bob");
        assertThat(chosen(Strategy.FEWEST_CALLS, busy("ann", 2, 2, 10), busy("bob", 1, 2, 99)))
                .isEqualTo("bob");
    }

    @Test
    void leastTalkTimeAsksWhoHasTalkedLeastTodayAndThenTheLongestIdle() {
        assertThat(chosen(Strategy.LEAST_TALK_TIME, busy("ann", 1, 2, 99), busy("bob", 2, 3, 10)))
                .isEqualTo("bob");
        assertThat(chosen(Strategy.LEAST_TALK_TIME, busy("ann", 2, 2, 10), busy("bob", 1, 3, 10)))
                .isEqualTo("bob");
    }

    @Test
    void ringAllAsksAllButNotMoreThanAreOfUse() {
        var few = List.of(agent("ann", 2, 1), agent("bob", 1, 1));
        assertThat(AgentOrder.of(Strategy.RING_ALL).choose(ready(Strategy.RING_ALL, few), "offer"))
                .extracting(ReadyAgent::agentId)
                .containsExactly("bob", "ann");

        var many = IntStream.range(0, 100)
                .mapToObj(i -> agent("agent-" + i, -i, 1))
                .toList();
        assertThat(AgentOrder.of(Strategy.RING_ALL).choose(ready(Strategy.RING_ALL, many), "offer"))
                .hasSize(RingAll.MOST)
                .contains(agent("agent-99", -99, 1))
                .doesNotContain(agent("agent-0", 0, 1));
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void noTwoAgentsAreEqual(Strategy strategy) {
        assertThat(ready(strategy, List.of(agent("ann", 1, 1), agent("bob", 1, 1))))
                .hasSize(2);
    }

    private static ReadyAgent agent(String id, long idleSince, long lastAskedAt) {
        return new ReadyAgent(id, T.plusSeconds(idleSince), T.plusSeconds(lastAskedAt), Today.NONE, 0, 42);
    }

    private static ReadyAgent busy(String id, long idleSince, int calls, long talkMs) {
        return new ReadyAgent(id, T.plusSeconds(idleSince), T, new Today(calls, talkMs), 0, 42);
    }

    private static ReadyAgent ranked(String id, long idleSince, int rank) {
        return new ReadyAgent(id, T.plusSeconds(idleSince), T, Today.NONE, rank, 42);
    }

    private static String chosen(Strategy strategy, ReadyAgent... agents) {
        return AgentOrder.of(strategy)
                .choose(ready(strategy, List.of(agents)), "offer")
                .get(0)
                .agentId();
    }

    private static NavigableSet<ReadyAgent> ready(Strategy strategy, List<ReadyAgent> agents) {
        NavigableSet<ReadyAgent> ready = new TreeSet<>(AgentOrder.of(strategy).order());
        ready.addAll(agents);
        return ready;
    }
}
