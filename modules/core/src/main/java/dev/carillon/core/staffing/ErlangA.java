package dev.carillon.core.staffing;

/**
 * The waiting of callers who give up after a time that varies by chance (exponentially), served in the order in which they came: the
 * queue M/M/n+M, also Erlang A or Palm's model. It settles down however many call.
 *
 * <p>Source: C. Palm, 1946; Garnett, Mandelbaum and Reiman, "Designing a Call Center with Impatient Customers", Manufacturing &amp;
 * Service Operations Management 4(3), 2002; Mandelbaum and Zeltyn, "Service Engineering in Action: The Palm/Erlang-A Queue, with
 * Applications to Call Centers", 2007. The numbers of callers in the system are those of a birth-and-death process: with all n agents
 * busy and j callers waiting, n/h + j/p go in a second, where h is the handling time and p the patience. Its stationary chances are summed
 * up here as they are, relative to that of n, instead of by the incomplete gamma function.
 *
 * @param patienceSeconds for how long a caller would wait on average before giving up
 */
public record ErlangA(Load load, double patienceSeconds) {

    private static final double NEGLIGIBLE = 1e-18;
    private static final double LARGE = 1e200;
    private static final int SLICES = 1_000;

    public ErlangA {
        if (!(patienceSeconds > 0)) {
            throw new IllegalArgumentException("Callers must have some patience");
        }
    }

    /**
     * Relative to the chance that all agents are busy and nobody waits.
     *
     * @param below of fewer calls in the system than agents
     * @param from of at least as many
     * @param waiting callers, in number times chance
     * @param unit the logarithm of that chance itself: 0, unless the others became so large that all were made smaller
     */
    private record Chances(double below, double from, double waiting, double unit) {
        double all() {
            return below + from;
        }
    }

    private Chances chances() {
        double below = 1 / load.blocking() - 1;
        double unit = 0;
        double term = 1;
        double from = 1;
        double waiting = 0;
        double leaving = load.agents() / load.handlingSeconds();
        for (int j = 1; term > NEGLIGIBLE * (below + from); j++) {
            term *= load.callsPerSecond() / (leaving + j / patienceSeconds);
            from += term;
            waiting += j * term;
            if (term > LARGE) {
                term /= LARGE;
                from /= LARGE;
                waiting /= LARGE;
                below /= LARGE;
                unit -= Math.log(LARGE);
            }
        }
        return new Chances(below, from, waiting, unit);
    }

    /** The chance that a caller has to wait at all, 0 to 1. */
    public double waiting() {
        var chances = chances();
        return chances.from() / chances.all();
    }

    /** The part of the callers who give up, 0 to 1. */
    public double abandoning() {
        return meanWaitSeconds() / patienceSeconds;
    }

    /** How long callers wait on average, in seconds, whether they are answered at once, later or not at all. */
    public double meanWaitSeconds() {
        var chances = chances();
        return chances.waiting() / chances.all() / load.callsPerSecond();
    }

    /**
     * The part of all callers who are answered within so many seconds, 0 to 1: the service level. The time that a caller of endless
     * patience would wait has the density c P exp(c p (1 - exp(-t/p)) - n t/h), where c is the number of calls in a second and P the chance
     * that just one agent is free (Baccelli and Hebuterne, "On Queues with Impatient Customers", 1981); a caller is still there after t with
     * the chance exp(-t/p). Integrated by Simpson's rule.
     */
    public double answeredWithin(double seconds) {
        var chances = chances();
        // In logarithms, because the chance that an agent is free may be tiny, and what it is multiplied with huge.
        double oneFree = chances.unit() + Math.log(load.agents() / load.erlang() / chances.all());
        double slice = seconds / SLICES;
        double sum = 0;
        for (int i = 0; i < SLICES; i++) {
            sum += answered(oneFree, i * slice)
                    + 4 * answered(oneFree, (i + 0.5) * slice)
                    + answered(oneFree, (i + 1) * slice);
        }
        double answeredLater = load.callsPerSecond() * sum * slice / 6;
        return chances.below() / chances.all() + answeredLater;
    }

    private double answered(double oneFree, double after) {
        double come = load.callsPerSecond() * patienceSeconds * -Math.expm1(-after / patienceSeconds);
        double go = load.agents() * after / load.handlingSeconds() + after / patienceSeconds;
        return Math.exp(oneFree + come - go);
    }
}
