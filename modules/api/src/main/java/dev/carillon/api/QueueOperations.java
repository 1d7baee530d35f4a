package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.DELETE;
import static akka.http.javadsl.model.HttpMethods.GET;
import static akka.http.javadsl.model.HttpMethods.PUT;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.core.Directory;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Queues: how they stand, who waits, settings. */
final class QueueOperations {

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_WORD = 128;
    private static final int LEAST_RING_SECONDS = 5;
    private static final int MOST_RING_SECONDS = 120;
    private static final int RING_SECONDS = 20;
    private static final int MOST_WRAP_UP_SECONDS = 3600;
    private static final int LATEST_STEP_SECONDS = 86_400;
    static final int LEAST_LEVEL = 1;
    static final int MOST_LEVEL = 10;
    private static final List<String> STRATEGIES =
            Arrays.stream(Directory.Strategy.values()).map(Words::of).toList();

    /** {@code WaitingCall} of the contract. */
    record WaitingCallBody(
            int position,
            String callId,
            String callerNumber,
            int priority,
            Instant waitingSince,
            String offeredAgentId) {}

    private final Backend backend;

    QueueOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/queues", this::list),
                Operation.of(GET, "/api/v1/queues/{queueId}", Ids.ENTITY, this::get),
                Operation.of(PUT, "/api/v1/queues/{queueId}", Ids.ENTITY, this::put),
                Operation.of(DELETE, "/api/v1/queues/{queueId}", Ids.ENTITY, this::delete),
                Operation.of(GET, "/api/v1/queues/{queueId}/calls", Ids.ENTITY, this::waiting));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().queues());
    }

    private CompletionStage<HttpResponse> get(Request request) {
        return Answers.one(request, existing(request.id()));
    }

    private CompletionStage<HttpResponse> put(Request request) {
        return request.body().thenCompose(body -> {
            var strategy = body.oneOf("strategy", STRATEGIES, STRATEGIES.get(0));
            var name = body.text("name", LONGEST_NAME);
            var ringSeconds = body.wholeNumber("ringSeconds", LEAST_RING_SECONDS, MOST_RING_SECONDS, RING_SECONDS);
            var wrapUpSeconds = body.wholeNumber("wrapUpSeconds", 0, MOST_WRAP_UP_SECONDS, 0);
            var musicClass = body.word("musicClass", 1, LONGEST_WORD, "default");
            var greeting = body.word("greeting", 0, LONGEST_WORD, "");
            var steps = steps(body);
            body.check();
            var queue = new Directory.Queue(
                    request.id(),
                    name,
                    new Routing(Directory.Strategy.valueOf(Words.constant(strategy)), Steps.of(steps)),
                    ringSeconds,
                    wrapUpSeconds,
                    musicClass,
                    greeting);
            return Answers.put(
                    backend,
                    overview -> overview.queue(request.id()).filter(found -> found.settings() != null),
                    store -> store.putQueue(queue));
        });
    }

    private static List<Steps.Step> steps(JsonBody body) {
        var steps = body.objects(
                "steps",
                Steps.MOST,
                step -> new Steps.Step(
                        Duration.ofSeconds(step.wholeNumber("afterSeconds", 0, LATEST_STEP_SECONDS, 0)),
                        step.numbers("skills", Ids.ENTITY, LEAST_LEVEL, MOST_LEVEL)));
        if (!steps.isEmpty()) {
            Steps.trouble(steps).ifPresent(trouble -> body.invalid("steps", trouble));
        }
        return steps;
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
                return Responses.items(waiting.calls().stream().map(this::body).toList());
            }
            throw new IllegalStateException("A queue answered ListWaiting with " + reply);
        });
    }

    private WaitingCallBody body(Reply.WaitingCall call) {
        var caller = backend.services().liveView().call(call.callId()).map(View.OfCall::callerNumber);
        return new WaitingCallBody(
                call.position(),
                call.callId(),
                Words.orNull(caller.orElse(null)),
                call.priority(),
                call.waitingSince(),
                Words.orNull(call.offeredTo()));
    }

    private QueueBody existing(String queueId) {
        return backend.overview().queue(queueId).orElseThrow(() -> unknown(queueId));
    }

    private static Problem unknown(String queueId) {
        return Problem.of(
                ProblemCode.QUEUE_NOT_FOUND,
                "There is no queue " + queueId + ". The queues are at /api/v1/queues; add one with PUT /api/v1/queues/"
                        + queueId + ".");
    }
}
