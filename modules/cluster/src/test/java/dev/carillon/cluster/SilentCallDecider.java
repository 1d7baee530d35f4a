package dev.carillon.cluster;

import dev.carillon.core.Context;
import dev.carillon.core.Decider;
import dev.carillon.core.Decision;
import dev.carillon.core.Output;
import dev.carillon.core.Timer;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.view.View;
import java.util.List;
import java.util.Optional;

/** Calls to which nothing happens, whatever they are told. */
final class SilentCallDecider implements Decider<CallCommand, CallEvent, String> {

    @Override
    public String empty(String id) {
        return id;
    }

    @Override
    public Decision<CallEvent, String> decide(String call, CallCommand command, Context context) {
        return new Decision<>(List.of(), call, List.of());
    }

    @Override
    public String evolve(String call, CallEvent event) {
        return call;
    }

    @Override
    public List<Output> resume(String call, Context context) {
        return List.of();
    }

    @Override
    public List<Timer> timers(String call) {
        return List.of();
    }

    @Override
    public CallCommand timerFired(String timerId) {
        return new CallCommand.TimerFired(timerId);
    }

    @Override
    public List<CallEvent> compact(String call) {
        return List.of();
    }

    @Override
    public boolean mayRest(String call) {
        return true;
    }

    @Override
    public Optional<View> view(String call) {
        return Optional.empty();
    }
}
