package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoggingTest {

    @Test
    void a_form_of_lines_that_there_is_not_keeps_the_node_from_starting() {
        assertThatCode(() -> Logging.mustKnow(Optional.empty())).doesNotThrowAnyException();
        assertThatCode(() -> Logging.mustKnow(Optional.of("json"))).doesNotThrowAnyException();
        assertThatThrownBy(() -> Logging.mustKnow(Optional.of("xml")))
                .isInstanceOf(StartupFailure.class)
                .hasMessage("CARILLON_LOG_FORMAT is \"xml\"; it can be: text, json.");
        assertThatThrownBy(() -> Logging.mustKnow(Optional.of(""))).isInstanceOf(StartupFailure.class);
    }
}
