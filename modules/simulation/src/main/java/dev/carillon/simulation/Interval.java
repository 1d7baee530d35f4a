package dev.carillon.simulation;

import java.util.Locale;

/**
 * Where the mean of what was measured lies, by several independent measurements: Student's t interval.
 *
 * @param mean of the measurements
 * @param half the mean lies within {@code mean - half} and {@code mean + half}
 */
record Interval(double mean, double half) {

    /** Of a normal deviate that is exceeded, on one side or the other, in one of a hundred cases. */
    private static final double Z = 2.5758293035489;

    /** With a confidence of 99 %. */
    static Interval of(double... measured) {
        int n = measured.length;
        if (n < 2) {
            throw new IllegalArgumentException("One measurement says nothing of its error");
        }
        double sum = 0;
        for (double one : measured) {
            sum += one;
        }
        double mean = sum / n;
        double squares = 0;
        for (double one : measured) {
            squares += (one - mean) * (one - mean);
        }
        return new Interval(mean, student(n - 1) * Math.sqrt(squares / (n - 1) / n));
    }

    /** Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5; good to a thousandth from nine degrees of freedom on. */
    static double student(int freedom) {
        double z2 = Z * Z;
        double g1 = (z2 + 1) / 4;
        double g2 = ((5 * z2 + 16) * z2 + 3) / 96;
        double g3 = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
        double g4 = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92_160;
        double f = freedom;
        return Z * (1 + (g1 + (g2 + (g3 + g4 / f) / f) / f) / f);
    }

    boolean contains(double value) {
        return Math.abs(value - mean) <= half;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.4f ± %.4f", mean, half);
    }
}
