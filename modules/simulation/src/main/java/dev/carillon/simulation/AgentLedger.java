package dev.carillon.simulation;

import dev.carillon.protocol.agent.AgentEvent;

/** One agent by their journal alone; see {@link CallLedger}. */
final class AgentLedger {

    private boolean loggedIn;
    private boolean ready;
    /** The reservation or conversation; null when there is none. */
    private String offerId;

    private boolean talking;

    /** From when "longest idle" counts. */
    long idleSinceMs;

    /** Since when they could be given a call. */
    private long freeMs;

    /** Whether they could be given a call, and could since that moment. */
    boolean freeSince(long ms) {
        return ready && offerId == null && freeMs <= ms;
    }

    void read(AgentEvent event) {
        switch (event.getEventCase()) {
            case LOGGED_IN -> {
                free("logs in");
                loggedIn = true;
                ready = false;
            }
            case LOGGED_OUT -> {
                free("logs out");
                loggedIn = false;
                ready = false;
            }
            case BECAME_READY -> {
                afterTalk("is ready");
                ready = loggedIn;
                idleSinceMs = event.getBecameReady().getIdleSinceMs();
                freeMs = event.getAtMs();
            }
            case BECAME_NOT_READY -> {
                afterTalk("is not ready");
                ready = false;
            }
            case RESERVED -> {
                free("is reserved");
                if (!ready) {
                    throw new Violation(1, "an agent is reserved who is not ready");
                }
                offerId = event.getReserved().getOfferId();
                talking = false;
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
                offerId = talk;
                talking = true;
                ready = false;
            }
            case WRAP_UP_STARTED -> {
                if (offerId == null) {
                    throw new Violation(1, "work after a call that the agent did not have");
                }
                offerId = null;
                talking = false;
                ready = false;
            }
            case NEXT_STATE_CHOSEN, SEAT_CHANGED -> {}
            case EVENT_NOT_SET -> throw new Violation(Violation.CONTRACT, "an empty event");
        }
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
