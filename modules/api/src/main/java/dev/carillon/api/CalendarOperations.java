package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.DELETE;
import static akka.http.javadsl.model.HttpMethods.GET;
import static akka.http.javadsl.model.HttpMethods.PUT;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.core.inbound.Calendar;
import dev.carillon.store.Ids;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Calendars: the days that inbound rules are for, or leave out. */
final class CalendarOperations {

    private static final int LONGEST_NAME = 100;
    private static final int MOST_DAYS = 1000;

    private final Backend backend;

    CalendarOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/calendars", this::list),
                Operation.of(GET, "/api/v1/calendars/{calendarId}", Ids.ENTITY, this::get),
                Operation.of(PUT, "/api/v1/calendars/{calendarId}", Ids.ENTITY, this::put),
                Operation.of(DELETE, "/api/v1/calendars/{calendarId}", Ids.ENTITY, this::delete));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().calendars());
    }

    private CompletionStage<HttpResponse> get(Request request) {
        return Answers.one(request, backend.overview().calendar(request.id()).orElseThrow(() -> unknown(request.id())));
    }

    private CompletionStage<HttpResponse> put(Request request) {
        return request.body().thenCompose(body -> {
            var calendar = new Calendar(
                    request.id(),
                    body.text("name", LONGEST_NAME),
                    Set.copyOf(body.each("days", MOST_DAYS, CalendarOperations::day, "a day like 2026-12-25")));
            body.check();
            return Answers.put(
                    backend, overview -> overview.calendar(request.id()), store -> store.putCalendar(calendar));
        });
    }

    private static Optional<LocalDate> day(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private CompletionStage<HttpResponse> delete(Request request) {
        return Answers.delete(
                request, backend, store -> store.deleteCalendar(request.id()), () -> unknown(request.id()));
    }

    private static Problem unknown(String calendarId) {
        return Problem.of(
                ProblemCode.CALENDAR_NOT_FOUND,
                "There is no calendar " + calendarId + ". The calendars are at /api/v1/calendars; add one with PUT.");
    }
}
