package dev.carillon.simulation;

import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.telephony.BoxCalls;
import dev.carillon.telephony.BoxLink;
import dev.carillon.telephony.SeatWatch;
import dev.carillon.telephony.simulated.CallOnBox;
import dev.carillon.telephony.simulated.Report;
import dev.carillon.telephony.simulated.SimulatedBox;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A box, its telephony node, and the link between them. The node follows the real node's rules ({@link BoxCalls}); the link
 * delivers in order for as long as it holds, and what is under way when it breaks is lost.
 */
final class Station {

    /** As in telephony's {@code reference.conf}. */
    private static final BoxCalls.Limits LIMITS = new BoxCalls.Limits(
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            Duration.ofMinutes(5),
            Duration.ofSeconds(3),
            Duration.ofSeconds(60),
            60);

    /** In a history everything lasts for seconds. */
    static final Duration SEAT_GRACE = Duration.ofMillis(1_500);

    /** When the box could be spoken to. */
    private record Session(Instant from, Instant to) {}

    private static final long LINK_MS = 1;
    static final long TICK_MS = 500;

    private final World world;
    private final SimulatedBox box;
    private final String name;
    private final int node;
    private BoxCalls calls;
    private SeatWatch seats;
    private boolean linked;
    /** Links are told apart by it: what belongs to a former one is not heard. */
    private int link;

    /** Of the telephony node's present life, the last one without an end while it lasts. */
    private final List<Session> sessions = new ArrayList<>();

    private int lives = 1;
    private long downUntil;
    private long linkDownUntil;
    private Clockwork.Task due;

    Station(World world, String boxId, int node, long seed) {
        this.world = world;
        this.node = node;
        this.name = "Box " + boxId;
        this.box = new SimulatedBox(boxId, "i1", seed, Clockwork.START, Integer.MAX_VALUE);
        this.calls = new BoxCalls(boxId, LIMITS);
        this.seats = new SeatWatch(boxId, SEAT_GRACE);
        world.at(0, this::connect);
        world.in(TICK_MS, this::tick);
    }

    SimulatedBox box() {
        return box;
    }

    int node() {
        return node;
    }

    boolean linked() {
        return linked;
    }

    /**
     * Whether the telephony node, in its present life, has ever had the chance to see a caller who was on the box between these
     * moments. Of one it has seen there must be a record; of one who came and went unseen there cannot be.
     */
    boolean sawBetween(Instant arrived, Instant ended) {
        return sessions.stream().anyMatch(s -> s.from().isBefore(ended) && s.to().isAfter(arrived.plusMillis(LINK_MS)));
    }

    /** A call's word has reached the telephony node. */
    void receive(BoxCommand command) {
        if (world.now() < downUntil) {
            world.trace(name, "is down", command);
            return;
        }
        world.trace(name, "<-", command);
        carryOut(calls.command(command, world.instant()));
    }

    /** To be called whenever people may have made plans. */
    void watch() {
        if (due != null) {
            due.cancel();
        }
        due = box.nextDue()
                .map(at -> world.at(Clockwork.millis(at), () -> {
                    due = null;
                    happened(box.advanceTo(world.instant()));
                    watch();
                }))
                .orElse(null);
    }

    void loseLink(long downMs) {
        world.trace(name, "link lost", downMs + " ms");
        linkDownUntil = Math.max(linkDownUntil, world.untilHealed(world.now() + downMs));
        link++;
        if (linked) {
            linked = false;
            var session = sessions.remove(sessions.size() - 1);
            sessions.add(new Session(session.from(), world.instant()));
            carryOut(calls.disconnected());
            seats.disconnected();
        }
        world.at(linkDownUntil, this::connect);
    }

    void restartBox(long downMs) {
        box.restart("i" + ++lives, world.instant());
        world.trace(name, "restarted", box.incarnation());
        loseLink(downMs);
        watch();
    }

    void crash(long downMs) {
        world.trace(name, "crashes", downMs + " ms");
        calls = new BoxCalls(box.boxId(), LIMITS);
        seats = new SeatWatch(box.boxId(), SEAT_GRACE);
        linked = false;
        sessions.clear();
        link++;
        downUntil = Math.max(downUntil, world.untilHealed(world.now() + downMs));
        world.at(downUntil, this::connect);
    }

    private void connect() {
        if (linked || world.now() < downUntil || world.now() < linkDownUntil) {
            return;
        }
        linked = true;
        link++;
        sessions.add(new Session(world.instant(), Instant.MAX));
        happened(box.advanceTo(world.instant()));
        world.trace(name, "connected", box.incarnation());
        carryOut(calls.connected(
                box.incarnation(),
                box.inventory().stream().map(Station::inTheirWords).toList(),
                world.instant()));
        seats.configured(endpoints());
        hear(seats.endpoints());
        watch();
    }

    /** A phone is unplugged, or plugged in again. */
    void plug(String endpoint, boolean in) {
        world.trace(name, in ? "plugged in" : "unplugged", endpoint);
        box.plug(endpoint, in);
        hear(Set.of(endpoint));
    }

    /** The box says over the link whether it can reach them, at this moment. */
    private void hear(Set<String> endpoints) {
        var reachable = endpoints.stream()
                .collect(Collectors.toMap(
                        endpoint -> endpoint,
                        endpoint -> box.reaches(endpoint) ? BoxLink.Reach.YES : BoxLink.Reach.NO));
        overLink(() -> {
            seats.heard(reachable, world.instant());
            tellSeats();
        });
    }

    private Map<String, String> endpoints() {
        return world.directories().get(node).seats().values().stream()
                .filter(seat -> seat.boxId().equals(box.boxId()))
                .collect(Collectors.toMap(Seat::seatId, Seat::endpoint));
    }

    private void tellSeats() {
        for (var word : seats.due(world.instant())) {
            var speaker = seats;
            world.tellSeat(
                    word.seatId(),
                    new SeatCommand.Reachability(box.boxId(), word.reachable(), word.number()),
                    answer -> speaker.answered(word.seatId(), word.number(), answer.number(), answer.settled()));
        }
    }

    private static BoxLink.CallOnBox inTheirWords(CallOnBox call) {
        return new BoxLink.CallOnBox(
                call.callId(), call.legs(), call.bridged(), call.offered().orElse(null));
    }

    private void tick() {
        world.in(TICK_MS, this::tick);
        if (world.now() >= downUntil) {
            carryOut(calls.tick(world.instant()));
            if (seats.configured(endpoints())) {
                hear(seats.endpoints());
            }
            tellSeats();
        }
    }

    private void carryOut(List<BoxCalls.Output> outputs) {
        for (var output : outputs) {
            if (output instanceof BoxCalls.Output.Tell tell) {
                world.fromBox(tell.callId(), tell.event());
            } else if (output instanceof BoxCalls.Output.Pass pass) {
                overLink(() -> execute(pass.command()));
            } else if (output instanceof BoxCalls.Output.GaveUp gaveUp) {
                throw world.broken(5, "the telephony node gave up call " + gaveUp.callId(), null);
            }
        }
    }

    private void execute(BoxCommand command) {
        world.trace(name, "does", command);
        happened(box.execute(command, world.instant()));
        watch();
        world.boxTouched(this, command.callId());
    }

    private void happened(List<Report> reports) {
        for (var report : reports) {
            world.trace(name, "reports", report);
            world.boxTouched(this, report.callId());
            overLink(() -> carryOut(calls.happened(report.callId(), report.event(), world.instant())));
        }
    }

    private void overLink(Runnable arrival) {
        if (!linked) {
            return;
        }
        int sentOver = link;
        world.in(LINK_MS, () -> {
            if (link == sentOver) {
                arrival.run();
            }
        });
    }
}
