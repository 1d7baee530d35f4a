package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndingTest {

    private final Ending ending = new Ending();
    private final List<String> ended = new ArrayList<>();

    @Test
    void what_was_started_last_ends_first() {
        ending.start("database", () -> "database", ended::add);
        ending.start("actor system", () -> "actor system", ended::add);

        ending.end();

        assertThat(ended).containsExactly("actor system", "database");
    }

    @Test
    void a_part_that_cannot_be_ended_does_not_keep_the_others() {
        ending.start("database", () -> "database", ended::add);
        ending.start("broken", () -> "broken", part -> {
            throw new IllegalStateException("cannot be ended");
        });

        ending.end();

        assertThat(ended).containsExactly("database");
    }

    @Test
    void nothing_is_started_any_more_once_it_has_begun() {
        ending.end();

        assertThatThrownBy(() -> ending.start("database", () -> "database", ended::add))
                .isInstanceOf(StartupFailure.class);
    }

    @Test
    void ends_everything_once() {
        ending.start("database", () -> "database", ended::add);

        ending.end();
        ending.end();

        assertThat(ended).containsExactly("database");
    }
}
