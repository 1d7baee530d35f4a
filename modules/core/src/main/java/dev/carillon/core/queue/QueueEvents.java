package dev.carillon.core.queue;

import dev.carillon.core.Turn;
import dev.carillon.protocol.queue.CallEntered;
import dev.carillon.protocol.queue.CallLeft;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.MemberJoined;
import dev.carillon.protocol.queue.MemberLeft;
import dev.carillon.protocol.queue.QueueCommand.Enqueue;
import dev.carillon.protocol.queue.QueueEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The events of a queue: how each is written, what each does, and the shortest history that leads to a state. */
final class QueueEvents {

    /** Not the order of service, which the configuration decides: the same state is always stored alike. */
    private static final Comparator<Line> STORED = Comparator.<Line>comparingInt(
                    line -> -line.order().priority())
            .thenComparing(Line::waitingSince)
            .thenComparing(Line::callId);

    static QueueEvent entered(Turn<QueueEvent, QueueState> turn, Enqueue c) {
        return at(turn).setCallEntered(CallEntered.newBuilder()
                        .setCallId(c.callId())
                        .setBoxId(c.boxId())
                        .setPriority(c.priority())
                        .setLastAgentId(c.lastAgentId())
                        .setWaitingSinceMs(c.waitingSince().toEpochMilli()))
                .build();
    }

    static QueueEvent left(Turn<QueueEvent, QueueState> turn, String callId, LeaveReason reason) {
        return at(turn).setCallLeft(CallLeft.newBuilder().setCallId(callId).setReason(reason))
                .build();
    }

    static QueueEvent joined(Turn<QueueEvent, QueueState> turn, String agentId) {
        return at(turn).setMemberJoined(MemberJoined.newBuilder().setAgentId(agentId))
                .build();
    }

    static QueueEvent memberLeft(Turn<QueueEvent, QueueState> turn, String agentId) {
        return at(turn).setMemberLeft(MemberLeft.newBuilder().setAgentId(agentId))
                .build();
    }

    static QueueState apply(QueueState state, QueueEvent event) {
        return switch (event.getEventCase()) {
            case CALL_ENTERED -> {
                var e = event.getCallEntered();
                var order = state.routing()
                        .order(e.getPriority(), Instant.ofEpochMilli(e.getWaitingSinceMs()), e.getCallId());
                yield state.put(Line.entered(order, e.getBoxId(), e.getLastAgentId()));
            }
            case CALL_LEFT -> state.remove(event.getCallLeft().getCallId());
            case MEMBER_JOINED -> state.put(
                    state.member(event.getMemberJoined().getAgentId()).joined(true));
            case MEMBER_LEFT -> state.put(
                    state.member(event.getMemberLeft().getAgentId()).joined(false));
                // Written by a newer release.
            case EVENT_NOT_SET -> state;
        };
    }

    static List<QueueEvent> compact(QueueState state) {
        var events = new ArrayList<QueueEvent>();
        state.members().values().stream()
                .filter(Member::joined)
                .sorted(Comparator.comparing(Member::agentId))
                .forEach(member -> events.add(QueueEvent.newBuilder()
                        .setMemberJoined(MemberJoined.newBuilder().setAgentId(member.agentId()))
                        .build()));
        state.lines().values().stream()
                .sorted(STORED)
                .forEach(line -> events.add(QueueEvent.newBuilder()
                        .setAtMs(line.waitingSince().toEpochMilli())
                        .setCallEntered(entered(line))
                        .build()));
        return events;
    }

    private static QueueEvent.Builder at(Turn<QueueEvent, QueueState> turn) {
        return QueueEvent.newBuilder().setAtMs(turn.context().nowMs());
    }

    private static CallEntered.Builder entered(Line line) {
        return CallEntered.newBuilder()
                .setCallId(line.callId())
                .setBoxId(line.boxId())
                .setPriority(line.order().priority())
                .setWaitingSinceMs(line.waitingSince().toEpochMilli())
                .setLastAgentId(line.lastAgentId());
    }

    private QueueEvents() {}
}
