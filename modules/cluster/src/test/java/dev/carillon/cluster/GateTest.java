package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.CapturedLogEvent;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.typed.javadsl.Behaviors;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.call.CallCommand;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GateTest {

    @Test
    void names_what_it_drops_and_not_who_called() {
        var closed = BehaviorTestKit.create(Behaviors.<EntityMessage, EntityMessage>intercept(
                () -> new Gate("call box1/c1", 1), Behaviors.<EntityMessage>ignore()));
        var offered = new BoxEvent.LegOffered("box1", "i1", "leg-1", "4711", "Ann Lee", "100", Instant.EPOCH);

        closed.run(new EntityMessage.Wake());
        closed.run(new EntityMessage.ToEntity(new CallCommand.FromBox(offered), null));

        assertThat(closed.getAllLogEntries())
                .extracting(CapturedLogEvent::message)
                .containsExactly("call box1/c1: more than 1 messages wait for a write or a recovery: dropped FromBox"
                        + " LegOffered");
    }
}
