package dev.carillon.core;

import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.Steps;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The queue of one agent alone, in which callers wait who are sent to that agent. Nobody sets it up: it is there for every agent to whom a
 * target or a caller's entry on a list leads. It is a queue like any other, so order, offers and crashes are what they are everywhere;
 * only its limits are its own: whoever has waited for the time they were given, and everybody while the agent is logged
 * out, goes on ({@link Target.Onward}).
 */
public final class OwnQueue {

    /** For how long a caller waits for the agent if nothing else is said. */
    public static final int SECONDS = 30;

    /** No id that people give has a slash. */
    private static final String PREFIX = "agent/";

    private static final Routing ROUTING = new Routing(
            Routing.PLAIN.strategy(),
            Steps.ANYONE,
            Routing.PLAIN.priorityWorth(),
            Duration.ZERO,
            Routing.PLAIN.expectedHandling(),
            Routing.PLAIN.reservesAfter(),
            Duration.ZERO);

    private static final Waiting WAITING = new Waiting(
            Waiting.PLAIN.musicClass(),
            "",
            List.of(
                    new Limit(Limit.Kind.LONGEST_WAIT, SECONDS, new Target.Onward()),
                    new Limit(Limit.Kind.NOBODY_LOGGED_IN, 0, new Target.Onward())),
            Optional.empty(),
            Optional.empty());

    public static String of(String agentId) {
        return PREFIX + agentId;
    }

    public static boolean is(String queueId) {
        return queueId.startsWith(PREFIX);
    }

    /** Whose queue it is. */
    public static String agentOf(String queueId) {
        return queueId.substring(PREFIX.length());
    }

    /** How the call record says that a caller was sent there. */
    public static String words(String queueId) {
        return is(queueId)
                ? new Target.ToAgent(agentOf(queueId), SECONDS).words()
                : new Target.OtherQueue(queueId).words();
    }

    static Directory.Queue queue(String id) {
        return new Directory.Queue(id, id, ROUTING, Handling.PLAIN, WAITING);
    }

    private OwnQueue() {}
}
