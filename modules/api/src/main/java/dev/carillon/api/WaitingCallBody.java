package dev.carillon.api;

import dev.carillon.protocol.Reply;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** {@code WaitingCall} of the contract. */
record WaitingCallBody(
        int position,
        String callId,
        String callerNumber,
        int priority,
        Instant waitingSince,
        Score score,
        String because,
        String offeredAgentId,
        Integer place,
        Integer estimatedWaitSeconds) {

    record Score(BigDecimal seconds, BigDecimal waitedSeconds, BigDecimal prioritySeconds) {}

    /**
     * @param calls in the order of their positions
     * @param callerNumbers by call id
     */
    static List<WaitingCallBody> of(List<Reply.WaitingCall> calls, Instant now, UnaryOperator<String> callerNumbers) {
        var bodies = new ArrayList<WaitingCallBody>();
        Reply.WaitingCall before = null;
        for (var call : calls) {
            bodies.add(new WaitingCallBody(
                    call.position(),
                    call.callId(),
                    Words.orNull(callerNumbers.apply(call.callId())),
                    call.priority(),
                    call.waitingSince(),
                    score(call, now),
                    because(call, before, now),
                    Words.orNull(call.offeredTo()),
                    orNull(call.place()),
                    orNull(call.waitSeconds())));
            before = call;
        }
        return bodies;
    }

    private static Integer orNull(int number) {
        return number == 0 ? null : number;
    }

    private static Score score(Reply.WaitingCall call, Instant now) {
        return new Score(
                seconds(call.countsSince(), now),
                seconds(call.waitingSince(), now),
                seconds(call.countsSince(), call.waitingSince()));
    }

    private static String because(Reply.WaitingCall call, Reply.WaitingCall before, Instant now) {
        var score = score(call, now);
        var own = "score " + score.seconds() + " s: waited " + score.waitedSeconds() + " s, and priority "
                + call.priority() + " is worth " + score.prioritySeconds() + " s";
        if (before == null) {
            return own + "; no call here has a higher score";
        }
        var next = "; next after call " + before.callId();
        if (before.countsSince().isBefore(call.countsSince())) {
            return own + next + ", whose score is " + seconds(before.countsSince(), now) + " s";
        }
        return own + next + ", which has the same score"
                + (before.waitingSince().isBefore(call.waitingSince())
                        ? " and arrived earlier"
                        : " and arrived in the same millisecond, and whose id comes first");
    }

    private static BigDecimal seconds(Instant from, Instant to) {
        return BigDecimal.valueOf(Duration.between(from, to).toMillis(), 3);
    }
}
