package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.view.View;
import dev.carillon.protocol.view.View.BoxPhase;
import dev.carillon.telephony.BoxDisplay;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoxesHereTest {

    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final List<String> shown = new ArrayList<>();
    private Instant now = START;
    private final BoxesHere boxes = new BoxesHere(CONNECT_TIMEOUT, new Now(), new BoxDisplay() {
        @Override
        public void show(View.OfBox box) {
            shown.add(box.id() + " " + box.phase());
        }

        @Override
        public void hide(String boxId) {
            shown.add(boxId + " hidden");
        }
    });

    @Test
    void are_well_while_there_are_none() {
        assertThat(boxes.trouble()).isEmpty();
    }

    @Test
    void are_well_for_as_long_as_an_attempt_may_take() {
        boxes.show(box("west", BoxPhase.CONNECTING));
        pass(CONNECT_TIMEOUT);
        boxes.show(box("west", BoxPhase.RECONCILING));

        assertThat(boxes.trouble()).isEmpty();
    }

    @Test
    void are_not_when_an_attempt_comes_to_nothing_for_longer() {
        boxes.show(box("west", BoxPhase.CONNECTING));
        boxes.show(box("east", BoxPhase.CONNECTING));
        pass(CONNECT_TIMEOUT);
        boxes.show(box("east", BoxPhase.UP));
        boxes.show(box("west", BoxPhase.RECONCILING));
        pass(CONNECT_TIMEOUT);

        assertThat(boxes.trouble()).hasValueSatisfying(trouble -> assertThat(trouble)
                .contains("connecting for more than 15 s")
                .contains("west")
                .doesNotContain("east"));
    }

    @Test
    void are_well_when_a_box_is_down_however_long() {
        for (var attempt = 0; attempt < 5; attempt++) {
            boxes.show(box("west", BoxPhase.CONNECTING));
            pass(CONNECT_TIMEOUT);
            boxes.show(box("west", BoxPhase.LOST));
            pass(Duration.ofMinutes(1));
        }

        assertThat(boxes.trouble()).isEmpty();
    }

    @Test
    void are_well_again_when_the_box_is_up_after_all() {
        boxes.show(box("west", BoxPhase.CONNECTING));
        pass(Duration.ofMinutes(1));
        assertThat(boxes.trouble()).isPresent();

        boxes.show(box("west", BoxPhase.UP));

        assertThat(boxes.trouble()).isEmpty();
    }

    @Test
    void a_box_whose_telephony_node_has_moved_is_no_concern_of_this_member() {
        boxes.show(box("west", BoxPhase.CONNECTING));
        boxes.hide("west");
        pass(Duration.ofMinutes(1));

        assertThat(boxes.trouble()).isEmpty();
    }

    @Test
    void whoever_shows_boxes_is_told_everything() {
        boxes.show(box("west", BoxPhase.CONNECTING));
        boxes.show(box("west", BoxPhase.UP));
        boxes.hide("west");

        assertThat(shown).containsExactly("west CONNECTING", "west UP", "west hidden");
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private static View.OfBox box(String id, BoxPhase phase) {
        return new View.OfBox(id, phase, START, "asterisk", "http://10.0.0.7:8088", "", "", "", 0, null);
    }

    private final class Now extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}
