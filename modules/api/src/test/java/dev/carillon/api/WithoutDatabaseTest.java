package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is answered while the database is away: what can be, and at once what cannot. */
class WithoutDatabaseTest extends ApiTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT    | /api/v1/agents/li.na/state     | {\"state\":\"ready\"}",
                "PUT    | /api/v1/agents/tom/session     | {\"seat\":\"desk-2\"}",
                "PUT    | /api/v1/agents/tom/session     | {\"seat\":\"desk-1\",\"takeOver\":true}",
                "DELETE | /api/v1/agents/li.na/session   |",
                "PUT    | /api/v1/queues/other           | {\"name\":\"Other\"}",
                "DELETE | /api/v1/queues/quiet           |",
                "GET    | /api/v1/call-records           |",
                "GET    | /api/v1/calls/box-1-1740000000.0/history |",
            })
    void whoeverNeedsItIsToldAtOnceAndNobodyIsAsked(String method, String address, String json) {
        world.database = new DatabaseState(false, false);

        var answer = send(method, address, json);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("DATABASE_UNAVAILABLE");
        assertThat(answer.header("Retry-After")).isEqualTo("5");
        assertThat(world.entities.said).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/agents", "/api/v1/queues/sales/calls", "/api/v1/calls", "/api/v1/boxes"})
    void whatIsKnownIsShown(String address) {
        world.database = new DatabaseState(false, false);

        assertThat(get(address).status()).isEqualTo(200);
    }

    @Test
    void aDesktopsSignOfLifeIsPassedOn() {
        world.database = new DatabaseState(false, false);
        world.entities.agentAnswer = () -> CompletableFuture.completedFuture(new Reply.Done());

        assertThat(send("POST", "/api/v1/agents/li.na/heartbeat", null).status())
                .isEqualTo(204);
    }

    @Test
    void oneThatTakesNoWritesIsRead() {
        world.database = new DatabaseState(true, false);

        assertThat(get("/api/v1/call-records").status()).isEqualTo(200);
        assertThat(put("/api/v1/queues/other", "{\"name\":\"Other\"}").code()).isEqualTo("DATABASE_UNAVAILABLE");
    }

    @Test
    void whoAskedJustBeforeIsToldSoToo() {
        world.entities.agentAnswer = () -> {
            world.database = new DatabaseState(false, false);
            return CompletableFuture.failedFuture(new TimeoutException());
        };

        assertThat(put("/api/v1/agents/li.na/state", "{\"state\":\"ready\"}").code())
                .isEqualTo("DATABASE_UNAVAILABLE");
    }
}
