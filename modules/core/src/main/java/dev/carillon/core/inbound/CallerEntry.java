package dev.carillon.core.inbound;

import dev.carillon.core.OwnQueue;

/**
 * A caller, or all whose numbers begin alike, on one of the lists.
 *
 * @param number as the box reports callers' numbers
 * @param prefix whether it stands for all numbers that begin with it
 * @param note for people: who that is, and why
 * @param agentId of a VIP, whom they are sent to before anybody else; empty for nobody
 * @param agentSeconds for how long they wait for that agent alone
 */
public record CallerEntry(
        String number, CallerList list, boolean prefix, String note, String agentId, int agentSeconds) {

    /** Without an agent of their own. */
    public CallerEntry(String number, CallerList list, boolean prefix, String note) {
        this(number, list, prefix, note, "", OwnQueue.SECONDS);
    }

    public enum CallerList {
        /** Hears busy. */
        BLACKLIST,
        /** Is let in, whatever a shorter prefix on the blacklist says. */
        WHITELIST,
        /** As on the whitelist, and goes to the front of the line, or to their own agent first. */
        VIP
    }
}
