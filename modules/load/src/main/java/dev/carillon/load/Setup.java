package dev.carillon.load;

import dev.carillon.core.Directory;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.store.Database;
import dev.carillon.store.Environment;
import dev.carillon.store.JdbcConfigurationStore;
import dev.carillon.telephony.running.SimulatedBoxAdapter;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;

/** Makes the contact centre of a run, and has its agents log in. */
final class Setup {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final int LOG_IN_TOGETHER = 16;
    private static final int RING_SECONDS = 20;

    /** Into the tables, as one change: over the API, each of tens of thousands of changes would be read by every node. */
    static void write(Centre centre, Database.Settings settings) {
        try (var database = Database.open(settings.withConnections(1))) {
            var store = new JdbcConfigurationStore(database, Environment.OF_THE_PROCESS, ZoneId.systemDefault());
            store.together(() -> {
                for (var box = 0; box < centre.boxes(); box++) {
                    store.putBox(new BoxSettings(Centre.boxId(box), SimulatedBoxAdapter.KIND, "here", "", ""));
                }
                for (var queue = 0; queue < centre.queues(); queue++) {
                    var id = Centre.queueId(queue);
                    store.putQueue(
                            new Directory.Queue(id, id, Routing.PLAIN, new Handling(RING_SECONDS, 0), Waiting.PLAIN));
                    store.putNumber(new Directory.DialledNumber(Centre.number(queue), id, 5));
                }
                for (var agent = 0; agent < centre.agents(); agent++) {
                    var id = Centre.agentId(agent);
                    store.putSeat(
                            new Seat(Centre.seatId(agent), Centre.boxId(centre.box(agent)), Centre.endpoint(agent)));
                    store.putAgent(new Directory.Agent(
                            id, id, List.of(Centre.queueId(centre.queue(agent))), Map.of(), Set.of(), Map.of(), 0));
                }
                return true;
            });
        }
    }

    /** Until every agent is ready, as the queues count them. */
    static void logIn(Centre centre, Http api, NodeProcess node) {
        Patience.until("the node knows the boxes, queues and agents of this run", LIMIT, () -> {
            node.mustLive();
            return boxesUp(centre, api);
        });
        inParallel(centre.agents(), agent -> {
            var path = "agents/" + Centre.agentId(agent);
            api.put(path + "/session", Map.of("seat", Centre.seatId(agent)));
            api.put(path + "/state", Map.of("state", "ready"));
        });
        Patience.until("all agents are ready", LIMIT, () -> {
            node.mustLive();
            var ready = StreamSupport.stream(api.get("queues").get("items").spliterator(), false)
                    .mapToInt(queue -> queue.get("agentsReady").asInt())
                    .sum();
            return ready >= centre.agents()
                    ? Optional.empty()
                    : Optional.of(ready + " of " + centre.agents() + " are; the node's log is " + node.log());
        });
    }

    private static Optional<String> boxesUp(Centre centre, Http api) {
        var up = StreamSupport.stream(api.get("boxes").get("items").spliterator(), false)
                .filter(box -> box.get("state").asText().equals("up"))
                .count();
        return up >= centre.boxes()
                ? Optional.empty()
                : Optional.of(up + " of " + centre.boxes() + " boxes are up; its log says more");
    }

    private interface Work {
        void on(int number);
    }

    private static void inParallel(int count, Work work) {
        var pool = Executors.newFixedThreadPool(Math.min(LOG_IN_TOGETHER, count));
        var next = new AtomicInteger();
        try {
            var workers = java.util.stream.IntStream.range(0, LOG_IN_TOGETHER)
                    .mapToObj(worker -> pool.submit(() -> {
                        for (var i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                            work.on(i);
                        }
                    }))
                    .toList();
            for (var worker : workers) {
                worker.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LoadFailure failure
                    ? failure
                    : new LoadFailure("Not all agents could log in: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadFailure("Interrupted.", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private Setup() {}
}
