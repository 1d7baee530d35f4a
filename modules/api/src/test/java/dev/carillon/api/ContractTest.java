package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.Reply;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.view.View.AgentPhase;
import dev.carillon.store.DatabaseException;
import dev.carillon.store.Ids;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document and the server say the same: every operation, every code, and every answer that is documented can be had. */
class ContractTest extends ApiTest {

    private static final String KEY = "a-key-for-tests-0123456789";

    /** A request that succeeds in a fresh {@link World}. */
    private record Example(String address, String body) {}

    private static final Map<String, Example> EXAMPLES = Map.ofEntries(
            example("listAgents", "/api/v1/agents", null),
            example("getAgent", "/api/v1/agents/li.na", null),
            example("putAgent", "/api/v1/agents/tom", "{\"name\":\"Tom\",\"queueIds\":[\"sales\"]}"),
            example("deleteAgent", "/api/v1/agents/tom", null),
            example("logIn", "/api/v1/agents/tom/session", "{\"seat\":\"desk-2\"}"),
            example("logOut", "/api/v1/agents/li.na/session", null),
            example("setState", "/api/v1/agents/li.na/state", "{\"state\":\"not-ready\",\"reason\":\"lunch\"}"),
            example("heartbeat", "/api/v1/agents/li.na/heartbeat", null),
            example("cancelNextState", "/api/v1/agents/li.na/next-state", null),
            example("workOnWrapUp", "/api/v1/agents/li.na/wrap-up", "{\"code\":\"sold\"}"),
            example("endWrapUp", "/api/v1/agents/li.na/wrap-up", null),
            example("listQueues", "/api/v1/queues", null),
            example("getQueue", "/api/v1/queues/sales", null),
            example("putQueue", "/api/v1/queues/sales", "{\"name\":\"Sales\"}"),
            example("deleteQueue", "/api/v1/queues/quiet", null),
            example("listWaitingCalls", "/api/v1/queues/sales/calls", null),
            example("listCalls", "/api/v1/calls", null),
            example("getCall", "/api/v1/calls/" + World.ENDED_CALL, null),
            example("getCallHistory", "/api/v1/calls/" + World.ENDED_CALL + "/history", null),
            example("listCallRecords", "/api/v1/call-records?limit=5", null),
            example("getCallRecord", "/api/v1/call-records/" + World.ENDED_CALL, null),
            example("listBoxes", "/api/v1/boxes", null),
            example("getBox", "/api/v1/boxes/box-1", null),
            example("putBox", "/api/v1/boxes/box-1", "{\"kind\":\"simulated\",\"address\":\"here\"}"),
            example("deleteBox", "/api/v1/boxes/box-2", null),
            example("listSeats", "/api/v1/seats", null),
            example("getSeat", "/api/v1/seats/desk-1", null),
            example("putSeat", "/api/v1/seats/desk-1", "{\"boxId\":\"box-1\",\"endpoint\":\"PJSIP/1001\"}"),
            example("deleteSeat", "/api/v1/seats/desk-2", null),
            example("listNumbers", "/api/v1/numbers", null),
            example("getNumber", "/api/v1/numbers/4000", null),
            example("putNumber", "/api/v1/numbers/4000", "{\"queueId\":\"sales\"}"),
            example("deleteNumber", "/api/v1/numbers/4000", null),
            example("listInboundRules", "/api/v1/inbound-rules", null),
            example("getInboundRule", "/api/v1/inbound-rules/closed", null),
            example("putInboundRule", "/api/v1/inbound-rules/closed", "{\"name\":\"A\",\"queueId\":\"sales\"}"),
            example("deleteInboundRule", "/api/v1/inbound-rules/closed", null),
            example("switchInboundRule", "/api/v1/inbound-rules/closed/state", "{\"active\":false}"),
            example("tryInboundRules", "/api/v1/inbound-rules/try", "{\"dialledNumber\":\"4000\"}"),
            example("listCalendars", "/api/v1/calendars", null),
            example("getCalendar", "/api/v1/calendars/holidays", null),
            example("putCalendar", "/api/v1/calendars/holidays", "{\"name\":\"H\",\"days\":[\"2026-12-25\"]}"),
            example("deleteCalendar", "/api/v1/calendars/spare", null),
            example("listCallerLists", "/api/v1/caller-lists", null),
            example("getListedCaller", "/api/v1/caller-lists/+4930", null),
            example("putListedCaller", "/api/v1/caller-lists/+4930", "{\"list\":\"vip\"}"),
            example("deleteListedCaller", "/api/v1/caller-lists/+4930", null),
            example("listNotReadyReasons", "/api/v1/not-ready-reasons", null),
            example("getNotReadyReason", "/api/v1/not-ready-reasons/lunch", null),
            example("putNotReadyReason", "/api/v1/not-ready-reasons/lunch", "{\"name\":\"Lunch\",\"paid\":true}"),
            example("deleteNotReadyReason", "/api/v1/not-ready-reasons/lunch", null));

    /** What 201 is about: something that is not there yet. */
    private static final Map<String, String> NEW = Map.of(
            "putAgent", "/api/v1/agents/new",
            "putQueue", "/api/v1/queues/new",
            "putBox", "/api/v1/boxes/new",
            "putSeat", "/api/v1/seats/new",
            "putNumber", "/api/v1/numbers/new",
            "putInboundRule", "/api/v1/inbound-rules/new",
            "putCalendar", "/api/v1/calendars/new",
            "putListedCaller", "/api/v1/caller-lists/new",
            "putNotReadyReason", "/api/v1/not-ready-reasons/new");

    /** Requests that do not fit how things stand. */
    private static final Map<String, Example> CONFLICTS = Map.of(
            "putAgent", new Example("/api/v1/agents/tom", "{\"name\":\"Tom\",\"queueIds\":[\"nowhere\"]}"),
            "deleteAgent", new Example("/api/v1/agents/li.na", null),
            "logIn", new Example("/api/v1/agents/tom/session", "{\"seat\":\"desk-1\"}"),
            "deleteQueue", new Example("/api/v1/queues/sales", null),
            "deleteBox", new Example("/api/v1/boxes/box-1", null),
            "putSeat", new Example("/api/v1/seats/desk-1", "{\"boxId\":\"box-9\",\"endpoint\":\"PJSIP/1001\"}"),
            "deleteSeat", new Example("/api/v1/seats/desk-1", null),
            "putNumber", new Example("/api/v1/numbers/4000", "{\"queueId\":\"nowhere\"}"),
            "putInboundRule", new Example("/api/v1/inbound-rules/a", "{\"name\":\"A\",\"queueId\":\"nowhere\"}"),
            "deleteCalendar", new Example("/api/v1/calendars/holidays", null));

    @Test
    void everyOperationIsDocumentedAndEveryDocumentedOperationIsThere() {
        var served = ApiRoutes.operations(null, null).stream()
                .map(operation -> operation.method().name() + " " + operation.path())
                .toList();
        var documented = CONTRACT.operations().stream()
                .map(operation -> operation.method() + " " + operation.path())
                .toList();

        assertThat(served).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(documented);
    }

    @Test
    void everyCodeIsInTheTableOfTheDocumentWithItsStatus() {
        var rows = Pattern.compile("\\| `([A-Z_]+)` \\| (\\d{3}) \\|")
                .matcher(CONTRACT.root().at("/info/description").asText())
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();

        assertThat(rows)
                .containsExactlyInAnyOrderElementsOf(Stream.of(ProblemCode.values())
                        .map(code -> code.name() + " " + code.status())
                        .toList());
    }

    @Test
    void everyTroubleOfABoxIsInTheTableOfTheDocumentWithItsRemedy() {
        var rows = Pattern.compile("\\| `([A-Z_]+)` \\| (\\S[^|]+) \\| (\\S[^|]+) \\|")
                .matcher(CONTRACT.root()
                        .at("/components/schemas/Box/properties/code/description")
                        .asText())
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(rows).isEqualTo(troublesOfABox());
    }

    @Test
    void everyTroubleOfABoxHasWordsInEveryLanguageOfTheLivePage() throws IOException {
        var words = "";
        try (var stream = ContractTest.class.getClassLoader().getResourceAsStream("web/words.js")) {
            words = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        var perLanguage = Pattern.compile("boxTroubles: \\{(.*?)\\n {4}\\}", Pattern.DOTALL)
                .matcher(words)
                .results()
                .map(language -> Pattern.compile("^ +([A-Z_]+): '.+',$", Pattern.MULTILINE)
                        .matcher(language.group(1))
                        .results()
                        .map(row -> row.group(1))
                        .toList())
                .toList();

        assertThat(perLanguage).containsExactly(troublesOfABox(), troublesOfABox());
    }

    private static List<String> troublesOfABox() {
        return Stream.of(BoxTrouble.values()).map(Enum::name).toList();
    }

    @Test
    void idsAreDocumentedAsTheyAreChecked() {
        var patterns = Stream.of("Id", "BoxId", "CallId", "Number", "OutsideNumber", "QueueRef")
                .map(name -> CONTRACT.root()
                        .at("/components/schemas/" + name + "/pattern")
                        .asText())
                .toList();

        assertThat(Stream.of(Ids.values())
                        .map(form -> "^" + form.pattern() + "$")
                        .toList())
                .isEqualTo(patterns);
    }

    @Test
    void everyEventOfACallIsDocumentedWithAllItsFields() {
        var documented = CONTRACT.root().at("/components/schemas/CallEvent/oneOf");
        var names = documented.findValuesAsText("title");
        var events = CallEvent.getDescriptor().getOneofs().get(0).getFields().stream()
                .map(field -> Words.of(field.getName()))
                .toList();

        assertThat(names).isEqualTo(events);
        EventJson.of(World.journal(World.ENDED_CALL)).forEach(event -> CONTRACT.checkSchema("CallEvent", event));
    }

    @Test
    void everyOperationHasAnExample() {
        assertThat(CONTRACT.operations().stream()
                        .map(Contract.Documented::operationId)
                        .filter(id -> !id.equals("live"))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(EXAMPLES.keySet());
    }

    /** Each operation with each status that the document names for it; the stream has tests of its own. */
    static List<String> documentedAnswers() {
        return CONTRACT.operations().stream()
                .filter(operation -> !operation.operationId().equals("live"))
                .flatMap(operation ->
                        operation.statuses().stream().map(status -> operation.operationId() + " " + status))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("documentedAnswers")
    void everyDocumentedAnswerCanBeHad(String answer) {
        var id = answer.substring(0, answer.indexOf(' '));
        var status = Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
        var operation = CONTRACT.operations().stream()
                .filter(documented -> documented.operationId().equals(id))
                .findFirst()
                .orElseThrow();
        var example = EXAMPLES.get(id);

        var got =
                switch (status) {
                    case 200, 204 -> send(operation.method(), succeeding(id).address(), example.body());
                    case 201 -> send(operation.method(), NEW.get(id), example.body());
                    case 400 -> malformed(operation, example);
                    case 401 -> withoutKey(operation, example);
                    case 404 -> send(operation.method(), nobody(operation), example.body());
                    case 409 -> conflict(operation, example);
                    case 503 -> withoutDatabase(operation, example);
                    case 504 -> withoutAnswer(operation, example);
                    default -> throw new AssertionError("No way to provoke " + answer + " is known; add one.");
                };

        assertThat(got.status()).as(got.body()).isEqualTo(status);
    }

    private Example succeeding(String id) {
        if (id.equals("deleteBox")) {
            world.configuration.putBox(new dev.carillon.protocol.box.BoxSettings("box-2", "simulated", "here", "", ""));
        }
        return EXAMPLES.get(id);
    }

    private Answer malformed(Contract.Documented operation, Example example) {
        return example.body() == null
                ? send(operation.method(), example.address().replaceAll("\\?.*", "") + "?surprise=1", null)
                : send(operation.method(), example.address(), "{\"surprise\":1}");
    }

    private Answer withoutKey(Contract.Documented operation, Example example) {
        stopServer();
        startServerWith(Optional.of(KEY));
        return send(operation.method(), example.address(), example.body());
    }

    private static String nobody(Contract.Documented operation) {
        return operation.path().replaceAll("\\{[^}]+}", "nobody");
    }

    private Answer conflict(Contract.Documented operation, Example example) {
        world.entities.agentAnswer =
                () -> CompletableFuture.completedFuture(new Reply.Rejected("AGENT_BUSY", "The agent has a call."));
        world.live.show(World.agent("li.na", AgentPhase.TALKING, "desk-1"));
        var conflicting = CONFLICTS.getOrDefault(operation.operationId(), example);
        return send(operation.method(), conflicting.address(), conflicting.body());
    }

    private Answer withoutDatabase(Contract.Documented operation, Example example) {
        var broken = new DatabaseException("the server does not answer");
        world.configuration.broken = broken;
        world.records.broken = broken;
        world.history.broken = broken;
        return send(operation.method(), example.address(), example.body());
    }

    private Answer withoutAnswer(Contract.Documented operation, Example example) {
        world.entities.agentAnswer = () -> CompletableFuture.failedFuture(new TimeoutException("silence"));
        world.entities.queueAnswer = () -> CompletableFuture.failedFuture(new TimeoutException("silence"));
        world.history.broken = new TimeoutException("silence");
        return send(operation.method(), example.address(), example.body());
    }

    private static Map.Entry<String, Example> example(String operationId, String address, String body) {
        return Map.entry(operationId, new Example(address, body));
    }
}
