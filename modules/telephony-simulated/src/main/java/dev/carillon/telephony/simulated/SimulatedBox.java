package dev.carillon.telephony.simulated;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.telephony.simulated.Experience.Who;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * One box. Time passes only by {@link #advanceTo}; whatever happens comes back as {@link Report}s, in order. Not for several
 * threads at once.
 *
 * <p>Where a real box is known to be awkward the model is so too: a leg it has ended is forgotten at once (whoever wants to know
 * how it ended must have listened), a bridge does not dissolve when one side leaves, a phone that talks is busy, and a caller
 * for whom nobody says {@code KeepAlive} is taken back and offered again.
 *
 * <p>{@code KeepAlive} here only refreshes the watchdog: to compare what the call believes with what is true is the telephony
 * node's work, for every kind of box.
 */
public final class SimulatedBox {

    /** For how long somebody stays on the line who hears nobody. */
    public static final Duration ALONE = Duration.ofSeconds(20);

    /** A caller for whom nobody ever says {@code KeepAlive} is offered again after this, as the dialplan of a real box does. */
    public static final Duration FIRST_WATCHDOG = Duration.ofSeconds(30);

    private static final Duration ANNOUNCEMENT = Duration.ofSeconds(3);

    private final String boxId;
    private final SplittableRandom random;
    private final Agenda agenda = new Agenda();
    private final Map<String, Supplier<Reaction>> seats = new HashMap<>();
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final Map<String, List<Line>> calls = new LinkedHashMap<>();
    private final Map<String, Line.Outbound> phones = new HashMap<>();
    private final Deque<Line> past = new ArrayDeque<>();
    private final int remembered;
    private final Set<String> unplugged = new HashSet<>();
    private Supplier<Reaction> strangers = Reaction.NotRegistered::new;
    private Witness witness;
    private List<Report> reports = new ArrayList<>();
    private String incarnation;
    private int channels;
    private Instant now;

    /**
     * @param incarnation names this run of the box; part of every channel's id, so that no two runs have a call in common
     * @param remembered of how many ended legs the experiences are kept: the oldest are forgotten first
     */
    public SimulatedBox(String boxId, String incarnation, long seed, Instant start, int remembered) {
        this.boxId = boxId;
        this.incarnation = incarnation;
        this.random = new SplittableRandom(seed);
        this.now = start;
        this.remembered = remembered;
    }

    public String boxId() {
        return boxId;
    }

    public String incarnation() {
        return incarnation;
    }

    /** When something happens next by itself; empty when nothing does. */
    public Optional<Instant> nextDue() {
        return agenda.next();
    }

    /** What happens when this phone is rung, asked anew for every ring. */
    public void seat(String endpoint, Supplier<Reaction> reaction) {
        seats.put(endpoint, reaction);
    }

    /** A phone is unplugged, or plugged in again; what people at it do is said by {@link #seat}. Talks and rings that go on are left alone. */
    public void plug(String endpoint, boolean in) {
        if (in) {
            unplugged.remove(endpoint);
        } else {
            unplugged.add(endpoint);
        }
    }

    /** Whether a phone is not known to be unplugged: of one of which nothing was said the box cannot tell. */
    public boolean reaches(String endpoint) {
        return !unplugged.contains(endpoint);
    }

    /** What happens when a phone is rung of which nothing was said by {@link #seat}; until this is called, it is not registered. */
    public void otherSeats(Supplier<Reaction> reaction) {
        strangers = reaction;
    }

    /** From now on this one is told of everybody, and the box remembers nobody who has left. */
    public void witness(Witness newcomer) {
        witness = newcomer;
    }

    /** From now on these people call by themselves, and sit at the phones of which nothing was said by {@link #seat}. */
    public void attract(People people) {
        otherSeats(people::reaction);
        agenda.plan(now.plus(people.untilNext()), () -> {
            arriveNow(newLeg(), people.caller());
            attract(people);
        });
    }

    /**
     * Somebody calls, at this moment or later.
     *
     * @return the id of the call that is going to be, unless the box is restarted before they come
     */
    public String arrive(Caller caller, Instant at) {
        var legId = newLeg();
        agenda.plan(at.isBefore(now) ? now : at, () -> arriveNow(legId, caller));
        return callId(legId);
    }

    /** The caller presses a key, at this moment or later, if they are still on the line then. */
    public void press(String callId, String digit, Instant at) {
        agenda.plan(at.isBefore(now) ? now : at, () -> {
            for (var line : calls.getOrDefault(callId, List.of())) {
                if (line instanceof Line.Inbound && !hearsSomebody(line)) {
                    report(line, new BoxEvent.KeyPressed(line.legId, digit, now));
                }
            }
        });
    }

    /** Everything that happens until then. */
    public List<Report> advanceTo(Instant until) {
        for (var due = agenda.takeDue(until); due.isPresent(); due = agenda.takeDue(until)) {
            now = due.get().at();
            due.get().run();
        }
        if (until.isAfter(now)) {
            now = until;
        }
        return takeReports();
    }

    /** Does as it is told, at this moment; what is due until then happens first. */
    public List<Report> execute(BoxCommand command, Instant at) {
        var before = advanceTo(at);
        reports = new ArrayList<>(before);
        calls.getOrDefault(command.callId(), List.of()).forEach(line -> {
            if (line instanceof Line.Inbound inbound) {
                inbound.undecided = false;
            }
        });
        if (command instanceof BoxCommand.Answer answer) {
            answer(answer);
        } else if (command instanceof BoxCommand.PlayMusic music) {
            playMusic(music);
        } else if (command instanceof BoxCommand.Announce announce) {
            announce(announce);
        } else if (command instanceof BoxCommand.RingSeat ring) {
            ringSeat(ring);
        } else if (command instanceof BoxCommand.Bridge bridge) {
            bridge(bridge);
        } else if (command instanceof BoxCommand.HangUp hangUp) {
            hangUp(hangUp);
        } else if (command instanceof BoxCommand.KeepAlive keepAlive) {
            keepAlive(keepAlive);
        } else if (command instanceof BoxCommand.TakeStock) {
            var here = call(command.callId());
            reports.add(new Report(
                    now, command.callId(), new BoxEvent.BoxBack(boxId, incarnation, here.legs(), here.bridged())));
        } else if (command instanceof BoxCommand.Release release) {
            release(release);
        }
        return takeReports();
    }

    /** The box stops and starts again: everybody's line is dead, and nobody is told. Channel ids never come again. */
    public void restart(String newIncarnation, Instant at) {
        advanceTo(at);
        for (var line : List.copyOf(lines.values())) {
            drop(line, Who.BOX);
        }
        incarnation = newIncarnation;
        channels = 0;
        takeReports();
    }

    /** Everything the box has, oldest call first. */
    public List<CallOnBox> inventory() {
        return calls.keySet().stream().map(this::call).toList();
    }

    /** What the box has of one call; no legs when it has nothing. */
    public CallOnBox call(String callId) {
        var legs = new ArrayList<Leg>(2);
        var bridged = new ArrayList<String>(2);
        BoxEvent.LegOffered offered = null;
        for (var line : calls.getOrDefault(callId, List.of())) {
            legs.add(line.leg());
            if (hearsSomebody(line)) {
                bridged.add(line.legId);
            }
            if (offered == null && line instanceof Line.Inbound inbound && inbound.undecided) {
                offered = offer(inbound);
            }
        }
        return new CallOnBox(callId, legs, bridged, Optional.ofNullable(offered));
    }

    /** Whether the leg has not ended. */
    public boolean has(String legId) {
        return lines.containsKey(legId);
    }

    /** How many legs of a call hear each other; 0 when none do. */
    public int together(String callId) {
        int together = 0;
        for (var line : calls.getOrDefault(callId, List.of())) {
            if (hearsSomebody(line)) {
                together++;
            }
        }
        return together;
    }

    /** Callers on the line who hear neither music nor an agent nor an announcement. */
    public List<String> inSilence() {
        var silent = new ArrayList<String>();
        for (var line : lines.values()) {
            if (line instanceof Line.Inbound caller
                    && !caller.hearsMusic
                    && !hearsSomebody(caller)
                    && !caller.playbacks.containsValue(false)) {
                silent.add(caller.callId);
            }
        }
        return silent;
    }

    /** What callers lived through: those remembered, then those on the line, each in order. */
    public List<Experience> experiences() {
        return everybody(Line.Inbound.class).stream()
                .map(Line.Inbound::experience)
                .toList();
    }

    /** What seats lived through: rings remembered, then those that go on, each in order. */
    public List<Ring> rings() {
        return everybody(Line.Outbound.class).stream().map(Line.Outbound::ring).toList();
    }

    private <L extends Line> List<L> everybody(Class<L> kind) {
        var all = new ArrayList<L>();
        for (Collection<Line> some : List.of(past, lines.values())) {
            some.stream().filter(kind::isInstance).map(kind::cast).forEach(all::add);
        }
        return all;
    }

    // Callers

    private String newLeg() {
        return incarnation + "." + ++channels;
    }

    private String callId(String legId) {
        return boxId + "-" + legId;
    }

    private void arriveNow(String legId, Caller caller) {
        if (!legId.startsWith(incarnation + ".")) {
            // Was to come before the box was restarted: calls all the same, and gets a channel of this run.
            arriveNow(newLeg(), caller);
            return;
        }
        var line = new Line.Inbound(callId(legId), legId, caller, now);
        add(line);
        line.hangUp = line.tie(agenda.plan(now.plus(caller.patience()), () -> hangUp(line, Who.CALLER)));
        guard(line, FIRST_WATCHDOG);
        if (witness != null) {
            witness.came(line.experience());
        }
        report(line, offer(line));
    }

    private BoxEvent.LegOffered offer(Line.Inbound line) {
        return new BoxEvent.LegOffered(
                boxId,
                incarnation,
                line.legId,
                line.caller.number(),
                line.caller.name(),
                line.caller.dialled(),
                line.arrivedAt);
    }

    private void guard(Line.Inbound line, Duration patience) {
        unguard(line);
        line.watchdog = line.tie(agenda.plan(now.plus(patience), () -> takeBack(line)));
    }

    private void unguard(Line.Inbound line) {
        if (line.watchdog != null) {
            line.watchdog.cancel();
            line.watchdog = null;
        }
    }

    private void takeBack(Line.Inbound line) {
        leaveBridge(line, Who.BOX);
        line.undecided = true;
        guard(line, FIRST_WATCHDOG);
        report(line, offer(line));
    }

    private void answer(BoxCommand.Answer command) {
        var line = known(command.callId(), command.legId());
        if (line instanceof Line.Inbound) {
            markAnswered(line);
        }
    }

    private void markAnswered(Line line) {
        line.state = Leg.State.UP;
        if (line.answeredAt == null) {
            line.answeredAt = now;
            if (witness != null && line instanceof Line.Inbound inbound) {
                witness.answered(inbound.experience());
            }
        }
        report(line, new BoxEvent.LegAnswered(line.legId));
    }

    private void playMusic(BoxCommand.PlayMusic command) {
        var line = known(command.callId(), command.legId());
        // Said before the talk or the announcement began, and late: it would drown them.
        if (line == null || hearsSomebody(line) || line.playbacks.containsValue(false)) {
            return;
        }
        leaveBridge(line, Who.CARILLON);
        if (line instanceof Line.Inbound inbound) {
            inbound.hearsMusic = true;
            inbound.musicAt = inbound.musicAt == null ? now : inbound.musicAt;
        }
        report(line, new BoxEvent.MusicStarted(line.legId));
    }

    private void announce(BoxCommand.Announce command) {
        var line = known(command.callId(), command.legId());
        if (line == null) {
            return;
        }
        var heard = line.playbacks.get(command.playbackId());
        if (heard == null) {
            line.playbacks.put(command.playbackId(), false);
            if (line instanceof Line.Inbound inbound) {
                inbound.hearsMusic = false;
            }
            line.tie(agenda.plan(now.plus(ANNOUNCEMENT), () -> announced(line, command.playbackId())));
        } else if (heard) {
            report(line, new BoxEvent.AnnouncementEnded(line.legId, command.playbackId()));
        }
    }

    private void announced(Line line, String playbackId) {
        if (Boolean.FALSE.equals(line.playbacks.put(playbackId, true))) {
            report(line, new BoxEvent.AnnouncementEnded(line.legId, playbackId));
        }
    }

    private void keepAlive(BoxCommand.KeepAlive command) {
        for (var line : calls.getOrDefault(command.callId(), List.of())) {
            if (line instanceof Line.Inbound inbound) {
                if (command.watchdogSeconds() > 0) {
                    guard(inbound, Duration.ofSeconds(command.watchdogSeconds()));
                } else {
                    unguard(inbound);
                }
            }
        }
    }

    // Seats

    private void ringSeat(BoxCommand.RingSeat command) {
        var existing = lines.get(command.legId());
        if (existing != null) {
            sayAgain(existing);
            return;
        }
        var reaction = reaches(command.endpoint())
                ? seats.getOrDefault(command.endpoint(), strangers).get()
                : new Reaction.NotRegistered();
        var line = new Line.Outbound(command.callId(), command.legId(), command.endpoint(), reaction, now);
        boolean talks = phones.containsKey(command.endpoint());
        add(line);
        if (witness != null) {
            witness.told(line.ring());
        }
        plan(line, 10 + random.nextInt(40), () -> {
            if (reaction instanceof Reaction.NotRegistered) {
                end(line, Who.BOX, EndCause.UNREACHABLE, 20);
            } else if (talks || reaction instanceof Reaction.Busy) {
                end(line, Who.SEAT, EndCause.BUSY, 17);
            } else {
                ring(line, command.ringSeconds());
            }
        });
    }

    private void sayAgain(Line line) {
        switch (line.state) {
            case DIALLING -> {}
            case RINGING -> report(line, new BoxEvent.LegRinging(line.legId));
            case UP -> report(line, new BoxEvent.LegAnswered(line.legId));
        }
    }

    private void ring(Line.Outbound line, int seconds) {
        line.state = Leg.State.RINGING;
        line.rangAt = now;
        report(line, new BoxEvent.LegRinging(line.legId));
        var giveUp = plan(line, seconds * 1_000L, () -> end(line, Who.BOX, EndCause.NO_ANSWER, 19));
        if (line.reaction instanceof Reaction.Answers answers) {
            plan(line, answers.after().toMillis(), () -> {
                giveUp.cancel();
                pickUp(line);
            });
        } else if (line.reaction instanceof Reaction.Declines declines) {
            plan(line, declines.after().toMillis(), () -> end(line, Who.SEAT, EndCause.REJECTED, 21));
        }
    }

    private void pickUp(Line.Outbound line) {
        markAnswered(line);
        hangUpIn(line, ALONE);
    }

    private void hangUpIn(Line.Outbound line, Duration delay) {
        if (line.hangUp != null) {
            line.hangUp.cancel();
        }
        line.hangUp = line.tie(agenda.plan(now.plus(delay), () -> hangUp(line, Who.SEAT)));
    }

    private void hangUpIn(Line.Inbound line, Duration delay) {
        line.hangUp.cancel();
        line.hangUp = line.tie(agenda.plan(now.plus(delay), () -> hangUp(line, Who.CALLER)));
    }

    // Bridges

    private void bridge(BoxCommand.Bridge command) {
        var members = new ArrayList<Line>();
        for (var legId : command.legIds()) {
            var line = known(command.callId(), legId);
            if (line != null) {
                members.add(line);
            }
        }
        if (members.size() < command.legIds().size() || members.stream().anyMatch(line -> line.state != Leg.State.UP)) {
            return;
        }
        for (var line : members) {
            if (!command.bridgeId().equals(line.bridgeId)) {
                leaveBridge(line, Who.CARILLON);
                line.bridgeId = command.bridgeId();
                List.copyOf(line.playbacks.keySet()).forEach(playback -> announced(line, playback));
                if (line instanceof Line.Inbound inbound) {
                    inbound.hearsMusic = false;
                }
                others(line).forEach(other -> connect(line, other));
            }
        }
        report(members.get(0), new BoxEvent.Bridged(command.bridgeId(), command.legIds()));
    }

    private List<Line> others(Line line) {
        var others = new ArrayList<Line>(1);
        for (var other : calls.getOrDefault(line.callId, List.of())) {
            if (other != line && line.bridgeId.equals(other.bridgeId)) {
                others.add(other);
            }
        }
        return others;
    }

    private boolean hearsSomebody(Line line) {
        return line.bridgeId != null && !others(line).isEmpty();
    }

    private void connect(Line one, Line other) {
        if (one instanceof Line.Inbound caller && other instanceof Line.Outbound seat) {
            connect(caller, seat);
        } else if (one instanceof Line.Outbound seat && other instanceof Line.Inbound caller) {
            connect(caller, seat);
        }
    }

    private void connect(Line.Inbound caller, Line.Outbound seat) {
        unguard(caller);
        caller.talks.add(new Line.Talk(seat, now));
        hangUpIn(caller, caller.caller.talk());
        if (seat.reaction instanceof Reaction.Answers answers) {
            hangUpIn(seat, answers.talk());
        }
    }

    /** Whoever stays behind hears nobody, and hangs up if nobody does anything about it. */
    private void leaveBridge(Line line, Who because) {
        if (line.bridgeId == null) {
            return;
        }
        var rest = others(line);
        line.bridgeId = null;
        if (line instanceof Line.Inbound caller) {
            endTalks(caller.talks, because);
            hangUpIn(caller, ALONE);
        }
        for (var other : rest) {
            if (other instanceof Line.Inbound caller) {
                endTalks(caller.talks.stream().filter(talk -> talk.seat == line).toList(), because);
                if (others(caller).isEmpty()) {
                    hangUpIn(caller, ALONE);
                }
            } else if (other instanceof Line.Outbound seat && others(seat).isEmpty()) {
                hangUpIn(seat, ALONE);
            }
        }
    }

    private void endTalks(List<Line.Talk> talks, Who because) {
        for (var talk : talks) {
            if (talk.to == null) {
                talk.to = now;
                talk.endedBy = because;
            }
        }
    }

    private void release(BoxCommand.Release command) {
        for (var line : calls.getOrDefault(command.callId(), List.of())) {
            if (command.bridgeId().equals(line.bridgeId)) {
                leaveBridge(line, Who.CARILLON);
            }
        }
    }

    // Ends

    private void hangUp(BoxCommand.HangUp command) {
        var line = known(command.callId(), command.legId());
        if (line != null) {
            end(line, Who.CARILLON, command.cause(), 16);
        }
    }

    private void hangUp(Line line, Who who) {
        end(line, who, EndCause.NORMAL, 16);
    }

    private void end(Line line, Who who, EndCause cause, int q850) {
        drop(line, who);
        report(line, new BoxEvent.LegEnded(line.legId, cause, q850));
    }

    private void drop(Line line, Who who) {
        leaveBridge(line, who);
        line.end(now);
        lines.remove(line.legId);
        var siblings = calls.get(line.callId);
        siblings.remove(line);
        if (siblings.isEmpty()) {
            calls.remove(line.callId);
        }
        if (line instanceof Line.Outbound outbound) {
            phones.remove(outbound.endpoint, outbound);
        } else if (line instanceof Line.Inbound inbound) {
            inbound.endedBy = who;
        }
        if (witness == null) {
            remember(line);
        } else if (line instanceof Line.Outbound outbound) {
            witness.over(outbound.ring());
        } else if (line instanceof Line.Inbound inbound) {
            witness.left(inbound.experience());
        }
    }

    private void remember(Line line) {
        past.add(line);
        if (past.size() > remembered) {
            past.remove();
        }
    }

    // Common

    private void add(Line line) {
        lines.put(line.legId, line);
        calls.computeIfAbsent(line.callId, id -> new ArrayList<>(2)).add(line);
        if (line instanceof Line.Outbound outbound) {
            phones.putIfAbsent(outbound.endpoint, outbound);
        }
    }

    private Agenda.Entry plan(Line line, long delayMs, Runnable action) {
        return line.tie(agenda.plan(now.plusMillis(delayMs), action));
    }

    /** Null, and said to have ended, when the box has no such leg. */
    private Line known(String callId, String legId) {
        var line = lines.get(legId);
        if (line == null) {
            reports.add(new Report(now, callId, new BoxEvent.LegEnded(legId, EndCause.UNKNOWN, 0)));
        }
        return line;
    }

    private void report(Line line, BoxEvent event) {
        reports.add(new Report(now, line.callId, event));
    }

    private List<Report> takeReports() {
        var taken = reports;
        reports = new ArrayList<>();
        return taken;
    }
}
