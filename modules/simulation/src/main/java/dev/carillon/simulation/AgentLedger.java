package dev.carillon.simulation;

import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.agent.AgentWrapUpStarted;
import dev.carillon.protocol.agent.WrapUpMode;
import java.util.ArrayList;
import java.util.List;

/** One agent by their journal alone; see {@link CallLedger}. */
final class AgentLedger {

    private record Talk(long fromMs, long toMs) {}

    boolean loggedIn;

    /** Where they logged in last; null when they never did. */
    String seatId;

    private boolean ready;
    /** The reservation or conversation; null when there is none. */
    private String offerId;

    private boolean talking;

    /** Since when they have that, or had what they now work after. */
    long busyMs;

    /** When each of their conversations began. */
    private final List<Long> begunMs = new ArrayList<>();

    private final List<Talk> talks = new ArrayList<>();
    private String talkQueueId;

    /** The wrap-up; null outside it. */
    private AgentWrapUpStarted wrapUp;

    private long wrapUpUntilMs;
    private boolean coded;

    /** When Carillon makes them ready again by itself; 0 for never. */
    private long returnAtMs;

    /** Whether a person's word reached them at the moment of the event that is about to be read. */
    boolean wished;

    /** Whether their desktop has given a sign of life since the log-in. */
    boolean watched;

    /** The queue whose call was followed by no wrap-up, with the event that was just read; null when that did not happen. */
    String freeAfter;

    /** From when "longest idle" counts. */
    long idleSinceMs;

    /** Since when they could be given a call. */
    private long freeMs;

    /** Since when they have been at work: ready, or with a call or the work after one. */
    private long workMs;

    /** Whether they are at work, and were at that moment and ever since. */
    boolean worksSince(long ms) {
        return works() && workMs <= ms;
    }

    boolean works() {
        return ready || offerId != null || wrapUp != null;
    }

    /** Whether they could be given a call, and could since that moment. */
    boolean freeSince(long ms) {
        return ready && offerId == null && freeMs <= ms;
    }

    /** Whether they have a reservation or conversation, and had it at that moment. */
    boolean busySince(long ms) {
        return offerId != null && busyMs <= ms;
    }

    /** Whether more conversations than are left to them, of so many, have begun within the window before that moment. */
    boolean hasHadAsManyAs(int most, long ms) {
        long oldest = ms - Deciders.CALLS_WINDOW.toMillis();
        return most > 0 && begunMs.stream().filter(begun -> begun > oldest).count() >= most;
    }

    /** Conversations that have begun between these moments. */
    int begunBetween(long fromMs, long toMs) {
        return (int) begunMs.stream()
                .filter(begun -> begun >= fromMs && begun < toMs)
                .count();
    }

    /** For how long they have talked in those that began between these moments and are over. */
    long talkedBetween(long fromMs, long toMs) {
        return talks.stream()
                .filter(talk -> talk.fromMs() >= fromMs && talk.fromMs() < toMs)
                .mapToLong(talk -> talk.toMs() - talk.fromMs())
                .sum();
    }

    void read(AgentEvent event) {
        freeAfter = null;
        boolean talked = talking;
        boolean worked = works();
        readIt(event);
        // Who rests is at work for nobody.
        if (!worked || event.hasRestEnded() || event.hasCallsLimited()) {
            workMs = event.getAtMs();
        }
        if (talked && !talking) {
            talks.add(new Talk(begunMs.get(begunMs.size() - 1), event.getAtMs()));
        }
    }

    private void readIt(AgentEvent event) {
        switch (event.getEventCase()) {
            case LOGGED_IN, LOGGED_OUT, BECAME_READY, BECAME_NOT_READY -> {
                lastSeen(event);
                endOfWrapUp(event);
                freeAfter = talking ? talkQueueId : null;
            }
            default -> {}
        }
        if (event.hasBecameReady() && event.getAtMs() < returnAtMs && !wished) {
            throw new Violation(Violation.WRAP_UP, "an agent comes back from a missed call too early");
        }
        switch (event.getEventCase()) {
            case LOGGED_IN -> {
                free("logs in");
                loggedIn = true;
                seatId = event.getLoggedIn().getSeatId();
                watched = false;
                ready = false;
            }
            case LOGGED_OUT -> {
                free("logs out");
                loggedIn = false;
                returnAtMs = 0;
                ready = false;
            }
            case BECAME_READY -> {
                afterTalk("is ready");
                ready = loggedIn;
                returnAtMs = 0;
                idleSinceMs = event.getBecameReady().getIdleSinceMs();
                freeMs = event.getAtMs();
            }
            case BECAME_NOT_READY -> {
                afterTalk("is not ready");
                ready = false;
                returnAtMs = event.getBecameNotReady().getReturnAtMs();
            }
            case RESERVED -> {
                free("is reserved");
                if (!ready) {
                    throw new Violation(1, "an agent is reserved who is not ready");
                }
                offerId = event.getReserved().getOfferId();
                talking = false;
                busyMs = event.getAtMs();
            }
            case OFFER_ENDED -> {
                if (!event.getOfferEnded().getOfferId().equals(offerId) || talking) {
                    throw new Violation(1, "an agent's offer ends that they did not have");
                }
                offerId = null;
                freeMs = event.getAtMs();
            }
            case TALK_STARTED -> {
                var talk = event.getTalkStarted().getOfferId();
                if (offerId != null && !offerId.equals(talk)) {
                    throw new Violation(1, "an agent talks to one caller and is reserved for another");
                }
                if (talking) {
                    throw new Violation(2, "an agent begins to talk who talks");
                }
                busyMs = offerId == null ? event.getAtMs() : busyMs;
                offerId = talk;
                begunMs.add(event.getAtMs());
                talking = true;
                talkQueueId = event.getTalkStarted().getQueueId();
                wrapUp = null;
                ready = false;
            }
            case WRAP_UP_STARTED -> {
                if (offerId == null) {
                    throw new Violation(1, "work after a call that the agent did not have");
                }
                wrapUp = event.getWrapUpStarted();
                if (!wrapUp.getQueueId().equals(talkQueueId)) {
                    throw new Violation(Violation.WRAP_UP, "the wrap-up of another queue");
                }
                wrapUpUntilMs = wrapUp.getUntilMs();
                coded = false;
                offerId = null;
                talking = false;
                ready = false;
            }
            case WRAP_UP_EXTENDED -> {
                long until = event.getWrapUpExtended().getUntilMs();
                if (wrapUp == null || wrapUp.getMode() != WrapUpMode.WRAP_UP_EXTENDABLE || until <= wrapUpUntilMs) {
                    throw new Violation(Violation.WRAP_UP, "a wrap-up is extended that cannot be");
                }
                wrapUpUntilMs = until;
            }
            case WRAP_UP_CODED -> coded = true;
            case DESKTOP_SEEN -> watched = true;
            case REST_ENDED -> freeMs = event.getAtMs();
            case NEXT_STATE_CHOSEN,
                    NEXT_STATE_CANCELLED,
                    SEAT_CHANGED,
                    CALLS_LIMITED,
                    DAY_ENDED,
                    SEAT_REACHABILITY -> {}
            case CONTACT_ENDED -> throw new Violation(1, "a contact ends beside another, where calls are all there is");
            case DAY, HOUR -> throw new Violation(Violation.CONTRACT, "a sum is written that is for snapshots only");
            case EVENT_NOT_SET -> throw new Violation(Violation.CONTRACT, "an empty event");
        }
    }

    private static void lastSeen(AgentEvent event) {
        long lastSeen = Math.max(
                event.getLoggedOut().getLastSeenMs(), event.getBecameNotReady().getLastSeenMs());
        if (lastSeen > 0
                && event.getAtMs() - lastSeen < Deciders.DESKTOPS.lostAfter().toMillis()) {
            throw new Violation(Violation.DESKTOP, "a desktop is given up too early");
        }
    }

    private void endOfWrapUp(AgentEvent event) {
        long atMs = event.getAtMs();
        // Nobody is there any more to end it, and it has lasted its time.
        boolean abandoned = event.getLoggedOut().getLastSeenMs() > 0 && atMs >= wrapUpUntilMs;
        if (wrapUp != null && !abandoned) {
            boolean mayEnd =
                    switch (wrapUp.getMode()) {
                        case WRAP_UP_FIXED -> atMs >= wrapUpUntilMs;
                        case WRAP_UP_MANDATORY -> coded;
                        default -> wished || atMs >= wrapUpUntilMs;
                    };
            if (!mayEnd) {
                throw new Violation(Violation.WRAP_UP, "a wrap-up is cut short");
            }
        }
        wrapUp = null;
    }

    private void free(String what) {
        if (offerId != null) {
            throw new Violation(1, "an agent " + what + " while reserved or talking");
        }
    }

    /** A conversation without wrap-up ends in readiness or its opposite; a reservation does not. */
    private void afterTalk(String what) {
        if (offerId != null && !talking) {
            throw new Violation(1, "an agent " + what + " while reserved");
        }
        offerId = null;
        talking = false;
    }
}
