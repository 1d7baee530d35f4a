package dev.carillon.acceptance.sip;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One call as the phone at one end of it saw it, by that phone's own clock.
 *
 * @param number the caller's number: what a caller claimed, or what a seat was shown
 * @param messages oldest first, never empty
 */
public record SipCall(String callId, String number, List<SipMessage> messages) {

    public SipCall {
        messages = List.copyOf(messages);
    }

    /** Every call in a trace so far, in the order of their beginning. */
    public static List<SipCall> in(Path trace) {
        var byId = new LinkedHashMap<String, List<SipMessage>>();
        for (var message : SipMessage.in(trace)) {
            byId.computeIfAbsent(message.callId(), id -> new ArrayList<>()).add(message);
        }
        return byId.values().stream()
                .filter(call -> call.get(0).isRequest("INVITE"))
                .map(call -> new SipCall(call.get(0).callId(), call.get(0).from(), call))
                .sorted(Comparator.comparing(SipCall::invitedAt))
                .toList();
    }

    public Instant invitedAt() {
        return messages.get(0).at();
    }

    /** When this phone, or the other, said that it rings. */
    public Optional<Instant> ringingAt() {
        return first(m -> m.status() == 180);
    }

    public Optional<Instant> answeredAt() {
        return first(m -> m.status() == 200 && m.method().equals("INVITE"));
    }

    /** When the ringing was called off by who had caused it. */
    public Optional<Instant> cancelledAt() {
        return first(m -> m.isRequest("CANCEL"));
    }

    /** The answer that says no; empty while there is none, and for a call that was answered. */
    public Optional<Integer> refusal() {
        return messages.stream()
                .filter(m -> m.status() >= 300 && m.method().equals("INVITE"))
                .map(SipMessage::status)
                .findFirst();
    }

    /** The Q.850 cause that was given with the refusal or the hanging up; 0 when there was none. */
    public int cause() {
        return messages.stream().mapToInt(SipMessage::cause).max().orElse(0);
    }

    public Optional<Instant> hungUpAt() {
        return first(m -> m.isRequest("BYE"));
    }

    /** Whether this phone hung up; false while nobody did. */
    public boolean hungUpHere() {
        return messages.stream().anyMatch(m -> m.isRequest("BYE") && m.sent());
    }

    /** Whether the other side hung up; false while nobody did. */
    public boolean hungUpThere() {
        return messages.stream().anyMatch(m -> m.isRequest("BYE") && !m.sent());
    }

    /** When this phone was free again: after a talk, a refusal, or a ringing that was called off. */
    public Optional<Instant> overAt() {
        return first(m -> m.isRequest("BYE")
                || m.isRequest("CANCEL")
                || (m.status() >= 300 && m.method().equals("INVITE")));
    }

    private Optional<Instant> first(Predicate<SipMessage> which) {
        return messages.stream().filter(which).map(SipMessage::at).findFirst();
    }
}
