package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.Receptionist;
import com.typesafe.config.ConfigFactory;
import dev.carillon.protocol.view.View;
import dev.carillon.testkit.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A hub on its own, and a live view fed by hubs that the test plays. */
class LiveHubTest {

    private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration NEVER = Duration.ofHours(1);

    private final ActorTestKit testKit = ActorTestKit.create("live", ConfigFactory.load());

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Nested
    class A_hub {

        private final TestProbe<LiveHub.Update> subscriber = testKit.createTestProbe(LiveHub.Update.class);
        private final LiveTally tally = new LiveTally();
        private ActorRef<LiveHub.Command> hub;

        @Test
        void tells_all_it_has_and_then_every_change_in_sequence() {
            start(Duration.ofMillis(1), NEVER, 100);
            hub.tell(LiveHub.publish(queue("q1", 1)));
            hub.tell(new LiveHub.Subscribe(subscriber.getRef(), 7));
            subscriber.expectMessage(update(7, 1, List.of(queue("q1", 1)), List.of(), true));

            hub.tell(LiveHub.publish(queue("q2", 1)));
            subscriber.expectMessage(update(7, 2, List.of(queue("q2", 1)), List.of(), false));
        }

        @Test
        void sends_the_last_of_changes_that_follow_each_other_closely() {
            start(Duration.ofMillis(300), NEVER, 100);
            hub.tell(new LiveHub.Subscribe(subscriber.getRef(), 1));
            subscriber.receiveMessage();

            IntStream.rangeClosed(1, 5).forEach(n -> hub.tell(LiveHub.publish(queue("q1", n))));
            hub.tell(LiveHub.publish(queue("q2", 1)));

            subscriber.expectMessage(update(1, 2, List.of(queue("q1", 5), queue("q2", 1)), List.of(), false));
        }

        @Test
        void divides_what_is_too_much_for_one_message() {
            start(Duration.ofMillis(1), NEVER, 10);
            IntStream.range(0, 25).forEach(n -> hub.tell(LiveHub.publish(queue("q" + n, 0))));
            hub.tell(new LiveHub.Subscribe(subscriber.getRef(), 1));

            var parts = subscriber.receiveSeveralMessages(3);

            assertThat(parts).extracting(part -> part.views().size()).containsExactly(10, 10, 5);
            assertThat(parts).extracting(LiveHub.Update::sequence).containsExactly(1L, 2L, 3L);
            assertThat(parts).extracting(LiveHub.Update::pictureComplete).containsExactly(false, false, true);
        }

        @Test
        void forgets_a_call_that_ended_and_says_so() {
            start(Duration.ofMillis(1), NEVER, 100);
            hub.tell(LiveHub.publish(call("c1", View.CallPhase.TALKING)));
            hub.tell(new LiveHub.Subscribe(subscriber.getRef(), 1));
            subscriber.receiveMessage();

            hub.tell(LiveHub.publish(call("c1", View.CallPhase.ENDED)));

            subscriber.expectMessage(update(1, 2, List.of(call("c1", View.CallPhase.ENDED)), List.of(), false));
            hub.tell(new LiveHub.Subscribe(subscriber.getRef(), 2));
            subscriber.expectMessage(update(2, 1, List.of(), List.of(), true));
        }

        @Test
        void shows_what_left_the_node_a_while_longer_but_not_to_who_comes_new() {
            start(Duration.ofMillis(1), Duration.ofMillis(100), 100);
            hub.tell(LiveHub.publish(queue("q1", 1)));
            hub.tell(new LiveHub.Subscribe(subscriber.getRef(), 1));
            subscriber.receiveMessage();
            var late = testKit.createTestProbe(LiveHub.Update.class);

            hub.tell(new LiveHub.Withdraw(LiveKey.of(queue("q1", 1))));
            hub.tell(new LiveHub.Subscribe(late.getRef(), 1));

            late.expectMessage(update(1, 1, List.of(), List.of(), true));
            subscriber.expectMessage(update(1, 2, List.of(), List.of(LiveKey.of(queue("q1", 1))), false));
        }

        @Test
        void shows_a_box_no_more_whose_telephony_node_has_left_the_node() {
            start(Duration.ofMillis(1), Duration.ofMillis(100), 100);
            hub.tell(LiveHub.publish(box("west")));
            hub.tell(new LiveHub.Subscribe(subscriber.getRef(), 1));
            subscriber.expectMessage(update(1, 1, List.of(box("west")), List.of(), true));

            hub.tell(LiveHub.withdrawBox("west"));

            subscriber.expectMessage(update(1, 2, List.of(), List.of(LiveKey.of(box("west"))), false));
            hub.tell(new LiveHub.Subscribe(subscriber.getRef(), 2));
            subscriber.expectMessage(update(2, 1, List.of(), List.of(), true));
        }

        @Test
        void says_nothing_of_its_leaving_when_it_has_come_back() {
            start(Duration.ofMillis(1), Duration.ofMillis(100), 100);
            hub.tell(new LiveHub.Subscribe(subscriber.getRef(), 1));
            subscriber.receiveMessage();
            hub.tell(LiveHub.publish(queue("q1", 1)));
            hub.tell(new LiveHub.Withdraw(LiveKey.of(queue("q1", 1))));
            hub.tell(LiveHub.publish(queue("q1", 2)));

            subscriber.expectMessage(update(1, 2, List.of(queue("q1", 2)), List.of(), false));
            subscriber.expectNoMessage(Duration.ofMillis(300));
        }

        @Test
        void keeps_the_tally_of_what_lives_on_its_node() {
            start(Duration.ofMillis(1), NEVER, 100);
            var before = call("c1", View.CallPhase.WAITING);
            hub.tell(LiveHub.publish(before));
            hub.tell(LiveHub.publish(call("c2", View.CallPhase.WAITING)));
            hub.tell(LiveHub.publish(call("c3", View.CallPhase.WAITING)));
            hub.tell(LiveHub.publish(call("c1", View.CallPhase.TALKING)));
            hub.tell(LiveHub.publish(call("c2", View.CallPhase.ENDED)));
            hub.tell(LiveHub.publish(queue("q1", 1)));
            hub.tell(LiveHub.publish(queue("q1", 2)));
            hub.tell(LiveHub.publish(queue("q2", 1)));
            hub.tell(new LiveHub.Withdraw(LiveKey.of(queue("q2", 1))));

            Eventually.passes(() -> {
                assertThat(tally.calls())
                        .containsEntry(View.CallPhase.WAITING, 1L)
                        .containsEntry(View.CallPhase.TALKING, 1L)
                        .containsEntry(View.CallPhase.ENDED, 0L);
                assertThat(tally.takeChangedQueues())
                        .containsOnly(
                                Map.entry("q1", Optional.of(queue("q1", 2))),
                                Map.entry("q2", Optional.<View.OfQueue>empty()));
            });
            assertThat(tally.takeChangedQueues()).isEmpty();

            hub.tell(new LiveHub.Withdraw(LiveKey.of(before)));

            Eventually.passes(() -> assertThat(tally.calls()).containsEntry(View.CallPhase.TALKING, 0L));
        }

        private void start(Duration batch, Duration grace, int viewsPerMessage) {
            hub = testKit.spawn(LiveHub.create(new LiveSettings(batch, NEVER, NEVER, grace, viewsPerMessage), tally));
        }

        private LiveHub.Update update(
                long number, long sequence, List<View> views, List<LiveKey> withdrawn, boolean complete) {
            return new LiveHub.Update(hub, number, sequence, views, withdrawn, complete);
        }
    }

    @Nested
    class A_live_view {

        private final MergedLiveView view = new MergedLiveView();
        private final List<View> told = new CopyOnWriteArrayList<>();
        private final Runnable unsubscribe = view.subscribe(told::add);

        @Test
        void merges_what_several_hubs_tell() {
            start(NEVER, NEVER);
            var north = new Hub();
            var south = new Hub();

            north.picture(queue("q1", 1), call("c1", View.CallPhase.WAITING));
            south.picture(queue("q2", 2));

            Eventually.passes(() -> {
                assertThat(view.queues()).containsExactly(queue("q1", 1), queue("q2", 2));
                assertThat(view.call("c1")).contains(call("c1", View.CallPhase.WAITING));
                assertThat(view.agent("nobody")).isEmpty();
            });
            assertThat(told).hasSize(3);
        }

        @Test
        void asks_anew_when_it_has_missed_something_and_believes_the_new_picture() {
            start(NEVER, NEVER);
            var north = new Hub();
            north.picture(queue("q1", 1), queue("q2", 1), call("c1", View.CallPhase.TALKING));

            north.sequence++;
            north.changes(queue("q1", 5));
            north.expectSubscription();
            north.picture(queue("q1", 2), queue("q3", 1));

            Eventually.passes(() -> {
                assertThat(view.queues()).containsExactly(queue("q1", 2), queue("q3", 1));
                assertThat(view.calls()).isEmpty();
            });
            assertThat(told).doesNotContain(queue("q1", 5)).contains(call("c1", View.CallPhase.ENDED));
        }

        @Test
        void asks_anew_when_a_hub_is_silent() {
            start(Duration.ofMillis(200), NEVER);
            var north = new Hub();
            north.picture(queue("q1", 1));

            north.expectSubscription();
            north.picture(queue("q1", 1));

            assertThat(view.queues()).containsExactly(queue("q1", 1));
        }

        @Test
        void drops_a_call_that_ended() {
            start(NEVER, NEVER);
            var north = new Hub();
            north.picture(call("c1", View.CallPhase.TALKING));

            north.changes(call("c1", View.CallPhase.ENDED));

            Eventually.passes(() -> assertThat(told)
                    .containsExactly(call("c1", View.CallPhase.TALKING), call("c1", View.CallPhase.ENDED)));
            assertThat(view.calls()).isEmpty();
        }

        @Test
        void keeps_what_has_moved_to_another_hub() {
            start(NEVER, NEVER);
            var north = new Hub();
            var south = new Hub();
            north.picture(queue("q1", 1));
            Eventually.passes(() -> assertThat(view.queue("q1")).contains(queue("q1", 1)));
            south.picture(queue("q1", 2));
            Eventually.passes(() -> assertThat(view.queue("q1")).contains(queue("q1", 2)));

            north.withdraw(LiveKey.of(queue("q1", 1)));
            north.changes(queue("marker", 0));

            Eventually.passes(() -> assertThat(view.queue("marker")).isPresent());
            assertThat(view.queue("q1")).contains(queue("q1", 2));
        }

        @Test
        void drops_what_a_lost_hub_had_after_a_while_unless_another_has_it() {
            start(NEVER, Duration.ofMillis(300));
            var north = new Hub();
            var south = new Hub();
            north.picture(queue("q1", 1), queue("q2", 1), call("c1", View.CallPhase.TALKING));
            Eventually.passes(() -> assertThat(view.queue("q1")).isPresent());

            north.probe.stop();
            south.picture(queue("q1", 2));

            Eventually.passes(() -> {
                assertThat(view.queues()).containsExactly(queue("q1", 2));
                assertThat(view.calls()).isEmpty();
            });
            assertThat(told).contains(call("c1", View.CallPhase.ENDED));
        }

        @Test
        void goes_on_when_a_listener_fails_and_tells_no_more_to_who_has_left() {
            start(NEVER, NEVER);
            var ofTheBroken = view.subscribe(change -> {
                throw new IllegalStateException("a listener's bug");
            });
            unsubscribe.run();
            var north = new Hub();
            north.picture(queue("q1", 1));
            north.changes(queue("q2", 1));

            Eventually.passes(() -> assertThat(view.queues()).hasSize(2));
            assertThat(told).isEmpty();
            ofTheBroken.run();
        }

        private void start(Duration silence, Duration grace) {
            testKit.spawn(LiveMerger.create(
                    view, new LiveSettings(Duration.ofMillis(1), Duration.ofMillis(50), silence, grace, 100)));
        }

        /** A hub played by the test. */
        private final class Hub {
            private final TestProbe<LiveHub.Command> probe = testKit.createTestProbe(LiveHub.Command.class);
            private LiveHub.Subscribe subscription;
            private long sequence;

            Hub() {
                testKit.system().receptionist().tell(Receptionist.register(LiveHub.KEY, probe.getRef()));
                expectSubscription();
            }

            void expectSubscription() {
                subscription = probe.expectMessageClass(LiveHub.Subscribe.class, Duration.ofSeconds(20));
                sequence = 0;
            }

            void picture(View... views) {
                send(List.of(views), List.of(), true);
            }

            void changes(View... views) {
                send(List.of(views), List.of(), false);
            }

            void withdraw(LiveKey key) {
                send(List.of(), List.of(key), false);
            }

            private void send(List<View> views, List<LiveKey> withdrawn, boolean complete) {
                subscription
                        .subscriber()
                        .tell(new LiveHub.Update(
                                probe.getRef(), subscription.number(), ++sequence, views, withdrawn, complete));
            }
        }
    }

    private static View.OfBox box(String id) {
        return new View.OfBox(id, View.BoxPhase.UP, TIME, "asterisk", "http://10.0.0.7:8088", "", "", "", 0, null);
    }

    private static View.OfQueue queue(String id, int waiting) {
        return new View.OfQueue(id, waiting, 0, null, 0, 0);
    }

    private static View.OfCall call(String id, View.CallPhase phase) {
        return new View.OfCall(id, phase, TIME, "box", "1", "2", "q", 5, null, TIME, 0);
    }
}
