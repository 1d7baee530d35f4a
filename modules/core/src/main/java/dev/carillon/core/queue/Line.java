package dev.carillon.core.queue;

import dev.carillon.core.routing.CallOrder;
import dev.carillon.protocol.Seat;
import java.time.Instant;
import org.pcollections.HashTreePSet;
import org.pcollections.PSet;

/**
 * One waiting call, as its queue sees it.
 *
 * @param boxId durable, like {@code order} but for the worth of its priority: the box the caller is on
 * @param caller durable: who waits
 * @param round the call's, as far as the queue knows
 * @param stage soft, like all that follows
 * @param step at which of the queue's steps it was, by the time it had waited, when it was last looked at
 * @param attempt the offer under way; null while there is none
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
        /** Keeps its place but cannot be served now. */
        SUSPENDED
    }

    /**
     * @param number empty when withheld
     * @param lastAgentId whom they last talked to in this queue; empty when nobody knows
     */
    record Caller(String number, String lastAgentId) {}

    /**
     * @param seat null until the agent is reserved
     * @param since when the agent was asked
     */
    record Attempt(String offerId, String agentId, Seat seat, Instant since) {}

    static Line entered(CallOrder order, String boxId, Caller caller) {
        var deaf = HashTreePSet.singleton(Limit.Kind.LONGEST_LINE);
        return new Line(order, boxId, caller, 0, Stage.UNCONFIRMED, 0, null, null, deaf);
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
        return new Line(order, boxId, caller, round, stage, step, attempt, heardAt, notTold);
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

    Line open(int newRound) {
        return with(newRound, Stage.OPEN, null);
    }

    Line bidding(String offerId, String agentId, Instant now) {
        return with(round, Stage.BIDDING, new Attempt(offerId, agentId, null, now));
    }

    Line connecting(Seat seat) {
        return with(round, Stage.CONNECTING, new Attempt(attempt.offerId(), attempt.agentId(), seat, attempt.since()));
    }

    /** By the call's word, whatever the queue had thought. */
    Line offered(String offerId, int newRound) {
        var known = attempt != null && attempt.offerId().equals(offerId)
                ? attempt
                : new Attempt(offerId, null, null, heardAt);
        return with(newRound, Stage.OFFERED, known);
    }

    Line suspended() {
        return with(round, Stage.SUSPENDED, null);
    }

    Line unconfirmed() {
        return with(round, Stage.UNCONFIRMED, null).heard(null);
    }

    Line heard(Instant now) {
        return new Line(order, boxId, caller, round, stage, step, attempt, now, deaf);
    }

    Line at(int newStep) {
        return new Line(order, boxId, caller, round, stage, newStep, attempt, heardAt, deaf);
    }

    Line ordered(CallOrder newOrder) {
        return new Line(newOrder, boxId, caller, round, stage, step, attempt, heardAt, deaf);
    }

    private Line with(int newRound, Stage newStage, Attempt newAttempt) {
        return new Line(order, boxId, caller, newRound, newStage, step, newAttempt, heardAt, deaf);
    }
}
