package dev.carillon.core.queue;

import dev.carillon.core.queue.Line.Stage;
import dev.carillon.core.queue.Member.Standing;
import dev.carillon.core.routing.CallOrder;
import dev.carillon.core.routing.Routing;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePSet;

/**
 * How a queue stands. Every change of a line or a member goes through {@link #put(Line)} and {@link #put(Member)}, which keep
 * what is derived from them.
 *
 * @param lines by call id
 * @param members by agent id; those that left are kept with the version of their last status, so that a late one is known
 * @param routing soft: as configured when it was last looked at
 * @param pools derived, by box: who can be matched
 * @param bySince derived: all lines by the time they have waited
 * @param steps derived: when which call that may be offered gets to its next step
 * @param tally derived: how many of what
 * @param checkedAt soft: when silent calls and agents were last looked for; null when never
 * @param patientUntil soft: until then a call is not offered while an earlier one may not have answered yet; null before the first
 *     decision since the queue came to life
 */
public record QueueState(
        String id,
        PMap<String, Line> lines,
        PMap<String, Member> members,
        Routing routing,
        PMap<String, Pool> pools,
        TreePSet<CallOrder> bySince,
        TreePSet<StepDue> steps,
        Tally tally,
        Instant checkedAt,
        Instant patientUntil) {

    /** {@code working}: members who take calls or are about to; {@code unknown}: those who must be asked how they stand. */
    record Tally(int joined, int ready, int working, int underOffer, int unknown) {
        static final Tally NONE = new Tally(0, 0, 0, 0, 0);

        Tally plus(Member member, int sign) {
            return new Tally(
                    joined + (member.joined() ? sign : 0),
                    ready + (member.standing() == Standing.READY ? sign : 0),
                    working + (member.works() ? sign : 0),
                    underOffer,
                    unknown + (member.standing() == Standing.UNKNOWN ? sign : 0));
        }

        Tally plus(Line line, int sign) {
            return new Tally(joined, ready, working, underOffer + (line.underOffer() ? sign : 0), unknown);
        }
    }

    /** When a call that may be offered gets to its next step. */
    record StepDue(Instant at, String callId) implements Comparable<StepDue> {
        private static final Comparator<StepDue> ORDER =
                Comparator.comparing(StepDue::at).thenComparing(StepDue::callId);

        static Optional<StepDue> of(Line line, Routing routing) {
            return line.stage() != Stage.OPEN
                    ? Optional.empty()
                    : routing.steps()
                            .nextAfter(line.step(), line.waitingSince())
                            .map(at -> new StepDue(at, line.callId()));
        }

        @Override
        public int compareTo(StepDue other) {
            return ORDER.compare(this, other);
        }
    }

    static QueueState empty(String id) {
        return new QueueState(
                id,
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                Routing.PLAIN,
                HashTreePMap.empty(),
                TreePSet.empty(QueueState::bySince),
                TreePSet.empty(),
                Tally.NONE,
                null,
                null);
    }

    private static int bySince(CallOrder one, CallOrder other) {
        var bySince = one.waitingSince().compareTo(other.waitingSince());
        return bySince != 0 ? bySince : one.callId().compareTo(other.callId());
    }

    Optional<Line> line(String callId) {
        return Optional.ofNullable(lines.get(callId));
    }

    Member member(String agentId) {
        var member = members.get(agentId);
        return member != null ? member : Member.unknown(agentId);
    }

    Pool pool(String boxId) {
        var pool = pools.get(boxId);
        return pool != null ? pool : Pool.empty(routing);
    }

    Optional<Instant> longestWaitSince() {
        return bySince.isEmpty()
                ? Optional.empty()
                : Optional.of(bySince.first().waitingSince());
    }

    QueueState put(Line line) {
        var before = remove(line.callId());
        var pool = before.pooled(line.boxId(), before.pool(line.boxId()).with(line));
        return new QueueState(
                id,
                before.lines.plus(line.callId(), line),
                members,
                routing,
                pool,
                before.bySince.plus(line.order()),
                StepDue.of(line, routing).map(before.steps::plus).orElse(before.steps),
                before.tally.plus(line, 1),
                checkedAt,
                patientUntil);
    }

    QueueState remove(String callId) {
        var old = lines.get(callId);
        if (old == null) {
            return this;
        }
        return new QueueState(
                id,
                lines.minus(callId),
                members,
                routing,
                pooled(old.boxId(), pool(old.boxId()).without(old)),
                bySince.minus(old.order()),
                StepDue.of(old, routing).map(steps::minus).orElse(steps),
                tally.plus(old, -1),
                checkedAt,
                patientUntil);
    }

    QueueState put(Member member) {
        var old = member(member.agentId());
        var newPools = pools;
        if (old.standing() == Standing.READY) {
            newPools = pooled(old.boxId(), pool(old.boxId()).without(old.asReady(), old.steps()));
        }
        if (member.standing() == Standing.READY) {
            var pool = newPools.getOrDefault(member.boxId(), Pool.empty(routing));
            newPools = newPools.plus(member.boxId(), pool.with(member.asReady(), member.steps()));
        }
        return new QueueState(
                id,
                lines,
                members.plus(member.agentId(), member),
                routing,
                newPools,
                bySince,
                steps,
                tally.plus(old, -1).plus(member, 1),
                checkedAt,
                patientUntil);
    }

    QueueState checked(Instant now) {
        return new QueueState(id, lines, members, routing, pools, bySince, steps, tally, now, patientUntil);
    }

    QueueState patientUntil(Instant until) {
        return new QueueState(id, lines, members, routing, pools, bySince, steps, tally, checkedAt, until);
    }

    /** Everybody stays where they are; who may have whom, and in which order, is found out anew. */
    QueueState routedBy(Routing changed, Instant now, Function<String, Map<String, Integer>> skills) {
        var state = new QueueState(
                id,
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                changed,
                HashTreePMap.empty(),
                TreePSet.empty(QueueState::bySince),
                TreePSet.empty(),
                Tally.NONE,
                checkedAt,
                patientUntil);
        for (var line : lines.values()) {
            state = state.put(line.routedBy(changed, now));
        }
        for (var member : members.values()) {
            state = state.put(member.meeting(changed.steps().metBy(skills.apply(member.agentId()))));
        }
        return state;
    }

    private PMap<String, Pool> pooled(String boxId, Pool pool) {
        return pool.isEmpty() ? pools.minus(boxId) : pools.plus(boxId, pool);
    }
}
