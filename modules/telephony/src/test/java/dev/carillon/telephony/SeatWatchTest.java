package dev.carillon.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeatWatchTest {

    private static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");

    private final SeatWatch seats = new SeatWatch("east", Duration.ZERO);
    private long number;

    @BeforeEach
    void aPhoneThatCannotBeReached() {
        seats.configured(Map.of("s1", "PJSIP/1001"));
        seats.heard(Map.of("PJSIP/1001", BoxLink.Reach.NO), NOW);
        number = seats.due(NOW).get(0).number();
    }

    @Test
    void isShownSinceItsSeatKnowsAndNotBeforeItKnowsAnything() {
        seats.answered("s1", number, 0, false);
        assertThat(seats.changed()).isEmpty();

        seats.answered("s1", number, number, true);
        assertThat(seats.changed()).extracting(View.OfSeat::since).containsExactly(NOW);
    }

    @Test
    void isNotShownAnyMoreWhenItsSeatIsAtAnotherBox() {
        seats.answered("s1", number, number, true);
        assertThat(seats.changed()).hasSize(1);
        assertThat(seats.shown()).containsExactly("s1");

        seats.configured(Map.of());

        assertThat(seats.gone()).containsExactly("s1");
        assertThat(seats.gone()).isEmpty();
        assertThat(seats.shown()).isEmpty();
    }

    @Test
    void isSaidWithAHigherNumberWhenAFormerNodesClockWasAhead() {
        seats.answered("s1", number, number + 5_000, false);

        assertThat(seats.due(NOW.plusSeconds(2)))
                .extracting(SeatWatch.Word::number)
                .containsExactly(number + 5_001);
    }

    @Test
    void isSaidAgainToASeatThatGoesByAnOlderWordWhichCameLate() {
        seats.answered("s1", number, number, true);
        var later = NOW.plusSeconds(3);
        seats.heard(Map.of("PJSIP/1001", BoxLink.Reach.YES), later);
        var newest = seats.due(later).get(0).number();
        seats.answered("s1", newest, newest, true);
        assertThat(seats.due(later.plusSeconds(2))).isEmpty();

        seats.answered("s1", number, number, true);

        assertThat(seats.due(later.plusSeconds(2)))
                .extracting(SeatWatch.Word::number)
                .containsExactly(newest);
    }

    @Test
    void isNotInsistedOnByANodeThatAnotherHasReplaced() {
        seats.answered("s1", number, number, true);
        seats.disconnected();
        var late = NOW.plusSeconds(11);
        assertThat(seats.due(late)).as("one time more").hasSize(1);

        seats.answered("s1", number, number + 5_000, false);

        assertThat(seats.due(late.plusSeconds(60))).isEmpty();
    }
}
