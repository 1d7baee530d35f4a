package dev.carillon.telephony.asterisk;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ws.Message;
import akka.http.javadsl.model.ws.WebSocketUpgradeResponse;
import akka.stream.KillSwitch;
import akka.stream.KillSwitches;
import akka.stream.SystemMaterializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.typed.javadsl.ActorSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The WebSocket that carries a box's events to a link, one after the other as the link takes them: a link that is busy slows the
 * box's connection down instead of filling its mailbox.
 */
final class EventSocket {

    /** To the link. Each {@link Heard} is to be confirmed with {@link Take}. */
    sealed interface Signal {

        record Opened(ActorRef<Take> confirm) implements Signal {}

        record Heard(AriEvent event, ActorRef<Take> confirm) implements Signal {}

        /** @param reason empty when the box closed it in an orderly way */
        record Closed(String reason) implements Signal {}
    }

    /** The next one, please. */
    enum Take {
        NEXT
    }

    /** How long the rest of one message may take. */
    private static final long MESSAGE_TIMEOUT_MILLIS = 2000;

    private final KillSwitch killSwitch;
    private final CompletionStage<WebSocketUpgradeResponse> upgrade;

    private EventSocket(KillSwitch killSwitch, CompletionStage<WebSocketUpgradeResponse> upgrade) {
        this.killSwitch = killSwitch;
        this.upgrade = upgrade;
    }

    /** Opens it. What it says goes to {@code link}, which must take {@link Signal}s. */
    static EventSocket open(AriClient client, ActorRef<Object> link, ActorSystem<?> system) {
        Sink<AriEvent, NotUsed> toLink = ActorSink.actorRefWithBackpressure(
                link,
                (confirm, event) -> new Signal.Heard(event, confirm),
                Signal.Opened::new,
                Take.NEXT,
                new Signal.Closed(""),
                failure -> new Signal.Closed(String.valueOf(failure.getMessage())));
        Sink<Message, NotUsed> incoming = Flow.<Message>create()
                .mapAsync(1, message -> text(message, system))
                .map(AriJson::event)
                .to(toLink);
        Source<Message, KillSwitch> outgoing = Source.<Message>maybe()
                .viaMat(KillSwitches.single(), Keep.right())
                .mapMaterializedValue(kill -> kill);
        var opened = client.events(Flow.fromSinkAndSourceMat(incoming, outgoing, Keep.right()));
        return new EventSocket(opened.second(), opened.first());
    }

    private static CompletionStage<String> text(Message message, ActorSystem<?> system) {
        if (!message.isText()) {
            message.asBinaryMessage().getStreamedData().runWith(Sink.ignore(), system);
            return CompletableFuture.completedFuture("(a binary message)");
        }
        return message.asTextMessage()
                .toStrict(MESSAGE_TIMEOUT_MILLIS, SystemMaterializer.get(system).materializer())
                .thenApply(strict -> strict.getStrictText());
    }

    /** Fails when no connection could be made; else the box's answer, which may be a refusal. */
    CompletionStage<WebSocketUpgradeResponse> upgrade() {
        return upgrade;
    }

    void close() {
        killSwitch.shutdown();
    }
}
