package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.box.Leg;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Reads messages that a real Asterisk 22.10.1 sent. */
class AriJsonTest {

    static String fixture(String name) {
        try (var stream = AriJsonTest.class.getResourceAsStream("/ari/" + name + ".json")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static AriEvent event(String name) {
        return AriJson.event(fixture(name));
    }

    @Test
    void aCallerEnters() {
        var entered = (AriEvent.Entered) event("stasis-start");
        assertThat(entered.arguments().get(0)).isEqualTo("inbound");
        assertThat(entered.channel().state()).isEqualTo("Ring");
        assertThat(entered.channel().legState(true)).isEqualTo(Leg.State.DIALLING);
        assertThat(entered.channel().inStasis()).isTrue();
        assertThat(entered.channel().created()).isAfter(Instant.parse("2026-11-21T00:00:00Z"));
    }

    @Test
    void aCallerComesBackFromTheDialplan() {
        var entered = (AriEvent.Entered) event("stasis-start-retake");
        assertThat(Entry.of(entered.arguments()))
                .isInstanceOfSatisfying(Entry.Caller.class, caller -> assertThat(caller.heldBefore())
                        .isTrue());
    }

    @Test
    void statesOfALeg() {
        assertThat(((AriEvent.StateChanged) event("state-up")).channel().legState(true))
                .isEqualTo(Leg.State.UP);
        assertThat(((AriEvent.StateChanged) event("state-ringing")).channel().legState(false))
                .isEqualTo(Leg.State.RINGING);
        assertThat(event("dial-ringing")).isInstanceOf(AriEvent.Ringing.class);
    }

    @Test
    void howItEnds() {
        assertThat(((AriEvent.Destroyed) event("destroyed-busy")).cause()).isEqualTo(17);
        assertThat(event("hangup-cancel")).isInstanceOf(AriEvent.PeerHungUp.class);
        assertThat(event("hangup-box-stops")).isInstanceOf(AriEvent.ShutDown.class);
        assertThat(event("stasis-end")).isInstanceOf(AriEvent.Left.class);
    }

    @Test
    void bridgesAndAnnouncements() {
        assertThat(((AriEvent.BridgeEntered) event("entered-bridge")).bridgeId())
                .isEqualTo("br-1");
        assertThat(((AriEvent.BridgeLeft) event("left-bridge")).bridgeId()).isNotEmpty();
        var finished = (AriEvent.PlaybackFinished) event("playback-finished");
        assertThat(finished.playbackId()).isEqualTo("pb-1");
        assertThat(finished.channelId()).isEqualTo("1795284556.0");
    }

    @Test
    void aKeyIsPressed() {
        var pressed = (AriEvent.KeyPressed) event("key-pressed");
        assertThat(pressed.channel().id()).isEqualTo("1795284556.0");
        assertThat(pressed.digit()).isEqualTo("5");
    }

    @Test
    void aboutTheConnectionItself() {
        assertThat(event("call-broadcast")).isInstanceOf(AriEvent.Unclaimed.class);
        assertThat(event("user-event")).isInstanceOf(AriEvent.Echo.class);
        assertThat(event("application-replaced")).isInstanceOf(AriEvent.Replaced.class);
    }

    @Test
    void listsOfChannelsAndBridges() throws IOException {
        var bridges = AriJson.bridges(AriJson.read(fixture("bridges")));
        assertThat(bridges.get(0).channels()).containsExactly("1795285187.13", "leg-D");
        assertThat(bridges.get(0).isOurs()).isFalse();
        assertThat(AriJson.channels(AriJson.read(fixture("channels")))).anyMatch(AriChannel::heldByDialplan);
    }

    @Test
    void whatIsNotUnderstoodIsKeptAndHarmsNobody() {
        assertThat(AriJson.event("{\"type\":\"StasisSt"))
                .isInstanceOfSatisfying(AriEvent.Broken.class, broken -> assertThat(broken.text())
                        .isEqualTo("{\"type\":\"StasisSt"));
        assertThat(AriJson.event("{}")).isInstanceOf(AriEvent.Broken.class);
        assertThat(AriJson.event("{\"type\":\"StasisStart\",\"channel\":{\"id\":7}}"))
                .isInstanceOf(AriEvent.Broken.class);
        assertThat(AriJson.event(fixture("state-up").replace("2026-11-21T", "yesterday")))
                .isInstanceOf(AriEvent.Broken.class);
        assertThat(AriJson.event("{\"type\":\"SomethingOfNextYear\"}"))
                .isEqualTo(new AriEvent.Other("SomethingOfNextYear"));
    }
}
