package dev.carillon.api;

import dev.carillon.cluster.LiveView;
import dev.carillon.protocol.view.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A live view that is told by the test what to show. */
final class FakeLiveView implements LiveView {

    private final Map<String, View.OfCall> calls = new ConcurrentSkipListMap<>();
    private final Map<String, View.OfAgent> agents = new ConcurrentSkipListMap<>();
    private final Map<String, View.OfQueue> queues = new ConcurrentSkipListMap<>();
    private final Map<String, View.OfBox> boxes = new ConcurrentSkipListMap<>();
    private final Map<String, View.OfSeat> seats = new ConcurrentSkipListMap<>();
    private final List<Consumer<View>> listeners = new CopyOnWriteArrayList<>();

    void show(View view) {
        if (view instanceof View.OfCall call) {
            if (call.gone()) {
                calls.remove(call.id());
            } else {
                calls.put(call.id(), call);
            }
        } else if (view instanceof View.OfAgent agent) {
            agents.put(agent.id(), agent);
        } else if (view instanceof View.OfQueue queue) {
            queues.put(queue.id(), queue);
        } else if (view instanceof View.OfBox box) {
            boxes.put(box.id(), box);
        } else if (view instanceof View.OfSeat seat) {
            seats.put(seat.id(), seat);
        }
        listeners.forEach(listener -> listener.accept(view));
    }

    int listeners() {
        return listeners.size();
    }

    @Override
    public List<View.OfCall> calls() {
        return List.copyOf(calls.values());
    }

    @Override
    public List<View.OfAgent> agents() {
        return List.copyOf(agents.values());
    }

    @Override
    public List<View.OfQueue> queues() {
        return List.copyOf(queues.values());
    }

    @Override
    public List<View.OfBox> boxes() {
        return List.copyOf(boxes.values());
    }

    @Override
    public Optional<View.OfCall> call(String callId) {
        return Optional.ofNullable(calls.get(callId));
    }

    @Override
    public Optional<View.OfAgent> agent(String agentId) {
        return Optional.ofNullable(agents.get(agentId));
    }

    @Override
    public Optional<View.OfQueue> queue(String queueId) {
        return Optional.ofNullable(queues.get(queueId));
    }

    @Override
    public Optional<View.OfBox> box(String boxId) {
        return Optional.ofNullable(boxes.get(boxId));
    }

    @Override
    public Optional<View.OfSeat> seat(String seatId) {
        return Optional.ofNullable(seats.get(seatId));
    }

    @Override
    public Runnable subscribe(Consumer<View> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
