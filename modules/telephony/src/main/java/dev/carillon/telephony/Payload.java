package dev.carillon.telephony;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a box sent, as it may stand in a log: a log is read by more people than may know who called, so callers' numbers and names
 * are made unreadable. What is left says how the message is built, which is what went wrong with it. It works on any text, because
 * what is logged is mostly what could not be read.
 */
public final class Payload {

    private static final int LONGEST = 2_000;
    private static final String MASK = "***";

    /** Fields about people: {@code "caller": {"name": ...}} of ARI, {@code callerNumber=...} of records; also one that was cut off. */
    private static final Pattern PERSON = Pattern.compile(
            """
            ("[^"]*(?:caller|connected|rdnis)[^"]*"\\s*:\\s*)(\\{[^}]*+}?|"(?:[^"\\\\]++|\\\\.?)*+"?)\
            |(\\b(?:callerNumber|callerName)=)(.*?)(?=, \\w+=|]|$)""",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern JSON_TEXT = Pattern.compile("(:\\s*)\"(?:[^\"\\\\]++|\\\\.?)*+\"?");

    /** A number as people write it. Not a point in time, and not an id that Asterisk makes of one: those are needed to find the call. */
    private static final Pattern NUMBER =
            Pattern.compile("(\\b\\d{4}-\\d\\d-\\d\\d[T ][\\d:.]+(?:Z|[+-]\\d\\d:?\\d\\d)?|\\b\\d{10}\\.\\d+\\b)"
                    + "|\\+?\\d(?:[ ()/-]{0,2}\\d){4,}");

    private Payload() {}

    /** The message without callers' numbers and names, and not longer than a log line should be. */
    public static String forLog(String message) {
        var cut = message.length() <= LONGEST ? message : message.substring(0, LONGEST);
        var withoutPeople = PERSON.matcher(cut).replaceAll(Payload::withoutPerson);
        var masked = NUMBER.matcher(withoutPeople)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1) == null ? MASK : found.group()));
        return cut.length() == message.length() ? masked : masked + "...";
    }

    private static String withoutPerson(MatchResult found) {
        if (found.group(3) != null) {
            return Matcher.quoteReplacement(found.group(3) + MASK);
        }
        var value = found.group(2);
        return Matcher.quoteReplacement(found.group(1)
                + (value.startsWith("{")
                        ? JSON_TEXT.matcher(value).replaceAll("$1\"" + MASK + "\"")
                        : "\"" + MASK + "\""));
    }
}
