package dev.carillon.telephony;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.protocol.box.Leg;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a telephony node and the link to its box say to each other. Both live on one node; nothing of this travels. */
public final class BoxLink {

    /** To the link. */
    public sealed interface Command {}

    public record Execute(BoxCommand command) implements Command {}

    /**
     * Say of each of these endpoints whether the box can reach it, and from then on whenever that changes; of others no longer. Said when
     * the link is up, and again when it is to be others.
     */
    public record Watch(Set<String> endpoints) implements Command {
        public Watch {
            endpoints = Set.copyOf(endpoints);
        }
    }

    /**
     * Whether new calls are being refused, so that the box can lead callers elsewhere. Said when the link is up, and whenever it changes; a box that
     * is not told, or cannot be, goes on as it does.
     */
    public record Overloaded(boolean refusing) implements Command {}

    /** Let go of the box without touching its calls. */
    public record Close() implements Command {}

    /** To the telephony node. */
    public sealed interface Report {}

    /** The box answers and is being asked what it has. {@code version} for people. */
    public record Reconciling(String version) implements Report {}

    /**
     * The box can be spoken to.
     *
     * @param incarnation changes when the box was restarted: then all calls of the former one are gone
     * @param calls everything it has that belongs to Carillon
     */
    public record Up(String version, String incarnation, List<CallOnBox> calls) implements Report {}

    /**
     * @param offered for a caller for whom nobody decides yet, or again: what to tell the call; null otherwise
     * @param bridged the legs that talk to each other; empty when none do
     */
    public record CallOnBox(String callId, List<Leg> legs, List<String> bridged, BoxEvent.LegOffered offered) {}

    /** Something happened to a call, or was found to be so. */
    public record Happened(String callId, BoxEvent event) implements Report {}

    /** Whether a box can reach an endpoint. */
    public enum Reach {
        YES,
        /** It knows that nobody is there. */
        NO,
        /** It cannot tell, and it may be rung. */
        UNKNOWN,
        /** It will know soon: whatever was so before is so still. */
        NOT_YET
    }

    /** Whether the box can reach its watched endpoints: all of them after {@link Watch}, later those that have changed. */
    public record EndpointsHeard(Map<String, Reach> endpoints) implements Report {
        public EndpointsHeard {
            endpoints = Map.copyOf(endpoints);
        }
    }

    /**
     * The box said something that cannot be understood. Counted and logged by the telephony node; nothing else comes of it.
     *
     * @param why what is wrong with it, for people
     * @param payload as it came, without passwords
     */
    public record NotUnderstood(String why, String payload) implements Report {}

    /**
     * The link has ended, or was never made; the link stops after this.
     *
     * @param trouble {@code BOX_STARTING} when it lacks what it may still get while it starts, {@code BOX_MISCONFIGURED} when it
     *     will not
     * @param detail for people: what is wrong and what to do
     */
    public record Down(BoxTrouble trouble, String detail) implements Report {}

    private BoxLink() {}
}
