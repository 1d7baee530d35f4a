package dev.carillon.core;

import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whom a change of the configuration concerns at once.
 *
 * @param agents whose own entry changed, came or went: name, queues served; or who may be borrowed by other queues than before; or to whom
 *     callers are sent now, and were not, or the other way round. When a seat was moved to another box, all: nobody but
 *     the agent at it knows who that is, and queues have to hear where they are. A new endpoint at the same box concerns nobody
 *     before the next offer, when it is looked up.
 * @param queues whose settings changed, that came or went, that lost an agent, or one of whose agents can do something else than
 *     before, has another rank in it, is its reserve and was not, or serves it who might be lent to it before, or the other way
 *     round; and one that won an agent: what the agent tells it may reach it while its node does not know of that yet.
 */
public record DirectoryChange(Set<String> agents, Set<String> queues) {

    public DirectoryChange {
        agents = Set.copyOf(agents);
        queues = Set.copyOf(queues);
    }

    public static DirectoryChange between(Directory before, Directory after) {
        var agents = different(before.agents(), after.agents());
        var queues = different(before.queues(), after.queues());
        agents.addAll(borrowedByOthers(before, after, queues));
        agents.addAll(sentToNewly(before, after));
        for (var agentId : agents) {
            var around = after.queuesAround(agentId);
            boolean sameSkills = before.skillsOf(agentId).equals(after.skillsOf(agentId));
            before.queuesAround(agentId).stream()
                    .filter(queueId -> !sameSkills
                            || !around.contains(queueId)
                            || !sameTurn(before, after, agentId, queueId)
                            || !before.lenders(agentId, queueId).equals(after.lenders(agentId, queueId)))
                    .forEach(queues::add);
            var known = before.queuesAround(agentId);
            around.stream()
                    .filter(queueId -> !sameSkills || !known.contains(queueId))
                    .forEach(queues::add);
        }
        if (before.seats().values().stream()
                .anyMatch(seat -> !after.seatNow(seat).boxId().equals(seat.boxId()))) {
            agents.addAll(after.agents().keySet());
        }
        return new DirectoryChange(agents, queues);
    }

    private static boolean sameTurn(Directory before, Directory after, String agentId, String queueId) {
        return before.rank(agentId, queueId) == after.rank(agentId, queueId)
                && before.isReserve(agentId, queueId) == after.isReserve(agentId, queueId);
    }

    /** Looked for only when it is possible at all: there may be many agents. */
    private static Set<String> borrowedByOthers(Directory before, Directory after, Set<String> changedQueues) {
        return changedQueues.stream().allMatch(queueId -> before.queue(queueId)
                        .routing()
                        .serviceLevel()
                        .equals(after.queue(queueId).routing().serviceLevel()))
                ? Set.of()
                : after.agents().keySet().stream()
                        .filter(agentId -> !before.queuesAround(agentId).equals(after.queuesAround(agentId)))
                        .collect(Collectors.toSet());
    }

    /** Or no longer: whose own queue has to hear how they stand, or that they do not serve it any more. */
    private static Set<String> sentToNewly(Directory before, Directory after) {
        var either = new HashSet<>(before.sentTo());
        either.addAll(after.sentTo());
        either.removeIf(
                agentId -> before.sentTo().contains(agentId) && after.sentTo().contains(agentId));
        return either;
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
