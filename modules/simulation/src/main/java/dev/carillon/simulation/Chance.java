package dev.carillon.simulation;

import java.util.SplittableRandom;

/** All chance of one run, from its number. */
final class Chance {

    /**
     * Neighbouring numbers give streams that have nothing to do with each other. A {@link SplittableRandom} does not promise that by
     * itself: two whose seeds are a multiple of its own increment apart say the same, one some words later than the other.
     */
    static SplittableRandom of(long number) {
        return new SplittableRandom(new SplittableRandom(number).nextLong());
    }

    private Chance() {}
}
