package dev.carillon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.routing.AgentOrder;
import dev.carillon.core.routing.ReadyAgent;
import dev.carillon.protocol.queue.QueueCommand.Today;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePSet;

/** What the groups are kept by always says the same as looking at everybody. */
class GuestsTest {

    private static final Comparator<ReadyAgent> ORDER =
            AgentOrder.of(Strategy.LONGEST_IDLE).order();
    private static final List<Set<String>> GROUPS =
            List.of(Set.of("a"), Set.of("b"), Set.of("a", "b"), Set.of("b", "c"), Set.of("a", "b", "c"), Set.of("d"));
    private static final List<String> QUEUES = List.of("a", "b", "c", "d");

    private record Guest(ReadyAgent agent, Set<String> lenders) {}

    @Test
    void areAskedWhileAllTheirQueuesLendTheLongestIdleGroupFirst() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new SplittableRandom(seed);
            var guests = Guests.none(ORDER, HashTreePSet.empty());
            var all = new ArrayList<Guest>();
            var lending = new HashSet<String>();
            for (int i = 0; i < 100; i++) {
                if (random.nextBoolean()) {
                    guests = lendsOrNot(guests, lending, QUEUES.get(random.nextInt(QUEUES.size())));
                } else if (all.isEmpty() || random.nextInt(5) < 3) {
                    var guest = guest(i, random);
                    all.add(guest);
                    guests = guests.with(guest.agent(), guest.lenders());
                } else {
                    var guest = all.remove(random.nextInt(all.size()));
                    guests = guests.without(guest.agent(), guest.lenders());
                }
                assertThat(guests.first().<Set<ReadyAgent>>map(HashSet::new).orElse(Set.of()))
                        .as("seed %s, step %s", seed, i)
                        .isEqualTo(first(all, lending));
                assertThat(guests.isEmpty()).isEqualTo(all.isEmpty());
            }
        }
    }

    private static Guests lendsOrNot(Guests guests, Set<String> lending, String lender) {
        if (!lending.remove(lender)) {
            lending.add(lender);
        }
        return guests.lentBy(HashTreePSet.from(lending), lender);
    }

    private static Guest guest(int number, SplittableRandom random) {
        var idle = Instant.ofEpochSecond(random.nextInt(20));
        var agent = ReadyAgent.of("agent-" + number, idle, Instant.EPOCH, Today.NONE, 1, 1);
        return new Guest(agent, GROUPS.get(random.nextInt(GROUPS.size())));
    }

    private static Set<ReadyAgent> first(List<Guest> all, Set<String> lending) {
        var first = all.stream()
                .filter(guest -> lending.containsAll(guest.lenders()))
                .min(Comparator.comparing(Guest::agent, ORDER));
        var group = new HashSet<ReadyAgent>();
        first.ifPresent(one -> all.stream()
                .filter(guest -> guest.lenders().equals(one.lenders()))
                .forEach(guest -> group.add(guest.agent())));
        return group;
    }
}
