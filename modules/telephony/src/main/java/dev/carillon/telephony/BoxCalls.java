package dev.carillon.telephony;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a telephony node knows of the calls on its box, and everything it decides: without Akka, clock or I/O. Its rules:
 *
 * <ol>
 *   <li>The box is the truth. After a connect its inventory replaces the table; between two inventories its events do.
 *   <li>A caller is offered to their call, again and again, until the call says anything. That holds when the caller has hung up
 *       meanwhile, too: they called, so there is to be a record of it.
 *   <li>While the box cannot be reached every word of a call is answered by {@link BoxEvent.BoxAway}; nothing is kept for later,
 *       since the call repeats what still matters. Only a {@link BoxCommand.Release} is kept: nobody would repeat it.
 *   <li>An ended leg stays ended: commands for it are answered by how it ended, and what still moves under its id is hung up.
 *       Only an inventory or a new offer brings it back.
 *   <li>A call that is silent for too long while it has legs, and one that has no legs left and does not say {@code Release}, is
 *       told how things are: that wakes it wherever it lives now.
 *   <li>That something said to a caller has ended is told to their call with each {@code KeepAlive}, until it asks for something else: the
 *       word may be lost, and nothing else says that they wait in silence.
 *   <li>{@code Release} ends all interest in a call; what it still has on the box is hung up.
 *   <li>A caller who is refused is hung up on, and their call never hears of them. That is said again until the box confirms it; after a connect
 *       whoever is still there is offered like everybody whom the box has kept.
 * </ol>
 *
 * Mutable, and confined to whoever owns it: the telephony node's actor, or the simulation, which runs these same rules.
 */
public final class BoxCalls {

    /** What is to be done now, in this order. */
    public sealed interface Output {
        record Tell(String callId, BoxEvent event) implements Output {}

        record Pass(BoxCommand command) implements Output {}

        /** This call has never said that it is over, and is not asked any longer. */
        record GaveUp(String callId) implements Output {}
    }

    /**
     * @param offerRepeat how often a call is told of a caller it says nothing about
     * @param silence a call with legs that says nothing for so long is told how things are
     * @param endedMemory for how long ended legs and released calls are remembered
     * @param firstReminder how soon a call without legs is asked for its {@code Release}; the pause doubles each time ...
     * @param longestReminder ... up to this
     * @param reminderLimit after so many reminders a call is given up
     */
    public record Limits(
            Duration offerRepeat,
            Duration silence,
            Duration endedMemory,
            Duration firstReminder,
            Duration longestReminder,
            int reminderLimit) {}

    /** A leg that a call has only just asked for may still be on its way here; after this it is not believed any more. */
    private static final Duration DOUBT = Duration.ofSeconds(3);

    /** The incarnation of a box that is not part of the configuration: no call knows it, so to each its box has ended. */
    private static final String NO_BOX = "";

    /** Who has been on the box for longer was kept by it meanwhile. */
    private static final Duration NEW = Duration.ofSeconds(5);

    private static final Duration REFUSE_AGAIN = Duration.ofSeconds(2);

    private final String boxId;
    private final Limits limits;
    private final Map<String, KnownCall> calls = new LinkedHashMap<>();
    private final Map<String, BoxCommand.Release> owedReleases = new HashMap<>();
    private final EndedLegs ended;
    /** Callers who were refused, until they are off the line, by call. */
    private final Map<String, Refusal> refusals = new LinkedHashMap<>();

    /** The least time that callers take from the box to here: what its clock and this one differ by is part of it. */
    private Duration leastAge;

    private String incarnation;
    private boolean up;

    private record Refusal(BoxCommand.HangUp hangUp, Instant at) {}

    public BoxCalls(String boxId, Limits limits) {
        this.boxId = boxId;
        this.limits = limits;
        this.ended = new EndedLegs(limits.endedMemory());
    }

    /** How many calls have at least one leg on the box. */
    int count() {
        return (int)
                calls.values().stream().filter(call -> !call.legs.isEmpty()).count();
    }

    /** The answer to a command for a box that the configuration does not have, as far as it is known here. */
    static List<Output> unknownBox(String boxId, BoxCommand command) {
        return command instanceof BoxCommand.Release
                ? List.of()
                : List.of(tell(command.callId(), new BoxEvent.BoxAway(boxId, false)));
    }

    /** The answer to a command for a box that was taken out of the configuration. */
    static List<Output> withoutBox(String boxId, BoxCommand command) {
        if (command instanceof BoxCommand.Release) {
            return List.of();
        }
        if (command instanceof BoxCommand.RingSeat ring) {
            return List.of(tell(ring.callId(), new BoxEvent.LegEnded(ring.legId(), EndCause.UNREACHABLE, 0)));
        }
        return List.of(tell(command.callId(), new BoxEvent.BoxBack(boxId, NO_BOX, List.of(), List.of())));
    }

    // ---- the connection

    /** True when the box's calls of the time before are gone, by what it says of itself. */
    boolean wasRestarted(String newIncarnation) {
        return incarnation != null && !incarnation.equals(newIncarnation);
    }

    /** The box can be spoken to, and this is everything it has. */
    public List<Output> connected(String newIncarnation, List<BoxLink.CallOnBox> inventory, Instant now) {
        boolean restarted = wasRestarted(newIncarnation);
        incarnation = newIncarnation;
        up = true;
        refusals.clear();
        leastAge = null;
        var out = new ArrayList<Output>();
        if (!restarted) {
            owedReleases.values().forEach(release -> out.add(new Output.Pass(release)));
        }
        owedReleases.clear();
        var onBox = inventory.stream()
                .collect(Collectors.toMap(BoxLink.CallOnBox::callId, call -> call, (first, again) -> again));
        for (var call : calls.values()) {
            var cause = restarted ? EndCause.BOX_LOST : EndCause.UNKNOWN;
            noteLost(call, onBox.get(call.callId), cause, out, now);
        }
        for (var found : onBox.values()) {
            found(found, out, now);
        }
        return out;
    }

    /** What a known call had and the box has no more; {@code onBox} is null when it has nothing of it. */
    private void noteLost(KnownCall call, BoxLink.CallOnBox onBox, EndCause cause, List<Output> out, Instant now) {
        List<String> legsOnBox = onBox == null
                ? List.of()
                : onBox.legs().stream().map(Leg::legId).toList();
        for (var legId : List.copyOf(call.legs.keySet())) {
            if (!legsOnBox.contains(legId)) {
                ended.legEnded(call.callId, new BoxEvent.LegEnded(legId, cause, 0), now);
                call.ended(legId, now);
            }
        }
        if (onBox != null) {
            return;
        }
        call.quietSince = now;
        if (call.offer != null) {
            offer(call, out);
        } else {
            out.add(howThingsAre(call));
        }
    }

    private void found(BoxLink.CallOnBox found, List<Output> out, Instant now) {
        var before = calls.get(found.callId());
        boolean spokeBefore = before != null && before.offer == null;
        found.legs().forEach(leg -> ended.legLives(found.callId(), leg.legId()));
        var call = known(found.callId(), now);
        call.replace(found.legs(), found.bridged());
        call.quietSince = now;
        call.reminders = 0;
        call.mayHaveAWatchdog(now);
        if (found.offered() != null) {
            call.offered(found.offered(), now);
        }
        if (call.offer != null) {
            offer(call, out);
        }
        // To a call that has never said a word, the offer alone says it all.
        if (call.offer == null || spokeBefore || found.legs().size() > 1) {
            out.add(howThingsAre(call));
        }
    }

    /** The box cannot be spoken to any more. */
    public List<Output> disconnected() {
        up = false;
        refusals.clear();
        return calls.values().stream()
                .filter(call -> call.offer == null)
                .map(call -> tell(call.callId, new BoxEvent.BoxAway(boxId, true)))
                .toList();
    }

    /** The box has been taken out of the configuration: whatever goes on there is no longer Carillon's. */
    List<Output> deleted() {
        up = false;
        incarnation = null;
        owedReleases.clear();
        refusals.clear();
        var out = calls.values().stream()
                .filter(call -> call.offer == null)
                .map(call -> tell(call.callId, new BoxEvent.BoxBack(boxId, NO_BOX, List.of(), List.of())))
                .toList();
        calls.clear();
        return out;
    }

    // ---- what calls say

    public List<Output> command(BoxCommand command, Instant now) {
        var out = new ArrayList<Output>();
        if (command instanceof BoxCommand.Release release) {
            release(release, out, now);
            return out;
        }
        // What a released call said before arrives late: it is answered, but it does not make the call known again.
        var call = ended.isReleased(command.callId())
                ? new KnownCall(command.callId(), now)
                : known(command.callId(), now);
        call.heard(now);
        if (!up) {
            if (command instanceof BoxCommand.KeepAlive keepAlive) {
                keepAlive.legs().forEach(leg -> call.legs.putIfAbsent(leg.legId(), leg.state()));
            }
            out.add(tell(call.callId, new BoxEvent.BoxAway(boxId, true)));
        } else if (command instanceof BoxCommand.KeepAlive keepAlive) {
            keepAlive(call, keepAlive, out, now);
        } else if (command instanceof BoxCommand.TakeStock) {
            out.add(howThingsAre(call));
        } else if (command instanceof BoxCommand.RingSeat ring) {
            ring(call, ring, out);
        } else if (command instanceof BoxCommand.HangUp hangUp) {
            hangUp(call, hangUp, out);
        } else if (command instanceof BoxCommand.Answer answer) {
            answer(call, answer, out);
        } else if (command instanceof BoxCommand.Announce announce) {
            announce(call, announce, out);
        } else if (command instanceof BoxCommand.PlayMusic music) {
            call.silent = null;
            passIfAlive(call, List.of(music.legId()), music, out);
        } else if (command instanceof BoxCommand.Bridge bridge) {
            call.silent = null;
            passIfAlive(call, bridge.legIds(), bridge, out);
        }
        return out;
    }

    private void release(BoxCommand.Release release, List<Output> out, Instant now) {
        var call = calls.remove(release.callId());
        ended.callReleased(release.callId(), now);
        if (!up) {
            owedReleases.put(release.callId(), release);
            return;
        }
        if (call != null) {
            for (var legId : call.legs.keySet()) {
                ended.legEnded(release.callId(), new BoxEvent.LegEnded(legId, EndCause.NORMAL, 0), now);
                out.add(new Output.Pass(new BoxCommand.HangUp(release.callId(), legId, EndCause.NORMAL)));
            }
        }
        out.add(new Output.Pass(release));
    }

    private void keepAlive(KnownCall call, BoxCommand.KeepAlive keepAlive, List<Output> out, Instant now) {
        boolean mistaken = false;
        for (var believed : keepAlive.legs()) {
            var state = call.legs.get(believed.legId());
            var how = ended.leg(call.callId, believed.legId());
            if (state != null && state.compareTo(believed.state()) > 0) {
                say(call, believed.legId(), state, out);
            } else if (state == null && how.isPresent()) {
                out.add(tell(call.callId, how.get()));
            } else if (state == null && !mayBeOnItsWay(call, believed, now)) {
                mistaken = true;
            }
        }
        var listed = keepAlive.legs().stream().map(Leg::legId).collect(Collectors.toSet());
        call.legs.forEach((legId, state) -> {
            if (!listed.contains(legId)) {
                say(call, legId, state, out);
            }
        });
        if (mistaken) {
            out.add(howThingsAre(call));
        }
        if (call.silent != null) {
            out.add(tell(call.callId, call.silent));
        }
        if (keepAlive.watchdogSeconds() > 0) {
            call.watchdogUntil = now.plusSeconds(2L * keepAlive.watchdogSeconds());
        }
        // "Take it off" is said for as long as a watchdog may run: one that was lost would end the talk it was to
        // protect.
        if (!call.legs.isEmpty() && now.isBefore(call.watchdogUntil)) {
            out.add(new Output.Pass(keepAlive));
        }
    }

    /** The command that makes a leg may come later than the first {@code KeepAlive} that mentions it. */
    private static boolean mayBeOnItsWay(KnownCall call, Leg believed, Instant now) {
        return believed.state() == Leg.State.DIALLING
                && now.isBefore(call.doubtful
                        .computeIfAbsent(believed.legId(), first -> now)
                        .plus(DOUBT));
    }

    private void ring(KnownCall call, BoxCommand.RingSeat ring, List<Output> out) {
        var how = ended.leg(call.callId, ring.legId());
        var state = call.legs.get(ring.legId());
        if (how.isPresent()) {
            out.add(tell(call.callId, how.get()));
        } else if (ended.isReleased(call.callId)) {
            out.add(tell(call.callId, new BoxEvent.LegEnded(ring.legId(), EndCause.CANCELLED, 0)));
        } else if (state != null && state != Leg.State.DIALLING) {
            say(call, ring.legId(), state, out);
        } else {
            call.doubtful.remove(ring.legId());
            call.legs.putIfAbsent(ring.legId(), Leg.State.DIALLING);
            out.add(new Output.Pass(ring));
        }
    }

    private void hangUp(KnownCall call, BoxCommand.HangUp hangUp, List<Output> out) {
        ended.leg(call.callId, hangUp.legId())
                .ifPresentOrElse(
                        how -> out.add(tell(call.callId, how)),
                        // Also for a leg nobody knows: the box confirms its end, so a ring that comes late will not
                        // ring.
                        () -> out.add(new Output.Pass(hangUp)));
    }

    private void answer(KnownCall call, BoxCommand.Answer answer, List<Output> out) {
        if (call.legs.get(answer.legId()) == Leg.State.UP) {
            say(call, answer.legId(), Leg.State.UP, out);
        } else {
            passIfAlive(call, List.of(answer.legId()), answer, out);
        }
    }

    private void announce(KnownCall call, BoxCommand.Announce announce, List<Output> out) {
        if (call.endedPlaybacks.contains(announce.playbackId())) {
            out.add(tell(call.callId, new BoxEvent.AnnouncementEnded(announce.legId(), announce.playbackId())));
        } else {
            call.silent = null;
            passIfAlive(call, List.of(announce.legId()), announce, out);
        }
    }

    private void passIfAlive(KnownCall call, List<String> legIds, BoxCommand command, List<Output> out) {
        var gone = legIds.stream().filter(legId -> !call.has(legId)).toList();
        for (var legId : gone) {
            out.add(tell(
                    call.callId,
                    ended.leg(call.callId, legId).orElse(new BoxEvent.LegEnded(legId, EndCause.UNKNOWN, 0))));
        }
        if (gone.isEmpty()) {
            out.add(new Output.Pass(command));
        }
    }

    // ---- who is not let in

    /**
     * Whether this is the first that anybody hears of a caller. Not of one whom the box has kept for a while by itself, or whose call is known:
     * they were let in before.
     */
    boolean isNew(String callId, BoxEvent event, Instant now) {
        if (!(event instanceof BoxEvent.LegOffered offered)) {
            return false;
        }
        var age = Duration.between(offered.arrivedAt(), now);
        leastAge = leastAge == null || age.compareTo(leastAge) < 0 ? age : leastAge;
        return !calls.containsKey(callId)
                && !ended.isReleased(callId)
                && age.minus(leastAge).compareTo(NEW) < 0;
    }

    /** Nothing is decided for this caller. */
    List<Output> refuse(String callId, BoxEvent.LegOffered offered, Instant now) {
        var hangUp = new BoxCommand.HangUp(callId, offered.legId(), EndCause.CONGESTION);
        ended.callReleased(callId, now);
        refusals.put(callId, new Refusal(hangUp, now));
        return List.of(new Output.Pass(hangUp));
    }

    private void refuseAgain(List<Output> out, Instant now) {
        refusals.replaceAll((callId, refusal) -> {
            if (now.isBefore(refusal.at().plus(REFUSE_AGAIN))) {
                return refusal;
            }
            out.add(new Output.Pass(refusal.hangUp()));
            return new Refusal(refusal.hangUp(), now);
        });
    }

    // ---- what the box says

    public List<Output> happened(String callId, BoxEvent event, Instant now) {
        var out = new ArrayList<Output>();
        if (event instanceof BoxEvent.LegOffered offered) {
            if (refusals.containsKey(callId)) {
                // It has not let go of them yet.
                return out;
            }
            ended.legLives(callId, offered.legId());
            known(callId, now).offered(offered, now);
            out.add(tell(callId, offered));
        } else if (event instanceof BoxEvent.LegEnded how) {
            legEnded(callId, how, out, now);
        } else if (event instanceof BoxEvent.LegRinging ringing) {
            legMoved(callId, ringing.legId(), Leg.State.RINGING, ringing, out, now);
        } else if (event instanceof BoxEvent.LegAnswered answered) {
            legMoved(callId, answered.legId(), Leg.State.UP, answered, out, now);
        } else if (event instanceof BoxEvent.BoxBack back) {
            var onBox = new BoxLink.CallOnBox(callId, back.legs(), back.bridged(), null);
            noteLost(known(callId, now), onBox, EndCause.UNKNOWN, out, now);
            found(onBox, out, now);
        } else if (event instanceof BoxEvent.BoxAway) {
            throw new IllegalArgumentException("a link cannot report its own box away for a single call");
        } else if (!ended.isReleased(callId)) {
            var call = known(callId, now);
            if (event instanceof BoxEvent.AnnouncementEnded announcement) {
                call.endedPlaybacks.add(announcement.playbackId());
                call.silent = announcement;
            } else if (event instanceof BoxEvent.Bridged bridged) {
                call.bridged(bridged.legIds());
                call.silent = null;
            }
            out.add(tell(callId, event));
        }
        return out;
    }

    private void legEnded(String callId, BoxEvent.LegEnded how, List<Output> out, Instant now) {
        ended.legEnded(callId, how, now);
        refusals.remove(callId);
        if (ended.isReleased(callId)) {
            return;
        }
        var call = known(callId, now);
        call.ended(how.legId(), now);
        out.add(tell(callId, ended.leg(callId, how.legId()).orElse(how)));
    }

    private void legMoved(String callId, String legId, Leg.State state, BoxEvent event, List<Output> out, Instant now) {
        if (ended.leg(callId, legId).isPresent() || ended.isReleased(callId)) {
            out.add(new Output.Pass(new BoxCommand.HangUp(callId, legId, EndCause.CANCELLED)));
            return;
        }
        known(callId, now).legs.merge(legId, state, (before, after) -> before.compareTo(after) > 0 ? before : after);
        out.add(tell(callId, event));
    }

    // ---- what time brings

    /** To be called about once a second. */
    public List<Output> tick(Instant now) {
        ended.forgetOld(now);
        if (!up) {
            return List.of();
        }
        var out = new ArrayList<Output>();
        refuseAgain(out, now);
        calls.values().removeIf(call -> {
            remind(call, out, now);
            return call.legs.isEmpty() && call.reminders > limits.reminderLimit();
        });
        return out;
    }

    private void remind(KnownCall call, List<Output> out, Instant now) {
        if (call.legs.isEmpty()) {
            if (now.isBefore(call.quietSince.plus(reminderPause(call.reminders)))) {
                return;
            }
            call.reminded(now);
            if (call.reminders > limits.reminderLimit()) {
                out.add(new Output.GaveUp(call.callId));
            } else if (call.offer != null) {
                offer(call, out);
            } else {
                out.add(howThingsAre(call));
            }
        } else if (call.offer != null) {
            if (!now.isBefore(call.quietSince.plus(limits.offerRepeat()))) {
                call.reminded(now);
                offer(call, out);
            }
        } else if (!now.isBefore(call.quietSince.plus(limits.silence()))) {
            call.reminded(now);
            out.add(howThingsAre(call));
        }
    }

    private Duration reminderPause(int reminders) {
        var pause = limits.firstReminder().multipliedBy(1L << Math.min(reminders, 20));
        return pause.compareTo(limits.longestReminder()) < 0 ? pause : limits.longestReminder();
    }

    // ---- words

    private KnownCall known(String callId, Instant now) {
        return calls.computeIfAbsent(callId, id -> new KnownCall(id, now));
    }

    private void offer(KnownCall call, List<Output> out) {
        out.add(tell(call.callId, call.offer));
        ended.leg(call.callId, call.offer.legId()).ifPresent(how -> out.add(tell(call.callId, how)));
    }

    private Output howThingsAre(KnownCall call) {
        return tell(call.callId, new BoxEvent.BoxBack(boxId, incarnation, call.legList(), call.together()));
    }

    private static void say(KnownCall call, String legId, Leg.State state, List<Output> out) {
        if (state == Leg.State.UP) {
            out.add(tell(call.callId, new BoxEvent.LegAnswered(legId)));
        } else if (state == Leg.State.RINGING) {
            out.add(tell(call.callId, new BoxEvent.LegRinging(legId)));
        }
    }

    private static Output tell(String callId, BoxEvent event) {
        return new Output.Tell(callId, event);
    }
}
