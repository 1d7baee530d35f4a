package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestMeterTest extends ApiTest {

    @Test
    void every_request_is_counted_by_operation_and_status_and_none_by_what_was_asked_for() {
        get("/api/v1/agents/li.na");
        get("/api/v1/agents/nobody");
        get("/api/v1/agents/NO-ID!");
        put("/api/v1/agents/li.na/state", "{");

        assertThat(world.answered)
                .containsExactly(
                        "GET /api/v1/agents/{agentId} 200",
                        "GET /api/v1/agents/{agentId} 404",
                        "GET /api/v1/agents/{agentId} 400",
                        "PUT /api/v1/agents/{agentId}/state 400");
    }
}
