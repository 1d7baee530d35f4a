package dev.carillon.load;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** How many calls come in a second: at first, and at the end of a run in which the rate rises, or falls, evenly. */
record Rate(double first, double last) {

    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)(?:\\.\\.(\\d+(?:\\.\\d+)?))?");
    private static final double MOST = 100_000;

    Rate {
        if (first <= 0 || last <= 0 || first > MOST || last > MOST) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "a rate is more than 0 and at most %,.0f calls a second", MOST));
        }
    }

    /** For example {@code 300}, or {@code 50..600}. */
    static Rate parse(String text) {
        var matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a rate: say calls a second, for example 300, or 50..600 for one that rises");
        }
        var first = Double.parseDouble(matcher.group(1));
        return new Rate(first, matcher.group(2) == null ? first : Double.parseDouble(matcher.group(2)));
    }

    double most() {
        return Math.max(first, last);
    }

    /** How many come in all, on average. */
    double callsIn(Duration whole) {
        return (first + last) / 2 * seconds(whole);
    }

    /** After how many seconds so many have come, on average. */
    double secondsUntil(double calls, Duration whole) {
        var bend = (last - first) / (2 * seconds(whole));
        return 2 * calls / (first + Math.sqrt(first * first + 4 * bend * calls));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @Override
    public String toString() {
        return first == last ? number(first) : number(first) + ".." + number(last);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
