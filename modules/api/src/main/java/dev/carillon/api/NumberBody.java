package dev.carillon.api;

import dev.carillon.core.Directory;

/** {@code DialledNumber} of the contract. */
record NumberBody(String number, Settings settings) {

    record Settings(String queueId, int priority) {}

    static NumberBody of(Directory.DialledNumber number) {
        return new NumberBody(number.number(), new Settings(number.queueId(), number.priority()));
    }
}
