package dev.carillon.core.agent;

/**
 * A reason not to be ready, from the operator's own list.
 *
 * @param code what is stored and sent
 * @param name what people call it
 * @param paid whether the time counts as worked
 * @param active whether it may be chosen; one that may not keeps its name for what was said with it before
 * @param order the least comes first; of the same, the code decides
 */
public record NotReadyReason(String code, String name, boolean paid, boolean active, int order) {}
