package dev.carillon.core.staffing;

/**
 * The waiting of callers who never give up, served in the order in which they came: the queue M/M/n, or Erlang's formula C. Where the
 * calls are more than the agents can take, everybody waits, and for ever.
 *
 * <p>Source: A. K. Erlang, 1917; in today's form for example in Gans, Koole and Mandelbaum, "Telephone Call Centers: Tutorial, Review,
 * and Research Prospects", Manufacturing &amp; Service Operations Management 5(2), 2003, section 4.1.
 */
public record ErlangC(Load load) {

    private boolean keepsUp() {
        return load.erlang() < load.agents();
    }

    /** The chance that a caller has to wait at all, 0 to 1. */
    public double waiting() {
        if (!keepsUp()) {
            return 1;
        }
        double busy = load.erlang() / load.agents();
        double blocking = load.blocking();
        return blocking / (1 - busy * (1 - blocking));
    }

    /** How long callers wait on average, in seconds, those who do not wait included: the average speed of answer. */
    public double meanWaitSeconds() {
        return keepsUp() ? waiting() / letThrough() : Double.POSITIVE_INFINITY;
    }

    /** The part of the callers who are answered within so many seconds, 0 to 1: the service level. */
    public double answeredWithin(double seconds) {
        return keepsUp() ? 1 - waiting() * Math.exp(-letThrough() * seconds) : 0;
    }

    /** By how much the agents, all busy, are faster than the callers come: calls per second. */
    private double letThrough() {
        return (load.agents() - load.erlang()) / load.handlingSeconds();
    }
}
