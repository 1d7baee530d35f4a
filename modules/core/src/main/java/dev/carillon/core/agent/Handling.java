package dev.carillon.core.agent;

/**
 * How the agents of a queue handle its calls.
 *
 * @param ringSeconds for how long an agent's phone rings before the call goes to the next
 * @param wrapUpSeconds how long an agent has for work after a call; 0 for none
 */
public record Handling(int ringSeconds, int wrapUpSeconds) {

    public static final Handling PLAIN = new Handling(20, 0);
}
