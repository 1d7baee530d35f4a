package dev.carillon.core.queue;

import dev.carillon.core.routing.CallOrder;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Seat;
import java.time.Instant;

/**
 * One waiting call, as its queue sees it.
 *
 * @param boxId durable, like {@code order}: the box the caller is on
 * @param round the call's, as far as the queue knows
 * @param stage soft, like all that follows
 * @param step at which of the queue's steps it was when it was last looked at
 * @param attempt the offer under way; null while there is none
 * @param heardAt when the call was last heard of, or asked; null when not since the queue came to life
 */
record Line(CallOrder order, String boxId, int round, Stage stage, int step, Attempt attempt, Instant heardAt) {

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
     * @param seat null until the agent is reserved
     * @param since when the agent was asked
     */
    record Attempt(String offerId, String agentId, Seat seat, Instant since) {}

    static Line entered(CallOrder order, String boxId) {
        return new Line(order, boxId, 0, Stage.UNCONFIRMED, 0, null, null);
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
        return new Line(order, boxId, newRound, Stage.OPEN, step, null, heardAt);
    }

    Line at(int newStep) {
        return new Line(order, boxId, round, stage, newStep, attempt, heardAt);
    }

    Line routedBy(Routing routing, Instant now) {
        var known = order;
        return new Line(
                routing.order(known.priority(), known.waitingSince(), known.callId()),
                boxId,
                round,
                stage,
                routing.steps().at(known.waitingSince(), now),
                attempt,
                heardAt);
    }

    Line bidding(String offerId, String agentId, Instant now) {
        return new Line(order, boxId, round, Stage.BIDDING, step, new Attempt(offerId, agentId, null, now), heardAt);
    }

    Line connecting(Seat seat) {
        var reserved = new Attempt(attempt.offerId(), attempt.agentId(), seat, attempt.since());
        return new Line(order, boxId, round, Stage.CONNECTING, step, reserved, heardAt);
    }

    /** By the call's word, whatever the queue had thought. */
    Line offered(String offerId, int newRound) {
        var known = attempt != null && attempt.offerId().equals(offerId)
                ? attempt
                : new Attempt(offerId, null, null, heardAt);
        return new Line(order, boxId, newRound, Stage.OFFERED, step, known, heardAt);
    }

    Line suspended() {
        return new Line(order, boxId, round, Stage.SUSPENDED, step, null, heardAt);
    }

    Line unconfirmed() {
        return new Line(order, boxId, round, Stage.UNCONFIRMED, step, null, null);
    }

    Line heard(Instant now) {
        return new Line(order, boxId, round, stage, step, attempt, now);
    }
}
