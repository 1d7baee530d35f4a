package dev.carillon.simulation;

import dev.carillon.protocol.queue.CallEntered;
import dev.carillon.protocol.queue.QueueEvent;
import java.util.Map;
import java.util.TreeMap;

/** One queue by its journal alone; see {@link CallLedger}. */
final class QueueLedger {

    final Map<String, CallEntered> waiting = new TreeMap<>();

    void read(QueueEvent event) {
        switch (event.getEventCase()) {
            case CALL_ENTERED -> {
                var entered = event.getCallEntered();
                if (waiting.put(entered.getCallId(), entered) != null) {
                    throw new Violation(1, "a call enters a queue in which it waits");
                }
            }
            case CALL_RANKED -> {
                if (!waiting.containsKey(event.getCallRanked().getCallId())) {
                    throw new Violation(1, "a call gets another priority where it does not wait");
                }
            }
            case CALL_LEFT -> {
                if (waiting.remove(event.getCallLeft().getCallId()) == null) {
                    throw new Violation(1, "a call leaves a queue in which it does not wait");
                }
            }
            case MEMBER_JOINED, MEMBER_LEFT -> {}
                // Written in snapshots only.
            case CALLER_REMEMBERED -> {}
            case EVENT_NOT_SET -> throw new Violation(Violation.CONTRACT, "an empty event");
        }
    }
}
