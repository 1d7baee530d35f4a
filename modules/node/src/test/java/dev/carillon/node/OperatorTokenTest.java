package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperatorTokenTest {

    private static final String TOKEN = "a-token-for-tests-0123456789";
    private static final NodeSettings.Endpoint HERE = new NodeSettings.Endpoint("127.0.0.1", 8558);
    private static final NodeSettings.Endpoint ANYWHERE = new NodeSettings.Endpoint("0.0.0.0", 8558);

    @Nested
    class With_a_token {

        private final OperatorToken token = OperatorToken.of(Optional.of(TOKEN), ANYWHERE);

        @ParameterizedTest
        @ValueSource(strings = {"Bearer " + TOKEN, "bearer " + TOKEN, "Bearer   " + TOKEN + " "})
        void who_sends_it_comes_in(String authorization) {
            assertThat(token.refusal(Optional.of(authorization))).isEmpty();
        }

        @Test
        void who_sends_none_is_told_to() {
            assertThat(token.refusal(Optional.empty())).hasValueSatisfying(problem -> {
                assertThat(problem.code()).isEqualTo(OperatorProblem.Code.UNAUTHORIZED);
                assertThat(problem.detail()).contains("Authorization: Bearer <token>");
            });
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Bearer wrong",
                    "Bearer " + TOKEN + "x",
                    "Bearer a-token-for-tests-012345678",
                    "Bearer ",
                    "Bearer",
                    "Basic YTpi",
                    TOKEN
                })
        void who_sends_another_is_refused(String authorization) {
            assertThat(token.refusal(Optional.of(authorization)))
                    .hasValueSatisfying(
                            problem -> assertThat(problem.code()).isEqualTo(OperatorProblem.Code.UNAUTHORIZED));
        }

        @Test
        void says_it_to_nobody() {
            assertThat(token.toString()).doesNotContain(TOKEN);
        }
    }

    @Nested
    class Without_a_token {

        @ParameterizedTest
        @ValueSource(strings = {"127.0.0.1", "127.0.1.2", "localhost", "::1"})
        void everybody_on_this_machine_comes_in_where_nobody_else_can_ask(String host) {
            var none = OperatorToken.of(Optional.empty(), new NodeSettings.Endpoint(host, 8558));

            assertThat(none.refusal(Optional.empty())).isEmpty();
            assertThat(none.refusal(Optional.of("Bearer whatever"))).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "", " "})
        void a_node_that_others_can_ask_does_not_start_and_says_what_to_do(String host) {
            assertThatThrownBy(() -> OperatorToken.of(Optional.empty(), new NodeSettings.Endpoint(host, 8558)))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("listen at " + host + " without a token")
                    .hasMessageContaining("CARILLON_MANAGEMENT_TOKEN")
                    .hasMessageContaining("openssl rand");
        }
    }

    @Test
    void one_that_is_too_short_or_that_no_header_can_carry_is_refused_at_the_start() {
        assertThatThrownBy(() -> OperatorToken.of(Optional.of("short"), HERE))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("The management token has 5 characters; it needs at least 16");
        assertThatThrownBy(() -> OperatorToken.of(Optional.of("long enough, but with spaces"), HERE))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("no HTTP header can carry");
    }
}
