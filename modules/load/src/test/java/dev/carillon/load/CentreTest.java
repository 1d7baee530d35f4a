package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CentreTest {

    private record Group(int box, int queue) {}

    @ParameterizedTest
    @CsvSource({"10, 10", "6, 4", "7, 3", "1, 5", "5, 1", "12, 18"})
    void every_queue_has_as_many_agents_at_every_box(int boxes, int queues) {
        var centre = new Centre(boxes, queues, boxes * queues * 3);

        var groups = IntStream.range(0, centre.agents())
                .mapToObj(agent -> new Group(centre.box(agent), centre.queue(agent)))
                .collect(Collectors.groupingBy(group -> group, Collectors.counting()));

        assertThat(groups).hasSize(boxes * queues);
        assertThat(groups.values()).containsOnly(3L);
    }

    @Test
    void few_agents_are_at_every_box_and_for_every_queue() {
        var centre = new Centre(6, 4, 6);

        assertThat(IntStream.range(0, 6).map(centre::box).distinct().count()).isEqualTo(6);
        assertThat(IntStream.range(0, 6).map(centre::queue).distinct().count()).isEqualTo(4);
    }

    @Test
    void a_load_gets_those_who_talk_and_what_chance_can_want_besides() {
        var centre = Centre.forLoad(10, 10, new Rate(50, 300), 10);

        // 3,000 talk, 30 in each of the 100 groups; and 3 times the root of 30, and one more.
        assertThat(centre.agents()).isEqualTo(100 * 48);
    }

    @Test
    void an_agent_is_found_by_the_phone() {
        assertThat(Centre.agentAt(Centre.endpoint(4_711))).isEqualTo(4_711);
    }

    @Test
    void too_few_agents_are_refused() {
        assertThatThrownBy(() -> new Centre(5, 20, 19))
                .hasMessageContaining("with 5 boxes and 20 queues there must be at least 20 agents");
        assertThatThrownBy(() -> new Centre(0, 1, 1)).hasMessageContaining("at least one box");
    }

    @Test
    void a_load_that_would_need_too_many_is_refused() {
        assertThatThrownBy(() -> Centre.forLoad(10, 10, new Rate(1_000, 1_000), 3_600))
                .hasMessageContaining("choose a shorter --talk");
    }
}
