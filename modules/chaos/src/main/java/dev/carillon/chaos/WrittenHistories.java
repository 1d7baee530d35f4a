package dev.carillon.chaos;

import dev.carillon.chaos.Findings.Violation;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.queue.LeaveReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Whether what calls, agents and queues have written can have been, each by itself and together. */
final class WrittenHistories {

    static final String HISTORY = "history";
    static final String INTERVALS = "agent-intervals";
    static final String QUEUE = "queue-and-call";
    static final String ORDER = "order";
    static final String AT_REST = "at-rest";

    /** Two who are told in the same moment are told by two actors side by side. */
    private static final long SAME_MOMENT_MS = 50;

    /** What the order of service needs to know of a call. */
    private record Turn(
            String callId,
            String boxId,
            int priority,
            long waitingSince,
            int entered,
            long enteredMs,
            long offeredMs) {}

    /** What a call has told of itself. */
    private static final class Told {
        String boxId = "";
        String queueId = "";
        int priority;
        long waitingSince;
        long firstOfferMs;
        boolean ended;
        final Map<String, String> agentByOffer = new HashMap<>();
        String talkedBy = "";
    }

    private final List<Period> troubled;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<String, Told> calls = new HashMap<>();
    private long offers;
    private long judged;

    /** @param troubled whose turn it was is not judged then: what a queue had decided may not have reached the call */
    WrittenHistories(Journal journal, List<Period> troubled) {
        this.troubled = List.copyOf(troubled);
        journal.calls().forEach(this::call);
        journal.agents().forEach(this::agent);
        journal.queues().forEach(this::queue);
    }

    List<Violation> violations() {
        return violations;
    }

    long offers() {
        return offers;
    }

    long judged() {
        return judged;
    }

    private void broken(String rule, String about, String what) {
        violations.add(new Violation(rule, about, what));
    }

    // ---- calls

    private void call(String callId, List<CallEvent> events) {
        var about = "call " + callId;
        var told = new Told();
        calls.put(callId, told);
        var open = new TreeSet<String>();
        var before = 0L;
        for (var event : events) {
            if (told.ended) {
                broken(HISTORY, about, "goes on after its end: " + event.getEventCase());
            }
            if (event.getAtMs() < before) {
                broken(
                        HISTORY,
                        about,
                        event.getEventCase() + " was " + (before - event.getAtMs()) + " ms before what it follows");
            }
            before = event.getAtMs();
            switch (event.getEventCase()) {
                case ARRIVED -> told.boxId = event.getArrived().getBoxId();
                case QUEUED -> {
                    told.queueId = event.getQueued().getQueueId();
                    told.priority = event.getQueued().getPriority();
                    told.waitingSince = event.getQueued().getWaitingSinceMs();
                }
                case OFFER_STARTED -> {
                    var offer = event.getOfferStarted();
                    if (!open.isEmpty()) {
                        broken(
                                Inspection.ONE_OFFER,
                                about,
                                "is offered to " + offer.getAgentId() + " while it is offered already: " + open);
                    }
                    open.add(offer.getOfferId());
                    told.agentByOffer.put(offer.getOfferId(), offer.getAgentId());
                    told.firstOfferMs = told.firstOfferMs == 0 ? event.getAtMs() : told.firstOfferMs;
                    offers++;
                }
                case OFFER_ENDED -> open.remove(event.getOfferEnded().getOfferId());
                case TALK_STARTED -> {
                    var offerId = event.getTalkStarted().getOfferId();
                    if (!open.contains(offerId)) {
                        broken(HISTORY, about, "talks by an offer that is not under way");
                    }
                    if (!told.talkedBy.isEmpty()) {
                        broken(HISTORY, about, "talks a second time");
                    }
                    told.talkedBy = offerId;
                }
                case ENDED -> told.ended = true;
                default -> {}
            }
        }
        if (!told.ended) {
            broken(
                    AT_REST,
                    about,
                    "has not ended, and its caller has left; its last event: "
                            + events.get(events.size() - 1).getEventCase());
        }
    }

    // ---- agents

    private enum Phase {
        FREE,
        RESERVED,
        TALKING,
        WRAP_UP
    }

    private void agent(String agentId, List<AgentEvent> events) {
        var about = "agent " + agentId;
        var phase = Phase.FREE;
        var offerId = "";
        var before = 0L;
        var version = events.get(0).getVersion() - 1;
        for (var event : events) {
            if (event.getVersion() != version + 1) {
                broken(INTERVALS, about, "version " + event.getVersion() + " follows " + version);
            }
            version = event.getVersion();
            if (event.getAtMs() < before) {
                broken(
                        INTERVALS,
                        about,
                        event.getEventCase() + " was " + (before - event.getAtMs()) + " ms before what it follows");
            }
            before = event.getAtMs();
            switch (event.getEventCase()) {
                case RESERVED -> {
                    var reserved = event.getReserved();
                    if (phase == Phase.RESERVED || phase == Phase.TALKING) {
                        broken(
                                Inspection.ONE_CALL,
                                about,
                                "is reserved for call " + reserved.getCallId() + " while " + phase + " by offer "
                                        + offerId);
                    }
                    phase = Phase.RESERVED;
                    offerId = reserved.getOfferId();
                }
                case TALK_STARTED -> {
                    var talk = event.getTalkStarted();
                    if (phase != Phase.RESERVED || !talk.getOfferId().equals(offerId)) {
                        broken(
                                INTERVALS,
                                about,
                                "talks to call " + talk.getCallId() + " while " + phase + " by offer " + offerId);
                    }
                    var call = calls.get(talk.getCallId());
                    if (call == null || !call.talkedBy.equals(talk.getOfferId())) {
                        broken(INTERVALS, about, "talks to call " + talk.getCallId() + ", which does not talk to them");
                    }
                    phase = Phase.TALKING;
                }
                case OFFER_ENDED -> {
                    if (event.getOfferEnded().getOfferId().equals(offerId)) {
                        phase = Phase.FREE;
                    } else {
                        broken(INTERVALS, about, "an offer ends that they do not have");
                    }
                }
                case WRAP_UP_STARTED -> {
                    if (phase != Phase.TALKING) {
                        broken(INTERVALS, about, "wraps up while " + phase);
                    }
                    phase = Phase.WRAP_UP;
                }
                case BECAME_READY, BECAME_NOT_READY, LOGGED_OUT, CONTACT_ENDED -> phase = Phase.FREE;
                default -> {}
            }
        }
        if (phase == Phase.RESERVED || phase == Phase.TALKING) {
            broken(AT_REST, about, "is " + phase + " by offer " + offerId + ", and nobody is on the line");
        }
    }

    // ---- queues

    private void queue(String queueId, List<dev.carillon.protocol.queue.QueueEvent> events) {
        var here = new HashMap<String, Integer>();
        var connected = new HashSet<String>();
        var turns = new ArrayList<Turn>();
        var entered = 0;
        for (var event : events) {
            if (event.hasCallEntered()) {
                var callId = event.getCallEntered().getCallId();
                if (here.put(callId, entered++) != null) {
                    broken(QUEUE, "call " + callId, "enters " + queueId + ", where it is already");
                }
                var call = calls.get(callId);
                if (call == null || !call.queueId.equals(queueId)) {
                    broken(QUEUE, "call " + callId, "is in " + queueId + ", and knows nothing of it");
                } else if (call.firstOfferMs > 0) {
                    turns.add(new Turn(
                            callId,
                            call.boxId,
                            call.priority,
                            call.waitingSince,
                            entered,
                            event.getAtMs(),
                            call.firstOfferMs));
                }
            } else if (event.hasCallLeft()) {
                var left = event.getCallLeft();
                if (here.remove(left.getCallId()) == null) {
                    broken(QUEUE, "call " + left.getCallId(), "leaves " + queueId + ", where it is not");
                }
                if (left.getReason() == LeaveReason.CONNECTED) {
                    connected.add(left.getCallId());
                }
            }
        }
        here.keySet()
                .forEach(callId ->
                        broken(AT_REST, "call " + callId, "waits in " + queueId + " still, and nobody is on the line"));
        compareConnected(queueId, connected);
        inOrder(turns);
    }

    private void compareConnected(String queueId, Set<String> connected) {
        for (var callId : connected) {
            var call = calls.get(callId);
            if (call == null || call.talkedBy.isEmpty()) {
                broken(QUEUE, "call " + callId, "has left " + queueId + " as connected, and has talked to nobody");
            }
        }
    }

    private boolean isTroubled(Turn turn) {
        var offered = Instant.ofEpochMilli(turn.offeredMs());
        return troubled.stream().anyMatch(period -> !offered.isBefore(period.from()) && offered.isBefore(period.to()));
    }

    /** Of two who wait for the same agents, the first offer of the one who is before the other comes first, once the queue knows of both. */
    private void inOrder(List<Turn> turns) {
        turns.sort(Comparator.comparingInt(Turn::priority).reversed().thenComparingLong(Turn::waitingSince));
        for (var i = 0; i < turns.size(); i++) {
            var first = turns.get(i);
            for (var later : turns.subList(i + 1, turns.size())) {
                if (!later.boxId().equals(first.boxId()) || later.entered() < first.entered() || isTroubled(later)) {
                    continue;
                }
                if (first.enteredMs() < later.offeredMs()) {
                    judged++;
                }
                if (later.offeredMs() + SAME_MOMENT_MS < first.offeredMs()) {
                    broken(
                            ORDER,
                            "call " + first.callId(),
                            "was offered " + (first.offeredMs() - later.offeredMs()) + " ms after call "
                                    + later.callId() + ", who came " + (later.waitingSince() - first.waitingSince())
                                    + " ms later");
                }
            }
        }
    }
}
