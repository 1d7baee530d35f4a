package dev.carillon.core.queue;

import dev.carillon.core.queue.Line.Attempt;
import dev.carillon.core.queue.Line.Stage;
import dev.carillon.core.queue.Member.Fit;
import dev.carillon.core.queue.Member.Standing;
import dev.carillon.core.queue.Member.Work;
import dev.carillon.core.routing.CallOrder;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.First;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.TreePSet;

/**
 * How a queue stands. Every change of a line or a member goes through {@link #put(Line)} and {@link #put(Member)}, which keep
 * what is derived from them.
 *
 * @param lines by call id
 * @param members by agent id; those that left are kept with the version of their last status, so that a late one is known
 * @param callers who has been here before
 * @param routing soft: as configured when it was last looked at
 * @param derived from all of these
 * @param pace soft: how fast calls have been taken
 * @param checkedAt soft: when silent calls and agents were last looked for; null when never
 * @param patience soft: while it lasts a call is not offered if an earlier one has not been heard of again; null before the first
 *     decision since the queue came to life
 * @param deserted soft: since when nobody is there
 * @param protection soft: how it stands to its service level, and to the queues that lend and borrow
 */
public record QueueState(
        String id,
        PMap<String, Line> lines,
        PMap<String, Member> members,
        Callers callers,
        Routing routing,
        Derived derived,
        Pace pace,
        Instant checkedAt,
        Patience patience,
        Deserted deserted,
        Protection protection) {

    /**
     * Since when the queue is without agents.
     *
     * @param loggedIn nobody who serves it has been logged in since; null while somebody is
     * @param working nobody who serves it has been at work since; null while somebody is, or may be
     */
    record Deserted(Instant loggedIn, Instant working) {
        static final Deserted UNKNOWN = new Deserted(null, null);

        Deserted by(Tally tally, Instant now) {
            var nobody = tally.joined() == 0;
            // While nobody else is at work the reserves are asked, so they count.
            // Who rests comes back by themselves, as who has a call does.
            var none = tally.working() == 0 && tally.reserves() == 0 && tally.unknown() == 0 && tally.resting() == 0;
            return new Deserted(since(nobody, loggedIn, now), since(none, working, now));
        }

        private static Instant since(boolean holds, Instant before, Instant now) {
            return !holds ? null : before != null ? before : now;
        }
    }

    /**
     * @param pools by box: who can be matched
     * @param bySince all lines by the time they have waited
     * @param inTurn those to which no agent is being offered, in the order of service
     * @param steps when which call that may be offered gets to its next step
     * @param personal calls that are for one agent alone if that agent can be waited for, by that agent
     * @param lenders whose agents are ready as guests
     * @param tally how many of what
     */
    record Derived(
            PMap<String, Pool> pools,
            TreePSet<CallOrder> bySince,
            TreePSet<CallOrder> inTurn,
            TreePSet<StepDue> steps,
            PMap<String, PSet<String>> personal,
            Lenders lenders,
            Tally tally) {
        static final Derived NONE = new Derived(
                HashTreePMap.empty(),
                TreePSet.empty(QueueState::bySince),
                TreePSet.empty(),
                TreePSet.empty(),
                HashTreePMap.empty(),
                Lenders.NONE,
                Tally.NONE);

        Derived with(PMap<String, Pool> newPools) {
            return new Derived(newPools, bySince, inTurn, steps, personal, lenders, tally);
        }

        Derived with(Lenders newLenders, Tally newTally) {
            return new Derived(pools, bySince, inTurn, steps, personal, newLenders, newTally);
        }

        Derived lentBy(PSet<String> lending, String lender) {
            var lent = pools;
            for (var pool : pools.entrySet()) {
                lent = lent.plus(pool.getKey(), pool.getValue().lentBy(lending, lender));
            }
            return with(lent);
        }
    }

    /**
     * Of members who serve the queue, but for the last two.
     *
     * @param working members who take calls or are about to, without reserves
     * @param reserves of the reserves those who do
     * @param suspended calls that keep their place and cannot be served now
     * @param unknown members of whom it is not known how they stand
     * @param resting members who are ready, and have had as many calls as they may: they are no help until then
     * @param guests members who do not serve it, and are logged in
     * @param toAsk members of either kind who must be asked how they stand
     * @param borrowed of the guests, those who have a call of this queue, or work after one
     * @param lent of the others, those who have a call of a queue that they do not serve
     */
    record Tally(
            int joined,
            int ready,
            int working,
            int reserves,
            int underOffer,
            int suspended,
            int unknown,
            int resting,
            int guests,
            int toAsk,
            int borrowed,
            int lent) {
        static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        Tally plus(Member member, int sign) {
            return new Tally(
                    joined + (member.joined() && !member.guest() ? sign : 0),
                    ready + (member.own() && member.standing() == Standing.READY ? sign : 0),
                    working + (member.own() && member.works() && !member.reserve() ? sign : 0),
                    reserves + (member.own() && member.works() && member.reserve() ? sign : 0),
                    underOffer,
                    suspended,
                    unknown + (member.own() && member.standing() == Standing.UNKNOWN ? sign : 0),
                    resting + (member.own() && member.standing() == Standing.RESTING ? sign : 0),
                    guests + (member.joined() && member.guest() ? sign : 0),
                    toAsk + (member.mustBeAsked() ? sign : 0),
                    borrowed + (member.work() == Work.BORROWED ? sign : 0),
                    lent + (member.work() == Work.LENT ? sign : 0));
        }

        Tally plus(Line line, int sign) {
            int offered = underOffer + (line.underOffer() ? sign : 0);
            int unservable = suspended + (line.stage() == Stage.AWAY || line.stage() == Stage.HELD ? sign : 0);
            return new Tally(
                    joined,
                    ready,
                    working,
                    reserves,
                    offered,
                    unservable,
                    unknown,
                    resting,
                    guests,
                    toAsk,
                    borrowed,
                    lent);
        }
    }

    /** When a call that may be offered gets to its next step, or is not for one agent alone any more. */
    record StepDue(Instant at, String callId) implements Comparable<StepDue> {
        private static final Comparator<StepDue> ORDER =
                Comparator.comparing(StepDue::at).thenComparing(StepDue::callId);

        static Optional<StepDue> of(Line line, Routing routing) {
            if (line.stage() != Stage.OPEN) {
                return Optional.empty();
            }
            var next = routing.steps().nextAfter(line.step(), line.waitingSince());
            return Stream.concat(next.stream(), line.caller().first().map(First::until).stream())
                    .min(Comparator.naturalOrder())
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
                Callers.NONE,
                Routing.PLAIN,
                Derived.NONE,
                Pace.UNKNOWN,
                null,
                null,
                Deserted.UNKNOWN,
                Protection.NONE);
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

    PMap<String, Pool> pools() {
        return derived.pools();
    }

    Tally tally() {
        return derived.tally();
    }

    TreePSet<StepDue> steps() {
        return derived.steps();
    }

    Pool pool(String boxId) {
        var pool = pools().get(boxId);
        return pool != null ? pool : Pool.empty(routing, protection.lenders());
    }

    Optional<Instant> longestWaitSince() {
        return derived.bySince().isEmpty()
                ? Optional.empty()
                : Optional.of(derived.bySince().first().waitingSince());
    }

    /** Calls to which no agent is being offered, and could be. */
    int waitingForAnAgent() {
        return lines.size() - tally().underOffer() - tally().suspended();
    }

    /** Among the calls to which no agent is being offered, 1 for the next. A tree knows its size, so nobody is counted. */
    int position(Line line) {
        return derived.inTurn().headSet(line.order()).size() + 1;
    }

    /**
     * In how long a call will be taken, by what has been measured lately.
     *
     * @param position among those to whom no agent is being offered, 1 for the next
     * @return empty when nobody is at work
     */
    Optional<Duration> estimatedWait(int position) {
        return pace.estimate(position, tally().working(), routing.expectedHandling());
    }

    /** Whether the last one who waits now would wait for so long that the reserve agents are to help. */
    boolean callsForReserves() {
        int waiting = waitingForAnAgent();
        return waiting > 0
                && estimatedWait(waiting)
                        .map(wait -> wait.compareTo(routing.reservesAfter()) >= 0)
                        .orElse(true);
    }

    // Service level.

    /** Of the last quarter of an hour, with those who have waited for too long by now. */
    private Recent.Count level(ServiceLevel target, Instant now) {
        int late = waitingSince(now.minus(target.within()));
        return protection.recent().sum().plus(new Recent.Count(0, late));
    }

    /** How many have waited since before then. A tree knows its size, so nobody is counted. */
    private int waitingSince(Instant then) {
        return derived.bySince().headSet(Routing.PLAIN.order(1, then, "")).size();
    }

    QueueState judged(Instant now) {
        if (routing.serviceLevel().isEmpty()) {
            return protection.equals(Protection.NONE) ? this : protection(Protection.NONE);
        }
        var target = routing.serviceLevel().get();
        var lapsed = withoutLapsed(now);
        var recent = lapsed.protection(lapsed.protection.asOf(now));
        var level = recent.level(target, now);
        boolean endangered = !level.isAtLeast(target.percent()) || recent.foreseesDelay(target.within(), now);
        boolean calm = level.isAtLeast(target.safePercent()) && waitingSince(now.minus(target.half())) == 0;
        return recent.protection(recent.protection.judged(level, endangered, calm, now));
    }

    /** Whether the next one will have waited for longer than that when it is their turn, or the last one will. */
    private boolean foreseesDelay(Duration within, Instant now) {
        int waiting = waitingForAnAgent();
        if (waiting == 0) {
            return false;
        }
        var waited = Duration.between(derived.inTurn().first().waitingSince(), now);
        return isLonger(estimatedWait(1).map(waited::plus), within) || isLonger(estimatedWait(waiting), within);
    }

    private static boolean isLonger(Optional<Duration> wait, Duration within) {
        return wait.isEmpty() || wait.get().compareTo(within) > 0;
    }

    QueueState protection(Protection other) {
        return new QueueState(
                id, lines, members, callers, routing, derived, pace, checkedAt, patience, deserted, other);
    }

    /** What a queue has answered that was asked to lend its agents. */
    QueueState answered(String lender, Protection.Lease lease, Instant now) {
        return borrowing(protection.answered(lender, lease, now), lender);
    }

    private QueueState withoutLapsed(Instant now) {
        var state = this;
        for (var due = protection.lapsed(now); due.isPresent(); due = state.protection.lapsed(now)) {
            state = state.borrowing(
                    state.protection.without(due.get()), due.get().queueId());
        }
        return state;
    }

    /** @param lender of whom alone it says something else */
    private QueueState borrowing(Protection other, String lender) {
        var changed = other.lenders().contains(lender) != protection.lenders().contains(lender);
        return (changed ? with(derived.lentBy(other.lenders(), lender)) : this).protection(other);
    }

    /** A queue that may be asked by now to lend its agents; empty when there is none, or no call waits. */
    Optional<String> askable(Instant now) {
        return waitingForAnAgent() == 0 ? Optional.empty() : derived.lenders().askable(now);
    }

    QueueState asking(String lender, Instant again) {
        return with(derived.with(derived.lenders().asking(lender, again), tally()));
    }

    /** Before an agent was asked, a call and an agent who wait at the same time find each other within this. */
    private static final Duration MATCHING = Duration.ofSeconds(5);

    /**
     * How long it took from the moment in which a call waited and an agent was free until the call rang them. What has kept the two apart before
     * that, a skill that is given up after a while or an agent who was asked first and refused, is not in it.
     *
     * @param ringing the call's word that it rings the agent, not yet taken on
     * @param now when it came
     * @return empty when this is not news, or the queue had not asked for it
     */
    public Optional<Duration> timeToOffer(QueueCommand.OfferAccepted ringing, Instant now) {
        return line(ringing.callId())
                .filter(line -> line.is(Stage.CONNECTING, ringing.offerId()) && ringing.round() > line.round())
                .map(line -> Duration.between(met(line, line.attempt()), now))
                .filter(took -> !took.isNegative());
    }

    /** When the later one of the two came, if that is why the agent was asked. */
    private Instant met(Line line, Attempt attempt) {
        var idleSince = member(attempt.agentId()).idleSince();
        var later = idleSince != null && idleSince.isAfter(line.waitingSince()) ? idleSince : line.waitingSince();
        var asked = attempt.since();
        return later.isAfter(asked) || later.isBefore(asked.minus(MATCHING)) ? asked : later;
    }

    QueueState put(Line line) {
        var before = remove(line.callId());
        return before.lines(before.lines.plus(line.callId(), line), before.derive(line, 1));
    }

    QueueState remove(String callId) {
        var old = lines.get(callId);
        return old == null ? this : lines(lines.minus(callId), derive(old, -1));
    }

    /** @param sign 1 when the line comes, -1 when it goes */
    private Derived derive(Line line, int sign) {
        boolean comes = sign > 0;
        var due = StepDue.of(line, routing);
        var since = derived.bySince();
        var turns = derived.inTurn();
        if (!line.underOffer()) {
            turns = comes ? turns.plus(line.order()) : turns.minus(line.order());
        }
        return new Derived(
                pooled(line, comes),
                comes ? since.plus(line.order()) : since.minus(line.order()),
                turns,
                due.map(step -> comes ? steps().plus(step) : steps().minus(step))
                        .orElse(steps()),
                personal(line, comes),
                derived.lenders(),
                tally().plus(line, sign));
    }

    private PMap<String, Pool> pooled(Line line, boolean comes) {
        var pool = pool(line.boxId());
        return pooled(line.boxId(), comes ? pool.with(line, place(line)) : pool.without(line, place(line)));
    }

    private PMap<String, PSet<String>> personal(Line line, boolean comes) {
        var personal = derived.personal();
        if (line.stage() != Stage.OPEN) {
            return personal;
        }
        for (var agentId : line.caller().agents(routing.steps().isForLastAgent(line.step()))) {
            var calls = personal.getOrDefault(agentId, HashTreePSet.empty());
            calls = comes ? calls.plus(line.callId()) : calls.minus(line.callId());
            personal = calls.isEmpty() ? personal.minus(agentId) : personal.plus(agentId, calls);
        }
        return personal;
    }

    /** An agent for whom alone a call is, by its step or for a while, is passed over while they cannot be waited for. */
    Pool.Place place(Line line) {
        int step = line.step();
        var first = line.caller().first().map(First::agentId).filter(agentId -> isWaitedFor(agentId, line));
        if (first.isPresent()) {
            return new Pool.Place(step, first);
        }
        while (routing.steps().isForLastAgent(step)) {
            if (isWaitedFor(line.caller().lastAgentId(), line)) {
                return new Pool.Place(step, Optional.of(line.caller().lastAgentId()));
            }
            step++;
        }
        return new Pool.Place(step, Optional.empty());
    }

    private boolean isWaitedFor(String agentId, Line line) {
        var agent = member(agentId);
        return agent.isWaitedFor() && (agent.boxId() == null || agent.boxId().equals(line.boxId()));
    }

    QueueState put(Member member) {
        var agentId = member.agentId();
        var old = member(agentId);
        // To a call that waits for them it is the same whether they are ready or busy.
        boolean same = member.isWaitedFor() == old.isWaitedFor() && Objects.equals(member.boxId(), old.boxId());
        var theirs =
                same ? HashTreePSet.<String>empty() : derived.personal().getOrDefault(agentId, HashTreePSet.empty());
        var state = this;
        for (var callId : theirs) {
            state = state.with(state.derived.with(state.pooled(lines.get(callId), false)));
        }
        if (old.standing() == Standing.READY) {
            var pool = state.pool(old.boxId()).without(old);
            state = state.with(state.derived.with(state.pooled(old.boxId(), pool)));
        }
        state = state.members(old, member);
        if (member.standing() == Standing.READY) {
            var pool = state.pool(member.boxId()).with(member);
            state = state.with(state.derived.with(state.pooled(member.boxId(), pool)));
        }
        for (var callId : theirs) {
            state = state.with(state.derived.with(state.pooled(lines.get(callId), true)));
        }
        return state;
    }

    QueueState checked(Instant now) {
        return new QueueState(id, lines, members, callers, routing, derived, pace, now, patience, deserted, protection);
    }

    QueueState patience(Patience now) {
        return new QueueState(
                id, lines, members, callers, routing, derived, pace, checkedAt, now, deserted, protection);
    }

    QueueState deserted(Deserted now) {
        return new QueueState(
                id, lines, members, callers, routing, derived, pace, checkedAt, patience, now, protection);
    }

    QueueState remembering(String number, Callers.Past past) {
        return remembering(callers.with(number, past));
    }

    QueueState withoutPlace(String number, Instant since) {
        return remembering(callers.withoutPlace(number, since));
    }

    private QueueState remembering(Callers newCallers) {
        return new QueueState(
                id, lines, members, newCallers, routing, derived, pace, checkedAt, patience, deserted, protection);
    }

    QueueState pace(Pace newPace) {
        return new QueueState(
                id, lines, members, callers, routing, derived, newPace, checkedAt, patience, deserted, protection);
    }

    /** Everybody stays where they are; who may have whom, and in which order, is found out anew. */
    QueueState routedBy(Routing changed, Instant now, Function<String, Fit> fits) {
        var state = new QueueState(
                id,
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                callers,
                changed,
                Derived.NONE,
                pace,
                checkedAt,
                patience,
                deserted,
                protection);
        for (var member : members.values()) {
            state = state.put(member.fit(fits.apply(member.agentId())));
        }
        for (var line : lines.values()) {
            var known = line.order();
            state = state.put(line.ordered(changed.order(known.priority(), known.waitingSince(), known.callId()))
                    .at(changed.steps().at(known.waitingSince(), now)));
        }
        return state;
    }

    private QueueState lines(PMap<String, Line> newLines, Derived newDerived) {
        return new QueueState(
                id, newLines, members, callers, routing, newDerived, pace, checkedAt, patience, deserted, protection);
    }

    private QueueState members(Member old, Member member) {
        var lenders = derived.lenders();
        if (old.isReadyGuest()) {
            lenders = lenders.without(old.lenders());
        }
        if (member.isReadyGuest()) {
            lenders = lenders.with(member.lenders());
        }
        var tally = tally().plus(old, -1).plus(member, 1);
        return new QueueState(
                id,
                lines,
                members.plus(member.agentId(), member),
                callers,
                routing,
                derived.with(lenders, tally),
                pace,
                checkedAt,
                patience,
                deserted,
                protection);
    }

    private QueueState with(Derived newDerived) {
        return new QueueState(
                id, lines, members, callers, routing, newDerived, pace, checkedAt, patience, deserted, protection);
    }

    private PMap<String, Pool> pooled(String boxId, Pool pool) {
        return pool.isEmpty() ? pools().minus(boxId) : pools().plus(boxId, pool);
    }
}
