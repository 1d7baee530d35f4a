package dev.carillon.telephony;

import dev.carillon.protocol.box.BoxEvent.LegEnded;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The legs that have ended, and calls that were released, for a few minutes: what is asked of them late or again is answered
 * from here, so that a repeated command can never ring a phone for a second time.
 */
final class EndedLegs {

    private record Key(String callId, String legId) {}

    private record Ended(LegEnded how, Instant at) {}

    private final Duration memory;
    private final Map<Key, Ended> legs = new LinkedHashMap<>();
    private final Map<String, Instant> released = new LinkedHashMap<>();

    EndedLegs(Duration memory) {
        this.memory = memory;
    }

    /** The first word on how a leg ended is kept. */
    void legEnded(String callId, LegEnded how, Instant now) {
        legs.putIfAbsent(new Key(callId, how.legId()), new Ended(how, now));
    }

    Optional<LegEnded> leg(String callId, String legId) {
        return Optional.ofNullable(legs.get(new Key(callId, legId))).map(Ended::how);
    }

    /** The leg is there after all: the box says so. */
    void legLives(String callId, String legId) {
        legs.remove(new Key(callId, legId));
        released.remove(callId);
    }

    void callReleased(String callId, Instant now) {
        released.remove(callId);
        released.put(callId, now);
    }

    boolean isReleased(String callId) {
        return released.containsKey(callId);
    }

    void forgetOld(Instant now) {
        var before = now.minus(memory);
        forgetFirst(legs.values().iterator(), before);
        Iterator<Instant> calls = released.values().iterator();
        while (calls.hasNext() && calls.next().isBefore(before)) {
            calls.remove();
        }
    }

    private static void forgetFirst(Iterator<Ended> oldestFirst, Instant before) {
        while (oldestFirst.hasNext() && oldestFirst.next().at().isBefore(before)) {
            oldestFirst.remove();
        }
    }

    int size() {
        return legs.size() + released.size();
    }
}
