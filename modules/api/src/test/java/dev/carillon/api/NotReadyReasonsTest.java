package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.Reply;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NotReadyReasonsTest extends ApiTest {

    @Test
    void areListedInTheOrderInWhichPeopleAreToSeeThem() {
        assertThat(get("/api/v1/not-ready-reasons").json().path("items").findValuesAsText("code"))
                .containsExactly("break", "lunch");
    }

    @Test
    void oneMoreIsPaidAndActiveOnlyAsSaid() {
        var answer = put("/api/v1/not-ready-reasons/coaching", "{\"name\":\"Coaching\",\"order\":5}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().path("settings").path("paid").booleanValue()).isFalse();
        assertThat(answer.json().path("settings").path("active").booleanValue()).isTrue();
        assertThat(get("/api/v1/not-ready-reasons").json().path("items").findValuesAsText("code"))
                .startsWith("coaching");
    }

    @Test
    void oneThatCannotBeChosenIsRefusedWithACode() {
        world.entities.agentAnswer = () -> CompletableFuture.completedFuture(
                new Reply.Rejected("REASON_NOT_ON_LIST", "There is no active reason coffee."));
        var answer = put("/api/v1/agents/li.na/state", "{\"state\":\"not-ready\",\"reason\":\"coffee\"}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.code()).isEqualTo("REASON_NOT_ON_LIST");
    }
}
