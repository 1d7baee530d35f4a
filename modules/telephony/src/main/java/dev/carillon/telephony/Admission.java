package dev.carillon.telephony;

import com.typesafe.config.Config;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Whether new calls are let in. Calls that were let in are never shed: who is refused is refused before anybody has decided anything for
 * them. No I/O, no clock of its own. The rules, for all boxes of one member together:
 *
 * <ol>
 *   <li>Measured is how long it takes from the first word of a new call to its Call entity until that answers, which it does when its journal
 *       has written it. That delay grows when anything on the way cannot keep up: processor, mailboxes, database.
 *   <li>The delay is <em>too long</em> when two of three calls of the last second were not answered within the bound. One that is lost, or a member
 *       that has died, delays some; overload delays all.
 *   <li>What is answered per second while the delay is too long is the measured <em>capacity</em>: more was waiting, and no more was done.
 *   <li>Refusing begins when the delay has been too long, and more calls came than {@code excess} times the capacity, for {@code beginAfter}
 *       and the delay on top, up to half as long again, without a break; or a little more than the capacity for {@code creepAfter}. When a database
 *       becomes slow, nothing is answered for as long as its answers take now: that alone is no overload. One that answers slowly and keeps up
 *       refuses nobody. One that does not answer at all refuses nobody either: that is an outage, in which callers are held.
 *   <li>While it lasts, as many are let in as are carried: four fifths of the capacity while the delay is too long and grows, and on until it is
 *       within its bound again, then the capacity. More each second, in steps that double up to a half, for as long as the delay stays
 *       below the low mark, or is too long, does not change, and as many are answered as are let in: that is no backlog, only slowness. A
 *       little more each second between the two while as many are answered as are let in.
 *   <li>It ends when for {@code endAfter} without a break nobody had to be refused and the delay was within its bound or did not grow.
 *   <li>As many as {@code least} a second are always let in.
 * </ol>
 *
 * May be used from any thread: the telephony nodes of a member share one.
 */
public final class Admission {

    /**
     * @param bound an answer that takes longer is late
     * @param lowMark an answer that takes less is quick
     * @param excess how many times the capacity has to come before it is overload: 1.1
     * @param beginAfter for how long that must be so
     * @param creepAfter for how long a smaller excess must last
     * @param endAfter for how long all must have been well
     * @param least new calls a second that are never refused
     */
    public record Rules(
            Duration bound,
            Duration lowMark,
            double excess,
            Duration beginAfter,
            Duration creepAfter,
            Duration endAfter,
            double least) {

        public Rules {
            require(bound.compareTo(Duration.ofMillis(2 * SLOT)) >= 0, "bound must be 200 ms or more");
            require(lowMark.compareTo(bound) < 0 && !lowMark.isNegative(), "low-mark must be less than bound");
            require(excess >= CREEP, "begin-excess must be %s or more".formatted(CREEP));
            require(
                    !beginAfter.isNegative() && !creepAfter.isNegative() && !endAfter.isNegative(),
                    "no time is negative");
            require(least >= 1, "least must be 1 or more");
        }

        private static void require(boolean right, String otherwise) {
            if (!right) {
                throw new IllegalArgumentException("carillon.telephony.admission: " + otherwise);
            }
        }

        /** @param admission the settings under {@code carillon.telephony.admission} */
        static Rules from(Config admission) {
            return new Rules(
                    admission.getDuration("bound"),
                    admission.getDuration("low-mark"),
                    admission.getDouble("begin-excess"),
                    admission.getDuration("begin-after"),
                    admission.getDuration("creep-after"),
                    admission.getDuration("end-after"),
                    admission.getDouble("least"));
        }
    }

    /**
     * Refusing has begun, or has ended.
     *
     * @param capacity new calls a second, as measured
     * @param offered how many came, a second
     * @param refused how many were refused from its beginning to its end
     */
    public record Change(boolean refusing, double capacity, double offered, long refused) {}

    /**
     * How it stands.
     *
     * @param since of this; when it was made, if nothing has changed
     * @param capacity new calls a second, as measured when it was last too much; 0 before
     * @param limit how many are let in a second, while some are refused
     * @param admitted how many were let in since the start
     * @param refused how many were not
     */
    public record State(boolean refusing, Instant since, double capacity, double limit, long admitted, long refused) {}

    /** In milliseconds. The delay is judged once for each. */
    private static final int SLOT = 100;

    private static final int SLOTS = 50;
    private static final int SECOND = 1_000 / SLOT;

    /** The share of answers that decides. */
    private static final double MOST = 2 / 3.0;

    /** So few answers in a second say nothing. */
    private static final int EVIDENCE = 5;

    /** More than this times the capacity comes, and that is not chance. */
    private static final double CREEP = 1.02;

    private static final double DRAINING = 0.8;
    /** By how much more is tried after a second that went well, at first and at most. */
    private static final double PROBING = 0.02;

    private static final double PROBING_MOST = 0.5;

    /** So many milliseconds a second more, and there is a backlog that grows: a tenth more is let in than is answered. */
    private static final double GROWS = 100;

    private static final double KEEPS_UP = 0.99;

    /** By so many milliseconds a second the delay changes, up or down, without meaning anything: a backlog is worked off at 250. */
    private static final double STEADY = 50;

    /** A call that has not answered for so long will not, or it does not matter any more. */
    private static final Duration GIVEN_UP = Duration.ofMinutes(1);

    /** What happened within {@link #SLOT} milliseconds. */
    private static final class Slot {
        private int came;
        private int quick;
        private int inTime;
        private int late;
        /** Of all answers, in milliseconds. */
        private long delays;

        private int answered() {
            return inTime + late;
        }
    }

    private final Rules rules;
    private final Consumer<Change> news;
    private final Slot[] slots = new Slot[SLOTS];
    /** The calls that have not answered, by id, in the order in which they came. */
    private final Map<String, Instant> unanswered = new LinkedHashMap<>();

    private long slot;
    /** For how long it has been so, without a break; null when it is not. */
    private Instant excessSince;

    private Instant creepSince;
    private Instant wellSince;

    private boolean refusing;
    private boolean draining;
    private Instant since;
    private double capacity;
    private double limit;
    /** The share by which more was let in when last something was tried. */
    private double probed;

    private double tokens;
    private Instant tokensAt;
    private Instant adjustedAt;
    private Instant raisedAt;
    private long admitted;
    private long refused;
    private long refusedBefore;

    /** @param news told of each beginning and end, at once; must return at once, and not call back */
    public Admission(Rules rules, Instant now, Consumer<Change> news) {
        this.rules = rules;
        this.news = news;
        this.since = now;
        this.slot = number(now);
        clearSlots();
    }

    private void clearSlots() {
        for (int place = 0; place < SLOTS; place++) {
            slots[place] = new Slot();
        }
    }

    /** A new call has come: whether it is let in. If so, it is to be told to its Call now. */
    public synchronized boolean admits(String callId, Instant now) {
        look(now);
        current().came++;
        if (refusing && !takeToken(now)) {
            refused++;
            wellSince = null;
            return false;
        }
        admitted++;
        unanswered.put(callId, now);
        return true;
    }

    /** A call has said something. Of one that is not new, or was not asked about, nothing follows. */
    public synchronized void answered(String callId, Instant now) {
        var asked = unanswered.remove(callId);
        if (asked == null) {
            return;
        }
        look(now);
        var delay = Duration.between(asked, now);
        current().delays += Math.max(0, delay.toMillis());
        if (delay.compareTo(rules.bound()) > 0) {
            current().late++;
        } else {
            current().inTime++;
            if (delay.compareTo(rules.lowMark()) <= 0) {
                current().quick++;
            }
        }
    }

    /** How it stands, after a look at what time has brought; to be asked about every second. */
    public synchronized State state(Instant now) {
        look(now);
        return new State(refusing, since, capacity, limit, admitted, refused);
    }

    // ---- the rules

    private void look(Instant now) {
        long number = number(now);
        if (number < slot - SLOTS) {
            beginAnewAt(now);
        }
        if (number <= slot) {
            return;
        }
        for (long next = Math.max(slot + 1, number - SLOTS + 1); next <= number; next++) {
            slots[place(next)] = new Slot();
        }
        slot = number;
        forgetOld(now);
        judge(now);
    }

    /** The clock was set back: what was measured lies in a time that has not come yet. */
    private void beginAnewAt(Instant now) {
        slot = number(now);
        clearSlots();
        unanswered.replaceAll((callId, asked) -> asked.isAfter(now) ? now : asked);
        excessSince = null;
        creepSince = null;
        wellSince = null;
        tokensAt = now;
        adjustedAt = now;
        raisedAt = now;
    }

    private void judge(Instant now) {
        boolean late = isLate(now);
        double offered = perSecond(came(2 * SECOND), 2 * SECOND);
        boolean much = late && offered > rules.least();
        excessSince = since(excessSince, much && exceeds(rules.excess(), SECOND), now);
        creepSince = since(creepSince, much && exceeds(CREEP, SLOTS - 1), now);
        if (refusing) {
            adjust(late, offered, now);
        } else if (lasts(excessSince, rules.beginAfter().plus(accountedFor()), now)
                || lasts(creepSince, rules.creepAfter(), now)) {
            begin(offered, now);
        }
    }

    /** More came than so many times what was answered. Nothing follows when nothing was. */
    private boolean exceeds(double times, int slotsBack) {
        int answered = answered(slotsBack);
        return answered > 0 && came(slotsBack) >= times * answered;
    }

    /**
     * For so long fewer are answered than come only because each takes longer than before. Not more than half of {@code beginAfter}: under
     * heavy overload the delay grows almost as fast as time passes.
     */
    private Duration accountedFor() {
        var delay = Duration.ofMillis((long) meanDelay(0));
        var most = rules.beginAfter().dividedBy(2);
        return delay.compareTo(most) < 0 ? delay : most;
    }

    private void begin(double offered, Instant now) {
        refusing = true;
        since = now;
        refusedBefore = refused;
        wellSince = null;
        tokens = 0;
        tokensAt = now;
        raisedAt = now;
        drain(now);
        news.accept(new Change(true, capacity, offered, 0));
    }

    private void drain(Instant now) {
        capacity = perSecond(answered(2 * SECOND), 2 * SECOND);
        draining = true;
        probed = 0;
        limitTo(DRAINING * capacity, now);
    }

    private void adjust(boolean late, double offered, Instant now) {
        double growth = growth();
        boolean known = !Double.isNaN(growth);
        boolean grows = growth > GROWS;
        wellSince = since(wellSince, !late || (known && !grows), now);
        if (lasts(wellSince, rules.endAfter(), now)) {
            refusing = false;
            since = now;
            news.accept(new Change(false, capacity, offered, refused - refusedBefore));
            return;
        }
        if (answered(SECOND) == 0 || now.isBefore(adjustedAt.plusSeconds(1))) {
            return;
        }
        if (late) {
            adjustWhileLate(known, growth, offered, now);
        } else if (draining) {
            draining = false;
            limitTo(Math.max(limit, capacity), now);
        } else if (isQuick(now)) {
            probe(growth > STEADY ? 0 : keepsUp() ? more() : PROBING, offered, now);
        } else if (keepsUp()) {
            probe(PROBING, offered, now);
        } else {
            probed = 0;
            // Fewer answers because fewer came say nothing about what is carried.
            boolean backlog = growth > 0 && offered > limit;
            limitTo(backlog ? Math.min(limit, perSecond(answered(2 * SECOND), 2 * SECOND)) : limit, now);
        }
    }

    private void adjustWhileLate(boolean known, double growth, double offered, Instant now) {
        boolean steady = known && growth >= -STEADY;
        if (growth > GROWS || (steady && !keepsUp() && offered > limit && hasHadTimeToAnswer(now))) {
            drain(now);
        } else if (steady && keepsUp()) {
            draining = false;
            probe(more(), offered, now);
        } else {
            adjustedAt = now;
        }
    }

    private double more() {
        return Math.min(PROBING_MOST, Math.max(PROBING, 2 * probed));
    }

    /** As many are answered as are let in when more come; one more or less is chance. */
    private boolean keepsUp() {
        return answered(SECOND) + 1 >= KEEPS_UP * limit;
    }

    /** What was let in since the limit was raised is among the answers of the last second, were it only for slowness. */
    private boolean hasHadTimeToAnswer(Instant now) {
        return !now.isBefore(raisedAt.plusMillis(3_000 + (long) meanDelay(0)));
    }

    /** Nothing is learnt from a limit far beyond what comes, and it would be too high when more comes again. */
    private void probe(double share, double offered, Instant now) {
        probed = share;
        limitTo(limit < 2 * offered ? limit * (1 + share) : limit, now);
    }

    private void limitTo(double perSecond, Instant now) {
        double before = limit;
        limit = Math.max(rules.least(), perSecond);
        if (limit > before) {
            raisedAt = now;
        }
        adjustedAt = now;
    }

    private boolean takeToken(Instant now) {
        double seconds = Math.max(0, Duration.between(tokensAt, now).toNanos() / 1e9);
        tokens = Math.min(Math.max(1, limit / 5), tokens + seconds * limit);
        tokensAt = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    // ---- what was measured

    /** Most calls of the last second were answered late, or ought to have been answered in it. */
    private boolean isLate(Instant now) {
        int late = overdue(rules.bound(), now);
        int inTime = 0;
        for (int back = 0; back < SECOND; back++) {
            late += back(back).late;
            inTime += back(back).inTime;
        }
        return late >= EVIDENCE && late > MOST * (late + inTime);
    }

    /** Most calls of the last second were answered quickly; also when there were too few to say. */
    private boolean isQuick(Instant now) {
        int slow = overdue(rules.lowMark(), now);
        int quick = 0;
        for (int back = 0; back < SECOND; back++) {
            slow += back(back).answered() - back(back).quick;
            quick += back(back).quick;
        }
        return slow + quick < EVIDENCE || quick > MOST * (slow + quick);
    }

    /** Those without an answer for which the time ran out within the last second. */
    private int overdue(Duration limit, Instant now) {
        var latest = now.minus(limit);
        var earliest = latest.minusSeconds(1);
        int count = 0;
        for (var asked : unanswered.values()) {
            if (asked.isAfter(latest)) {
                break;
            }
            if (asked.isAfter(earliest)) {
                count++;
            }
        }
        return count;
    }

    private int came(int slotsBack) {
        int sum = 0;
        for (int back = 0; back < slotsBack; back++) {
            sum += back(back).came;
        }
        return sum;
    }

    private int answered(int slotsBack) {
        int sum = 0;
        for (int back = 0; back < slotsBack; back++) {
            sum += back(back).answered();
        }
        return sum;
    }

    /** Of what was answered in the second that ended so many slots ago, in milliseconds; 0 when nothing was. */
    private double meanDelay(int slotsAgo) {
        long delays = 0;
        int answered = 0;
        for (int back = slotsAgo; back < slotsAgo + SECOND; back++) {
            delays += back(back).delays;
            answered += back(back).answered();
        }
        return answered == 0 ? 0 : (double) delays / answered;
    }

    /** How much longer answers took in the last second than in the one before, in milliseconds; NaN when there were too few to say. */
    private double growth() {
        int last = answered(SECOND);
        int before = answered(2 * SECOND) - last;
        return last < EVIDENCE || before < EVIDENCE ? Double.NaN : meanDelay(0) - meanDelay(SECOND);
    }

    private static double perSecond(int count, int slots) {
        return count * 1_000.0 / (slots * SLOT);
    }

    private void forgetOld(Instant now) {
        var oldest = unanswered.values().iterator();
        while (oldest.hasNext() && oldest.next().isBefore(now.minus(GIVEN_UP))) {
            oldest.remove();
        }
    }

    private static Instant since(Instant before, boolean isSo, Instant now) {
        return isSo ? before == null ? now : before : null;
    }

    private static boolean lasts(Instant since, Duration howLong, Instant now) {
        return since != null && !now.isBefore(since.plus(howLong));
    }

    private Slot current() {
        return slots[place(slot)];
    }

    /** The slot that has just ended, and those before. */
    private Slot back(int slotsBack) {
        return slots[place(slot - 1 - slotsBack)];
    }

    private static int place(long number) {
        return (int) Math.floorMod(number, (long) SLOTS);
    }

    private static long number(Instant at) {
        return Math.floorDiv(at.toEpochMilli(), (long) SLOT);
    }
}
