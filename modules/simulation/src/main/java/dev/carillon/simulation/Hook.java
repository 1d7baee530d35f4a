package dev.carillon.simulation;

import dev.carillon.core.Output;
import dev.carillon.protocol.call.CallCommand;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The operator's end of decision hooks: it answers rightly, late, never, or nonsense, also when nothing else goes wrong any more. */
final class Hook {

    private static final String NOBODY = "nobody";

    private final World world;

    Hook(World world) {
        this.world = world;
    }

    void ask(Output.AskHook ask) {
        var callId = ask.question().callId();
        long after = world.random(1, ask.hook().deadline().toMillis() * 5 / 4);
        answer(ask.question().askId()).ifPresent(answer -> world.in(after, () -> world.toCall(callId, answer)));
    }

    private Optional<CallCommand> answer(String askId) {
        var agentId = oneOf(world.directory().agents().keySet());
        var queueId = oneOf(world.directory().queues().keySet());
        int priority = world.random(0, 2) == 0 ? 0 : (int) world.random(1, 11);
        int seconds = (int) world.random(1, 20);
        return Optional.ofNullable(
                switch ((int) world.random(0, 10)) {
                    case 0 -> null;
                    case 1 -> new CallCommand.NotDecided(askId, "HTTP 500");
                    case 2 -> new CallCommand.Decided(askId, NOBODY, seconds, "", 0);
                    case 3 -> new CallCommand.Decided(askId, "", 0, NOBODY, priority);
                    case 4 -> new CallCommand.Decided(askId, "", 0, "", priority);
                    case 5, 6 -> new CallCommand.Decided(askId, "", 0, queueId, priority);
                    default -> new CallCommand.Decided(askId, agentId, seconds, "", priority);
                });
    }

    private String oneOf(Iterable<String> ids) {
        var sorted = new TreeSet<String>();
        ids.forEach(sorted::add);
        return List.copyOf(sorted).get((int) world.random(0, sorted.size()));
    }
}
