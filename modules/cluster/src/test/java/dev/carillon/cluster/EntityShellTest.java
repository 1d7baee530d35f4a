package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.ProcessingSuccess;
import akka.persistence.testkit.WriteEvents;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import akka.persistence.testkit.javadsl.SnapshotTestKit;
import com.typesafe.config.ConfigFactory;
import dev.carillon.core.Directory;
import dev.carillon.core.DirectoryChange;
import dev.carillon.core.Timing;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.queue.LeaveReason;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.queue.QueueSnapshot;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.view.View;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The shell around {@link LedgerDecider}, with a journal in memory and time that moves only when told. */
class EntityShellTest {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final ClusterSettings SETTINGS = new ClusterSettings(
            "",
            Duration.ofSeconds(3),
            8,
            10,
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofMillis(200),
            Duration.ofSeconds(5),
            20_000);

    private static ActorTestKit testKit;
    private static PersistenceTestKit journal;
    private static SnapshotTestKit snapshots;
    private static ManualTime time;

    private final Time clock = new Time();
    private final LongAdder failures = new LongAdder();
    private final LocalEntities local = new LocalEntities();
    private TestProbe<ToCall> calls = testKit.createTestProbe(ToCall.class);
    private final TestProbe<LiveHub.Command> hub = testKit.createTestProbe(LiveHub.Command.class);
    private final TestProbe<ClusterSharding.ShardCommand> shard =
            testKit.createTestProbe(ClusterSharding.ShardCommand.class);
    private final TestProbe<String> woken = testKit.createTestProbe(String.class);
    private final TestProbe<Reply> replies = testKit.createTestProbe(Reply.class);
    private final List<String> trace = new CopyOnWriteArrayList<>();
    private String id;
    private ActorRef<EntityMessage> shell;

    @BeforeAll
    static void start() {
        var config = ManualTime.config()
                .withFallback(PersistenceTestKitPlugin.getInstance().config())
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load());
        testKit = ActorTestKit.create("shell", config);
        journal = PersistenceTestKit.create(testKit.system());
        snapshots = SnapshotTestKit.create(testKit.system());
        time = ManualTime.get(testKit.system());
    }

    @AfterAll
    static void stop() {
        testKit.shutdownTestKit();
    }

    @BeforeEach
    void newShell() {
        id = "q-" + UUID.randomUUID();
        journal.clearAll();
        snapshots.clearAll();
        shell = spawn();
    }

    @AfterEach
    void endShell() {
        journal.resetPolicy();
        stop(shell);
    }

    @Nested
    class A_command {

        @Test
        void is_carried_out_only_after_its_events_are_durable() {
            journal.withPolicy((persistenceId, operation) -> {
                if (operation instanceof WriteEvents) {
                    trace.add("written");
                }
                return ProcessingSuccess.getInstance();
            });

            ask(enqueue("c1"));

            calls.expectMessage(new ToCall("c1", new CallCommand.Enqueued(id, 0)));
            replies.expectMessage(new Reply.Done());
            assertThat(trace).containsExactly("written", "said");
            assertThat(journal.persistedInStorage(persistenceId())).containsExactly(LedgerDecider.entered("c1", START));
        }

        @Test
        void that_changes_nothing_is_answered_at_once() {
            ask(new QueueCommand.Leave("unknown", LeaveReason.ABANDONED, 1, ""));

            replies.expectMessage(new Reply.Rejected("NOT_HERE", "no call unknown"));
            journal.expectNothingPersisted(persistenceId(), Duration.ZERO);
        }

        @Test
        void that_the_decider_stumbles_over_changes_nothing_and_is_counted() {
            ask(enqueue("c1"));
            replies.expectMessage(new Reply.Done());

            // What is in a command may be about a caller: only its kind is logged.
            LoggingTestKit.error(" could not decide Suspend; its state is unchanged")
                    .expect(testKit.system(), () -> {
                        ask(new QueueCommand.Suspend("c1"));
                        return null;
                    });

            assertThat(replies.expectMessageClass(Reply.Rejected.class).code()).isEqualTo(EntityShell.INTERNAL_ERROR);
            assertThat(failures.sum()).isOne();
            assertThat(waiting()).containsExactly("c1");
        }

        @Test
        void waits_for_the_write_before_it_and_shares_the_next_with_all_that_wait() {
            var mayWrite = new CountDownLatch(1);
            journal.withPolicy((persistenceId, operation) -> {
                if (operation instanceof WriteEvents write) {
                    trace.add("written " + write.getBatch().size());
                    await(mayWrite);
                }
                return ProcessingSuccess.getInstance();
            });
            tell(enqueue("c0"));
            testKit.createTestProbe().awaitAssert(() -> {
                assertThat(trace).containsExactly("written 1");
                return null;
            });

            IntStream.rangeClosed(1, 5).forEach(n -> tell(enqueue("c" + n)));
            mayWrite.countDown();

            assertThat(waiting()).containsExactly("c0", "c1", "c2", "c3", "c4", "c5");
            assertThat(trace.stream().filter(line -> line.startsWith("written")).toList())
                    .containsExactly("written 1", "written 5");
        }

        @Test
        void is_one_of_at_most_so_many_that_share_a_write() {
            var mayWrite = new CountDownLatch(1);
            var sizes = new CopyOnWriteArrayList<Integer>();
            journal.withPolicy((persistenceId, operation) -> {
                if (operation instanceof WriteEvents write) {
                    sizes.add(write.getBatch().size());
                    await(mayWrite);
                }
                return ProcessingSuccess.getInstance();
            });

            IntStream.rangeClosed(1, 50).forEach(n -> tell(enqueue("c" + n)));
            mayWrite.countDown();

            assertThat(waiting()).hasSize(50);
            assertThat(sizes).allMatch(size -> size <= SETTINGS.maxGroup());
        }

        @Test
        void is_not_lost_among_very_many_that_came_during_a_write() {
            var mayWrite = new CountDownLatch(1);
            journal.withPolicy((persistenceId, operation) -> {
                if (operation instanceof WriteEvents) {
                    await(mayWrite);
                }
                return ProcessingSuccess.getInstance();
            });
            tell(enqueue("c1"));
            IntStream.range(0, 15_000).forEach(n -> tell(new QueueCommand.OfferAccepted("soft", "o", 1)));
            mayWrite.countDown();

            assertThat(waiting()).containsExactly("c1");
        }
    }

    @Nested
    class After_a_crash {

        @Test
        void the_durable_state_is_there_and_what_is_owed_is_said_until_it_is_not_owed() {
            ask(enqueue("c1"));
            replies.expectMessage(new Reply.Done());
            tell(new QueueCommand.OfferAccepted("c1", "o1", 1));
            assertThat(waiting()).containsExactly("c1");
            crash();

            shell = spawn();

            calls.expectMessage(new ToCall("c1", new CallCommand.AreYouWaiting(id)));
            pass(Timing.REPEAT);
            calls.expectMessage(new ToCall("c1", new CallCommand.AreYouWaiting(id)));
            tell(new QueueCommand.OfferAccepted("c1", "o1", 1));
            assertThat(waiting()).containsExactly("c1");
            pass(Timing.REPEAT.multipliedBy(3));
            calls.expectNoMessage(Duration.ZERO);
        }

        @Test
        void a_timer_still_fires_when_it_is_due() {
            ask(enqueue("c1"));
            replies.expectMessage(new Reply.Done());
            pass(Duration.ofSeconds(10));
            crash();
            clock.advance(Duration.ofSeconds(10));

            shell = spawn();
            assertThat(waiting()).containsExactly("c1");
            pass(LedgerDecider.PATIENCE.minusSeconds(21));
            assertThat(waiting()).containsExactly("c1");
            pass(Duration.ofSeconds(1));

            assertThat(waiting()).isEmpty();
        }

        @Test
        void a_timer_that_was_due_meanwhile_fires_at_once() {
            ask(enqueue("c1"));
            replies.expectMessage(new Reply.Done());
            crash();
            clock.advance(LedgerDecider.PATIENCE);

            shell = spawn();
            pass(Duration.ofMillis(10));

            assertThat(waiting()).isEmpty();
        }
    }

    @Nested
    class A_timer {

        @Test
        void that_the_state_no_longer_wants_does_not_fire() {
            ask(enqueue("c1"));
            ask(new QueueCommand.Leave("c1", LeaveReason.ABANDONED, 1, ""));
            replies.expectMessage(new Reply.Done());
            replies.expectMessage(new Reply.Done());

            pass(LedgerDecider.PATIENCE.plusSeconds(1));
            shell.tell(new EntityMessage.TimerDue("c1"));

            assertThat(waiting()).isEmpty();
            assertThat(journal.persistedInStorage(persistenceId())).hasSize(2);
        }

        @Test
        void that_the_scheduler_brings_too_early_is_put_off() {
            ask(enqueue("c1"));
            replies.expectMessage(new Reply.Done());
            // The scheduler's clock runs ahead of the wall clock by a second.
            time.timePasses(LedgerDecider.PATIENCE);
            clock.advance(LedgerDecider.PATIENCE.minusSeconds(1));
            assertThat(waiting()).containsExactly("c1");

            pass(Duration.ofSeconds(1));

            assertThat(waiting()).isEmpty();
        }
    }

    @Nested
    class A_write_that_fails {

        @Test
        void means_that_nothing_was_decided_and_the_entity_starts_again_from_its_journal() {
            ask(enqueue("c1"));
            replies.expectMessage(new Reply.Done());
            calls.expectMessage(new ToCall("c1", new CallCommand.Enqueued(id, 0)));
            journal.failNextPersisted(persistenceId());

            ask(enqueue("c2"));
            replies.expectNoMessage(Duration.ofMillis(200));
            pass(Duration.ofSeconds(1));

            calls.expectMessage(new ToCall("c1", new CallCommand.AreYouWaiting(id)));
            assertThat(waiting()).containsExactly("c1");
            ask(enqueue("c2"));
            replies.expectMessage(new Reply.Done());
            assertThat(waiting()).containsExactly("c1", "c2");
        }
    }

    @Nested
    class A_snapshot {

        @Test
        void is_a_short_history_from_which_the_entity_starts_again() {
            IntStream.rangeClosed(1, 9).forEach(n -> askAndWait(enqueue("c" + n)));
            askAndWait(new QueueCommand.Leave("c1", LeaveReason.ABANDONED, 1, ""));

            var stored = snapshots.expectNextPersistedClass(persistenceId(), QueueSnapshot.class);

            assertThat(stored.getEventsList()).hasSize(8).allMatch(QueueEvent::hasCallEntered);
            stop(shell);
            journal.clearByIdPreservingSeqNumbers(persistenceId());
            shell = spawn();
            assertThat(waiting()).containsExactly("c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9");
        }
    }

    @Nested
    class An_entity_with_nothing_to_do {

        @Test
        void asks_for_rest_after_a_while_and_stops_when_told() {
            tell(new QueueCommand.ConfigurationChanged());
            calls.expectMessageClass(ToCall.class);

            pass(SETTINGS.restAfter());

            shard.expectMessage(new ClusterSharding.Passivate<>(shell));
            var watcher = testKit.createTestProbe();
            shell.tell(EntityMessage.Stop.NOW);
            watcher.expectTerminated(shell, Duration.ofSeconds(10));
            woken.expectNoMessage(Duration.ZERO);
        }

        @Test
        void stays_when_something_comes_first() {
            assertThat(waiting()).isEmpty();
            pass(SETTINGS.restAfter().minusSeconds(1));
            askAndWait(enqueue("c1"));
            tell(new QueueCommand.OfferAccepted("c1", "o1", 1));

            pass(Duration.ofSeconds(20));

            assertThat(waiting()).containsExactly("c1");
            shard.expectNoMessage(Duration.ZERO);
        }

        @Test
        void is_started_again_when_something_came_between_asking_and_stopping() {
            assertThat(waiting()).isEmpty();
            pass(SETTINGS.restAfter());
            shard.expectMessage(new ClusterSharding.Passivate<>(shell));
            askAndWait(enqueue("c1"));

            shell.tell(EntityMessage.Stop.NOW);

            woken.expectMessage(id);
        }

        @Test
        void writes_what_it_has_decided_before_it_stops() {
            var watcher = testKit.createTestProbe();
            tell(enqueue("c1"));
            shell.tell(EntityMessage.Stop.NOW);

            watcher.expectTerminated(shell, Duration.ofSeconds(10));
            assertThat(journal.persistedInStorage(persistenceId())).hasSize(1);
            calls.expectMessage(new ToCall("c1", new CallCommand.Enqueued(id, 0)));
        }
    }

    @Nested
    class Others {

        @Test
        void see_every_change_and_that_the_entity_has_left() {
            hub.expectMessage(new LiveHub.Publish(view(0)));
            askAndWait(enqueue("c1"));
            hub.expectMessage(new LiveHub.Publish(view(1)));
            tell(new QueueCommand.OfferAccepted("c1", "o1", 1));
            assertThat(waiting()).containsExactly("c1");
            hub.expectNoMessage(Duration.ZERO);

            stop(shell);

            hub.expectMessage(new LiveHub.Withdraw(LiveKey.of(view(1))));
        }

        @Test
        void tell_it_of_a_changed_configuration_only_while_it_lives_here() {
            assertThat(waiting()).isEmpty();
            local.configurationChanged(new DirectoryChange(Set.of(), Set.of(id, "elsewhere")));
            calls.expectMessage(new ToCall("configuration", new CallCommand.Enqueued(id, 0)));

            stop(shell);
            local.configurationChanged(new DirectoryChange(Set.of(), Set.of(id)));

            calls.expectNoMessage(Duration.ZERO);
        }

        private View view(int waiting) {
            return new View.OfQueue(id, waiting, 0, null, 0, 0);
        }
    }

    // --- Hands

    private record ToCall(String callId, CallCommand command) {}

    private ActorRef<EntityMessage> spawn() {
        var environment = new ShellEnvironment(
                new Outside(),
                (boxId, command) -> {},
                (hook, question, answer) -> {},
                () -> Directory.EMPTY,
                clock,
                () -> "id",
                hub.getRef(),
                local,
                failures,
                EntityMeter.NONE,
                new JournalFigures(),
                SETTINGS);
        return testKit.spawn(EntityShell.create(
                EntityKind.queue(new LedgerDecider()), id, environment, shard.getRef(), () -> woken.getRef()
                        .tell(id)));
    }

    private void stop(ActorRef<EntityMessage> entity) {
        testKit.stop(entity, Duration.ofSeconds(10));
    }

    /** As far as the journal is concerned, a stop without warning is a crash. */
    private void crash() {
        stop(shell);
        calls = testKit.createTestProbe(ToCall.class);
    }

    private void pass(Duration duration) {
        clock.advance(duration);
        time.timePasses(duration);
    }

    private String persistenceId() {
        return "Queue|" + id;
    }

    private QueueCommand enqueue(String callId) {
        return new QueueCommand.Enqueue(callId, "box", 5, clock.instant(), "", 0);
    }

    private void tell(QueueCommand command) {
        shell.tell(new EntityMessage.ToEntity(command, null));
    }

    private void ask(QueueCommand command) {
        shell.tell(new EntityMessage.ToEntity(command, replies.getRef()));
    }

    private void askAndWait(QueueCommand command) {
        ask(command);
        replies.expectMessage(new Reply.Done());
    }

    /** Also waits until everything told before has been dealt with. */
    private List<String> waiting() {
        var probe = testKit.createTestProbe(Reply.class);
        shell.tell(new EntityMessage.ToEntity(new QueueCommand.ListWaiting(), probe.getRef()));
        return probe.expectMessageClass(Reply.WaitingCalls.class, Duration.ofSeconds(20)).calls().stream()
                .map(Reply.WaitingCall::callId)
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test never let the journal write");
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static final class Time extends Clock {
        private volatile Instant now = START;

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Everybody else; only calls are spoken to in these tests. */
    private final class Outside implements Entities {
        @Override
        public void tellCall(String callId, CallCommand command) {
            trace.add("said");
            calls.getRef().tell(new ToCall(callId, command));
        }

        @Override
        public void tellAgent(String agentId, AgentCommand command) {
            throw new IllegalStateException("nobody speaks to agents here");
        }

        @Override
        public void tellQueue(String queueId, QueueCommand command) {
            throw new IllegalStateException("nobody speaks to queues here");
        }

        @Override
        public void tellSeat(String seatId, SeatCommand command) {
            throw new IllegalStateException("nobody speaks to seats here");
        }

        @Override
        public CompletionStage<Reply> askSeat(String seatId, SeatCommand command) {
            throw new IllegalStateException("nobody asks seats here");
        }

        @Override
        public CompletionStage<Reply> askAgent(String agentId, AgentCommand command) {
            throw new IllegalStateException("nobody asks agents here");
        }

        @Override
        public CompletionStage<Reply> askQueue(String queueId, QueueCommand command) {
            throw new IllegalStateException("nobody asks queues here");
        }
    }
}
