package dev.carillon.core.call;

import dev.carillon.core.OwnQueue;
import dev.carillon.protocol.call.CallLeftQueue;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.DecisionAsked;
import dev.carillon.protocol.call.DecisionMade;
import dev.carillon.protocol.call.LeftBy;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * The queues a call has waited in, by its journal.
 *
 * @param queues as journalled, the first first; the last is where it waits, or waited last
 * @param enteredAt when it entered the last one; null before it has entered any
 * @param left as journalled, when it has left the last one, or was never to enter one, for something else than an agent; null when it has not
 * @param leftAt when that was; null when it has not
 * @param wish why it is about to leave the last one as soon as the phone that rings for it has stopped; null when it is not
 * @param advice of the queues' decision hooks
 */
record Way(
        PVector<CallQueued> queues, Instant enteredAt, CallLeftQueue left, Instant leftAt, LeftBy wish, Advice advice) {

    static final Way NONE = new Way(TreePVector.empty(), null, null, null, null, new Advice(null, null, 0));

    /**
     * What decision hooks were asked and have said.
     *
     * @param asked the question to the last queue's that is open; null when none is
     * @param made what the last queue's has answered; null when nothing
     * @param over how many questions are over, of all queues
     */
    record Advice(DecisionAsked asked, DecisionMade made, int over) {

        boolean isAwaited() {
            return asked != null;
        }

        boolean answers(String askId) {
            return isAwaited() && asked.getAskId().equals(askId);
        }

        Instant until() {
            return Instant.ofEpochMilli(asked.getUntilMs());
        }
    }

    Way entered(CallQueued queue, Instant at) {
        return new Way(queues.plus(queue), at, null, null, null, new Advice(null, null, advice.over()));
    }

    Way left(CallLeftQueue event, Instant at) {
        return new Way(queues, enteredAt, event, at, null, advice);
    }

    Way wishing(LeftBy newWish) {
        return new Way(queues, enteredAt, left, leftAt, newWish, advice);
    }

    Way asking(DecisionAsked question) {
        return new Way(queues, enteredAt, left, leftAt, wish, new Advice(question, null, advice.over()));
    }

    /** @param answer null when there is none */
    Way advised(DecisionMade answer) {
        var now = new Advice(null, answer, advice.over() + 1);
        if (answer == null || answer.getPriority() == 0) {
            return new Way(queues, enteredAt, left, leftAt, wish, now);
        }
        var here = last().toBuilder().setPriority(answer.getPriority()).build();
        return new Way(queues.with(queues.size() - 1, here), enteredAt, left, leftAt, wish, now);
    }

    /** Null before it has entered any. */
    CallQueued last() {
        return queues.isEmpty() ? null : queues.get(queues.size() - 1);
    }

    int moves() {
        return Math.max(0, queues.size() - 1);
    }

    /** Queues it has left for another, and not come back to. */
    Set<String> former() {
        return queues.stream()
                .map(CallQueued::getQueueId)
                .filter(queueId -> !queueId.equals(last().getQueueId()))
                .collect(Collectors.toSet());
    }

    /** Whether it waits in the last one not for the first time. */
    boolean isBack() {
        return queues.stream()
                        .filter(queue -> queue.getQueueId().equals(last().getQueueId()))
                        .count()
                > 1;
    }

    boolean hasLeftBy(String queueId, LeftBy limit) {
        return queues.stream()
                .anyMatch(next ->
                        next.getLeftBy() == limit && next.getFromQueueId().equals(queueId));
    }

    /** Where to and why it left a queue last; empty when it never did but to an agent. */
    Optional<String> leftTo() {
        if (left != null) {
            return Optional.of(left.getSound().isEmpty() ? "busy" : "announcement");
        }
        return moves() == 0 ? Optional.empty() : Optional.of(OwnQueue.words(last().getQueueId()));
    }

    LeftBy leftBy() {
        if (left != null) {
            return left.getLeftBy();
        }
        return moves() == 0 ? LeftBy.LEFT_BY_UNSPECIFIED : last().getLeftBy();
    }
}
