package dev.carillon.telephony.asterisk;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.concurrent.CompletionStage;

/**
 * Whose events we want. One by one: the subscription to everything is lost when Asterisk still knows the application, and with
 * device states among it can lock up.
 */
final class Subscriptions {

    private static final int AT_ONCE = 12;

    private final AriClient client;
    private final ActorSystem<?> system;

    Subscriptions(AriClient client, ActorSystem<?> system) {
        this.client = client;
        this.system = system;
    }

    CompletionStage<AriReply> subscribe(String channelId) {
        return client.post(
                "/applications/" + AriClient.APPLICATION + "/subscription", "eventSource", "channel:" + channelId);
    }

    /** All legs of a stock. One that is refused has just ended, which its probe will tell. */
    CompletionStage<Done> subscribe(Stock stock) {
        return Source.from(stock.legs())
                .mapAsync(AT_ONCE, found -> subscribe(found.channel().id()))
                .runWith(Sink.ignore(), system);
    }
}
