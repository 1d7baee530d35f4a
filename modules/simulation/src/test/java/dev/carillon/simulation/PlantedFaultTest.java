package dev.carillon.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Decider;
import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.agent.AgentDecider;
import dev.carillon.core.agent.DesktopWatch;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.Steps;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.Treatment;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.seat.SeatCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The simulation bites: a fault planted for each invariant is found, and named rightly, within a few histories. */
class PlantedFaultTest {

    private static final int BOUND = 2_000;
    private static final Deciders REAL = Deciders.real();

    @Test
    void invariant1AnAgentWhoForgetsToWriteThatTheirOfferIsOver() {
        assertFound(1, REAL.withAgent(writing(REAL.agent(), event -> event.hasOfferEnded() ? null : event)));
    }

    @Test
    void invariant2AnAgentWhoIsSaidToTalkBeforeTheyAnswer() {
        assertFound(
                2,
                REAL.withCall(saying(
                        REAL.call(),
                        output -> output instanceof Output.ToAgent to
                                        && to.command() instanceof AgentCommand.OfferRinging ringing
                                ? new Output.ToAgent(
                                        to.agentId(),
                                        new AgentCommand.OfferTalking(
                                                ringing.offerId(), ringing.callId(), ringing.queueId()))
                                : output)));
    }

    @Test
    void invariant3ACallWhoseCallerLosesAMomentOnTheWayToTheQueue() {
        assertFound(
                3,
                REAL.withCall(saying(
                        REAL.call(),
                        output -> output instanceof Output.ToQueue to
                                        && to.command() instanceof QueueCommand.Enqueue enqueue
                                ? new Output.ToQueue(
                                        to.queueId(),
                                        new QueueCommand.Enqueue(
                                                enqueue.callId(),
                                                enqueue.boxId(),
                                                enqueue.priority(),
                                                later(enqueue),
                                                enqueue.callerNumber(),
                                                enqueue.round(),
                                                enqueue.held(),
                                                enqueue.first()))
                                : output)));
    }

    private static Instant later(QueueCommand.Enqueue enqueue) {
        return enqueue.waitingSince().plusMillis(1);
    }

    @Test
    void invariant4AnAgentWhoNeverHearsThatTheOfferIsOver() {
        assertFound(4, REAL.withAgent(hearing(REAL.agent(), command -> !(command instanceof AgentCommand.OfferOver))));
    }

    @Test
    void invariant4ACallThatStaysWithAnAgentWhoIsLoggedOut() {
        assertFound(
                4,
                REAL.withCall(hearing(
                        REAL.call(),
                        command -> !(command instanceof CallCommand.LimitReached reached
                                && reached.queueId().startsWith("agent/")))));
    }

    @Test
    void invariant3ACallThatForgetsWhereItCameFrom() {
        assertFound(
                3,
                REAL.withCall(writing(
                        REAL.call(),
                        event -> event.hasQueued()
                                ? event.toBuilder()
                                        .setQueued(event.getQueued().toBuilder().clearThenQueueId())
                                        .build()
                                : event)));
    }

    @Test
    void invariant4AnAgentWhoDoesNotSayForWhichQueueTheyWork() {
        assertFound(
                4,
                REAL.withAgent(saying(
                        REAL.agent(),
                        output -> output instanceof Output.ToQueue to
                                        && to.command() instanceof QueueCommand.AgentStatus status
                                ? new Output.ToQueue(
                                        to.queueId(),
                                        new QueueCommand.AgentStatus(
                                                status.agentId(),
                                                status.version(),
                                                status.presence(),
                                                status.idleSince(),
                                                status.boxId(),
                                                status.today()))
                                : output)));
    }

    @Test
    void invariant5ACallWhoseRecordForgetsWhichRuleHasDecided() {
        assertFound(
                5,
                REAL.withCall(writing(
                        REAL.call(),
                        event -> event.hasEnded()
                                ? event.toBuilder()
                                        .setEnded(event.getEnded().toBuilder().clearRuleId())
                                        .build()
                                : event)));
    }

    @Test
    void invariant4ACallThatForgetsWhichLimitHasSentItOutside() {
        assertFound(
                4,
                REAL.withCall(writing(
                        REAL.call(),
                        event -> CallLedger.isOutside(event.getOfferStarted())
                                ? event.toBuilder()
                                        .setOfferStarted(event.getOfferStarted().toBuilder()
                                                .clearLeftBy())
                                        .build()
                                : event)));
    }

    @Test
    void invariant5ACallWhoseRecordForgetsTheNumberOutside() {
        assertFound(
                5,
                REAL.withCall(writing(
                        REAL.call(),
                        event -> event.getEnded().getLeftTo().startsWith("number:")
                                ? event.toBuilder()
                                        .setEnded(event.getEnded().toBuilder().clearLeftTo())
                                        .build()
                                : event)));
    }

    @Test
    void invariant5ACallWhoseRecordForgetsWhoTalked() {
        assertFound(
                5,
                REAL.withCall(writing(
                        REAL.call(),
                        event -> event.hasEnded()
                                ? event.toBuilder()
                                        .setEnded(event.getEnded().toBuilder()
                                                .clearAgentId()
                                                .clearSeatId())
                                        .build()
                                : event)));
    }

    @Test
    void invariant6AQueueThatIsNotToldOfReadyAgents() {
        assertFound(
                6,
                REAL.withQueue(hearing(
                        REAL.queue(),
                        command -> !(command instanceof QueueCommand.AgentStatus status
                                && status.presence() == QueueCommand.Presence.READY
                                && status.version() % 2 == 0))));
    }

    @Test
    void aWrapUpThatForgetsThatItMayNotBeEnded() {
        assertFound(
                Violation.WRAP_UP,
                REAL.withAgent(writing(
                        REAL.agent(),
                        event -> event.hasWrapUpStarted()
                                ? event.toBuilder()
                                        .setWrapUpStarted(event.getWrapUpStarted().toBuilder()
                                                .clearMode())
                                        .build()
                                : event)));
    }

    @Test
    void aMandatoryWrapUpThatEndsWithoutItsCode() {
        assertFound(
                Violation.WRAP_UP,
                REAL.withAgent(writing(REAL.agent(), event -> event.hasWrapUpCoded() ? null : event)));
    }

    @Test
    void anAgentWhoDoesNotComeBackFromAMissedCall() {
        assertFound(
                4,
                REAL.withAgent(hearing(
                        REAL.agent(),
                        command -> !(command instanceof AgentCommand.TimerFired timer
                                && timer.timerId().startsWith("return:")))));
    }

    @Test
    void anAgentWhoDoesNotRestForLongEnough() {
        assertFound(
                Violation.HOUR,
                REAL.withAgent(
                        new AgentDecider(Deciders.DESKTOPS, Deciders.CALLS_WINDOW.minus(Duration.ofSeconds(5)))));
    }

    @Test
    void anAgentWhoRestsForTooLong() {
        assertFound(
                6,
                REAL.withAgent(new AgentDecider(Deciders.DESKTOPS, Deciders.CALLS_WINDOW.plus(Duration.ofSeconds(5)))));
    }

    @Test
    void anAgentWhoSleepsThroughMidnight() {
        assertFound(
                Violation.DAY,
                REAL.withAgent(hearing(
                        REAL.agent(),
                        command -> !(command instanceof AgentCommand.TimerFired timer
                                && timer.timerId().startsWith("midnight:")))));
    }

    @Test
    void anAgentWhoseTalksBeginOnTheDayBefore() {
        assertFound(
                Violation.DAY,
                REAL.withAgent(writing(
                        REAL.agent(),
                        event -> event.hasTalkStarted()
                                ? event.toBuilder()
                                        .setTalkStarted(event.getTalkStarted().toBuilder()
                                                .setDay("2026-03-01"))
                                        .build()
                                : event)));
    }

    @Test
    void anAgentWhoDeniesTheirSeat() {
        assertFound(
                Violation.SEAT,
                REAL.withAgent(saying(
                        REAL.agent(),
                        output -> output instanceof Output.ToSeat to
                                        && to.command() instanceof SeatCommand.HolderHere here
                                ? new Output.ToSeat(
                                        to.seatId(), new SeatCommand.HolderGone(here.agentId(), here.number()))
                                : output)));
    }

    @Test
    void anAgentWhoSaysThatTheyGiveUpTheirSeatAndStays() {
        assertFound(
                Violation.SEAT,
                REAL.withAgent(Mirror.of(
                        REAL.agent(),
                        command -> command instanceof AgentCommand.GiveUpSeat wish
                                ? new AgentCommand.GiveUpSeat("another", Instant.EPOCH, wish.byAgentId())
                                : command,
                        event -> event)));
    }

    @Test
    void anAgentWhoIsReadyAlthoughTheirDesktopIsGone() {
        assertFound(
                Violation.DESKTOP,
                REAL.withAgent(hearing(
                        REAL.agent(),
                        command -> !(command instanceof AgentCommand.TimerFired timer
                                && timer.timerId().equals("desktop")))));
    }

    @Test
    void anAgentWhoTakesCallsAlthoughTheirPhoneIsGone() {
        assertFound(
                Violation.REACH,
                REAL.withAgent(hearing(
                        REAL.agent(),
                        command -> !(command instanceof AgentCommand.SeatReachability said && !said.reachable()))));
    }

    @Test
    void anAgentWhoIsNotBackWhenTheirPhoneIs() {
        assertFound(
                Violation.REACH,
                REAL.withAgent(hearing(
                        REAL.agent(),
                        command -> !(command instanceof AgentCommand.SeatReachability said
                                && said.reachable()
                                && said.number() % 2 == 0))));
    }

    @Test
    void anAgentWhoWouldHaveAnotherSentAwayAndHasACall() {
        assertFound(
                Violation.SEAT,
                REAL.withAgent(saying(
                        REAL.agent(),
                        output -> output instanceof Output.Answer answer
                                        && answer.reply() instanceof Reply.Rejected refusal
                                        && refusal.code().equals("AGENT_BUSY")
                                ? new Output.Answer(new Reply.Done())
                                : output)));
    }

    @Test
    void aSeatThatSaysItIsSettledBeforeItsHolderHasHeard() {
        assertFound(
                Violation.REACH,
                REAL.withSeat(saying(
                        REAL.seat(),
                        output -> output instanceof Output.Answer answer
                                        && answer.reply() instanceof Reply.SeatHeard heard
                                ? new Output.Answer(new Reply.SeatHeard(heard.number(), true))
                                : output)));
    }

    @Test
    void anAgentWhoseDesktopIsGivenUpTooEarly() {
        var impatient = new AgentDecider(new DesktopWatch(Duration.ofSeconds(5), Duration.ofSeconds(8)));
        assertFound(Violation.DESKTOP, REAL.withAgent(impatient));
    }

    @Test
    void aQueueThatServesTheYoungestCallFirst() {
        assertFound(Violation.TURN, REAL.withQueue(Mirror.youngestFirst(REAL.queue())));
    }

    @Test
    void aQueueThatServesTheLeastImportantCallFirst() {
        assertFound(
                Violation.TURN,
                REAL.withQueue(Mirror.of(
                        REAL.queue(),
                        command -> command instanceof QueueCommand.Enqueue enqueue
                                ? new QueueCommand.Enqueue(
                                        enqueue.callId(),
                                        enqueue.boxId(),
                                        -enqueue.priority(),
                                        enqueue.waitingSince(),
                                        enqueue.callerNumber(),
                                        enqueue.round(),
                                        enqueue.held(),
                                        enqueue.first())
                                : command,
                        event -> event.hasCallEntered()
                                ? event.toBuilder()
                                        .setCallEntered(event.getCallEntered().toBuilder()
                                                .setPriority(
                                                        -event.getCallEntered().getPriority()))
                                        .build()
                                : event)));
    }

    @Test
    void aQueueThatAsksTheAgentWhoHasBeenIdleForTheShortestTime() {
        assertFound(
                Violation.TURN,
                REAL.withQueue(Mirror.of(
                        REAL.queue(),
                        command -> command instanceof QueueCommand.AgentStatus status
                                        && status.presence() == QueueCommand.Presence.READY
                                ? new QueueCommand.AgentStatus(
                                        status.agentId(),
                                        status.version(),
                                        status.presence(),
                                        Mirror.turned(status.idleSince()),
                                        status.boxId(),
                                        status.today())
                                : command,
                        event -> event)));
    }

    @Test
    void aPhoneThatIsNeverToldToStopIsFound() {
        assertFound(
                4,
                REAL.withCall(saying(
                        REAL.call(),
                        output -> output instanceof Output.ToBox to
                                        && to.command() instanceof BoxCommand.HangUp hangUp
                                        && hangUp.legId().startsWith("leg-")
                                ? null
                                : output)));
    }

    @Test
    void aCallThatWaitsForItsDecisionHookForEver() {
        assertFound(
                4,
                REAL.withCall(hearing(
                        REAL.call(),
                        command -> !(command instanceof CallCommand.TimerFired timer
                                && timer.timerId().equals("decision")))));
    }

    @Test
    void aQueueThatDoesNotHearForWhomACallIs() {
        assertFound(
                Violation.ELIGIBILITY,
                REAL.withQueue(Mirror.of(
                        REAL.queue(),
                        command -> command instanceof QueueCommand.Enqueue enqueue
                                ? new QueueCommand.Enqueue(
                                        enqueue.callId(),
                                        enqueue.boxId(),
                                        enqueue.priority(),
                                        enqueue.waitingSince(),
                                        enqueue.callerNumber(),
                                        enqueue.round(),
                                        enqueue.held(),
                                        null)
                                : command,
                        event -> event)));
    }

    @Test
    void aQueueThatIgnoresSkills() {
        var all = Map.of("english", 10, "german", 10);
        assertFound(
                Violation.ELIGIBILITY,
                REAL.withQueue(Blinkers.of(
                        REAL.queue(),
                        Blinkers.agents(agent -> new Directory.Agent(
                                agent.id(),
                                agent.name(),
                                agent.queueIds(),
                                all,
                                agent.reserveOf(),
                                agent.ranks(),
                                agent.maxCallsPerHour())))));
    }

    @Test
    void aQueueThatAsksItsReservesLikeTheOthers() {
        var none = Set.<String>of();
        assertFound(
                Violation.ELIGIBILITY,
                REAL.withQueue(Blinkers.of(
                        REAL.queue(),
                        Blinkers.agents(agent -> new Directory.Agent(
                                agent.id(),
                                agent.name(),
                                agent.queueIds(),
                                agent.skills(),
                                none,
                                agent.ranks(),
                                agent.maxCallsPerHour())))));
    }

    @Test
    void aQueueThatDoesNotWaitForTheAgentWhomACallerLastTalkedTo() {
        assertFound(
                Violation.ELIGIBILITY,
                REAL.withQueue(Blinkers.of(
                        REAL.queue(),
                        Blinkers.queues(queue -> queue.with(new Routing(
                                queue.routing().strategy(),
                                new Steps(queue.routing().steps().steps().stream()
                                        .map(step -> new Steps.Step(step.after(), step.minimum()))
                                        .toList()),
                                queue.routing().priorityWorth(),
                                queue.routing().weight(),
                                queue.routing().expectedHandling(),
                                queue.routing().reservesAfter(),
                                queue.routing().placeKept(),
                                queue.routing().serviceLevel()))))));
    }

    @Test
    void aQueueThatForgetsWhomACallerLastTalkedTo() {
        assertFound(
                Violation.ELIGIBILITY,
                REAL.withQueue(writing(
                        REAL.queue(),
                        event -> event.getCallEntered().getLastAgentId().isEmpty()
                                ? event
                                : event.toBuilder()
                                        .setCallEntered(event.getCallEntered().toBuilder()
                                                .clearLastAgentId())
                                        .build())));
    }

    @Test
    void aQueueThatLendsItsAgentsAlthoughItIsNotSafe() {
        assertFound(
                Violation.LENDING,
                REAL.withQueue(saying(
                        REAL.queue(),
                        output ->
                                output instanceof Output.ToQueue to && to.command() instanceof QueueCommand.Lends lends
                                        ? new Output.ToQueue(
                                                to.queueId(),
                                                new QueueCommand.Lends(
                                                        lends.queueId(),
                                                        lends.at(),
                                                        lends.at().plusSeconds(3)))
                                        : output)));
    }

    @Test
    void aQueueThatIsAtRiskAndDoesNotAskForHelp() {
        assertFound(
                Violation.LENDING,
                REAL.withQueue(saying(
                        REAL.queue(),
                        output -> output instanceof Output.ToQueue to && to.command() instanceof QueueCommand.MayBorrow
                                ? null
                                : output)));
    }

    @Test
    void aQueueWhoseBidsCountLessThanTheirCallsHaveWaited() {
        assertFound(
                Violation.TURN,
                REAL.withQueue(saying(
                        REAL.queue(),
                        output -> output instanceof Output.ToAgent to && to.command() instanceof AgentCommand.Bid bid
                                ? new Output.ToAgent(
                                        to.agentId(),
                                        new AgentCommand.Bid(
                                                bid.queueId(),
                                                bid.offerId(),
                                                bid.callId(),
                                                bid.queueId().equals("q1")
                                                        ? bid.countsSince().plusSeconds(60)
                                                        : bid.countsSince(),
                                                bid.waitingSince(),
                                                bid.statusVersion()))
                                : output)));
    }

    @Test
    void anAgentWhoIsNotToldThatTheyServeAnotherQueueNow() {
        assertFound(
                6,
                REAL.withAgent(
                        hearing(REAL.agent(), command -> !(command instanceof AgentCommand.ConfigurationChanged))));
    }

    @Test
    void invariant3ACallThatLetsInWhomTheListsOrRulesKeepOut() {
        assertFound(
                3,
                REAL.withCall(writing(
                        REAL.call(),
                        event -> event.getArrived().getTreatment() == Treatment.HEARS_BUSY
                                ? event.toBuilder()
                                        .setArrived(
                                                event.getArrived().toBuilder().setTreatment(Treatment.TO_QUEUE))
                                        .build()
                                : event)));
    }

    private static void assertFound(int invariant, Deciders faulty) {
        Map<Integer, Long> found = new HashMap<>();
        for (long seed = 1; seed <= BOUND && !found.containsKey(invariant); seed++) {
            long history = seed;
            History.of(seed, faulty)
                    .violation()
                    .ifPresent(violation -> found.putIfAbsent(violation.invariant(), history));
        }
        assertThat(found).as("first seeds that broke an invariant").containsKey(invariant);
        System.out.println(
                "Invariant " + invariant + " broken by seed " + found.get(invariant) + "; first of all: " + found);

        var withoutTheFault = History.of(found.get(invariant), REAL);
        assertThat(withoutTheFault.violation()).as(withoutTheFault.report()).isEmpty();
    }

    private static <C, E> Decider<C, E, ?> saying(Decider<C, E, ?> inner, UnaryOperator<Output> mouth) {
        return Meddler.of(inner, command -> true, mouth, event -> event);
    }

    private static <C, E> Decider<C, E, ?> hearing(Decider<C, E, ?> inner, Predicate<C> hears) {
        return Meddler.of(inner, hears, output -> output, event -> event);
    }

    private static <C, E> Decider<C, E, ?> writing(Decider<C, E, ?> inner, UnaryOperator<E> pen) {
        return Meddler.of(inner, command -> true, output -> output, pen);
    }
}
