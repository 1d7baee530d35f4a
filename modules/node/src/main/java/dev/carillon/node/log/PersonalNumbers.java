package dev.carillon.node.log;

import com.fasterxml.jackson.core.JsonStreamContext;
import java.util.regex.Pattern;
import net.logstash.logback.mask.ValueMasker;

/**
 * Makes callers' and outside numbers in lines of the log unreadable, whatever they have come in by: whoever logs a number on purpose masks it already, and this
 * is for the fault that shows a whole message. {@code CARILLON_LOG_NUMBERS=true} lets them stand, to look for what is wrong with one of
 * them. Moments, ports and ids of calls stay.
 */
public final class PersonalNumbers implements ValueMasker {

    /** {@code true} when numbers are to be shown. */
    public static final String SWITCH = "CARILLON_LOG_NUMBERS";

    private static final String MASK = "***";
    private static final boolean SHOWN = Boolean.parseBoolean(System.getenv(SWITCH));

    /** Fields of records and of protobuf messages, as they show themselves. */
    private static final Pattern FIELD = Pattern.compile(
            "(\\b(?:callerNumber|callerName|caller_number|caller_name|number)(?:=|: ?))(\"(?:[^\"\\\\]++|\\\\.)*+\"|[^,\\]})\\n]*+)");

    /** With a country's or an area's code, or a Chinese mobile phone; within no longer word, address or point in time. */
    private static final Pattern NUMBER = Pattern.compile(
            "(?<![\\w.#-])(?:\\+\\d(?:[ ()/-]{0,2}\\d){6,}|0\\d{1,4}(?:[ ()/-]{0,2}\\d){6,}|1[3-9]\\d{9})(?![\\w:-]|\\.\\d)");

    /** Without personal numbers, unless they are to be shown. */
    public static String masked(String text) {
        return SHOWN ? text : mask(text);
    }

    static String mask(String text) {
        return FIELD.matcher(NUMBER.matcher(text).replaceAll(MASK)).replaceAll("$1" + MASK);
    }

    /** Of a JSON line: {@code null} lets the value be as it is. */
    @Override
    public Object mask(JsonStreamContext context, Object value) {
        if (!(value instanceof CharSequence text) || "time".equals(context.getCurrentName())) {
            return null;
        }
        var masked = masked(text.toString());
        return masked.contentEquals(text) ? null : masked;
    }
}
