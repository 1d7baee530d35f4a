package dev.carillon.telephony.asterisk;

import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.carillon.telephony.asterisk.Stock.Found;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** Asks a box what it has of Carillon's. A channel in the box's list counts only once it has answered by itself. */
final class StockTaking {

    /** The box could not be asked. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(AriReply reply) {
            super(reply.message());
        }
    }

    private static final int AT_ONCE = 12;

    private final AriClient client;
    private final ActorSystem<?> system;

    StockTaking(AriClient client, ActorSystem<?> system) {
        this.client = client;
        this.system = system;
    }

    /**
     * @param worthAsking which channels of the list to ask; the others appear in {@link Stock#listed} alone
     * @return fails with {@link Failed}
     */
    CompletionStage<Stock> take(Predicate<AriChannel> worthAsking) {
        var bridges = ask("/bridges").thenApply(reply -> AriJson.bridges(reply.body()));
        return ask("/channels")
                .thenApply(reply -> AriJson.channels(reply.body()))
                .thenCompose(channels -> Source.from(channels)
                        .filter(worthAsking::test)
                        .mapAsync(AT_ONCE, this::find)
                        .runWith(Sink.seq(), system)
                        .thenCombine(
                                bridges,
                                (found, allBridges) -> new Stock(
                                        found.stream().flatMap(Optional::stream).toList(), allBridges, channels)));
    }

    private CompletionStage<AriReply> ask(String path) {
        return client.get(path).thenApply(reply -> {
            if (!reply.done()) {
                throw new Failed(reply);
            }
            return reply;
        });
    }

    private CompletionStage<Optional<Found>> find(AriChannel channel) {
        return variable(channel, "CALL_ID").thenCompose(callId -> {
            if (callId.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            if (!callId.equals(channel.id())) {
                return CompletableFuture.completedFuture(Optional.of(new Found(channel, callId, "", false)));
            }
            var peer =
                    channel.heldByDialplan() ? variable(channel, "BRIDGEPEER") : CompletableFuture.completedFuture("");
            return variable(channel, "DID")
                    .thenCombine(
                            peer,
                            (did, bridgedWith) -> Optional.of(new Found(channel, callId, did, !bridgedWith.isEmpty())));
        });
    }

    /** Empty when it is not set, or the channel is gone. */
    private CompletionStage<String> variable(AriChannel channel, String name) {
        return client.get("/channels/" + channel.id() + "/variable", "variable", name)
                .thenApply(reply -> {
                    if (reply.unknown()) {
                        throw new Failed(reply);
                    }
                    return reply.body().path("value").asText();
                });
    }

    /** The callers that the dialplan keeps, and that may be fetched: those who came first, first. */
    static List<AriChannel> waitingOutside(Stock stock) {
        return stock.legs().stream()
                .filter(found -> found.caller() && found.channel().heldByDialplan() && !found.servedByBox())
                .map(Found::channel)
                .sorted(Comparator.comparing(AriChannel::created))
                .toList();
    }
}
