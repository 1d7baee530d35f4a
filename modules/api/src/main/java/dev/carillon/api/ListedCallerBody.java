package dev.carillon.api;

import dev.carillon.core.inbound.CallerEntry;

/** {@code ListedCaller} of the contract. */
record ListedCallerBody(String number, Settings settings) {

    record Settings(String list, boolean prefix, String note) {}

    static ListedCallerBody of(CallerEntry caller) {
        return new ListedCallerBody(
                caller.number(), new Settings(Words.of(caller.list()), caller.prefix(), caller.note()));
    }
}
