package dev.carillon.node.log;

import com.fasterxml.jackson.core.JsonStreamContext;
import java.util.regex.Matcher;
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

    /** Fields of records, of protobuf messages and of JSON, as they show themselves; JSON within JSON too. */
    private static final Pattern FIELD =
            Pattern.compile("(\\b(?:callerNumber|callerName|caller_number|caller_name|number)(?:=|(?:\\\\?\")?: ?))"
                    + "(\\\\\"(?:(?!\\\\\").)*+\\\\\"|\"(?:[^\"\\\\]++|\\\\.)*+\"|[^,\\]})\\n]*+)");

    /** Within no longer word, address or part of an id: what a UUID begins with is no number either. */
    private static final String BEGIN = "(?<![\\w.#-])(?!(?i:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-))";

    /** Not in the midst of a word or a point in time, and no duration or size. A port, a channel's number or a colon may follow. */
    private static final String END = "(?!\\w|\\.\\d| ?(?:ns|us|µs|ms|s|bytes)\\b)";

    /** With a country's or an area's code, a Chinese mobile phone, or a North American number as it is dialled. */
    private static final Pattern NUMBER = Pattern.compile(
            BEGIN + "(?:\\+\\d(?:[ ()/-]{0,2}\\d){6,}|0\\d{1,4}(?:[ ()/-]{0,2}\\d){6,}|1[2-9]\\d{9})" + END);

    /** Digits alone, where what stands beside them says that they are a number; shorter ones are those of seats and queues. */
    private static final Pattern SAID_TO_BE_ONE = Pattern.compile(
            "((?i:\\b(?:sips?:|tel:|(?:PJ)?SIP/|(?:caller(?:[ -]?id)?|callee|phone|dial(?:s|led|ling)?)[ =:]{1,2})[\"'<]?))"
                    + BEGIN + "\\d{7,15}" + END + "|" + BEGIN + "\\d{7,15}(?=@)|(?<=<)\\d{7,15}(?=>)");

    /** Without personal numbers, unless they are to be shown. */
    public static String masked(String text) {
        return SHOWN ? text : mask(text);
    }

    static String mask(String text) {
        var numbers = NUMBER.matcher(text).replaceAll(MASK);
        var said = SAID_TO_BE_ONE
                .matcher(numbers)
                .replaceAll(found -> Matcher.quoteReplacement((found.group(1) == null ? "" : found.group(1)) + MASK));
        return FIELD.matcher(said).replaceAll("$1" + MASK);
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
