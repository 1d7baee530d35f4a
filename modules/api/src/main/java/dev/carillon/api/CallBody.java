package dev.carillon.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.CallPhase;
import dev.carillon.store.CallRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;

/** {@code Call} of the contract. */
record CallBody(
        String id,
        String state,
        Instant since,
        String boxId,
        String callerNumber,
        String dialledNumber,
        String queueId,
        int priority,
        String agentId,
        Instant arrivedAt,
        int offers) {

    /** {@code CallWithRecord} of the contract. */
    record WithRecord(@JsonUnwrapped CallBody call, CallRecordBody record) {}

    static CallBody of(View.OfCall view) {
        return new CallBody(
                view.id(),
                Words.of(view.phase()),
                view.since(),
                view.boxId(),
                Words.orNull(view.callerNumber()),
                Words.orNull(view.dialledNumber()),
                Words.orNull(view.queueId()),
                view.priority(),
                Words.orNull(view.agentId()),
                view.arrivedAt(),
                view.offers());
    }

    static CallBody of(CallRecord record) {
        return new CallBody(
                record.callId(),
                Words.of(CallPhase.ENDED),
                record.endedAt(),
                record.boxId(),
                Words.orNull(record.callerNumber()),
                Words.orNull(record.dialledNumber()),
                Words.orNull(record.queueId()),
                record.priority(),
                Words.orNull(record.agentId()),
                record.arrivedAt(),
                record.offers());
    }

    /**
     * From its journal: for a call that this node's live view does not know yet, or whose record is not written yet.
     *
     * @param history not empty
     */
    static CallBody of(String id, List<CallEvent> history) {
        var phase = CallPhase.WAITING;
        var since = Instant.EPOCH;
        var boxId = "";
        String caller = null;
        String dialled = null;
        String queueId = null;
        int priority = 0;
        String agentId = null;
        var arrivedAt = Instant.EPOCH;
        int offers = 0;
        // By offer: the agents whose phones ring, and the one who talks; nobody ("") for a number outside.
        var agents = new LinkedHashMap<String, String>();
        var talk = "";
        for (var event : history) {
            var at = Instant.ofEpochMilli(event.getAtMs());
            switch (event.getEventCase()) {
                case ARRIVED -> {
                    var arrived = event.getArrived();
                    boxId = arrived.getBoxId();
                    caller = Words.orNull(arrived.getCallerNumber());
                    dialled = Words.orNull(arrived.getDialledNumber());
                    arrivedAt = Instant.ofEpochMilli(arrived.getArrivedMs());
                    since = at;
                }
                case QUEUED -> {
                    queueId = Words.orNull(event.getQueued().getQueueId());
                    priority = event.getQueued().getPriority();
                    since = at;
                }
                case OFFER_STARTED -> {
                    agents.put(
                            event.getOfferStarted().getOfferId(),
                            event.getOfferStarted().getAgentId());
                    offers++;
                    since = phase == CallPhase.RINGING ? since : at;
                    phase = CallPhase.RINGING;
                    agentId = Words.orNull(agents.values().iterator().next());
                }
                case OFFER_ENDED -> {
                    var over = event.getOfferEnded().getOfferId();
                    agents.remove(over);
                    // Of several phones, another may ring on, or its agent talk.
                    if (agents.isEmpty() || over.equals(talk)) {
                        talk = "";
                        phase = agents.isEmpty() ? CallPhase.WAITING : CallPhase.RINGING;
                        since = at;
                    }
                    if (talk.isEmpty()) {
                        agentId = agents.values().stream().findFirst().orElse(null);
                    }
                }
                case TALK_STARTED -> {
                    talk = event.getTalkStarted().getOfferId();
                    agentId = Words.orNull(agents.get(talk));
                    phase = CallPhase.TALKING;
                    since = at;
                }
                case LEFT_QUEUE -> {
                    phase = CallPhase.LEAVING;
                    since = at;
                }
                case ENDED -> {
                    agentId = Words.orNull(event.getEnded().getAgentId());
                    phase = CallPhase.ENDED;
                    since = at;
                }
                case DECISION_MADE -> {
                    int decided = event.getDecisionMade().getPriority();
                    priority = decided == 0 ? priority : decided;
                }
                case DECISION_ASKED, DECISION_FAILED -> {
                    // The call waits, as before.
                }
                case LEAVE_REQUESTED -> {
                    // The phones are to stop; that they have is said by the end of their offers.
                }
                case EVENT_NOT_SET -> {
                    // Written by a newer version: it changes nothing that this one shows.
                }
            }
        }
        return new CallBody(
                id, Words.of(phase), since, boxId, caller, dialled, queueId, priority, agentId, arrivedAt, offers);
    }
}
