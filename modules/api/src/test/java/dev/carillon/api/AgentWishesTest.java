package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.FakeEntities.Said;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an agent's desktop wants of its agent: the agent is told exactly that, and what they refuse is the answer. */
class AgentWishesTest extends ApiTest {

    private enum Wish {
        HEARTBEAT("POST", "/heartbeat", null),
        BECOME_READY("PUT", "/state", "{\"state\":\"ready\"}"),
        BECOME_NOT_READY("PUT", "/state", "{\"state\":\"not-ready\",\"reason\":\" lunch \"}"),
        CANCEL_NEXT("DELETE", "/next-state", null),
        GIVE_CODE("PUT", "/wrap-up", "{\"code\":\"sold\"}"),
        EXTEND_WRAP_UP("PUT", "/wrap-up", "{\"extensions\":3}"),
        END_WRAP_UP("DELETE", "/wrap-up", null),
        LOG_OUT("DELETE", "/session", null);

        private final String method;
        private final String address;
        private final String body;

        Wish(String method, String address, String body) {
            this.method = method;
            this.address = address;
            this.body = body;
        }

        AgentCommand command() {
            return switch (this) {
                case HEARTBEAT -> new AgentCommand.Heartbeat();
                case BECOME_READY -> new AgentCommand.SetReady();
                case BECOME_NOT_READY -> new AgentCommand.SetNotReady("lunch");
                case CANCEL_NEXT -> new AgentCommand.CancelNext();
                case GIVE_CODE -> new AgentCommand.GiveWrapUpCode("sold", "");
                case EXTEND_WRAP_UP -> new AgentCommand.ExtendWrapUp(3, "");
                case END_WRAP_UP -> new AgentCommand.EndWrapUp("");
                case LOG_OUT -> new AgentCommand.LogOut();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void isSaidToTheAgentAndNothingElse(Wish wish) {
        assertThat(send(wish, "li.na").status()).isEqualTo(204);

        assertThat(world.entities.said).containsExactly(new Said("li.na", wish.command()));
    }

    @ParameterizedTest
    @CsvSource({
        "HEARTBEAT, AGENT_LOGGED_OUT",
        "BECOME_READY, AGENT_LOGGED_OUT",
        "BECOME_READY, DESKTOP_LOST",
        "BECOME_READY, SEAT_UNREACHABLE",
        "BECOME_NOT_READY, AGENT_LOGGED_OUT",
        "BECOME_NOT_READY, REASON_NOT_ON_LIST",
        "GIVE_CODE, NO_WRAP_UP",
        "GIVE_CODE, WRAP_UP_CODE_NOT_ON_LIST",
        "EXTEND_WRAP_UP, NO_WRAP_UP",
        "EXTEND_WRAP_UP, WRAP_UP_NOT_EXTENDABLE",
        "EXTEND_WRAP_UP, WRAP_UP_LONGEST",
        "END_WRAP_UP, WRAP_UP_FIXED",
        "END_WRAP_UP, WRAP_UP_CODE_MISSING",
        "LOG_OUT, AGENT_BUSY",
        "LOG_OUT, WRAP_UP_FIXED",
        "LOG_OUT, WRAP_UP_CODE_MISSING"
    })
    void isAConflictWhenTheAgentRefuses(Wish wish, String code) {
        world.entities.agentAnswer =
                () -> CompletableFuture.completedFuture(new Reply.Rejected(code, "No, because of " + code + "."));

        var answer = send(wish, "li.na");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:carillon:problem:" + code);
        assertThat(answer.json().path("title").asText())
                .as("a title of its own")
                .isEqualTo(ProblemCode.valueOf(code).title());
        assertThat(answer.detail()).isEqualTo("No, because of " + code + ".");
        assertThat(world.entities.said).containsExactly(new Said("li.na", wish.command()));
    }

    @ParameterizedTest
    @EnumSource
    void isNotFoundWithoutTheAgent(Wish wish) {
        var answer = send(wish, "nobody");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("AGENT_NOT_FOUND");
        assertThat(world.entities.said).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|code|INVALID_FIELD",
                "{\"code\":\"sold\",\"extensions\":1}|code|INVALID_FIELD",
                "{\"code\":\"very sold\"}|code|INVALID_FIELD",
                "{\"extensions\":1001}|extensions|INVALID_FIELD",
                "{\"extensions\":\"one\"}|extensions|INVALID_FIELD",
                "{\"code\":\"sold\",\"callId\":\"c1\"}|callId|UNKNOWN_FIELD"
            })
    void forAWrapUpMustMakeSense(String body, String field, String code) {
        var answer = put("/api/v1/agents/li.na/wrap-up", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().path("errors").findValuesAsText("field")).contains(field);
        assertThat(world.entities.said).isEmpty();
    }

    private Answer send(Wish wish, String agentId) {
        return send(wish.method, "/api/v1/agents/" + agentId + wish.address, wish.body);
    }
}
