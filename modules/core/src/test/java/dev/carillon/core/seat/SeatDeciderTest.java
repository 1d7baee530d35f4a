package dev.carillon.core.seat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Timing;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.seat.SeatCommand.Claim;
import dev.carillon.protocol.seat.SeatCommand.HolderGone;
import dev.carillon.protocol.seat.SeatCommand.HolderHere;
import dev.carillon.protocol.seat.SeatCommand.HolderInformed;
import dev.carillon.protocol.seat.SeatCommand.HolderLeft;
import dev.carillon.protocol.seat.SeatCommand.Reachability;
import dev.carillon.protocol.seat.SeatCommand.TakeOver;
import dev.carillon.protocol.seat.SeatCommand.TellReachability;
import dev.carillon.protocol.seat.SeatEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    @Nested
    class WhosePhoneTheBoxCannotReach {

        @Test
        void tellsItsHolderEveryTimeTheBoxSaysItUntilTheyHaveHeard() {
            desk.given(new Claim("ann"));

            assertThat(desk.when(gone(10)).said()).contains(word("ann", false, 10));
            assertThat(desk.reply()).isEqualTo(new Reply.SeatHeard(10, false));
            assertThat(desk.when(gone(10)).said()).contains(word("ann", false, 10));
            assertThat(desk.events()).isEmpty();

            desk.given(new HolderInformed("ann", 10));
            assertThat(desk.when(gone(10)).said()).containsExactly(new Output.Answer(new Reply.SeatHeard(10, true)));
        }

        @Test
        void isSettledAtOnceWhenNobodyHoldsIt() {
            assertThat(desk.when(gone(10)).reply()).isEqualTo(new Reply.SeatHeard(10, true));
            assertThat(desk.mayRest()).isTrue();
        }

        @Test
        void tellsWhoAsksAlsoAfterACrash() {
            assertThat(ask()).containsExactly(word("bob", true, 0));
            desk.given(gone(10)).crash();
            assertThat(ask()).containsExactly(word("bob", false, 10));
            desk.crashToSnapshot();
            assertThat(ask()).containsExactly(word("bob", false, 10));
        }

        @Test
        void doesNotHearALateWord() {
            desk.given(gone(10)).given(new Reachability("box1", true, 12));

            assertThat(desk.when(gone(11)).reply()).isEqualTo(new Reply.SeatHeard(12, true));
            assertThat(ask()).containsExactly(word("bob", true, 12));
        }

        @Test
        void writesNothingWhenItIsToldAnewWhatItKnows() {
            desk.given(new Claim("ann")).given(gone(10)).given(new HolderInformed("ann", 10));

            assertThat(desk.when(gone(20)).said()).containsExactly(new Output.Answer(new Reply.SeatHeard(10, true)));
            assertThat(desk.events()).isEmpty();
            assertThat(desk.when(new Reachability("box1", true, 15)).reply())
                    .as("late: from before it was told anew")
                    .isEqualTo(new Reply.SeatHeard(20, true));
            assertThat(desk.events()).isEmpty();
        }

        @Test
        void writesTheFirstWordEvenIfItSaysThatAllIsWell() {
            assertThat(desk.when(new Reachability("box1", true, 10)).events()).hasSize(1);
            assertThat(desk.crashToSnapshot()
                            .when(new Reachability("box1", true, 20))
                            .events())
                    .isEmpty();
        }

        @Test
        void doesNotHearAnotherBox() {
            desk.configured(Scenario.directoryWith(new Seat("desk", "box2", "PJSIP/1")));

            assertThat(desk.when(gone(10)).reply()).isEqualTo(new Reply.SeatHeard(0, false));
            assertThat(desk.events()).isEmpty();
        }

        @Test
        void tellsTheNextHolderTooWhateverTheLastOneHasHeard() {
            desk.given(new Claim("ann"))
                    .given(gone(10))
                    .given(new HolderInformed("ann", 10))
                    .given(new HolderGone("ann", 1))
                    .given(new Claim("bob"))
                    .given(new HolderInformed("ann", 10));

            assertThat(desk.when(gone(10)).said()).contains(word("bob", false, 10));
        }

        private List<Output> ask() {
            return desk.when(new TellReachability("bob")).said();
        }

        private Reachability gone(long number) {
            return new Reachability("box1", false, number);
        }

        private Output word(String agentId, boolean reachable, long number) {
            return new Output.ToAgent(agentId, new AgentCommand.SeatReachability("desk", reachable, number));
        }
    }

    @Nested
    class TakenOver {

        private final Instant until = Scenario.START.plus(Timing.SEAT_CLAIM);

        @Test
        void saysWhoHasItAndStaysTheirsUntilTheyHaveGivenItUp() {
            assertThat(heldByAnn().when(new TakeOver("bob", "", 0)).reply())
                    .isEqualTo(new Reply.SeatHeld("ann", 1, until));
            assertThat(desk.events()).isEmpty();
        }

        @Test
        void goesToTheOtherWithTheWordOfWhoHadIt() {
            heldByAnn().when(new TakeOver("bob", "ann", 1));

            assertThat(desk.reply()).isEqualTo(new Reply.SeatGranted(desk.now().plus(Timing.SEAT_CLAIM)));
            assertThat(desk.events()).as("in one write").hasSize(2);
            assertThat(desk.crash().when(new TakeOver("ann", "", 0)).reply())
                    .isInstanceOfSatisfying(Reply.SeatHeld.class, held -> assertThat(held.agentId())
                            .isEqualTo("bob"));
        }

        @Test
        void isRepeatedWithoutHarm() {
            heldByAnn().given(new TakeOver("bob", "ann", 1));

            assertThat(desk.when(new TakeOver("bob", "ann", 1)).reply()).isInstanceOf(Reply.SeatGranted.class);
        }

        @Test
        void isNotMovedByAWordOfAnEarlierClaim() {
            heldByAnn().given(new Claim("ann"));

            assertThat(desk.when(new TakeOver("bob", "ann", 1)).reply())
                    .isInstanceOfSatisfying(Reply.SeatHeld.class, held -> assertThat(held.number())
                            .isEqualTo(2));
        }

        @Test
        void isGrantedWhenItIsFree() {
            assertThat(desk.when(new TakeOver("bob", "", 0)).reply()).isInstanceOf(Reply.SeatGranted.class);
        }

        private Scenario<SeatCommand, SeatEvent, SeatState> heldByAnn() {
            return desk.given(new Claim("ann")).pass(Duration.ofHours(1)).given(new HolderHere("ann", 1));
        }
    }

    @Test
    void saysWhetherItsAgentIsThereOrMayStillCome() {
        desk.given(new Claim("ann"));
        assertThat(desk.when(new Claim("bob")).reply().toString())
                .contains("Agent ann has claimed seat desk a moment ago");

        desk.given(new HolderHere("ann", 1));
        assertThat(desk.when(new Claim("bob")).reply().toString()).contains("Agent ann is logged in at seat desk");
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
