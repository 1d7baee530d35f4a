package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.EndCause;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final Lanes lanes = new Lanes(callId -> callId + "-caller");
    private final BoxCommand answer = new BoxCommand.Answer("call-1", "call-1-caller");
    private final BoxCommand music = new BoxCommand.PlayMusic("call-1", "call-1-caller", "default");
    private final BoxCommand keepAlive = new BoxCommand.KeepAlive("call-1", List.of(), 30);
    private final BoxCommand end = hangUp("call-1-caller");
    private final BoxCommand release = new BoxCommand.Release("call-1", "br-1");
    private final BoxCommand other = new BoxCommand.Answer("call-2", "call-2-caller");

    private static BoxCommand ring(String legId) {
        return new BoxCommand.RingSeat("call-1", legId, "PJSIP/1001", "+4930", "Ann", 20);
    }

    private static BoxCommand hangUp(String legId) {
        return new BoxCommand.HangUp("call-1", legId, EndCause.CANCELLED);
    }

    private static BoxCommand bridge(String legId) {
        return new BoxCommand.Bridge("call-1", "br-1", List.of("call-1-caller", legId));
    }

    @Test
    void oneAtATimeForEachLegInTheOrderSaid() {
        assertThat(lanes.say(answer)).contains(answer);
        assertThat(lanes.say(music)).isEmpty();
        assertThat(lanes.say(keepAlive)).isEmpty();
        assertThat(lanes.say(end)).isEmpty();
        assertThat(lanes.say(other)).contains(other);
        assertThat(lanes.done(answer)).containsExactly(music);
        assertThat(lanes.done(music)).containsExactly(keepAlive);
        assertThat(lanes.done(keepAlive)).containsExactly(end);
        assertThat(lanes.done(end)).isEmpty();
        assertThat(lanes.say(answer)).contains(answer);
    }

    @Test
    void whatWaitsAlreadyIsNotQueuedAgain() {
        lanes.say(answer);
        lanes.say(music);
        lanes.say(music);
        assertThat(lanes.done(answer)).containsExactly(music);
        assertThat(lanes.say(music)).as("while it is carried out").isEmpty();
        assertThat(lanes.done(music)).containsExactly(music);
        assertThat(lanes.done(music)).isEmpty();
    }

    @Test
    void phonesRingAtOnceAndWhoAnsweredDoesNotWaitForTheOthers() {
        assertThat(lanes.say(music)).contains(music);
        assertThat(lanes.say(ring("leg-1"))).contains(ring("leg-1"));
        assertThat(lanes.say(ring("leg-2"))).contains(ring("leg-2"));
        assertThat(lanes.say(ring("leg-3"))).contains(ring("leg-3"));
        assertThat(lanes.done(ring("leg-2"))).isEmpty();

        assertThat(lanes.say(bridge("leg-2"))).as("music on the caller's leg").isEmpty();
        assertThat(lanes.say(hangUp("leg-1"))).as("its phone is being rung").isEmpty();

        assertThat(lanes.done(music)).containsExactly(bridge("leg-2"));
        assertThat(lanes.say(hangUp("leg-2"))).as("being bridged").isEmpty();
        assertThat(lanes.done(ring("leg-1"))).containsExactly(hangUp("leg-1"));
        assertThat(lanes.done(bridge("leg-2"))).containsExactly(hangUp("leg-2"));
    }

    @Test
    void theEndOfTheCallComesAfterEverythingAndBeforeEverything() {
        lanes.say(ring("leg-1"));
        lanes.say(ring("leg-2"));
        assertThat(lanes.say(release)).isEmpty();
        assertThat(lanes.say(ring("leg-3"))).isEmpty();
        assertThat(lanes.done(ring("leg-1"))).isEmpty();
        assertThat(lanes.done(ring("leg-2"))).containsExactly(release);
        assertThat(lanes.done(release)).containsExactly(ring("leg-3"));
        assertThat(lanes.done(ring("leg-3"))).isEmpty();
    }
}
