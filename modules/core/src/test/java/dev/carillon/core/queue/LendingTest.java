package dev.carillon.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Directory.Strategy;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.agent.AgentDecider;
import dev.carillon.core.agent.AgentState;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Protection.Standing;
import dev.carillon.core.routing.Routing;
import dev.carillon.core.routing.ServiceLevel;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueCommand.AgentStatus;
import dev.carillon.protocol.queue.QueueCommand.Lends;
import dev.carillon.protocol.queue.QueueCommand.MayBorrow;
import dev.carillon.protocol.queue.QueueCommand.Presence;
import dev.carillon.protocol.queue.QueueCommand.Today;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.view.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Hotline, which ann serves, may borrow bob of support, and has to answer 80 of 100 calls in 20 seconds. */
class LendingTest {

    private final Scenario<QueueCommand, QueueEvent, QueueState> hotline =
            new Scenario<>(new QueueDecider(), "hotline", directory());
    private final Scenario<QueueCommand, QueueEvent, QueueState> support =
            new Scenario<>(new QueueDecider(), "support", directory());

    @Test
    void theLevelIsWhatWasAnsweredInTimeOfWhatWasAnsweredOrLeftLater() {
        hotline.given(enqueue("in-time")).pass(Duration.ofSeconds(20)).given(leave("in-time", LeaveReason.CONNECTED));
        hotline.given(enqueue("gives-up-early")).given(leave("gives-up-early", LeaveReason.ABANDONED));
        assertThat(level()).isEqualTo(new View.Level(1, 1, "AT_RISK"));

        hotline.given(enqueue("late")).pass(Duration.ofSeconds(21));
        assertThat(level()).as("while it waits").isEqualTo(new View.Level(1, 2, "AT_RISK"));
        hotline.given(leave("late", LeaveReason.CONNECTED));
        assertThat(level()).as("and once it is answered").isEqualTo(new View.Level(1, 2, "AT_RISK"));
        hotline.given(enqueue("gives-up-late")).pass(Duration.ofSeconds(21));
        hotline.given(leave("gives-up-late", LeaveReason.ABANDONED));
        assertThat(level()).isEqualTo(new View.Level(1, 3, "AT_RISK"));

        hotline.pass(Duration.ofMinutes(16));
        assertThat(level()).as("a quarter of an hour later").isEqualTo(new View.Level(0, 0, "SAFE"));
    }

    @Test
    void whoeverIsAtRiskAsksAndBorrowsForAsLongAsTheyAreLent() {
        hotline.given(status("ann", Presence.OCCUPIED)).given(status("bob", Presence.READY));
        assertThat(hotline.when(enqueue("c1")).said())
                .as("one agent of 180 seconds a call is not free in time")
                .contains(asks());
        assertThat(hotline.pass(Duration.ofSeconds(1)).said())
                .as("every second")
                .contains(asks());
        assertThat(bids()).isEmpty();

        assertThat(hotline.when(lends(0)).said()).isEmpty();
        hotline.pass(Duration.ofMillis(1)).when(lends(3));
        assertThat(bids()).containsExactly("bob c1");
    }

    @Test
    void aLeaseThatIsOverOrWasTakenBackIsNone() {
        hotline.given(status("ann", Presence.OCCUPIED)).given(enqueue("c1")).pass(Duration.ofSeconds(1));
        hotline.given(lends(3)).pass(Duration.ofSeconds(3)).when(status("bob", Presence.READY));
        assertThat(bids()).as("lapsed").isEmpty();

        var earlier = lends(3);
        hotline.pass(Duration.ofMillis(10)).given(lends(0)).when(earlier);
        assertThat(bids()).as("overtaken by the word that took it back").isEmpty();
    }

    @Test
    void whoeverBecomesReadyWhileItIsAtRiskIsAskedForAtOnceAndThenEverySecond() {
        hotline.given(status("ann", Presence.OCCUPIED)).given(enqueue("c1"));
        assertThat(hotline.pass(Duration.ofMillis(500)).said()).doesNotContain(asks());
        assertThat(hotline.when(status("bob", Presence.READY)).said()).contains(asks());
        assertThat(hotline.when(enqueue("c2")).said()).as("just asked").doesNotContain(asks());
        assertThat(hotline.pass(Duration.ofSeconds(2)).said()).contains(asks());

        hotline.when(status("bob", Presence.OCCUPIED));
        assertThat(hotline.pass(Duration.ofSeconds(2)).said())
                .as("there is nobody to lend")
                .doesNotContain(asks());
    }

    @Test
    void itsOwnAgentsGoFirstAndGuestsAreNoneOfThem() {
        hotline.given(enqueue("c0")).given(lends(3)).given(status("bob", Presence.OCCUPIED));
        hotline.given(status("ann", Presence.READY));
        assertThat(bids()).containsExactly("ann c0");
        var view = hotline.view(View.OfQueue.class);
        assertThat(view.loggedIn()).isEqualTo(1);

        hotline.given(leave("c0", LeaveReason.ABANDONED)).given(status("bob", Presence.READY));
        hotline.when(enqueue("c1"));
        assertThat(bids()).as("nobody of its own is ready").containsExactly("bob c1");
    }

    @Test
    void whoIsBorrowedAndWhoIsLentIsCountedWhereTheyWorkAndWhereTheyServe() {
        for (var queue : List.of(hotline, support)) {
            queue.given(occupied("bob", "hotline")).given(occupied("ann", "hotline"));
        }
        var borrower = hotline.view(View.OfQueue.class);
        assertThat(borrower.borrowed()).as("bob serves support").isEqualTo(1);
        assertThat(borrower.lent()).isZero();
        var lender = support.view(View.OfQueue.class);
        assertThat(lender.lent()).isEqualTo(1);
        assertThat(lender.borrowed()).as("ann is at work at home").isZero();

        hotline.given(new QueueCommand.Reserved("o1", "c1", "bob", null, version));
        assertThat(hotline.view(View.OfQueue.class).borrowed())
                .as("told once more, and late")
                .isEqualTo(1);

        for (var queue : List.of(hotline, support)) {
            queue.given(status("bob", Presence.NOT_READY));
            assertThat(queue.view(View.OfQueue.class).borrowed()).isZero();
            assertThat(queue.view(View.OfQueue.class).lent()).isZero();
        }
        support.given(occupied("bob", "support"));
        assertThat(support.view(View.OfQueue.class).lent())
                .as("has a call of his own")
                .isZero();
        hotline.given(occupied("bob", "support"));
        assertThat(hotline.view(View.OfQueue.class).borrowed()).isZero();
    }

    /** The agent may have crashed, and then has nothing to tell a queue that they have no longer to do with. */
    @Test
    void aGuestWhoCannotBeLentAnyMoreIsAskedUntilTheyAnswer() {
        hotline.given(occupied("bob", "hotline"));
        assertThat(hotline.owed()).isEmpty();
        hotline.configured(directory().withQueue(queue("support", List.of())));

        hotline.given(new QueueCommand.ConfigurationChanged());
        assertThat(hotline.owed()).containsExactly(new Output.ToAgent("bob", new AgentCommand.TellStatus("hotline")));

        hotline.given(status("bob", Presence.ABSENT));
        assertThat(hotline.owed()).isEmpty();
        assertThat(hotline.view(View.OfQueue.class).borrowed()).isZero();
    }

    private AgentStatus occupied(String agentId, String worksFor) {
        return new AgentStatus(agentId, ++version, Presence.OCCUPIED, null, null, Today.NONE, worksFor, 0);
    }

    @Test
    void whoeverIsSafeLendsAndTakesItBackAtOnce() {
        assertThat(support.when(new MayBorrow("hotline")).said())
                .as("it may not be yet")
                .containsExactly(said(0));
        support.pass(Protection.CALM);
        assertThat(support.when(new MayBorrow("hotline")).said()).containsExactly(said(3));
        assertThat(support.when(new MayBorrow("third")).said())
                .as("to whom it does not lend")
                .containsExactly(new Output.ToQueue("third", new Lends("support", support.now(), support.now())));

        assertThat(support.when(enqueue("c1")).said())
                .as("nobody is there to answer in time")
                .contains(said(0));
        assertThat(support.when(new MayBorrow("hotline")).said()).containsExactly(said(0));

        support.given(leave("c1", LeaveReason.ABANDONED));
        support.pass(Protection.CALM.minusMillis(1));
        assertThat(support.when(new MayBorrow("hotline")).said()).containsExactly(said(0));
        support.pass(Duration.ofMillis(1));
        assertThat(support.when(new MayBorrow("hotline")).said()).containsExactly(said(3));
        support.crash();
        assertThat(support.when(new MayBorrow("hotline")).said())
                .as("it knows nothing any more")
                .containsExactly(said(0));
    }

    @Test
    void nothingFlaps() {
        for (long seed = 0; seed < 300; seed++) {
            var random = new SplittableRandom(seed);
            var now = Instant.EPOCH;
            var protection = Protection.NONE;
            var level = new Recent.Count(1, 1);
            Instant notSafeSince = now;
            for (int i = 0; i < 200; i++) {
                now = now.plusMillis(random.nextInt(2_000));
                boolean endangered = random.nextInt(8) == 0;
                boolean calm = !endangered && random.nextInt(10) > 0;
                var before = protection.standing();
                protection = protection.judged(level, endangered, calm, now);
                var standing = protection.standing();
                assertThat(standing == Standing.AT_RISK)
                        .as("seed %s: at risk at once, and until all is well", seed)
                        .isEqualTo(endangered || (before == Standing.AT_RISK && standing != Standing.SAFE));
                if (!calm) {
                    assertThat(standing).isNotEqualTo(Standing.SAFE);
                    notSafeSince = now;
                } else if (standing == Standing.SAFE && before != Standing.SAFE) {
                    assertThat(Duration.between(notSafeSince, now))
                            .as("seed %s: safe only after a while", seed)
                            .isGreaterThanOrEqualTo(Protection.CALM);
                }
            }
        }
    }

    @Test
    void anAgentTellsTheQueuesThatMayBorrowThemAndTakesTheirCallsLast() {
        var bob = new Scenario<AgentCommand, AgentEvent, AgentState>(new AgentDecider(), "bob", directory());
        bob.given(new AgentCommand.LogIn(new Seat("seat", "box1", "PJSIP/1"), null))
                .when(new AgentCommand.SetReady());
        assertThat(bob.said().stream().filter(Output.ToQueue.class::isInstance).map(to -> ((Output.ToQueue) to)
                        .queueId()))
                .containsExactly("support", "hotline");

        bob.given(bid("hotline", "o1", 0)).when(bid("support", "o2", 500));
        assertThat(bob.said())
                .anyMatch(out -> out instanceof Output.ToQueue to
                        && to.command() instanceof QueueCommand.Reserved reserved
                        && reserved.offerId().equals("o2"))
                .anyMatch(out -> out instanceof Output.ToQueue to
                        && to.command() instanceof QueueCommand.Refused refused
                        && refused.offerId().equals("o1"));
    }

    @Test
    void whoServesAQueueThatDoesNotLendIsNotLent() {
        var directory = directory();
        assertThat(directory.queuesAround("bob")).containsExactly("support", "hotline");
        assertThat(directory.queuesAround("cora")).as("serves a third one, too").containsExactly("support", "third");
        assertThat(directory.queuesAround("ann")).containsExactly("hotline");
    }

    private static AgentCommand bid(String queueId, String offerId, long countsSince) {
        var since = Scenario.START.plusMillis(countsSince);
        return new AgentCommand.Bid(queueId, offerId, "call-" + offerId, since, since, Long.MAX_VALUE);
    }

    private View.Level level() {
        return hotline.view(View.OfQueue.class).level();
    }

    private List<String> bids() {
        return hotline.said().stream()
                .filter(said -> said instanceof Output.ToAgent to && to.command() instanceof AgentCommand.Bid)
                .map(Output.ToAgent.class::cast)
                .map(to -> to.agentId() + " " + ((AgentCommand.Bid) to.command()).callId())
                .toList();
    }

    private static Output asks() {
        return new Output.ToQueue("support", new MayBorrow("hotline"));
    }

    private QueueCommand lends(int seconds) {
        return new Lends("support", hotline.now(), hotline.now().plusSeconds(seconds));
    }

    private Output said(int seconds) {
        return new Output.ToQueue(
                "hotline", new Lends("support", support.now(), support.now().plusSeconds(seconds)));
    }

    private QueueCommand enqueue(String callId) {
        return new QueueCommand.Enqueue(
                callId, "box1", 5, hotline.now().isAfter(support.now()) ? hotline.now() : support.now(), "", 0);
    }

    private static QueueCommand leave(String callId, LeaveReason reason) {
        return new QueueCommand.Leave(callId, reason, 1, "");
    }

    private long version;

    private QueueCommand status(String agentId, Presence presence) {
        return new AgentStatus(agentId, ++version, presence, Scenario.START, "box1", Today.NONE);
    }

    private static Directory directory() {
        return new Directory(
                Map.of(
                        "hotline", queue("hotline", List.of()),
                        "support", queue("support", List.of("hotline")),
                        "third", queue("third", List.of())),
                Map.of(
                        "ann", new Directory.Agent("ann", "Ann", List.of("hotline")),
                        "bob", new Directory.Agent("bob", "Bob", List.of("support")),
                        "cora", new Directory.Agent("cora", "Cora", List.of("support", "third"))),
                Map.of(),
                Map.of());
    }

    private static Directory.Queue queue(String id, List<String> lendTo) {
        var level = new ServiceLevel(80, Duration.ofSeconds(20), lendTo);
        var routing = Routing.by(Strategy.LONGEST_IDLE).with(Optional.of(level));
        return new Directory.Queue(id, id, routing, Handling.PLAIN, Waiting.PLAIN);
    }
}
