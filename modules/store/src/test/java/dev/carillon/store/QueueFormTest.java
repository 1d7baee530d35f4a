package dev.carillon.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Target;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.agent.WrapUp;
import dev.carillon.core.queue.Announce;
import dev.carillon.core.queue.DecisionHook;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Limit;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.core.routing.Steps;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueueFormTest {

    /** With no setting as it is by default. */
    private static final Directory.Queue EVERYTHING = new Directory.Queue(
            "sales",
            "Sales",
            new Routing(
                    Directory.Strategy.RANDOM,
                    new Steps(List.of(
                            Steps.Step.forLastAgent(Duration.ZERO),
                            new Steps.Step(Duration.ofSeconds(10), Map.of("english", 8, "refunds", 2)),
                            new Steps.Step(Duration.ofSeconds(30), Map.of()))),
                    Duration.ofSeconds(90),
                    Duration.ofSeconds(45),
                    Duration.ofSeconds(240),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(33),
                    Optional.of(new ServiceLevel(90, Duration.ofSeconds(15), List.of("hotline")))),
            new Handling(15, new WrapUp(WrapUp.Mode.EXTENDABLE, 7, 20, 120, List.of("sold", "later")), 25),
            new Waiting(
                    "jazz",
                    "sound:hello",
                    List.of(
                            new Limit(Limit.Kind.LONGEST_WAIT, 90, new Target.OtherQueue("overflow")),
                            new Limit(Limit.Kind.NOBODY_LOGGED_IN, 0, new Target.Announcement("sound:closed")),
                            new Limit(Limit.Kind.NOBODY_READY, 20, new Target.ToAgent("anna", 45)),
                            new Limit(Limit.Kind.LONGEST_LINE, 7, new Target.Busy())),
                    Optional.of(new LeaveKey("9", new Target.ToNumber("+4930123456", 25))),
                    Optional.of(new Announce(
                            Duration.ofSeconds(5), Duration.ofSeconds(25), false, false, "sound:thanks", "zh_CN"))),
            Optional.of(new DecisionHook(
                    "https://crm.example:8443/route?site=a", Duration.ofMillis(750), "CARILLON_HOOK_CRM")));

    private static final Directory.Queue PLAIN =
            new Directory.Queue("plain", "Plain", Routing.PLAIN, Handling.PLAIN, Waiting.PLAIN);

    @Test
    void whatIsWrittenIsReadAgain() {
        for (var queue : List.of(EVERYTHING, PLAIN)) {
            var form = JsonForm.parse(JsonForm.document(QueueForm.written(queue)));

            assertThat(QueueForm.read(queue.id(), queue.name(), form)).isEqualTo(queue);
            assertThat(form.troubles()).isEmpty();
        }
    }

    @Test
    void nothingSaidIsTheDefault() {
        var form = JsonForm.parse("{}");

        assertThat(QueueForm.read("plain", "Plain", form)).isEqualTo(PLAIN);
        assertThat(form.troubles()).isEmpty();
    }

    @Test
    void aServiceLevelIsEightyInTwentyUnlessSaidAndIsLentToOthersOnly() {
        var plain = JsonForm.parse("{\"serviceLevel\": {}}");
        assertThat(QueueForm.read("sales", "Sales", plain).routing().serviceLevel())
                .contains(new ServiceLevel(80, Duration.ofSeconds(20)));
        assertThat(plain.troubles()).isEmpty();

        var wrong = JsonForm.parse(
                """
                {"serviceLevel": {"percent": 101, "seconds": 0, "lendTo": ["sales"]}}
                """);
        QueueForm.read("sales", "Sales", wrong);
        assertThat(wrong.troubles()).hasSize(3);
        assertThat(wrong.troubles().toString())
                .contains("serviceLevel.percent", "serviceLevel.seconds", "serviceLevel.lendTo");
    }

    @Test
    void aLimitSaysWhereToAndIsThereOnce() {
        var form = JsonForm.parse(
                """
                {"limits": [
                  {"when": "longest-wait", "seconds": 30},
                  {"when": "longest-wait", "seconds": 30, "action": "announcement"},
                  {"when": "nobody-ready", "action": "to-agent", "agentSeconds": 0},
                  {"when": "nobody-logged-in", "action": "to-number", "number": "1001@carrier", "ringSeconds": 121}
                ], "leaveKey": {"digit": "*", "action": "to-number"}}
                """);

        QueueForm.read("plain", "Plain", form);
        assertThat(form.troubles())
                .extracting(JsonForm.Trouble::field)
                .containsExactlyInAnyOrder(
                        "limits[0].queueId",
                        "limits[1].sound",
                        "limits[2].agentId",
                        "limits[2].agentSeconds",
                        "limits[3].number",
                        "limits[3].ringSeconds",
                        "leaveKey.number",
                        "limits");
    }

    @Test
    void aLimitDoesNotLeadToItsOwnQueueButOneThatIsStoredIsNotLost() {
        var written =
                """
                {"limits": [
                  {"when": "nobody-ready", "queueId": "overflow"},
                  {"when": "longest-wait", "queueId": "plain"}
                ]}
                """;
        var form = JsonForm.parse(written);
        QueueForm.read("plain", "Plain", form);
        assertThat(form.troubles()).extracting(JsonForm.Trouble::field).containsExactly("limits[1].queueId");

        var stored = JsonForm.parse(written);
        assertThat(QueueForm.stored("plain", "Plain", stored).waiting().limits())
                .hasSize(2);
        assertThat(stored.troubles()).isEmpty();
    }

    @Test
    void aDecisionHookIsAskedOverHttpAndGetsNoSecretsButItsOwn() {
        for (var url : List.of(
                "", "ftp://crm/route", "crm.example", "https://", "https://me:secret@crm/route", "file:///etc")) {
            assertThat(troublesOfHook("\"url\": \"" + url + "\"")).as(url).containsExactly("decisionHook.url");
        }
        assertThat(troublesOfHook("\"url\": \"http://10.0.0.1:9000/x\"")).isEmpty();
        assertThat(troublesOfHook("\"url\": \"http://crm/\", \"secretEnv\": \"CARILLON_DATABASE_PASSWORD\""))
                .containsExactly("decisionHook.secretEnv");
        assertThat(troublesOfHook("\"url\": \"http://crm/\", \"deadlineMillis\": 49"))
                .containsExactly("decisionHook.deadlineMillis");
        assertThat(troublesOfHook("\"url\": \"http://crm/\", \"deadlineMillis\": 5001"))
                .containsExactly("decisionHook.deadlineMillis");
    }

    private static List<String> troublesOfHook(String fields) {
        var form = JsonForm.parse("{\"decisionHook\": {" + fields + "}}");
        QueueForm.read("plain", "Plain", form);
        return form.troubles().stream().map(JsonForm.Trouble::field).toList();
    }

    @Test
    void everySettingIsTriedHere() {
        var plain = QueueForm.written(PLAIN);

        assertThat(QueueForm.written(EVERYTHING))
                .allSatisfy((name, value) -> assertThat(value).isNotEqualTo(plain.get(name)));
    }
}
