package dev.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a key: the data needs it, the pages do not. */
class ApiKeyTest extends ApiTest {

    private static final String KEY = "a-key-for-tests-0123456789";

    @Override
    Optional<String> key() {
        return Optional.of(KEY);
    }

    @Test
    void dataIsGivenToWhoHasTheKey() {
        assertThat(send("GET", "/api/v1/agents", null, "Authorization", "Bearer " + KEY)
                        .status())
                .isEqualTo(200);
        assertThat(send("GET", "/api/v1/agents", null, "Authorization", "bearer  " + KEY)
                        .status())
                .as("the scheme's case does not matter")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/agents", "/api/v1/live", "/api/v1/call-records", "/api/v1/no-such-thing"})
    void nobodyElseLearnsAnything(String address) {
        var answer = get(address);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("UNAUTHORIZED");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"carillon\"");
        assertThat(answer.detail()).contains("Authorization: Bearer <key>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer a-key-for-tests-012345678",
                "Bearer a-key-for-tests-0123456789x",
                "Bearer ",
                "Bearer",
                "Basic YTpi",
                "a-key-for-tests-0123456789"
            })
    void aWrongKeyIsRefused(String authorization) {
        var answer = send("GET", "/api/v1/agents", null, "Authorization", authorization);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain(KEY);
    }

    @Test
    void aRefusedRequestChangesNothing() {
        assertThat(put("/api/v1/agents/tom/session", "{\"seat\":\"desk-2\"}").status())
                .isEqualTo(401);
        assertThat(delete("/api/v1/numbers/4000").status()).isEqualTo(401);

        assertThat(world.entities.said).isEmpty();
        assertThat(world.configuration.current().directory().numbers()).containsKey("4000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/live.js", "/live.css", "/words.js", "/favicon.svg", "/docs", "/api/openapi.yaml"})
    void pagesAreForEverybody(String address) {
        assertThat(get(address).status()).isEqualTo(200);
    }

    @Test
    void withoutAKeyTheNodeStartsInDemoModeOnly() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiSettings.from(config(Map.of("carillon.api.key", ""))))
                .withMessageContaining("CARILLON_API_KEY")
                .withMessageContaining("openssl rand -hex 24");
        assertThatNoException()
                .isThrownBy(
                        () -> ApiSettings.from(config(Map.of("carillon.api.key", "", "carillon.api.demo", "true"))));
    }

    @Test
    void aKeyThatIsTooShortOrCannotBeSentIsRefusedWithoutShowingIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiSettings.from(config(Map.of("carillon.api.key", "secret"))))
                .withMessageContaining("at least 16")
                .withMessageNotContaining("secret.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ApiSettings.from(config(Map.of("carillon.api.key", "a key with blanks in it"))))
                .withMessageNotContaining("blanks");
    }

    @Test
    void settingsAreLoggedWithoutTheKey() {
        assertThat(settings(Optional.of(KEY)).toString()).doesNotContain(KEY).contains("with a key");
    }

    private static Config config(Map<String, String> settings) {
        return ConfigFactory.parseMap(settings).withFallback(ConfigFactory.load());
    }
}
