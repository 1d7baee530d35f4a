package dev.carillon.cluster;

import dev.carillon.core.call.DecisionQuestion;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.protocol.call.CallCommand;
import java.util.function.Consumer;

/** The way to the decision hooks of queues. Never blocks, never fails: a call that hears nothing goes by its queue's own rule. */
@FunctionalInterface
public interface HookGateway {

    /** @param answer told {@code Decided} or {@code NotDecided}, once at most, by any thread */
    void ask(DecisionHook hook, DecisionQuestion question, Consumer<CallCommand> answer);
}
