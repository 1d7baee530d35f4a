package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.DELETE;
import static akka.http.javadsl.model.HttpMethods.GET;
import static akka.http.javadsl.model.HttpMethods.PUT;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.view.View;
import dev.carillon.store.Ids;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Boxes: the connection to each, settings. */
final class BoxOperations {

    private static final List<String> KINDS = List.of("asterisk", "simulated");
    private static final int LONGEST_WORD = 128;
    private static final int LONGEST_USER = 100;
    private static final int LONGEST_PASSWORD = 200;

    private final Backend backend;

    BoxOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/boxes", this::list),
                Operation.of(GET, "/api/v1/boxes/{boxId}", Ids.BOX, this::get),
                Operation.of(PUT, "/api/v1/boxes/{boxId}", Ids.BOX, this::put),
                Operation.of(DELETE, "/api/v1/boxes/{boxId}", Ids.BOX, this::delete));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().boxes());
    }

    private CompletionStage<HttpResponse> get(Request request) {
        return Answers.one(request, backend.overview().box(request.id()).orElseThrow(() -> unknown(request.id())));
    }

    private CompletionStage<HttpResponse> put(Request request) {
        return request.body().thenCompose(body -> {
            var keepsPassword = !body.has("password");
            var box = new BoxSettings(
                    request.id(),
                    body.oneOf("kind", KINDS),
                    body.word("address", LONGEST_WORD),
                    body.text("user", LONGEST_USER, ""),
                    body.text("password", LONGEST_PASSWORD, ""),
                    body.word("trunk", 0, LONGEST_WORD, ""));
            body.check();
            return Answers.put(
                            backend,
                            overview -> overview.box(request.id()).filter(found -> found.settings() != null),
                            store -> {
                                if (keepsPassword) {
                                    store.putBoxKeepingPassword(box);
                                } else {
                                    store.putBox(box);
                                }
                            })
                    .thenApply(answer -> {
                        backend.services().configuration().boxStored(box.boxId());
                        return answer;
                    });
        });
    }

    private CompletionStage<HttpResponse> delete(Request request) {
        // Of a lost box nobody can say whether they still are; whoever removes it knows that it will not come back.
        backend.overview()
                .box(request.id())
                .filter(box -> box.calls() > 0 && !box.state().equals(Words.of(View.BoxPhase.LOST)))
                .ifPresent(box -> {
                    throw Problem.of(
                            ProblemCode.IN_USE,
                            "Box " + request.id() + " has calls (" + box.calls()
                                    + "). Removing it would end them in the records while people talk. Send no more"
                                    + " callers to it, and remove it when they have ended.");
                });
        return Answers.delete(request, backend, store -> store.deleteBox(request.id()), () -> unknown(request.id()));
    }

    private static Problem unknown(String boxId) {
        return Problem.of(
                ProblemCode.BOX_NOT_FOUND,
                "There is no box " + boxId + ". The boxes are at /api/v1/boxes; add one with PUT /api/v1/boxes/" + boxId
                        + ".");
    }
}
