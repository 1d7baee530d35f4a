package dev.carillon.core.queue;

import dev.carillon.core.Target;

/**
 * The way out of a queue that its callers may take by themselves, at any time.
 *
 * @param digit what they press: 0 to 9, * or #
 */
public record LeaveKey(String digit, Target target) {}
