package dev.carillon.core.queue;

import dev.carillon.core.routing.CallOrder;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.queue.QueueCommand.First;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * One waiting call, as its queue sees it.
 *
 * @param boxId durable, like {@code order} but for the worth of its priority: the box the caller is on
 * @param caller durable: who waits
 * @param round the call's, as far as the queue knows
 * @param stage soft, like all that follows
 * @param step at which of the queue's steps it was, by the time it had waited, when it was last looked at
 * @param attempt the offer under way, of several the one that the queue follows; null while there is none
 * @param asked by offer: the agents who were asked in this attempt; several if the queue rings all
 * @param heardAt when the call was last heard of, or asked; null when not since the queue came to life
 * @param deaf limits of which the call is not told (any more): of the longest line only who made it too long is
 */
record Line(
        CallOrder order,
        String boxId,
        Caller caller,
        int round,
        Stage stage,
        int step,
        Attempt attempt,
        PMap<String, Asked> asked,
        Instant heardAt,
        PSet<Limit.Kind> deaf) {

    enum Stage {
        /** The queue came to life again and has not heard from the call yet. */
        UNCONFIRMED,
        /** May be offered to an agent. */
        OPEN,
        /** An agent was asked and has not answered. */
        BIDDING,
        /** An agent is reserved, and the call was told. */
        CONNECTING,
        /** The call rings an agent. */
        OFFERED,
        /** Keeps its place but cannot be served now: its box is away. Then all calls on that box are, or are about to be. */
        AWAY,
        /** Keeps its place but cannot be served now: a decision hook is being asked. */
        HELD
    }

    /**
     * @param number empty when withheld
     * @param lastAgentId whom they last talked to in this queue; empty when nobody knows
     * @param first soft, as the call says it again: who alone may have the call for a while; empty when nobody in particular
     */
    record Caller(String number, String lastAgentId, Optional<First> first) {

        /** Of whom nobody in particular has to take care. */
        Caller(String number, String lastAgentId) {
            this(number, lastAgentId, Optional.empty());
        }

        /**
         * The agents for whom alone they wait, if these can be waited for.
         *
         * @param withLast whether they are at a step for their last agent
         */
        Set<String> agents(boolean withLast) {
            var agents = new HashSet<String>();
            first.ifPresent(one -> agents.add(one.agentId()));
            if (withLast && !lastAgentId.isEmpty()) {
                agents.add(lastAgentId);
            }
            return agents;
        }
    }

    /**
     * @param seat null until the agent is reserved
     * @param since when the agent was asked
     */
    record Attempt(String offerId, String agentId, Seat seat, Instant since) {}

    /** @param reserved they have answered that they are */
    record Asked(String agentId, boolean reserved) {}

    static Line entered(CallOrder order, String boxId, Caller caller) {
        var deaf = HashTreePSet.singleton(Limit.Kind.LONGEST_LINE);
        return new Line(order, boxId, caller, 0, Stage.UNCONFIRMED, 0, null, HashTreePMap.empty(), null, deaf);
    }

    boolean isDeafTo(Limit.Kind kind) {
        return deaf.contains(kind);
    }

    Line deafTo(Limit.Kind kind) {
        return hearing(deaf.plus(kind));
    }

    /** It has entered a line that was as long as it may be. */
    Line tooMany() {
        return hearing(deaf.minus(Limit.Kind.LONGEST_LINE));
    }

    /** The limits are others now. */
    Line hearingAgain() {
        return hearing(
                isDeafTo(Limit.Kind.LONGEST_LINE)
                        ? HashTreePSet.singleton(Limit.Kind.LONGEST_LINE)
                        : HashTreePSet.empty());
    }

    private Line hearing(PSet<Limit.Kind> notTold) {
        return new Line(order, boxId, caller, round, stage, step, attempt, asked, heardAt, notTold);
    }

    String callId() {
        return order.callId();
    }

    Instant waitingSince() {
        return order.waitingSince();
    }

    /** Whether an agent is asked or rung for it. */
    boolean underOffer() {
        return stage == Stage.BIDDING || stage == Stage.CONNECTING || stage == Stage.OFFERED;
    }

    boolean is(Stage expected, String offerId) {
        return stage == expected && attempt.offerId().equals(offerId);
    }

    /** Whether the agent of this offer is being connected, or rung, for it. */
    boolean isFor(String offerId) {
        return asked.containsKey(offerId) || is(Stage.CONNECTING, offerId) || is(Stage.OFFERED, offerId);
    }

    Line open(int newRound) {
        return with(newRound, Stage.OPEN, null, HashTreePMap.empty());
    }

    /** @param agents by offer, at least one */
    Line bidding(PMap<String, Asked> agents, Instant now) {
        return following(agents, now);
    }

    private Line following(PMap<String, Asked> agents, Instant since) {
        var first = agents.entrySet().iterator().next();
        var followed = new Attempt(first.getKey(), first.getValue().agentId(), null, since);
        return with(round, Stage.BIDDING, followed, agents);
    }

    /** Whether this agent has been asked, and has not answered. */
    boolean awaits(String offerId) {
        return asked.containsKey(offerId) && !asked.get(offerId).reserved();
    }

    /** The agents who have been asked and have not answered. */
    List<String> awaited() {
        return asked.values().stream()
                .filter(one -> !one.reserved())
                .map(Asked::agentId)
                .toList();
    }

    boolean ringsSeveral() {
        return asked.size() > 1;
    }

    /** An agent is reserved: the first one is followed. */
    Line reserved(String offerId, Seat seat) {
        var agentId = asked.get(offerId).agentId();
        var all = asked.plus(offerId, new Asked(agentId, true));
        return stage == Stage.BIDDING
                ? with(round, Stage.CONNECTING, new Attempt(offerId, agentId, seat, attempt.since()), all)
                : with(round, stage, attempt, all);
    }

    /** An agent who was asked cannot take it. */
    Line refused(String offerId) {
        var others = asked.minus(offerId);
        if (stage != Stage.BIDDING || !attempt.offerId().equals(offerId) || others.isEmpty()) {
            return with(round, stage, attempt, others);
        }
        return following(others, attempt.since());
    }

    /** Nobody else's answer is waited for. */
    Line awaitingNobody() {
        return with(round, stage, attempt, HashTreePMap.empty());
    }

    /** Of the turn of ringing for which agents were asked: the call's round is one higher once it rings. */
    int askedRound() {
        return stage == Stage.OFFERED ? round - 1 : round;
    }

    /** By the call's word, whatever the queue had thought. */
    Line offered(String offerId, int newRound) {
        var one = asked.get(offerId);
        var known = attempt != null && attempt.offerId().equals(offerId)
                ? attempt
                : new Attempt(
                        offerId, one == null ? null : one.agentId(), null, one == null ? heardAt : attempt.since());
        return with(newRound, Stage.OFFERED, known, asked.containsKey(offerId) ? asked : HashTreePMap.empty());
    }

    Line away() {
        return with(round, Stage.AWAY, null, HashTreePMap.empty());
    }

    /** Until the call says otherwise in a later round. */
    Line held(int newRound) {
        return with(newRound, Stage.HELD, null, HashTreePMap.empty());
    }

    /** @param agent null for nobody in particular */
    Line first(First agent, Instant now) {
        var first = Optional.ofNullable(agent).filter(one -> one.until().isAfter(now));
        var known = new Caller(caller.number(), caller.lastAgentId(), first);
        return new Line(order, boxId, known, round, stage, step, attempt, asked, heardAt, deaf);
    }

    Line unconfirmed() {
        return with(round, Stage.UNCONFIRMED, null, HashTreePMap.empty()).heard(null);
    }

    Line heard(Instant now) {
        return new Line(order, boxId, caller, round, stage, step, attempt, asked, now, deaf);
    }

    Line at(int newStep) {
        return new Line(order, boxId, caller, round, stage, newStep, attempt, asked, heardAt, deaf);
    }

    Line ordered(CallOrder newOrder) {
        return new Line(newOrder, boxId, caller, round, stage, step, attempt, asked, heardAt, deaf);
    }

    private Line with(int newRound, Stage newStage, Attempt newAttempt, PMap<String, Asked> nowAsked) {
        return new Line(order, boxId, caller, newRound, newStage, step, newAttempt, nowAsked, heardAt, deaf);
    }
}
