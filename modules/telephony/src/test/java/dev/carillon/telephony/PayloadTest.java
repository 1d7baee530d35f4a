package dev.carillon.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

    @Test
    void says_how_an_event_of_asterisk_is_built_and_not_who_called() {
        var event =
                """
                {"type": "StasisStart", "timestamp": "2026-11-22T01:13:22.123+0000", "channel": {"id": "1732237402.15",
                 "name": "PJSIP/trunk-0000000a", "caller": {"name": "Ann \\"A\\" Mary, Lee", "number": "4711"},
                 "connected": {"name": "", "number": "1001"}, "caller_rdnis": "0815",
                 "channelvars": {"FROM": "+49 (221) 555-0199"}}}""";

        var logged = Payload.forLog(event);

        assertThat(logged).doesNotContain("Ann", "Lee", "4711", "1001", "0815", "221", "555", "0199");
        assertThat(logged)
                .contains(
                        "\"type\": \"StasisStart\"",
                        "\"timestamp\": \"2026-11-22T01:13:22.123+0000\"",
                        "\"id\": \"1732237402.15\"",
                        "\"name\": \"PJSIP/trunk-***a\"",
                        "\"caller\": {\"name\": \"***\", \"number\": \"***\"}",
                        "\"FROM\": \"***\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"caller\": {\"name\": \"Ann Lee\", \"number\": \"4711",
                "{\"caller\": {\"name\": \"Ann Lee",
                "{\"Caller-Caller-ID-Name\": \"Ann Lee\", \"Caller-Caller-ID-Number\": \"4711\"",
                "{\"Caller-Caller-ID-Name\": \"Ann Lee",
            })
    void one_that_was_cut_off_is_masked_too(String damaged) {
        assertThat(Payload.forLog(damaged)).doesNotContain("Ann", "Lee", "4711").contains("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "02215550199",
                "+492215550199",
                "0221 555 0199",
                "(0221) 555-0199",
                "0049/221/5550199",
                "555-0199"
            })
    void a_number_is_masked_wherever_it_stands(String number) {
        assertThat(Payload.forLog("no channel sip:" + number + "@10.0.0.1:5060 here"))
                .matches("no channel sip:\\(?\\*\\*\\*@10\\.0\\.0\\.1:5060 here");
    }

    @Test
    void our_own_messages_are_masked_by_their_fields() {
        var offered = new BoxEvent.LegOffered(
                "box1", "i1", "1732237402.15", "4711", "Lee, Ann", "100", Instant.parse("2026-11-22T01:13:22.123Z"));
        var ring = new BoxCommand.RingSeat("box1/c1", "leg-2", "PJSIP/1001", "4711", "Lee, Ann", 20);

        assertThat(Payload.forLog(new BoxLink.Happened("box1/c1", offered).toString()))
                .isEqualTo("Happened[callId=box1/c1, event=LegOffered[boxId=box1, incarnation=i1, legId=1732237402.15, "
                        + "callerNumber=***, callerName=***, dialledNumber=100, arrivedAt=2026-11-22T01:13:22.123Z]]");
        assertThat(Payload.forLog(ring.toString()))
                .isEqualTo(
                        "RingSeat[callId=box1/c1, legId=leg-2, endpoint=PJSIP/1001, callerNumber=***, callerName=***, "
                                + "ringSeconds=20]");
    }

    @Test
    void a_number_outside_that_is_dialled_is_masked() {
        var ring = new BoxCommand.RingSeat("box1/c1", "leg-2", "PJSIP/+492215550199@trunk", "4711", "Lee, Ann", 20);

        assertThat(Payload.forLog(ring.toString()))
                .contains("endpoint=PJSIP/***@trunk")
                .doesNotContain("5550199");
    }

    @Test
    void a_very_long_one_is_cut() {
        assertThat(Payload.forLog("{" + "\\\"x".repeat(100_000))).hasSize(2_003).endsWith("...");
    }
}
