package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.DELETE;
import static akka.http.javadsl.model.HttpMethods.GET;
import static akka.http.javadsl.model.HttpMethods.POST;
import static akka.http.javadsl.model.HttpMethods.PUT;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.store.AgentForm;
import dev.carillon.store.Ids;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** Agents: how they stand, log-in and log-out, ready and not ready, settings. */
final class AgentOperations {

    private static final String READY = "ready";
    private static final String NOT_READY = "not-ready";
    private static final int LONGEST_REASON = 64;
    private static final int MOST_EXTENSIONS = 1000;

    private final Backend backend;

    AgentOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/agents", this::list),
                Operation.of(GET, "/api/v1/agents/{agentId}", Ids.ENTITY, this::get),
                Operation.of(PUT, "/api/v1/agents/{agentId}", Ids.ENTITY, this::put),
                Operation.of(DELETE, "/api/v1/agents/{agentId}", Ids.ENTITY, this::delete),
                Operation.of(PUT, "/api/v1/agents/{agentId}/session", Ids.ENTITY, this::logIn),
                Operation.of(DELETE, "/api/v1/agents/{agentId}/session", Ids.ENTITY, this::logOut),
                Operation.of(PUT, "/api/v1/agents/{agentId}/state", Ids.ENTITY, this::setState),
                Operation.of(POST, "/api/v1/agents/{agentId}/heartbeat", Ids.ENTITY, this::heartbeat),
                Operation.of(DELETE, "/api/v1/agents/{agentId}/next-state", Ids.ENTITY, this::cancelNext),
                Operation.of(PUT, "/api/v1/agents/{agentId}/wrap-up", Ids.ENTITY, this::wrapUp),
                Operation.of(DELETE, "/api/v1/agents/{agentId}/wrap-up", Ids.ENTITY, this::endWrapUp));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().agents());
    }

    private CompletionStage<HttpResponse> get(Request request) {
        return Answers.one(request, existing(request.id()));
    }

    private CompletionStage<HttpResponse> put(Request request) {
        return request.body().thenCompose(body -> {
            var agent = AgentForm.read(request.id(), body);
            if (!body.has("queueIds")) {
                body.invalid("queueIds", "is missing");
            }
            body.check();
            return Answers.put(
                    backend,
                    overview -> overview.agent(request.id()).filter(found -> found.settings() != null),
                    store -> store.putAgent(agent));
        });
    }

    private CompletionStage<HttpResponse> delete(Request request) {
        backend.overview()
                .agent(request.id())
                .filter(agent -> agent.seatId() != null)
                .ifPresent(agent -> {
                    throw Problem.of(
                            ProblemCode.IN_USE,
                            "Agent " + request.id() + " is logged in at seat " + agent.seatId()
                                    + ". Log them out first: DELETE /api/v1/agents/" + request.id() + "/session.");
                });
        return Answers.delete(request, backend, store -> store.deleteAgent(request.id()), () -> unknown(request.id()));
    }

    private CompletionStage<HttpResponse> logIn(Request request) {
        return request.body().thenCompose(body -> {
            var seatId = body.id("seat", Ids.ENTITY);
            var takesOver = body.flag("takeOver", false);
            body.check();
            var agentId = request.id();
            var overview = backend.overview();
            configured(agentId);
            var seat = overview.configuredSeat(seatId)
                    .orElseThrow(() -> Problem.of(
                            ProblemCode.SEAT_NOT_FOUND,
                            "There is no seat " + seatId
                                    + ". The seats are at /api/v1/seats; add one with PUT /api/v1/seats/" + seatId
                                    + "."));
            if (takesOver) {
                return backend.takeOver(agentId, seat, overview.holderOf(seatId))
                        .thenApply(done -> Responses.noContent());
            }
            overview.holderOf(seatId).filter(holder -> !holder.equals(agentId)).ifPresent(holder -> {
                throw Problem.of(
                        ProblemCode.SEAT_TAKEN,
                        "Agent " + holder + " is logged in at seat " + seatId
                                + ". Choose another seat, log that agent out first, or say takeOver: true.");
            });
            return backend.logIn(agentId, seat).thenApply(done -> Responses.noContent());
        });
    }

    private CompletionStage<HttpResponse> logOut(Request request) {
        request.withoutBody().query().check();
        // Also one who was deleted and is still logged in.
        existing(request.id());
        return backend.askAgent(request.id(), new AgentCommand.LogOut()).thenApply(done -> Responses.noContent());
    }

    private CompletionStage<HttpResponse> setState(Request request) {
        return request.body().thenCompose(body -> {
            var state = body.oneOf("state", List.of(READY, NOT_READY));
            AgentCommand command = state.equals(NOT_READY) ? becomeNotReady(body) : becomeReady(body, state);
            body.check();
            existing(request.id());
            return backend.askAgent(request.id(), command).thenApply(done -> Responses.noContent());
        });
    }

    private CompletionStage<HttpResponse> heartbeat(Request request) {
        return asked(request, new AgentCommand.Heartbeat());
    }

    private CompletionStage<HttpResponse> cancelNext(Request request) {
        return asked(request, new AgentCommand.CancelNext());
    }

    private CompletionStage<HttpResponse> endWrapUp(Request request) {
        return asked(request, new AgentCommand.EndWrapUp(""));
    }

    private CompletionStage<HttpResponse> asked(Request request, AgentCommand command) {
        request.withoutBody().query().check();
        existing(request.id());
        return backend.askAgent(request.id(), command).thenApply(done -> Responses.noContent());
    }

    /** One at a time: each has an answer of its own. */
    private CompletionStage<HttpResponse> wrapUp(Request request) {
        return request.body().thenCompose(body -> {
            var code = body.id("code", Ids.ENTITY, "");
            var extensions = body.wholeNumber("extensions", 1, MOST_EXTENSIONS, 0);
            if (code.isEmpty() == (extensions == 0)) {
                body.invalid("code", "give either code or extensions");
            }
            body.check();
            existing(request.id());
            AgentCommand command = extensions == 0
                    ? new AgentCommand.GiveWrapUpCode(code, "")
                    : new AgentCommand.ExtendWrapUp(extensions, "");
            return backend.askAgent(request.id(), command).thenApply(done -> Responses.noContent());
        });
    }

    /** Also when the state is neither: then only that is complained of. */
    private static AgentCommand becomeReady(JsonBody body, String state) {
        if (body.has("reason") && state.equals(READY)) {
            body.invalid("reason", "is for not-ready only; leave it out");
        }
        return new AgentCommand.SetReady();
    }

    private static AgentCommand becomeNotReady(JsonBody body) {
        var reason = body.text("reason", LONGEST_REASON).strip();
        if (reason.toLowerCase(Locale.ROOT).equals(READY)) {
            body.invalid("reason", "must say why not ready");
        }
        return new AgentCommand.SetNotReady(reason);
    }

    private AgentBody existing(String agentId) {
        return backend.overview().agent(agentId).orElseThrow(() -> unknown(agentId));
    }

    private void configured(String agentId) {
        if (existing(agentId).settings() == null) {
            throw unknown(agentId);
        }
    }

    private static Problem unknown(String agentId) {
        return Problem.of(
                ProblemCode.AGENT_NOT_FOUND,
                "There is no agent " + agentId + ". The agents are at /api/v1/agents; add one with PUT /api/v1/agents/"
                        + agentId + ".");
    }
}
