package dev.carillon.telephony;

import dev.carillon.protocol.Reply;
import dev.carillon.protocol.view.View;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A configuration without seats. */
public final class NoSeats implements SeatGateway {

    @Override
    public Map<String, String> endpoints(String boxId) {
        return Map.of();
    }

    @Override
    public CompletionStage<Reply.SeatHeard> tell(String seatId, String boxId, boolean reachable, long number) {
        return CompletableFuture.failedFuture(new AssertionError("there is no seat " + seatId));
    }

    @Override
    public void show(View.OfSeat seat) {
        throw new AssertionError("there is no seat " + seat.id());
    }

    @Override
    public void hide(String seatId) {
        throw new AssertionError("there is no seat " + seatId);
    }
}
