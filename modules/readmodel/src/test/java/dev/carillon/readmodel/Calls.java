package dev.carillon.readmodel;

import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.agent.AgentWrapUpCoded;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.EndedBy;

/** Events of calls as the journal has them. */
final class Calls {

    static final long ARRIVED_MS = 1_795_284_556_000L;

    private Calls() {}

    static CallEvent arrived(String callId) {
        return CallEvent.newBuilder()
                .setAtMs(ARRIVED_MS)
                .setArrived(CallArrived.newBuilder()
                        .setCallId(callId)
                        .setBoxId("box-1")
                        .setCallerNumber("+49301234567")
                        .setArrivedMs(ARRIVED_MS))
                .build();
    }

    static CallEvent queued(String queueId) {
        return CallEvent.newBuilder()
                .setAtMs(ARRIVED_MS + 5)
                .setQueued(CallQueued.newBuilder()
                        .setQueueId(queueId)
                        .setPriority(5)
                        .setWaitingSinceMs(ARRIVED_MS + 5))
                .build();
    }

    /** Waited 4 s, talked 6 s. */
    static CallEnded.Builder answered(String callId) {
        return CallEnded.newBuilder()
                .setCallId(callId)
                .setBoxId("box-1")
                .setCallerNumber("+49301234567")
                .setCallerName("Ann")
                .setDialledNumber("100")
                .setQueueId("sales")
                .setPriority(5)
                .setAgentId("anna")
                .setSeatId("1001")
                .setArrivedMs(ARRIVED_MS)
                .setQueuedMs(ARRIVED_MS + 5)
                .setAnsweredMs(ARRIVED_MS + 4005)
                .setEndedMs(ARRIVED_MS + 10005)
                .setOffers(2)
                .setOutcome(CallOutcome.ANSWERED)
                .setEndedBy(EndedBy.CALLER)
                .setQ850Cause(16);
    }

    static CallEvent event(CallEnded.Builder ended) {
        return CallEvent.newBuilder()
                .setAtMs(ended.getEndedMs())
                .setEnded(ended)
                .build();
    }

    static AgentEvent said(String callId, String code) {
        return AgentEvent.newBuilder()
                .setAtMs(ARRIVED_MS + 12000)
                .setWrapUpCoded(AgentWrapUpCoded.newBuilder().setCallId(callId).setCode(code))
                .build();
    }

    static CallEvent ended(String callId) {
        return event(answered(callId));
    }
}
