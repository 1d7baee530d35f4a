package dev.carillon.telephony.simulated;

/**
 * Told of everybody on a box as it happens, by whoever wants to know of more people than the box remembers. Called while the box holds
 * still, so it must return at once.
 */
public interface Witness {

    /** Somebody calls. */
    void came(Experience caller);

    /** The box was told to answer them, for the first time. */
    void answered(Experience caller);

    /** The box was told to ring a phone. */
    void told(Ring ring);

    /** That phone is silent, and free, again. */
    void over(Ring ring);

    /** A caller is off the line. */
    void left(Experience caller);
}
