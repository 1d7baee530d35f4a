package dev.carillon.telephony;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.carillon.protocol.CborSerializable;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.protocol.view.View.BoxPhase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Owns the connection to one box: the only one in the cluster that speaks to it.
 *
 * <pre>
 *           +------------------ retry, settings changed -----------------+
 *           v                                                            |
 *   [CONNECTING] --answers--> [RECONCILING] --inventory--> [UP] -----> [LOST]
 *           |                       |                                    ^
 *           +--- refused, timed out +------------- back off -------------+
 *
 *   [LOST] to another Carillon, or for want of an adapter: no attempt until its settings change or an operator asks for one
 *
 *   any --box deleted, or not known--> answers late commands for a minute, then stops
 * </pre>
 *
 * What is known and decided of calls is in {@link BoxCalls}; this actor connects, waits and carries out. It stores nothing:
 * on whichever member it starts, it asks the box.
 *
 * <p>A box that is taken out of the configuration is told nothing, and its calls are told that it has no legs of theirs
 * ({@code BoxBack} with an empty list and no incarnation): nobody could ever speak to it again, so to Carillon they have
 * ended. A telephony node that has never seen settings of its box says {@code BoxAway} instead.
 */
public final class TelephonyNode extends AbstractBehavior<TelephonyNode.Command> {

    public interface Command {}

    /** A call wants something of the box. */
    public record Execute(BoxCommand command) implements Command, CborSerializable {}

    /** Live. Said over and over, so that a telephony node that died with its member is started again elsewhere. */
    public record Wake() implements Command, CborSerializable {}

    /** The box's settings may have changed: look. */
    public record SettingsChanged() implements Command, CborSerializable {}

    /** An operator wants the connection tried now: also one that was left to another Carillon. */
    public record ConnectNow() implements Command, CborSerializable {}

    private record Connect() implements Command {}

    private record FromLink(int number, BoxLink.Report report) implements Command {}

    private record LinkStopped(int number) implements Command {}

    /** The link stopped, and its last word has not come even a little later. */
    private record LinkVanished(int number) implements Command {}

    private record ConnectTimedOut(int number) implements Command {}

    /** @param answer null when there was none */
    private record SeatAnswered(SeatWatch.Word word, Reply.SeatHeard answer) implements Command {}

    private record Tick() implements Command {}

    private record Forgotten() implements Command {}

    /**
     * What a telephony node needs of the world around it.
     *
     * @param settings of a box by its id, from memory: asked for all the time; empty when there is no such box. To have them and then
     *     not to have them means that the box was deleted, and its calls are let go of
     * @param adapters by the kind of box they speak to
     * @param seats the way to the seats of the box
     * @param live where the box is shown
     * @param meter told of messages that are passed over
     * @param admission of the new calls of all boxes of this member
     * @param chance a number from 0 (inclusive) to 1 (exclusive)
     */
    public record Surroundings(
            Function<String, Optional<BoxSettings>> settings,
            Map<String, BoxAdapter> adapters,
            CallGateway calls,
            SeatGateway seats,
            BoxDisplay live,
            BoxMeter meter,
            Admission admission,
            Clock clock,
            DoubleSupplier chance) {}

    /** A link's last word and the news of its end travel by different ways. */
    private static final Duration LAST_WORD = Duration.ofMillis(500);

    /** For how long a telephony node that has no box answers late commands. */
    private static final Duration WITHOUT_BOX = Duration.ofMinutes(1);

    private static final String LEFT_TO_ANOTHER =
            "It is left alone, since two that take a box from each other in turn leave it"
                    + " without either: no box may be configured in two Carillons. To take it back, remove it there and then store its"
                    + " settings here once more: PUT /api/v1/boxes/%s";

    private static final String CONNECT = "connect";
    private static final String CONNECT_TIMEOUT = "connect-timeout";

    private final String boxId;
    private final Surroundings around;
    private final TelephonySettings times;
    private final TimerScheduler<Command> timers;
    private final Logger log;
    private final BoxCalls calls;
    private final SeatWatch seats;
    private final BrokenMessages broken;
    private final BoxView view;

    private BoxSettings settings;
    private ActorRef<BoxLink.Command> link;
    /** Reports of links with another number come from one that was given up, and are not heard. */
    private int linkNumber;

    private boolean reconnectWhenStopped;
    private int failures;
    private Instant upSince;
    /** What the box was told last. */
    private boolean toldOverloaded;

    private String lastFailure = "";
    /** Since when the box has answered and lacked something; null when it does not. */
    private Instant lackingSince;

    public static Behavior<Command> create(String boxId, Surroundings around, TelephonySettings times) {
        Behavior<Command> node = Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new TelephonyNode(context, timers, boxId, around, times)));
        return Behaviors.withMdc(Command.class, Map.of("box", boxId), TelephonyNode::call, node);
    }

    /** Whom a message is about, for the log. */
    private static Map<String, String> call(Command message) {
        var callId = message instanceof Execute execute
                ? execute.command().callId()
                : message instanceof FromLink from && from.report() instanceof BoxLink.Happened happened
                        ? happened.callId()
                        : null;
        return callId == null ? Map.of() : Map.of("call", callId);
    }

    private TelephonyNode(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            String boxId,
            Surroundings around,
            TelephonySettings times) {
        super(context);
        this.boxId = boxId;
        this.around = around;
        this.times = times;
        this.timers = timers;
        this.log = context.getLog();
        this.calls = new BoxCalls(boxId, times.limits());
        this.seats = new SeatWatch(boxId, times.seatGrace());
        this.broken = new BrokenMessages(boxId, around.meter(), log);
        this.view = new BoxView(boxId, around.live()::show, now());
        context.getSelf().tell(new Connect());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Execute.class, this::onExecute)
                .onMessage(FromLink.class, this::onReport)
                .onMessage(Tick.class, this::onTick)
                .onMessage(SeatAnswered.class, this::onSeatAnswered)
                .onMessage(Wake.class, wake -> lookAtSettings())
                .onMessage(SettingsChanged.class, changed -> lookAtSettings())
                .onMessage(ConnectNow.class, asked -> connectNow())
                .onMessage(Connect.class, connect -> connect())
                .onMessage(ConnectTimedOut.class, this::onConnectTimedOut)
                .onMessage(LinkStopped.class, this::onLinkStopped)
                .onMessage(LinkVanished.class, this::onLinkVanished)
                .onMessage(Forgotten.class, forgotten -> this)
                .onSignal(PostStop.class, stop -> onStop())
                .build();
    }

    private Receive<Command> withoutBox(Function<Execute, Behavior<Command>> onExecute) {
        return newReceiveBuilder()
                .onMessage(Execute.class, onExecute::apply)
                .onMessage(Wake.class, wake -> lookForNewSettings())
                .onMessage(SettingsChanged.class, changed -> lookForNewSettings())
                .onMessage(Forgotten.class, forgotten -> Behaviors.stopped())
                .onMessage(LinkStopped.class, stopped -> stopEar(stopped.number()))
                .onMessage(LinkVanished.class, vanished -> stopEar(vanished.number()))
                .onAnyMessage(other -> Behaviors.same())
                .onSignal(PostStop.class, stop -> hide())
                .build();
    }

    // ---- calls

    private Behavior<Command> onExecute(Execute execute) {
        if (settings == null && around.settings().apply(boxId).isEmpty()) {
            // Came before this telephony node has looked at its box.
            return onExecuteWhenUnknown(execute);
        }
        around.admission().answered(execute.command().callId(), now());
        attempt(execute.command(), () -> calls.command(execute.command(), now()));
        return Behaviors.same();
    }

    private Behavior<Command> onExecuteWhenDeleted(Execute execute) {
        attempt(execute.command(), () -> BoxCalls.withoutBox(boxId, execute.command()));
        return Behaviors.same();
    }

    private Behavior<Command> onExecuteWhenUnknown(Execute execute) {
        attempt(execute.command(), () -> BoxCalls.unknownBox(boxId, execute.command()));
        return Behaviors.same();
    }

    private Behavior<Command> onTick(Tick tick) {
        attempt(tick, () -> calls.tick(now()));
        view.calls(calls.count());
        if (seats.configured(around.seats().endpoints(boxId)) && view.phase() == BoxPhase.UP) {
            link.tell(new BoxLink.Watch(seats.endpoints()));
        }
        tellSeats();
        tellWhetherOverloaded();
        return lookAtSettings();
    }

    // ---- who is let in

    private List<BoxCalls.Output> happened(BoxLink.Happened happened) {
        var now = now();
        if (calls.isNew(happened.callId(), happened.event(), now)
                && !around.admission().admits(happened.callId(), now)) {
            tellWhetherOverloaded();
            return calls.refuse(happened.callId(), (BoxEvent.LegOffered) happened.event(), now);
        }
        return calls.happened(happened.callId(), happened.event(), now);
    }

    private void tellWhetherOverloaded() {
        boolean refusing = around.admission().state(now()).refusing();
        if (view.phase() == BoxPhase.UP && refusing != toldOverloaded) {
            toldOverloaded = refusing;
            link.tell(new BoxLink.Overloaded(refusing));
        }
    }

    // ---- seats

    private void tellSeats() {
        for (var word : seats.due(now())) {
            getContext()
                    .pipeToSelf(
                            around.seats().tell(word.seatId(), boxId, word.reachable(), word.number()),
                            (answer, failure) -> new SeatAnswered(word, answer));
        }
    }

    /** One that did not answer is told again. */
    private Behavior<Command> onSeatAnswered(SeatAnswered answered) {
        var word = answered.word();
        var answer = answered.answer();
        if (answer != null) {
            seats.answered(word.seatId(), word.number(), answer.number(), answer.settled());
            showSeats();
        }
        return this;
    }

    private void showSeats() {
        seats.gone().forEach(around.seats()::hide);
        seats.changed().forEach(around.seats()::show);
    }

    /** Nothing that one call or one message has wrong may cost the other calls of the box their telephony node. */
    private void attempt(Object message, Supplier<List<BoxCalls.Output>> decision) {
        try {
            decision.get().forEach(output -> {
                try {
                    carryOut(output);
                } catch (RuntimeException failure) {
                    broken.count(failure.toString(), String.valueOf(output), failure);
                }
            });
        } catch (RuntimeException failure) {
            broken.count(failure.toString(), String.valueOf(message), failure);
        }
    }

    private void carryOut(BoxCalls.Output output) {
        if (output instanceof BoxCalls.Output.Tell tell) {
            around.calls().tell(tell.callId(), tell.event());
        } else if (output instanceof BoxCalls.Output.Pass pass && link != null) {
            link.tell(new BoxLink.Execute(pass.command()));
        } else if (output instanceof BoxCalls.Output.GaveUp gaveUp) {
            log.warn(
                    "Box {}: call {} has had no legs for long and never said that it is over; it is not asked again",
                    boxId,
                    gaveUp.callId());
        }
    }

    // ---- the link

    private Behavior<Command> connect() {
        timers.cancel(CONNECT);
        reconnectWhenStopped = false;
        if (link != null) {
            getContext().stop(link);
        }
        var configured = around.settings().apply(boxId);
        if (configured.isEmpty()) {
            return settings == null ? unknown() : delete();
        }
        settings = configured.get();
        timers.startTimerWithFixedDelay(new Tick(), times.tick());
        var adapter = around.adapters().get(settings.kind());
        if (adapter == null) {
            failWithoutRetry(
                    BoxTrouble.BOX_MISCONFIGURED,
                    "no adapter for boxes of kind \"%s\"; there are: %s"
                            .formatted(
                                    settings.kind(),
                                    String.join(
                                            ", ",
                                            new TreeSet<>(around.adapters().keySet()))));
            return this;
        }
        linkNumber++;
        int number = linkNumber;
        var self = getContext().getSelf();
        ActorRef<BoxLink.Report> ear = getContext()
                .spawn(
                        Behaviors.receiveMessage(report -> {
                            self.tell(new FromLink(number, report));
                            return Behaviors.same();
                        }),
                        ear(number));
        link = getContext().spawn(Behaviors.setup(made -> adapter.link(settings, ear)), "link-" + number);
        getContext().watchWith(link, new LinkStopped(number));
        timers.startSingleTimer(CONNECT_TIMEOUT, new ConnectTimedOut(number), times.connectTimeout());
        log.debug("Box {}: connecting to {} at {}", boxId, settings.kind(), settings.address());
        view.connecting(settings, now());
        return this;
    }

    private Behavior<Command> onReport(FromLink from) {
        if (from.number() != linkNumber) {
            return this;
        }
        if (from.report() instanceof BoxLink.Happened happened) {
            attempt(happened, () -> happened(happened));
        } else if (from.report() instanceof BoxLink.EndpointsHeard heard) {
            seats.heard(heard.endpoints(), now());
            tellSeats();
            showSeats();
        } else if (from.report() instanceof BoxLink.NotUnderstood notUnderstood) {
            broken.count(notUnderstood.why(), notUnderstood.payload(), null);
        } else if (from.report() instanceof BoxLink.Reconciling reconciling) {
            view.reconciling(settings, reconciling.version(), now());
        } else if (from.report() instanceof BoxLink.Up up) {
            onUp(up);
        } else if (from.report() instanceof BoxLink.Down down) {
            onDown(down);
        }
        return this;
    }

    /** A box that has just begun to run does not have all its parts at once. */
    private void onDown(BoxLink.Down down) {
        if (down.trouble() == BoxTrouble.BOX_REPLACED) {
            lackingSince = null;
            failWithoutRetry(down.trouble(), down.detail() + ". " + LEFT_TO_ANOTHER.formatted(boxId));
            return;
        }
        if (down.trouble() != BoxTrouble.BOX_STARTING) {
            lackingSince = null;
            failAndRetry(down.trouble(), down.detail());
            return;
        }
        lackingSince = lackingSince == null ? now() : lackingSince;
        if (now().isBefore(lackingSince.plus(times.startingTime()))) {
            failAndRetry(
                    BoxTrouble.BOX_STARTING,
                    "It answers, and is not ready. That is usual while it starts; after %d s it is not. %s"
                            .formatted(times.startingTime().toSeconds(), down.detail()));
        } else {
            failAndRetry(BoxTrouble.BOX_MISCONFIGURED, down.detail());
        }
    }

    private void onUp(BoxLink.Up up) {
        lackingSince = null;
        timers.cancel(CONNECT_TIMEOUT);
        if (calls.wasRestarted(up.incarnation())) {
            log.warn("Box {}: was restarted, and its calls are gone: {}", boxId, calls.count());
        }
        upSince = now();
        lastFailure = "";
        attempt(up, () -> calls.connected(up.incarnation(), up.calls(), now()));
        seats.configured(around.seats().endpoints(boxId));
        if (!seats.endpoints().isEmpty()) {
            link.tell(new BoxLink.Watch(seats.endpoints()));
        }
        // A node before this one may have told it something else.
        toldOverloaded = around.admission().state(now()).refusing();
        link.tell(new BoxLink.Overloaded(toldOverloaded));
        log.info("Box {}: up: {} at {}, calls on it: {}", boxId, up.version(), settings.address(), calls.count());
        view.up(settings, up.version(), calls.count(), now());
    }

    private Behavior<Command> onConnectTimedOut(ConnectTimedOut timedOut) {
        if (timedOut.number() == linkNumber) {
            getContext().stop(link);
            failAndRetry(
                    BoxTrouble.BOX_UNREACHABLE,
                    view.phase() == BoxPhase.RECONCILING
                            ? "it answers, but did not say within %d s which calls it has"
                                    .formatted(times.connectTimeout().toSeconds())
                            : "no answer from %s within %d s"
                                    .formatted(
                                            settings.address(),
                                            times.connectTimeout().toSeconds()));
        }
        return this;
    }

    private Behavior<Command> onLinkStopped(LinkStopped stopped) {
        timers.startSingleTimer(new LinkVanished(stopped.number()), LAST_WORD);
        return reconnectWhenStopped ? connect() : this;
    }

    private Behavior<Command> onLinkVanished(LinkVanished vanished) {
        if (vanished.number() == linkNumber) {
            failAndRetry(BoxTrouble.BOX_LOST, "the connection ended by a fault of its own; the log says which");
        }
        return stopEar(vanished.number());
    }

    private Behavior<Command> stopEar(int number) {
        getContext().getChild(ear(number)).ifPresent(getContext()::stop);
        return Behaviors.same();
    }

    private static String ear(int number) {
        return "ear-" + number;
    }

    private void failAndRetry(BoxTrouble trouble, String detail) {
        boolean wasSteady = upSince != null && !now().isBefore(upSince.plus(times.steadyAfter()));
        failures = wasSteady ? 1 : failures + 1;
        var pause = times.backOff().pause(failures, around.chance().getAsDouble());
        letGo();
        timers.startSingleTimer(CONNECT, new Connect(), pause);
        view.lost(settings, trouble, detail, calls.count(), now().plus(pause), now());
        logFailure(trouble, detail, "next attempt in %.1f s".formatted(pause.toMillis() / 1000.0));
    }

    private void failWithoutRetry(BoxTrouble trouble, String detail) {
        letGo();
        view.lost(settings, trouble, detail, calls.count(), null, now());
        logFailure(trouble, detail, "no further attempt before its settings are stored again");
    }

    /** From here on nothing of the present link is heard. */
    private void letGo() {
        timers.cancel(CONNECT_TIMEOUT);
        linkNumber++;
        upSince = null;
        seats.disconnected();
        attempt("connection lost", calls::disconnected);
    }

    /** The same failure again and again is worth a warning once. */
    private void logFailure(BoxTrouble trouble, String detail, String next) {
        if (lastFailure.equals(trouble + detail)) {
            log.debug("Box {}: {}: {}; {}", boxId, trouble, detail, next);
        } else {
            log.warn("Box {}: {}: {}; {}", boxId, trouble, detail, next);
        }
        lastFailure = trouble + detail;
    }

    // ---- settings

    private Behavior<Command> lookAtSettings() {
        var configured = around.settings().apply(boxId);
        if (settings == null || configured.filter(settings::connectsLike).isPresent()) {
            return this;
        }
        if (configured.isEmpty()) {
            return delete();
        }
        log.info("Box {}: settings changed; connecting anew to {}", boxId, configured.get());
        settings = configured.get();
        failures = 0;
        lackingSince = null;
        letGo();
        view.lost(
                settings,
                BoxTrouble.BOX_SETTINGS_CHANGED,
                "its settings were changed; connecting anew",
                calls.count(),
                now(),
                now());
        if (link == null || getContext().getChild(link.path().name()).isEmpty()) {
            return connect();
        }
        link.tell(new BoxLink.Close());
        reconnectWhenStopped = true;
        timers.startSingleTimer(CONNECT, new Connect(), times.closeTimeout());
        return this;
    }

    private Behavior<Command> connectNow() {
        if (view.phase() != BoxPhase.LOST || reconnectWhenStopped) {
            return this;
        }
        log.info("Box {}: an operator asks for the connection", boxId);
        failures = 0;
        lastFailure = "";
        return connect();
    }

    private Behavior<Command> delete() {
        log.info("Box {}: no longer in the configuration; calls let go of: {}", boxId, calls.count());
        cancelAttempts();
        attempt("box deleted", calls::deleted);
        if (link != null) {
            link.tell(new BoxLink.Close());
        }
        linkNumber++;
        reconnectWhenStopped = false;
        settings = null;
        failures = 0;
        timers.startSingleTimer(new Forgotten(), WITHOUT_BOX);
        view.lost(null, BoxTrouble.BOX_DELETED, "it is no longer in the configuration", 0, null, now());
        return withoutBox(this::onExecuteWhenDeleted);
    }

    /** Deleted, or added so lately that this member has not read it yet: nobody's call may end by that. */
    private Behavior<Command> unknown() {
        log.warn("Box {}: not in the configuration as this member knows it", boxId);
        timers.startSingleTimer(new Forgotten(), WITHOUT_BOX);
        view.lost(null, BoxTrouble.BOX_UNKNOWN, "it is not in the configuration as this node knows it", 0, null, now());
        return withoutBox(this::onExecuteWhenUnknown);
    }

    private Behavior<Command> lookForNewSettings() {
        if (around.settings().apply(boxId).isEmpty()) {
            return Behaviors.same();
        }
        timers.cancel(new Forgotten());
        return connect();
    }

    /** Not what is still owed to a link that has stopped. */
    private void cancelAttempts() {
        timers.cancel(new Tick());
        timers.cancel(CONNECT);
        timers.cancel(CONNECT_TIMEOUT);
    }

    private Behavior<Command> onStop() {
        log.info("Box {}: its telephony node stops on this member; its calls go on", boxId);
        return hide();
    }

    /** Or this member would go on saying what is no longer so, beside the one that knows. */
    private Behavior<Command> hide() {
        seats.shown().forEach(around.seats()::hide);
        around.live().hide(boxId);
        return this;
    }

    private Instant now() {
        return around.clock().instant();
    }
}
