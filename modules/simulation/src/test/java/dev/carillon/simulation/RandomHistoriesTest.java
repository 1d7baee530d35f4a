package dev.carillon.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RandomHistoriesTest {

    /** Seeds 1 to this; {@code scripts/simulate --histories N} plays more. */
    private static final int HISTORIES = Integer.getInteger("carillon.simulation.histories", 10_000);

    @Test
    void allInvariantsHoldInAllHistories() throws InterruptedException {
        var campaign = Campaign.run(Deciders.real(), 1, HISTORIES, System.out::println);

        System.out.println(campaign.summary());
        assertThat(campaign.failures())
                .as(campaign.failures().stream().map(History::report).collect(Collectors.joining("\n")))
                .isEmpty();
        assertThat(campaign.histories()).isEqualTo(HISTORIES);
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        for (long seed = 1; seed <= 20; seed++) {
            var once = History.of(seed, Deciders.real(), History.LINES, true);
            var again = History.of(seed, Deciders.real(), History.LINES, true);
            assertThat(again.traceHash()).as("trace of seed %d", seed).isEqualTo(once.traceHash());
            assertThat(again.steps()).isEqualTo(once.steps());
        }
    }

    @Test
    void anotherSeedGivesAnotherHistory() {
        var one = History.of(1, Deciders.real(), History.LINES, true);
        var other = History.of(2, Deciders.real(), History.LINES, true);
        assertThat(one.traceHash()).isNotEqualTo(other.traceHash());
    }
}
