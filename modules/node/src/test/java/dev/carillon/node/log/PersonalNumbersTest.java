package dev.carillon.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.call.CallArrived;
import dev.carillon.protocol.view.View;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                "12025550123",
                "+86 138 1234 5678"
            })
    void are_masked_wherever_they_stand(String number) {
        assertThat(PersonalNumbers.mask("No rule for " + number + ", passed over"))
                .isEqualTo("No rule for ***, passed over");
        assertThat(PersonalNumbers.mask("number:" + number + ".")).doesNotContain("555", "1234", "0123");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    caller 13812345678: no rule                  | caller ***: no rule
                    caller 62345678: no rule                     | caller ***: no rule
                    caller id 62345678, dialled 7654321          | caller id ***, dialled ***
                    channel PJSIP/13812345678-0000001a is gone   | channel PJSIP/***-0000001a is gone
                    channel PJSIP/02215550199-0000001a is gone   | channel PJSIP/***-0000001a is gone
                    channel PJSIP/62345678-0000001a is gone      | channel PJSIP/***-0000001a is gone
                    to sip:02215550199:5060                      | to sip:***:5060
                    to sip:+492215550199@10.0.0.1:5060           | to sip:***@10.0.0.1:5060
                    from "Ann" <62345678> and 62345678@10.0.0.1  | from "Ann" <***> and ***@10.0.0.1
                    tel:62345678                                 | tel:***
                    {"callerName":"Ann, \\"A\\" Lee","queueId":"sales"} | {"callerName":***,"queueId":"sales"}
                    {"callerNumber": "4711","id":"box-1"}        | {"callerNumber": ***,"id":"box-1"}
                    {\\"callerName\\":\\"Ann, Lee\\",\\"id\\":\\"b\\"} | {\\"callerName\\":***,\\"id\\":\\"b\\"}
                    """)
    void are_masked_whatever_stands_beside_them(String text, String masked) {
        assertThat(PersonalNumbers.mask(text)).isEqualTo(masked);
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
                "offer 0b6d7c1e-0123-4567-89ab-0123456789ab",
                "offer 01234567-0123-4567-8901-012345678901, caller 12345678-0123-4567-8901-012345678901: gone",
                "call box-1-1772359200.17: caller box-1-1772359200.17, caller 1772359200.17",
                "2026-03-01 08:00:00.123456+00: from 10.0.0.1:5060 to sip:10.0.0.17:15060, sip:1001@10.0.0.1",
                "at dev.carillon.node.Node.start(Node.java:1234), Akka 2.8.8-0123, took 13812345678 ns",
                "PJSIP/1001-0000001a, PJSIP/trunk-00000012: seat 4711 of queue 12345678"
            })
    void but_not_what_only_looks_like_one(String text) {
        assertThat(PersonalNumbers.mask(text)).isEqualTo(text);
    }
}
