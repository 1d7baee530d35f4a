package dev.carillon.simulation;

import dev.carillon.protocol.queue.CallEntered;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueEvent;
import java.util.Map;
import java.util.TreeMap;

/** One queue by its journal alone; see {@link CallLedger}. */
final class QueueLedger {

    final Map<String, CallEntered> waiting = new TreeMap<>();

    /** Of each number, the call that was the last to leave, if it has left for another queue. */
    private final Map<String, CallEntered> moved = new TreeMap<>();

    /** Of each number, whom it was last given to here. */
    private final Map<String, String> lastAgents = new TreeMap<>();

    /** For how long calls have waited in it, one or several, up to when it was last empty; and since when they do. */
    private long linedMs;

    private long linedSinceMs;

    /** For how long calls have waited in it, one or several. */
    long linedMs(long nowMs) {
        return linedMs + (waiting.isEmpty() ? 0 : nowMs - linedSinceMs);
    }

    void read(QueueEvent event) {
        switch (event.getEventCase()) {
            case CALL_ENTERED -> {
                var entered = event.getCallEntered();
                linedSinceMs = waiting.isEmpty() ? event.getAtMs() : linedSinceMs;
                if (waiting.put(entered.getCallId(), entered) != null) {
                    throw new Violation(1, "a call enters a queue in which it waits");
                }
                if (!entered.getLastAgentId().equals(lastAgents.getOrDefault(entered.getCallerNumber(), ""))) {
                    throw new Violation(Violation.ELIGIBILITY, "a call is for another agent than its caller talked to");
                }
                var before = moved.get(entered.getCallId());
                if (before != null && before.getWaitingSinceMs() != entered.getWaitingSinceMs()) {
                    throw new Violation(3, "a call that comes back has another place than it had");
                }
            }
            case CALL_RANKED -> {
                if (!waiting.containsKey(event.getCallRanked().getCallId())) {
                    throw new Violation(1, "a call gets another priority where it does not wait");
                }
            }
            case CALL_LEFT -> {
                var left = waiting.remove(event.getCallLeft().getCallId());
                if (left == null) {
                    throw new Violation(1, "a call leaves a queue in which it does not wait");
                }
                linedMs += waiting.isEmpty() ? event.getAtMs() - linedSinceMs : 0;
                if (!left.getCallerNumber().isEmpty()
                        && !event.getCallLeft().getAgentId().isEmpty()) {
                    lastAgents.put(left.getCallerNumber(), event.getCallLeft().getAgentId());
                }
                moved.values().removeIf(other -> other.getCallerNumber().equals(left.getCallerNumber()));
                if (event.getCallLeft().getReason() == LeaveReason.MOVED) {
                    moved.put(left.getCallId(), left);
                }
            }
            case MEMBER_JOINED, MEMBER_LEFT -> {}
                // Written in snapshots only.
            case CALLER_REMEMBERED -> {}
            case EVENT_NOT_SET -> throw new Violation(Violation.CONTRACT, "an empty event");
        }
    }
}
