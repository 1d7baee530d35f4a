package dev.carillon.telephony.running;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.telephony.BoxLink;
import dev.carillon.telephony.BoxMeter;
import dev.carillon.telephony.simulated.CallOnBox;
import dev.carillon.telephony.simulated.Report;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The link to a simulated box: lets its time pass, hands it commands and reports what happens. */
final class SimulatedLink extends AbstractBehavior<Object> {

    private static final String VERSION = "simulated box";

    /** Something on the box is due then. */
    private record NextAt(Instant due) {}

    /** A command that was under way for long enough. */
    private record Arrived() {}

    private record Due() {}

    private record Lost() {}

    private record Plugged(String endpoint) {}

    private record UnderWay(BoxCommand command, long said, Instant arrives) {}

    private final TimerScheduler<Object> timers;
    private final Clock clock;
    private final RunningBox box;
    private final BoxMeter meter;
    private final String boxId;
    private final RunningBox.Controller controller;
    private final ActorRef<BoxLink.Report> owner;
    private Set<String> watched = Set.of();
    private final Deque<UnderWay> underWay = new ArrayDeque<>();

    static Behavior<BoxLink.Command> create(
            RunningBox box, Clock clock, BoxMeter meter, BoxSettings settings, ActorRef<BoxLink.Report> owner) {
        return Behaviors.<Object>setup(context -> Behaviors.withTimers(
                        timers -> new SimulatedLink(context, timers, box, clock, meter, settings, owner)))
                .narrow();
    }

    private SimulatedLink(
            ActorContext<Object> context,
            TimerScheduler<Object> timers,
            RunningBox box,
            Clock clock,
            BoxMeter meter,
            BoxSettings settings,
            ActorRef<BoxLink.Report> owner) {
        super(context);
        this.timers = timers;
        this.clock = clock;
        this.meter = meter;
        this.boxId = settings.boxId();
        this.box = box;
        this.owner = owner;
        this.controller = new Reporter(context.getSelf(), owner);
        owner.tell(new BoxLink.Reconciling(VERSION));
        box.control(controller, settings.password());
    }

    @Override
    public Receive<Object> createReceive() {
        return newReceiveBuilder()
                .onMessage(BoxLink.Execute.class, this::onExecute)
                .onMessage(BoxLink.Watch.class, this::onWatch)
                .onMessage(BoxLink.Overloaded.class, this::onOverloaded)
                .onMessage(Plugged.class, this::onPlugged)
                .onMessage(Arrived.class, arrived -> onArrived())
                .onMessage(NextAt.class, this::onNextAt)
                .onMessage(Due.class, due -> onDue())
                .onMessage(BoxLink.Close.class, close -> Behaviors.stopped())
                .onMessage(Lost.class, lost -> Behaviors.stopped())
                .onSignal(PostStop.class, stop -> onStop())
                .build();
    }

    private Behavior<Object> onExecute(BoxLink.Execute execute) {
        var latency = box.commandLatency();
        if (latency.isZero() && underWay.isEmpty()) {
            execute(execute.command(), System.nanoTime());
            return this;
        }
        underWay.add(new UnderWay(
                execute.command(), System.nanoTime(), clock.instant().plus(latency)));
        if (underWay.size() == 1) {
            waitForNext();
        }
        return this;
    }

    private Behavior<Object> onWatch(BoxLink.Watch watch) {
        watched = watch.endpoints();
        say(watched);
        return this;
    }

    private Behavior<Object> onOverloaded(BoxLink.Overloaded overloaded) {
        box.overloaded(controller, overloaded.refusing());
        return this;
    }

    private Behavior<Object> onPlugged(Plugged plugged) {
        if (watched.contains(plugged.endpoint())) {
            say(Set.of(plugged.endpoint()));
        }
        return this;
    }

    private void say(Set<String> endpoints) {
        owner.tell(new BoxLink.EndpointsHeard(
                endpoints.stream().collect(Collectors.toMap(endpoint -> endpoint, this::reach))));
    }

    private BoxLink.Reach reach(String endpoint) {
        return box.reaches(endpoint) ? BoxLink.Reach.YES : BoxLink.Reach.NO;
    }

    private Behavior<Object> onArrived() {
        while (!underWay.isEmpty() && !underWay.peek().arrives().isAfter(clock.instant())) {
            var due = underWay.remove();
            execute(due.command(), due.said());
        }
        if (!underWay.isEmpty()) {
            waitForNext();
        }
        return this;
    }

    private void execute(BoxCommand command, long said) {
        box.execute(controller, command);
        meter.answered(boxId, Duration.ofNanos(System.nanoTime() - said));
    }

    private void waitForNext() {
        timers.startSingleTimer(new Arrived(), until(underWay.element().arrives()));
    }

    private Behavior<Object> onNextAt(NextAt next) {
        timers.startSingleTimer(new Due(), until(next.due()));
        return this;
    }

    private Behavior<Object> onDue() {
        box.pass(controller);
        return this;
    }

    private Behavior<Object> onStop() {
        box.letGo(controller);
        return this;
    }

    private Duration until(Instant due) {
        var left = Duration.between(clock.instant(), due);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Called on any thread: only tells. */
    private record Reporter(ActorRef<Object> link, ActorRef<BoxLink.Report> owner) implements RunningBox.Controller {

        @Override
        public void inventory(String incarnation, List<CallOnBox> calls) {
            var found = calls.stream()
                    .map(call -> new BoxLink.CallOnBox(
                            call.callId(),
                            call.legs(),
                            call.bridged(),
                            call.offered().orElse(null)))
                    .toList();
            owner.tell(new BoxLink.Up(VERSION, incarnation, found));
        }

        @Override
        public void happened(List<Report> reports) {
            reports.forEach(report -> owner.tell(new BoxLink.Happened(report.callId(), report.event())));
        }

        @Override
        public void plugged(String endpoint, boolean in) {
            link.tell(new Plugged(endpoint));
        }

        @Override
        public void nextAt(Instant due) {
            link.tell(new NextAt(due));
        }

        @Override
        public void lost(BoxTrouble trouble, String detail) {
            owner.tell(new BoxLink.Down(trouble, detail));
            link.tell(new Lost());
        }
    }
}
