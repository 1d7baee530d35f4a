package dev.carillon.core;

import java.time.Duration;

/** How long entities wait for each other. One place, because these depend on each other. */
public final class Timing {

    /** What was not acknowledged is said again after this. */
    public static final Duration REPEAT = Duration.ofSeconds(1);

    /** Whoever has heard nothing of a partner for this long asks. With {@link #REPEAT} it keeps invariant 4: five seconds. */
    public static final Duration SILENCE = Duration.ofSeconds(3);

    /**
     * For how long a queue waits for the word of a call that is before others, while an agent could take one of those: since it came to life, and since
     * another call lost its box or has it back. Where a node has died, its calls come to life some seconds after its queues.
     */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * How long an agent who has just become ready waits for the word of each of their queues before taking the best bid. As soon as all
     * have answered, the wait is over, so it is only long where a queue has just died; but it has to outlast the way there and
     * back between two sites, or whose queue is near would win over whose caller has waited longest.
     */
    public static final Duration BID_COLLECTION = Duration.ofMillis(100);

    /** For how long a seat that was claimed may be logged in at: the way of two messages, also past a pause. */
    public static final Duration SEAT_CLAIM = Duration.ofSeconds(3);

    /** For how long whoever may have another's seat is given no call: the way of some messages, and far less than a bid is kept. */
    public static final Duration SEAT_CHANGE = Duration.ofMillis(500);

    /** A bid that was not answered for this long is forgotten, and the agent is asked how they stand. */
    public static final Duration BID_LEASE = Duration.ofSeconds(2);

    /** A reservation of which no call knows lapses after this. */
    public static final Duration RESERVATION_LEASE = Duration.ofSeconds(10);

    /** How much longer than the ring time a call waits for the box to say that the ringing is over, before it ends it itself. */
    public static final Duration RING_GRACE = Duration.ofSeconds(3);

    /** A box takes a waiting caller back into its own hands when their call has been silent for this long. */
    public static final Duration WATCHDOG = Duration.ofSeconds(30);

    /** For how long a box may be missing in the configuration before its calls end by that: one member may have read it later. */
    public static final Duration DELETED_BOX = Duration.ofMinutes(10);

    /** How long an ended call goes on telling others so when nobody confirms. */
    public static final Duration GIVE_UP = Duration.ofSeconds(60);

    /** In which an agent's limit of calls counts. */
    public static final Duration CALLS_WINDOW = Duration.ofHours(1);

    /** The greatest limit of calls that an agent can have: as many are remembered. */
    public static final int MOST_CALLS_WINDOW = 100;

    private Timing() {}
}
