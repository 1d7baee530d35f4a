package dev.carillon.api;

import dev.carillon.core.agent.NotReadyReason;

/** {@code NotReadyReason} of the contract. */
record NotReadyReasonBody(String code, Settings settings) {

    record Settings(String name, boolean paid, boolean active, int order) {}

    static NotReadyReasonBody of(NotReadyReason reason) {
        return new NotReadyReasonBody(
                reason.code(), new Settings(reason.name(), reason.paid(), reason.active(), reason.order()));
    }
}
