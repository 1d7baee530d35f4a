package dev.carillon.core.queue;

import dev.carillon.core.routing.ReadyAgent;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Agents of other queues who are ready. They may be asked only while all queues that they serve lend them, so those who serve the same are a
 * group. When a queue begins or ends to lend, the groups are looked at that it is in; to find whom to ask, the first of those that are lent.
 *
 * @param groups by the queues that must lend them
 * @param byLender the groups that a queue is in
 * @param lending the queues that lend to this one now
 * @param lent the groups that are lent, by their first agents
 */
record Guests(
        PMap<Set<String>, TreePSet<ReadyAgent>> groups,
        PMap<String, PSet<Set<String>>> byLender,
        PSet<String> lending,
        TreePMap<ReadyAgent, TreePSet<ReadyAgent>> lent) {

    static Guests none(Comparator<? super ReadyAgent> order, PSet<String> lending) {
        return new Guests(HashTreePMap.empty(), HashTreePMap.empty(), lending, TreePMap.empty(order));
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    /** Of the groups that are lent the one whose first agent comes before those of the others. */
    Optional<TreePSet<ReadyAgent>> first() {
        return lent.isEmpty() ? Optional.empty() : Optional.of(lent.firstEntry().getValue());
    }

    Guests with(ReadyAgent agent, Set<String> lenders) {
        var group = group(lenders);
        return changed(lenders, group, group.plus(agent));
    }

    Guests without(ReadyAgent agent, Set<String> lenders) {
        var group = group(lenders);
        return changed(lenders, group, group.minus(agent));
    }

    private TreePSet<ReadyAgent> group(Set<String> lenders) {
        var group = groups.get(lenders);
        return group != null ? group : TreePSet.empty(lent.comparator());
    }

    private Guests changed(Set<String> lenders, TreePSet<ReadyAgent> before, TreePSet<ReadyAgent> after) {
        var all = after.isEmpty() ? groups.minus(lenders) : groups.plus(lenders, after);
        var known = before.isEmpty() == after.isEmpty() ? byLender : listed(lenders, before.isEmpty());
        if (!lending.containsAll(lenders)) {
            return new Guests(all, known, lending, lent);
        }
        var others = before.isEmpty() ? lent : lent.minus(before.first());
        return new Guests(all, known, lending, after.isEmpty() ? others : others.plus(after.first(), after));
    }

    /** @param comes whether the group is new; otherwise it goes */
    private PMap<String, PSet<Set<String>>> listed(Set<String> group, boolean comes) {
        var listed = byLender;
        for (var lender : group) {
            var before = listed.getOrDefault(lender, HashTreePSet.empty());
            var after = comes ? before.plus(group) : before.minus(group);
            listed = after.isEmpty() ? listed.minus(lender) : listed.plus(lender, after);
        }
        return listed;
    }

    /**
     * @param nowLending the queues that lend now
     * @param lender which of them has begun, or is no longer one of them
     */
    Guests lentBy(PSet<String> nowLending, String lender) {
        var nowLent = lent;
        for (var lenders : byLender.getOrDefault(lender, HashTreePSet.empty())) {
            var group = groups.get(lenders);
            nowLent =
                    nowLending.containsAll(lenders) ? nowLent.plus(group.first(), group) : nowLent.minus(group.first());
        }
        return new Guests(groups, byLender, nowLending, nowLent);
    }
}
