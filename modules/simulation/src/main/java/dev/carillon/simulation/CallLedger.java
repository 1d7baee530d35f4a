package dev.carillon.simulation;

import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallLeftQueue;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.DecisionAsked;
import dev.carillon.protocol.call.DecisionMade;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.call.OfferStarted;
import dev.carillon.protocol.call.Treatment;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * One call by its journal alone, read without the decider's {@code evolve}, and refusing what no call may ever do. It is the
 * simulation's own opinion of what the events mean.
 */
final class CallLedger {

    static final String ONE_AGENT = "agent/";

    private final Predicate<String> ringsAll;

    CallArrived arrived;
    CallQueued queued;

    /** Where they were to go first. */
    Entrance entrance;

    /** By id: the offers under way, with the conversation they led to. */
    final Map<String, OfferStarted> offered = new TreeMap<>();

    /** By id: the offers that have ever been under way. */
    private final Set<String> begun = new HashSet<>();

    /**
     * The offer of which the agent answered; stays once the call has ended. An agent whose phone was answered although they could
     * not be given the call leaves the caller waiting again, and then there may be another.
     */
    OfferStarted talk;

    /** Null while it waits, or never left a queue but to an agent; of a caller who only hears an announcement, that. */
    CallLeftQueue left;

    /** The limits of queues that have moved it on, and which. */
    private final Set<String> usedUp = new HashSet<>();

    /** Agents whom it was sent to, and who were logged out. */
    private final Set<String> loggedOut = new HashSet<>();

    /** Its caller has asked to leave while a phone rang for them, and it still rings. */
    private boolean leaving;

    private int moves;

    /** Legs of agents who answered and could not be given the call. */
    final Set<String> takenBack = new HashSet<>();

    long talkMs;
    CallEnded ended;
    int offers;

    /** What the decision hook of the queue in which it waits is being asked; null when nothing. */
    DecisionAsked asked;

    private boolean wasAsked;
    private boolean followed;

    /** When the last question had to be answered. */
    private long untilMs;

    /** What that hook has said; null when nothing. */
    DecisionMade made;

    /** By queue and agent: until when that one alone was last to have it there. */
    private final Map<String, Long> forAgentUntilMs = new TreeMap<>();

    /** All it has had. */
    final Set<Integer> priorities = new HashSet<>();

    /** When it was last put through to a number outside, and when that was last over without an answer. */
    long dialledMs;

    long notReachedMs;

    /** When it entered the queue in which it waits. */
    long enteredMs;

    /** Since when it waits and is not offered to anybody. */
    long openMs;

    /** @param ringsAll whether a queue may have several phones rung for a call at the same time */
    CallLedger(Predicate<String> ringsAll) {
        this.ringsAll = ringsAll;
    }

    /** The offer to this agent that is under way; null when there is none. */
    OfferStarted offerTo(String agentId) {
        return offered.values().stream()
                .filter(offer -> offer.getAgentId().equals(agentId))
                .findFirst()
                .orElse(null);
    }

    /** Whether the phone of this leg is to ring, or its agent talks. */
    boolean wants(String legId) {
        return offered.values().stream().anyMatch(offer -> offer.getLegId().equals(legId));
    }

    static boolean isOutside(OfferStarted offer) {
        return !offer.getNumber().isEmpty();
    }

    /** The number outside that rings for it, or at which somebody talks to its caller; null when none. */
    OfferStarted outside() {
        return offered.values().stream()
                .filter(CallLedger::isOutside)
                .findFirst()
                .orElse(null);
    }

    /** Or has talked at the end. */
    boolean talksOutside() {
        return talk != null && isOutside(talk);
    }

    /** Whether the phone of an offer under way has to stop, since another agent has answered. */
    boolean hasToStop(OfferStarted offer) {
        return talk != null && !offer.equals(talk);
    }

    boolean waits() {
        return queued != null && ended == null && offered.isEmpty() && left == null;
    }

    boolean isIn(String queueId) {
        return queued != null && left == null && queued.getQueueId().equals(queueId);
    }

    boolean talks() {
        return ended == null && talk != null;
    }

    boolean alive() {
        return arrived != null && ended == null;
    }

    void read(CallEvent event) {
        if (ended != null) {
            throw new Violation(event.hasOfferStarted() || event.hasTalkStarted() ? 2 : 5, "an event after the end");
        }
        if (event.hasArrived() != (arrived == null)) {
            throw new Violation(5, "a call arrives once, before all else");
        }
        if (made != null && !made.getToQueueId().isEmpty() && !followed) {
            followed = event.getQueued().getLeftBy() == LeftBy.DECISION
                    && event.getQueued().getQueueId().equals(made.getToQueueId());
            if (!followed) {
                throw new Violation(1, "a decision hook is not followed");
            }
        }
        switch (event.getEventCase()) {
            case ARRIVED -> arrived = event.getArrived();
            case QUEUED -> {
                queued(event.getQueued());
                openMs = event.getAtMs();
                enteredMs = openMs;
            }
            case OFFER_STARTED -> {
                var offer = event.getOfferStarted();
                if (!offered.isEmpty() && !ringsAll.test(offer.getQueueId())) {
                    throw new Violation(1, "a second offer while the first is under way");
                }
                if (talk != null
                        || offered.values().stream()
                                .anyMatch(other -> other.getAgentId().equals(offer.getAgentId()))) {
                    throw new Violation(1, "an offer to who rings already, or of a caller who talks");
                }
                if (isHeld()) {
                    throw new Violation(1, "an offer while a decision hook is asked");
                }
                if (!begun.add(offer.getOfferId())) {
                    throw new Violation(1, "an offer begins for the second time");
                }
                if (outside() != null || (isOutside(offer) && !offered.isEmpty())) {
                    throw new Violation(1, "somebody else is rung while a number outside is");
                }
                var here = queued == null ? "" : queued.getQueueId();
                if (left != null || !offer.getQueueId().equals(here)) {
                    throw new Violation(1, "a queue gives away a call that does not wait in it");
                }
                if (isOutside(offer)) {
                    goesOutside(offer, event.getAtMs());
                } else if (queued == null) {
                    throw new Violation(1, "an agent is rung for a call that waits in no queue");
                }
                offered.put(offer.getOfferId(), offer);
                offers++;
            }
            case OFFER_ENDED -> {
                var over = offered.remove(event.getOfferEnded().getOfferId());
                if (over == null) {
                    throw new Violation(1, "an offer ends that was not under way");
                }
                if (isOutside(over)) {
                    notReachedMs = event.getAtMs();
                }
                if (over.equals(talk)) {
                    takenBack.add(talk.getLegId());
                    talk = null;
                    talkMs = 0;
                }
                leaving = leaving && !offered.isEmpty();
                openMs = event.getAtMs();
            }
            case TALK_STARTED -> {
                if (talk != null) {
                    throw new Violation(2, "a second agent talks to the caller");
                }
                talk = offered.get(event.getTalkStarted().getOfferId());
                if (talk == null) {
                    throw new Violation(2, "an agent talks who was not offered the call");
                }
                if (leaving) {
                    throw new Violation(2, "an agent talks to a caller who has asked to leave");
                }
                talkMs = event.getAtMs();
            }
            case LEAVE_REQUESTED -> {
                if (offered.isEmpty() || outside() != null || talk != null || leaving) {
                    throw new Violation(1, "a caller asks to leave for whom no phone rings");
                }
                leaving = true;
            }
            case LEFT_QUEUE -> {
                boolean onArrival = queued == null && arrived.getTreatment() == Treatment.ANNOUNCEMENT && left == null;
                if (!waits() && !onArrival) {
                    throw new Violation(1, "a call leaves a queue in which it does not wait");
                }
                left = event.getLeftQueue();
                if (!onArrival) {
                    leaves(left.getQueueId(), left.getLeftBy());
                }
            }
            case DECISION_ASKED -> {
                asked = event.getDecisionAsked();
                if (!waits() || wasAsked || !isIn(asked.getQueueId())) {
                    throw new Violation(1, "a decision hook is asked for the second time");
                }
                wasAsked = true;
            }
            case DECISION_MADE -> {
                made = event.getDecisionMade();
                decided(made.getAskId(), event.getAtMs());
                if (event.getAtMs() >= untilMs) {
                    throw new Violation(1, "a decision hook is followed that is late");
                }
                if (!made.getAgentId().isEmpty()) {
                    forAgentUntilMs.put(queued.getQueueId() + " " + made.getAgentId(), made.getAgentUntilMs());
                }
                if (made.getPriority() != 0) {
                    queued = queued.toBuilder().setPriority(made.getPriority()).build();
                    priorities.add(made.getPriority());
                }
            }
            case DECISION_FAILED -> decided(event.getDecisionFailed().getAskId(), event.getAtMs());
            case ENDED -> {
                ended = event.getEnded();
                compare();
            }
            case EVENT_NOT_SET -> throw new Violation(Violation.CONTRACT, "an empty event");
        }
    }

    /** Where its queue's limit or key leads, and each limit once; or on arrival, by a rule, and once. */
    private void goesOutside(OfferStarted offer, long atMs) {
        dialledMs = atMs;
        if (queued != null) {
            leaves(offer.getQueueId(), offer.getLeftBy());
        } else if (arrived.getTreatment() != Treatment.TO_NUMBER || offers > 0) {
            throw new Violation(1, "a call is put through to a number that no rule has said");
        }
    }

    private void queued(CallQueued now) {
        if (arrived.getTreatment() == Treatment.ANNOUNCEMENT) {
            throw new Violation(1, "who is only to hear an announcement enters a queue");
        }
        if (queued != null && waitsForOneAgent() && !now.getQueueId().equals(queued.getThenQueueId())) {
            throw new Violation(3, "who was not taken by an agent goes elsewhere than to " + queued.getThenQueueId());
        }
        if (queued != null
                && now.getQueueId().startsWith(ONE_AGENT)
                && !now.getThenQueueId().equals(queued.getQueueId())) {
            throw new Violation(3, "who is sent to an agent is not to come back");
        }
        if (now.getLeftBy() == LeftBy.KEY && wasLoggedOut(now.getQueueId())) {
            throw new Violation(4, "the key sends a caller to an agent again who was logged out");
        }
        if (now.getLeftBy() == LeftBy.NOBODY_LOGGED_IN && waitsForOneAgent()) {
            loggedOut.add(queued.getQueueId());
        }
        if (queued != null
                && (queued.getWaitingSinceMs() != now.getWaitingSinceMs()
                        || queued.getPriority() != now.getPriority())) {
            throw new Violation(3, "the caller's place has changed");
        }
        if (queued != null) {
            if (!waits() || queued.getQueueId().equals(now.getQueueId())) {
                throw new Violation(1, "a call is moved that does not wait elsewhere");
            }
            moves++;
            leaves(now.getFromQueueId(), now.getLeftBy());
        }
        queued = now;
        priorities.add(now.getPriority());
        asked = null;
        wasAsked = false;
        followed = false;
        made = null;
    }

    private void decided(String askId, long atMs) {
        if (!isHeld() || !asked.getAskId().equals(askId)) {
            throw new Violation(1, "a decision nobody has asked for");
        }
        untilMs = asked.getUntilMs();
        asked = null;
        openMs = atMs;
    }

    /** Has its place, and is not given to anybody yet. */
    boolean isHeld() {
        return waits() && asked != null;
    }

    /** For whom alone it is, as long as they are at work; null for nobody in particular. */
    String onlyFor(long atMs) {
        return made == null || made.getAgentId().isEmpty() || made.getAgentUntilMs() <= atMs ? null : made.getAgentId();
    }

    /** Whether that queue may think that it is for that agent alone. */
    boolean wasFor(String queueId, String agentId, long atMs) {
        return forAgentUntilMs.getOrDefault(queueId + " " + agentId, 0L) > atMs;
    }

    /** And goes on from there when that one does not take the call, however often. */
    boolean waitsForOneAgent() {
        return queued.getQueueId().startsWith(ONE_AGENT);
    }

    /** @param queueId of one agent alone */
    boolean wasLoggedOut(String queueId) {
        return loggedOut.contains(queueId);
    }

    boolean hasLeftBy(String queueId, LeftBy by) {
        return usedUp.contains(queueId + " " + by);
    }

    private void leaves(String queueId, LeftBy by) {
        if (!queueId.equals(queued.getQueueId())) {
            throw new Violation(1, "a call leaves a queue in which it does not wait");
        }
        if (by != LeftBy.KEY && !waitsForOneAgent() && !usedUp.add(queueId + " " + by)) {
            throw new Violation(4, "a limit has moved a call for the second time");
        }
    }

    /** The record must say what the journal says. */
    private void compare() {
        same("call", arrived.getCallId(), ended.getCallId());
        same("caller", arrived.getCallerNumber(), ended.getCallerNumber());
        same("arrival", arrived.getArrivedMs(), ended.getArrivedMs());
        same("queue", queued == null ? "" : queued.getQueueId(), ended.getQueueId());
        same("priority", queued == null ? 0 : queued.getPriority(), ended.getPriority());
        same("agent", talk == null ? "" : talk.getAgentId(), ended.getAgentId());
        same("seat", talk == null ? "" : talk.getSeatId(), ended.getSeatId());
        same("time of answer", talksOutside() ? 0 : talkMs, ended.getAnsweredMs());
        same("number of offers", offers, ended.getOffers());
        same("moved", moves > 0, !ended.getFirstQueueId().isEmpty());
        same(
                "left its queue",
                left != null || moves > 0 || talksOutside(),
                !ended.getLeftTo().isEmpty());
        same("rule", arrived.getRuleId(), ended.getRuleId());
        same("announced", arrived.getTreatment() == Treatment.ANNOUNCEMENT, left != null && queued == null);
        same(
                "overflowed",
                (left != null && queued != null) || talksOutside(),
                ended.getOutcome() == CallOutcome.OVERFLOWED);
        same("answered", talk != null && !talksOutside(), ended.getOutcome() == CallOutcome.ANSWERED);
        if (talksOutside()) {
            same("number", "number:" + talk.getNumber(), ended.getLeftTo());
            same("reason", talk.getLeftBy(), ended.getLeftBy());
            same("time of answer outside", talkMs, ended.getLeftMs());
        }
    }

    private static void same(String what, Object journal, Object summary) {
        if (!journal.equals(summary)) {
            throw new Violation(5, "the record says " + what + " " + summary + ", the journal " + journal);
        }
    }
}
