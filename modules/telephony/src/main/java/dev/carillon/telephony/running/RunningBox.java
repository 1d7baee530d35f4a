package dev.carillon.telephony.running;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.telephony.simulated.CallOnBox;
import dev.carillon.telephony.simulated.Caller;
import dev.carillon.telephony.simulated.Experience;
import dev.carillon.telephony.simulated.People;
import dev.carillon.telephony.simulated.Reaction;
import dev.carillon.telephony.simulated.Report;
import dev.carillon.telephony.simulated.Ring;
import dev.carillon.telephony.simulated.SimulatedBox;
import dev.carillon.telephony.simulated.Witness;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A simulated box with a clock. At most one controller listens to it; without one, time goes on all the same and what happens
 * meanwhile is found in the next inventory. May be used from any thread.
 */
public final class RunningBox {

    /** Whoever controls the box. Called while the box holds still, so it must return at once. */
    interface Controller {

        /** The first thing that is said: all that the box has. */
        void inventory(String incarnation, List<CallOnBox> calls);

        void happened(List<Report> reports);

        /** An endpoint was unplugged, or plugged in. */
        void plugged(String endpoint, boolean in);

        /** When {@link #pass} is to be called next. */
        void nextAt(Instant due);

        /** The last thing that is said. */
        void lost(BoxTrouble trouble, String detail);
    }

    private static final int REMEMBERED_LEGS = 50_000;
    private static final AtomicLong LAST_INCARNATION = new AtomicLong();

    private final Clock clock;
    private final SimulatedBox box;
    private Controller controller;
    private Instant announced;
    private boolean away;
    private boolean attractive;
    private boolean overloaded;
    private String password = "";
    private Duration latency = Duration.ZERO;

    RunningBox(String boxId, Clock clock) {
        this.clock = clock;
        this.box = new SimulatedBox(boxId, newIncarnation(clock), boxId.hashCode(), clock.instant(), REMEMBERED_LEGS);
    }

    /** No two runs of any box in any process have calls of the same id, so journals never mix them up. */
    private static String newIncarnation(Clock clock) {
        return Long.toString(LAST_INCARNATION.updateAndGet(last -> Math.max(last + 1, clock.millis())), 36);
    }

    // ---- people

    /** What happens whenever this phone is rung. */
    public void seat(String endpoint, Reaction reaction) {
        seat(endpoint, () -> reaction);
    }

    /** What happens when this phone is rung, asked anew for every ring. */
    public synchronized void seat(String endpoint, Supplier<Reaction> reaction) {
        box.seat(endpoint, reaction);
    }

    /** A phone is unplugged, or plugged in again. */
    public synchronized void plug(String endpoint, boolean in) {
        box.plug(endpoint, in);
        if (controller != null) {
            controller.plugged(endpoint, in);
        }
    }

    synchronized boolean reaches(String endpoint) {
        return box.reaches(endpoint);
    }

    /** What happens when a phone is rung of which nothing else was said; without this it is not registered. */
    public synchronized void otherSeats(Supplier<Reaction> reaction) {
        box.otherSeats(reaction);
    }

    /** From now on this one is told of everybody, and the box remembers nobody who has left. */
    public synchronized void witness(Witness witness) {
        box.witness(witness);
    }

    /** From now on people call by themselves. Only the first people are let in. */
    public synchronized void attract(People people) {
        if (!attractive) {
            attractive = true;
            act(() -> {
                box.attract(people);
                return List.of();
            });
        }
    }

    /** @return the id of the call */
    public synchronized String arrive(Caller caller) {
        var now = clock.instant();
        deliver(box.advanceTo(now));
        var callId = box.arrive(caller, now);
        deliver(box.advanceTo(now));
        return callId;
    }

    /** The caller of this call presses a key. */
    public synchronized void press(String callId, String digit) {
        var now = clock.instant();
        box.press(callId, digit, now);
        deliver(box.advanceTo(now));
    }

    /** Lets happen what is due. It would by itself, but only when the timer of the link comes, and that may be some milliseconds late. */
    public synchronized void advance() {
        deliver(box.advanceTo(clock.instant()));
    }

    // ---- the box and its connection

    /** The connection breaks, and none can be made until {@link #comeBack}. Calls go on. */
    public synchronized void goAway() {
        away = true;
        drop(BoxTrouble.BOX_LOST, "the connection broke");
    }

    public synchronized void comeBack() {
        away = false;
    }

    /** The box stops and starts again at once: everybody on it is gone, and so is the connection. */
    public synchronized void restart() {
        box.restart(newIncarnation(clock), clock.instant());
        drop(BoxTrouble.BOX_LOST, "the connection broke");
    }

    /** Connections need this password from now on; empty: none. */
    public synchronized void requirePassword(String required) {
        password = required;
    }

    /** Every command is obeyed so much later. */
    public synchronized void commandLatency(Duration later) {
        latency = later;
    }

    // ---- what is true, whatever anybody recorded of it

    public synchronized String incarnation() {
        return box.incarnation();
    }

    /** Everything that is on the box at this moment. */
    public synchronized List<CallOnBox> inventory() {
        deliver(box.advanceTo(clock.instant()));
        return box.inventory();
    }

    /** What callers have lived through, oldest first; of the last ones, should there be very many. */
    public synchronized List<Experience> experiences() {
        deliver(box.advanceTo(clock.instant()));
        return box.experiences();
    }

    /** What one caller lived through; empty when there was none, or it was very long ago. */
    public Optional<Experience> experience(String callId) {
        return experiences().stream().filter(one -> one.callId().equals(callId)).findFirst();
    }

    /** What seats have lived through, oldest first; of the last rings, should there be very many. */
    public synchronized List<Ring> rings() {
        deliver(box.advanceTo(clock.instant()));
        return box.rings();
    }

    /** Whether its controller has told it that new callers are being refused. */
    public synchronized boolean overloaded() {
        return overloaded;
    }

    // ---- control

    /** Takes control of the box; whoever had it before is told that they are replaced. */
    synchronized void control(Controller newcomer, String withPassword) {
        if (away) {
            newcomer.lost(BoxTrouble.BOX_UNREACHABLE, "it is switched off or cut off: call comeBack()");
        } else if (!password.isEmpty() && !password.equals(withPassword)) {
            newcomer.lost(BoxTrouble.BOX_REFUSED_PASSWORD, "it does not take this password: compare it with the box's");
        } else {
            drop(BoxTrouble.BOX_REPLACED, "another controller took the box over");
            box.advanceTo(clock.instant());
            controller = newcomer;
            newcomer.inventory(box.incarnation(), box.inventory());
            announceNext();
        }
    }

    synchronized boolean isControlledBy(Controller one) {
        return controller == one;
    }

    synchronized void letGo(Controller leaver) {
        if (controller == leaver) {
            controller = null;
            announced = null;
        }
    }

    /** Does as it is told, if it is this controller's. */
    synchronized void execute(Controller by, BoxCommand command) {
        if (controller == by) {
            act(() -> box.execute(command, clock.instant()));
        }
    }

    synchronized void overloaded(Controller by, boolean refusing) {
        if (controller == by) {
            overloaded = refusing;
        }
    }

    /** Lets happen what is due. */
    synchronized void pass(Controller by) {
        if (controller == by) {
            announced = null;
            act(() -> box.advanceTo(clock.instant()));
        }
    }

    synchronized Duration commandLatency() {
        return latency;
    }

    private void act(Supplier<List<Report>> action) {
        deliver(action.get());
    }

    private void deliver(List<Report> reports) {
        if (controller != null) {
            if (!reports.isEmpty()) {
                controller.happened(reports);
            }
            announceNext();
        }
    }

    private void announceNext() {
        var next = box.nextDue().orElse(null);
        if (next != null && (announced == null || next.isBefore(announced))) {
            announced = next;
            controller.nextAt(next);
        }
    }

    private void drop(BoxTrouble trouble, String detail) {
        if (controller != null) {
            var dropped = controller;
            controller = null;
            announced = null;
            dropped.lost(trouble, detail);
        }
    }
}
