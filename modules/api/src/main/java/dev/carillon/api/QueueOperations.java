package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.DELETE;
import static akka.http.javadsl.model.HttpMethods.GET;
import static akka.http.javadsl.model.HttpMethods.PUT;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.core.OwnQueue;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import dev.carillon.store.Ids;
import dev.carillon.store.QueueForm;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Queues: how they stand, who waits, settings. */
final class QueueOperations {

    private final Backend backend;

    QueueOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/queues", this::list),
                Operation.of(GET, "/api/v1/queues/{queueId}", Ids.QUEUE, this::get),
                Operation.of(PUT, "/api/v1/queues/{queueId}", Ids.ENTITY, this::put),
                Operation.of(DELETE, "/api/v1/queues/{queueId}", Ids.ENTITY, this::delete),
                Operation.of(GET, "/api/v1/queues/{queueId}/calls", Ids.QUEUE, this::waiting));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().queues());
    }

    private CompletionStage<HttpResponse> get(Request request) {
        return Answers.one(request, existing(request.id()));
    }

    private CompletionStage<HttpResponse> put(Request request) {
        return request.body().thenCompose(body -> {
            var queue = QueueForm.read(request.id(), body);
            body.check();
            return Answers.put(
                    backend,
                    overview -> overview.queue(request.id()).filter(found -> found.settings() != null),
                    store -> store.putQueue(queue));
        });
    }

    private CompletionStage<HttpResponse> delete(Request request) {
        backend.overview()
                .queue(request.id())
                .filter(queue -> queue.waiting() > 0)
                .ifPresent(queue -> {
                    throw Problem.of(
                            ProblemCode.IN_USE,
                            "Calls wait in queue " + request.id() + " (" + queue.waiting()
                                    + "). Send its numbers to another queue, and delete it when it is empty.");
                });
        return Answers.delete(request, backend, store -> store.deleteQueue(request.id()), () -> unknown(request.id()));
    }

    private CompletionStage<HttpResponse> waiting(Request request) {
        request.withoutBody().query().check();
        existing(request.id());
        return backend.askQueue(request.id(), new QueueCommand.ListWaiting()).thenApply(reply -> {
            if (reply instanceof Reply.WaitingCalls waiting) {
                return Responses.items(WaitingCallBody.of(waiting.calls(), backend.now(), this::callerNumber));
            }
            throw new IllegalStateException("A queue answered ListWaiting with " + reply);
        });
    }

    private String callerNumber(String callId) {
        return backend.services()
                .liveView()
                .call(callId)
                .map(View.OfCall::callerNumber)
                .orElse(null);
    }

    private QueueBody existing(String queueId) {
        return backend.overview().queue(queueId).orElseThrow(() -> unknown(queueId));
    }

    private static Problem unknown(String queueId) {
        if (OwnQueue.is(queueId)) {
            return Problem.of(
                    ProblemCode.QUEUE_NOT_FOUND,
                    "There is no agent " + OwnQueue.agentOf(queueId)
                            + ", so there is no queue of theirs alone. The agents are at /api/v1/agents.");
        }
        return Problem.of(
                ProblemCode.QUEUE_NOT_FOUND,
                "There is no queue " + queueId + ". The queues are at /api/v1/queues; add one with PUT /api/v1/queues/"
                        + queueId + ".");
    }
}
