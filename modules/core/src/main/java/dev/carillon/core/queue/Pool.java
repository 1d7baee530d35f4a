package dev.carillon.core.queue;

import dev.carillon.core.routing.AgentOrder;
import dev.carillon.core.routing.CallOrder;
import dev.carillon.core.routing.ReadyAgent;
import dev.carillon.core.routing.Routing;
import java.util.Collections;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PVector;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/**
 * The calls that may be offered and the agents who may be asked, at one box, each in order. Whoever is first on either side
 * is found in a time that grows with the number of steps, and with nothing else but logarithms.
 *
 * @param lanes by step: the calls that are at it, and the agents who may have them
 * @param personal calls that are for one agent alone at present, by that agent
 * @param present those who are ready, by id
 * @param met for everybody who is ready and has calls of their own, the first of these
 * @param unheard calls that have not said anything since the queue came to life, or their box went away: they may be first as well
 */
record Pool(
        PVector<Lane> lanes,
        PMap<String, TreePSet<CallOrder>> personal,
        PMap<String, ReadyAgent> present,
        TreePSet<Met> met,
        TreePSet<CallOrder> unheard) {

    /**
     * @param reserves are asked only when the queue calls for them, and after the others
     * @param guests agents of other queues: asked only when these lend them and the queue is to borrow, and last
     */
    record Lane(TreePSet<CallOrder> calls, TreePSet<ReadyAgent> agents, TreePSet<ReadyAgent> reserves, Guests guests) {

        /** Those of whom one may be asked now; empty when there is nobody. */
        Optional<TreePSet<ReadyAgent>> askable(Who who) {
            if (!agents.isEmpty()) {
                return Optional.of(agents);
            }
            if (who.reserves() && !reserves.isEmpty()) {
                return Optional.of(reserves);
            }
            return who.guests() ? guests.first() : Optional.empty();
        }

        boolean isEmpty() {
            return calls.isEmpty() && agents.isEmpty() && reserves.isEmpty() && guests.isEmpty();
        }

        Lane with(TreePSet<CallOrder> newCalls) {
            return new Lane(newCalls, agents, reserves, guests);
        }

        Lane with(ReadyAgent agent, Member member) {
            if (member.isGuest()) {
                return with(guests.with(agent, member.lenders()));
            }
            return member.reserve()
                    ? new Lane(calls, agents, reserves.plus(agent), guests)
                    : new Lane(calls, agents.plus(agent), reserves, guests);
        }

        Lane without(ReadyAgent agent, Member member) {
            return member.isGuest()
                    ? with(guests.without(agent, member.lenders()))
                    : new Lane(calls, agents.minus(agent), reserves.minus(agent), guests);
        }

        Lane with(Guests newGuests) {
            return new Lane(calls, agents, reserves, newGuests);
        }
    }

    /**
     * Who may be asked, beside those of the queue itself.
     *
     * @param reserves its reserves as well
     * @param guests agents of other queues as well, if these lend them
     */
    record Who(boolean reserves, boolean guests) {}

    record Met(CallOrder call, String agentId) implements Comparable<Met> {
        @Override
        public int compareTo(Met other) {
            return call.compareTo(other.call);
        }
    }

    /**
     * Where a call waits.
     *
     * @param step whose agents may have it
     * @param onlyFor the agent for whom alone it waits at present; empty for all who meet the step
     */
    record Place(int step, Optional<String> onlyFor) {}

    /** A call, and those of whom one is to be asked, in the order of the strategy. */
    record Match(CallOrder call, NavigableSet<ReadyAgent> agents) {}

    /** @param lending the queues that lend to this one */
    static Pool empty(Routing routing, PSet<String> lending) {
        var order = AgentOrder.of(routing.strategy()).order();
        var none = TreePSet.<ReadyAgent>empty(order);
        var lane = new Lane(TreePSet.empty(), none, none, Guests.none(order, lending));
        return new Pool(
                TreePVector.from(Collections.nCopies(routing.steps().count(), lane)),
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                TreePSet.empty(),
                TreePSet.empty());
    }

    /** Of all calls for which an agent is ready, the first, with all agents who may have it. */
    Optional<Match> best(Who who) {
        Match best = null;
        for (var lane : lanes) {
            if (!lane.calls().isEmpty() && (best == null || lane.calls().first().compareTo(best.call()) < 0)) {
                best = lane.askable(who)
                        .map(agents -> new Match(lane.calls().first(), agents))
                        .orElse(best);
            }
        }
        if (!met.isEmpty() && (best == null || met.first().call().compareTo(best.call()) < 0)) {
            var alone = new TreeSet<ReadyAgent>(Comparator.comparing(ReadyAgent::agentId));
            alone.add(present.get(met.first().agentId()));
            return Optional.of(new Match(met.first().call(), alone));
        }
        return Optional.ofNullable(best);
    }

    /**
     * @param lending the queues that lend to this one now
     * @param lender which of them has begun, or is no longer one of them
     */
    Pool lentBy(PSet<String> lending, String lender) {
        var pool = this;
        for (int step = 0; step < lanes.size(); step++) {
            var lane = pool.lanes.get(step);
            pool = pool.with(step, lane.with(lane.guests().lentBy(lending, lender)));
        }
        return pool;
    }

    /** Calls that have not been heard of since the queue came to life, or since their box was away, and come before this one. */
    SortedSet<CallOrder> unheardBefore(CallOrder call) {
        return unheard.headSet(call);
    }

    boolean isEmpty() {
        return unheard.isEmpty()
                && present.isEmpty()
                && personal.isEmpty()
                && lanes.stream().allMatch(Lane::isEmpty);
    }

    Pool with(Line line, Place place) {
        return switch (line.stage()) {
            case OPEN -> place.onlyFor()
                    .map(agentId -> personal(agentId, personalOf(agentId).plus(line.order())))
                    .orElseGet(() -> {
                        var lane = lanes.get(place.step());
                        return with(place.step(), lane.with(lane.calls().plus(line.order())));
                    });
            case UNCONFIRMED, AWAY -> new Pool(lanes, personal, present, met, unheard.plus(line.order()));
            case BIDDING, CONNECTING, OFFERED, HELD -> this;
        };
    }

    Pool without(Line line, Place place) {
        return switch (line.stage()) {
            case OPEN -> place.onlyFor()
                    .map(agentId -> personal(agentId, personalOf(agentId).minus(line.order())))
                    .orElseGet(() -> {
                        var lane = lanes.get(place.step());
                        return with(place.step(), lane.with(lane.calls().minus(line.order())));
                    });
            case UNCONFIRMED, AWAY -> new Pool(lanes, personal, present, met, unheard.minus(line.order()));
            case BIDDING, CONNECTING, OFFERED, HELD -> this;
        };
    }

    /** @param member ready */
    Pool with(Member member) {
        var agent = member.asReady();
        var pool = this;
        for (int step = 0; step < lanes.size(); step++) {
            if (member.meets(step)) {
                pool = pool.with(step, pool.lanes.get(step).with(agent, member));
            }
        }
        return member.own() ? pool.seeing(present.plus(agent.agentId(), agent), agent.agentId()) : pool;
    }

    /** @param member ready, as they came in */
    Pool without(Member member) {
        var agent = member.asReady();
        var pool = this;
        for (int step = 0; step < lanes.size(); step++) {
            if (member.meets(step)) {
                pool = pool.with(step, pool.lanes.get(step).without(agent, member));
            }
        }
        return member.own() ? pool.seeing(present.minus(agent.agentId()), agent.agentId()) : pool;
    }

    private TreePSet<CallOrder> personalOf(String agentId) {
        var calls = personal.get(agentId);
        return calls != null ? calls : TreePSet.empty();
    }

    private Pool personal(String agentId, TreePSet<CallOrder> calls) {
        var others = unmet(agentId);
        var all = calls.isEmpty() ? personal.minus(agentId) : personal.plus(agentId, calls);
        return new Pool(lanes, all, present, others, unheard).meeting(agentId);
    }

    private Pool seeing(PMap<String, ReadyAgent> nowPresent, String agentId) {
        return new Pool(lanes, personal, nowPresent, unmet(agentId), unheard).meeting(agentId);
    }

    private TreePSet<Met> unmet(String agentId) {
        var calls = personal.get(agentId);
        return calls == null ? met : met.minus(new Met(calls.first(), agentId));
    }

    private Pool meeting(String agentId) {
        var calls = personal.get(agentId);
        return calls == null || !present.containsKey(agentId)
                ? this
                : new Pool(lanes, personal, present, met.plus(new Met(calls.first(), agentId)), unheard);
    }

    private Pool with(int step, Lane lane) {
        return new Pool(lanes.with(step, lane), personal, present, met, unheard);
    }
}
