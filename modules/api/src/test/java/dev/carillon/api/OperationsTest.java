package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.FakeEntities.Said;
import dev.carillon.core.Directory;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.AgentPhase;
import dev.carillon.protocol.view.View.CallPhase;
import dev.carillon.store.CallRecords;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each operation does; that its answers have the right form is checked with every answer. */
class OperationsTest extends ApiTest {

    @Nested
    class Agents {

        @Test
        void areShownWithTheirSettingsAndHowTheyStand() {
            var agents = get("/api/v1/agents").json().path("items");

            assertThat(agents.findValuesAsText("id")).containsExactly("li.na", "tom");
            assertThat(agents.at("/0/state").asText()).isEqualTo("ready");
            assertThat(agents.at("/0/seatId").asText()).isEqualTo("desk-1");
            assertThat(agents.at("/0/settings/name").asText()).isEqualTo("Li Na");
            assertThat(agents.at("/1/state").asText()).as("never seen").isEqualTo("logged-out");
        }

        @ParameterizedTest
        @CsvSource({"ready, ready,", "lunch, not-ready, lunch", ",,"})
        void whatTheyChoseToBeNextIsShown(String next, String state, String reason) {
            world.live.show(new View.OfAgent(
                    "li.na",
                    AgentPhase.TALKING,
                    World.NOW,
                    "desk-1",
                    null,
                    "c1",
                    "sales",
                    null,
                    next,
                    null,
                    null,
                    null));

            var agent = get("/api/v1/agents/li.na").json();

            assertThat(agent.path("nextState").asText(null)).isEqualTo(state);
            assertThat(agent.path("nextReason").asText(null)).isEqualTo(reason);
        }

        @Test
        void haveALimitOfCallsAnHourAndRest() {
            assertThat(put("/api/v1/agents/tom", "{\"name\":\"Tom\",\"queueIds\":[],\"maxCallsPerHour\":101}")
                            .status())
                    .isEqualTo(400);
            put("/api/v1/agents/tom", "{\"name\":\"Tom\",\"queueIds\":[],\"maxCallsPerHour\":12}");
            var until = World.NOW.plusSeconds(60);
            world.live.show(new View.OfAgent(
                    "tom", AgentPhase.READY, World.NOW, "desk-2", null, null, null, null, null, null, null, until));

            var tom = get("/api/v1/agents/tom").json();

            assertThat(tom.at("/settings/maxCallsPerHour").asInt()).isEqualTo(12);
            assertThat(tom.path("state").asText()).isEqualTo("ready");
            assertThat(tom.path("restingUntil").asText()).isEqualTo(until.toString());
        }

        @Test
        void logInAtASeat() {
            assertThat(put("/api/v1/agents/tom/session", "{\"seat\":\"desk-2\"}")
                            .status())
                    .isEqualTo(204);

            assertThat(world.entities.said)
                    .containsExactly(new Said(
                            "tom", new AgentCommand.LogIn(new Seat("desk-2", "box-1", "PJSIP/1002"), World.NOW)));
            assertThat(world.entities.claims).containsExactly(new Said("desk-2", new SeatCommand.Claim("tom")));
        }

        @Test
        void logInAgainAtTheirOwnSeat() {
            assertThat(put("/api/v1/agents/li.na/session", "{\"seat\":\"desk-1\"}")
                            .status())
                    .isEqualTo(204);
        }

        @Test
        void cannotLogInWhereSomebodyElseIs() {
            var answer = put("/api/v1/agents/tom/session", "{\"seat\":\"desk-1\"}");

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.code()).isEqualTo("SEAT_TAKEN");
            assertThat(answer.detail()).contains("Agent li.na is logged in at seat desk-1");
            assertThat(world.entities.said).isEmpty();
        }

        @Test
        void cannotLogInAtASeatThatSomebodyElseHasClaimedInTheSameMoment() {
            world.entities.seatAnswer = () -> CompletableFuture.completedFuture(
                    new Reply.Rejected("SEAT_TAKEN", "Agent ben is logged in at seat desk-2."));
            var answer = put("/api/v1/agents/tom/session", "{\"seat\":\"desk-2\"}");

            assertThat(answer.code()).isEqualTo("SEAT_TAKEN");
            assertThat(world.entities.said).isEmpty();
        }

        @Test
        void takeOverASeatOnceItsHolderHasGivenItUp() {
            var until = World.NOW.minusSeconds(60);
            var answers = new ArrayDeque<Reply>(
                    List.of(new Reply.SeatHeld("li.na", 7, until), new Reply.SeatGranted(World.NOW)));
            world.entities.seatAnswer = () -> CompletableFuture.completedFuture(answers.remove());

            assertThat(put("/api/v1/agents/tom/session", "{\"seat\":\"desk-1\",\"takeOver\":true}")
                            .status())
                    .isEqualTo(204);

            assertThat(world.entities.claims)
                    .containsExactly(
                            new Said("desk-1", new SeatCommand.TakeOver("tom", "", 0)),
                            new Said("desk-1", new SeatCommand.TakeOver("tom", "li.na", 7)));
            assertThat(world.entities.said)
                    .containsExactly(
                            new Said("tom", new AgentCommand.MayLogIn("desk-1")),
                            new Said("li.na", new AgentCommand.GiveUpSeat("desk-1", until, "tom")),
                            new Said(
                                    "tom",
                                    new AgentCommand.LogIn(new Seat("desk-1", "box-1", "PJSIP/1001"), World.NOW)));
        }

        @Test
        void cannotTakeOverTheSeatOfWhoHasACall() {
            world.entities.seatAnswer =
                    () -> CompletableFuture.completedFuture(new Reply.SeatHeld("li.na", 7, World.NOW));
            var answers = new ArrayDeque<Reply>(
                    List.of(new Reply.Done(), new Reply.Rejected("SEAT_IN_USE", "Agent li.na has a call.")));
            world.entities.agentAnswer = () -> CompletableFuture.completedFuture(answers.remove());

            var answer = put("/api/v1/agents/tom/session", "{\"seat\":\"desk-1\",\"takeOver\":true}");

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.code()).isEqualTo("SEAT_IN_USE");
            assertThat(world.entities.said).hasSize(2);
        }

        @Test
        void doNotSendAnotherAwayFromASeatThatTheyCannotHave() {
            world.entities.seatAnswer =
                    () -> CompletableFuture.completedFuture(new Reply.SeatHeld("li.na", 7, World.NOW));
            world.entities.agentAnswer = () -> CompletableFuture.completedFuture(
                    new Reply.Rejected("AGENT_BUSY", "The agent has a call; change the seat when it is over."));

            var answer = put("/api/v1/agents/tom/session", "{\"seat\":\"desk-1\",\"takeOver\":true}");

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.code()).isEqualTo("AGENT_BUSY");
            assertThat(world.entities.said).containsExactly(new Said("tom", new AgentCommand.MayLogIn("desk-1")));
        }

        @Test
        void whoIsAtASeatThatKnowsNothingOfThemIsAskedToo() {
            assertThat(put("/api/v1/agents/tom/session", "{\"seat\":\"desk-1\",\"takeOver\":true}")
                            .status())
                    .isEqualTo(204);

            assertThat(world.entities.said)
                    .startsWith(
                            new Said("tom", new AgentCommand.MayLogIn("desk-1")),
                            new Said("li.na", new AgentCommand.GiveUpSeat("desk-1", Instant.EPOCH, "tom")));
        }

        @Test
        void canLogInWhereSomebodyElseWas() {
            world.live.show(World.agent("li.na", AgentPhase.LOGGED_OUT, "desk-1"));

            assertThat(put("/api/v1/agents/tom/session", "{\"seat\":\"desk-1\"}")
                            .status())
                    .isEqualTo(204);
        }

        @Test
        void cannotLogInAtASeatThatDoesNotExist() {
            var answer = put("/api/v1/agents/tom/session", "{\"seat\":\"desk-9\"}");

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("SEAT_NOT_FOUND");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{\"state\":\"not-ready\"}|reason",
                    "{\"state\":\"not-ready\",\"reason\":\"  \"}|reason",
                    "{\"state\":\"not-ready\",\"reason\":\"Ready\"}|reason",
                    "{\"state\":\"not-ready\",\"reason\":\"a\\nb\"}|reason",
                    "{\"state\":\"ready\",\"reason\":\"lunch\"}|reason",
                    "{\"state\":\"asleep\"}|state",
                    "{\"reason\":\"lunch\"}|state",
                    "{\"state\":null}|state"
                })
        void aStateMustMakeSense(String body, String field) {
            var answer = put("/api/v1/agents/li.na/state", body);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("errors").findValuesAsText("field")).containsExactly(field);
            assertThat(world.entities.said).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"AGENT_BUSY", "AGENT_LOGGED_OUT", "SOMETHING_NEW"})
        void whatTheAgentRefusesIsPassedOn(String code) {
            world.entities.agentAnswer =
                    () -> CompletableFuture.completedFuture(new Reply.Rejected(code, "No, because."));

            var answer = put("/api/v1/agents/li.na/state", "{\"state\":\"ready\"}");

            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.code()).isEqualTo(code);
            assertThat(answer.detail()).isEqualTo("No, because.");
        }

        @Test
        void whoWasDeletedWhileLoggedInIsStillShownAndCanBeLoggedOut() {
            world.configuration.deleteAgent("li.na");

            assertThat(get("/api/v1/agents/li.na").json().path("settings").isNull())
                    .isTrue();
            assertThat(delete("/api/v1/agents/li.na/session").status()).isEqualTo(204);
            assertThat(put("/api/v1/agents/li.na/session", "{\"seat\":\"desk-1\"}")
                            .code())
                    .isEqualTo("AGENT_NOT_FOUND");
        }

        @Test
        void cannotBeDeletedWhileLoggedIn() {
            var answer = delete("/api/v1/agents/li.na");

            assertThat(answer.code()).isEqualTo("IN_USE");
            assertThat(answer.detail()).contains("DELETE /api/v1/agents/li.na/session");
        }

        @Test
        void areChangedAtOnce() {
            var answer = put("/api/v1/agents/tom", "{\"name\":\"Tomas\",\"queueIds\":[\"sales\",\"quiet\"]}");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().at("/settings/name").asText()).isEqualTo("Tomas");
            assertThat(world.configuration.current().directory().queuesOf("tom"))
                    .containsExactly("sales", "quiet");
        }

        @Test
        void haveTheirSettingsAsTheyWerePutAndQueuesFindThem() {
            put("/api/v1/queues/quiet", "{\"name\":\"Quiet\",\"strategy\":\"ordered\"}");
            var settings =
                    """
                    {"name": "Tom", "queueIds": ["quiet", "sales"], "skills": {"english": 8, "refunds": 1},
                     "reserveOf": ["sales"], "ranks": {"quiet": 2, "sales": 1000}, "maxCallsPerHour": 12}
                    """;

            assertThat(put("/api/v1/agents/tom", settings).json().path("settings"))
                    .isEqualTo(Contract.json(settings));

            assertThat(get("/api/v1/agents/tom").json().path("settings")).isEqualTo(Contract.json(settings));
            var directory = world.configuration.current().directory();
            assertThat(directory.agents())
                    .containsEntry(
                            "tom",
                            new Directory.Agent(
                                    "tom",
                                    "Tom",
                                    List.of("quiet", "sales"),
                                    Map.of("english", 8, "refunds", 1),
                                    Set.of("sales"),
                                    Map.of("quiet", 2, "sales", 1000),
                                    12));
            assertThat(directory.queue("quiet").routing().strategy()).isEqualTo(Directory.Strategy.ORDERED);
            assertThat(directory.rank("tom", "quiet")).isEqualTo(2);
            assertThat(directory.isReserve("tom", "sales")).isTrue();
            assertThat(directory.isReserve("tom", "quiet")).isFalse();
        }

        @Test
        void haveNoRankAndAreNobodysReserveWhenThatIsLeftOut() {
            put(
                    "/api/v1/agents/tom",
                    "{\"name\":\"Tom\",\"queueIds\":[\"sales\"],\"ranks\":{\"sales\":1},\"reserveOf\":[\"sales\"]}");

            put("/api/v1/agents/tom", "{\"name\":\"Tom\",\"queueIds\":[\"sales\"]}");

            assertThat(world.configuration.current().directory().agents())
                    .containsEntry("tom", new Directory.Agent("tom", "Tom", List.of("sales")));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "\"ranks\":{\"quiet\":1}|ranks",
                    "\"ranks\":{\"sales\":0}|ranks.sales",
                    "\"ranks\":{\"sales\":1001}|ranks.sales",
                    "\"ranks\":{\"sales\":\"first\"}|ranks.sales",
                    "\"ranks\":[1]|ranks",
                    "\"reserveOf\":[\"quiet\"]|reserveOf",
                    "\"reserveOf\":[\"sales\",\"sales\"]|reserveOf[1]",
                    "\"reserveOf\":\"sales\"|reserveOf",
                    "\"skills\":{\"english\":11}|skills.english"
                })
        void aSettingMustMakeSense(String setting, String field) {
            var answer = put("/api/v1/agents/tom", "{\"name\":\"Tom\",\"queueIds\":[\"sales\"]," + setting + "}");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("errors").findValuesAsText("field")).containsExactly(field);
            assertThat(world.configuration.current().directory().agents())
                    .containsEntry("tom", new Directory.Agent("tom", "Tom", List.of("sales")));
        }

        @Test
        void cannotServeAQueueTwiceOrOneThatIsNotThere() {
            var twice = put("/api/v1/agents/tom", "{\"name\":\"Tom\",\"queueIds\":[\"sales\",\"sales\"]}");
            assertThat(twice.json().at("/errors/0/field").asText()).isEqualTo("queueIds[1]");

            var unknown = put("/api/v1/agents/tom", "{\"name\":\"Tom\",\"queueIds\":[\"nowhere\"]}");
            assertThat(unknown.code()).isEqualTo("UNKNOWN_REFERENCE");
            assertThat(unknown.json().at("/errors/0/field").asText()).isEqualTo("queueIds");
        }
    }

    @Nested
    class Queues {

        @Test
        void showWhoWaitsInTheOrderInWhichTheQueueSaysIt() {
            world.entities.queueAnswer = () -> CompletableFuture.completedFuture(new Reply.WaitingCalls(List.of(
                    new Reply.WaitingCall(
                            1, World.WAITING_CALL, 9, World.NOW, World.NOW.minusSeconds(4800), "li.na", 0, 0),
                    new Reply.WaitingCall(
                            2, "box-1-7", 5, World.NOW.minusSeconds(9), World.NOW.minusSeconds(2409), null, 0, 0))));

            var calls = get("/api/v1/queues/sales/calls").json().path("items");

            assertThat(world.entities.said).containsExactly(new Said("sales", new QueueCommand.ListWaiting()));
            assertThat(calls.findValuesAsText("callId")).containsExactly(World.WAITING_CALL, "box-1-7");
            assertThat(calls.at("/0/offeredAgentId").asText()).isEqualTo("li.na");
            assertThat(calls.at("/0/callerNumber").asText()).isEqualTo("13800138000");
            assertThat(calls.at("/1/callerNumber").isNull()).isTrue();
        }

        @Test
        void sayWhyACallHasItsPosition() {
            world.entities.queueAnswer = () -> CompletableFuture.completedFuture(new Reply.WaitingCalls(List.of(
                    new Reply.WaitingCall(
                            1, "a", 9, World.NOW.minusMillis(1), World.NOW.minusMillis(60_001), null, 0, 0),
                    new Reply.WaitingCall(
                            2, "b", 1, World.NOW.minusMillis(60_000), World.NOW.minusMillis(60_000), null, 0, 0),
                    new Reply.WaitingCall(
                            3, "c", 1, World.NOW.minusMillis(60_000), World.NOW.minusMillis(60_000), null, 0, 0))));

            var calls = get("/api/v1/queues/sales/calls").json().path("items");

            assertThat(calls.at("/0/score/seconds").asDouble()).isEqualTo(60.001);
            assertThat(calls.at("/0/score/waitedSeconds").asDouble()).isEqualTo(0.001);
            assertThat(calls.at("/0/score/prioritySeconds").asDouble()).isEqualTo(60);
            assertThat(calls.findValuesAsText("because"))
                    .containsExactly(
                            "score 60.001 s: waited 0.001 s, and priority 9 is worth 60.000 s; no call here has a higher score",
                            "score 60.000 s: waited 60.000 s, and priority 1 is worth 0.000 s; next after call a, whose score is"
                                    + " 60.001 s",
                            "score 60.000 s: waited 60.000 s, and priority 1 is worth 0.000 s; next after call b, which has the"
                                    + " same score and arrived in the same millisecond, and whose id comes first");
        }

        @Test
        void takeDefaultsForWhatIsLeftOut() {
            var answer = put("/api/v1/queues/new", "{\"name\":\"New\"}");

            assertThat(answer.status()).isEqualTo(201);
            var settings = answer.json().path("settings");
            assertThat(settings.path("ringSeconds").asInt()).isEqualTo(20);
            assertThat(settings.path("wrapUpSeconds").asInt()).isZero();
            assertThat(settings.path("musicClass").asText()).isEqualTo("default");
            assertThat(settings.path("strategy").asText()).isEqualTo("longest-idle");
        }

        @Test
        void haveStepsThatAskForSkills() {
            var steps = "[{\"afterSeconds\":0,\"skills\":{\"english\":8}},{\"afterSeconds\":30,\"skills\":{}}]";
            var answer = put("/api/v1/queues/new", "{\"name\":\"New\",\"steps\":" + steps + "}");

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.json().at("/settings/steps").toString()).isEqualTo(steps);
        }

        @Test
        void refuseStepsThatLeaveOpenWhatHoldsAtFirst() {
            var answer = put(
                    "/api/v1/queues/new",
                    "{\"name\":\"New\",\"steps\":[{\"afterSeconds\":5,\"skills\":{\"english\":11},\"level\":1}]}");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("steps[0].skills.english", "steps[0].level", "must have one that begins after 0 seconds");
        }

        @Test
        void showWhatACallerWouldBeTold() {
            world.entities.queueAnswer = () -> CompletableFuture.completedFuture(new Reply.WaitingCalls(List.of(
                    new Reply.WaitingCall(1, "a", 5, World.NOW, World.NOW, "li.na", 0, 0),
                    new Reply.WaitingCall(2, "b", 5, World.NOW, World.NOW, null, 1, 95))));

            var calls = get("/api/v1/queues/sales/calls").json().path("items");

            assertThat(calls.at("/0/place").isNull()).isTrue();
            assertThat(calls.at("/0/estimatedWaitSeconds").isNull()).isTrue();
            assertThat(calls.at("/1/place").asInt()).isEqualTo(1);
            assertThat(calls.at("/1/estimatedWaitSeconds").asInt()).isEqualTo(95);
        }

        @Test
        void refuseALimitThatLeadsBackIntoTheQueueItself() {
            var answer = put(
                    "/api/v1/queues/sales",
                    "{\"name\":\"Sales\",\"limits\":[{\"when\":\"longest-wait\",\"queueId\":\"sales\"}]}");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo("limits[0].queueId");
        }

        @Test
        void ofOneAgentAloneAreThereForEveryAgentAndInTheListWhileCallsWait() {
            var quiet = get("/api/v1/queues/agent%2Fli.na");
            assertThat(quiet.status()).isEqualTo(200);
            assertThat(quiet.json().path("id").asText()).isEqualTo("agent/li.na");
            assertThat(quiet.json().path("settings").isNull()).isTrue();
            assertThat(quiet.json().path("waiting").asInt()).isZero();
            assertThat(get("/api/v1/queues").json().path("items").findValuesAsText("id"))
                    .doesNotContain("agent/li.na");

            world.live.show(new View.OfQueue("agent/li.na", 1, 0, World.NOW, 1, 1));
            assertThat(get("/api/v1/queues/agent%2Fli.na")
                            .json()
                            .path("waiting")
                            .asInt())
                    .isEqualTo(1);
            assertThat(get("/api/v1/queues").json().path("items").findValuesAsText("id"))
                    .contains("agent/li.na");

            assertThat(get("/api/v1/queues/agent%2Fnobody").code()).isEqualTo("QUEUE_NOT_FOUND");
            assertThat(get("/api/v1/queues/agent%2Fnobody/calls").detail()).contains("no agent nobody");
            assertThat(put("/api/v1/queues/agent%2Fli.na", "{\"name\":\"Mine\"}")
                            .status())
                    .isEqualTo(400);
            assertThat(delete("/api/v1/queues/agent%2Fli.na").status()).isEqualTo(400);
            assertThat(get("/api/v1/call-records?queue=agent/li.na").status()).isEqualTo(200);
            assertThat(get("/api/v1/call-records?queue=agent%2Fli.na").status()).isEqualTo(200);
            assertThat(get("/api/v1/call-records?queue=agent/").status()).isEqualTo(400);
        }

        @Test
        void sayHowTheyStandToTheirServiceLevelAndWhoIsBorrowedAndLent() {
            var settings =
                    "{\"name\":\"Quiet\",\"serviceLevel\":{\"percent\":90,\"seconds\":30,\"lendTo\":[\"sales\"]}}";
            var put = put("/api/v1/queues/quiet", settings);
            assertThat(put.json().at("/settings/serviceLevel").toString())
                    .isEqualTo("{\"percent\":90,\"seconds\":30,\"lendTo\":[\"sales\"]}");
            assertThat(put.json().path("serviceLevel").isNull())
                    .as("nothing has happened in it")
                    .isTrue();

            world.live.show(new View.OfQueue("quiet", 0, 0, null, 5, 1, 2, 3, new View.Level(2, 3, "AT_RISK")));
            var shown = get("/api/v1/queues/quiet").json();
            assertThat(shown.path("serviceLevel").toString())
                    .isEqualTo("{\"percent\":66,\"calls\":3,\"standing\":\"at-risk\"}");
            assertThat(shown.path("agentsBorrowed").asInt()).isEqualTo(2);
            assertThat(shown.path("agentsLent").asInt()).isEqualTo(3);

            world.live.show(new View.OfQueue("quiet", 0, 0, null, 5, 1, 0, 0, new View.Level(0, 0, "SAFE")));
            assertThat(get("/api/v1/queues/quiet").json().path("serviceLevel").toString())
                    .isEqualTo("{\"percent\":null,\"calls\":0,\"standing\":\"safe\"}");

            assertThat(put("/api/v1/queues/quiet", settings.replace("sales", "quiet"))
                            .detail())
                    .contains("serviceLevel");
        }

        @Test
        void settingsThatWereReadCanBeWrittenBack() {
            var before = get("/api/v1/queues/sales").json();

            var after = put("/api/v1/queues/sales", before.path("settings").toString());

            assertThat(after.status()).isEqualTo(200);
            assertThat(after.json()).isEqualTo(before);
        }

        @Test
        void cannotBeDeletedWhileCallsWait() {
            world.live.show(new View.OfQueue("quiet", 3, 0, World.NOW, 0, 0));

            var answer = delete("/api/v1/queues/quiet");

            assertThat(answer.code()).isEqualTo("IN_USE");
            assertThat(answer.detail()).contains("(3)");
        }

        @Test
        void thatWereDeletedAreShownAsLongAsCallsWait() {
            world.live.show(new View.OfQueue("gone", 1, 0, World.NOW, 0, 0));
            assertThat(get("/api/v1/queues").json().path("items").findValuesAsText("id"))
                    .contains("gone");

            world.live.show(new View.OfQueue("gone", 0, 0, null, 0, 0));
            assertThat(get("/api/v1/queues").json().path("items").findValuesAsText("id"))
                    .doesNotContain("gone");
            assertThat(get("/api/v1/queues/gone").code()).isEqualTo("QUEUE_NOT_FOUND");
        }
    }

    @Nested
    class Calls {

        @Test
        void areShownOldestFirst() {
            var older = World.call("box-1-z", CallPhase.TALKING, "li.na");
            world.live.show(new View.OfCall(
                    "box-1-z",
                    CallPhase.TALKING,
                    older.since(),
                    "box-1",
                    "",
                    "4000",
                    "sales",
                    5,
                    "li.na",
                    World.NOW.minusSeconds(500),
                    1));

            var calls = get("/api/v1/calls").json().path("items");

            assertThat(calls.findValuesAsText("id")).containsExactly("box-1-z", World.WAITING_CALL);
            assertThat(calls.at("/0/callerNumber").isNull()).as("withheld").isTrue();
        }

        @Test
        void thatGoOnHaveNoRecord() {
            var call = get("/api/v1/calls/" + World.WAITING_CALL).json();

            assertThat(call.path("state").asText()).isEqualTo("waiting");
            assertThat(call.path("record").isNull()).isTrue();
            assertThat(world.records.threads).as("the database is left alone").isEmpty();
        }

        @Test
        void thatHaveEndedComeFromTheirRecord() {
            var call = get("/api/v1/calls/" + World.ENDED_CALL).json();

            assertThat(call.path("state").asText()).isEqualTo("ended");
            assertThat(call.at("/record/talkMillis").asLong()).isEqualTo(30_000);
            assertThat(call.at("/record/outcome").asText()).isEqualTo("answered");
            assertThat(call.at("/record/callerName").isNull()).isTrue();
        }

        @Test
        void thatAreInNeitherPlaceYetComeFromTheJournal() {
            world.records.records.clear();
            var whole = World.journal(World.ENDED_CALL);

            assertThat(stateAfter(whole, 1)).isEqualTo("waiting null null");
            assertThat(stateAfter(whole, 2)).isEqualTo("waiting sales null");
            assertThat(stateAfter(whole, 3)).isEqualTo("ringing sales tom");
            assertThat(stateAfter(whole, 4)).isEqualTo("waiting sales null");
            assertThat(stateAfter(whole, 6)).isEqualTo("talking sales li.na");
            assertThat(stateAfter(whole, 7)).isEqualTo("ended sales li.na");
        }

        private String stateAfter(List<dev.carillon.protocol.call.CallEvent> journal, int events) {
            world.history.journals.put(World.ENDED_CALL, journal.subList(0, events));
            var call = get("/api/v1/calls/" + World.ENDED_CALL).json();
            return call.path("state").asText() + " " + call.path("queueId").asText("null") + " "
                    + call.path("agentId").asText("null");
        }

        @Test
        void tellWhatHappenedToThem() {
            var events =
                    get("/api/v1/calls/" + World.ENDED_CALL + "/history").json().path("items");

            assertThat(events.findValuesAsText("event"))
                    .containsExactly(
                            "arrived",
                            "queued",
                            "offer-started",
                            "offer-ended",
                            "offer-started",
                            "talk-started",
                            "ended");
            assertThat(events.findValuesAsText("text").get(4))
                    .startsWith("Agent ")
                    .contains(" is rung, for up to ");
            assertThat(events.at("/0/arrivedAt").asText()).isEqualTo("2026-03-01T07:58:20Z");
            assertThat(events.at("/1/waitingSince").asText()).isEqualTo("2026-03-01T07:58:21Z");
            assertThat(events.at("/3/outcome").asText()).isEqualTo("busy");
            assertThat(events.at("/6/callerName").isNull()).isTrue();
        }

        @Test
        void anEventOfANewerVersionDoesNotHideTheOthers() {
            var unknown = dev.carillon.protocol.call.CallEvent.newBuilder()
                    .setAtMs(World.NOW.toEpochMilli())
                    .build();

            assertThat(EventJson.of(List.of(unknown)).get(0).path("event").asText())
                    .isEqualTo("unknown");
        }
    }

    @Nested
    class Records {

        @Test
        void areFilteredByTheStore() {
            get("/api/v1/call-records?from=2026-01-01T00:00:00Z&to=2026-01-02T08:00:00%2B08:00&queue=sales&agent=li.na"
                    + "&outcome=abandoned&limit=7&cursor=0");

            assertThat(world.records.asked)
                    .containsExactly(new FakeCallRecords.Asked(
                            new CallRecords.Filter(
                                    Instant.parse("2026-01-01T00:00:00Z"),
                                    Instant.parse("2026-01-02T00:00:00Z"),
                                    "sales",
                                    "li.na",
                                    "ABANDONED"),
                            "0",
                            7));
        }

        @Test
        void comeInPages() {
            world.records.records.add(World.record("box-1-2"));
            world.records.records.add(World.record("box-1-3"));

            var first = get("/api/v1/call-records?limit=2").json();
            var second = get("/api/v1/call-records?limit=2&cursor="
                            + first.path("nextCursor").asText())
                    .json();

            assertThat(first.path("items").findValuesAsText("callId")).containsExactly(World.ENDED_CALL, "box-1-2");
            assertThat(second.path("items").findValuesAsText("callId")).containsExactly("box-1-3");
            assertThat(second.path("nextCursor").isNull()).isTrue();
        }

        @ParameterizedTest
        @CsvSource({
            "from=yesterday, from",
            "to=2026-01-01, to",
            "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z, to",
            "limit=0, limit",
            "limit=1001, limit",
            "limit=ten, limit",
            "outcome=ANSWERED, outcome",
            "queue=Sales!, queue",
            "cursor=, cursor",
            "cursor=forged, cursor",
            "limit=1&limit=2, limit"
        })
        void aFilterMustMakeSense(String query, String field) {
            var answer = get("/api/v1/call-records?" + query);

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo(field);
        }

        @Test
        void areReadOnThreadsThatMayWait() {
            get("/api/v1/call-records");
            get("/api/v1/call-records/" + World.ENDED_CALL);

            assertThat(world.records.threads)
                    .hasSize(2)
                    .allMatch(
                            thread -> thread.contains("carillon.api.blocking-dispatcher"),
                            "on the blocking dispatcher");
        }
    }

    @Nested
    class Boxes {

        @Test
        void neverShowTheirPassword() {
            for (var address : List.of("/api/v1/boxes", "/api/v1/boxes/box-1")) {
                assertThat(get(address).body()).doesNotContain("swordfish").contains("\"passwordSet\":true");
            }
            var written = put(
                    "/api/v1/boxes/box-1",
                    "{\"kind\":\"asterisk\",\"address\":\"http://b:8088\",\"user\":\"carillon\",\"password\":\"opensesame\"}");
            assertThat(written.body()).doesNotContain("opensesame");
            assertThat(password()).isEqualTo("opensesame");
        }

        @Test
        void keepTheirPasswordWhenItIsLeftOut() {
            put("/api/v1/boxes/box-1", "{\"kind\":\"asterisk\",\"address\":\"http://b:8088\",\"user\":\"carillon\"}");
            assertThat(password()).isEqualTo("swordfish");

            var emptied = put("/api/v1/boxes/box-1", "{\"kind\":\"simulated\",\"address\":\"here\",\"password\":\"\"}");
            assertThat(password()).isEmpty();
            assertThat(emptied.json().at("/settings/passwordSet").asBoolean()).isFalse();
        }

        @Test
        void haveATrunkForNumbersOutside() {
            var box = "{\"kind\":\"simulated\",\"address\":\"here\",\"trunk\":\"PJSIP/{number}@trunk\"}";
            assertThat(put("/api/v1/boxes/box-1", box)
                            .json()
                            .at("/settings/trunk")
                            .asText())
                    .isEqualTo("PJSIP/{number}@trunk");
        }

        private String password() {
            return world.configuration.current().boxes().stream()
                    .filter(box -> box.boxId().equals("box-1"))
                    .map(BoxSettings::password)
                    .findFirst()
                    .orElseThrow();
        }

        @Test
        void sayWhatIsWrongWithThem() {
            world.live.show(new View.OfBox(
                    "box-1",
                    View.BoxPhase.LOST,
                    World.NOW,
                    "asterisk",
                    "http://10.0.0.1:8088",
                    "",
                    "BOX_REFUSED_PASSWORD",
                    "The box refuses the password.",
                    0,
                    World.NOW.plusSeconds(5)));

            var box = get("/api/v1/boxes/box-1").json();

            assertThat(box.path("state").asText()).isEqualTo("lost");
            assertThat(box.path("code").asText()).isEqualTo("BOX_REFUSED_PASSWORD");
            assertThat(box.path("nextAttemptAt").asText()).isEqualTo("2026-03-01T08:00:05Z");
        }

        @Test
        void thatNoNodeHasToldOfYetAreConnecting() {
            var answer = put("/api/v1/boxes/box-2", "{\"kind\":\"simulated\",\"address\":\"here\"}");

            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.json().path("state").asText()).isEqualTo("connecting");
        }

        @Test
        void areConnectedWhenTheirSettingsAreStoredAlsoUnchanged() {
            var box = "{\"kind\":\"simulated\",\"address\":\"here\"}";
            put("/api/v1/boxes/box-2", box);
            put("/api/v1/boxes/box-2", box);

            assertThat(world.configuration.storedBoxes).containsExactly("box-2", "box-2");
        }

        @Test
        void cannotBeRemovedWhileTheyHaveCallsOrSeats() {
            assertThat(delete("/api/v1/boxes/box-1").detail()).contains("has calls (1)");

            world.live.show(new View.OfBox(
                    "box-1", View.BoxPhase.LOST, World.NOW, "asterisk", "x", "22", "BOX_UNREACHABLE", "", 1, null));
            assertThat(delete("/api/v1/boxes/box-1").detail()).isNotEmpty().doesNotContain("has calls");

            world.live.show(
                    new View.OfBox("box-1", View.BoxPhase.UP, World.NOW, "asterisk", "x", "22", "", "", 0, null));
            assertThat(delete("/api/v1/boxes/box-1").code()).isEqualTo("IN_USE");
        }
    }

    @Nested
    class SeatsAndNumbers {

        @Test
        void aSeatSaysWhoIsThere() {
            var seats = get("/api/v1/seats").json().path("items");

            assertThat(seats.at("/0/agentId").asText()).isEqualTo("li.na");
            assertThat(seats.at("/1/agentId").isNull()).isTrue();
            assertThat(seats.at("/0/phone/reachable").asText()).isEqualTo("unknown");
            assertThat(seats.at("/0/phone/since").isNull()).isTrue();
            assertThat(get("/api/v1/seats/desk-1").json().path("agentId").asText())
                    .isEqualTo("li.na");
        }

        @Test
        void aSeatSaysWhetherItsPhoneCanBeReachedWhileItsBoxIsConnected() {
            var since = World.NOW.minusSeconds(60);
            world.live.show(new View.OfSeat("desk-1", "box-1", View.Reachability.NO, since));
            assertThat(get("/api/v1/seats/desk-1").json().path("phone").toString())
                    .isEqualTo("{\"reachable\":\"no\",\"since\":\"" + since + "\"}");

            world.live.show(new View.OfSeat("desk-1", "of-before", View.Reachability.NO, since));
            assertThat(phone()).isEqualTo("unknown");

            world.live.show(new View.OfSeat("desk-1", "box-1", View.Reachability.YES, since));
            assertThat(phone()).isEqualTo("yes");
            world.live.show(new View.OfBox(
                    "box-1", View.BoxPhase.LOST, World.NOW, "asterisk", "x", "22", "BOX_LOST", "gone", 0, null));
            assertThat(phone()).isEqualTo("unknown");
        }

        private String phone() {
            return get("/api/v1/seats").json().at("/items/0/phone/reachable").asText();
        }

        @Test
        void aSeatCannotBeDeletedUnderItsAgent() {
            assertThat(delete("/api/v1/seats/desk-1").detail()).contains("Agent li.na");
            assertThat(delete("/api/v1/seats/desk-2").status()).isEqualTo(204);
        }

        @Test
        void numbersMayHoldPlusAndHash() {
            assertThat(put("/api/v1/numbers/+862012345%23", "{\"queueId\":\"sales\",\"priority\":9}")
                            .status())
                    .isEqualTo(201);

            assertThat(world.configuration.current().directory().number("+862012345#"))
                    .hasValueSatisfying(number -> assertThat(number.priority()).isEqualTo(9));
            assertThat(delete("/api/v1/numbers/%2B862012345%23").status()).isEqualTo(204);
        }
    }

    @Nested
    class Pages {

        @Test
        void loadNothingFromElsewhere() {
            for (var address : List.of("/", "/live.css", "/live.js", "/words.js", "/docs", "/docs/docs.js")) {
                var answer = get(address);
                assertThat(answer.status()).as(address).isEqualTo(200);
                assertThat(answer.body()).as(address).doesNotContainPattern("(src|href|url|import)\\W+(https?:)?//");
                assertThat(answer.header("Content-Security-Policy")).startsWith("default-src 'self'");
            }
        }

        @Test
        void theDocumentationFindsItsRenderer() {
            assertThat(get("/docs/swagger-ui-bundle.js").body()).contains("SwaggerUIBundle");
            assertThat(get("/docs/swagger-ui.css").header("Content-Type")).startsWith("text/css");
        }

        @Test
        void headIsAnsweredLikeGet() {
            assertThat(send("HEAD", "/", null).status()).isEqualTo(200);
            assertThat(send("HEAD", "/api/openapi.yaml", null).header("Content-Type"))
                    .isEqualTo("application/yaml");
        }

        @Test
        void bothLanguagesOfTheLivePageSayTheSameThings() {
            var words = get("/words.js").body();
            var english = words.substring(words.indexOf("en: {"), words.indexOf("'zh-CN': {"));
            var chinese = words.substring(words.indexOf("'zh-CN': {"));

            assertThat(names(chinese)).isEqualTo(names(english)).isNotEmpty();
        }

        private List<String> names(String section) {
            return java.util.regex.Pattern.compile("(?m)^    (\\w+):")
                    .matcher(section)
                    .results()
                    .map(match -> match.group(1))
                    .sorted()
                    .toList();
        }
    }
}
