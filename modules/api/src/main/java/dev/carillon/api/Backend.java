package dev.carillon.api;

import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.store.ConfigurationStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
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

    /** Runs something that blocks. */
    <T> CompletionStage<T> blocking(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, blocking);
    }

    CompletionStage<Reply> askAgent(String agentId, AgentCommand command) {
        return services.entities().askAgent(agentId, command).thenApply(Backend::accepted);
    }

    CompletionStage<Reply> logIn(String agentId, Seat seat) {
        return services.entities().logIn(agentId, seat).thenApply(Backend::accepted);
    }

    CompletionStage<Reply> takeOver(String agentId, Seat seat, Optional<String> seen) {
        return services.entities().takeOver(agentId, seat, seen).thenApply(Backend::accepted);
    }

    CompletionStage<Reply> askQueue(String queueId, QueueCommand command) {
        return services.entities().askQueue(queueId, command).thenApply(Backend::accepted);
    }

    <T> CompletionStage<T> change(Function<ConfigurationStore, T> change) {
        return services.configuration().change(change);
    }

    CompletionStage<Void> put(Consumer<ConfigurationStore> change) {
        return services.configuration().change(store -> {
            change.accept(store);
            return null;
        });
    }

    private static Reply accepted(Reply reply) {
        if (reply instanceof Reply.Rejected rejected) {
            throw Problem.refused(rejected.code(), rejected.detail());
        }
        return reply;
    }
}
