package dev.carillon.core.seat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Timing;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.seat.SeatCommand.Claim;
import dev.carillon.protocol.seat.SeatCommand.HolderGone;
import dev.carillon.protocol.seat.SeatCommand.HolderHere;
import dev.carillon.protocol.seat.SeatCommand.HolderLeft;
import dev.carillon.protocol.seat.SeatEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SeatDeciderTest {

    private final Scenario<SeatCommand, SeatEvent, SeatState> desk =
            new Scenario<>(new SeatDecider(), "desk", Scenario.directory());

    @Nested
    class Free {
        @Test
        void isGrantedForAShortTimeToWhoAsks() {
            assertThat(desk.when(new Claim("ann")).reply())
                    .isEqualTo(new Reply.SeatGranted(desk.now().plus(Timing.SEAT_CLAIM)));
        }

        @Test
        void ofTwoAtOnceIsGrantedToOne() {
            desk.given(new Claim("ann")).when(new Claim("bob"));

            assertThat(desk.reply()).isInstanceOfSatisfying(Reply.Rejected.class, refusal -> {
                assertThat(refusal.code()).isEqualTo("SEAT_TAKEN");
                assertThat(refusal.detail()).contains("Agent ann");
            });
        }
    }

    @Nested
    class Claimed {
        @Test
        void asksItsAgentOnceTheTimeIsOverAndAgainUntilThereIsAnAnswer() {
            desk.when(new Claim("ann"));
            var until = desk.now().plus(Timing.SEAT_CLAIM);

            assertThat(desk.pass(Timing.SEAT_CLAIM).said()).containsExactly(question("ann", 1, until));
            assertThat(desk.owed()).containsExactly(question("ann", 1, until));
            assertThat(desk.mayRest()).isFalse();

            desk.given(new HolderHere("ann", 1));
            assertThat(desk.owed()).isEmpty();
            assertThat(desk.timers()).isEmpty();
            assertThat(desk.mayRest()).isTrue();
        }

        @Test
        void isFreeOnceItsAgentSaysThatTheyAreNotThere() {
            desk.given(new Claim("ann")).given(new HolderGone("ann", 1));

            assertThat(desk.when(new Claim("bob")).reply()).isInstanceOf(Reply.SeatGranted.class);
        }

        @Test
        void bySameAgentAgainIsGrantedAnewAndALateAnswerOfBeforeDoesNotFreeIt() {
            desk.given(new Claim("ann")).when(new Claim("ann"));
            assertThat(desk.reply()).isInstanceOf(Reply.SeatGranted.class);

            desk.given(new HolderGone("ann", 1));
            assertThat(desk.when(new Claim("bob")).reply()).isInstanceOf(Reply.Rejected.class);
        }

        @Test
        void isNotFreedByAnybodyElsesWord() {
            desk.given(new Claim("ann")).given(new HolderGone("bob", 1)).given(new HolderLeft("bob"));

            assertThat(desk.when(new Claim("bob")).reply()).isInstanceOf(Reply.Rejected.class);
        }
    }

    @Nested
    class Held {
        @Test
        void asksItsHolderWhenSomebodyElseWantsIt() {
            hold();
            var until = Scenario.START.plus(Timing.SEAT_CLAIM);

            assertThat(desk.when(new Claim("bob")).said()).contains(question("ann", 1, until));
        }

        @Test
        void asksItsHolderWhenTheyAreSaidToHaveLeftAndIsTheirsUntilTheySaySo() {
            hold();
            assertThat(desk.when(new HolderLeft("ann")).said()).hasSize(1);
            assertThat(desk.when(new Claim("bob")).reply()).isInstanceOf(Reply.Rejected.class);

            desk.given(new HolderGone("ann", 1));
            assertThat(desk.when(new Claim("bob")).reply()).isInstanceOf(Reply.SeatGranted.class);
        }

        @Test
        void afterACrashItAsks() {
            hold();

            assertThat(desk.crash().pass(Duration.ZERO).said()).hasSize(1);
            assertThat(desk.crashToSnapshot().pass(Duration.ZERO).said()).hasSize(1);
        }

        private void hold() {
            desk.given(new Claim("ann")).pass(Duration.ofHours(1)).given(new HolderHere("ann", 1));
        }
    }

    @Test
    void aNumberIsNeverUsedTwiceHoweverOftenItCrashes() {
        desk.given(new Claim("ann")).given(new HolderGone("ann", 1)).crashToSnapshot();
        desk.given(new Claim("ann"));
        desk.given(new HolderGone("ann", 1));

        assertThat(desk.when(new Claim("bob")).reply()).isInstanceOf(Reply.Rejected.class);
    }

    private static Output question(String agentId, long number, Instant until) {
        return new Output.ToAgent(agentId, new AgentCommand.AreYouAtSeat("desk", number, until));
    }
}
