package dev.carillon.telephony.asterisk;

import dev.carillon.protocol.box.BoxCommand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Which command of which call is next. What touches the same leg is done one after the other, in the order it was said; the rest beside each other: thirty
 * phones ring at once, and nobody who has answered waits for a phone that is not to ring any more. What touches the whole call
 * comes after everything before it, and before everything after it. A command that waits already is not queued again, however often a
 * call repeats itself at a slow box.
 */
final class Lanes {

    private static final class Said {
        final BoxCommand command;
        boolean begun;

        Said(BoxCommand command) {
            this.command = command;
        }
    }

    /** Of each call, oldest first. */
    private final Map<String, List<Said>> calls = new HashMap<>();

    private final UnaryOperator<String> callerLegOf;

    /** @param callerLegOf the caller's leg of a call */
    Lanes(UnaryOperator<String> callerLegOf) {
        this.callerLegOf = callerLegOf;
    }

    /** @return the command, when it is to be carried out now */
    Optional<BoxCommand> say(BoxCommand command) {
        var ofCall = calls.computeIfAbsent(command.callId(), none -> new ArrayList<>());
        if (ofCall.stream().anyMatch(said -> !said.begun && said.command.equals(command))) {
            return Optional.empty();
        }
        ofCall.add(new Said(command));
        return begin(ofCall).stream().findFirst();
    }

    /** This one is done. @return those that can be carried out now */
    List<BoxCommand> done(BoxCommand command) {
        var ofCall = calls.getOrDefault(command.callId(), List.of());
        var done = ofCall.stream()
                .filter(said -> said.begun && said.command.equals(command))
                .findFirst();
        done.ifPresent(ofCall::remove);
        if (ofCall.isEmpty()) {
            calls.remove(command.callId());
        }
        return begin(ofCall);
    }

    private List<BoxCommand> begin(List<Said> ofCall) {
        var begun = new ArrayList<BoxCommand>();
        for (int i = 0; i < ofCall.size(); i++) {
            var said = ofCall.get(i);
            if (!said.begun && ofCall.subList(0, i).stream().noneMatch(before -> touchSame(before, said))) {
                said.begun = true;
                begun.add(said.command);
            }
        }
        return begun;
    }

    private boolean touchSame(Said one, Said other) {
        var legs = legs(one.command);
        var others = legs(other.command);
        return legs.isEmpty() || others.isEmpty() || !Collections.disjoint(legs, others);
    }

    /** Empty for the whole call. */
    private Set<String> legs(BoxCommand command) {
        if (command instanceof BoxCommand.RingSeat ring) {
            return Set.of(ring.legId());
        } else if (command instanceof BoxCommand.HangUp hangUp) {
            return Set.of(hangUp.legId());
        } else if (command instanceof BoxCommand.Bridge bridge) {
            return Set.copyOf(bridge.legIds());
        } else if (command instanceof BoxCommand.TakeStock || command instanceof BoxCommand.Release) {
            return Set.of();
        }
        return Set.of(callerLegOf.apply(command.callId()));
    }
}
