package dev.carillon.telephony.asterisk;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.http.javadsl.model.ws.WebSocketUpgradeResponse;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.telephony.BoxLink;
import dev.carillon.telephony.BoxMeter;
import dev.carillon.telephony.asterisk.EventSocket.Signal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * The first half of a link: from nothing to everything known. In this order, each step needing the one before:
 *
 * <ol>
 *   <li>Is it a box we can work with? Which incarnation is it?
 *   <li>Leave our name, then open the WebSocket.
 *   <li>Prove that we hear anything: make an event, hear it. Now and then Asterisk leaves a new connection deaf.
 *   <li>Say which events we do not want: two thirds of them.
 *   <li>Ask what the box has; subscribe to each of it. Events of this time wait until the answer is complete.
 *   <li>Tell the owner.
 * </ol>
 */
final class Connecting extends AbstractBehavior<Object> {

    private record Checked(Requirements.Result result) {}

    private record Named(AriReply reply) {}

    private record Upgraded(WebSocketUpgradeResponse response, Throwable failure) {}

    private record ProbeSent(AriReply reply) {}

    /** @param unsubscribed the legs of whose end no event will tell */
    private record Known(Stock stock, List<String> unsubscribed) {}

    private record Stocked(Known known, Throwable failure) {}

    private record TooLate(String what) {}

    /** Events that are none of our business, or that we would only see because we did it. */
    private static final Map<String, List<Map<String, String>>> FILTER = Map.of(
            "disallowed",
            List.of(
                    Map.of("type", "ChannelVarset"),
                    Map.of("type", "ChannelDialplan"),
                    Map.of("type", "ChannelConnectedLine"),
                    Map.of("type", "ChannelCallerId")));

    private static final Duration UPGRADE_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(1500);

    /** More than this between opening and knowing means that something is very wrong. */
    private static final int EARLY_EVENTS = 20_000;

    private final String carillon;
    private final BoxSettings settings;
    private final ActorRef<BoxLink.Report> owner;
    private final AriClient client;
    private final List<AriEvent> early = new ArrayList<>();
    private final String nonce = "probe-" + UUID.randomUUID();
    private EventSocket socket;
    private Requirements.Result.Fits box;
    private boolean open;
    private boolean heard;

    private Connecting(
            ActorContext<Object> context,
            String carillon,
            BoxSettings settings,
            ActorRef<BoxLink.Report> owner,
            AriClient client) {
        super(context);
        this.carillon = carillon;
        this.settings = settings;
        this.owner = owner;
        this.client = client;
    }

    static Behavior<BoxLink.Command> create(
            String carillon,
            BoxMeter meter,
            BooleanSupplier mayAct,
            BoxSettings settings,
            ActorRef<BoxLink.Report> owner) {
        Behavior<Object> link = Behaviors.setup(context -> {
            AriClient client;
            try {
                client = new AriClient(context.getSystem(), settings, meter, mayAct);
            } catch (RuntimeException e) {
                owner.tell(new BoxLink.Down(
                        BoxTrouble.BOX_MISCONFIGURED,
                        "\"" + settings.address() + "\" is no address; it should look like http://10.0.0.1:8088"));
                return Behaviors.stopped();
            }
            var connecting = new Connecting(context, carillon, settings, owner, client);
            connecting.check();
            return connecting;
        });
        return Behaviors.withMdc(Object.class, Map.of("box", settings.boxId()), link)
                .narrow();
    }

    private void check() {
        getContext()
                .pipeToSelf(
                        new Requirements(client).check(),
                        (result, failure) -> failure == null
                                ? new Checked(result)
                                : new Checked(
                                        new Requirements.Result.Fails(BoxTrouble.BOX_UNREACHABLE, failure.toString())));
    }

    @Override
    public Receive<Object> createReceive() {
        return newReceiveBuilder()
                .onMessage(Checked.class, this::onChecked)
                .onMessage(Named.class, this::onNamed)
                .onMessage(Upgraded.class, this::onUpgraded)
                .onMessage(ProbeSent.class, this::onProbeSent)
                .onMessage(Signal.Opened.class, opened -> confirm(opened.confirm()))
                .onMessage(Signal.Heard.class, this::onHeard)
                .onMessage(Signal.Closed.class, this::onClosed)
                .onMessage(Stocked.class, this::onStocked)
                .onMessage(TooLate.class, this::onTooLate)
                // Nothing is kept: the owner is told when the link is up, and calls repeat what matters.
                .onMessage(BoxLink.Execute.class, ignored -> this)
                .onMessage(BoxLink.Close.class, close -> Behaviors.stopped())
                .onSignal(PostStop.class, stopped -> {
                    letGo();
                    return this;
                })
                .build();
    }

    // ---- 1

    private Behavior<Object> onChecked(Checked checked) {
        if (checked.result() instanceof Requirements.Result.Fails fails) {
            return down(fails.trouble(), fails.detail());
        }
        box = (Requirements.Result.Fits) checked.result();
        owner.tell(new BoxLink.Reconciling(box.version()));
        getContext().pipeToSelf(TakenOver.leaveName(client, carillon), (reply, failure) -> new Named(reply));
        return this;
    }

    // ---- 2

    private Behavior<Object> onNamed(Named named) {
        if (!named.reply().done()) {
            var failed = (Requirements.Result.Fails) Requirements.failure(named.reply());
            return down(failed.trouble(), failed.detail());
        }
        socket = EventSocket.open(client, getContext().getSelf(), getContext().getSystem());
        getContext().pipeToSelf(socket.upgrade(), Upgraded::new);
        after(UPGRADE_TIMEOUT, "upgrade");
        return this;
    }

    private Behavior<Object> onUpgraded(Upgraded upgraded) {
        if (upgraded.failure() != null) {
            return down(
                    BoxTrouble.BOX_UNREACHABLE,
                    "The box does not open a WebSocket: " + upgraded.failure().getMessage());
        }
        if (!upgraded.response().isValid()) {
            int status = upgraded.response().response().status().intValue();
            var failed = (Requirements.Result.Fails)
                    Requirements.failure(new AriReply(status, MissingNode.getInstance(), ""));
            return down(failed.trouble(), failed.detail());
        }
        open = true;
        probe();
        after(PROBE_TIMEOUT, "probe");
        return this;
    }

    /** Of a connection that never was, the box's answer says why, and it comes by another way: perhaps after this. */
    private Behavior<Object> onClosed(Signal.Closed closed) {
        return open ? lost("The box closed the connection " + closed.reason()) : this;
    }

    // ---- 3

    private void probe() {
        getContext()
                .pipeToSelf(
                        client.post("/events/user/" + nonce, "application", AriClient.APPLICATION),
                        (reply, failure) -> new ProbeSent(reply));
    }

    private Behavior<Object> onProbeSent(ProbeSent sent) {
        // A refusal is told by the silence that follows; nothing to do.
        getContext()
                .getLog()
                .debug("Probe of box {}: {}", settings.boxId(), sent.reply().status());
        return this;
    }

    private Behavior<Object> onHeard(Signal.Heard signal) {
        confirm(signal.confirm());
        if (signal.event() instanceof AriEvent.Replaced) {
            closeSocket();
            return TakenOver.create(getContext(), owner, client, carillon);
        }
        if (signal.event() instanceof AriEvent.Echo echo && echo.name().equals(nonce)) {
            if (!heard) {
                heard = true;
                getContext().pipeToSelf(takeStock(), Stocked::new);
            }
            return this;
        }
        if (early.size() >= EARLY_EVENTS) {
            return lost("The box sent " + EARLY_EVENTS + " events before it said what it has");
        }
        early.add(signal.event());
        return this;
    }

    // ---- 4, 5

    private CompletionStage<Known> takeStock() {
        var stockTaking = new StockTaking(client, getContext().getSystem());
        var events = new Subscriptions(client, getContext().getSystem());
        return client.put("/applications/" + AriClient.APPLICATION + "/eventFilter", FILTER)
                .thenCompose(filtered -> {
                    if (!filtered.done()) {
                        throw new StockTaking.Failed(filtered);
                    }
                    return stockTaking.take(channel -> !channel.name().startsWith("Local/"));
                })
                .thenCompose(stock -> events.subscribe(stock).thenApply(refused -> new Known(stock, refused)));
    }

    // ---- 6

    private Behavior<Object> onStocked(Stocked stocked) {
        if (stocked.failure() != null) {
            return lost("The box could not be asked what it has: "
                    + stocked.failure().getMessage());
        }
        var stock = stocked.known().stock();
        var book = new Book(settings.boxId(), box.incarnation(), Clock.systemUTC());
        var calls = book.load(stock);
        owner.tell(new BoxLink.Up(box.version(), box.incarnation(), calls));
        return Running.create(
                getContext(),
                carillon,
                settings,
                owner,
                client,
                socket,
                book,
                new Running.Unfinished(
                        StockTaking.waitingOutside(stock),
                        early,
                        stocked.known().unsubscribed()));
    }

    private Behavior<Object> onTooLate(TooLate late) {
        if (late.what().equals("probe") && !heard) {
            return lost("The box accepted the connection, but sends no events over it");
        }
        if (late.what().equals("upgrade")
                && !socket.upgrade().toCompletableFuture().isDone()) {
            return down(BoxTrouble.BOX_UNREACHABLE, "The box does not open a WebSocket in time");
        }
        return this;
    }

    // ---- common

    private Behavior<Object> confirm(ActorRef<EventSocket.Take> confirm) {
        confirm.tell(EventSocket.Take.NEXT);
        return this;
    }

    private void after(Duration delay, String what) {
        getContext().scheduleOnce(delay, getContext().getSelf(), new TooLate(what));
    }

    private Behavior<Object> lost(String detail) {
        return down(BoxTrouble.BOX_LOST, detail);
    }

    private Behavior<Object> down(BoxTrouble trouble, String detail) {
        letGo();
        owner.tell(new BoxLink.Down(trouble, detail));
        return Behaviors.stopped();
    }

    private void letGo() {
        client.close();
        closeSocket();
    }

    private void closeSocket() {
        if (socket != null) {
            socket.close();
        }
    }
}
