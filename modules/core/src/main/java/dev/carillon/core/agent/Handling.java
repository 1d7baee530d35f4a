package dev.carillon.core.agent;

/**
 * How the agents of a queue handle its calls.
 *
 * @param ringSeconds for how long an agent's phone rings before the call goes to the next
 * @param returnAfterMissedSeconds after how long an agent who has missed a call is ready again by themselves; 0 for never
 */
public record Handling(int ringSeconds, WrapUp wrapUp, int returnAfterMissedSeconds) {

    public static final Handling PLAIN = new Handling(20, 0);

    /** With a wrap-up that the agent may end at any time, and who misses a call stays away until they say otherwise. */
    public Handling(int ringSeconds, int wrapUpSeconds) {
        this(ringSeconds, WrapUp.of(WrapUp.Mode.OPTIONAL, wrapUpSeconds), 0);
    }
}
