package dev.carillon.cluster;

import dev.carillon.core.Directory;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whom a change of the configuration concerns at once.
 *
 * @param agents whose own entry changed, came or went: name, queues served. When a seat was moved to another box, all: nobody but
 *     the agent at it knows who that is, and queues have to hear where they are. A new endpoint at the same box concerns nobody
 *     before the next offer, when it is looked up.
 * @param queues whose settings changed, that came or went, that lost an agent, or one of whose agents can do something else than
 *     before. A queue that won one needs nothing: the agent will tell it how they stand.
 */
public record DirectoryChange(Set<String> agents, Set<String> queues) {

    public DirectoryChange {
        agents = Set.copyOf(agents);
        queues = Set.copyOf(queues);
    }

    public static DirectoryChange between(Directory before, Directory after) {
        var agents = different(before.agents(), after.agents());
        var queues = different(before.queues(), after.queues());
        for (var agentId : agents) {
            var lost = new HashSet<>(before.queuesOf(agentId));
            after.queuesOf(agentId).forEach(lost::remove);
            queues.addAll(lost);
            if (!before.skillsOf(agentId).equals(after.skillsOf(agentId))) {
                queues.addAll(after.queuesOf(agentId));
            }
        }
        if (before.seats().values().stream()
                .anyMatch(seat -> !after.seatNow(seat).boxId().equals(seat.boxId()))) {
            agents.addAll(after.agents().keySet());
        }
        return new DirectoryChange(agents, queues);
    }

    public boolean isEmpty() {
        return agents.isEmpty() && queues.isEmpty();
    }

    private static <T> Set<String> different(Map<String, T> before, Map<String, T> after) {
        var ids = new HashSet<>(before.keySet());
        ids.addAll(after.keySet());
        ids.removeIf(id -> Objects.equals(before.get(id), after.get(id)));
        return ids;
    }
}
