package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Inbound rules, calendars and lists of callers over the API. */
class InboundOperationsTest extends ApiTest {

    private static final String FULL =
            """
            {"name":"At night","order":5,"active":true,"forced":true,"dialledNumbers":["4000"],"dialledPrefixes":["5"],
             "callerNumbers":["13800138000"],"callerPrefixes":["139"],"weekdays":["friday","sunday"],
             "hours":["22:00-06:00"],"onDaysOf":null,"notOnDaysOf":"holidays","action":"to-queue","queueId":"sales",
             "priority":8,"greeting":"sound:night","agentId":null,"agentSeconds":null,
             "number":null,"ringSeconds":null,"sound":null}
            """;

    @Nested
    class Rules {

        @Test
        void areGivenBackAsTheyWereSentAndCanBeSentAgain() {
            var answer = put("/api/v1/inbound-rules/night", FULL);
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.json().path("settings")).isEqualTo(Contract.json(FULL));

            var again = put(
                    "/api/v1/inbound-rules/night",
                    answer.json().path("settings").toString());
            assertThat(again.status()).isEqualTo(200);

            var closed = get("/api/v1/inbound-rules/closed").json().path("settings");
            assertThat(put("/api/v1/inbound-rules/closed", closed.toString())
                            .json()
                            .path("settings"))
                    .isEqualTo(closed);
        }

        @Test
        void areListedInTheOrderInWhichTheyAreLookedAt() {
            put("/api/v1/inbound-rules/z", "{\"name\":\"Z\",\"order\":1,\"queueId\":\"sales\"}");
            put("/api/v1/inbound-rules/f", "{\"name\":\"F\",\"order\":99,\"forced\":true,\"action\":\"hears-busy\"}");

            assertThat(get("/api/v1/inbound-rules").json().path("items").findValuesAsText("id"))
                    .containsExactly("f", "z", "closed");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"queueId\":\"sales\"}|name",
                    "{\"name\":\"A\"}|queueId",
                    "{\"name\":\"A\",\"action\":\"hears-busy\",\"queueId\":\"sales\"}|queueId",
                    "{\"name\":\"A\",\"action\":\"turned-away\",\"priority\":5}|priority",
                    "{\"name\":\"A\",\"action\":\"dance\"}|action",
                    "{\"name\":\"A\",\"action\":\"to-agent\"}|agentId",
                    "{\"name\":\"A\",\"queueId\":\"sales\",\"agentId\":\"tom\"}|agentId",
                    "{\"name\":\"A\",\"action\":\"to-agent\",\"agentId\":\"tom\",\"agentSeconds\":0}|agentSeconds",
                    "{\"name\":\"A\",\"action\":\"to-number\"}|number",
                    "{\"name\":\"A\",\"action\":\"to-number\",\"number\":\"1001@carrier\"}|number",
                    "{\"name\":\"A\",\"action\":\"to-number\",\"number\":\"+4930\",\"ringSeconds\":4}|ringSeconds",
                    "{\"name\":\"A\",\"queueId\":\"sales\",\"number\":\"+4930\"}|number",
                    "{\"name\":\"A\",\"action\":\"announcement\"}|sound",
                    "{\"name\":\"A\",\"queueId\":\"sales\",\"sound\":\"sound:closed\"}|sound",
                    "{\"name\":\"A\",\"action\":\"announcement\",\"sound\":\"sound:a\",\"queueId\":\"sales\"}|queueId",
                    "{\"name\":\"A\",\"queueId\":\"sales\",\"hours\":[\"9-17\"]}|hours[0]",
                    "{\"name\":\"A\",\"queueId\":\"sales\",\"hours\":[\"09:00-24:00\"]}|hours[0]",
                    "{\"name\":\"A\",\"queueId\":\"sales\",\"weekdays\":[\"monday\",\"monday\"]}|weekdays[1]",
                    "{\"name\":\"A\",\"queueId\":\"sales\",\"callerPrefixes\":[\"+4 9\"]}|callerPrefixes[0]",
                    "{\"name\":\"A\",\"queueId\":\"sales\",\"dialledNumbers\":\"100\"}|dialledNumbers",
                    "{\"name\":\"A\",\"queueId\":\"sales\",\"forced\":\"yes\"}|forced",
                    "{\"name\":\"A\",\"queueId\":\"sales\",\"order\":-1}|order"
                })
        void mustMakeSense(String body, String field) {
            var answer = put("/api/v1/inbound-rules/a", body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("errors").findValuesAsText("field")).containsExactly(field);
        }

        @Test
        void needTheirQueueAndTheirCalendar() {
            var queue = put("/api/v1/inbound-rules/a", "{\"name\":\"A\",\"queueId\":\"nowhere\"}");
            assertThat(queue.code()).isEqualTo("UNKNOWN_REFERENCE");
            assertThat(queue.json().at("/errors/0/field").asText()).isEqualTo("queueId");

            var calendar =
                    put("/api/v1/inbound-rules/a", "{\"name\":\"A\",\"queueId\":\"sales\",\"onDaysOf\":\"never\"}");
            assertThat(calendar.json().at("/errors/0/field").asText()).isEqualTo("onDaysOf");
        }

        @Test
        void leadToAnAgent() {
            var full = "{\"name\":\"A\",\"action\":\"to-agent\",\"agentId\":\"tom\",\"agentSeconds\":20,"
                    + "\"queueId\":\"sales\",\"priority\":8,\"greeting\":\"\"}";
            var settings = put("/api/v1/inbound-rules/a", full).json().path("settings");
            assertThat(settings.path("agentId").asText()).isEqualTo("tom");
            assertThat(settings.path("agentSeconds").asInt()).isEqualTo(20);
            assertThat(put("/api/v1/inbound-rules/a", settings.toString())
                            .json()
                            .path("settings"))
                    .isEqualTo(settings);
            var trial = tried("13800138000", "2026-03-01T08:00:00Z");
            assertThat(trial.path("action").asText()).isEqualTo("to-agent");
            assertThat(trial.path("agentId").asText()).isEqualTo("tom");
            assertThat(trial.path("queueId").asText()).isEqualTo("sales");

            assertThat(put("/api/v1/inbound-rules/a", full.replace("tom", "nobody"))
                            .json()
                            .at("/errors/0/field")
                            .asText())
                    .isEqualTo("agentId");
        }

        @Test
        void leadToANumberOutside() {
            var full = "{\"name\":\"A\",\"action\":\"to-number\",\"number\":\"+4930123456\",\"ringSeconds\":20,"
                    + "\"queueId\":\"sales\",\"priority\":8}";
            var settings = put("/api/v1/inbound-rules/a", full).json().path("settings");
            assertThat(settings.path("number").asText()).isEqualTo("+4930123456");
            assertThat(settings.path("ringSeconds").asInt()).isEqualTo(20);
            assertThat(put("/api/v1/inbound-rules/a", settings.toString())
                            .json()
                            .path("settings"))
                    .isEqualTo(settings);
            var trial = tried("13800138000", "2026-03-01T08:00:00Z");
            assertThat(trial.path("action").asText()).isEqualTo("to-number");
            assertThat(trial.path("number").asText()).isEqualTo("+4930123456");
            assertThat(trial.path("queueId").asText()).isEqualTo("sales");
            assertThat(trial.path("agentId").isNull()).isTrue();
        }

        @Test
        void haveSomethingAnnounced() {
            var settings = put(
                            "/api/v1/inbound-rules/a",
                            "{\"name\":\"A\",\"action\":\"announcement\",\"sound\":\"sound:closed\"}")
                    .json()
                    .path("settings");
            assertThat(settings.path("sound").asText()).isEqualTo("sound:closed");
            assertThat(put("/api/v1/inbound-rules/a", settings.toString())
                            .json()
                            .path("settings"))
                    .isEqualTo(settings);
            var trial = tried("13800138000", "2026-03-01T08:00:00Z");
            assertThat(trial.path("action").asText()).isEqualTo("announcement");
            assertThat(trial.path("sound").asText()).isEqualTo("sound:closed");
            assertThat(trial.path("queueId").isNull()).isTrue();
        }

        @Test
        void areSwitchedAtOnce() {
            put(
                    "/api/v1/inbound-rules/flood",
                    "{\"name\":\"F\",\"active\":false,\"forced\":true,\"queueId\":\"quiet\"}");
            assertThat(tried("13800138000", "2026-03-01T08:00:00Z")
                            .path("queueId")
                            .asText())
                    .isEqualTo("sales");

            assertThat(put("/api/v1/inbound-rules/flood/state", "{\"active\":true}")
                            .status())
                    .isEqualTo(204);
            assertThat(tried("13800138000", "2026-03-01T08:00:00Z")
                            .path("queueId")
                            .asText())
                    .isEqualTo("quiet");

            put("/api/v1/inbound-rules/flood/state", "{\"active\":false}");
            assertThat(tried("13800138000", "2026-03-01T08:00:00Z")
                            .path("queueId")
                            .asText())
                    .isEqualTo("sales");
            assertThat(put("/api/v1/inbound-rules/flood/state", "{}").status()).isEqualTo(400);
        }
    }

    @Nested
    class ATrial {

        @Test
        void saysWhatWouldHappenNowAndWhy() {
            var trial = send("POST", "/api/v1/inbound-rules/try", "{\"dialledNumber\":\"4000\"}")
                    .json();

            assertThat(trial.path("at").asText()).isEqualTo(World.NOW.toString());
            assertThat(trial.path("timeZone").asText()).isEqualTo("Asia/Shanghai");
            assertThat(trial.path("action").asText()).isEqualTo("to-queue");
            assertThat(trial.path("queueId").asText()).isEqualTo("sales");
            assertThat(trial.path("priority").asInt()).isEqualTo(5);
            assertThat(trial.path("decidedBy").asText()).isEqualTo("number");
            assertThat(explanation(trial))
                    .containsExactly(
                            "Rule closed (Closed on holidays) does not hold: the day is not in the calendar it is for.",
                            "The dialled number by itself leads to a queue, so the caller enters queue sales with priority"
                                    + " 5.");
        }

        @Test
        void isMadeByTheCentresCalendar() {
            var trial = tried("13800138000", "2026-09-30T16:00:00Z");

            assertThat(trial.path("action").asText()).isEqualTo("turned-away");
            assertThat(trial.path("ruleId").asText()).isEqualTo("closed");
            assertThat(trial.path("queueId").isNull()).isTrue();
            assertThat(tried("13800138000", "2026-09-30T15:59:59Z")
                            .path("action")
                            .asText())
                    .isEqualTo("to-queue");
        }

        @Test
        void knowsTheListsOfCallers() {
            var trial = tried("+49301", "2026-03-01T08:00:00Z");
            assertThat(trial.path("action").asText()).isEqualTo("hears-busy");
            assertThat(trial.path("decidedBy").asText()).isEqualTo("blacklist");
            assertThat(trial.path("callerList").asText()).isEqualTo("blacklist");

            put("/api/v1/caller-lists/+49301", "{\"list\":\"vip\"}");
            assertThat(tried("+49301", "2026-03-01T08:00:00Z").path("priority").asInt())
                    .isEqualTo(10);
        }

        @Test
        void saysToWhoseAgentAVipGoesFirst() {
            assertThat(put("/api/v1/caller-lists/+49301", "{\"list\":\"whitelist\",\"agentId\":\"tom\"}")
                            .json()
                            .at("/errors/0/field")
                            .asText())
                    .isEqualTo("agentId");
            var vip = put("/api/v1/caller-lists/+49301", "{\"list\":\"vip\",\"agentId\":\"tom\"}")
                    .json()
                    .path("settings");
            assertThat(vip.path("agentSeconds").asInt()).isEqualTo(30);
            assertThat(put("/api/v1/caller-lists/+49301", vip.toString()).json().path("settings"))
                    .isEqualTo(vip);

            var trial = tried("+49301", "2026-03-01T08:00:00Z");
            assertThat(trial.path("action").asText()).isEqualTo("to-agent");
            assertThat(trial.path("agentId").asText()).isEqualTo("tom");
            assertThat(trial.path("priority").asInt()).isEqualTo(10);
            assertThat(explanation(trial)).anyMatch(step -> step.contains("waits for agent tom alone, for 30 seconds"));
        }

        @Test
        void ofANumberThatLeadsNowhereSaysSo() {
            var trial = send("POST", "/api/v1/inbound-rules/try", "{\"dialledNumber\":\"9999\",\"at\":null}")
                    .json();

            assertThat(trial.path("action").asText()).isEqualTo("unallocated");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{}|dialledNumber",
                    "{\"dialledNumber\":\"4 000\"}|dialledNumber",
                    "{\"dialledNumber\":\"4000\",\"at\":\"tomorrow\"}|at",
                    "{\"dialledNumber\":\"4000\",\"callerNumber\":7}|callerNumber"
                })
        void mustMakeSense(String body, String field) {
            var answer = send("POST", "/api/v1/inbound-rules/try", body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("errors").findValuesAsText("field")).containsExactly(field);
        }
    }

    @Nested
    class Lists {

        @Test
        void ofCallersAreShownTogether() {
            put("/api/v1/caller-lists/13800138000", "{\"list\":\"whitelist\",\"note\":\"the landlord\"}");

            var callers = get("/api/v1/caller-lists").json().path("items");

            assertThat(callers.findValuesAsText("number")).containsExactly("+4930", "13800138000");
            assertThat(callers.at("/0/settings/prefix").asBoolean()).isTrue();
            assertThat(callers.at("/1/settings/note").asText()).isEqualTo("the landlord");
            assertThat(delete("/api/v1/caller-lists/+4930").status()).isEqualTo(204);
            assertThat(get("/api/v1/caller-lists/+4930").code()).isEqualTo("CALLER_NOT_FOUND");
        }

        @Test
        void ofDaysAreGivenBackSorted() {
            var answer = put("/api/v1/calendars/holidays", "{\"name\":\"H\",\"days\":[\"2026-12-25\",\"2026-10-01\"]}");

            assertThat(answer.json().at("/settings/days")).isEqualTo(Contract.json("[\"2026-10-01\",\"2026-12-25\"]"));
            assertThat(put("/api/v1/calendars/holidays", "{\"name\":\"H\",\"days\":[\"2026-02-30\"]}")
                            .json()
                            .at("/errors/0/field")
                            .asText())
                    .isEqualTo("days[0]");
        }
    }

    private JsonNode tried(String caller, String at) {
        return send(
                        "POST",
                        "/api/v1/inbound-rules/try",
                        "{\"callerNumber\":\"" + caller + "\",\"dialledNumber\":\"4000\",\"at\":\"" + at + "\"}")
                .json();
    }

    private static List<String> explanation(JsonNode trial) {
        var texts = new ArrayList<String>();
        trial.path("explanation").forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
