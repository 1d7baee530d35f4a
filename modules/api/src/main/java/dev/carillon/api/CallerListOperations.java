package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.DELETE;
import static akka.http.javadsl.model.HttpMethods.GET;
import static akka.http.javadsl.model.HttpMethods.PUT;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.core.OwnQueue;
import dev.carillon.core.inbound.CallerEntry;
import dev.carillon.core.inbound.CallerEntry.CallerList;
import dev.carillon.store.Ids;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The blacklist, the whitelist and the VIP list. */
final class CallerListOperations {

    private static final int LONGEST_NOTE = 200;
    private static final int MOST_AGENT_SECONDS = 3600;
    private static final List<String> LISTS =
            Arrays.stream(CallerList.values()).map(list -> Words.of(list)).toList();

    private final Backend backend;

    CallerListOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/caller-lists", this::list),
                Operation.of(GET, "/api/v1/caller-lists/{number}", Ids.NUMBER, this::get),
                Operation.of(PUT, "/api/v1/caller-lists/{number}", Ids.NUMBER, this::put),
                Operation.of(DELETE, "/api/v1/caller-lists/{number}", Ids.NUMBER, this::delete));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().callers());
    }

    private CompletionStage<HttpResponse> get(Request request) {
        return Answers.one(request, backend.overview().caller(request.id()).orElseThrow(() -> unknown(request.id())));
    }

    private CompletionStage<HttpResponse> put(Request request) {
        return request.body().thenCompose(body -> {
            var list = body.oneOf("list", LISTS);
            var prefix = body.flag("prefix", false);
            var note = body.text("note", LONGEST_NOTE, "");
            body.nullable("agentId", "agentSeconds");
            var agentId = body.id("agentId", Ids.ENTITY, "");
            var seconds = body.wholeNumber("agentSeconds", 1, MOST_AGENT_SECONDS, OwnQueue.SECONDS);
            if (!agentId.isEmpty() && !list.equals(Words.of(CallerList.VIP))) {
                body.invalid("agentId", "is only for callers on the VIP list; leave it out with this list");
            }
            body.check();
            var caller = new CallerEntry(
                    request.id(), CallerList.valueOf(Words.constant(list)), prefix, note, agentId, seconds);
            return Answers.put(backend, overview -> overview.caller(request.id()), store -> store.putCaller(caller));
        });
    }

    private CompletionStage<HttpResponse> delete(Request request) {
        return Answers.delete(request, backend, store -> store.deleteCaller(request.id()), () -> unknown(request.id()));
    }

    private static Problem unknown(String number) {
        return Problem.of(
                ProblemCode.CALLER_NOT_FOUND,
                "There is no entry " + number
                        + " on any list of callers. The entries are at /api/v1/caller-lists; add one" + " with PUT.");
    }
}
