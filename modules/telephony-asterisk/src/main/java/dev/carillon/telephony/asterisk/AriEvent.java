package dev.carillon.telephony.asterisk;

import java.util.List;

/** What Asterisk says over the WebSocket, as far as Carillon listens. */
sealed interface AriEvent {

    /** A channel is in our hands: a caller, or a leg that we have just made. */
    record Entered(AriChannel channel, List<String> arguments) implements AriEvent {}

    /** A channel is no longer in our hands: it has ended, or the dialplan has it again. */
    record Left(AriChannel channel) implements AriEvent {}

    record StateChanged(AriChannel channel) implements AriEvent {}

    /** Only this tells why a channel ended; the causes of earlier events are of several kinds mixed. */
    record Destroyed(AriChannel channel, int cause) implements AriEvent {}

    /** The box itself is going down and takes this channel with it. */
    record ShutDown(AriChannel channel) implements AriEvent {}

    /** The other side has hung up or given up; the end itself is told later, or not at all. */
    record PeerHungUp(AriChannel channel) implements AriEvent {}

    /** The phone rings, or plays something of its own before it is answered. */
    record Ringing(AriChannel channel) implements AriEvent {}

    record BridgeEntered(AriChannel channel, String bridgeId) implements AriEvent {}

    record BridgeLeft(AriChannel channel, String bridgeId) implements AriEvent {}

    /** @param channelId empty when it was not played to a channel */
    record PlaybackFinished(String playbackId, String channelId) implements AriEvent {}

    record KeyPressed(AriChannel channel, String digit) implements AriEvent {}

    /**
     * Something is different about an endpoint, perhaps.
     *
     * @param endpoint as a channel to it is named: {@code PJSIP/1001}
     * @param state of the endpoint as the box saw it then
     */
    record EndpointChanged(String endpoint, String state) implements AriEvent {}

    /**
     * Something is different about where an endpoint has registered; its state may follow or not.
     *
     * @param uri where; empty when the box does not say
     * @param status {@code NonQualified}, {@code Reachable}, {@code Unreachable}, {@code Removed} or {@code Unknown}; empty when the box
     *     does not say
     */
    record ContactChanged(String endpoint, String uri, String status) implements AriEvent {}

    /** A caller whom the box gives to whoever claims them first, within a second. */
    record Unclaimed(AriChannel channel) implements AriEvent {}

    /** An event that we made ourselves, to see whether we hear anything. */
    record Echo(String name) implements AriEvent {}

    /** Another controller has taken the box over. */
    record Replaced() implements AriEvent {}

    /** Nothing that matters here. */
    record Other(String type) implements AriEvent {}

    /** Not understood: a message that is damaged, or one that a newer Asterisk shaped differently. */
    record Broken(String text, String reason) implements AriEvent {}
}
