package dev.carillon.store;

import dev.carillon.core.inbound.Rule.Hours;
import java.time.LocalTime;
import java.util.regex.Pattern;

/** Hours of the day as they are written everywhere: {@code 09:00-17:30}. */
public final class HoursText {

    /** What they look like. */
    public static final String PATTERN = "([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]";

    private static final Pattern FORM = Pattern.compile(PATTERN);

    private HoursText() {}

    public static boolean fits(String text) {
        return FORM.matcher(text).matches();
    }

    /** @param text one that {@link #fits} */
    public static Hours parse(String text) {
        var middle = text.indexOf('-');
        return new Hours(LocalTime.parse(text.substring(0, middle)), LocalTime.parse(text.substring(middle + 1)));
    }

    public static String of(Hours hours) {
        return hours.from() + "-" + hours.to();
    }
}
