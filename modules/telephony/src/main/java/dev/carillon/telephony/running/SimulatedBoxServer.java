package dev.carillon.telephony.running;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.telephony.BoxLink;
import dev.carillon.telephony.simulated.CallOnBox;
import dev.carillon.telephony.simulated.Report;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets nodes in other processes keep the {@link SimulatedBoxes} of this one, whose people then outlive every node: a box of kind {@code
 * simulated} with an address {@code tcp://host:port} is one of the boxes here, by its id. As on a real box, the last who comes has it.
 */
public final class SimulatedBoxServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SimulatedBoxServer.class);

    /** So late may be what is due. */
    private static final long TICK_MILLIS = 2;

    private final ServerSocket server;
    private final ScheduledExecutorService clock;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> heardAt = new ConcurrentHashMap<>();
    private final Map<String, List<Silence>> silences = new ConcurrentHashMap<>();

    /** For so long nobody who controls a box was heard of there, though they say something every second. */
    public record Silence(Instant from, Instant to) {}

    private SimulatedBoxServer(ServerSocket server) {
        this.server = server;
        this.clock = Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "clock-of-remote-boxes"));
    }

    /**
     * Serves until it is closed.
     *
     * @param at port 0 for any free one
     */
    public static SimulatedBoxServer start(InetSocketAddress at) {
        try {
            var socket = new ServerSocket();
            socket.bind(at);
            var server = new SimulatedBoxServer(socket);
            daemon(server::accept, "remote-boxes").start();
            var unused =
                    server.clock.scheduleWithFixedDelay(server::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("Nobody can listen at " + at + ": " + e.getMessage(), e);
        }
    }

    /** Where it listens. */
    public String host() {
        return server.getInetAddress().getHostAddress();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Of a box, since somebody first had it; the last one until now if it goes on. */
    public List<Silence> silences(String boxId) {
        var all = new ArrayList<>(silences.getOrDefault(boxId, List.of()));
        var last = heardAt.get(boxId);
        if (last != null && isSilence(last, Instant.now())) {
            all.add(new Silence(last, Instant.now()));
        }
        return all;
    }

    private void heard(String boxId) {
        var now = Instant.now();
        var before = heardAt.put(boxId, now);
        if (before != null && isSilence(before, now)) {
            silences.computeIfAbsent(boxId, id -> new CopyOnWriteArrayList<>()).add(new Silence(before, now));
        }
    }

    private static boolean isSilence(Instant from, Instant to) {
        return Duration.between(from, to).compareTo(RemoteWords.HEARTBEAT.multipliedBy(2)) > 0;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var connection = new Connection(server.accept());
                connections.add(connection);
                daemon(connection::read, "remote-box-reader").start();
                daemon(connection::write, "remote-box-writer").start();
            } catch (IOException e) {
                if (!server.isClosed()) {
                    LOG.warn("A node could not be let in: {}", e.getMessage());
                }
            }
        }
    }

    private void tick() {
        try {
            connections.forEach(Connection::tick);
        } catch (RuntimeException e) {
            LOG.error("A simulated box has failed", e);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            server.close();
        } catch (IOException e) {
            // It goes with the process at the latest.
        }
        connections.forEach(Connection::end);
    }

    private static Thread daemon(Runnable work, String name) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** One node, and the box it has asked for. */
    private final class Connection implements RunningBox.Controller {

        private record UnderWay(BoxCommand command, Instant arrives) {}

        private final Socket socket;
        private final SocketAddress peer;
        private final BlockingQueue<RemoteWords.FromBox> unsent = new LinkedBlockingQueue<>();
        private final BlockingQueue<UnderWay> underWay = new LinkedBlockingQueue<>();
        private volatile RunningBox box;
        private volatile String boxId = "";
        private volatile String carillon = "";
        private volatile Set<String> watched = Set.of();

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.peer = socket.getRemoteSocketAddress();
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) RemoteWords.SILENCE.toMillis());
        }

        private void read() {
            try (var reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
                for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                    take(RemoteWords.toBox(line));
                }
            } catch (IOException | RuntimeException e) {
                LOG.debug("Box {}: the node at {} is not heard any more: {}", boxId, peer, e.getMessage());
            } finally {
                end();
            }
        }

        private void take(RemoteWords.ToBox word) {
            if (word instanceof RemoteWords.Control control) {
                box = SimulatedBoxes.box(control.boxId());
                boxId = control.boxId();
                carillon = control.carillon();
                box.control(this, control.password());
            } else if (word instanceof RemoteWords.Execute execute && box != null) {
                underWay.add(new UnderWay(execute.command(), Instant.now().plus(box.commandLatency())));
                obey();
            } else if (word instanceof RemoteWords.Watch watch && box != null) {
                watched = Set.copyOf(watch.endpoints());
                unsent.add(reach(watched));
            }
            if (box != null && box.isControlledBy(this)) {
                heard(boxId);
            }
        }

        /** In the order in which they came, also when the box was slower when the first ones did. */
        private synchronized void obey() {
            var now = Instant.now();
            for (var next = underWay.peek(); next != null && !next.arrives().isAfter(now); next = underWay.peek()) {
                box.execute(this, underWay.remove().command());
            }
        }

        private void tick() {
            var mine = box;
            if (mine != null) {
                mine.advance();
                obey();
            }
        }

        private RemoteWords.Endpoints reach(Set<String> endpoints) {
            return new RemoteWords.Endpoints(endpoints.stream()
                    .collect(Collectors.toMap(
                            endpoint -> endpoint,
                            endpoint -> box.reaches(endpoint) ? BoxLink.Reach.YES : BoxLink.Reach.NO)));
        }

        private void write() {
            try (var writer =
                    new BufferedWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8))) {
                while (!socket.isClosed()) {
                    var word = unsent.poll(RemoteWords.HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
                    for (var next = word == null ? new RemoteWords.Present() : word;
                            next != null;
                            next = unsent.poll()) {
                        writer.write(RemoteWords.line(next));
                        writer.write('\n');
                        if (next instanceof RemoteWords.Down) {
                            return;
                        }
                    }
                    writer.flush();
                }
            } catch (IOException e) {
                // The reader says so.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                end();
            }
        }

        private void end() {
            connections.remove(this);
            var mine = box;
            if (mine != null) {
                mine.letGo(this);
            }
            try {
                socket.close();
            } catch (IOException e) {
                // Nothing is lost with it.
            }
        }

        // ---- called while the box holds still

        @Override
        public void inventory(String incarnation, List<CallOnBox> calls) {
            unsent.add(new RemoteWords.Up(
                    incarnation,
                    calls.stream()
                            .map(call -> new BoxLink.CallOnBox(
                                    call.callId(),
                                    call.legs(),
                                    call.bridged(),
                                    call.offered().orElse(null)))
                            .toList()));
        }

        @Override
        public void happened(List<Report> reports) {
            reports.forEach(report -> unsent.add(new RemoteWords.Happened(report.callId(), report.event())));
        }

        @Override
        public void plugged(String endpoint, boolean in) {
            if (watched.contains(endpoint)) {
                unsent.add(reach(Set.of(endpoint)));
            }
        }

        @Override
        public void nextAt(Instant due) {
            // Looked at with every tick.
        }

        @Override
        public void lost(BoxTrouble trouble, String detail) {
            var byOneOfUs = trouble == BoxTrouble.BOX_REPLACED
                    && connections.stream()
                            .anyMatch(other ->
                                    other != this && other.boxId.equals(boxId) && other.carillon.equals(carillon));
            unsent.add(
                    byOneOfUs
                            ? new RemoteWords.Down(BoxTrouble.BOX_LOST, "another node of this Carillon has taken it")
                            : new RemoteWords.Down(trouble, detail));
        }
    }
}
