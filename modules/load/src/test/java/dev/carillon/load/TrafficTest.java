package dev.carillon.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrafficTest {

    private static final Centre CENTRE = new Centre(3, 4, 60);

    @Test
    void the_same_seed_makes_the_same_callers() {
        assertThat(all(traffic("20", 7))).isEqualTo(all(traffic("20", 7))).isNotEqualTo(all(traffic("20", 8)));
    }

    @Test
    void callers_come_in_order_and_within_the_time() {
        var calls = all(traffic("20..80", 1));

        assertThat(calls).extracting(Traffic.Call::afterNanos).isSorted();
        assertThat(calls)
                .extracting(Traffic.Call::afterNanos)
                .allMatch(nanos -> nanos > 0 && nanos <= 100_000_000_000L);
        assertThat(calls)
                .extracting(Traffic.Call::number)
                .containsExactlyElementsOf(
                        IntStream.range(0, calls.size()).boxed().toList());
    }

    @Test
    void as_many_come_as_the_rate_says_but_not_evenly() {
        var calls = all(traffic("20", 1));

        // 2,000 on average, with a deviation of 45.
        assertThat(calls).hasSizeBetween(1_800, 2_200);
        var inEachSecond = IntStream.range(0, 100)
                .mapToLong(second -> calls.stream()
                        .filter(call -> call.afterNanos() / 1_000_000_000 == second)
                        .count())
                .summaryStatistics();
        assertThat(inEachSecond.getMax()).isGreaterThan(25);
        assertThat(inEachSecond.getMin()).isLessThan(15);
    }

    @Test
    void at_a_rising_rate_most_come_late() {
        var calls = all(traffic("1..39", 1));

        var late = calls.stream()
                .filter(call -> call.afterNanos() > 50_000_000_000L)
                .count();
        // Three quarters, nearly: 29.5 of 40 a second on average.
        assertThat((double) late / calls.size()).isBetween(0.68, 0.80);
    }

    @Test
    void every_call_is_for_a_box_and_a_queue_that_has_agents_there() {
        var served = IntStream.range(0, CENTRE.agents())
                .mapToObj(agent -> List.of(CENTRE.box(agent), CENTRE.queue(agent)))
                .toList();

        assertThat(all(traffic("20", 1))).allMatch(call -> served.contains(List.of(call.box(), call.queue())));
    }

    @Test
    void callers_are_patient_but_for_a_few_and_talk_about_as_long_as_said() {
        var calls = all(traffic("20", 1));

        var impatient =
                calls.stream().filter(call -> call.patience().toMillis() < 300).count();
        assertThat((double) impatient / calls.size()).isBetween(0.005, 0.05);
        assertThat(calls)
                .allMatch(call -> call.talk().toMillis() >= 2_000 && call.talk().toMillis() <= 6_000);
    }

    @Test
    void some_agents_hang_up_first_and_the_others_never_do() {
        var traffic = traffic("20", 1);
        var random = new SplittableRandom(1);
        var answers =
                IntStream.range(0, 1_000).mapToObj(i -> traffic.answer(random)).toList();

        assertThat(answers.stream()
                        .filter(one -> one.talk().toMillis() == 2_000)
                        .count())
                .isBetween(180L, 320L);
        assertThat(answers)
                .allMatch(one -> one.talk().toMillis() == 2_000 || one.talk().toMillis() > 6_000);
        assertThat(answers)
                .allMatch(one -> one.after().toMillis() >= 100 && one.after().toMillis() < 300);
    }

    @Test
    void a_node_is_told_of_it_in_json() throws Exception {
        var json = new JsonMapper();
        var plan = new LoadedNode.Plan(traffic("20..80", 1), List.of(0, 2));

        assertThat(json.readValue(json.writeValueAsBytes(plan), LoadedNode.Plan.class))
                .isEqualTo(plan);
    }

    private static Traffic traffic(String rate, long seed) {
        return new Traffic(CENTRE, Rate.parse(rate), 100_000, 4_000, 60_000, seed, Traffic.Calm.NONE);
    }

    @Test
    void after_an_overload_come_fewer_for_a_while() {
        var traffic = new Traffic(CENTRE, Rate.parse("300"), 10_000, 4_000, 60_000, 1, new Traffic.Calm(50, 20_000));

        var calls = all(traffic);

        var during = calls.stream()
                .filter(call -> call.afterNanos() < 10_000_000_000L)
                .count();
        assertThat(during).isBetween(2_700L, 3_300L);
        assertThat(calls.size() - during).isBetween(850L, 1_150L);
        assertThat(calls.get(calls.size() - 1).afterNanos()).isBetween(29_000_000_000L, 30_000_000_000L);
    }

    private static List<Traffic.Call> all(Traffic traffic) {
        var callers = traffic.callers();
        var calls = new ArrayList<Traffic.Call>();
        for (var call = callers.next(); call.afterNanos() != Long.MAX_VALUE; call = callers.next()) {
            calls.add(call);
        }
        return calls;
    }
}
