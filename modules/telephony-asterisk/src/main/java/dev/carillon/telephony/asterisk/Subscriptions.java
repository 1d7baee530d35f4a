package dev.carillon.telephony.asterisk;

import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.List;
import java.util.Optional;
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

    /**
     * All legs of a stock.
     *
     * @return the ids of those that were refused: they have ended since the box was asked, and no event will tell. Fails with {@link
     *     StockTaking.Failed}
     */
    CompletionStage<List<String>> subscribe(Stock stock) {
        return Source.from(stock.legs())
                .map(found -> found.channel().id())
                .mapAsync(AT_ONCE, channelId -> subscribe(channelId).thenApply(reply -> refused(channelId, reply)))
                .runWith(Sink.seq(), system)
                .thenApply(refused -> refused.stream().flatMap(Optional::stream).toList());
    }

    private static Optional<String> refused(String channelId, AriReply reply) {
        if (reply.unknown()) {
            throw new StockTaking.Failed(reply);
        }
        return reply.done() ? Optional.empty() : Optional.of(channelId);
    }
}
