package dev.carillon.simulation;

import static dev.carillon.simulation.Scene.a;
import static dev.carillon.simulation.Scene.answers;
import static dev.carillon.simulation.Scene.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.core.Decider;
import dev.carillon.core.Output;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.view.View.AgentPhase;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.Reaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * What people complain of with the queues of others, in their words. Each is a story in which just that goes wrong which hurts there;
 * it must end well with the real deciders, and badly with deciders that have a fault of that kind. All invariants are watched, too.
 */
class PainsTest {

    private static final Deciders REAL = Deciders.real();

    @Test
    void agentLockedBusyUntilRestart() {
        assertHealed(
                deciders -> {
                    var scene = Scene.ofSales(deciders, 80, "ann");
                    scene.phone("ann", answers(1)).ready("ann");
                    scene.call(1, 30, 10);
                    scene.until(5);
                    assertThat(scene.phase("ann")).isEqualTo(AgentPhase.TALKING);

                    // Nobody can tell her that it is over, and then call and agent die one after the other.
                    scene.lose(5, a(AgentCommand.OfferOver.class));
                    var second = scene.call(12.5, 60, 5);
                    scene.until(13);
                    scene.world().crashCall(scene.callers().get(0).callId(), 2_000);
                    scene.until(14);
                    scene.world().crashAgent("ann", 1_000);
                    scene.until(40);
                    assertThat(scene.talkedAt(second)).isLessThan(25);
                    assertThat(scene.phase("ann")).isEqualTo(AgentPhase.READY);

                    // She is reserved, the call never hears of it, and the queue forgets it.
                    scene.lose(1, a(CallCommand.Connect.class));
                    scene.when(
                            a(QueueCommand.Reserved.class), () -> scene.world().crashQueue("sales", 500));
                    var third = scene.call(41, 60, 5);
                    scene.until(70);
                    assertThat(scene.talkedAt(third)).isLessThan(60);
                    assertThat(scene.phase("ann")).isEqualTo(AgentPhase.READY);
                },
                REAL.withAgent(deaf(REAL.agent(), command -> command instanceof AgentCommand.OfferOver)));
    }

    @Test
    void callStuckInQueueAfterHangUp() {
        assertHealed(
                deciders -> {
                    var scene = Scene.ofSales(deciders, 40, "ann");
                    scene.lose(4, a(QueueCommand.Leave.class));
                    var gone = scene.call(1, 4, 5);
                    scene.until(4.9);
                    assertThat(scene.waiting("sales")).isEqualTo(1);

                    scene.when(
                            message -> message instanceof CallCommand.FromBox said
                                    && said.event() instanceof BoxEvent.LegEnded,
                            () -> {
                                scene.world().crashQueue("sales", 3_000);
                                scene.world().crashCall(gone, 300);
                            });
                    scene.until(20);
                    assertThat(scene.record(gone).getOutcome()).isEqualTo(CallOutcome.ABANDONED);
                    assertThat(scene.waiting("sales")).isZero();

                    scene.phone("ann", answers(1)).ready("ann");
                    scene.until(60);
                    assertThat(scene.rings()).isEmpty();
                },
                REAL.withCall(saying(
                        REAL.call(),
                        output -> output instanceof Output.ToQueue to && to.command() instanceof QueueCommand.Leave
                                ? null
                                : output)));
    }

    @Test
    void aSeatTakenFromSomebodyForAnAgentWhoCannotHaveIt() {
        assertHealed(
                deciders -> {
                    var scene = Scene.ofSales(deciders, 0, "ann", "bob");
                    var seat = new Seat("seat-bob", "box", "SIM/bob");
                    scene.world().logIn("bob", seat);
                    scene.phone("ann", answers(1)).ready("ann");
                    scene.call(4, 60, 20);
                    scene.until(8);
                    assertThat(scene.phase("ann")).isEqualTo(AgentPhase.TALKING);

                    scene.world().takeOver("ann", seat);
                    scene.until(10);
                    assertThat(scene.phase("ann")).isEqualTo(AgentPhase.TALKING);
                    assertThat(scene.phase("bob")).isEqualTo(AgentPhase.NOT_READY);

                    scene.until(30);
                    scene.world().takeOver("ann", seat);
                    scene.until(32);
                    assertThat(scene.phase("ann")).isEqualTo(AgentPhase.NOT_READY);
                    assertThat(scene.phase("bob")).isEqualTo(AgentPhase.LOGGED_OUT);
                },
                REAL.withAgent(saying(
                        REAL.agent(),
                        output -> output instanceof Output.Answer answer
                                        && answer.reply() instanceof Reply.Rejected refusal
                                        && refusal.code().equals("AGENT_BUSY")
                                ? new Output.Answer(new Reply.Done())
                                : output)));
    }

    @Test
    void doubleAnswer() {
        assertHealed(
                deciders -> {
                    var scene = Scene.ofSales(deciders, 60, "ann", "bob");
                    scene.phone("ann", answers(0)).phone("bob", answers(4));
                    scene.ready("ann").ready("bob");

                    // The queue says "ring ann", dies, has forgotten it, and says "ring bob"; ann's word comes while he
                    // rings.
                    scene.deliver(1, a(CallCommand.Connect.class), 4_500L);
                    scene.when(a(QueueCommand.Reserved.class), () -> scene.world()
                            .at(scene.world().now() + 10, () -> scene.world().crashQueue("sales", 500)));
                    scene.deliver(
                            9,
                            message -> message instanceof CallCommand.FromBox said
                                    && said.event() instanceof BoxEvent.LegAnswered,
                            0L,
                            2_000L);
                    var once = scene.call(1, 60, 8);
                    scene.until(30);

                    assertThat(scene.lived(once).connections()).hasSize(1);
                    assertThat(scene.rings("bob")).hasSize(1);
                    assertThat(scene.rings("ann")).isEmpty();
                    assertThat(scene.record(once).getAgentId()).isEqualTo("bob");
                    assertThat(scene.phase("ann")).isEqualTo(AgentPhase.READY);
                },
                REAL.withCall(saying(REAL.call(), PainsTest::ringAnnInstead)));
    }

    /** A call that has never learnt to say no. */
    private static Output ringAnnInstead(Output output) {
        return output instanceof Output.ToQueue to && to.command() instanceof QueueCommand.ConnectRefused refused
                ? new Output.ToBox(
                        "box",
                        new BoxCommand.RingSeat(
                                refused.callId(), "leg-" + refused.offerId(), "SIM/ann", "0301", "", 10))
                : output;
    }

    @Test
    void oneAgentOfferedByManyQueuesAtOnce() {
        assertHealed(
                deciders -> {
                    var queues = List.of("sales", "billing", "repairs");
                    var scene = new Scene(
                            deciders, 60, Map.of("sales", 0, "billing", 0, "repairs", 0), Map.of("ann", queues));
                    scene.phone("ann", answers(1));
                    var callers = new ArrayList<String>();
                    for (int i = 0; i < 6; i++) {
                        callers.add(scene.call(queues.get(i % 3), 1 + 0.2 * i, 60, 3));
                    }
                    scene.until(5);

                    scene.deliver(99, a(AgentCommand.Bid.class), 0L, 700L);
                    scene.lose(2, a(QueueCommand.Refused.class));
                    scene.when(a(AgentCommand.OfferTalking.class), () -> scene.world()
                            .crashQueue("repairs", 800));
                    scene.ready("ann");
                    scene.until(50);

                    assertThat(scene.served()).isEqualTo(callers);
                    assertThat(scene.rings()).hasSize(6);
                    for (int i = 1; i < 6; i++) {
                        assertThat(scene.rings().get(i).toldAt())
                                .isAfter(scene.rings().get(i - 1).endedAt().orElseThrow());
                    }
                },
                REAL.withAgent(saying(
                        REAL.agent(),
                        output -> output instanceof Output.ToQueue to
                                        && to.command() instanceof QueueCommand.Refused refused
                                ? new Output.ToQueue(
                                        to.queueId(),
                                        new QueueCommand.Reserved(
                                                refused.offerId(),
                                                refused.callId(),
                                                refused.agentId(),
                                                new Seat("seat-ann", "box", "SIM/ann"),
                                                refused.version()))
                                : output)));
    }

    @Test
    void ghostCallToAnAgentAfterTheCallerLeft() {
        assertHealed(
                deciders -> {
                    var scene = Scene.ofSales(deciders, 60, "ann");
                    scene.phone("ann", answers(1)).ready("ann");

                    // They hang up while "ring ann" is on its way, and the queue does not hear of that.
                    scene.deliver(1, a(CallCommand.Connect.class), 1_900L);
                    scene.lose(3, a(QueueCommand.Leave.class));
                    var gone = scene.call(1, 1, 10);
                    scene.until(8);
                    assertThat(scene.record(gone).getOutcome()).isEqualTo(CallOutcome.ABANDONED);
                    assertThat(scene.rings()).isEmpty();
                    assertThat(scene.phase("ann")).isEqualTo(AgentPhase.READY);

                    // They hang up while the queue is down, which finds them in its journal when ann is ready.
                    scene.world().ask("ann", new AgentCommand.SetNotReady("break"));
                    var other = scene.call(9, 3, 10);
                    scene.until(11);
                    scene.world().crashQueue("sales", 4_000);
                    scene.until(14);
                    scene.ready("ann");
                    scene.until(25);
                    assertThat(scene.record(other).getOutcome()).isEqualTo(CallOutcome.ABANDONED);
                    assertThat(scene.rings()).isEmpty();

                    var next = scene.call(26, 30, 5);
                    scene.until(40);
                    assertThat(scene.talkedAt(next)).isLessThan(27.5);
                },
                REAL.withCall(saying(REAL.call(), PainsTest::ringAnnInstead)));
    }

    @Test
    void agentKickedOutAfterNoAnswerAndNeverBack() {
        assertHealed(
                deciders -> {
                    var scene = Scene.ofSales(deciders, 70, "ann");
                    var times = new int[1];
                    scene.phone("ann", () -> ++times[0] <= 2 ? new Reaction.Unanswered() : answers(1));
                    scene.ready("ann");
                    var caller = scene.call(1, 120, 5);

                    scene.until(15);
                    assertThat(scene.reason("ann")).contains("no-answer");
                    scene.ready("ann");
                    assertThat(scene.rings("ann")).hasSize(2);

                    // Once more, and now nobody hears that she is back.
                    scene.until(30);
                    assertThat(scene.reason("ann")).contains("no-answer");
                    scene.world().crashQueue("sales", 500);
                    scene.lose(
                            2,
                            message -> message instanceof QueueCommand.AgentStatus status
                                    && status.presence() == Presence.READY);
                    scene.ready("ann");
                    scene.until(60);
                    assertThat(scene.talkedAt(caller)).isLessThan(36);
                    assertThat(scene.record(caller).getOffers()).isEqualTo(3);
                    assertThat(scene.phase("ann")).isEqualTo(AgentPhase.READY);
                },
                REAL.withAgent(saying(
                        REAL.agent(),
                        output -> output instanceof Output.ToQueue to
                                        && to.command() instanceof QueueCommand.AgentStatus status
                                        && status.presence() == Presence.READY
                                        && status.version() > 2
                                ? null
                                : output)));
    }

    @Test
    void wrapUpIgnoredOrEndedEarlyWithSeveralQueues() {
        var wrapUps = Map.of("slow", 20, "quick", 5, "none", 0);
        assertHealed(
                deciders -> {
                    var scene = new Scene(deciders, 80, wrapUps, Map.of("ann", List.of("slow", "quick", "none")));
                    scene.phone("ann", answers(1));
                    var callers = new ArrayList<String>();
                    for (var queue : List.of("slow", "quick", "none", "slow", "quick")) {
                        callers.add(scene.call(queue, 1 + 0.1 * callers.size(), 300, 5));
                    }
                    scene.until(3);

                    scene.deliver(99, a(AgentCommand.Bid.class), 0L, 3_000L);
                    scene.deliver(99, a(AgentCommand.OfferOver.class), 0L, 2_000L, 8_000L);
                    scene.ready("ann");
                    scene.until(15);
                    assertThat(scene.phase("ann")).isEqualTo(AgentPhase.WRAP_UP);
                    scene.world().crashAgent("ann", 3_000);
                    scene.until(20);
                    scene.world().crashQueue("quick", 500);
                    scene.world().crashQueue("none", 500);
                    scene.until(120);

                    assertThat(scene.served()).isEqualTo(callers);
                    for (int i = 1; i < callers.size(); i++) {
                        var before = scene.lived(callers.get(i - 1));
                        var over = before.connections().get(0).to().orElseThrow();
                        double pause = seconds(scene.rings().get(i).toldAt()) - seconds(over);
                        double due = wrapUps.get(before.caller().dialled());
                        assertThat(pause).as("pause after " + before).isBetween(due, due + 1.5);
                    }
                },
                REAL.withAgent(writing(REAL.agent(), PainsTest::threeSecondsLess)));
    }

    private static AgentEvent threeSecondsLess(AgentEvent event) {
        return event.hasWrapUpStarted()
                ? event.toBuilder()
                        .setWrapUpStarted(event.getWrapUpStarted().toBuilder()
                                .setUntilMs(event.getWrapUpStarted().getUntilMs() - 3_000))
                        .build()
                : event;
    }

    @Test
    void lastUnavailableAgentHaltsTheDistribution() {
        assertHealed(
                deciders -> {
                    var scene = Scene.ofSales(deciders, 60, "ann", "bob", "carl", "dora");
                    scene.phone("ann", answers(1))
                            .phone("bob", new Reaction.NotRegistered())
                            .phone("carl", answers(1))
                            .phone("dora", new Reaction.Declines(Duration.ofSeconds(1)));
                    scene.ready("ann").ready("bob").ready("carl").ready("dora");
                    scene.until(3);
                    scene.world().crashAgent("ann", 50_000);

                    var callers = new ArrayList<String>();
                    for (int i = 0; i < 4; i++) {
                        callers.add(scene.call(4 + 0.01 * i, 60, 2));
                    }
                    scene.until(30);
                    callers.forEach(caller ->
                            assertThat(scene.talkedAt(caller)).as(caller).isLessThan(20));
                    assertThat(scene.reason("bob")).contains("unreachable");
                    assertThat(scene.reason("dora")).contains("refused");
                },
                REAL.withQueue(deaf(
                        REAL.queue(),
                        command -> command instanceof QueueCommand.TimerFired timer
                                && timer.timerId().equals("check"))));
    }

    @Test
    void orderWrongWithinTheSameSecond() {
        assertHealed(
                deciders -> {
                    var scene = Scene.ofSales(deciders, 60, "ann");
                    scene.phone("ann", answers(0.5));
                    var callers = new ArrayList<String>();
                    for (int i = 0; i < 12; i++) {
                        callers.add(scene.call(2 + 0.001 * i, 120, 1));
                        // The later they come, the earlier the queue hears of them.
                        var latest = callers.get(i);
                        scene.deliver(
                                1,
                                message -> message instanceof QueueCommand.Enqueue enqueue
                                        && enqueue.callId().equals(latest),
                                (12L - i) * 150);
                    }
                    scene.until(6);
                    scene.ready("ann");
                    scene.until(10);
                    scene.world().crashQueue("sales", 700);
                    scene.until(60);
                    assertThat(scene.served()).isEqualTo(callers);
                },
                REAL.withQueue(Mirror.youngestFirst(REAL.queue())));
    }

    @Test
    void waitingCallersLostOnRestart() {
        assertHealed(
                deciders -> {
                    var scene = Scene.ofSales(deciders, 60, "ann");
                    scene.phone("ann", answers(0.5));
                    var staying = new ArrayList<String>();
                    var leaving = new ArrayList<String>();
                    for (int i = 0; i < 10; i++) {
                        var impatient = i % 5 == 2;
                        (impatient ? leaving : staying).add(scene.call(1 + 0.1 * i, impatient ? 8 : 120, 2));
                    }
                    scene.until(6);

                    // Calls, queue, agent and the box's telephony node, all at once.
                    scene.world().crashNode(0, 8_000);
                    scene.world().crashNode(1, 8_000);
                    scene.until(20);
                    assertThat(scene.waiting("sales")).isEqualTo(staying.size());
                    scene.world().crashNode(0, 2_000);
                    scene.world().crashNode(1, 2_000);
                    scene.until(26);
                    scene.ready("ann");
                    scene.until(80);

                    assertThat(scene.served()).isEqualTo(staying);
                    assertThat(scene.callers())
                            .allSatisfy(caller -> assertThat(caller.endedBy()).contains(Experience.Who.CALLER));
                    leaving.forEach(caller ->
                            assertThat(scene.record(caller).getOutcome()).isEqualTo(CallOutcome.ABANDONED));
                    staying.forEach(caller ->
                            assertThat(scene.record(caller).getEndedBy()).isEqualTo(EndedBy.CALLER));
                },
                REAL.withCall(Mirror.of(
                        REAL.call(),
                        command -> command instanceof CallCommand.FromBox said
                                        && said.event() instanceof BoxEvent.BoxBack back
                                ? new CallCommand.FromBox(
                                        new BoxEvent.BoxBack(back.boxId(), "another", back.legs(), back.bridged()))
                                : command,
                        event -> event)));
    }

    /** With the real deciders the story ends well, and it notices when one of them has this fault. */
    private static void assertHealed(Consumer<Deciders> story, Deciders broken) {
        story.accept(REAL);
        assertThatThrownBy(() -> story.accept(broken))
                .as("the story with a fault planted")
                .isInstanceOfAny(AssertionError.class, Violation.class);
    }

    private static <C, E> Decider<C, E, ?> deaf(Decider<C, E, ?> inner, Predicate<C> to) {
        return Meddler.of(inner, to.negate(), output -> output, event -> event);
    }

    private static <C, E> Decider<C, E, ?> saying(Decider<C, E, ?> inner, UnaryOperator<Output> mouth) {
        return Meddler.of(inner, command -> true, mouth, event -> event);
    }

    private static <C, E> Decider<C, E, ?> writing(Decider<C, E, ?> inner, UnaryOperator<E> pen) {
        return Meddler.of(inner, command -> true, output -> output, pen);
    }
}
