package dev.carillon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.Target;
import dev.carillon.core.Timing;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.AgentStatus;
import dev.carillon.protocol.queue.QueueCommand.Enqueue;
import dev.carillon.protocol.queue.QueueCommand.Leave;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueCommand.Today;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueueDeciderTest {

    private final Scenario<QueueCommand, QueueEvent, QueueState> sales =
            new Scenario<>(new QueueDecider(), "sales", Scenario.directory());

    @Nested
    class Limits {
        private static final int GRACE = 10;

        @Test
        void ofNobodyLoggedInAreSaidToACallThatEntersAndUntilItStays() {
            configured(new Limit(Limit.Kind.NOBODY_LOGGED_IN, GRACE, new Target.Busy()));
            assertThat(sales.when(enqueue("c1", 5, 0, 0)).said()).contains(reached("c1", LeftBy.NOBODY_LOGGED_IN));
            assertThat(sales.pass(Duration.ofSeconds(1)).said()).contains(reached("c1", LeftBy.NOBODY_LOGGED_IN));

            sales.given(new QueueCommand.Stays("c1", LeftBy.NOBODY_LOGGED_IN));
            assertThat(sales.pass(Duration.ofSeconds(3)).said()).doesNotContain(reached("c1", LeftBy.NOBODY_LOGGED_IN));
        }

        @Test
        void ofNobodyLoggedInAreNotSaidWhenTheLastAgentIsBackInTime() {
            configured(new Limit(Limit.Kind.NOBODY_LOGGED_IN, GRACE, new Target.Busy()));
            sales.given(status("ann", 1, Presence.NOT_READY)).given(enqueue("c1", 5, 0, 0));
            sales.given(status("ann", 2, Presence.ABSENT));
            assertThat(sales.pass(Duration.ofSeconds(GRACE - 1)).said())
                    .doesNotContain(reached("c1", LeftBy.NOBODY_LOGGED_IN));
            sales.given(status("ann", 3, Presence.NOT_READY));
            assertThat(sales.pass(Duration.ofSeconds(GRACE)).said())
                    .doesNotContain(reached("c1", LeftBy.NOBODY_LOGGED_IN));

            sales.given(status("ann", 4, Presence.ABSENT));
            assertThat(sales.pass(Duration.ofSeconds(GRACE + 1)).said())
                    .contains(reached("c1", LeftBy.NOBODY_LOGGED_IN));
        }

        @Test
        void ofNobodyReadyAreNotSaidWhileSomebodyHasACallAndNotRightAfterACrash() {
            configured(new Limit(Limit.Kind.NOBODY_READY, GRACE, new Target.Busy()));
            sales.given(status("ann", 1, Presence.NOT_READY)).given(status("bob", 1, Presence.OCCUPIED));
            sales.given(enqueue("c1", 5, 0, 0));
            assertThat(sales.pass(Duration.ofSeconds(2L * GRACE)).said())
                    .doesNotContain(reached("c1", LeftBy.NOBODY_READY));

            sales.given(status("bob", 2, Presence.NOT_READY)).pass(Duration.ofSeconds(GRACE - 2));
            sales.crash();
            sales.given(enqueue("c1", 5, 0, 0));
            assertThat(sales.pass(Duration.ofSeconds(GRACE)).said())
                    .as("nobody has said how they stand")
                    .doesNotContain(reached("c1", LeftBy.NOBODY_READY));
            sales.given(status("ann", 1, Presence.NOT_READY)).given(status("bob", 2, Presence.NOT_READY));
            assertThat(sales.pass(Duration.ofSeconds(GRACE + 1)).said()).contains(reached("c1", LeftBy.NOBODY_READY));
        }

        @Test
        void ofNobodyReadyAreNotSaidWhileAReserveHasACall() {
            configured(new Limit(Limit.Kind.NOBODY_READY, GRACE, new Target.Busy()), Set.of("sales"));
            sales.given(status("bob", 1, Presence.OCCUPIED)).given(enqueue("c1", 5, 0, 0));
            assertThat(sales.pass(Duration.ofSeconds(2L * GRACE)).said())
                    .doesNotContain(reached("c1", LeftBy.NOBODY_READY));

            sales.given(status("bob", 2, Presence.NOT_READY));
            assertThat(sales.pass(Duration.ofSeconds(GRACE + 1)).said()).contains(reached("c1", LeftBy.NOBODY_READY));
        }

        @Test
        void ofNobodyReadyDoesNotCountWhoRestsAsGone() {
            configured(new Limit(Limit.Kind.NOBODY_READY, GRACE, new Target.Busy()));
            sales.given(status("ann", 1, Presence.RESTING)).given(enqueue("c1", 5, 0, 0));
            assertThat(sales.pass(Duration.ofSeconds(2L * GRACE)).said())
                    .doesNotContain(reached("c1", LeftBy.NOBODY_READY));

            sales.given(status("ann", 2, Presence.NOT_READY));
            assertThat(sales.pass(Duration.ofSeconds(GRACE + 1)).said()).contains(reached("c1", LeftBy.NOBODY_READY));
        }

        @Test
        void areNoConcernOfReservesWhoAreAskedWhileAllOthersRest() {
            var plain = Routing.PLAIN;
            var quick = new Routing(
                    plain.strategy(),
                    plain.steps(),
                    plain.priorityWorth(),
                    plain.weight(),
                    plain.reservesAfter().dividedBy(2),
                    plain.reservesAfter(),
                    plain.placeKept());
            var bob = new Directory.Agent("bob", "Bob", List.of("sales"), Map.of(), Set.of("sales"), Map.of());
            var rest = Scenario.directory();
            sales.configured(new Directory(
                    Map.of("sales", new Directory.Queue("sales", "sales", quick, Handling.PLAIN, Waiting.PLAIN)),
                    Map.of("ann", rest.agents().get("ann"), "bob", bob),
                    rest.numbers(),
                    rest.seats()));
            sales.given(status("ann", 1, Presence.OCCUPIED)).given(status("bob", 1, Presence.READY));
            assertThat(sales.when(enqueue("c1", 5, 0, 0)).said()).noneMatch(QueueDeciderTest::isBid);

            sales.when(status("ann", 2, Presence.RESTING));

            assertThat(sales.said()).anyMatch(QueueDeciderTest::isBid);
            assertThat(sales.view(View.OfQueue.class).loggedIn()).isEqualTo(2);
        }

        @Test
        void ofTheLongestLineAreSaidToWhoMadeItTooLongAndNobodyElse() {
            configured(new Limit(Limit.Kind.LONGEST_LINE, 1, new Target.Busy()));
            assertThat(sales.when(enqueue("c1", 5, 0, 0)).said()).doesNotContain(reached("c1", LeftBy.LONGEST_LINE));
            assertThat(sales.when(enqueue("c2", 5, 0, 0)).said()).contains(reached("c2", LeftBy.LONGEST_LINE));
            assertThat(sales.pass(Duration.ofSeconds(1)).said())
                    .contains(reached("c2", LeftBy.LONGEST_LINE))
                    .doesNotContain(reached("c1", LeftBy.LONGEST_LINE));

            sales.given(new QueueCommand.Leave("c1", LeaveReason.ABANDONED, 1, ""));
            assertThat(sales.pass(Duration.ofSeconds(2)).said()).doesNotContain(reached("c2", LeftBy.LONGEST_LINE));
        }

        @Test
        void areNotSaidToACallThatCanBeServedAtOnce() {
            configured(new Limit(Limit.Kind.LONGEST_LINE, 0, new Target.Busy()));
            sales.given(status("ann", 1, Presence.READY));
            assertThat(sales.when(enqueue("c1", 5, 0, 0)).said()).doesNotContain(reached("c1", LeftBy.LONGEST_LINE));
        }

        private void configured(Limit limit) {
            configured(limit, Set.of());
        }

        private void configured(Limit limit, Set<String> bobIsReserveOf) {
            var rest = Scenario.directory();
            var bob = new Directory.Agent("bob", "Bob", List.of("sales"), Map.of(), bobIsReserveOf, Map.of());
            var waiting = new Waiting("default", "", List.of(limit), Optional.empty(), Optional.empty());
            sales.configured(new Directory(
                    Map.of("sales", new Directory.Queue("sales", "sales", Routing.PLAIN, Handling.PLAIN, waiting)),
                    Map.of("ann", rest.agents().get("ann"), "bob", bob),
                    rest.numbers(),
                    rest.seats()));
        }

        private static AgentStatus status(String agentId, long version, Presence presence) {
            return presence == Presence.READY
                    ? ready(agentId, version, 0)
                    : new AgentStatus(agentId, version, presence, null, null, Today.NONE);
        }

        private static Output reached(String callId, LeftBy limit) {
            return new Output.ToCall(callId, new CallCommand.LimitReached("sales", 0, limit));
        }
    }

    @Nested
    class Order {
        @Test
        void isByImportanceThenByTheTimeWaited() {
            sales.given(enqueue("c1", 5, 10))
                    .given(enqueue("c2", 5, 5))
                    .given(enqueue("c3", 9, 20))
                    .when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("c3", "c2", "c1");
            assertThat(waiting()).extracting(Reply.WaitingCall::position).containsExactly(1, 2, 3);
        }

        @Test
        void isKeptThroughACrash() {
            sales.given(enqueue("c1", 5, 10)).given(enqueue("c2", 5, 5)).given(enqueue("c3", 9, 20));

            sales.crashToSnapshot().when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("c3", "c2", "c1");
        }

        @Test
        void isNotChangedByComingBackFromAFailedOffer() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0));
            offerIsAccepted("c1", "id1", "ann", 2);
            sales.given(enqueue("c2", 5, 2)).given(enqueue("c1", 5, 1, 1)).when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("c1", "c2");
        }

        @Test
        void givesTheLongestIdleAgentTheFirstCall() {
            sales.given(ready("ann", 1, 20)).given(ready("bob", 1, 10)).when(enqueue("c1", 5, 1));
            assertThat(sales.said()).contains(bid("bob", "id1", "c1", 5, 1, 1));

            sales.when(enqueue("c2", 5, 2));
            assertThat(sales.said()).contains(bid("ann", "id2", "c2", 5, 2, 1));
        }

        @Test
        void asksByAnotherStrategyAtOnceWhenItIsConfigured() {
            sales.given(ready("bob", 1, 10)).given(enqueue("c1", 5, 1)).given(refused("c1", "id1", "bob", 1));
            sales.given(new Leave("c1", LeaveReason.ABANDONED, 1, ""));
            sales.given(ready("bob", 2, 10)).given(ready("ann", 1, 20));

            sales.configured(by(Strategy.ROUND_ROBIN)).when(enqueue("c2", 5, 2));
            assertThat(sales.said()).as("bob was asked before").contains(bid("ann", "id2", "c2", 5, 2, 1));
        }
    }

    @Nested
    class ForTheAgentTheyLastTalkedTo {

        private static final Steps REMEMBERING = new Steps(
                List.of(Steps.Step.forLastAgent(Duration.ZERO), new Steps.Step(Duration.ofSeconds(30), Map.of())));

        @Test
        void waitsForThatAgentWhileAnotherIsReady() {
            routed(REMEMBERING);
            remembered("030-1", "ann");
            sales.given(ready("bob", 1, 0)).given(reservedElsewhere("ann"));

            assertThat(sales.when(returning("c1")).said()).noneMatch(QueueDeciderTest::isBid);

            sales.when(ready("ann", 3, 0));
            assertThat(sales.said())
                    .filteredOn(QueueDeciderTest::isBid)
                    .singleElement()
                    .satisfies(said ->
                            assertThat(((Output.ToAgent) said).agentId()).isEqualTo("ann"));
        }

        /** Who has none passes this step over. */
        @Test
        void doesNotLetALaterCallOvertakeOneThatHasNotAnsweredAfterACrash() {
            routed(REMEMBERING);
            long since = sales.now().getEpochSecond();
            sales.given(enqueue("c1", 5, since - 2))
                    .given(enqueue("c2", 5, since - 1))
                    .crash();
            sales.given(ready("ann", 1, 0)).when(enqueue("c2", 5, since - 1));
            assertThat(sales.said()).noneMatch(QueueDeciderTest::isBid);

            assertThat(sales.when(enqueue("c1", 5, since - 2)).said()).anyMatch(QueueDeciderTest::isBid);
        }

        @Test
        void goesToOthersAtOnceWhenThatAgentIsNotAtWork() {
            routed(REMEMBERING);
            remembered("030-1", "ann");
            sales.given(ready("bob", 1, 0)).given(notReady("ann", 3));

            assertThat(bidTo(sales.when(returning("c1")))).containsExactly("bob");
        }

        @Test
        void goesToOthersWhenThatAgentTakesABreakMeanwhile() {
            routed(REMEMBERING);
            remembered("030-1", "ann");
            sales.given(ready("bob", 1, 0)).given(reservedElsewhere("ann")).given(returning("c1"));

            assertThat(bidTo(sales.when(notReady("ann", 4)))).containsExactly("bob");
        }

        @Test
        void goesToOthersWhenTheStepIsOver() {
            routed(REMEMBERING);
            remembered("030-1", "ann");
            sales.given(ready("bob", 1, 0)).given(reservedElsewhere("ann")).given(returning("c1"));

            sales.pass(Duration.ofSeconds(30));

            assertThat(bidTo(sales)).containsExactly("bob");
        }

        @Test
        void goesToOthersAtOnceWhenNobodyKnowsWhomTheyTalkedTo() {
            routed(REMEMBERING);
            sales.given(ready("bob", 1, 0));

            assertThat(bidTo(sales.when(returning("c1")))).containsExactly("bob");
        }

        @Test
        void doesNotKeepOthersWaiting() {
            routed(REMEMBERING);
            remembered("030-1", "ann");
            sales.given(ready("bob", 1, 0)).given(reservedElsewhere("ann")).given(returning("c1"));

            assertThat(bidTo(sales.when(enqueue("c2", 5, 0)))).containsExactly("bob");
        }

        @Test
        void isNotForgottenWhenAnotherCallOfTheSameNumberGivesUp() {
            routed(REMEMBERING);
            sales.given(returning("gives-up"));
            remembered("030-1", "ann");
            sales.given(new Leave("gives-up", LeaveReason.ABANDONED, 1, ""));
            sales.given(ready("bob", 1, 0)).given(reservedElsewhere("ann"));

            assertThat(sales.when(returning("c1")).said()).noneMatch(QueueDeciderTest::isBid);
        }

        @Test
        void isNotForgottenInACrash() {
            routed(REMEMBERING);
            remembered("030-1", "ann");
            sales.given(reservedElsewhere("ann")).given(ready("bob", 1, 0)).given(returning("c1"));

            sales.crash().given(ready("bob", 1, 0)).given(reservedElsewhere("ann"));

            assertThat(sales.when(returning("c1")).said()).noneMatch(QueueDeciderTest::isBid);
            assertThat(bidTo(sales.when(ready("ann", 3, 0)))).containsExactly("ann");
        }
    }

    @Nested
    class CallingAgain {

        @Test
        void givesACallerTheirPlaceBackWhoLeftWithoutHavingBeenServed() {
            sales.given(at("first", 0, "030-1")).given(at("second", 10, "030-2"));
            sales.given(new Leave("first", LeaveReason.LOST, 1, ""));

            sales.given(at("again", 20, "030-1")).when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("again", "second");
        }

        @Test
        void givesItBackToOneCallOnly() {
            sales.given(at("first", 0, "030-1")).given(at("second", 10, "030-2"));
            sales.given(new Leave("first", LeaveReason.LOST, 1, ""));
            sales.given(at("again", 20, "030-1"));

            sales.given(at("colleague", 30, "030-1")).when(new QueueCommand.ListWaiting());
            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("again", "second", "colleague");

            sales.given(new Leave("again", LeaveReason.LOST, 1, ""));
            sales.crashToSnapshot().given(at("once-more", 40, "030-1")).when(new QueueCommand.ListWaiting());
            assertThat(waiting()).extracting(Reply.WaitingCall::callId).first().isEqualTo("once-more");
        }

        /** A word of the first call that came late had it enter once more. */
        @Test
        void keepsAPlaceInASnapshotThatAnotherCallHasAsWell() {
            sales.given(at("first", 0, "030-1")).given(new Leave("first", LeaveReason.LOST, 1, ""));
            sales.given(at("again", 20, "030-1"));
            sales.given(at("first", 0, "030-1")).given(new Leave("first", LeaveReason.LOST, 1, ""));

            sales.crashToSnapshot().given(at("once-more", 40, "030-1")).when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::waitingSince).containsOnly(Scenario.START);
        }

        @Test
        void doesSoAfterACrashAndFromASnapshot() {
            sales.given(at("first", 0, "030-1")).given(at("second", 10, "030-2"));
            sales.given(new Leave("first", LeaveReason.ABANDONED, 1, ""));

            sales.crashToSnapshot().given(at("again", 20, "030-1")).when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("again", "second");
        }

        @Test
        void comesTooLateAfterAWhile() {
            sales.given(at("first", 0, "030-1")).given(at("second", 10, "030-2"));
            sales.given(new Leave("first", LeaveReason.LOST, 1, ""));
            sales.pass(Duration.ofMinutes(5).plusMillis(1));

            sales.given(at("again", 400, "030-1")).when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("second", "again");
        }

        @Test
        void doesNotPutAheadWhoWasServed() {
            sales.given(at("first", 0, "030-1")).given(at("second", 10, "030-2"));
            sales.given(new Leave("first", LeaveReason.CONNECTED, 1, "ann"));

            sales.given(at("again", 20, "030-1")).when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("second", "again");
        }

        @Test
        void doesNotMixUpThoseWhoWithholdTheirNumber() {
            sales.given(at("first", 0, "")).given(at("second", 10, "030-2"));
            sales.given(new Leave("first", LeaveReason.LOST, 1, ""));

            sales.given(at("again", 20, "")).when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("second", "again");
        }

        @Test
        void keepsItForTheSameCallThatComesBackFromWhereItWasSent() {
            sales.given(at("first", 0, "030-1")).given(at("second", 10, "030-2"));
            sales.given(new Leave("first", LeaveReason.LOST, 1, "")).given(at("again", 20, "030-1"));
            sales.given(new Leave("again", LeaveReason.MOVED, 2, ""));
            sales.pass(Duration.ofMinutes(6));

            sales.crashToSnapshot().given(back("again", 20, "030-1")).when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("again", "second");
        }

        @Test
        void isNotForAnotherCallOfWhoWasSentElsewhere() {
            sales.given(at("first", 0, "030-1")).given(at("second", 10, "030-2"));
            sales.given(new Leave("first", LeaveReason.MOVED, 2, ""));

            sales.given(at("again", 20, "030-1")).when(new QueueCommand.ListWaiting());

            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("second", "again");
        }

        private Enqueue back(String callId, long seconds, String number) {
            return new Enqueue(callId, "box1", 5, Scenario.START.plusSeconds(seconds), number, 4);
        }

        private Enqueue at(String callId, long seconds, String number) {
            return new Enqueue(callId, "box1", 5, Scenario.START.plusSeconds(seconds), number, 0);
        }
    }

    @Nested
    class TellsACallWhereItStands {
        @Test
        void amongThoseToWhomNobodyIsBeingOffered() {
            for (int i = 1; i <= 4; i++) {
                sales.given(enqueue("c" + i, 5, i));
            }
            assertThat(said("c3")).containsExactly(place("c3", 3, 0));
            assertThat(waiting()).extracting(Reply.WaitingCall::place).containsExactly(1, 2, 3, 4);

            sales.given(ready("ann", 1, 0));
            assertThat(said("c3")).as("180 s each, one agent").containsExactly(place("c3", 2, 360));
            assertThat(said("c1")).as("somebody is asked for it").isEmpty();
            assertThat(waiting()).extracting(Reply.WaitingCall::place).containsExactly(0, 1, 2, 3);
            assertThat(waiting()).extracting(Reply.WaitingCall::waitSeconds).containsExactly(0, 180, 360, 540);
        }

        @Test
        void andSaysNothingToOneOfAnotherRoundOrOfWhichItDoesNotKnowWhetherItWaits() {
            sales.given(enqueue("c1", 5, 0));
            assertThat(sales.when(new QueueCommand.WhereAmI("c1", 2)).said()).isEmpty();
            assertThat(said("c9")).isEmpty();
            sales.crash();
            assertThat(said("c1")).isEmpty();
        }

        private List<Output> said(String callId) {
            return sales.when(new QueueCommand.WhereAmI(callId, 0)).said();
        }

        private static Output place(String callId, int position, int seconds) {
            return new Output.ToCall(callId, new CallCommand.Place("sales", 0, position, seconds));
        }

        private List<Reply.WaitingCall> waiting() {
            sales.when(new QueueCommand.ListWaiting());
            return QueueDeciderTest.this.waiting();
        }
    }

    @Nested
    class Reserves {

        @Test
        void areAskedOnlyWhenTheEstimatedWaitIsLong() {
            reserve("bob");
            // Nobody has taken a call yet: an agent is expected to have 60 seconds with one.
            sales.given(ready("bob", 1, 0)).given(reservedElsewhere("ann"));
            assertThat(sales.when(enqueue("c1", 5, 0)).said()).noneMatch(QueueDeciderTest::isBid);

            assertThat(bidTo(sales.when(enqueue("c2", 5, 1)))).containsExactly("bob");
        }

        @Test
        void areAskedAtOnceWhenNobodyElseIsAtWork() {
            reserve("bob");
            sales.given(ready("bob", 1, 0)).given(notReady("ann", 2));

            assertThat(bidTo(sales.when(enqueue("c1", 5, 0)))).containsExactly("bob");
        }

        @Test
        void areAskedAfterTheOthersHoweverLongTheyAreIdle() {
            reserve("bob");
            sales.given(reservedElsewhere("ann"))
                    .given(enqueue("c1", 5, 0))
                    .given(enqueue("c2", 5, 1))
                    .given(enqueue("c3", 5, 1));

            assertThat(bidTo(sales.when(ready("bob", 1, 0)))).hasSize(1);
            assertThat(bidTo(sales.when(ready("ann", 3, 100)))).containsExactly("ann");
        }

        private void reserve(String agentId) {
            var before = Scenario.directory();
            var agents = new HashMap<>(before.agents());
            agents.put(
                    agentId,
                    new Directory.Agent(agentId, agentId, List.of("sales"), Map.of(), Set.of("sales"), Map.of()));
            var routing = new Routing(
                    Strategy.LONGEST_IDLE,
                    Steps.ANYONE,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(120),
                    Duration.ZERO);
            sales.configured(new Directory(
                    Map.of("sales", new Directory.Queue("sales", "Sales", routing, Handling.PLAIN, Waiting.PLAIN)),
                    agents,
                    before.numbers(),
                    before.seats()));
        }
    }

    @Nested
    class WithPriorities {

        @Test
        void saysInABidSinceWhenItsCallCountsAsWaitingWithTheWeightOfTheQueue() {
            weighed(60, 100);
            sales.given(enqueue("c1", 3, 7));

            sales.when(ready("ann", 1, 0));

            assertThat(sales.said())
                    .contains(new Output.ToAgent(
                            "ann",
                            new AgentCommand.Bid(
                                    "sales",
                                    "id1",
                                    "c1",
                                    Instant.ofEpochSecond(7 - 2 * 60 - 100),
                                    Instant.ofEpochSecond(7),
                                    1)));
        }

        @Test
        void putsThoseWhoWaitInAnotherOrderWhenTheWorthOfPrioritiesChanges() {
            weighed(0, 0);
            sales.given(enqueue("plain", 1, 0)).given(enqueue("important", 2, 10));
            sales.when(new QueueCommand.ListWaiting());
            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("plain", "important");

            weighed(11, 0);
            sales.when(new QueueCommand.ConfigurationChanged());
            sales.when(new QueueCommand.ListWaiting());
            assertThat(waiting()).extracting(Reply.WaitingCall::callId).containsExactly("important", "plain");
        }

        private void weighed(int priorityWorth, int weight) {
            var before = Scenario.directory();
            var routing = new Routing(
                    Strategy.LONGEST_IDLE, Steps.ANYONE, Duration.ofSeconds(priorityWorth), Duration.ofSeconds(weight));
            sales.configured(new Directory(
                    Map.of("sales", new Directory.Queue("sales", "Sales", routing, Handling.PLAIN, Waiting.PLAIN)),
                    before.agents(),
                    before.numbers(),
                    before.seats()));
        }
    }

    @Nested
    class WithSteps {

        @Test
        void givesACallOnlyToWhoIsSkilledEnough() {
            asks(step(0, 8), step(20, 5));
            sales.given(enqueue("c1", 5, now())).given(ready("bob", 1, 0));
            assertThat(sales.said()).as("bob has 5").containsExactly(statusNoted("bob", 1));

            sales.when(ready("ann", 1, 10));
            assertThat(sales.said()).as("ann has 9").containsExactly(bid("ann", "id1", "c1", 5, now(), 1));
        }

        @Test
        void asksForLessWhenTheCallHasWaited() {
            asks(step(0, 8), step(20, 5));
            long since = now();
            sales.given(enqueue("c1", 5, since)).given(ready("bob", 1, 0));

            sales.pass(Duration.ofSeconds(19));
            assertThat(sales.said()).noneMatch(QueueDeciderTest::isBid);
            sales.pass(Duration.ofSeconds(1));
            assertThat(sales.said()).contains(bid("bob", "id1", "c1", 5, since, 1));
        }

        @Test
        void doesNotKeepALaterCallWaitingForOneThatNobodyReadyMayHave() {
            asks(step(0, 8), step(20, 5));
            long early = now() - 1;
            sales.given(enqueue("c1", 5, early)).given(enqueue("c2", 5, now() - 25));
            sales.when(ready("bob", 1, 0));

            assertThat(sales.said()).contains(bid("bob", "id1", "c2", 5, now() - 25, 1));
        }

        @Test
        void doesNotKeepACallWaitingForOneWhoseBoxWasAwayAndThatNobodyReadyMayHave() {
            asks(step(0, 8), step(20, 5));
            long early = now() - 25;
            sales.given(enqueue("c1", 9, now())).given(enqueue("c2", 5, early)).given(new QueueCommand.Suspend("c1"));

            assertThat(sales.when(ready("bob", 1, 0)).said()).contains(bid("bob", "id1", "c2", 5, early, 1));
        }

        @Test
        void servesTheFirstOfAllStepsFirst() {
            asks(step(0, 8), step(20, 5));
            sales.given(enqueue("c2", 9, now())).given(enqueue("c1", 5, now() - 25));
            sales.when(ready("ann", 1, 0));

            assertThat(sales.said()).contains(bid("ann", "id1", "c2", 9, now(), 1));
        }

        @Test
        void looksAtCallsThatWaitAlreadyWhenTheStepsAreChanged() {
            asks(step(0, 8));
            sales.given(enqueue("c1", 5, now())).given(ready("bob", 1, 0));

            asks(step(0, 5));
            sales.when(new QueueCommand.ConfigurationChanged());
            assertThat(sales.said()).contains(bid("bob", "id1", "c1", 5, now(), 1));
        }

        @Test
        void remembersTheirStepsAfterACrash() {
            asks(step(0, 8), step(20, 5));
            long since = now();
            sales.given(enqueue("c1", 5, since)).given(ready("bob", 1, 0));
            sales.crash().given(enqueue("c1", 5, since)).given(ready("bob", 1, 0));
            assertThat(sales.said()).noneMatch(QueueDeciderTest::isBid);

            sales.pass(Duration.ofSeconds(20));
            assertThat(sales.said()).contains(bid("bob", "id1", "c1", 5, since, 1));
        }

        private void asks(Steps.Step... steps) {
            var before = Scenario.directory();
            sales.configured(new Directory(
                    Map.of(
                            "sales",
                            new Directory.Queue(
                                    "sales",
                                    "Sales",
                                    new Routing(Strategy.LONGEST_IDLE, Steps.of(List.of(steps))),
                                    new Handling(20, 30),
                                    Waiting.PLAIN)),
                    Map.of(
                            "ann", new Directory.Agent("ann", "Ann", List.of("sales"), Map.of("english", 9)),
                            "bob", new Directory.Agent("bob", "Bob", List.of("sales"), Map.of("english", 5))),
                    before.numbers(),
                    before.seats()));
        }

        private static Steps.Step step(int afterSeconds, int english) {
            return new Steps.Step(Duration.ofSeconds(afterSeconds), Map.of("english", english));
        }

        private static long now() {
            return Scenario.START.getEpochSecond();
        }
    }

    @Nested
    class ACall {
        @Test
        void isConfirmedAndJournalledOnce() {
            assertThat(sales.when(enqueue("c1", 5, 1)).said()).containsExactly(enqueued("c1"));
            assertThat(sales.events()).hasSize(1);

            assertThat(sales.when(enqueue("c1", 5, 1)).said()).containsExactly(enqueued("c1"));
            assertThat(sales.events()).isEmpty();
        }

        @Test
        void isBidAtOnceWhenAnAgentBecomesReady() {
            sales.given(enqueue("c1", 5, 1)).when(ready("ann", 1, 0));

            assertThat(sales.said()).containsExactly(bid("ann", "id1", "c1", 5, 1, 1));
        }

        @Test
        void isBidToOneAgentAtATime() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0)).when(ready("bob", 1, 0));

            assertThat(sales.said()).containsExactly(statusNoted("bob", 1));
        }

        @Test
        void isNotBidToAnAgentAtAnotherBox() {
            sales.given(enqueue("c1", 5, 1))
                    .when(new AgentStatus("ann", 1, Presence.READY, Instant.EPOCH, "box2", Today.NONE));

            assertThat(sales.said()).containsExactly(statusNoted("ann", 1));
        }

        @Test
        void isConnectedOnceTheAgentIsReserved() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0)).when(reserved("c1", "id1", "ann", 2));

            assertThat(sales.said()).containsExactly(connect("c1", "id1", 0, "ann"));
            assertThat(sales.owed()).as("until the call accepts").containsExactly(connect("c1", "id1", 0, "ann"));
            assertThat(sales.when(new QueueCommand.OfferAccepted("c1", "id1", 1))
                            .owed())
                    .isEmpty();
        }

        @Test
        void goesToTheNextAgentWhenTheFirstRefuses() {
            sales.given(ready("ann", 1, 0)).given(ready("bob", 1, 5)).given(enqueue("c1", 5, 1));
            sales.when(new QueueCommand.Refused("id1", "c1", "ann", 2));

            assertThat(sales.said()).contains(bid("bob", "id2", "c1", 5, 1, 1));
        }

        /** Calls hear of their box one after the other, and where a node has died, some of them seconds later. */
        @Test
        void doesNotOvertakeAnotherWhoseBoxWasAway() {
            sales.given(enqueue("c1", 5, 1)).given(enqueue("c2", 5, 2));
            sales.given(new QueueCommand.Suspend("c1")).given(new QueueCommand.Suspend("c2"));
            sales.given(enqueue("c2", 5, 2)).when(ready("ann", 1, 0));
            assertThat(sales.said()).noneMatch(QueueDeciderTest::isBid);

            assertThat(sales.when(enqueue("c1", 5, 1)).said()).contains(bid("ann", "id1", "c1", 5, 1, 1));
        }

        @Test
        void isNotOfferedWhileTheBoxMayJustBeGoingAway() {
            sales.given(enqueue("c1", 5, 1)).given(enqueue("c2", 5, 2)).given(new QueueCommand.Suspend("c1"));
            sales.when(ready("ann", 1, 0));
            assertThat(sales.said()).noneMatch(QueueDeciderTest::isBid);

            sales.pass(Timing.PATIENCE);
            assertThat(bidTo(sales)).as("it alone has not come back").containsExactly("ann");
        }

        /** The queue looks for bids without an answer, and for calls it has not heard of for a while, at the same time. */
        @Test
        void isBidOnceWhenThatOfAnotherIsPassedOver() {
            sales.given(enqueue("c1", 5, 1)).given(enqueue("c2", 5, 2)).given(enqueue("c3", 5, 3));
            sales.given(new QueueCommand.Suspend("c2"));
            sales.pass(Duration.ofMillis(1_900)).given(enqueue("c3", 5, 3));
            sales.pass(Duration.ofSeconds(1)).given(ready("bob", 1, 0));
            sales.given(ready("ann", 1, 1)).given(ready("dan", 1, 2)).given(ready("eva", 1, 3));
            sales.pass(Duration.ofMillis(2_300));

            assertThat(bidTo(sales)).as("c1 and c3").containsExactly("ann", "dan");
        }

        /** Not at the next look for what is due. */
        @Test
        void isOfferedAsSoonAsTheOthersAreNotWaitedForAnyMore() {
            sales.given(enqueue("c1", 5, 1)).given(enqueue("c2", 5, 2));
            sales.pass(Duration.ofMillis(300))
                    .given(new QueueCommand.Suspend("c1"))
                    .given(ready("ann", 1, 0));
            sales.pass(Timing.PATIENCE.minusMillis(1));
            assertThat(sales.said()).noneMatch(QueueDeciderTest::isBid);

            assertThat(bidTo(sales.pass(Duration.ofMillis(1)))).containsExactly("ann");
        }

        @Test
        void isNotKeptBackForEverByABoxThatComesAndGoes() {
            sales.given(enqueue("c1", 5, 1)).given(enqueue("c2", 5, 2)).given(enqueue("c3", 5, 3));
            sales.given(new QueueCommand.Suspend("c1")).given(ready("ann", 1, 0));
            var bids = 0;
            for (var seconds = 0; seconds < 4 * Timing.PATIENCE.toSeconds(); seconds += 2) {
                sales.given(new QueueCommand.Suspend("c3")).given(enqueue("c3", 5, 3));
                sales.pass(Duration.ofSeconds(2));
                bids += bidTo(sales).size();
            }

            assertThat(bids).as("c2 is bid to ann").isPositive();
        }

        @Test
        void isNotHeldUpByOneForWhichAHookIsAsked() {
            sales.given(new Enqueue("c1", "box1", 5, Instant.ofEpochSecond(1), "", 0, true, null));
            sales.given(enqueue("c2", 5, 2)).when(ready("ann", 1, 0));

            assertThat(sales.said()).contains(bid("ann", "id1", "c2", 5, 2, 1));
        }

        @Test
        void goesToTheNextAgentWhenTheFirstDoesNotAnswerTheBid() {
            sales.given(ready("ann", 1, 0)).given(ready("bob", 1, 5)).given(enqueue("c1", 5, 1));
            sales.pass(Timing.BID_LEASE.plus(Timing.REPEAT));

            assertThat(sales.said()).contains(bid("bob", "id2", "c1", 5, 1, 1), tellStatus("ann"));
        }

        @Test
        void releasesAnAgentWhoAnswersABidThatWasGivenUp() {
            sales.given(ready("ann", 1, 0)).given(ready("bob", 1, 5)).given(enqueue("c1", 5, 1));
            sales.pass(Timing.BID_LEASE.plus(Timing.REPEAT)).when(reserved("c1", "id1", "ann", 2));

            assertThat(sales.said()).containsExactly(release("ann", "id1"));
        }

        @Test
        void releasesTheAgentAndIsAskedWhenItRefusesToConnect() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0)).given(reserved("c1", "id1", "ann", 2));
            sales.when(new QueueCommand.ConnectRefused("c1", "id1"));

            assertThat(sales.said()).containsExactly(release("ann", "id1"), areYouWaiting("c1"));
        }

        @Test
        void releasesTheReservedAgentWhenItRingsElsewhere() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0)).given(reserved("c1", "id1", "ann", 2));
            sales.when(new QueueCommand.OfferAccepted("c1", "outside", 1));

            assertThat(sales.said()).containsExactly(release("ann", "id1"));
        }

        @Test
        void releasesTheReservedAgentWhenItLeaves() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0)).given(reserved("c1", "id1", "ann", 2));
            sales.when(new Leave("c1", LeaveReason.ABANDONED, 1, ""));

            assertThat(sales.said()).containsExactly(release("ann", "id1"), left("c1"));
        }

        @Test
        void doesNotReleaseTheAgentItTalksTo() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0)).given(reserved("c1", "id1", "ann", 2));
            sales.when(new Leave("c1", LeaveReason.CONNECTED, 1, "ann"));

            assertThat(sales.said()).containsExactly(left("c1"));
        }

        @Test
        void isConfirmedToHaveLeftEvenWhenUnknown() {
            assertThat(sales.when(new Leave("c9", LeaveReason.ABANDONED, 1, "")).said())
                    .containsExactly(left("c9"));
            assertThat(sales.events()).isEmpty();
        }

        @Test
        void staysWhenItHasComeBackSinceItLeft() {
            sales.given(enqueue("c1", 5, 1, 2));

            assertThat(sales.when(new Leave("c1", LeaveReason.CONNECTED, 1, "ann"))
                            .said())
                    .isEmpty();
            assertThat(sales.events()).isEmpty();
        }

        @Test
        void isNotDisturbedInItsOfferByALateEnqueue() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0)).given(ready("bob", 1, 5));
            offerIsAccepted("c1", "id1", "ann", 2);

            assertThat(sales.when(enqueue("c1", 5, 1, 0)).said()).containsExactly(enqueued("c1"));
            assertThat(sales.when(enqueue("c1", 5, 1, 1)).said()).contains(bid("bob", "id2", "c1", 5, 1, 1));
        }

        @Test
        void isNotOfferedWhileSuspended() {
            sales.given(enqueue("c1", 5, 1)).given(new QueueCommand.Suspend("c1"));
            assertThat(sales.when(ready("ann", 1, 0)).said()).containsExactly(statusNoted("ann", 1));

            assertThat(sales.when(enqueue("c1", 5, 1)).said()).contains(bid("ann", "id1", "c1", 5, 1, 1));
        }

        @Test
        void isAskedWhenSilent() {
            sales.given(enqueue("c1", 5, 1)).pass(Timing.SILENCE.plus(Timing.REPEAT));

            assertThat(sales.said()).containsExactly(areYouWaiting("c1"));
        }
    }

    @Nested
    class AnAgent {
        @Test
        void isNotedWhenThereIsNothingToBid() {
            assertThat(sales.when(ready("ann", 3, 0)).said()).containsExactly(statusNoted("ann", 3));
            assertThat(view()).isEqualTo(new View.OfQueue("sales", 0, 0, null, 1, 1));
        }

        @Test
        void isNotBroughtBackByAnOutdatedStatus() {
            sales.given(ready("ann", 3, 0)).given(new AgentStatus("ann", 4, Presence.ABSENT, null, null, Today.NONE));
            sales.given(enqueue("c1", 5, 1)).when(ready("ann", 3, 0));

            assertThat(sales.said()).containsExactly(statusNoted("ann", 3));
            assertThat(view().loggedIn()).isZero();
        }

        @Test
        void isNotBidTwiceForOneStatus() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 3, 0)).given(enqueue("c2", 5, 2));

            assertThat(sales.when(ready("ann", 3, 0)).said())
                    .as("the bid is the answer")
                    .isEmpty();
        }

        /** As at midnight, when the agent says that today they have done nothing, and collects bids still: of this queue's they keep the later. */
        @Test
        void whoSaysAnewThatTheyAreReadyIsBidTheSameCallAgain() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 3, 0)).given(enqueue("c2", 5, 2));
            sales.when(ready("ann", 4, 0));
            assertThat(sales.said())
                    .filteredOn(QueueDeciderTest::isBid)
                    .containsExactly(bid("ann", "id2", "c1", 5, 1, 4));

            sales.when(reserved("c1", "id2", "ann", 5));
            assertThat(sales.said()).contains(connect("c1", "id2", 0, "ann"));
            assertThat(sales.when(ready("bob", 1, 0)).said()).contains(bid("bob", "id3", "c2", 5, 2, 1));
        }

        @Test
        void whoSaysAnewThatTheyAreReadyIsReleasedFromTheEarlierBid() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 3, 0)).given(ready("ann", 4, 0));

            assertThat(sales.when(reserved("c1", "id1", "ann", 5)).said()).containsExactly(release("ann", "id1"));
            assertThat(sales.when(refused("c1", "id2", "ann", 5)).said()).contains(tellStatus("ann"));
            assertThat(sales.when(ready("ann", 6, 0)).said()).contains(bid("ann", "id3", "c1", 5, 1, 6));
        }

        /** Nobody else tells a queue that an agent does not serve it any more: where the question is lost, it must be asked again. */
        @Test
        void whoIsTakenOutOfTheQueueIsAskedUntilTheyAnswer() {
            sales.given(ready("ann", 3, 0)).given(ready("bob", 1, 0));
            var before = Scenario.directory();
            sales.configured(before.withAgent(new Directory.Agent("ann", "Ann", List.of("support"))));

            assertThat(sales.when(new QueueCommand.ConfigurationChanged()).said())
                    .contains(tellStatus("ann"))
                    .doesNotContain(tellStatus("bob"));
            assertThat(sales.owed()).containsExactly(tellStatus("ann"));

            sales.given(new AgentStatus("ann", 3, Presence.ABSENT, null, null, Today.NONE));
            assertThat(sales.owed()).isEmpty();
            assertThat(view().loggedIn()).isOne();
        }

        @Test
        void whoIsDeletedIsAskedUntilTheyAnswer() {
            sales.given(ready("ann", 3, 0));
            sales.configured(Directory.EMPTY).given(new QueueCommand.ConfigurationChanged());
            assertThat(sales.owed()).containsExactly(tellStatus("ann"));

            sales.given(new AgentStatus("ann", 3, Presence.ABSENT, null, null, Today.NONE));
            assertThat(view().loggedIn()).isZero();
        }

        @Test
        void joinsAndLeavesTheJournalOnce() {
            assertThat(sales.when(ready("ann", 1, 0)).events()).hasSize(1);
            assertThat(sales.when(new AgentStatus("ann", 2, Presence.OCCUPIED, null, null, Today.NONE))
                            .events())
                    .isEmpty();
            assertThat(sales.when(new AgentStatus("ann", 3, Presence.ABSENT, null, null, Today.NONE))
                            .events())
                    .hasSize(1);
            assertThat(sales.mayRest()).isTrue();
        }
    }

    @Nested
    class AfterACrash {
        @Test
        void asksCallsAndAgentsBeforeAnythingIsOffered() {
            sales.given(ready("ann", 1, 0)).given(ready("bob", 1, 5)).given(enqueue("c1", 5, 1));

            assertThat(sales.crash().said())
                    .containsExactlyInAnyOrder(areYouWaiting("c1"), tellStatus("ann"), tellStatus("bob"));
            assertThat(sales.when(ready("bob", 1, 5)).said())
                    .as("the call has not answered")
                    .containsExactly(statusNoted("bob", 1));
            assertThat(sales.when(enqueue("c1", 5, 1)).said()).contains(bid("bob", "id2", "c1", 5, 1, 1));
        }

        @Test
        void doesNotPreferWhoeverAnswersFirst() {
            sales.given(ready("ann", 1, 0)).given(reservedElsewhere("ann")).given(enqueue("c1", 5, 1));
            sales.given(enqueue("c2", 5, 2)).crash().given(ready("ann", 3, 0));

            assertThat(sales.when(enqueue("c2", 5, 2)).said())
                    .as("c1 has not answered")
                    .containsExactly(enqueued("c2"));
            assertThat(sales.when(enqueue("c1", 5, 1)).said()).contains(bid("ann", "id1", "c1", 5, 1, 3));
        }

        @Test
        void doesNotWaitForLongForAnEarlierCall() {
            sales.given(ready("ann", 1, 0)).given(reservedElsewhere("ann")).given(enqueue("c1", 5, 1));
            sales.given(enqueue("c2", 5, 2)).crash().given(ready("ann", 3, 0)).given(enqueue("c2", 5, 2));

            var bid = bid("ann", "id1", "c2", 5, 2, 3);
            assertThat(sales.pass(Timing.PATIENCE.minus(Timing.REPEAT)).said())
                    .as("the call may live on a node that has died with the queue's")
                    .doesNotContain(bid);
            assertThat(sales.pass(Timing.REPEAT).said()).contains(bid);
        }

        @Test
        void learnsOfAnOfferThatIsUnderWay() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0));
            offerIsAccepted("c1", "id1", "ann", 2);
            sales.crash().given(new QueueCommand.OfferAccepted("c1", "id1", 1));

            assertThat(sales.when(ready("bob", 1, 0)).said()).containsExactly(statusNoted("bob", 1));
        }

        @Test
        void asksAnAgentWhoseBidWasLostWithItsCall() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0));

            assertThat(sales.when(new QueueCommand.Leave("c1", LeaveReason.ABANDONED, 1, ""))
                            .said())
                    .containsExactly(tellStatus("ann"), left("c1"));
            assertThat(sales.given(ready("ann", 1, 0)).when(enqueue("c2", 5, 2)).said())
                    .contains(bid("ann", "id2", "c2", 5, 2, 1));
        }

        @Test
        void releasesAReservationOfBefore() {
            sales.given(enqueue("c1", 5, 1)).given(ready("ann", 1, 0));

            assertThat(sales.crash().when(reserved("c1", "id1", "ann", 2)).said())
                    .containsExactly(release("ann", "id1"));
        }
    }

    private static AgentStatus reservedElsewhere(String agentId) {
        return new AgentStatus(agentId, 2, Presence.OCCUPIED, null, null, Today.NONE);
    }

    private void offerIsAccepted(String callId, String offerId, String agentId, long version) {
        sales.given(reserved(callId, offerId, agentId, version))
                .given(new QueueCommand.OfferAccepted(callId, offerId, 1));
    }

    private View.OfQueue view() {
        return sales.view(View.OfQueue.class);
    }

    private List<Reply.WaitingCall> waiting() {
        return ((Reply.WaitingCalls) sales.reply()).calls();
    }

    private static Enqueue enqueue(String callId, int priority, long since) {
        return enqueue(callId, priority, since, 0);
    }

    private static Enqueue enqueue(String callId, int priority, long since, int round) {
        return new Enqueue(callId, "box1", priority, Instant.ofEpochSecond(since), "", round);
    }

    /** They have talked to this agent before. */
    private void remembered(String number, String agentId) {
        sales.given(enqueue("before", 5, 0, number));
        sales.given(ready(agentId, 1, 0));
        var offerId = sales.said().stream()
                .filter(QueueDeciderTest::isBid)
                .map(said -> ((AgentCommand.Bid) ((Output.ToAgent) said).command()).offerId())
                .findFirst()
                .orElseThrow();
        sales.given(new QueueCommand.Reserved(offerId, "before", agentId, seat(agentId), 2))
                .given(new Leave("before", LeaveReason.CONNECTED, 1, agentId));
    }

    private static Enqueue enqueue(String callId, int priority, long since, String number) {
        return new Enqueue(callId, "box1", priority, Instant.ofEpochSecond(since), number, 0);
    }

    private static Enqueue returning(String callId) {
        return new Enqueue(callId, "box1", 5, Scenario.START, "030-1", 0);
    }

    private void routed(Steps steps) {
        var before = Scenario.directory();
        var routing = new Routing(Strategy.LONGEST_IDLE, steps);
        sales.configured(new Directory(
                Map.of("sales", new Directory.Queue("sales", "Sales", routing, Handling.PLAIN, Waiting.PLAIN)),
                before.agents(),
                before.numbers(),
                before.seats()));
    }

    private static List<String> bidTo(Scenario<QueueCommand, ?, QueueState> queue) {
        return queue.said().stream()
                .filter(QueueDeciderTest::isBid)
                .map(said -> ((Output.ToAgent) said).agentId())
                .toList();
    }

    private static AgentStatus notReady(String agentId, long version) {
        return new AgentStatus(agentId, version, Presence.NOT_READY, null, null, Today.NONE);
    }

    private static AgentStatus ready(String agentId, long version, long idleSince) {
        return new AgentStatus(agentId, version, Presence.READY, Instant.ofEpochSecond(idleSince), "box1", Today.NONE);
    }

    private static Seat seat(String agentId) {
        return new Seat("seat-" + agentId, "box1", "PJSIP/" + agentId);
    }

    private static QueueCommand reserved(String callId, String offerId, String agentId, long version) {
        return new QueueCommand.Reserved(offerId, callId, agentId, seat(agentId), version);
    }

    private static Output bid(String agentId, String offerId, String callId, int priority, long since, long version) {
        var order = Routing.PLAIN.order(priority, Instant.ofEpochSecond(since), callId);
        return new Output.ToAgent(
                agentId,
                new AgentCommand.Bid("sales", offerId, callId, order.countsSince(), order.waitingSince(), version));
    }

    private static Output statusNoted(String agentId, long version) {
        return new Output.ToAgent(agentId, new AgentCommand.StatusNoted("sales", version));
    }

    private static QueueCommand refused(String callId, String offerId, String agentId, long version) {
        return new QueueCommand.Refused(offerId, callId, agentId, version);
    }

    private static Directory by(Strategy strategy) {
        var before = Scenario.directory();
        return new Directory(
                Map.of(
                        "sales",
                        new Directory.Queue(
                                "sales", "Sales", Routing.by(strategy), new Handling(20, 30), Waiting.PLAIN)),
                before.agents(),
                before.numbers(),
                before.seats());
    }

    private static boolean isBid(Output output) {
        return output instanceof Output.ToAgent to && to.command() instanceof AgentCommand.Bid;
    }

    private static Output tellStatus(String agentId) {
        return new Output.ToAgent(agentId, new AgentCommand.TellStatus("sales"));
    }

    private static Output release(String agentId, String offerId) {
        return new Output.ToAgent(agentId, new AgentCommand.ReleaseReservation(offerId));
    }

    private static Output enqueued(String callId) {
        return new Output.ToCall(callId, new CallCommand.Enqueued("sales", 0));
    }

    private static Output left(String callId) {
        return new Output.ToCall(callId, new CallCommand.Left("sales"));
    }

    private static Output areYouWaiting(String callId) {
        return new Output.ToCall(callId, new CallCommand.AreYouWaiting("sales"));
    }

    private static Output connect(String callId, String offerId, int round, String agentId) {
        return new Output.ToCall(
                callId, new CallCommand.Connect("sales", offerId, round, agentId, seat(agentId), false));
    }
}
