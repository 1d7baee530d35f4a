package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HealthTest {

    @Test
    void is_ready_when_every_part_is_well() throws Exception {
        var health = new Health()
                .with("database", () -> Health.said(Optional.empty()))
                .with("api", Health.when(CompletableFuture.completedFuture(null), "does not listen yet"));

        assertThat(report(health).ready()).isTrue();
    }

    @Test
    void names_the_part_that_is_not_well_and_why() throws Exception {
        var health = new Health()
                .with("database", () -> Health.said(Optional.of("does not answer")))
                .with("api", Health.when(new CompletableFuture<>(), "does not listen yet"))
                .with("node", Health.is(() -> true, "is ending"));

        var report = report(health);

        assertThat(report.ready()).isFalse();
        assertThat(report.trouble())
                .containsEntry("database", "does not answer")
                .containsEntry("api", "does not listen yet")
                .containsEntry("node", "");
    }

    @Test
    void a_part_that_fails_or_never_answers_is_not_well() throws Exception {
        var health = new Health()
                .with("failing", () -> CompletableFuture.failedFuture(new IllegalStateException("broken")))
                .with("throwing", () -> {
                    throw new IllegalStateException("very broken");
                })
                .with("silent", CompletableFuture::new);

        var trouble = report(health).trouble();

        assertThat(trouble.get("failing")).contains("broken");
        assertThat(trouble.get("throwing")).contains("very broken");
        assertThat(trouble.get("silent")).contains("no answer");
    }

    private static Health.Report report(Health health) throws Exception {
        return health.ask().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
