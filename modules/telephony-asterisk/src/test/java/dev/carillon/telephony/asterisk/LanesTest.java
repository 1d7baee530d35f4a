package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.EndCause;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final Lanes lanes = new Lanes();
    private final BoxCommand answer = new BoxCommand.Answer("call-1", "leg-1");
    private final BoxCommand music = new BoxCommand.PlayMusic("call-1", "leg-1", "default");
    private final BoxCommand end = new BoxCommand.HangUp("call-1", "leg-1", EndCause.NORMAL);
    private final BoxCommand other = new BoxCommand.Answer("call-2", "leg-2");

    @Test
    void oneAtATimeForEachCallInTheOrderSaid() {
        assertThat(lanes.say(answer)).contains(answer);
        assertThat(lanes.say(music)).isEmpty();
        assertThat(lanes.say(end)).isEmpty();
        assertThat(lanes.say(other)).contains(other);
        assertThat(lanes.done("call-1")).contains(music);
        assertThat(lanes.done("call-1")).contains(end);
        assertThat(lanes.done("call-1")).isEmpty();
        assertThat(lanes.say(answer)).contains(answer);
    }

    @Test
    void whatWaitsAlreadyIsNotQueuedAgain() {
        lanes.say(answer);
        lanes.say(music);
        lanes.say(music);
        assertThat(lanes.done("call-1")).contains(music);
        assertThat(lanes.done("call-1")).isEmpty();
    }
}
