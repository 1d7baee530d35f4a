package dev.carillon.telephony.asterisk;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.telephony.BoxLink.CallOnBox;
import dev.carillon.telephony.BoxLink.Happened;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one link knows of the box: the legs of Carillon's calls, and what the latest events make of them. No Akka, no I/O. Its rules:
 *
 * <ol>
 *   <li>A leg's state only advances. Events that were under way while the box was asked what it has come after the answer.
 *   <li>A box that shuts down says so leg by leg; the first such word holds for all of them.
 *   <li>A leg ends once. Its end is remembered, so that a repeated ring does not ring again.
 *   <li>A caller who leaves our hands but lives is not ended: the dialplan has them, and gives them back or Carillon fetches them.
 *   <li>Music that played before that goes on when they are back, before anybody has to think of it.
 * </ol>
 *
 * Mutable, and confined to the actor that owns it.
 */
final class Book {

    /** What came of something: what to tell the owner, and what to do, in order. */
    record Outcome(List<Happened> happened, List<Todo> todos) {

        static final Outcome NOTHING = new Outcome(List.of(), List.of());

        static Outcome of(List<Happened> happened) {
            return new Outcome(happened, List.of());
        }

        static Outcome todo(Todo... todos) {
            return new Outcome(List.of(), List.of(todos));
        }

        Outcome and(Todo... more) {
            var all = new ArrayList<>(todos);
            all.addAll(List.of(more));
            return new Outcome(happened, all);
        }
    }

    /** How many ends are remembered; a box has some thousands of legs an hour. */
    private static final int ENDS_REMEMBERED = 10_000;

    private final String boxId;
    private final String incarnation;
    private final Clock clock;
    private final Map<String, HeldLeg> legs = new LinkedHashMap<>();
    private final Map<String, String> owedBridges = new HashMap<>();
    private final Set<String> knownBridges = new HashSet<>();
    private boolean boxStops;
    private final Map<String, Happened> ends = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Happened> eldest) {
            return size() > ENDS_REMEMBERED;
        }
    };

    Book(String boxId, String incarnation, Clock clock) {
        this.boxId = boxId;
        this.incarnation = incarnation;
        this.clock = clock;
    }

    // ---- ids

    String callId(String callVariable) {
        return boxId + "-" + callVariable;
    }

    /** What stands in {@code CALL_ID} on the box: the caller's channel, so that a box may be renamed. */
    String callVariable(String callId) {
        return callId.startsWith(boxId + "-") ? callId.substring(boxId.length() + 1) : callId;
    }

    // ---- what is known

    Optional<HeldLeg> leg(String legId) {
        return Optional.ofNullable(legs.get(legId));
    }

    Collection<HeldLeg> legs() {
        return legs.values();
    }

    List<HeldLeg> legsOf(String callId) {
        return legs.values().stream().filter(leg -> leg.callId.equals(callId)).toList();
    }

    /** Whether it is in a bridge with somebody else. */
    boolean isTalking(HeldLeg leg) {
        return leg.bridgeId != null
                && legsOf(leg.callId).stream().anyMatch(other -> other != leg && leg.bridgeId.equals(other.bridgeId));
    }

    Optional<Happened> endOf(String legId) {
        return Optional.ofNullable(ends.get(legId));
    }

    boolean knowsBridge(String bridgeId) {
        return knownBridges.contains(bridgeId);
    }

    void bridgeMade(String bridgeId) {
        knownBridges.add(bridgeId);
    }

    void bridgeGone(String bridgeId) {
        knownBridges.remove(bridgeId);
    }

    /** Everything the box has of one call. */
    BoxEvent.BoxBack stock(String callId) {
        var ofCall = legsOf(callId);
        return new BoxEvent.BoxBack(
                boxId, incarnation, ofCall.stream().map(HeldLeg::leg).toList(), bridged(ofCall));
    }

    private static List<String> bridged(List<HeldLeg> ofCall) {
        var together = new HashMap<String, List<String>>();
        for (var leg : ofCall) {
            if (leg.bridgeId != null) {
                together.computeIfAbsent(leg.bridgeId, none -> new ArrayList<>())
                        .add(leg.legId);
            }
        }
        return together.values().stream()
                .filter(inBridge -> inBridge.size() > 1)
                .findFirst()
                .orElse(List.of());
    }

    // ---- taking stock

    /** Fills an empty book with what the box has. */
    List<CallOnBox> load(Stock stock) {
        var offers = new HashMap<String, BoxEvent.LegOffered>();
        for (var found : stock.legs()) {
            if (found.servedByBox()) {
                continue;
            }
            var leg = adopt(found.channel(), callId(found.callVariable()), found.caller());
            leg.inStasis = !found.caller() || found.channel().inStasis();
            if (found.caller() && leg.inStasis) {
                offers.put(leg.callId, offer(found.channel(), found.dialledNumber()));
            }
        }
        noteBridges(stock.bridges());
        return legs.values().stream()
                .map(leg -> leg.callId)
                .distinct()
                .map(callId -> new CallOnBox(
                        callId, stock(callId).legs(), stock(callId).bridged(), offers.get(callId)))
                .toList();
    }

    private void noteBridges(List<AriBridge> bridges) {
        for (var bridge : bridges) {
            if (bridge.isOurs()) {
                knownBridges.add(bridge.id());
                bridge.channels().stream()
                        .map(legs::get)
                        .filter(leg -> leg != null)
                        .forEach(leg -> {
                            leg.bridgeId = bridge.id();
                        });
            }
        }
    }

    HeldLeg adopt(AriChannel channel, String callId, boolean caller) {
        var leg = new HeldLeg(channel.id(), callId, caller, channel.legState(caller), clock.instant());
        // Made by a link that is gone: nobody knows how far that got.
        leg.uncertain = !caller;
        legs.put(leg.legId, leg);
        return leg;
    }

    /** A leg that is about to be made. */
    HeldLeg making(String legId, String callId) {
        var leg = new HeldLeg(legId, callId, false, Leg.State.DIALLING, clock.instant());
        legs.put(legId, leg);
        return leg;
    }

    BoxEvent.LegOffered offer(AriChannel channel, String dialledNumber) {
        return new BoxEvent.LegOffered(
                boxId,
                incarnation,
                channel.id(),
                channel.callerNumber(),
                channel.callerName(),
                dialledNumber,
                channel.created());
    }

    // ---- what happens

    Outcome on(AriEvent event) {
        if (event instanceof AriEvent.Entered entered) {
            return entered(entered);
        } else if (event instanceof AriEvent.Left left) {
            return left(left.channel());
        } else if (event instanceof AriEvent.StateChanged changed) {
            return Outcome.of(changed(changed.channel()));
        } else if (event instanceof AriEvent.Ringing ringing) {
            return Outcome.of(ringing(ringing.channel().id()));
        } else if (event instanceof AriEvent.Destroyed destroyed) {
            return destroyed(destroyed);
        } else if (event instanceof AriEvent.ShutDown) {
            boxStops = true;
        } else if (event instanceof AriEvent.PeerHungUp peer) {
            leg(peer.channel().id()).ifPresent(leg -> leg.hungUp = true);
        } else if (event instanceof AriEvent.BridgeEntered entered) {
            leg(entered.channel().id()).ifPresent(leg -> leg.bridgeId = entered.bridgeId());
        } else if (event instanceof AriEvent.BridgeLeft left) {
            leg(left.channel().id())
                    .filter(leg -> left.bridgeId().equals(leg.bridgeId))
                    .ifPresent(leg -> leg.bridgeId = null);
        } else if (event instanceof AriEvent.PlaybackFinished finished) {
            leg(finished.channelId()).ifPresent(leg -> leg.unstopped.remove(finished.playbackId()));
            return Outcome.of(announced(finished.channelId(), finished.playbackId()));
        } else if (event instanceof AriEvent.KeyPressed pressed) {
            return Outcome.of(pressed(pressed.channel().id(), pressed.digit()));
        } else if (event instanceof AriEvent.Unclaimed unclaimed) {
            return Outcome.todo(new Todo.Claim(unclaimed.channel().id()));
        }
        return Outcome.NOTHING;
    }

    /** What people who talk press is for each other. */
    private List<Happened> pressed(String legId, String digit) {
        return leg(legId)
                .filter(leg -> leg.caller && !isTalking(leg))
                .map(leg -> List.of(new Happened(leg.callId, new BoxEvent.KeyPressed(legId, digit, clock.instant()))))
                .orElse(List.of());
    }

    private Outcome entered(AriEvent.Entered entered) {
        var channel = entered.channel();
        var kind = Entry.of(entered.arguments());
        if (kind instanceof Entry.Caller caller) {
            return callerEntered(channel, caller);
        }
        if (kind instanceof Entry.Seat seat) {
            if (!legs.containsKey(channel.id())) {
                adopt(channel, callId(seat.callVariable()), false);
            }
            return Outcome.NOTHING;
        }
        return Outcome.todo(
                new Todo.Strange("channel " + channel.name() + " came into our application with the arguments "
                        + entered.arguments() + "; the dialplan must be that of deploy/asterisk"));
    }

    private Outcome callerEntered(AriChannel channel, Entry.Caller caller) {
        String callId = callId(channel.id());
        var known = leg(channel.id());
        var leg = known.orElseGet(() -> adopt(channel, callId, true));
        advance(leg, channel.legState(true));
        leg.inStasis = true;
        leg.music = null;
        leg.playback = null;
        leg.unstopped.clear();
        leg.watchdogOff = false;
        var outcome = Outcome.of(List.of(new Happened(callId, offer(channel, caller.dialledNumber()))))
                .and(new Todo.Subscribe(channel.id()));
        return caller.heldBefore()
                ? outcome.and(new Todo.Execute(new BoxCommand.PlayMusic(callId, leg.legId, leg.lastMusic)))
                : outcome;
    }

    private Outcome left(AriChannel channel) {
        var leg = legs.get(channel.id());
        if (leg == null) {
            return Outcome.NOTHING;
        }
        leg.inStasis = false;
        leg.music = null;
        leg.bridgeId = null;
        return Outcome.todo(new Todo.Probe(leg.legId));
    }

    List<Happened> changed(AriChannel channel) {
        return switch (channel.state()) {
            case "Up" -> answered(channel.id());
            case "Ringing" -> ringing(channel.id());
            default -> List.of();
        };
    }

    List<Happened> ringing(String legId) {
        return leg(legId)
                .filter(leg -> !leg.caller && advance(leg, Leg.State.RINGING))
                .map(leg -> List.of(new Happened(leg.callId, new BoxEvent.LegRinging(legId))))
                .orElse(List.of());
    }

    List<Happened> answered(String legId) {
        return leg(legId)
                .filter(leg -> advance(leg, Leg.State.UP))
                .map(leg -> List.of(new Happened(leg.callId, new BoxEvent.LegAnswered(legId))))
                .orElse(List.of());
    }

    private static boolean advance(HeldLeg leg, Leg.State state) {
        if (state.compareTo(leg.state) <= 0) {
            return false;
        }
        leg.state = state;
        return true;
    }

    private Outcome destroyed(AriEvent.Destroyed destroyed) {
        var leg = legs.get(destroyed.channel().id());
        if (leg == null) {
            return Outcome.NOTHING;
        }
        return ended(leg.legId, causeOf(leg, destroyed.cause()), destroyed.cause());
    }

    /** It ended by our doing when it ended with the cause we gave: the phone may have been faster. */
    private EndCause causeOf(HeldLeg leg, int q850) {
        if (boxStops) {
            return EndCause.BOX_LOST;
        }
        if (leg.asked != null && Causes.q850(leg.asked) == q850) {
            return leg.asked;
        }
        return leg.caller || leg.state == Leg.State.UP ? Causes.ofParty(q850) : Causes.unanswered(q850);
    }

    /** A leg turned out to be gone, and nobody said why: its end came before we were subscribed to it, or while we were away. */
    Outcome foundGone(String legId) {
        return leg(legId).map(leg -> ended(legId, likelyCause(leg), 0)).orElse(Outcome.NOTHING);
    }

    private EndCause likelyCause(HeldLeg leg) {
        if (boxStops) {
            return EndCause.BOX_LOST;
        } else if (leg.granted) {
            return leg.asked;
        }
        return leg.caller && leg.hungUp ? EndCause.NORMAL : EndCause.UNKNOWN;
    }

    /** A leg is known to be gone, or was never there. */
    Outcome ended(String legId, EndCause cause, int q850) {
        var leg = legs.remove(legId);
        if (leg == null) {
            return Outcome.NOTHING;
        }
        var out = new ArrayList<Happened>();
        if (leg.playback != null) {
            out.add(new Happened(leg.callId, new BoxEvent.AnnouncementEnded(legId, leg.playback)));
        }
        var end = new Happened(leg.callId, new BoxEvent.LegEnded(legId, cause, q850));
        ends.put(legId, end);
        out.add(end);
        String bridgeId = legsOf(leg.callId).isEmpty() ? owedBridges.remove(leg.callId) : null;
        return bridgeId == null ? Outcome.of(out) : Outcome.of(out).and(new Todo.DestroyBridge(bridgeId));
    }

    /** Also a second time, for a call that has missed it. */
    List<Happened> endedForCall(String callId, String legId, EndCause cause) {
        var first = ended(legId, cause, 0).happened();
        if (!first.isEmpty()) {
            return first;
        }
        return List.of(
                ends.computeIfAbsent(legId, none -> new Happened(callId, new BoxEvent.LegEnded(legId, cause, 0))));
    }

    List<Happened> musicStarted(String legId, String musicClass) {
        return leg(legId)
                .map(leg -> {
                    leg.music = musicClass;
                    leg.lastMusic = musicClass;
                    leg.bridgeId = null;
                    return List.of(new Happened(leg.callId, new BoxEvent.MusicStarted(legId)));
                })
                .orElse(List.of());
    }

    List<Happened> announced(String legId, String playbackId) {
        return leg(legId)
                .filter(leg -> playbackId.equals(leg.playback))
                .map(leg -> {
                    leg.playback = null;
                    return List.of(new Happened(leg.callId, new BoxEvent.AnnouncementEnded(legId, playbackId)));
                })
                .orElse(List.of());
    }

    List<Happened> bridged(String callId, String bridgeId, List<String> legIds) {
        for (var legId : legIds) {
            leg(legId).ifPresent(leg -> {
                leg.bridgeId = bridgeId;
                leg.music = null;
            });
        }
        return List.of(new Happened(callId, new BoxEvent.Bridged(bridgeId, legIds)));
    }

    /** The call is over; its bridge is to go once its last leg has. */
    Outcome released(String callId, String bridgeId) {
        if (bridgeId.isEmpty()) {
            return Outcome.NOTHING;
        }
        if (legsOf(callId).isEmpty()) {
            return Outcome.todo(new Todo.DestroyBridge(bridgeId));
        }
        owedBridges.put(callId, bridgeId);
        return Outcome.NOTHING;
    }
}
