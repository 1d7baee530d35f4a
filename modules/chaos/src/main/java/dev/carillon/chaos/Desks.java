package dev.carillon.chaos;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The agents at their desks: who is logged out logs in, and who is not ready is ready again soon, over the API of any node that answers, as a desktop does
 * that tries another one.
 */
public final class Desks implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int RING_SECONDS = 6;
    private static final int WRAP_UP_SECONDS = 1;
    private static final Set<String> AT_WORK = Set.of("ready", "reserved", "ringing", "talking", "wrap-up");

    private final Plan plan;
    private final Cluster cluster;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "desks");
        thread.setDaemon(true);
        return thread;
    });

    /** Makes the contact centre, and has everybody log in. */
    public Desks(Plan plan, Cluster cluster, String addressOfBoxes) {
        this.plan = plan;
        this.cluster = cluster;
        write(addressOfBoxes);
        Patience.until("all boxes are up", LIMIT, () -> boxesUp(1));
        Patience.until("all agents are at work", LIMIT, this::sit);
        var unused = clock.scheduleWithFixedDelay(this::quietly, 1, 1, TimeUnit.SECONDS);
    }

    private void write(String addressOfBoxes) {
        try (var database = Database.open(cluster.database().withConnections(1))) {
            var store = new JdbcConfigurationStore(database, Environment.OF_THE_PROCESS, ZoneId.systemDefault());
            store.together(() -> {
                for (var box = 0; box < plan.boxes(); box++) {
                    store.putBox(new BoxSettings(Plan.boxId(box), SimulatedBoxAdapter.KIND, addressOfBoxes, "", ""));
                }
                for (var queue = 0; queue < plan.queues(); queue++) {
                    var id = Plan.queueId(queue);
                    store.putQueue(new Directory.Queue(
                            id, id, Routing.PLAIN, new Handling(RING_SECONDS, WRAP_UP_SECONDS), Waiting.PLAIN));
                    store.putNumber(new Directory.DialledNumber(Plan.number(queue), id, 5));
                }
                for (var agent = 0; agent < plan.agents(); agent++) {
                    var id = Plan.agentId(agent);
                    store.putSeat(new Seat(Plan.seatId(agent), Plan.boxId(plan.box(agent)), Plan.endpoint(agent)));
                    store.putAgent(new Directory.Agent(
                            id, id, List.of(Plan.queueId(plan.queue(agent))), Map.of(), Set.of(), Map.of(), 0));
                }
                return true;
            });
        }
    }

    /** As one node sees it. */
    public Optional<String> boxesUp(int node) {
        var answer = cluster.api(node).get("boxes");
        var up = 0;
        for (var box : answer.body().path("items")) {
            up += box.path("state").asText().equals("up") ? 1 : 0;
        }
        return up == plan.boxes() ? Optional.empty() : Optional.of(up + " boxes are up: " + answer.body());
    }

    private void quietly() {
        try {
            sit();
        } catch (RuntimeException e) {
            // Tried again in a second; at the end of a run all must be at work.
        }
    }

    /** What is missing until all are at work; of those who are not, each is told once. */
    public Optional<String> sit() {
        for (var node : cluster.running()) {
            var agents = cluster.api(node).get("agents");
            if (agents.good()) {
                var states = new HashMap<String, String>();
                for (var agent : agents.body().path("items")) {
                    states.put(agent.path("id").asText(), agent.path("state").asText());
                }
                var missing = 0;
                for (var agent = 0; agent < plan.agents(); agent++) {
                    var state = states.getOrDefault(Plan.agentId(agent), "");
                    if (!AT_WORK.contains(state)) {
                        missing++;
                        toWork(node, agent, state);
                    }
                }
                return missing == 0 ? Optional.empty() : Optional.of(missing + " agents are not at work: " + states);
            }
        }
        return Optional.of("no node answers");
    }

    private void toWork(int node, int agent, String state) {
        var path = "agents/" + Plan.agentId(agent);
        if (state.isEmpty() || state.equals("logged-out")) {
            cluster.api(node).put(path + "/session", Map.of("seat", Plan.seatId(agent)));
        }
        cluster.api(node).put(path + "/state", Map.of("state", "ready"));
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
