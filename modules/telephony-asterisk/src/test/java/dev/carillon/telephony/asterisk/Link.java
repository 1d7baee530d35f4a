package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.telephony.BoxLink;
import dev.carillon.telephony.BoxMeter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A link under test and everything it has reported, in order. */
final class Link {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final BlockingQueue<BoxLink.Report> inbox;
    private final ActorRef<BoxLink.Command> link;
    private final List<BoxLink.Report> reports = new ArrayList<>();
    private BoxLink.Up up;

    private Link(BlockingQueue<BoxLink.Report> inbox, ActorRef<BoxLink.Command> link) {
        this.inbox = inbox;
        this.link = link;
    }

    /** As a Carillon of its own. */
    static Link connect(ActorTestKit kit, BoxSettings settings) {
        return connect(kit, settings, UUID.randomUUID().toString());
    }

    static Link connect(ActorTestKit kit, BoxSettings settings, String carillon) {
        var inbox = new LinkedBlockingQueue<BoxLink.Report>();
        ActorRef<BoxLink.Report> owner = kit.spawn(Behaviors.receiveMessage(report -> {
            inbox.add(report);
            return Behaviors.same();
        }));
        return new Link(
                inbox, kit.spawn(new AsteriskAdapter(carillon, BoxMeter.NONE, () -> true).link(settings, owner)));
    }

    /** As an owner does it: again, until the box is there. The first attempts of a fresh JVM on a busy machine may be slow. */
    static Link connectUntilUp(ActorTestKit kit, BoxSettings settings) {
        return connectUntilUp(kit, settings, UUID.randomUUID().toString());
    }

    static Link connectUntilUp(ActorTestKit kit, BoxSettings settings, String carillon) {
        var deadline = Instant.now().plus(LIMIT);
        while (true) {
            var link = connect(kit, settings, carillon);
            var report =
                    link.await(BoxLink.Report.class, one -> one instanceof BoxLink.Up || one instanceof BoxLink.Down);
            if (report instanceof BoxLink.Up up) {
                link.up = up;
                return link;
            }
            assertThat(Instant.now()).describedAs("%s", report).isBefore(deadline);
        }
    }

    /** What {@link #connectUntilUp} ended with. */
    BoxLink.Up inventory() {
        return up;
    }

    void overloaded(boolean refusing) {
        link.tell(new BoxLink.Overloaded(refusing));
    }

    void say(BoxCommand command) {
        link.tell(new BoxLink.Execute(command));
    }

    void watch(String... endpoints) {
        link.tell(new BoxLink.Watch(Set.of(endpoints)));
    }

    /** The next word on endpoints. */
    Map<String, BoxLink.Reach> heard() {
        return await(BoxLink.EndpointsHeard.class, heard -> true).endpoints();
    }

    void close() {
        link.tell(new BoxLink.Close());
    }

    BoxLink.Down down() {
        return await(BoxLink.Down.class, down -> true);
    }

    /** The next new caller. */
    Caller offered() {
        var happened = await(BoxLink.Happened.class, report -> report.event() instanceof BoxEvent.LegOffered);
        return new Caller(happened.callId(), (BoxEvent.LegOffered) happened.event());
    }

    record Caller(String callId, BoxEvent.LegOffered offer) {
        String legId() {
            return offer.legId();
        }
    }

    /** Waits for this to happen; it is then taken out of what has happened. */
    <E extends BoxEvent> E event(String callId, Class<E> kind) {
        return event(callId, kind, event -> true);
    }

    <E extends BoxEvent> E event(String callId, Class<E> kind, Predicate<E> which) {
        var happened = await(
                BoxLink.Happened.class,
                report -> report.callId().equals(callId)
                        && kind.isInstance(report.event())
                        && which.test(kind.cast(report.event())));
        return kind.cast(happened.event());
    }

    /** What has been reported and nobody has waited for. */
    List<BoxEvent> others() {
        drain();
        return reports.stream()
                .filter(BoxLink.Happened.class::isInstance)
                .map(report -> ((BoxLink.Happened) report).event())
                .toList();
    }

    /** Lets everything said before be done: a stock-taking comes back in the call's own order. */
    void settle(String callId) {
        say(new BoxCommand.TakeStock(callId));
        event(callId, BoxEvent.BoxBack.class);
    }

    private void drain() {
        inbox.drainTo(reports);
    }

    private <R extends BoxLink.Report> R await(Class<R> kind, Predicate<R> which) {
        var deadline = Instant.now().plus(LIMIT);
        while (true) {
            for (var report : List.copyOf(reports)) {
                if (kind.isInstance(report) && which.test(kind.cast(report))) {
                    reports.remove(report);
                    return kind.cast(report);
                }
            }
            var next = next(Duration.between(Instant.now(), deadline));
            if (next == null) {
                return fail("no " + kind.getSimpleName() + " as wanted; there were " + reports);
            }
            reports.add(next);
        }
    }

    /** Null when there is none in time. */
    private BoxLink.Report next(Duration limit) {
        try {
            return inbox.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until something outside the link is true. */
    static void until(String what, BooleanSupplier condition, Supplier<String> whyNot) {
        var deadline = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).describedAs("%s: %s", what, whyNot.get()).isBefore(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
