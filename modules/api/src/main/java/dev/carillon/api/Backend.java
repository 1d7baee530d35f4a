package dev.carillon.api;

import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.store.ConfigurationStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The services as operations use them: replies become results or problems, and what blocks goes to threads of its own. */
final class Backend {

    private final ApiServices services;
    private final Executor blocking;

    /** @param blocking threads that may wait for the database */
    Backend(ApiServices services, Executor blocking) {
        this.services = services;
        this.blocking = blocking;
    }

    ApiServices services() {
        return services;
    }

    /** How everything stands at this moment. */
    Overview overview() {
        return new Overview(services.liveView(), services.configuration().current());
    }

    Instant now() {
        return services.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * Runs something that reads and blocks.
     *
     * @throws Problem at once when the database does not answer: who waits for it keeps a thread from those whom it will answer
     */
    <T> CompletionStage<T> blocking(Supplier<T> work) {
        mustBe(services.database().get().readable());
        return CompletableFuture.supplyAsync(work, blocking);
    }

    /** @throws Problem as in {@link #blocking} */
    CompletionStage<List<CallEvent>> history(String callId) {
        mustBe(services.database().get().readable());
        return services.callHistory().of(callId);
    }

    /**
     * @throws Problem at once when nothing can be stored: the agent could not answer before that is over. A sign of life is passed on all
     *     the same, since usually there is nothing to store with it
     */
    CompletionStage<Reply> askAgent(String agentId, AgentCommand command) {
        mustBe(command instanceof AgentCommand.Heartbeat || canDecide());
        return answered(services.entities().askAgent(agentId, command));
    }

    /** @throws Problem as in {@link #askAgent} */
    CompletionStage<Reply> logIn(String agentId, Seat seat) {
        mustBe(canDecide());
        return answered(services.entities().logIn(agentId, seat));
    }

    /** @throws Problem as in {@link #askAgent} */
    CompletionStage<Reply> takeOver(String agentId, Seat seat, Optional<String> seen) {
        mustBe(canDecide());
        return answered(services.entities().takeOver(agentId, seat, seen));
    }

    CompletionStage<Reply> askQueue(String queueId, QueueCommand command) {
        return answered(services.entities().askQueue(queueId, command));
    }

    /** @throws Problem as in {@link #askAgent} */
    <T> CompletionStage<T> change(Function<ConfigurationStore, T> change) {
        mustBe(canDecide());
        return services.configuration().change(change);
    }

    /** @throws Problem as in {@link #askAgent} */
    CompletionStage<Void> put(Consumer<ConfigurationStore> change) {
        return change(store -> {
            change.accept(store);
            return null;
        });
    }

    private boolean canDecide() {
        return services.database().get().writable();
    }

    private static void mustBe(boolean well) {
        if (!well) {
            throw Problems.databaseUnavailable();
        }
    }

    /** Who asked before anybody knew that the database is away is told that, and not that somebody was slow. */
    private CompletionStage<Reply> answered(CompletionStage<Reply> asked) {
        return asked.handle((reply, failure) -> {
            if (failure == null) {
                return accepted(reply);
            }
            if (Problems.cause(failure) instanceof TimeoutException && !canDecide()) {
                throw Problems.databaseUnavailable();
            }
            throw new CompletionException(Problems.cause(failure));
        });
    }

    private static Reply accepted(Reply reply) {
        if (reply instanceof Reply.Rejected rejected) {
            throw Problem.refused(rejected.code(), rejected.detail());
        }
        return reply;
    }
}
