package dev.carillon.telephony.asterisk;

import dev.carillon.protocol.box.BoxCommand;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which command of which call is next: one at a time for each call, in the order they were said, calls beside each other. A
 * command that waits already is not queued again, however often a call repeats itself at a slow box.
 */
final class Lanes {

    private final Map<String, Deque<BoxCommand>> waiting = new HashMap<>();

    /** @return the command, when it is to be carried out now */
    Optional<BoxCommand> say(BoxCommand command) {
        var lane = waiting.get(command.callId());
        if (lane == null) {
            waiting.put(command.callId(), new ArrayDeque<>());
            return Optional.of(command);
        }
        if (!lane.contains(command)) {
            lane.add(command);
        }
        return Optional.empty();
    }

    /** The command in hand is done. @return the next one to carry out */
    Optional<BoxCommand> done(String callId) {
        var lane = waiting.get(callId);
        var next = Optional.ofNullable(lane).map(Deque::poll);
        if (next.isEmpty()) {
            waiting.remove(callId);
        }
        return next;
    }
}
