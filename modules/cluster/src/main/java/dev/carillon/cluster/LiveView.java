package dev.carillon.cluster;

import dev.carillon.protocol.view.View;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How everything in the cluster stands at this moment, in the memory of this node: fed by every node with a full picture
 * first and then with changes. May be read from any thread.
 */
public interface LiveView {

    List<View.OfCall> calls();

    List<View.OfAgent> agents();

    List<View.OfQueue> queues();

    List<View.OfBox> boxes();

    Optional<View.OfCall> call(String callId);

    Optional<View.OfAgent> agent(String agentId);

    Optional<View.OfQueue> queue(String queueId);

    Optional<View.OfBox> box(String boxId);

    /** Empty while no box has said anything of it. */
    Optional<View.OfSeat> seat(String seatId);

    /**
     * Tells the listener of every change from now on; it is called on an actor's thread and must return at once.
     *
     * @return ends the subscription when run
     */
    Runnable subscribe(Consumer<View> listener);
}
