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
 *       without a break; or a little more than the capacity for {@code creepAfter}. A database that answers slowly and keeps up refuses nobody.
 *       One that does not answer at all refuses nobody either: that is an outage, in which callers are held.
 *   <li>While it lasts, as many are let in as are carried: four fifths of the capacity until the delay is within its bound again, then the
 *       capacity, and a little more each second for as long as the delay stays below the low mark.
 *   <li>It ends when for {@code endAfter} without a break nobody had to be refused and the delay was below the low mark.
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
    private static final double PROBING = 1.02;

    /** A call that has not answered for so long will not, or it does not matter any more. */
    private static final Duration GIVEN_UP = Duration.ofMinutes(1);

    /** What happened within {@link #SLOT} milliseconds. */
    private static final class Slot {
        private int came;
        private int quick;
        private int inTime;
        private int late;

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
    private double tokens;
    private Instant tokensAt;
    private Instant adjustedAt;
    private long admitted;
    private long refused;
    private long refusedBefore;

    /** @param news told of each beginning and end, at once; must return at once, and not call back */
    public Admission(Rules rules, Instant now, Consumer<Change> news) {
        this.rules = rules;
        this.news = news;
        this.since = now;
        this.slot = number(now);
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

    private void judge(Instant now) {
        boolean late = isLate(now);
        int answered = answered(2 * SECOND);
        boolean flows = answered > 0;
        double offered = perSecond(came(2 * SECOND), 2 * SECOND);
        boolean much = offered > rules.least();
        excessSince = since(excessSince, late && flows && much && came(2 * SECOND) >= rules.excess() * answered, now);
        creepSince = since(creepSince, late && flows && much && came(SLOTS - 1) >= CREEP * answered(SLOTS - 1), now);
        if (refusing) {
            adjust(late, flows, now);
        } else if (lasts(excessSince, rules.beginAfter(), now) || lasts(creepSince, rules.creepAfter(), now)) {
            begin(offered, now);
        }
    }

    private void begin(double offered, Instant now) {
        refusing = true;
        since = now;
        refusedBefore = refused;
        wellSince = null;
        tokens = 0;
        tokensAt = now;
        drain(now);
        news.accept(new Change(true, capacity, offered, 0));
    }

    private void drain(Instant now) {
        capacity = perSecond(answered(2 * SECOND), 2 * SECOND);
        draining = true;
        limitTo(DRAINING * capacity, now);
    }

    private void adjust(boolean late, boolean flows, Instant now) {
        boolean quick = isQuick(now);
        wellSince = since(wellSince, quick && !late, now);
        if (lasts(wellSince, rules.endAfter(), now)) {
            refusing = false;
            since = now;
            news.accept(new Change(false, capacity, perSecond(came(2 * SECOND), 2 * SECOND), refused - refusedBefore));
            return;
        }
        if (!flows || now.isBefore(adjustedAt.plusSeconds(1))) {
            return;
        }
        if (late) {
            drain(now);
        } else if (draining) {
            draining = false;
            limitTo(capacity, now);
        } else if (quick) {
            limitTo(limit * PROBING, now);
        } else {
            limitTo(Math.min(limit, perSecond(answered(2 * SECOND), 2 * SECOND)), now);
        }
    }

    private void limitTo(double perSecond, Instant now) {
        limit = Math.max(rules.least(), perSecond);
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
