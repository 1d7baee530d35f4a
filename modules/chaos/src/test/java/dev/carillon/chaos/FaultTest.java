package dev.carillon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.chaos.Fault.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultTest {

    private static Stream<Fault> faults(long seed) {
        var deck = new Fault.Deck(seed, List.of(Kind.values()), 3, 2);
        return Stream.generate(deck::next);
    }

    @Test
    void theSameSeedMakesTheSameFaults() {
        assertThat(faults(7).limit(50).toList()).isEqualTo(faults(7).limit(50).toList());
        assertThat(faults(7).limit(50).toList())
                .isNotEqualTo(faults(8).limit(50).toList());
    }

    @Test
    void eachKindComesOnceBeforeAnyComesAgain() {
        assertThat(faults(1).limit(Kind.values().length).map(Fault::kind)).containsExactlyInAnyOrder(Kind.values());
    }

    @Test
    void aNodeIsOnOneSideAlone() {
        assertThat(faults(2).limit(200).filter(fault -> fault.kind().cuts()))
                .isNotEmpty()
                .allSatisfy(fault -> {
                    var all = fault.sides().stream()
                            .flatMap(side -> side.stream())
                            .toList();
                    assertThat(all).containsExactlyInAnyOrder(1, 2, 3);
                    assertThat(new HashSet<>(fault.sides())).hasSizeGreaterThan(1);
                    assertThat(fault.words()).contains("cut");
                });
    }
}
