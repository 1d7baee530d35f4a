package dev.carillon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.carillon.simulation.Textbook.Case;
import dev.carillon.simulation.Textbook.Customer;
import dev.carillon.simulation.Textbook.Effort;
import dev.carillon.simulation.Textbook.Measure;
import dev.carillon.simulation.Textbook.Wait;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * {@code scripts/simulate against-erlang} goes on for longer. All chance comes from one seed, so it is the same every time. What is asserted is the
 * narrowed interval: that of the runs by themselves is shown only, because an hour with or without a rush says next to nothing of the mean, and
 * eight of them are too few for a t interval to be right.
 */
class TextbookTest {

    private static final Effort EFFORT = new Effort(1, 8, 300, 600);

    /** What messages and the phone's ringing may cost a caller on average. */
    private static final double SECONDS = 0.1;

    @Test
    void callersWhoNeverGiveUpWaitAsErlangCSays() {
        var book = assertAgrees(AgainstErlang.PATIENT);
        assertThat(book.difference(Measure.MEAN_WAIT).mean()).isBetween(0.0, SECONDS);
    }

    @Test
    void callersWhoGiveUpWaitAsErlangASays() {
        assertAgrees(AgainstErlang.IMPATIENT);
    }

    private static Textbook assertAgrees(Case question) {
        var book = Textbook.run(Deciders.real(), question, EFFORT, 0);
        for (var measure : Measure.values()) {
            var formula = book.formula(measure);
            System.out.printf(
                    "%s: formula %.4f, simulated %s, narrowed %s, difference %s%n",
                    measure.inWords(),
                    formula,
                    book.simulated(measure),
                    book.narrowed(measure),
                    book.difference(measure));
            assertThat(book.narrowed(measure)).matches(interval -> interval.contains(formula), "contains " + formula);
        }
        assertThat(book.narrowed(Measure.MEAN_WAIT).half())
                .as("an interval that says something")
                .isLessThan(0.05 * book.formula(Measure.MEAN_WAIT));
        return book;
    }

    @Test
    void oneSecondLostWithEachCallIsNoticed() {
        var effort = new Effort(1, 4, 300, 300);
        var book = Textbook.run(Deciders.real(), AgainstErlang.PATIENT, effort, 1);
        assertThat(book.difference(Measure.MEAN_WAIT).mean()).isGreaterThan(SECONDS);
    }

    @Test
    void theTextbooksQueueServesInOrderAndForgetsWhoGaveUp() {
        var customers = List.of(
                new Customer(0, 10_000, 60_000),
                new Customer(1_000, 5_000, 60_000),
                new Customer(2_000, 5_000, 7_000),
                new Customer(3_000, 5_000, 60_000));
        assertThat(Textbook.inTheTextbook(customers, 1))
                .containsExactly(
                        new Wait(0, true), new Wait(9_000, true), new Wait(7_000, false), new Wait(12_000, true));
        assertThat(Textbook.inTheTextbook(customers, 2))
                .containsExactly(new Wait(0, true), new Wait(0, true), new Wait(4_000, true), new Wait(7_000, true));
    }

    /** From the tables of Student's distribution, both sides, 1 %. */
    @Test
    void intervalsAreStudents() {
        assertThat(Interval.student(7)).isEqualTo(3.499, within(0.002));
        assertThat(Interval.student(9)).isEqualTo(3.250, within(0.001));
        assertThat(Interval.student(19)).isEqualTo(2.861, within(0.001));
        assertThat(Interval.student(99)).isEqualTo(2.626, within(0.001));
        assertThat(Interval.of(1, 2, 3, 4).mean()).isEqualTo(2.5);
        assertThat(Interval.of(5, 5, 5)).isEqualTo(new Interval(5, 0));
    }
}
