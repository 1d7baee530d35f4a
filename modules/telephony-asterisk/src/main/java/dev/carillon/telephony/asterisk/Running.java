package dev.carillon.telephony.asterisk;

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
import dev.carillon.telephony.Payload;
import dev.carillon.telephony.asterisk.EventSocket.Signal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;

/**
 * The second half of a link: carries commands to the box and tells the owner what happens there, until the box is lost or another
 * controller takes it over. From that moment on nothing more is asked of the box: there is no other fence between two controllers.
 *
 * <p>Two clocks run beside the calls. Every {@link #PULSE} an event is made and has to be heard, which proves requests, events and
 * the box's own threads at once. Every {@link #SWEEP} the box is asked what it has, and what it and the book disagree about is
 * looked into: an end that was missed, a caller the dialplan took back, a bridge with one person in it.
 */
final class Running extends AbstractBehavior<Object> {

    private enum Tick {
        PULSE,
        SWEEP,
        RETAKE,
        ENDPOINTS
    }

    private record CommandDone(BoxCommand command, Learnt learnt, Throwable failure) {}

    private record Found(Learnt learnt, Throwable failure) {}

    private record Swept(Stock stock, Throwable failure) {}

    private record EndpointsAsked(Endpoints.Asked asked, Throwable failure) {}

    private record ProbeNow(String legId) {}

    /** @param took until the answer, or until it was given up */
    private record Pulsed(AriReply reply, Duration took) {}

    /**
     * What connecting leaves to do.
     *
     * @param waiting callers to fetch from the dialplan, the first to come first
     * @param early events that came while the book was being filled
     * @param unsubscribed legs of whose end no event will tell
     */
    record Unfinished(List<AriChannel> waiting, List<AriEvent> early, List<String> unsubscribed) {}

    static final Duration PULSE = Duration.ofMillis(1500);
    static final Duration SWEEP = Duration.ofSeconds(15);

    /** 1 while new callers are being refused; see {@code deploy/asterisk}. */
    private static final String OVERLOAD = "CARILLON_OVERLOAD";

    /** A box that needs this long for a request that asks nothing of it holds calls up. */
    private static final Duration SLOW = Duration.ofMillis(500);

    /** It is said again while it lasts. */
    private static final Duration REMINDER = Duration.ofMinutes(1);

    /** Three pulses unheard. */
    private static final Duration SILENCE = Duration.ofMillis(4800);

    /** Twenty callers a second out of the dialplan's hands: what a box can do beside its work. */
    private static final Duration RETAKE_PACE = Duration.ofMillis(50);

    /** A channel's end is announced twice, and the second announcement has the cause. */
    private static final Duration PROBE_DELAY = Duration.ofMillis(400);

    private final String carillon;
    private final BoxSettings settings;
    private final ActorRef<BoxLink.Report> owner;
    private final AriClient client;
    private final EventSocket socket;
    private final Book book;
    private final Commands commands;
    private final Subscriptions subscriptions;
    private final StockTaking stockTaking;
    private final Endpoints endpoints;
    private final Sweep sweep = new Sweep();
    private final Retake retake;
    private final Lanes lanes;
    private final TimerScheduler<Object> timers;
    private final Logger log;
    private final Clock clock = Clock.systemUTC();
    /** What the box is to be told about overload; null when it has been told. */
    private Boolean overload;

    private Instant heardAt = clock.instant();
    private long broken;

    /** When it was last said that the box is slow; null when it is not. */
    private Instant slowSaidAt;

    private Running(
            ActorContext<Object> context,
            TimerScheduler<Object> timers,
            String carillon,
            BoxSettings settings,
            ActorRef<BoxLink.Report> owner,
            AriClient client,
            EventSocket socket,
            Book book) {
        super(context);
        this.carillon = carillon;
        this.settings = settings;
        this.owner = owner;
        this.client = client;
        this.socket = socket;
        this.book = book;
        this.timers = timers;
        this.log = context.getLog();
        this.lanes = new Lanes(book::callVariable);
        this.commands = new Commands(client, clock);
        this.subscriptions = new Subscriptions(client, context.getSystem());
        this.stockTaking = new StockTaking(client, context.getSystem());
        this.endpoints = new Endpoints(client, context.getSystem());
        this.retake = new Retake(client);
    }

    static Behavior<Object> create(
            ActorContext<Object> context,
            String carillon,
            BoxSettings settings,
            ActorRef<BoxLink.Report> owner,
            AriClient client,
            EventSocket socket,
            Book book,
            Unfinished unfinished) {
        return Behaviors.withTimers(timers -> {
            var running = new Running(context, timers, carillon, settings, owner, client, socket, book);
            timers.startTimerWithFixedDelay(Tick.PULSE, PULSE);
            timers.startTimerWithFixedDelay(Tick.SWEEP, SWEEP);
            running.fetch(unfinished.waiting());
            for (var event : unfinished.early()) {
                if (!running.take(event)) {
                    return running.replaced();
                }
            }
            unfinished.unsubscribed().forEach(legId -> running.carryOut(new Todo.Probe(legId)));
            return running;
        });
    }

    @Override
    public Receive<Object> createReceive() {
        return newReceiveBuilder()
                .onMessage(Signal.Heard.class, this::onHeard)
                .onMessage(BoxLink.Execute.class, execute -> {
                    lanes.say(execute.command()).ifPresent(this::begin);
                    return this;
                })
                .onMessage(BoxLink.Watch.class, watch -> {
                    askForEndpoints(endpoints.watch(watch.endpoints()));
                    return this;
                })
                .onMessage(BoxLink.Overloaded.class, overloaded -> {
                    overload = overloaded.refusing();
                    sayOverload();
                    return this;
                })
                .onMessage(EndpointsAsked.class, this::onEndpointsAsked)
                .onMessageEquals(Tick.ENDPOINTS, () -> {
                    askForEndpoints(endpoints.rested());
                    return this;
                })
                .onMessage(CommandDone.class, this::onCommandDone)
                .onMessage(Found.class, this::onFound)
                .onMessage(Swept.class, this::onSwept)
                .onMessage(ProbeNow.class, this::onProbeNow)
                .onMessageEquals(Tick.PULSE, this::onPulse)
                .onMessage(Pulsed.class, this::onPulsed)
                .onMessageEquals(Tick.SWEEP, this::onSweep)
                .onMessageEquals(Tick.RETAKE, this::onRetake)
                .onMessage(Signal.Closed.class, closed -> lost("The box closed the connection " + closed.reason()))
                .onMessage(BoxLink.Close.class, close -> Behaviors.stopped())
                .onSignal(PostStop.class, stopped -> {
                    letGo();
                    return this;
                })
                // What is left over from connecting.
                .onAnyMessage(other -> this)
                .build();
    }

    // ---- what the box says

    private Behavior<Object> onHeard(Signal.Heard heard) {
        heard.confirm().tell(EventSocket.Take.NEXT);
        heardAt = clock.instant();
        return take(heard.event()) ? this : replaced();
    }

    /** @return whether the box is still ours */
    private boolean take(AriEvent event) {
        if (event instanceof AriEvent.Replaced) {
            return false;
        }
        if (event instanceof AriEvent.Broken unreadable) {
            noteBroken(unreadable);
        } else if (event instanceof AriEvent.EndpointChanged changed) {
            askForEndpoints(endpoints.on(changed));
        } else if (event instanceof AriEvent.ContactChanged changed) {
            askForEndpoints(endpoints.on(changed));
        } else {
            if (log.isDebugEnabled()) {
                log.debug("Box {}: {}", settings.boxId(), Payload.forLog(event.toString()));
            }
            carryOut(book.on(event));
        }
        return true;
    }

    private void askForEndpoints(boolean wanted) {
        if (wanted) {
            getContext().pipeToSelf(endpoints.ask(), EndpointsAsked::new);
            timers.startSingleTimer(Tick.ENDPOINTS, Endpoints.PACE);
        }
    }

    private Behavior<Object> onEndpointsAsked(EndpointsAsked answer) {
        if (answer.failure() != null) {
            log.debug("Box {} could not be asked for its endpoints", settings.boxId(), answer.failure());
            endpoints.failed();
        } else {
            var news = endpoints.answered(answer.asked(), clock.instant());
            if (!news.isEmpty()) {
                owner.tell(new BoxLink.EndpointsHeard(news));
            }
        }
        askForEndpoints(endpoints.again());
        return this;
    }

    /** A global variable, of which the dialplan may make what it likes. Said again with each pulse until it is done. */
    private void sayOverload() {
        var said = overload;
        if (said != null) {
            find(client.post("/asterisk/variable", "variable", OVERLOAD, "value", said ? "1" : "0")
                    .thenApply(reply -> known -> {
                        if (reply.done() && said.equals(overload)) {
                            overload = null;
                        }
                        return Book.Outcome.NOTHING;
                    }));
        }
    }

    private void noteBroken(AriEvent.Broken message) {
        broken++;
        if (broken == 1) {
            log.warn(
                    "Box {} sent a message that is not understood ({}); it is skipped, further ones are only counted:"
                            + " {}",
                    settings.boxId(),
                    Payload.forLog(message.reason()),
                    Payload.forLog(message.text()));
        }
    }

    private void carryOut(Book.Outcome outcome) {
        outcome.happened().forEach(owner::tell);
        outcome.todos().forEach(this::carryOut);
    }

    private void carryOut(Todo todo) {
        if (todo instanceof Todo.Execute execute) {
            lanes.say(execute.command()).ifPresent(this::begin);
        } else if (todo instanceof Todo.Subscribe subscribe) {
            // Refused when the channel has just ended; then nobody else will tell.
            find(subscriptions
                    .subscribe(subscribe.channelId())
                    .thenApply(reply -> !reply.done() && !reply.unknown()
                            ? known -> Book.Outcome.todo(new Todo.Probe(subscribe.channelId()))
                            : Learnt.NOTHING));
        } else if (todo instanceof Todo.Claim claim) {
            find(client.post("/events/claim", "channelId", claim.channelId(), "application", AriClient.APPLICATION)
                    .thenApply(reply -> Learnt.NOTHING));
        } else if (todo instanceof Todo.Probe probe) {
            getContext().scheduleOnce(PROBE_DELAY, getContext().getSelf(), new ProbeNow(probe.legId()));
        } else if (todo instanceof Todo.DestroyBridge destroy) {
            find(client.delete("/bridges/" + destroy.bridgeId()).thenApply(reply -> known -> {
                known.bridgeGone(destroy.bridgeId());
                return Book.Outcome.NOTHING;
            }));
        } else if (todo instanceof Todo.Strange strange) {
            log.warn("Box {}: {}", settings.boxId(), Payload.forLog(strange.what()));
        }
    }

    // ---- what the owner says

    private void begin(BoxCommand command) {
        CompletionStage<Learnt> learning;
        try {
            learning = commands.execute(command, book);
        } catch (RuntimeException e) {
            learning = CompletableFuture.failedFuture(e);
        }
        getContext().pipeToSelf(learning, (learnt, failure) -> new CommandDone(command, learnt, failure));
    }

    private Behavior<Object> onCommandDone(CommandDone done) {
        apply(done.learnt(), done.failure());
        lanes.done(done.command()).forEach(this::begin);
        return this;
    }

    private void find(CompletionStage<Learnt> finding) {
        getContext().pipeToSelf(finding, Found::new);
    }

    private Behavior<Object> onFound(Found found) {
        apply(found.learnt(), found.failure());
        return this;
    }

    private void apply(Learnt learnt, Throwable failure) {
        if (failure != null) {
            log.error("A request to box {} failed in a way that nobody expects", settings.boxId(), failure);
        } else {
            carryOut(learnt.apply(book));
        }
    }

    private Behavior<Object> onProbeNow(ProbeNow probe) {
        if (book.leg(probe.legId()).isPresent()) {
            find(commands.probe(probe.legId()));
        }
        return this;
    }

    // ---- the clocks

    private Behavior<Object> onPulse() {
        if (Duration.between(heardAt, clock.instant()).compareTo(SILENCE) > 0) {
            return lost("The box has been silent for " + SILENCE.toMillis() + " ms");
        }
        sayOverload();
        var sent = System.nanoTime();
        getContext()
                .pipeToSelf(
                        client.post("/events/user/carillon-pulse", "application", AriClient.APPLICATION),
                        (reply, failure) -> new Pulsed(reply, Duration.ofNanos(System.nanoTime() - sent)));
        return this;
    }

    /** Its user or password was changed while we were connected: events still come, but nothing can be done any more. */
    private Behavior<Object> onPulsed(Pulsed pulsed) {
        if (pulsed.reply() != null && pulsed.reply().refused()) {
            var refused = (Requirements.Result.Fails) Requirements.failure(pulsed.reply());
            return down(refused.trouble(), refused.detail());
        }
        sayWhenSlow(pulsed.took());
        return this;
    }

    private void sayWhenSlow(Duration took) {
        if (took.compareTo(SLOW) < 0) {
            if (slowSaidAt != null) {
                log.info("Box {}: answers fast again, a request took {} ms", settings.boxId(), took.toMillis());
            }
            slowSaidAt = null;
        } else if (slowSaidAt == null || clock.instant().isAfter(slowSaidAt.plus(REMINDER))) {
            slowSaidAt = clock.instant();
            log.warn(
                    "Box {}: answers slowly, a request took {} ms: look at the box and the network to it, not at the database",
                    settings.boxId(),
                    took.toMillis());
        }
    }

    private Behavior<Object> onSweep() {
        getContext().pipeToSelf(stockTaking.take(Sweep.worthAsking(book)), Swept::new);
        askForEndpoints(endpoints.sweep());
        return this;
    }

    private Behavior<Object> onSwept(Swept swept) {
        // A box that cannot be asked will be found silent, or answer the next time.
        if (swept.failure() == null) {
            carryOut(sweep.compare(book, swept.stock()));
            fetch(StockTaking.waitingOutside(swept.stock()));
        }
        return this;
    }

    private void fetch(List<AriChannel> waiting) {
        if (retake.add(waiting)) {
            log.info("Fetching {} callers whom box {} has kept by itself", waiting.size(), settings.boxId());
            timers.startTimerWithFixedDelay(Tick.RETAKE, RETAKE_PACE);
        }
    }

    private Behavior<Object> onRetake() {
        if (!retake.next()) {
            timers.cancel(Tick.RETAKE);
        }
        return this;
    }

    // ---- the end

    private Behavior<Object> replaced() {
        noteSkipped();
        timers.cancelAll();
        socket.close();
        return TakenOver.create(getContext(), owner, client, carillon);
    }

    private Behavior<Object> lost(String detail) {
        return down(BoxTrouble.BOX_LOST, detail);
    }

    private Behavior<Object> down(BoxTrouble trouble, String detail) {
        noteSkipped();
        letGo();
        owner.tell(new BoxLink.Down(trouble, detail.strip()));
        return Behaviors.stopped();
    }

    private void noteSkipped() {
        if (broken > 0) {
            log.warn("Box {} sent {} messages that were not understood", settings.boxId(), broken);
        }
    }

    /** Chains of requests that are under way end here, too. */
    private void letGo() {
        client.close();
        socket.close();
    }
}
