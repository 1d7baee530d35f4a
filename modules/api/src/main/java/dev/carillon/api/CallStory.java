package dev.carillon.api;

import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallLeftQueue;
import dev.carillon.protocol.call.CallQueued;
import dev.carillon.protocol.call.CallerList;
import dev.carillon.protocol.call.DecisionMade;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.call.OfferOutcome;
import dev.carillon.protocol.call.OfferStarted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** Tells a call's events in words, one sentence each, in their order: a sentence may be about what an earlier one has begun. For one call. */
final class CallStory {

    /** Whom an offer is to, by its id. */
    private final Map<String, String> offered = new HashMap<>();

    String tell(CallEvent event) {
        return switch (event.getEventCase()) {
            case ARRIVED -> arrived(event.getArrived());
            case QUEUED -> queued(event.getQueued());
            case OFFER_STARTED -> offerStarted(event.getOfferStarted());
            case OFFER_ENDED -> sentence(whom(event.getOfferEnded().getOfferId()) + " "
                    + outcome(event.getOfferEnded().getOutcome()));
            case TALK_STARTED -> sentence(
                    whom(event.getTalkStarted().getOfferId()) + " has answered, and talks to the caller");
            case LEAVE_REQUESTED -> sentence("The caller is to leave queue "
                    + event.getLeaveRequested().getQueueId()
                    + because(event.getLeaveRequested().getLeftBy())
                    + ", as soon as the phone that rings for them has stopped");
            case LEFT_QUEUE -> leftQueue(event.getLeftQueue());
            case DECISION_ASKED -> sentence("The decision hook of queue "
                    + event.getDecisionAsked().getQueueId() + " is asked what is to be done");
            case DECISION_MADE -> decided(event.getDecisionMade());
            case DECISION_FAILED -> sentence("The decision hook has said nothing that can be followed ("
                    + event.getDecisionFailed().getReason() + "): the queue's own rule applies");
            case ENDED -> ended(event.getEnded());
            case EVENT_NOT_SET -> "Something that this version does not know.";
        };
    }

    private static String arrived(CallArrived event) {
        var caller = event.getCallerNumber().isEmpty()
                ? "A caller who withholds their number"
                : "A caller with number " + event.getCallerNumber();
        var list = event.getCallerList() == CallerList.CALLER_LIST_UNSPECIFIED
                ? ""
                : ", who is on the list " + Words.of(event.getCallerList()) + ",";
        var rule = event.getRuleId().isEmpty() ? "" : ", by the inbound rule " + event.getRuleId();
        var becomes =
                switch (event.getTreatment()) {
                    case TO_QUEUE -> ", and goes to a queue";
                    case HEARS_BUSY -> ", and hears the busy tone";
                    case TURNED_AWAY -> ", and is turned away";
                    case UNALLOCATED -> ", a number that there is not";
                    case TO_AGENT -> ", and goes to one agent";
                    case TO_NUMBER -> ", and is put through to a number outside";
                    case ANNOUNCEMENT -> ", and hears an announcement";
                    case TREATMENT_UNSPECIFIED, UNRECOGNIZED -> "";
                };
        return sentence(caller + list + " has reached box " + event.getBoxId() + " and dialled "
                + event.getDialledNumber() + becomes + rule);
    }

    private static String queued(CallQueued event) {
        var from = event.getFromQueueId().isEmpty()
                ? ""
                : ", coming from queue " + event.getFromQueueId() + because(event.getLeftBy());
        var then = event.getThenQueueId().isEmpty()
                ? ""
                : ", and goes on to queue " + event.getThenQueueId() + " after " + event.getAgentSeconds() + " s";
        return sentence("Waits in queue " + event.getQueueId() + " with priority " + event.getPriority() + from + then);
    }

    private String offerStarted(OfferStarted event) {
        var toAgent = event.getNumber().isEmpty();
        var whom = toAgent ? "Agent " + event.getAgentId() : "The number " + event.getNumber();
        offered.put(event.getOfferId(), whom);
        return sentence(whom + (toAgent ? " at seat " + event.getSeatId() : "") + because(event.getLeftBy())
                + " is rung, for up to " + event.getRingSeconds() + " s");
    }

    private String whom(String offerId) {
        return offered.getOrDefault(offerId, "Whoever was rung");
    }

    private static String outcome(OfferOutcome outcome) {
        return switch (outcome) {
            case COMPLETED -> "has talked to the caller";
            case REFUSED -> "has declined";
            case BUSY -> "was busy";
            case UNANSWERED -> "has not answered";
            case UNREACHABLE -> "could not be rung";
            case CALLER_LEFT -> "is rung no more: the caller has left";
            case WITHDRAWN -> "is rung no more: Carillon has taken the offer back";
            case BOX_LOST -> "is rung no more: the box was lost";
            case ANSWERED_ELSEWHERE -> "is rung no more: another one has answered first";
            case OFFER_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "is rung no more";
        };
    }

    private static String leftQueue(CallLeftQueue event) {
        var hears = event.getSound().isEmpty() ? "" : "hears " + event.getSound();
        if (event.getQueueId().isEmpty()) {
            return sentence(hears.isEmpty() ? "Waits for nobody" : "The caller " + hears);
        }
        return sentence("Has left queue " + event.getQueueId() + because(event.getLeftBy())
                + (hears.isEmpty() ? "" : ", and " + hears));
    }

    private static String decided(DecisionMade event) {
        var said = new ArrayList<String>();
        if (!event.getAgentId().isEmpty()) {
            said.add("agent " + event.getAgentId() + " alone may have the call for a while");
        }
        if (!event.getToQueueId().isEmpty()) {
            said.add("it goes to queue " + event.getToQueueId());
        }
        if (event.getPriority() != 0) {
            said.add("its priority is " + event.getPriority() + " from now on");
        }
        return sentence("The decision hook has answered: "
                + (said.isEmpty() ? "the queue's own rule applies" : String.join(", ", said)));
    }

    private static String ended(CallEnded event) {
        var how =
                switch (event.getOutcome()) {
                    case ANSWERED -> "after a talk with agent " + event.getAgentId() + " of "
                            + seconds(event.getAnsweredMs(), event.getEndedMs());
                    case ABANDONED -> "before anybody had talked to the caller, who gave up after "
                            + seconds(event.getArrivedMs(), event.getEndedMs());
                    case REJECTED -> "without having been let in";
                    case LOST -> "because its box was lost before anybody had talked to the caller";
                    case OVERFLOWED -> "outside of the queues"
                            + (event.getLeftTo().isEmpty() ? "" : ", sent to " + event.getLeftTo());
                    case CALL_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "in a way that nobody has noted";
                };
        return sentence("The call has ended " + how + by(event.getEndedBy())
                + (event.getWhileRinging() ? ", while a phone was ringing" : ""));
    }

    private static String by(EndedBy by) {
        return switch (by) {
            case CALLER -> "; the caller hung up";
            case AGENT -> "; the agent hung up";
            case SYSTEM -> "; Carillon hung up";
            case BOX -> "; the box died or was restarted";
            case OUTSIDE -> "; who was called outside hung up";
            case ENDED_BY_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    private static String because(LeftBy reason) {
        return switch (reason) {
            case LONGEST_WAIT -> ", having waited for as long as the queue lets them,";
            case NOBODY_LOGGED_IN -> ", where nobody is logged in,";
            case NOBODY_READY -> ", where nobody is at work,";
            case LONGEST_LINE -> ", where too many wait,";
            case KEY -> ", by a key,";
            case DECISION -> ", by the word of the decision hook,";
            case LEFT_BY_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    }

    private static String seconds(long from, long to) {
        return Duration.ofMillis(Math.max(0, to - from)).toSeconds() + " s";
    }

    /** A clause that ends in a comma ends the sentence as well. */
    private static String sentence(String text) {
        return (text.endsWith(",") ? text.substring(0, text.length() - 1) : text).replace(",,", ",") + ".";
    }
}
