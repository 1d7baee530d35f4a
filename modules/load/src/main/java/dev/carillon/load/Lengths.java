package dev.carillon.load;

import java.time.Duration;
import java.util.regex.Pattern;

/** Lengths of time as people write them. */
final class Lengths {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    /** For example {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}. */
    static Duration parse(String text) {
        var matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a length of time: say a number and its unit, for example 500ms, 10s, 5m or 1h");
        }
        var number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    static String text(Duration duration) {
        if (duration.toMillis() % 1_000 != 0) {
            return duration.toMillis() + "ms";
        }
        var seconds = duration.toSeconds();
        if (seconds != 0 && seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private Lengths() {}
}
