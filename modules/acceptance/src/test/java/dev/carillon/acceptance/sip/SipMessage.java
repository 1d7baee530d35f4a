package dev.carillon.acceptance.sip;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A message as SIPp traced it.
 *
 * @param at by SIPp's own clock, to the microsecond
 * @param sent by SIPp; received otherwise
 * @param start its first line
 * @param callId its Call-ID
 * @param method of the request, or of the request it answers
 * @param from the user part of the From header, decoded as it stands
 * @param cause the Q.850 cause it gives as its reason; 0 when it gives none
 */
public record SipMessage(Instant at, boolean sent, String start, String callId, String method, String from, int cause) {

    private static final Pattern HEAD = Pattern.compile(
            "-{20,} (\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6})\r?\n\\w+ message (sent|received)[^\n]*\n");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");
    private static final Pattern CALL_ID = Pattern.compile("(?im)^(?:Call-ID|i)\\s*:\\s*(\\S+)");
    private static final Pattern METHOD = Pattern.compile("(?im)^CSeq\\s*:\\s*\\d+\\s+(\\w+)");
    private static final Pattern FROM = Pattern.compile("(?im)^(?:From|f)\\s*:[^\n]*?sip:([^@>;\\s]+)");
    private static final Pattern CAUSE = Pattern.compile("(?im)^Reason\\s*:\\s*Q\\.850\\s*;\\s*cause=(\\d+)");

    /** Everything in a trace so far, oldest first. One that is still being written at the end is left out. */
    public static List<SipMessage> in(Path trace) {
        if (!Files.exists(trace)) {
            return List.of();
        }
        String text;
        try {
            text = Files.readString(trace, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var messages = new ArrayList<SipMessage>();
        var heads = HEAD.matcher(text);
        var found = heads.find();
        while (found) {
            var at = LocalDateTime.parse(heads.group(1), TIME)
                    .atZone(ZoneId.systemDefault())
                    .toInstant();
            var sent = heads.group(2).equals("sent");
            var begin = heads.end();
            found = heads.find();
            var body = text.substring(begin, found ? heads.start() : text.length());
            var message = parse(at, sent, body.strip());
            if (message != null) {
                messages.add(message);
            }
        }
        return messages;
    }

    private static SipMessage parse(Instant at, boolean sent, String body) {
        var callId = CALL_ID.matcher(body);
        var method = METHOD.matcher(body);
        var from = FROM.matcher(body);
        var cause = CAUSE.matcher(body);
        if (!callId.find() || !method.find()) {
            return null;
        }
        return new SipMessage(
                at,
                sent,
                body.lines().findFirst().orElse(""),
                callId.group(1),
                method.group(1),
                from.find() ? from.group(1) : "",
                cause.find() ? Integer.parseInt(cause.group(1)) : 0);
    }

    public boolean isRequest(String name) {
        return start.startsWith(name + " ");
    }

    /** The status of an answer; 0 for a request. */
    public int status() {
        return start.startsWith("SIP/2.0 ") ? Integer.parseInt(start.substring(8, 11)) : 0;
    }
}
