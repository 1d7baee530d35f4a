package dev.carillon.core.staffing;

/**
 * Calls that come by chance (a Poisson process), each of which keeps an agent for a time that varies by chance (exponentially), and
 * the agents for them.
 *
 * @param callsPerSecond how many come, on average
 * @param handlingSeconds for how long one keeps an agent on average, wrap-up included
 * @param agents at work
 */
public record Load(double callsPerSecond, double handlingSeconds, int agents) {

    public Load {
        if (!(callsPerSecond > 0) || !(handlingSeconds > 0) || agents < 1) {
            throw new IllegalArgumentException("There must be some calls that take some time, and an agent");
        }
    }

    /** How many agents would be busy, on average, if there were always one free: in erlang. */
    public double erlang() {
        return callsPerSecond * handlingSeconds;
    }

    /**
     * Erlang's formula B: the part of the callers who would find everybody busy if nobody waited, 0 to 1. By the recursion B(0) = 1,
     * B(n) = A B(n-1) / (n + A B(n-1)), which neither over- nor underflows; see for example Cooper, Introduction to Queueing Theory,
     * 2nd edition, 1981, section 3.3.
     */
    double blocking() {
        double blocking = 1;
        for (int n = 1; n <= agents; n++) {
            blocking = erlang() * blocking / (n + erlang() * blocking);
        }
        return blocking;
    }
}
