package dev.carillon.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.carillon.simulation.EstimateError.Deviation;
import dev.carillon.simulation.Shift.Moment;
import dev.carillon.simulation.Shift.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code scripts/simulate estimate} goes on for longer. All chance comes from one seed, so it is the same every time. */
class EstimateErrorTest {

    @Test
    void whatCallersAreToldIsBetterThanAnAverageOfOldWaits() {
        var moments = EstimateError.moments(1, 2);
        assertThat(moments).as("a day on which people wait").hasSizeGreaterThan(5_000);
        var all = Deviation.of(moments, Moment::said);
        assertThat(all.tooLong())
                .as("neither too long nor too short on the whole")
                .isCloseTo(0, within(0.15 * all.waited()));
        for (var part : Part.values()) {
            var then = moments.stream().filter(moment -> moment.part() == part).toList();
            var said = Deviation.of(then, Moment::said);
            var average = Deviation.of(then, Moment::average);
            System.out.printf("%s: %s; by the average of old waits: %s%n", part.inWords(), said, average);
            assertThat(said.off()).as("%s, against the average", part.inWords()).isLessThan(0.6 * average.off());
            assertThat(said.offMedian()).as("%s: half of them", part.inWords()).isLessThan(0.4 * said.waited());
        }
    }

    @Test
    void errorsAreCountedBothWays() {
        var moments = List.of(
                new Moment(Part.EVEN, 10, 0, 20), new Moment(Part.EVEN, 40, 0, 10), new Moment(Part.RUSH, 12, 0, 12));
        assertThat(Deviation.of(moments, Moment::said)).isEqualTo(new Deviation(14, 20 / 3.0, 40 / 3.0, 10, 30));
        assertThat(Deviation.of(List.of(), Moment::said)).isEqualTo(new Deviation(0, 0, 0, 0, 0));
    }
}
