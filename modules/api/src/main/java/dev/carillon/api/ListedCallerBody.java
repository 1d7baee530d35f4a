package dev.carillon.api;

import dev.carillon.core.inbound.CallerEntry;

/** {@code ListedCaller} of the contract. */
record ListedCallerBody(String number, Settings settings) {

    /** Without an agent of their own, what concerns one is null. */
    record Settings(String list, boolean prefix, String note, String agentId, Integer agentSeconds) {}

    static ListedCallerBody of(CallerEntry caller) {
        return new ListedCallerBody(
                caller.number(),
                new Settings(
                        Words.of(caller.list()),
                        caller.prefix(),
                        caller.note(),
                        Words.orNull(caller.agentId()),
                        caller.agentId().isEmpty() ? null : caller.agentSeconds()));
    }
}
