package dev.carillon.telephony;

import dev.carillon.protocol.box.BoxEvent.AnnouncementEnded;
import dev.carillon.protocol.box.BoxEvent.LegOffered;
import dev.carillon.protocol.box.Leg;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a telephony node knows of one call: a line of the table of {@link BoxCalls}, and changed only by it.
 */
final class KnownCall {

    /** Longer than any box's dialplan sets one for. */
    private static final Duration LONGEST_WATCHDOG = Duration.ofMinutes(2);

    final String callId;
    final Map<String, Leg.State> legs = new LinkedHashMap<>();
    final Set<String> endedPlaybacks = new HashSet<>();

    /** What ended last on its caller's leg, when nothing was asked for since; null when something was. */
    AnnouncementEnded silent;

    /** Legs the call believes in and nobody else has heard of, with the time at which that was first noticed. */
    final Map<String, Instant> doubtful = new HashMap<>();

    private List<String> bridged = List.of();

    /** The caller for whom nobody decides yet; null when the call has said something since. */
    LegOffered offer;

    /** Since when it owes a word: it last said something, or was told of its offer, or was reminded. */
    Instant quietSince;

    /** How often it was reminded in a row without a word from it. */
    int reminders;

    /** Until when a watchdog may be running on the caller's leg. The box sets one itself before anybody decides for the caller. */
    Instant watchdogUntil = Instant.MIN;

    KnownCall(String callId, Instant now) {
        this.callId = callId;
        this.quietSince = now;
    }

    void heard(Instant now) {
        quietSince = now;
        reminders = 0;
        offer = null;
    }

    void reminded(Instant now) {
        quietSince = now;
        reminders++;
    }

    void offered(LegOffered event, Instant now) {
        legs.putIfAbsent(event.legId(), Leg.State.DIALLING);
        offer = event;
        quietSince = now;
        reminders = 0;
        mayHaveAWatchdog(now);
    }

    void mayHaveAWatchdog(Instant now) {
        watchdogUntil = now.plus(LONGEST_WATCHDOG);
    }

    void ended(String legId, Instant now) {
        if (legs.remove(legId) != null && legs.isEmpty()) {
            quietSince = now;
            reminders = 0;
        }
        doubtful.remove(legId);
    }

    void bridged(Collection<String> legIds) {
        bridged = List.copyOf(legIds);
    }

    void replace(Collection<Leg> onBox, Collection<String> together) {
        legs.clear();
        onBox.forEach(leg -> legs.put(leg.legId(), leg.state()));
        doubtful.clear();
        bridged(together);
    }

    boolean has(String legId) {
        return legs.containsKey(legId);
    }

    List<Leg> legList() {
        return legs.entrySet().stream()
                .map(leg -> new Leg(leg.getKey(), leg.getValue()))
                .toList();
    }

    /** Those of the bridged legs that still live, if at least two do. */
    List<String> together() {
        var alive = bridged.stream().filter(this::has).toList();
        return alive.size() < 2 ? List.of() : alive;
    }
}
