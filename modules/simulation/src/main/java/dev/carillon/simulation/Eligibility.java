package dev.carillon.simulation;

import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.queue.CallEntered;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the agent to whom a call is bid may have it, by the simulation's own reading of the configuration and of the journals of call,
 * queue and agents. Since when a call counts as waiting, and whom its caller last talked to, is in the journal of the queue, so it is
 * known as well of callers who call again or come from another queue.
 *
 * <ol>
 *   <li>They serve the queue, or all queues that they serve may lend to it. (Whether these do lend them is {@link Violation#LENDING}.)
 *   <li>Their seat is at the caller's box.
 *   <li>A call that is for one agent alone, by the word of a decision hook or by a step for the caller's last agent, goes to that one,
 *       whatever their skills are; and to nobody else while that one is at work.
 *   <li>To others it goes by the step that has begun: they have every skill that it asks for. At the very moment at which a step begins,
 *       or a hook's word ends, what was before counts as well: what else happens in that millisecond may come first.
 *   <li>They are no reserve who cannot be called for. Whether reserves are called for is the one thing that no journal says: it follows
 *       from how fast the queue thinks that its line moves, which it measures by what it has heard, and forgets in a crash. But it cannot
 *       think that a call needs more of its agents' time than all agents together have had since its line began, and the expected
 *       handling; and if nobody else is at work, they are called for.
 * </ol>
 */
final class Eligibility {

    private final World world;
    private final Map<String, CallLedger> calls;
    private final Map<String, AgentLedger> agents;
    private final Map<String, QueueLedger> queues;

    Eligibility(
            World world,
            Map<String, CallLedger> calls,
            Map<String, AgentLedger> agents,
            Map<String, QueueLedger> queues) {
        this.world = world;
        this.calls = calls;
        this.agents = agents;
        this.queues = queues;
    }

    /**
     * Of a queue that has had the time to hear of the configuration.
     *
     * @param calm whether nothing has gone wrong for long enough: before, a queue may not have heard for whom a call is, and who works
     * @param heardOf what has been so since then, the queue has heard of
     */
    void check(String agentId, AgentCommand.Bid bid, boolean calm, long heardOf) {
        var queueId = bid.queueId();
        var call = calls.get(bid.callId());
        var entered = queues.containsKey(queueId) ? queues.get(queueId).waiting.get(bid.callId()) : null;
        long now = world.instant().toEpochMilli();
        if (call == null || entered == null) {
            throw wrong(agentId, bid, "which does not wait there");
        }
        boolean serves = world.directory().serves(agentId, queueId);
        if (!serves && !mayBeLent(agentId, queueId)) {
            throw wrong(agentId, bid, "and does not serve that queue, and may not be lent to it");
        }
        if (!isAtBoxOf(agentId, call)) {
            throw wrong(agentId, bid, "and sits at another box");
        }
        if (serves && call.wasFor(queueId, agentId, now - 1)) {
            return;
        }
        var only = call.onlyFor(now);
        if (calm
                && only != null
                && !only.equals(agentId)
                && call.isIn(queueId)
                && call.openMs < heardOf
                && isWaitedFor(only, queueId, call, heardOf)) {
            throw wrong(agentId, bid, "which is for " + only);
        }
        if (serves && (isForLast(agentId, queueId, entered, now) || isForLast(agentId, queueId, entered, now - 1))) {
            return;
        }
        var last = entered.getLastAgentId();
        boolean waitsForLast = calm && !last.isEmpty() && isWaitedFor(last, queueId, call, heardOf);
        if (!meets(agentId, queueId, entered, now, waitsForLast)
                && !meets(agentId, queueId, entered, now - 1, waitsForLast)) {
            throw wrong(agentId, bid, "whose step they do not meet");
        }
        if (calm && serves && world.directory().isReserve(agentId, queueId) && !mayNeedReserves(queueId, heardOf)) {
            throw wrong(agentId, bid, "as a reserve who is not called for");
        }
    }

    /**
     * Whether they certainly may have a call that waits, if they serve its queue or are lent to it: a call that is for one agent alone may go
     * to others while that one is not at work, which is not asked here.
     */
    boolean mayHave(String agentId, CallLedger call, long atMs) {
        var queueId = call.queued.getQueueId();
        var entered = line(call);
        if (entered.isEmpty()) {
            return false;
        }
        var only = call.onlyFor(atMs);
        if (only != null) {
            return isServing(only, agentId, queueId);
        }
        var last = entered.get().getLastAgentId();
        boolean isForLast = isForLast(last, queueId, entered.get(), atMs) && !last.isEmpty();
        return isForLast ? isServing(last, agentId, queueId) : meets(agentId, queueId, entered.get(), atMs, false);
    }

    private boolean isServing(String alone, String agentId, String queueId) {
        return alone.equals(agentId) && world.directory().serves(agentId, queueId);
    }

    /** Whether its queue may ask them whatever it thinks of waits: they are no reserve, or it is for them, or nobody else is at work. */
    boolean needsNoReserves(String agentId, CallLedger call) {
        var queueId = call.queued.getQueueId();
        long now = world.instant().toEpochMilli();
        return !world.directory().isReserve(agentId, queueId)
                || agentId.equals(call.onlyFor(now))
                || line(call)
                        .filter(entered -> isForLast(agentId, queueId, entered, now))
                        .isPresent()
                || agents.keySet().stream()
                        .noneMatch(other -> world.directory().serves(other, queueId)
                                && !world.directory().isReserve(other, queueId)
                                && agents.get(other).works());
    }

    /** Or was a moment ago. */
    boolean isForThemAlone(String agentId, CallLedger call) {
        var queueId = call.queued.getQueueId();
        long now = world.instant().toEpochMilli();
        return call.wasFor(queueId, agentId, now - 1)
                || line(call)
                        .filter(entered -> isForLast(agentId, queueId, entered, now)
                                || isForLast(agentId, queueId, entered, now - 1))
                        .isPresent();
    }

    /** As the queue in which it waits has it; empty when it does not. */
    Optional<CallEntered> line(CallLedger call) {
        return Optional.ofNullable(queues.get(call.queued.getQueueId()))
                .map(queue -> queue.waiting.get(call.arrived.getCallId()));
    }

    private static Violation wrong(String agentId, AgentCommand.Bid bid, String why) {
        return new Violation(
                Violation.ELIGIBILITY, "agent " + agentId + " is asked to take call " + bid.callId() + ", " + why);
    }

    private boolean mayBeLent(String agentId, String queueId) {
        var served = world.directory().agents().get(agentId).queueIds();
        return !served.isEmpty()
                && world.directory().queue(queueId).routing().serviceLevel().isPresent()
                && served.stream()
                        .allMatch(lender -> world.directory().lendTo(lender).contains(queueId));
    }

    private boolean isAtBoxOf(String agentId, CallLedger call) {
        return world.setup().seats().get(agentId).boxId().equals(call.arrived.getBoxId());
    }

    /** Whether a call that is for them alone waits for them: they serve its queue, and can have it, or are about to. */
    private boolean isWaitedFor(String agentId, String queueId, CallLedger call, long heardOf) {
        return world.directory().serves(agentId, queueId) && isAtBoxOf(agentId, call) && works(agentId, heardOf);
    }

    /** For certain: who may have had as many calls as they may is no help to a queue. */
    private boolean works(String agentId, long heardOf) {
        return agents.containsKey(agentId)
                && agents.get(agentId).worksSince(heardOf)
                && !agents.get(agentId).hasHadAsManyAs(world.directory().maxCallsPerHour(agentId), heardOf);
    }

    private Steps steps(String queueId) {
        return world.directory().queue(queueId).routing().steps();
    }

    private boolean isForLast(String agentId, String queueId, CallEntered entered, long atMs) {
        return entered.getLastAgentId().equals(agentId)
                && steps(queueId)
                        .steps()
                        .get(begun(steps(queueId), entered, atMs))
                        .lastAgent();
    }

    /** @param waitsForLast whether a step for the caller's last agent is not passed over */
    private boolean meets(String agentId, String queueId, CallEntered entered, long atMs, boolean waitsForLast) {
        var steps = steps(queueId).steps();
        int at = begun(steps(queueId), entered, atMs);
        while (steps.get(at).lastAgent()) {
            if (waitsForLast) {
                return false;
            }
            at++;
        }
        var skills = world.directory().skillsOf(agentId);
        return steps.get(at).minimum().entrySet().stream()
                .allMatch(skill -> skills.getOrDefault(skill.getKey(), 0) >= skill.getValue());
    }

    /** The last step that has begun. */
    private static int begun(Steps steps, CallEntered entered, long atMs) {
        long waited = Math.max(0, atMs - entered.getWaitingSinceMs());
        return (int) steps.steps().stream()
                        .filter(step -> step.after().toMillis() <= waited)
                        .count()
                - 1;
    }

    /** Not, if even the longest wait that the queue can think of is too short. */
    private boolean mayNeedReserves(String queueId, long heardOf) {
        var directory = world.directory();
        long others = agents.keySet().stream()
                .filter(agentId -> directory.serves(agentId, queueId)
                        && !directory.isReserve(agentId, queueId)
                        && works(agentId, heardOf))
                .count();
        var routing = directory.queue(queueId).routing();
        var queue = queues.get(queueId);
        long longestMs = queue.linedMs(world.instant().toEpochMilli()) * agents.size()
                + routing.expectedHandling().toMillis();
        // It rounds to the millisecond.
        return others == 0
                || queue.waiting.size() * longestMs
                        >= others * (routing.reservesAfter().toMillis() - 1);
    }
}
