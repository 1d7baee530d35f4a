package dev.carillon.node;

import dev.carillon.cluster.Entities;
import dev.carillon.cluster.LiveHub;
import dev.carillon.core.Directory;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.view.View;
import dev.carillon.telephony.SeatGateway;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The way from telephony nodes to the seats of the configuration. */
final class ClusterSeats implements SeatGateway {

    private record Index(Directory of, Map<String, Map<String, String>> byBox) {
        static Index of(Directory directory) {
            return new Index(
                    directory,
                    directory.seats().values().stream()
                            .collect(Collectors.groupingBy(
                                    Seat::boxId, Collectors.toUnmodifiableMap(Seat::seatId, Seat::endpoint))));
        }
    }

    private final Entities entities;
    private final Supplier<Directory> directory;
    private final Consumer<LiveHub.Command> live;
    private volatile Index index = Index.of(Directory.EMPTY);

    /** @param live told how seats look */
    ClusterSeats(Entities entities, Supplier<Directory> directory, Consumer<LiveHub.Command> live) {
        this.entities = entities;
        this.directory = directory;
        this.live = live;
    }

    /** Sorted by box once for each change of the configuration. */
    @Override
    @SuppressWarnings(
            "ReferenceEquality") // A change makes a new directory; to compare two of them would take longer than to
    // sort.
    public Map<String, String> endpoints(String boxId) {
        var now = directory.get();
        var known = index;
        if (known.of() != now) {
            known = Index.of(now);
            index = known;
        }
        return known.byBox().getOrDefault(boxId, Map.of());
    }

    @Override
    public CompletionStage<Reply.SeatHeard> tell(String seatId, String boxId, boolean reachable, long number) {
        return entities.askSeat(seatId, new SeatCommand.Reachability(boxId, reachable, number))
                .thenApply(Reply.SeatHeard.class::cast);
    }

    @Override
    public void show(View.OfSeat seat) {
        live.accept(LiveHub.publish(seat));
    }

    @Override
    public void hide(String seatId) {
        live.accept(LiveHub.withdrawSeat(seatId));
    }
}
