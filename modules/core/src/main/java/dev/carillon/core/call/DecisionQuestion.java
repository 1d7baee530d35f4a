package dev.carillon.core.call;

import java.time.Instant;
import java.util.Map;

/**
 * What a queue's decision hook is asked when a call has entered the queue.
 *
 * @param askId tells the answer to this question from those to others
 * @param callerNumber empty when withheld
 * @param callerName empty when not known
 * @param waitingSince by which the call has its place
 * @param skills that the queue's present step asks for, with their levels
 * @param attempt 1 in the first queue that the call enters, and one more with every move
 */
public record DecisionQuestion(
        String askId,
        String callId,
        String callerNumber,
        String callerName,
        String dialledNumber,
        String queueId,
        Instant arrivedAt,
        Instant waitingSince,
        int priority,
        Map<String, Integer> skills,
        int attempt) {}
