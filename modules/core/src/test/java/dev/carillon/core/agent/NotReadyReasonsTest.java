package dev.carillon.core.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NotReadyReasonsTest {

    private static final NotReadyReasons LIST = NotReadyReasons.of(List.of(
            new NotReadyReason("lunch", "Lunch", false, true, 20),
            new NotReadyReason("smoke", "Smoking", false, false, 5),
            new NotReadyReason("break", "Break", true, true, 10)));

    @Test
    void anActiveOneMayBeChosen() {
        assertThat(LIST.trouble("lunch")).isEmpty();
    }

    @Test
    void anythingElseMayNotAndTheChoicesAreNamedInTheirOrder() {
        assertThat(LIST.trouble("coffee")).hasValue("There is no active reason coffee. Choose one of break, lunch.");
        assertThat(LIST.trouble("smoke")).hasValue("There is no active reason smoke. Choose one of break, lunch.");
    }

    @Test
    void whatCarillonGivesByItselfIsNeverChosen() {
        for (var reason :
                List.of("login", "refused", "busy", "no-answer", "unreachable", "desktop-lost", "seat-unreachable")) {
            assertThat(LIST.trouble(reason)).get().asString().startsWith(reason + " is a reason that Carillon gives");
            assertThat(NotReadyReasons.NONE.trouble(reason)).isPresent();
        }
    }

    @Test
    void withoutAnActiveReasonAnyTextWillDo() {
        var retired = NotReadyReasons.of(List.of(new NotReadyReason("smoke", "Smoking", false, false, 5)));
        assertThat(NotReadyReasons.NONE.trouble("feeding the cat")).isEmpty();
        assertThat(retired.trouble("feeding the cat")).isEmpty();
    }
}
