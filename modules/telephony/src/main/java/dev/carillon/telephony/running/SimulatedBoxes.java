package dev.carillon.telephony.running;

import java.time.Clock;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The simulated boxes of this process. They belong to it as a real box belongs to its machine: Carillon's nodes in it come and
 * go, the boxes and the people on them stay. Tests and demonstrations reach them here.
 */
public final class SimulatedBoxes {

    private static final ConcurrentHashMap<String, RunningBox> BOXES = new ConcurrentHashMap<>();

    private SimulatedBoxes() {}

    /** The box of this id; switched on now if nobody has asked for it before. */
    public static RunningBox box(String boxId) {
        return box(boxId, Clock.systemUTC());
    }

    /** @param clock of the box, if it is not there yet */
    public static RunningBox box(String boxId, Clock clock) {
        return BOXES.computeIfAbsent(boxId, id -> new RunningBox(id, clock));
    }

    /** Switches the box off for good: whoever is on it is gone. The next {@link #box} makes a new one. */
    public static void scrap(String boxId) {
        var box = BOXES.remove(boxId);
        if (box != null) {
            box.goAway();
        }
    }
}
