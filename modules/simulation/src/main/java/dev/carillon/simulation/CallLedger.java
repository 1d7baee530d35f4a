package dev.carillon.simulation;

import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.OfferStarted;
import java.util.HashSet;
import java.util.Set;

/**
 * One call by its journal alone, read without the decider's {@code evolve}, and refusing what no call may ever do. It is the
 * simulation's own opinion of what the events mean.
 */
final class CallLedger {

    CallArrived arrived;
    CallQueued queued;
    /** The offer under way, or the conversation it led to; null when there is none. */
    OfferStarted offer;
    /**
     * The offer of which the agent answered; stays once the call has ended. An agent whose phone was answered although they could
     * not be given the call leaves the caller waiting again, and then there may be another.
     */
    OfferStarted talk;

    /** Legs of agents who answered and could not be given the call. */
    final Set<String> takenBack = new HashSet<>();

    long talkMs;
    CallEnded ended;
    int offers;

    /** Since when it waits and is not offered to anybody. */
    long openMs;

    boolean waits() {
        return queued != null && ended == null && offer == null;
    }

    boolean talks() {
        return ended == null && offer != null && offer.equals(talk);
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
        switch (event.getEventCase()) {
            case ARRIVED -> arrived = event.getArrived();
            case QUEUED -> {
                queued(event.getQueued());
                openMs = event.getAtMs();
            }
            case OFFER_STARTED -> {
                if (offer != null) {
                    throw new Violation(1, "a second offer while the first is under way");
                }
                offer = event.getOfferStarted();
                offers++;
            }
            case OFFER_ENDED -> {
                if (offer == null
                        || !offer.getOfferId().equals(event.getOfferEnded().getOfferId())) {
                    throw new Violation(1, "an offer ends that was not under way");
                }
                if (talk != null) {
                    takenBack.add(talk.getLegId());
                }
                offer = null;
                talk = null;
                talkMs = 0;
                openMs = event.getAtMs();
            }
            case TALK_STARTED -> {
                if (talk != null) {
                    throw new Violation(2, "a second agent talks to the caller");
                }
                if (offer == null
                        || !offer.getOfferId().equals(event.getTalkStarted().getOfferId())) {
                    throw new Violation(2, "an agent talks who was not offered the call");
                }
                talk = offer;
                talkMs = event.getAtMs();
            }
            case ENDED -> {
                ended = event.getEnded();
                compare();
            }
            case EVENT_NOT_SET -> throw new Violation(Violation.CONTRACT, "an empty event");
        }
    }

    private void queued(CallQueued now) {
        if (queued != null
                && (queued.getWaitingSinceMs() != now.getWaitingSinceMs()
                        || queued.getPriority() != now.getPriority())) {
            throw new Violation(3, "the caller's place has changed");
        }
        queued = now;
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
        same("time of answer", talkMs, ended.getAnsweredMs());
        same("number of offers", offers, ended.getOffers());
        same("answered", talk != null, ended.getOutcome() == CallOutcome.ANSWERED);
    }

    private static void same(String what, Object journal, Object summary) {
        if (!journal.equals(summary)) {
            throw new Violation(5, "the record says " + what + " " + summary + ", the journal " + journal);
        }
    }
}
