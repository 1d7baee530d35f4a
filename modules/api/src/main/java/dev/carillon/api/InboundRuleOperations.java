package dev.carillon.api;

import static akka.http.javadsl.model.HttpMethods.DELETE;
import static akka.http.javadsl.model.HttpMethods.GET;
import static akka.http.javadsl.model.HttpMethods.POST;
import static akka.http.javadsl.model.HttpMethods.PUT;

import akka.http.javadsl.model.HttpResponse;
import dev.carillon.core.OwnQueue;
import dev.carillon.core.Target;
import dev.carillon.core.inbound.Rule;
import dev.carillon.core.inbound.Rule.Days;
import dev.carillon.core.inbound.Rule.Hours;
import dev.carillon.core.inbound.Rule.Numbers;
import dev.carillon.core.inbound.Rule.When;
import dev.carillon.core.inbound.Treatment;
import dev.carillon.store.HoursText;
import dev.carillon.store.Ids;
import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Inbound rules: what they say, the switch of each, and what they would make of a call. */
final class InboundRuleOperations {

    private static final String TO_QUEUE = "to-queue";
    private static final String TO_AGENT = "to-agent";
    private static final String TO_NUMBER = "to-number";
    private static final String ANNOUNCEMENT = "announcement";
    private static final String HEARS_BUSY = "hears-busy";
    private static final String TURNED_AWAY = "turned-away";
    private static final String UNALLOCATED = "unallocated";

    private static final List<String> ACTIONS =
            List.of(TO_QUEUE, TO_AGENT, TO_NUMBER, ANNOUNCEMENT, HEARS_BUSY, TURNED_AWAY);
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_WORD = 128;
    private static final int MOST_ORDER = 1_000_000;
    private static final int ORDER = 100;
    private static final int LEAST_PRIORITY = 1;
    private static final int MOST_PRIORITY = 10;
    private static final int PRIORITY = 5;
    private static final int MOST_AGENT_SECONDS = 3600;
    private static final int LEAST_RING_SECONDS = 5;
    private static final int MOST_RING_SECONDS = 120;
    private static final int MOST_NUMBERS = 1000;
    private static final int MOST_HOURS = 20;
    private static final int DAYS_OF_THE_WEEK = 7;

    private final Backend backend;

    InboundRuleOperations(Backend backend) {
        this.backend = backend;
    }

    List<Operation> all() {
        return List.of(
                Operation.of(GET, "/api/v1/inbound-rules", this::list),
                Operation.of(POST, "/api/v1/inbound-rules/try", this::tryOut),
                Operation.of(GET, "/api/v1/inbound-rules/{ruleId}", Ids.ENTITY, this::get),
                Operation.of(PUT, "/api/v1/inbound-rules/{ruleId}", Ids.ENTITY, this::put),
                Operation.of(DELETE, "/api/v1/inbound-rules/{ruleId}", Ids.ENTITY, this::delete),
                Operation.of(PUT, "/api/v1/inbound-rules/{ruleId}/state", Ids.ENTITY, this::switchOver));
    }

    private CompletionStage<HttpResponse> list(Request request) {
        return Answers.items(request, backend.overview().inboundRules());
    }

    private CompletionStage<HttpResponse> get(Request request) {
        return Answers.one(
                request, backend.overview().inboundRule(request.id()).orElseThrow(() -> unknown(request.id())));
    }

    private CompletionStage<HttpResponse> put(Request request) {
        return request.body().thenCompose(body -> {
            body.nullable(
                    "onDaysOf",
                    "notOnDaysOf",
                    "queueId",
                    "priority",
                    "greeting",
                    "agentId",
                    "agentSeconds",
                    "number",
                    "ringSeconds",
                    "sound");
            var rule = new Rule(
                    request.id(),
                    body.text("name", LONGEST_NAME),
                    body.wholeNumber("order", 0, MOST_ORDER, ORDER),
                    body.flag("active", true),
                    body.flag("forced", false),
                    when(body),
                    target(body));
            body.check();
            return Answers.put(
                    backend, overview -> overview.inboundRule(request.id()), store -> store.putInboundRule(rule));
        });
    }

    private static When when(JsonBody body) {
        return new When(
                numbers(body, "dialled"),
                numbers(body, "caller"),
                new Days(
                        Set.copyOf(body.each(
                                "weekdays",
                                DAYS_OF_THE_WEEK,
                                InboundRuleOperations::weekday,
                                "monday, tuesday, wednesday, thursday, friday, saturday or sunday")),
                        body.id("onDaysOf", Ids.ENTITY, ""),
                        body.id("notOnDaysOf", Ids.ENTITY, "")),
                body.each("hours", MOST_HOURS, InboundRuleOperations::hours, "like 09:00-17:30"));
    }

    private static Numbers numbers(JsonBody body, String whose) {
        return new Numbers(
                Set.copyOf(
                        body.each(whose + "Numbers", MOST_NUMBERS, InboundRuleOperations::number, Ids.NUMBER.form())),
                Set.copyOf(
                        body.each(whose + "Prefixes", MOST_NUMBERS, InboundRuleOperations::number, Ids.NUMBER.form())));
    }

    private static Treatment target(JsonBody body) {
        var action = body.oneOf("action", ACTIONS, TO_QUEUE);
        for (var field : List.of("number", "ringSeconds")) {
            if (!action.equals(TO_NUMBER) && body.has(field)) {
                body.invalid(
                        field, "is only for callers who are put through to a number; leave it out with this action");
            }
        }
        if (!action.equals(ANNOUNCEMENT) && body.has("sound")) {
            body.invalid("sound", "is only for callers who hear an announcement; leave it out with this action");
        }
        if (action.equals(TO_AGENT)) {
            return new Treatment.ToAgent(
                    body.id("agentId", Ids.ENTITY),
                    body.wholeNumber("agentSeconds", 1, MOST_AGENT_SECONDS, OwnQueue.SECONDS),
                    queue(body, body.id("queueId", Ids.ENTITY, "")));
        }
        for (var field : List.of("agentId", "agentSeconds")) {
            if (body.has(field)) {
                body.invalid(field, "is only for callers who go to one agent; leave it out with this action");
            }
        }
        if (action.equals(TO_NUMBER)) {
            return new Treatment.ToNumber(
                    body.id("number", Ids.OUTSIDE_NUMBER),
                    body.wholeNumber("ringSeconds", LEAST_RING_SECONDS, MOST_RING_SECONDS, Target.ToNumber.SECONDS),
                    queue(body, body.id("queueId", Ids.ENTITY, "")));
        }
        if (action.equals(TO_QUEUE)) {
            return queue(body, body.id("queueId", Ids.ENTITY));
        }
        for (var field : List.of("queueId", "priority", "greeting")) {
            if (body.has(field)) {
                body.invalid(field, "is only for callers who enter a queue; leave it out with this action");
            }
        }
        if (action.equals(ANNOUNCEMENT)) {
            return new Treatment.HearsAnnouncement(body.word("sound", LONGEST_WORD));
        }
        return action.equals(HEARS_BUSY) ? new Treatment.HearsBusy() : new Treatment.TurnedAway();
    }

    private static Treatment.ToQueue queue(JsonBody body, String queueId) {
        return new Treatment.ToQueue(
                queueId,
                body.wholeNumber("priority", LEAST_PRIORITY, MOST_PRIORITY, PRIORITY),
                body.word("greeting", 0, LONGEST_WORD, ""));
    }

    /** That the caller enters, at once or in the end; null when none. */
    static Treatment.ToQueue queue(Treatment treatment) {
        if (treatment instanceof Treatment.ToAgent agent) {
            return agent.then();
        }
        if (treatment instanceof Treatment.ToNumber number) {
            return number.then();
        }
        return treatment instanceof Treatment.ToQueue queue ? queue : null;
    }

    /** As rules and their trial spell it. */
    static String action(Treatment treatment) {
        if (treatment instanceof Treatment.ToQueue) {
            return TO_QUEUE;
        }
        if (treatment instanceof Treatment.ToAgent) {
            return TO_AGENT;
        }
        if (treatment instanceof Treatment.ToNumber) {
            return TO_NUMBER;
        }
        if (treatment instanceof Treatment.HearsAnnouncement) {
            return ANNOUNCEMENT;
        }
        if (treatment instanceof Treatment.HearsBusy) {
            return HEARS_BUSY;
        }
        return treatment instanceof Treatment.TurnedAway ? TURNED_AWAY : UNALLOCATED;
    }

    private static Optional<String> number(String text) {
        return Optional.of(text).filter(Ids.NUMBER::fits);
    }

    private static Optional<DayOfWeek> weekday(String text) {
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> Words.of(day).equals(text))
                .findAny();
    }

    private static Optional<Hours> hours(String text) {
        return Optional.of(text).filter(HoursText::fits).map(HoursText::parse);
    }

    private CompletionStage<HttpResponse> delete(Request request) {
        return Answers.delete(
                request, backend, store -> store.deleteInboundRule(request.id()), () -> unknown(request.id()));
    }

    private CompletionStage<HttpResponse> switchOver(Request request) {
        return request.body().thenCompose(body -> {
            var active = body.flag("active");
            body.check();
            return backend.change(store -> store.switchInboundRule(request.id(), active))
                    .thenApply(existed -> {
                        if (!existed) {
                            throw unknown(request.id());
                        }
                        return Responses.noContent();
                    });
        });
    }

    private CompletionStage<HttpResponse> tryOut(Request request) {
        return request.body().thenCompose(body -> {
            body.nullable("callerNumber", "at");
            var caller = body.id("callerNumber", Ids.NUMBER, "");
            var dialled = body.id("dialledNumber", Ids.NUMBER);
            var at = body.instant("at", backend.now());
            body.check();
            var directory = backend.services().configuration().current().directory();
            var verdict = directory.inbound(caller, dialled, at);
            return CompletableFuture.completedFuture(Responses.ok(
                    InboundTrialBody.of(verdict, at, directory.inbound().zone())));
        });
    }

    private static Problem unknown(String ruleId) {
        return Problem.of(
                ProblemCode.INBOUND_RULE_NOT_FOUND,
                "There is no inbound rule " + ruleId
                        + ". The rules are at /api/v1/inbound-rules; add one with PUT /api/v1/inbound-rules/" + ruleId
                        + ".");
    }
}
