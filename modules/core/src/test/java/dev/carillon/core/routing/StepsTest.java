package dev.carillon.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.routing.Steps.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepsTest {

    private static final Instant SINCE = Instant.parse("2026-11-22T08:00:00Z");

    private final Steps steps = new Steps(
            List.of(step(60, Map.of()), step(0, Map.of("english", 8, "refunds", 3)), step(20, Map.of("english", 5))));

    @Test
    void followOneAnotherByTheTimeWaited() {
        assertThat(steps.at(SINCE, SINCE)).isZero();
        assertThat(steps.at(SINCE, SINCE.plusMillis(19_999))).isZero();
        assertThat(steps.at(SINCE, SINCE.plusSeconds(20))).isEqualTo(1);
        assertThat(steps.at(SINCE, SINCE.plusSeconds(60))).isEqualTo(2);
        assertThat(steps.at(SINCE, SINCE.plusSeconds(9_999)))
                .as("the last one lasts")
                .isEqualTo(2);
        assertThat(steps.nextAfter(0, SINCE)).contains(SINCE.plusSeconds(20));
        assertThat(steps.nextAfter(2, SINCE)).isEmpty();
    }

    @Test
    void areMetByWhoHasEverySkillAtItsLevel() {
        assertThat(steps.metBy(Map.of("english", 8, "refunds", 3))).isEqualTo(0b111);
        assertThat(steps.metBy(Map.of("english", 10))).isEqualTo(0b110);
        assertThat(steps.metBy(Map.of("english", 4, "refunds", 10))).isEqualTo(0b100);
        assertThat(steps.metBy(Map.of())).isEqualTo(0b100);
        assertThat(Steps.ANYONE.metBy(Map.of())).isEqualTo(1);
    }

    @Test
    void forTheLastAgentIsMetByNobodyInGeneral() {
        var steps = new Steps(
                List.of(Steps.Step.forLastAgent(Duration.ZERO), new Steps.Step(Duration.ofSeconds(20), Map.of())));

        assertThat(steps.metBy(Map.of())).isEqualTo(0b10);
    }

    @Test
    void mustNotEndWithAnAgentWhoMayNotBeThere() {
        assertThat(Steps.trouble(List.of(
                        new Steps.Step(Duration.ZERO, Map.of()), Steps.Step.forLastAgent(Duration.ofSeconds(5)))))
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("must not end with"));
    }

    @Test
    void areRefusedWhenTheyLeaveOpenWhatHolds() {
        assertThat(Steps.trouble(List.of())).isPresent();
        assertThat(Steps.trouble(List.of(step(5, Map.of())))).contains("must have one that begins after 0 seconds");
        assertThat(Steps.trouble(List.of(step(0, Map.of()), step(0, Map.of("english", 1)))))
                .contains("must each begin at another time");
        assertThat(Steps.trouble(Collections.nCopies(Steps.MOST + 1, step(0, Map.of()))))
                .isPresent();
        assertThatThrownBy(() -> new Steps(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Step step(int afterSeconds, Map<String, Integer> minimum) {
        return new Step(Duration.ofSeconds(afterSeconds), minimum);
    }
}
