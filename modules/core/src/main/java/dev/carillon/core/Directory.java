package dev.carillon.core;

import dev.carillon.core.agent.Handling;
import dev.carillon.core.agent.NotReadyReasons;
import dev.carillon.core.inbound.InboundRules;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.core.inbound.Verdict;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.protocol.Seat;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The configuration that routing looks at: an immutable picture of the tables, replaced as a whole when they change.
 *
 * @param queues by id
 * @param agents by id
 * @param numbers by dialled number
 * @param seats by id
 * @param inbound what comes before a dialled number by itself
 * @param notReadyReasons which reasons agents may give
 * @param trunks by box: how it dials a number outside, with {@code {number}} in its place; boxes that are not in it dial none
 * @param sentTo agents to whom a target or a caller's entry leads: each has an {@link OwnQueue}. Whatever is given, it follows from the rest
 */
public record Directory(
        Map<String, Queue> queues,
        Map<String, Agent> agents,
        Map<String, DialledNumber> numbers,
        Map<String, Seat> seats,
        InboundRules inbound,
        NotReadyReasons notReadyReasons,
        Map<String, String> trunks,
        Set<String> sentTo) {

    /** What stands for the number in a trunk. */
    public static final String NUMBER = "{number}";

    public static final Directory EMPTY = new Directory(Map.of(), Map.of(), Map.of(), Map.of());

    public Directory {
        queues = Map.copyOf(queues);
        agents = Map.copyOf(agents);
        numbers = Map.copyOf(numbers);
        seats = Map.copyOf(seats);
        trunks = Map.copyOf(trunks);
        sentTo = sentTo(queues, inbound);
    }

    public Directory(
            Map<String, Queue> queues,
            Map<String, Agent> agents,
            Map<String, DialledNumber> numbers,
            Map<String, Seat> seats,
            InboundRules inbound,
            NotReadyReasons notReadyReasons) {
        this(queues, agents, numbers, seats, inbound, notReadyReasons, Map.of(), Set.of());
    }

    public Directory withQueue(Queue queue) {
        var others = new HashMap<>(queues);
        others.put(queue.id(), queue);
        return new Directory(others, agents, numbers, seats, inbound, notReadyReasons, trunks, sentTo);
    }

    public Directory withAgent(Agent agent) {
        var others = new HashMap<>(agents);
        others.put(agent.id(), agent);
        return new Directory(queues, others, numbers, seats, inbound, notReadyReasons, trunks, sentTo);
    }

    public Directory withInbound(InboundRules others) {
        return new Directory(queues, agents, numbers, seats, others, notReadyReasons, trunks, sentTo);
    }

    public Directory withTrunks(Map<String, String> others) {
        return new Directory(queues, agents, numbers, seats, inbound, notReadyReasons, others, sentTo);
    }

    private static Set<String> sentTo(Map<String, Queue> queues, InboundRules inbound) {
        var agents = new HashSet<>(inbound.agents());
        queues.values().stream()
                .flatMap(queue -> queue.waiting().waysOut().stream())
                .flatMap(target -> target instanceof Target.ToAgent to ? Stream.of(to.agentId()) : Stream.empty())
                .forEach(agents::add);
        return Set.copyOf(agents);
    }

    /** Without rules: every number by itself leads to its queue. */
    public Directory(
            Map<String, Queue> queues,
            Map<String, Agent> agents,
            Map<String, DialledNumber> numbers,
            Map<String, Seat> seats) {
        this(queues, agents, numbers, seats, InboundRules.NONE, NotReadyReasons.NONE);
    }

    /** Where agents may give any reason. */
    public Directory(
            Map<String, Queue> queues,
            Map<String, Agent> agents,
            Map<String, DialledNumber> numbers,
            Map<String, Seat> seats,
            InboundRules inbound) {
        this(queues, agents, numbers, seats, inbound, NotReadyReasons.NONE);
    }

    /**
     * What becomes of a call that arrives.
     *
     * @param caller empty when withheld
     */
    public Verdict inbound(String caller, String dialled, Instant at) {
        return inbound.decide(
                caller,
                dialled,
                at,
                number(dialled)
                        .<Treatment>map(number -> new Treatment.ToQueue(number.queueId(), number.priority(), ""))
                        .orElse(new Treatment.Unallocated()));
    }

    /** Which day it is by the clocks of the contact centre, as ISO 8601 writes it. */
    public String date(Instant at) {
        return at.atZone(inbound.zone()).toLocalDate().toString();
    }

    /** The settings of a queue; of one that was deleted while calls wait in it: {@link Queue#deleted}. Every {@link OwnQueue} has the same. */
    public Queue queue(String queueId) {
        var queue = queues.get(queueId);
        if (queue != null) {
            return queue;
        }
        return OwnQueue.is(queueId) ? OwnQueue.queue(queueId) : Queue.deleted(queueId);
    }

    /** When it is another day by the clocks of the contact centre. */
    public Instant dayAfter(Instant at) {
        return at.atZone(inbound.zone())
                .toLocalDate()
                .plusDays(1)
                .atStartOfDay(inbound.zone())
                .toInstant();
    }

    /** The queues an agent serves, with their own if callers are sent to them; none for an agent that is not in the directory. */
    public List<String> queuesOf(String agentId) {
        var agent = agents.get(agentId);
        if (agent == null) {
            return List.of();
        }
        return sentTo.contains(agentId)
                ? Stream.concat(agent.queueIds().stream(), Stream.of(OwnQueue.of(agentId)))
                        .toList()
                : agent.queueIds();
    }

    /** None for an agent that is not in the directory. */
    public Map<String, Integer> skillsOf(String agentId) {
        var agent = agents.get(agentId);
        return agent == null ? Map.of() : agent.skills();
    }

    /** The agent's place in the list of a queue; the last possible without one. */
    public int rank(String agentId, String queueId) {
        var agent = agents.get(agentId);
        return agent == null ? Integer.MAX_VALUE : agent.ranks().getOrDefault(queueId, Integer.MAX_VALUE);
    }

    /** Whether the queue asks this agent only when it calls for its reserves. */
    public boolean isReserve(String agentId, String queueId) {
        var agent = agents.get(agentId);
        return agent != null && agent.reserveOf().contains(queueId);
    }

    /** How many conversations of this agent may begin within an hour; 0 for any number. */
    public int maxCallsPerHour(String agentId) {
        var agent = agents.get(agentId);
        return agent == null ? 0 : agent.maxCallsPerHour();
    }

    /** How many units the contacts that this agent has at once may take together. */
    public int capacity(String agentId) {
        var agent = agents.get(agentId);
        return agent == null ? 1 : agent.capacity();
    }

    public boolean serves(String agentId, String queueId) {
        return queuesOf(agentId).contains(queueId);
    }

    /**
     * The queues that must lend this agent if another one is to have them: all that they serve, each of which has to lend to that one. Their
     * own need not: callers are sent there for a while, and the agent takes them before any other.
     *
     * @return empty when that is not so, and when they serve it themselves
     */
    public Set<String> lenders(String agentId, String queueId) {
        var served = configuredQueues(agentId);
        return serves(agentId, queueId)
                        || !served.stream().allMatch(lender -> lendTo(lender).contains(queueId))
                        || queue(queueId).routing().serviceLevel().isEmpty()
                ? Set.of()
                : Set.copyOf(served);
    }

    /** The queues an agent serves, and after them those that may borrow them. */
    public List<String> queuesAround(String agentId) {
        var served = queuesOf(agentId);
        var lending = configuredQueues(agentId);
        if (lending.isEmpty()) {
            return served;
        }
        return Stream.concat(
                        served.stream(), lendTo(lending.get(0)).stream().filter(borrower -> !lenders(agentId, borrower)
                                .isEmpty()))
                .toList();
    }

    private List<String> configuredQueues(String agentId) {
        var agent = agents.get(agentId);
        return agent == null ? List.of() : agent.queueIds();
    }

    /** The queues that may have agents of this one. */
    public List<String> lendTo(String queueId) {
        return queue(queueId).routing().serviceLevel().map(ServiceLevel::lendTo).orElse(List.of());
    }

    /** As what a box reaches a number outside; empty when it has no trunk. */
    public Optional<String> outside(String boxId, String number) {
        return Optional.ofNullable(trunks.get(boxId)).map(trunk -> trunk.replace(NUMBER, number));
    }

    public Optional<DialledNumber> number(String dialled) {
        return Optional.ofNullable(numbers.get(dialled));
    }

    /** A seat as it is configured now; as it was, when this directory does not have it: it may be newer than the directory. */
    public Seat seatNow(Seat known) {
        return seats.getOrDefault(known.seatId(), known);
    }

    /**
     * @param routing how it finds the agent for a call
     * @param handling how its agents handle a call
     * @param waiting what its callers live through while they wait
     * @param hook asked for every call that enters; empty when the queue decides by itself alone
     */
    public record Queue(
            String id, String name, Routing routing, Handling handling, Waiting waiting, Optional<DecisionHook> hook) {

        /** Which decides by itself alone. */
        public Queue(String id, String name, Routing routing, Handling handling, Waiting waiting) {
            this(id, name, routing, handling, waiting, Optional.empty());
        }

        static Queue deleted(String id) {
            return new Queue(id, id, Routing.PLAIN, Handling.PLAIN, Waiting.PLAIN);
        }

        public Queue with(Routing other) {
            return new Queue(id, name, other, handling, waiting, hook);
        }

        public Queue with(Handling other) {
            return new Queue(id, name, routing, other, waiting, hook);
        }

        public Queue with(Waiting other) {
            return new Queue(id, name, routing, handling, other, hook);
        }

        public Queue withoutWaysOut() {
            return new Queue(id, name, routing.lendingToNobody(), handling, waiting.withoutWaysOut(), hook);
        }
    }

    /** Who of several ready agents is asked first; the rules are in {@code dev.carillon.core.routing}, a file each. */
    public enum Strategy {
        LONGEST_IDLE,
        ROUND_ROBIN,
        ORDERED,
        RANDOM,
        FEWEST_CALLS,
        LEAST_TALK_TIME,
        RING_ALL
    }

    /**
     * @param skills with their levels, 1 (least) to 10 (most)
     * @param reserveOf those of the queues that ask this agent only when the estimated wait is long ({@link Routing#reservesAfter})
     * @param ranks by queue: the agent's place in its list, 1 for the first to be asked; without one an agent comes after all who have one
     * @param maxCallsPerHour how many conversations may begin within an hour, up to {@link Timing#MOST_CALLS_WINDOW}; 0 for any number
     * @param capacity how many units the contacts that they have at once may take together, at least 1; a call takes all of them
     */
    public record Agent(
            String id,
            String name,
            List<String> queueIds,
            Map<String, Integer> skills,
            Set<String> reserveOf,
            Map<String, Integer> ranks,
            int maxCallsPerHour,
            int capacity) {
        public Agent {
            queueIds = List.copyOf(queueIds);
            skills = Map.copyOf(skills);
            reserveOf = Set.copyOf(reserveOf);
            ranks = Map.copyOf(ranks);
        }

        /** With one contact at a time. */
        public Agent(
                String id,
                String name,
                List<String> queueIds,
                Map<String, Integer> skills,
                Set<String> reserveOf,
                Map<String, Integer> ranks,
                int maxCallsPerHour) {
            this(id, name, queueIds, skills, reserveOf, ranks, maxCallsPerHour, 1);
        }

        /** With any number of calls. */
        public Agent(
                String id,
                String name,
                List<String> queueIds,
                Map<String, Integer> skills,
                Set<String> reserveOf,
                Map<String, Integer> ranks) {
            this(id, name, queueIds, skills, reserveOf, ranks, 0);
        }

        /** Reserve of no queue, and on no list. */
        public Agent(String id, String name, List<String> queueIds, Map<String, Integer> skills) {
            this(id, name, queueIds, skills, Set.of(), Map.of());
        }

        /** Without skills. */
        public Agent(String id, String name, List<String> queueIds) {
            this(id, name, queueIds, Map.of());
        }
    }

    /** @param priority 1 (least) to 10 (most important) */
    public record DialledNumber(String number, String queueId, int priority) {}
}
