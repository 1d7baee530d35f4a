package dev.carillon.telephony.running;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.stream.BoundedSourceQueue;
import akka.stream.javadsl.Framing;
import akka.stream.javadsl.FramingTruncation;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.Tcp;
import akka.stream.typed.javadsl.ActorSink;
import akka.util.ByteString;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.telephony.BoxLink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** The link to a simulated box in another process: {@link SimulatedBoxServer} is its other end. */
final class RemoteLink extends AbstractBehavior<Object> {

    private static final String VERSION = "simulated box";

    /** So much is kept for a box that reads slowly; then the connection is given up, and the box says anew what it has. */
    private static final int UNSENT_WORDS = 10_000;

    private record Line(ByteString bytes) {}

    private record Closed() {}

    private record Failed(Throwable why) {}

    private record Beat() {}

    private final ActorRef<BoxLink.Report> owner;
    private final BoundedSourceQueue<ByteString> toBox;
    private boolean up;
    private long heardAt = System.nanoTime();

    /** @param carillon the same for all nodes of one Carillon, and of no other */
    static Behavior<BoxLink.Command> create(String carillon, BoxSettings settings, ActorRef<BoxLink.Report> owner) {
        var address = address(settings.address());
        if (address.isEmpty()) {
            owner.tell(new BoxLink.Down(
                    BoxTrouble.BOX_MISCONFIGURED,
                    "\"" + settings.address()
                            + "\" is not where a simulated box of another process is: tcp://host:port"));
            return Behaviors.stopped();
        }
        return Behaviors.<Object>setup(context -> Behaviors.withTimers(
                        timers -> new RemoteLink(context, timers, carillon, settings, address.get(), owner)))
                .narrow();
    }

    private static Optional<InetSocketAddress> address(String text) {
        try {
            var uri = URI.create(text);
            return uri.getHost() == null || uri.getPort() < 0
                    ? Optional.empty()
                    : Optional.of(InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private RemoteLink(
            ActorContext<Object> context,
            TimerScheduler<Object> timers,
            String carillon,
            BoxSettings settings,
            InetSocketAddress address,
            ActorRef<BoxLink.Report> owner) {
        super(context);
        this.owner = owner;
        var connection = Tcp.get(Adapter.toClassic(context.getSystem()))
                .outgoingConnection(address, Optional.empty(), List.of(), false, Optional.empty(), Optional.empty());
        this.toBox = Source.<ByteString>queue(UNSENT_WORDS)
                .via(connection)
                .via(Framing.delimiter(
                        ByteString.fromString("\n"), RemoteWords.LONGEST_LINE, FramingTruncation.DISALLOW))
                .<Object>map(Line::new)
                .toMat(ActorSink.actorRef(context.getSelf(), new Closed(), Failed::new), Keep.left())
                .run(context.getSystem());
        say(new RemoteWords.Control(settings.boxId(), carillon, settings.password()));
        timers.startTimerWithFixedDelay(new Beat(), RemoteWords.HEARTBEAT);
    }

    @Override
    public Receive<Object> createReceive() {
        return newReceiveBuilder()
                .onMessage(BoxLink.Execute.class, execute -> say(new RemoteWords.Execute(execute.command())))
                .onMessage(BoxLink.Watch.class, watch -> say(new RemoteWords.Watch(watch.endpoints())))
                .onMessage(BoxLink.Close.class, close -> Behaviors.stopped())
                .onMessage(Line.class, this::onLine)
                .onMessage(Beat.class, beat -> onBeat())
                .onMessage(Closed.class, closed -> lost("the connection was closed"))
                .onMessage(
                        Failed.class, failed -> lost(String.valueOf(failed.why().getMessage())))
                .onSignal(PostStop.class, stop -> onStop())
                .build();
    }

    private Behavior<Object> say(RemoteWords.ToBox word) {
        // What does not fit is too old for the box anyway; the silence that follows ends the connection.
        if (!toBox.offer(ByteString.fromString(RemoteWords.line(word) + "\n")).isEnqueued() && up) {
            return lost("the box does not take what it is told");
        }
        return this;
    }

    private Behavior<Object> onLine(Line line) {
        heardAt = System.nanoTime();
        RemoteWords.FromBox word;
        try {
            word = RemoteWords.fromBox(line.bytes().toArray());
        } catch (IOException e) {
            owner.tell(new BoxLink.NotUnderstood(
                    String.valueOf(e.getMessage()), line.bytes().utf8String()));
            return this;
        }
        if (word instanceof RemoteWords.Up news) {
            up = true;
            owner.tell(new BoxLink.Reconciling(VERSION));
            owner.tell(new BoxLink.Up(VERSION, news.incarnation(), news.calls()));
        } else if (word instanceof RemoteWords.Happened happened) {
            owner.tell(new BoxLink.Happened(happened.callId(), happened.event()));
        } else if (word instanceof RemoteWords.Endpoints heard) {
            owner.tell(new BoxLink.EndpointsHeard(heard.endpoints()));
        } else if (word instanceof RemoteWords.Down down) {
            owner.tell(new BoxLink.Down(down.trouble(), down.detail()));
            return Behaviors.stopped();
        }
        return this;
    }

    private Behavior<Object> onBeat() {
        if (System.nanoTime() - heardAt > RemoteWords.SILENCE.toNanos()) {
            return lost("nothing was heard of it for " + RemoteWords.SILENCE.toSeconds() + " s");
        }
        return say(new RemoteWords.Alive());
    }

    private Behavior<Object> lost(String why) {
        owner.tell(new BoxLink.Down(up ? BoxTrouble.BOX_LOST : BoxTrouble.BOX_UNREACHABLE, why));
        return Behaviors.stopped();
    }

    private Behavior<Object> onStop() {
        try {
            toBox.complete();
        } catch (IllegalStateException overAlready) {
            // The connection ended first, and this actor by that.
        }
        return this;
    }
}
