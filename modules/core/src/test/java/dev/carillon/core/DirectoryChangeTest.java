package dev.carillon.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.LeaveKey;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.protocol.Seat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DirectoryChangeTest {

    private static final Directory BEFORE = directory(
            Map.of("sales", queue("sales", 20), "help", queue("help", 20)),
            Map.of("anna", agent("anna", "sales"), "ben", agent("ben", "sales", "help")));

    @Test
    void nothing_changed_concerns_nobody() {
        assertThat(DirectoryChange.between(BEFORE, directory(BEFORE.queues(), BEFORE.agents()))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void a_setting_of_a_queue_concerns_the_queue() {
        var after = directory(Map.of("sales", queue("sales", 15), "help", queue("help", 20)), BEFORE.agents());

        assertThat(DirectoryChange.between(BEFORE, after)).isEqualTo(change(Set.of(), Set.of("sales")));
    }

    @Test
    void an_agent_who_serves_one_queue_less_concerns_both() {
        var after = directory(BEFORE.queues(), Map.of("anna", agent("anna", "sales"), "ben", agent("ben", "sales")));

        assertThat(DirectoryChange.between(BEFORE, after)).isEqualTo(change(Set.of("ben"), Set.of("help")));
    }

    @Test
    void an_agent_who_serves_one_queue_more_concerns_the_queue_too_which_may_have_heard_of_them_too_early() {
        var after = directory(
                BEFORE.queues(), Map.of("anna", agent("anna", "sales", "help"), "ben", agent("ben", "sales", "help")));

        assertThat(DirectoryChange.between(BEFORE, after)).isEqualTo(change(Set.of("anna"), Set.of("help")));
    }

    @Test
    void an_agent_who_is_deleted_concerns_them_and_their_queues() {
        var after = directory(BEFORE.queues(), Map.of("anna", agent("anna", "sales")));

        assertThat(DirectoryChange.between(BEFORE, after)).isEqualTo(change(Set.of("ben"), Set.of("sales", "help")));
    }

    @Test
    void a_queue_that_is_new_or_deleted_is_concerned() {
        var after = directory(Map.of("sales", queue("sales", 20), "new", queue("new", 20)), BEFORE.agents());

        assertThat(DirectoryChange.between(BEFORE, after)).isEqualTo(change(Set.of(), Set.of("help", "new")));
    }

    @Test
    void what_an_agent_can_do_concerns_the_queues_they_serve() {
        var skilled = new Directory.Agent("anna", "anna", List.of("sales"), Map.of("english", 8));
        var before = directory(BEFORE.queues(), Map.of("anna", agent("anna", "sales")));

        assertThat(DirectoryChange.between(before, directory(BEFORE.queues(), Map.of("anna", skilled))))
                .isEqualTo(change(Set.of("anna"), Set.of("sales")));
    }

    @Test
    void where_an_agent_is_in_the_list_of_a_queue_and_whether_they_are_its_reserve_concerns_that_queue() {
        var ben = BEFORE.agents().get("ben");
        var ranked = new Directory.Agent("ben", "ben", ben.queueIds(), Map.of(), Set.of(), Map.of("sales", 2));
        var reserve = new Directory.Agent("ben", "ben", ben.queueIds(), Map.of(), Set.of("help"), Map.of());

        assertThat(DirectoryChange.between(with(ben), with(ranked))).isEqualTo(change(Set.of("ben"), Set.of("sales")));
        assertThat(DirectoryChange.between(with(ranked), with(ben))).isEqualTo(change(Set.of("ben"), Set.of("sales")));
        assertThat(DirectoryChange.between(with(ben), with(reserve))).isEqualTo(change(Set.of("ben"), Set.of("help")));
        assertThat(DirectoryChange.between(with(reserve), with(ben))).isEqualTo(change(Set.of("ben"), Set.of("help")));
    }

    private static Directory with(Directory.Agent ben) {
        return directory(BEFORE.queues(), Map.of("ben", ben));
    }

    @Test
    void lending_to_another_queue_concerns_those_who_may_be_lent() {
        var help = queue("help", 20);
        var level = Optional.of(new ServiceLevel(80, Duration.ofSeconds(20), List.of()));
        var sales = Map.of("sales", leveled("sales", level), "help", help);
        var lends = Map.of(
                "sales",
                leveled("sales", level),
                "help",
                leveled("help", Optional.of(new ServiceLevel(80, Duration.ofSeconds(20), List.of("sales")))));
        var agents = Map.of("anna", agent("anna", "sales"), "ben", agent("ben", "help"));

        assertThat(DirectoryChange.between(directory(sales, agents), directory(lends, agents)))
                .isEqualTo(change(Set.of("ben"), Set.of("help", "sales")));
        assertThat(DirectoryChange.between(directory(lends, agents), directory(sales, agents)))
                .isEqualTo(change(Set.of("ben"), Set.of("help", "sales")));
    }

    private static Directory.Queue leveled(String id, Optional<ServiceLevel> level) {
        return new Directory.Queue(
                id, id, Routing.by(Directory.Strategy.LONGEST_IDLE).with(level), new Handling(20, 5), Waiting.PLAIN);
    }

    @Test
    void sending_callers_to_an_agent_concerns_the_agent_and_no_longer_doing_so_their_own_queue_too() {
        var toBen = new LeaveKey("*", new Target.ToAgent("ben", 30));
        var sales = new Directory.Queue(
                "sales",
                "sales",
                Routing.PLAIN,
                new Handling(20, 0),
                new Waiting("default", "", List.of(), Optional.of(toBen), Optional.empty()));
        var after = directory(Map.of("sales", sales, "help", queue("help", 20)), BEFORE.agents());

        assertThat(DirectoryChange.between(BEFORE, after))
                .isEqualTo(change(Set.of("ben"), Set.of("sales", "agent/ben")));
        assertThat(DirectoryChange.between(after, BEFORE))
                .isEqualTo(change(Set.of("ben"), Set.of("sales", "agent/ben")));
    }

    @Test
    void a_seat_at_another_box_concerns_all_agents_since_one_may_sit_there() {
        assertThat(DirectoryChange.between(seats(seat("1", "east", "SIP/1")), seats(seat("1", "west", "SIP/1"))))
                .isEqualTo(change(Set.of("anna", "ben"), Set.of()));
    }

    @Test
    void a_seat_that_is_new_or_deleted_or_has_another_endpoint_concerns_nobody_yet() {
        var seats = seats(seat("1", "east", "SIP/1"), seat("2", "east", "SIP/2"));

        assertThat(DirectoryChange.between(seats, seats(seat("1", "east", "SIP/9"), seat("3", "west", "SIP/3"))))
                .isEqualTo(change(Set.of(), Set.of()));
    }

    private static DirectoryChange change(Set<String> agents, Set<String> queues) {
        return new DirectoryChange(agents, queues);
    }

    private static Directory directory(Map<String, Directory.Queue> queues, Map<String, Directory.Agent> agents) {
        return new Directory(queues, agents, Map.of(), Map.of());
    }

    private static Directory seats(Seat... seats) {
        return new Directory(
                BEFORE.queues(),
                BEFORE.agents(),
                Map.of(),
                Stream.of(seats).collect(Collectors.toMap(Seat::seatId, seat -> seat)));
    }

    private static Seat seat(String id, String boxId, String endpoint) {
        return new Seat(id, boxId, endpoint);
    }

    private static Directory.Queue queue(String id, int ringSeconds) {
        return new Directory.Queue(
                id, id, Routing.by(Directory.Strategy.LONGEST_IDLE), new Handling(ringSeconds, 5), Waiting.PLAIN);
    }

    private static Directory.Agent agent(String id, String... queues) {
        return new Directory.Agent(id, id, List.of(queues));
    }
}
