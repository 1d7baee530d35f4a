package dev.carillon.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.view.View;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalNumbersTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+492215550199",
                "+49 (221) 555-0199",
                "02215550199",
                "0221 555 0199",
                "00492215550199",
                "13812345678",
                "+86 138 1234 5678"
            })
    void are_masked_wherever_they_stand(String number) {
        assertThat(PersonalNumbers.mask("No rule for " + number + ", passed over"))
                .isEqualTo("No rule for ***, passed over");
        assertThat(PersonalNumbers.mask("number:" + number + ".")).doesNotContain("555", "1234");
    }

    @Test
    void are_masked_in_whatever_shows_itself_by_accident() {
        var view = new View.OfCall(
                "west-1772352000.17",
                View.CallPhase.WAITING,
                Instant.EPOCH,
                "west",
                "4711",
                "100",
                "sales",
                5,
                null,
                Instant.EPOCH,
                0);
        var ring = new BoxCommand.RingSeat("west-1", "leg", "PJSIP/1001", "0815", "Ann Lee", 20);
        var event = CallArrived.newBuilder()
                .setCallId("west-1")
                .setCallerNumber("4711")
                .setCallerName("Ann \"A\" Lee")
                .build();

        assertThat(PersonalNumbers.mask(view.toString()))
                .contains("id=west-1772352000.17", "callerNumber=***, ", "queueId=sales")
                .doesNotContain("4711");
        assertThat(PersonalNumbers.mask(ring.toString())).contains("west-1").doesNotContain("0815", "Ann", "Lee");
        assertThat(PersonalNumbers.mask(event.toString()))
                .contains("call_id: \"west-1\"", "caller_number: ***")
                .doesNotContain("4711", "Ann", "Lee");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "call west-1772352000.17 of queue sales",
                "2026-11-23T01:27:45.123Z, 01:27:45.123",
                "jdbc:postgresql://127.0.0.1:43393/carillon",
                "Actor[akka://carillon/system/coordinator#-159013078]",
                "version 1732237402123, 1000000 messages, 0.000123456 s",
                "offer 0b6d7c1e-0123-4567-89ab-0123456789ab"
            })
    void but_not_what_only_looks_like_one(String text) {
        assertThat(PersonalNumbers.mask(text)).isEqualTo(text);
    }
}
