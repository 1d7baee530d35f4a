package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.GET;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.store.CallRecord;
import dev.carillon.store.CallRecords;
import dev.carillon.store.Ids;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Calls that are going on, calls that have ended, and what happened to each. */
final class CallOperations {

    private static final List<String> OUTCOMES = List.of("answered", "abandoned", "rejected", "lost", "overflowed");
    private static final int RECORDS = 100;
    private static final int MOST_RECORDS = CallRecords.MOST_PER_PAGE;
    private static final int LONGEST_CURSOR = 512;

    /** One page of records. */
    record RecordsBody(List<CallRecordBody> items, String nextCursor) {}

    private final Backend backend;

    CallOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/calls", this::list),
                Operation.of(GET, "/api/v1/calls/{callId}", Ids.CALL, this::get),
                Operation.of(GET, "/api/v1/calls/{callId}/history", Ids.CALL, this::history),
                Operation.of(GET, "/api/v1/call-records", this::records),
                Operation.of(GET, "/api/v1/call-records/{callId}", Ids.CALL, this::record));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().calls());
    }

    /** From the live view; else from the records; else, between the two, from the journal. */
    private CompletionStage<HttpResponse> get(Request request) {
        request.withoutBody().query().check();
        var live = backend.overview().call(request.id());
        if (live.isPresent()) {
            return CompletableFuture.completedFuture(Responses.ok(new CallBody.WithRecord(live.get(), null)));
        }
        return find(request.id())
                .thenCompose(record -> record.isPresent()
                        ? CompletableFuture.completedFuture(
                                new CallBody.WithRecord(CallBody.of(record.get()), CallRecordBody.of(record.get())))
                        : journal(request.id())
                                .thenApply(events -> new CallBody.WithRecord(CallBody.of(request.id(), events), null)))
                .thenApply(Responses::ok);
    }

    private CompletionStage<HttpResponse> history(Request request) {
        request.withoutBody().query().check();
        return journal(request.id()).thenApply(events -> Responses.items(EventJson.of(events)));
    }

    private CompletionStage<HttpResponse> records(Request request) {
        var query = request.withoutBody().query();
        var from = query.instant("from");
        var to = query.instant("to");
        var outcome = query.oneOf("outcome", OUTCOMES);
        var filter = new CallRecords.Filter(
                from,
                to,
                query.id("queue", Ids.QUEUE),
                query.id("agent", Ids.ENTITY),
                outcome == null ? null : Words.constant(outcome));
        var limit = query.wholeNumber("limit", 1, MOST_RECORDS, RECORDS);
        var cursor = query.text("cursor");
        if (cursor != null && (cursor.isEmpty() || cursor.length() > LONGEST_CURSOR)) {
            query.invalid("cursor", "must be the nextCursor of an earlier page");
        }
        if (from != null && to != null && !from.isBefore(to)) {
            query.invalid("to", "must be later than from");
        }
        query.check();
        return backend.blocking(() -> page(filter, cursor, limit))
                .thenApply(page -> Responses.ok(new RecordsBody(
                        page.records().stream().map(CallRecordBody::of).toList(), page.cursor())));
    }

    private CallRecords.Page page(CallRecords.Filter filter, String cursor, int limit) {
        try {
            return backend.services().callRecords().list(filter, cursor, limit);
        } catch (CallRecords.InvalidCursor e) {
            throw Problem.ofField("cursor", "must be the nextCursor of an earlier page; leave it out to begin anew");
        }
    }

    private CompletionStage<HttpResponse> record(Request request) {
        request.withoutBody().query().check();
        return find(request.id())
                .thenApply(record -> Responses.ok(CallRecordBody.of(record.orElseThrow(() -> Problem.of(
                        ProblemCode.CALL_NOT_FOUND,
                        "There is no record of call " + request.id()
                                + ". A record is written when the call has ended; while it goes on, see /api/v1/calls/"
                                + request.id() + ".")))));
    }

    private CompletionStage<Optional<CallRecord>> find(String callId) {
        return backend.blocking(() -> backend.services().callRecords().find(callId));
    }

    private CompletionStage<List<CallEvent>> journal(String callId) {
        return backend.history(callId).thenApply(events -> {
            if (events.isEmpty()) {
                throw Problem.of(
                        ProblemCode.CALL_NOT_FOUND,
                        "There is no call " + callId
                                + ". Calls going on are at /api/v1/calls, ended ones at /api/v1/call-records.");
            }
            return events;
        });
    }
}
