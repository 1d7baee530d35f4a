package dev.carillon.core;

import java.time.Instant;

/**
 * A timer that runs for as long as the state says so.
 *
 * @param id unique within the entity; carries the id of what it guards, so that a late one is recognised
 * @param due when it fires; at once if that has passed
 */
public record Timer(String id, Instant due) {}
