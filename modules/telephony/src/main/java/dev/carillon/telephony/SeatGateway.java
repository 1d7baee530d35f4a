package dev.carillon.telephony;

import dev.carillon.protocol.Reply;
import dev.carillon.protocol.view.View;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The way to the seats of a box, wherever in the cluster they live. Returns at once. */
public interface SeatGateway {

    /** The endpoints of the box's seats as they are configured now, by seat; from memory: asked for with every tick. */
    Map<String, String> endpoints(String boxId);

    /** Tells a seat whether the box can reach its phone. What fails is said again. */
    CompletionStage<Reply.SeatHeard> tell(String seatId, String boxId, boolean reachable, long number);

    /** How a seat looks from now on. */
    void show(View.OfSeat seat);

    /** Nothing is said of it from here any more. Another telephony node may say it already. */
    void hide(String seatId);
}
