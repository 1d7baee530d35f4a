package dev.carillon.core.staffing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ErlangTest {

    private static final Offset<Double> EXACT = within(1e-9);

    @Nested
    class C {

        /** The worked example of many textbooks: 360 calls in half an hour, of 4 minutes each, for 55 agents. */
        private final ErlangC textbook = new ErlangC(new Load(0.2, 240, 55));

        @Test
        void isAsTheTextbookSays() {
            assertThat(textbook.load().erlang()).isEqualTo(48, EXACT);
            assertThat(textbook.waiting()).isEqualTo(0.2387, within(0.00005));
            assertThat(textbook.meanWaitSeconds()).isEqualTo(8.18, within(0.005));
            assertThat(textbook.answeredWithin(15)).isEqualTo(0.8459, within(0.00005));
        }

        /** By hand: 2 erlang and 3 agents give (8/6 * 3) / (1 + 2 + 2 + 4) = 4/9. */
        @Test
        void isAsByHand() {
            assertThat(new ErlangC(new Load(2, 1, 3)).waiting()).isEqualTo(4 / 9.0, EXACT);
        }

        @Test
        void ofOneAgentAsManyWaitAsTheAgentIsBusy() {
            assertThat(new ErlangC(new Load(0.7, 1, 1)).waiting()).isEqualTo(0.7, EXACT);
        }

        @Test
        void nobodyIsEverAnsweredWhenTooManyCall() {
            var tooMany = new ErlangC(new Load(1, 55, 55));
            assertThat(tooMany.waiting()).isEqualTo(1);
            assertThat(tooMany.meanWaitSeconds()).isInfinite();
            assertThat(tooMany.answeredWithin(3_600)).isZero();
        }

        @Test
        void servesThousandsOfAgents() {
            assertThat(new ErlangC(new Load(99, 100, 10_000)).waiting()).isBetween(0.2, 0.3);
        }
    }

    @Nested
    class A {

        /**
         * The example of Mandelbaum and Zeltyn: 48 calls a minute, of a minute each, for 50 agents, and callers who give up after two
         * minutes. Published: 3.1 % give up, they wait for 3.7 s, 3.0 are waiting; with endless patience they wait for 20.8 s.
         */
        private final ErlangA textbook = new ErlangA(new Load(0.8, 60, 50), 120);

        @Test
        void isAsTheTextbookSays() {
            assertThat(textbook.abandoning()).isEqualTo(0.031, within(0.0005));
            assertThat(textbook.meanWaitSeconds()).isEqualTo(3.7, within(0.05));
            assertThat(textbook.meanWaitSeconds() * 0.8).isEqualTo(3.0, within(0.05));
            assertThat(new ErlangC(textbook.load()).meanWaitSeconds()).isEqualTo(20.8, within(0.05));
        }

        /** Then whoever is in the system goes at the same rate, busy agents or not: the number of them is Poisson's. */
        @Test
        void withAsMuchPatienceAsHandlingTimeItIsPoisson() {
            double erlang = 12;
            double below = 0;
            double chance = Math.exp(-erlang);
            for (int n = 0; n < 10; n++) {
                below += chance;
                chance *= erlang / (n + 1);
            }
            assertThat(new ErlangA(new Load(0.1, 120, 10), 120).waiting()).isEqualTo(1 - below, EXACT);
        }

        @Test
        void withEndlessPatienceItIsErlangC() {
            var load = new Load(0.2, 240, 55);
            var c = new ErlangC(load);
            var a = new ErlangA(load, 1e10);
            assertThat(a.waiting()).isEqualTo(c.waiting(), within(1e-5));
            assertThat(a.meanWaitSeconds()).isEqualTo(c.meanWaitSeconds(), within(1e-3));
            assertThat(a.answeredWithin(15)).isEqualTo(c.answeredWithin(15), within(1e-5));
        }

        @Test
        void whoeverDoesNotGiveUpIsAnsweredInTheEnd() {
            assertThat(textbook.answeredWithin(0)).isEqualTo(1 - textbook.waiting(), EXACT);
            assertThat(textbook.answeredWithin(600)).isEqualTo(1 - textbook.abandoning(), within(1e-6));
        }

        /** 100 agents can take 100 of 200 calls in a second: half of them give up, after 600 ln 2 seconds or so. */
        @Test
        void settlesDownHoweverManyCall() {
            var flood = new ErlangA(new Load(200, 1, 100), 600);
            assertThat(flood.waiting()).isEqualTo(1, EXACT);
            assertThat(flood.abandoning()).isEqualTo(0.5, within(1e-6));
            assertThat(flood.answeredWithin(300)).isEqualTo(0, within(1e-6));
            assertThat(flood.answeredWithin(600)).isEqualTo(0.5, within(1e-6));
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> new Load(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Load(1, Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Load(1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ErlangA(new Load(1, 1, 1), 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
