package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.DELETE;
import static akka.http.javadsl.model.HttpMethods.GET;
import static akka.http.javadsl.model.HttpMethods.PUT;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.protocol.Seat;
import dev.carillon.store.Ids;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Seats: who is logged in there, settings. */
final class SeatOperations {

    private static final int LONGEST_WORD = 128;

    private final Backend backend;

    SeatOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/seats", this::list),
                Operation.of(GET, "/api/v1/seats/{seatId}", Ids.ENTITY, this::get),
                Operation.of(PUT, "/api/v1/seats/{seatId}", Ids.ENTITY, this::put),
                Operation.of(DELETE, "/api/v1/seats/{seatId}", Ids.ENTITY, this::delete));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().seats());
    }

    private CompletionStage<HttpResponse> get(Request request) {
        return Answers.one(request, backend.overview().seat(request.id()).orElseThrow(() -> unknown(request.id())));
    }

    private CompletionStage<HttpResponse> put(Request request) {
        return request.body().thenCompose(body -> {
            var seat = new Seat(request.id(), body.id("boxId", Ids.BOX), body.word("endpoint", LONGEST_WORD));
            body.check();
            return Answers.put(backend, overview -> overview.seat(request.id()), store -> store.putSeat(seat));
        });
    }

    private CompletionStage<HttpResponse> delete(Request request) {
        backend.overview().holderOf(request.id()).ifPresent(holder -> {
            throw Problem.of(
                    ProblemCode.IN_USE,
                    "Agent " + holder + " is logged in at seat " + request.id()
                            + ". Log them out first: DELETE /api/v1/agents/" + holder + "/session.");
        });
        return Answers.delete(request, backend, store -> store.deleteSeat(request.id()), () -> unknown(request.id()));
    }

    private static Problem unknown(String seatId) {
        return Problem.of(
                ProblemCode.SEAT_NOT_FOUND,
                "There is no seat " + seatId + ". The seats are at /api/v1/seats; add one with PUT /api/v1/seats/"
                        + seatId + ".");
    }
}
