package dev.carillon.core.queue;

import dev.carillon.core.Turn;
import dev.carillon.core.queue.Callers.Past;
import dev.carillon.core.queue.Line.Caller;
import dev.carillon.protocol.queue.CallEntered;
import dev.carillon.protocol.queue.CallLeft;
import dev.carillon.protocol.queue.CallRanked;
import dev.carillon.protocol.queue.CallerRemembered;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.MemberJoined;
import dev.carillon.protocol.queue.MemberLeft;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.Enqueue;
import dev.carillon.protocol.queue.QueueEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
                        .setCallerNumber(c.callerNumber())
                        .setLastAgentId(turn.state().callers().lastAgentOf(c.callerNumber()))
                        .setWaitingSinceMs(waitingSince(turn, c).toEpochMilli()))
                .build();
    }

    /** Who left this queue without having been served, and comes again in time or with the same call, gets their place back. */
    private static Instant waitingSince(Turn<QueueEvent, QueueState> turn, Enqueue c) {
        var kept = turn.state().routing().placeKept();
        return turn.state()
                .callers()
                .placeOf(c.callerNumber(), c.callId(), turn.context().now(), kept)
                .filter(place -> place.isBefore(c.waitingSince()))
                .orElse(c.waitingSince());
    }

    static QueueEvent ranked(Turn<QueueEvent, QueueState> turn, Enqueue c) {
        return at(turn).setCallRanked(
                        CallRanked.newBuilder().setCallId(c.callId()).setPriority(c.priority()))
                .build();
    }

    static QueueEvent left(Turn<QueueEvent, QueueState> turn, QueueCommand.Leave leave) {
        return at(turn).setCallLeft(CallLeft.newBuilder()
                        .setCallId(leave.callId())
                        .setReason(leave.reason())
                        .setAgentId(leave.agentId()))
                .build();
    }

    static QueueEvent joined(Turn<QueueEvent, QueueState> turn, String agentId, boolean guest) {
        return at(turn).setMemberJoined(
                        MemberJoined.newBuilder().setAgentId(agentId).setGuest(guest))
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
                var since = Instant.ofEpochMilli(e.getWaitingSinceMs());
                var order = state.routing().order(e.getPriority(), since, e.getCallId());
                yield state.put(Line.entered(order, e.getBoxId(), new Caller(e.getCallerNumber(), e.getLastAgentId())))
                        .withoutPlace(e.getCallerNumber(), since);
            }
            case CALL_RANKED -> {
                var e = event.getCallRanked();
                yield state.line(e.getCallId())
                        .map(line -> state.put(line.ordered(
                                state.routing().order(e.getPriority(), line.waitingSince(), line.callId()))))
                        .orElse(state);
            }
            case CALL_LEFT -> left(state, event.getCallLeft(), Instant.ofEpochMilli(event.getAtMs()));
            case CALLER_REMEMBERED -> {
                var e = event.getCallerRemembered();
                long since = e.getUnservedSinceMs();
                yield state.remembering(
                        e.getNumber(),
                        new Past(
                                e.getLastAgentId(),
                                Instant.ofEpochMilli(e.getLeftMs()),
                                since == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(since)),
                                e.getMovedCallId()));
            }
            case MEMBER_JOINED -> {
                var e = event.getMemberJoined();
                yield state.put(state.member(e.getAgentId()).joined(true, e.getGuest()));
            }
            case MEMBER_LEFT -> state.put(
                    state.member(event.getMemberLeft().getAgentId()).joined(false, false));
                // Written by a newer release.
            case EVENT_NOT_SET -> state;
        };
    }

    private static QueueState left(QueueState state, CallLeft event, Instant at) {
        return state.line(event.getCallId())
                .map(line -> {
                    var caller = line.caller();
                    // Another call of the same number may have been answered while this one waited.
                    var remembered = state.callers()
                            .past(caller.number())
                            .map(Past::lastAgentId)
                            .orElse(caller.lastAgentId());
                    var agentId = event.getAgentId().isEmpty() ? remembered : event.getAgentId();
                    var unserved =
                            switch (event.getReason()) {
                                case ABANDONED, LOST, MOVED -> Optional.of(line.waitingSince());
                                default -> Optional.<Instant>empty();
                            };
                    var movedCallId = event.getReason() == LeaveReason.MOVED ? line.callId() : "";
                    return state.remove(line.callId())
                            .remembering(caller.number(), new Past(agentId, at, unserved, movedCallId));
                })
                .orElse(state);
    }

    static List<QueueEvent> compact(QueueState state) {
        var events = new ArrayList<QueueEvent>();
        state.members().values().stream()
                .filter(Member::joined)
                .sorted(Comparator.comparing(Member::agentId))
                .forEach(member -> events.add(QueueEvent.newBuilder()
                        .setMemberJoined(MemberJoined.newBuilder()
                                .setAgentId(member.agentId())
                                .setGuest(member.guest()))
                        .build()));
        state.lines().values().stream()
                .sorted(STORED)
                .forEach(line -> events.add(QueueEvent.newBuilder()
                        .setAtMs(line.waitingSince().toEpochMilli())
                        .setCallEntered(entered(line))
                        .build()));
        // After the calls, which take up places as they enter.
        state.callers().byTime().forEach(left -> {
            var past = state.callers().past(left.number()).orElseThrow();
            events.add(QueueEvent.newBuilder()
                    .setAtMs(left.at().toEpochMilli())
                    .setCallerRemembered(CallerRemembered.newBuilder()
                            .setNumber(left.number())
                            .setLastAgentId(past.lastAgentId())
                            .setLeftMs(left.at().toEpochMilli())
                            .setUnservedSinceMs(past.unservedSince()
                                    .map(Instant::toEpochMilli)
                                    .orElse(0L))
                            .setMovedCallId(past.movedCallId()))
                    .build());
        });
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
                .setCallerNumber(line.caller().number())
                .setLastAgentId(line.caller().lastAgentId());
    }

    private QueueEvents() {}
}
