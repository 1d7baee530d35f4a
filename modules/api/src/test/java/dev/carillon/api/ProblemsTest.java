package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.store.ConfigurationStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a request, the answer is a problem that says what to do: never a page, never plain text. */
class ProblemsTest extends ApiTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "\"ready\"",
                "{\"state\":\"ready\"} {}",
                "{\"state\":\"a\",\"state\":\"b\"}"
            })
    void aBodyMustBeOneJsonObject(String body) {
        var answer = put("/api/v1/agents/li.na/state", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("MALFORMED_JSON");
    }

    @Test
    void everythingThatIsWrongWithABodyIsSaidAtOnce() {
        var answer = put(
                "/api/v1/queues/sales",
                "{\"name\":7,\"ringSeconds\":1,\"wrapUpSeconds\":\"10\",\"musicClass\":\"a b\",\"ringSecond\":20}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").findValuesAsText("field"))
                .containsExactlyInAnyOrder("name", "ringSeconds", "wrapUpSeconds", "musicClass", "ringSecond");
        assertThat(answer.detail()).contains("ringSeconds: must be a whole number from 5 to 120, was 1");
        assertThat(world.configuration
                        .current()
                        .directory()
                        .queue("sales")
                        .handling()
                        .ringSeconds())
                .isEqualTo(15);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/agents/tom|{\"name\":\"Tom\",\"queueIds\":[\"sales\"],\"role\":\"boss\"}|role",
                "/api/v1/agents/tom/session|{\"seat\":\"desk-2\",\"extension\":\"1001\"}|extension",
                "/api/v1/seats/desk-1|{\"boxId\":\"box-1\",\"endpoint\":\"PJSIP/1\",\"id\":\"desk-1\"}|id",
                "/api/v1/boxes/box-1|{\"kind\":\"asterisk\",\"address\":\"http://b\",\"pasword\":\"x\"}|pasword",
                "/api/v1/numbers/4000|{\"queueId\":\"sales\",\"prio\":1}|prio",
            })
    void aFieldThatIsNotDocumentedIsNeverIgnored(String address, String body, String field) {
        var answer = put(address, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("UNKNOWN_FIELD");
        assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/agents?x=1", "/api/v1/call-records?form=2026-01-01T00:00:00Z", "/api/v1/calls/a?b"})
    void neitherIsAQueryParameter(String address) {
        var answer = get(address);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("UNKNOWN_FIELD");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/agents/LI%20NA, agentId",
        "/api/v1/agents/a%2Fb/state, agentId",
        "/api/v1/queues/%E9%94%80, queueId",
        "/api/v1/boxes/Box-1, boxId",
        "/api/v1/calls/..%2f..%2fetc, callId",
        "/api/v1/numbers/40%2000, number",
        "/api/v1/seats/-desk, seatId"
    })
    void anIdMustLookLikeOne(String address, String field) {
        var answer = address.endsWith("state") ? put(address, "{\"state\":\"ready\"}") : get(address);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_FIELD");
        assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /api/v1/agents, GET",
        "PATCH, /api/v1/agents/tom, 'DELETE, GET, PUT'",
        "GET, /api/v1/agents/tom/session, 'DELETE, PUT'",
        "DELETE, /api/v1/calls, GET",
        "PUT, /, GET"
    })
    void anotherMethodIsNotAllowed(String method, String address, String allowed) {
        var answer = send(method, address, method.startsWith("P") ? "{}" : null);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.code()).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(java.util.Arrays.stream(answer.header("Allow").split(", ", -1))
                        .sorted())
                .containsExactly(allowed.split(", ", -1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/api",
                "/api/v1",
                "/api/v2/agents",
                "/api/v1/agents/",
                "/api/v1/agents/a/b",
                "/docs/../x"
            })
    void anotherAddressIsNotFound(String address) {
        var answer = get(address);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("NOT_FOUND");
        assertThat(answer.detail()).contains("/docs");
    }

    @Test
    void aBodyMustBeJson() {
        var response = raw("PUT /api/v1/agents/tom HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                + "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
        assertThat(response)
                .contains(" 415 ")
                .contains("UNSUPPORTED_MEDIA_TYPE")
                .contains("application/problem+json");
    }

    @Test
    void aBodyMayNotBeTooLarge() {
        var answer = put("/api/v1/agents/tom", "{\"name\":\"" + "x".repeat(70_000) + "\"}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("TOO_LARGE");
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForForEver() {
        var response = raw("PUT /api/v1/agents/tom HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100\r\nConnection: close\r\n\r\n{\"name\":");

        assertThat(response).contains(" 408 ").contains("REQUEST_TIMED_OUT").contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/v1/agents/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /api/v1/a\\b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "NONSENSE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: x\r\nConnection: close\r\n\r\n",
            })
    void whatIsNoHttpIsAProblemToo(String request) {
        var response = raw(request);

        assertThat(response).contains("application/problem+json").contains("\"code\":\"M");
    }

    @Test
    void anAddressMayNotBeTooLong() {
        var response = raw("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(response).contains("TOO_LARGE").contains("application/problem+json");
    }

    @Test
    void aFaultIsAnsweredWithANumberAndNothingOfItsInside() {
        world.entities.agentAnswer = () -> CompletableFuture.failedFuture(new IllegalStateException("secret inside"));

        var answer = put("/api/v1/agents/li.na/state", "{\"state\":\"ready\"}");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.code()).isEqualTo("INTERNAL_ERROR");
        assertThat(answer.body()).doesNotContain("secret inside");
        assertThat(answer.detail()).containsPattern("incident [0-9a-f-]{36}");
    }

    @Test
    void aRefusalThatIsNotInTheTableIsAConflictWithItsOwnCode() {
        var problem = Problem.refused("AGENT_ON_HOLIDAY", "Come back on Monday.");

        assertThat(problem.body().status()).isEqualTo(409);
        assertThat(problem.body().code()).isEqualTo("AGENT_ON_HOLIDAY");
        assertThat(problem.body().detail()).isEqualTo("Come back on Monday.");
    }

    @Test
    void aRefusalOfTheStoreNamesTheFieldAsTheApiDoes() {
        var problem = Problems.of(new CompletionException(new ConfigurationStore.Refused(
                "INVALID", "ring-seconds", "queue a: ring-seconds is 1; must be 5 to 120")));

        assertThat(problem.body().code()).isEqualTo("INVALID_FIELD");
        assertThat(problem.body().errors())
                .extracting(Problem.FieldError::field)
                .containsExactly("ringSeconds");
    }

    @Test
    void whatSaysThatTheDatabaseIsAwayIsToldFromWhatIsOurOwnFault() {
        assertThat(codeOf(new SQLTransientConnectionException("pool exhausted")))
                .isEqualTo("DATABASE_UNAVAILABLE");
        assertThat(codeOf(new IllegalStateException(new SQLException("gone", "08006"))))
                .isEqualTo("DATABASE_UNAVAILABLE");
        assertThat(codeOf(new SQLException("stopping", "57P01"))).isEqualTo("DATABASE_UNAVAILABLE");
        assertThat(codeOf(new SQLException("syntax error", "42601"))).isEqualTo("INTERNAL_ERROR");
    }

    @Test
    void aHostThatDoesNotExistIsSaidPlainly() {
        assertThatThrownBy(() -> startAt("no-such-host.invalid", 0))
                .hasStackTraceContaining("there is no such host. Set carillon.api.host (CARILLON_API_HOST)");
    }

    private ApiServer startAt(String host, int port) {
        var settings = settings(Optional.empty());
        var elsewhere = new ApiSettings(
                host,
                port,
                settings.key(),
                settings.maxBodyBytes(),
                settings.bodyTimeout(),
                settings.requestTimeout(),
                settings.stopTimeout());
        return await(ApiServer.start(kit().system(), elsewhere, world.services()));
    }

    @Test
    void aPortThatIsTakenIsSaidPlainly() {
        var taken = server().address().getPort();

        assertThatThrownBy(() -> startAt("127.0.0.1", taken))
                .hasRootCauseInstanceOf(java.net.BindException.class)
                .hasStackTraceContaining("127.0.0.1:" + taken)
                .hasStackTraceContaining("choose another port with carillon.api.port (CARILLON_API_PORT)");
    }

    private static String codeOf(Throwable failure) {
        return Problems.of(failure).body().code();
    }

    /** Sends bytes as they are, and reads until the server closes the connection. */
    private String raw(String request) {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), server().address().getPort())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError("The server did not answer properly", e);
        }
    }
}
