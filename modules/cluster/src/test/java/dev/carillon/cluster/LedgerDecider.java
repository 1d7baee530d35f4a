package dev.carillon.cluster;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.core.Output;
import dev.carillon.core.Timer;
import dev.carillon.core.Turn;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.queue.CallEntered;
import dev.carillon.protocol.queue.CallLeft;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A decider for tests of the shell, in the clothes of a queue. A call that entered is asked whether it waits until it says that
 * an offer was accepted (soft), and leaves by itself after {@link #PATIENCE}.
 */
final class LedgerDecider implements Decider<QueueCommand, QueueEvent, LedgerDecider.Ledger> {

    static final Duration PATIENCE = Duration.ofMinutes(10);

    /**
     * @param calls who waits, since when: durable
     * @param heard who needs no asking: soft
     */
    record Ledger(String id, Map<String, Instant> calls, Set<String> heard) {
        Ledger {
            calls = Collections.unmodifiableMap(new LinkedHashMap<>(calls));
            heard = Set.copyOf(heard);
        }
    }

    @Override
    public Ledger empty(String id) {
        return new Ledger(id, Map.of(), Set.of());
    }

    @Override
    public Decision<QueueEvent, Ledger> decide(Ledger ledger, QueueCommand command, Context context) {
        var turn = new Turn<>(ledger, context, this::evolve);
        if (command instanceof QueueCommand.Enqueue enqueue) {
            if (!ledger.calls().containsKey(enqueue.callId())) {
                turn.record(entered(enqueue.callId(), enqueue.waitingSince()));
            }
            turn.say(new Output.ToCall(enqueue.callId(), new CallCommand.Enqueued(ledger.id(), 0)))
                    .done();
        } else if (command instanceof QueueCommand.OfferAccepted accepted) {
            turn.note(state -> {
                var heard = new HashSet<>(state.heard());
                heard.add(accepted.callId());
                return new Ledger(state.id(), state.calls(), heard);
            });
        } else if (command instanceof QueueCommand.Leave leave) {
            if (ledger.calls().containsKey(leave.callId())) {
                turn.record(left(leave.callId(), leave.reason(), context)).done();
            } else {
                turn.reject("NOT_HERE", "no call " + leave.callId());
            }
        } else if (command instanceof QueueCommand.TimerFired fired) {
            turn.record(left(fired.timerId(), LeaveReason.LOST, context));
        } else if (command instanceof QueueCommand.ListWaiting) {
            turn.say(new Output.Answer(new Reply.WaitingCalls(ledger.calls().entrySet().stream()
                    .map(call ->
                            new Reply.WaitingCall(1, call.getKey(), 5, call.getValue(), call.getValue(), null, 0, 0))
                    .toList())));
        } else if (command instanceof QueueCommand.ConfigurationChanged) {
            turn.say(new Output.ToCall("configuration", new CallCommand.Enqueued(ledger.id(), 0)));
        } else if (command instanceof QueueCommand.Suspend) {
            throw new IllegalStateException("a bug");
        }
        return turn.end();
    }

    @Override
    public Ledger evolve(Ledger ledger, QueueEvent event) {
        var calls = new LinkedHashMap<>(ledger.calls());
        if (event.hasCallEntered()) {
            calls.put(
                    event.getCallEntered().getCallId(),
                    Instant.ofEpochMilli(event.getCallEntered().getWaitingSinceMs()));
        } else {
            calls.remove(event.getCallLeft().getCallId());
        }
        return new Ledger(ledger.id(), calls, ledger.heard());
    }

    @Override
    public List<Output> resume(Ledger ledger, Context context) {
        return ledger.calls().keySet().stream()
                .filter(call -> !ledger.heard().contains(call))
                .<Output>map(call -> new Output.ToCall(call, new CallCommand.AreYouWaiting(ledger.id())))
                .toList();
    }

    @Override
    public List<Timer> timers(Ledger ledger) {
        return ledger.calls().entrySet().stream()
                .map(call -> new Timer(call.getKey(), call.getValue().plus(PATIENCE)))
                .toList();
    }

    @Override
    public QueueCommand timerFired(String timerId) {
        return new QueueCommand.TimerFired(timerId);
    }

    @Override
    public List<QueueEvent> compact(Ledger ledger) {
        return ledger.calls().entrySet().stream()
                .map(call -> entered(call.getKey(), call.getValue()))
                .toList();
    }

    @Override
    public boolean mayRest(Ledger ledger) {
        return ledger.calls().isEmpty();
    }

    @Override
    public Optional<View> view(Ledger ledger) {
        return Optional.of(new View.OfQueue(ledger.id(), ledger.calls().size(), 0, null, 0, 0));
    }

    static QueueEvent entered(String callId, Instant since) {
        return QueueEvent.newBuilder()
                .setAtMs(since.toEpochMilli())
                .setCallEntered(CallEntered.newBuilder().setCallId(callId).setWaitingSinceMs(since.toEpochMilli()))
                .build();
    }

    private static QueueEvent left(String callId, LeaveReason reason, Context context) {
        return QueueEvent.newBuilder()
                .setAtMs(context.nowMs())
                .setCallLeft(CallLeft.newBuilder().setCallId(callId).setReason(reason))
                .build();
    }
}
