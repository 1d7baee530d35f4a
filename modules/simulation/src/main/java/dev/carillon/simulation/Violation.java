package dev.carillon.simulation;

/** An invariant does not hold. */
public final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Of the shell's contract with a decider, not one of the six of the design. */
    public static final int CONTRACT = 0;

    /** Whose turn it is: beside the six. */
    public static final int TURN = 7;

    /** Wrap-up is never cut short, and whoever missed a call is back when they should: beside the six. */
    public static final int WRAP_UP = 8;

    /** Nobody is given up before their desktop was silent for its time, and nobody is given calls after: beside the six. */
    public static final int DESKTOP = 9;

    /** Two agents never hold one seat: beside the six. */
    public static final int SEAT = 10;

    /** Nobody is given more calls in an hour than they may have: beside the six. */
    public static final int HOUR = 11;

    /** Queues know what an agent has done today: beside the six. */
    public static final int DAY = 12;

    /** Nobody is given calls whose phone cannot be reached, and they are back when it can: beside the six. */
    public static final int REACH = 13;

    /** Who is lent to another queue is not missed in their own: beside the six. */
    public static final int LENDING = 14;

    /** Nobody is asked to take a call that they may not have: beside the six. */
    public static final int ELIGIBILITY = 15;

    private final int invariant;

    public Violation(int invariant, String what) {
        super(what);
        this.invariant = invariant;
    }

    /** Which of the six of the design; or one of the others. */
    public int invariant() {
        return invariant;
    }

    /** For people: which invariant, and how it broke. */
    public String describe() {
        var name =
                switch (invariant) {
                    case CONTRACT -> "the deciders' contract";
                    case TURN -> "the order of service";
                    case WRAP_UP -> "wrap-up";
                    case DESKTOP -> "signs of life";
                    case SEAT -> "one agent a seat";
                    case HOUR -> "calls an hour";
                    case DAY -> "the agents' day";
                    case REACH -> "seats that can be reached";
                    case LENDING -> "lending";
                    case ELIGIBILITY -> "who may have a call";
                    default -> "invariant " + invariant;
                };
        return name + ": " + getMessage();
    }
}
