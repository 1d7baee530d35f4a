package dev.carillon.api;

import java.time.Duration;

/** Counts requests. Told on any thread: returns at once, and never fails. */
@FunctionalInterface
public interface RequestMeter {

    /**
     * A request was answered.
     *
     * @param operation as the contract writes it, for example {@code GET /api/v1/agents/{agentId}}
     * @param status of the answer
     * @param took until the answer began: the live stream goes on after it
     */
    void answered(String operation, int status, Duration took);
}
