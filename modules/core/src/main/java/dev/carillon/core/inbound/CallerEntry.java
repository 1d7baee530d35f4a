package dev.carillon.core.inbound;

/**
 * A caller, or all whose numbers begin alike, on one of the lists.
 *
 * @param number as the box reports callers' numbers
 * @param prefix whether it stands for all numbers that begin with it
 * @param note for people: who that is, and why
 */
public record CallerEntry(String number, CallerList list, boolean prefix, String note) {

    public enum CallerList {
        /** Hears busy. */
        BLACKLIST,
        /** Is let in, whatever a shorter prefix on the blacklist says. */
        WHITELIST,
        /** As on the whitelist, and goes to the front of the line. */
        VIP
    }
}
