package dev.carillon.readmodel;

import static dev.carillon.readmodel.Calls.ARRIVED_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.EndedBy;
import dev.carillon.protocol.call.LeftBy;
import dev.carillon.store.CallRecord;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CallRecordRowsTest {

    private static CallRecord record(CallEnded.Builder ended) {
        return CallRecordRows.from(Calls.event(ended));
    }

    @Test
    void an_answered_call_has_every_field() {
        assertThat(record(Calls.answered("box-1-17.1")))
                .isEqualTo(new CallRecord(
                        "box-1-17.1",
                        "box-1",
                        "+49301234567",
                        "Ann",
                        "100",
                        "sales",
                        5,
                        "anna",
                        "1001",
                        Instant.ofEpochMilli(ARRIVED_MS),
                        Instant.ofEpochMilli(ARRIVED_MS + 5),
                        Instant.ofEpochMilli(ARRIVED_MS + 4005),
                        Instant.ofEpochMilli(ARRIVED_MS + 10005),
                        4000,
                        6000,
                        2,
                        "ANSWERED",
                        "CALLER",
                        false,
                        16,
                        "",
                        "",
                        "",
                        "",
                        ""));
    }

    @Test
    void a_call_that_left_its_queue_waited_until_then_and_says_where_to() {
        var record = record(Calls.answered("a")
                .clearAgentId()
                .clearSeatId()
                .clearAnsweredMs()
                .setOutcome(CallOutcome.OVERFLOWED)
                .setFirstQueueId("hotline")
                .setLeftBy(LeftBy.NOBODY_READY)
                .setLeftTo("announcement")
                .setLeftMs(ARRIVED_MS + 2005));

        assertThat(record.waitMs()).isEqualTo(2000);
        assertThat(record.firstQueueId()).isEqualTo("hotline");
        assertThat(record.leftBy()).isEqualTo("NOBODY_READY");
        assertThat(record.leftTo()).isEqualTo("announcement");
    }

    @Test
    void an_abandoned_call_waited_until_its_end_and_talked_to_nobody() {
        var record = record(Calls.answered("a")
                .clearAgentId()
                .clearSeatId()
                .clearAnsweredMs()
                .setOutcome(CallOutcome.ABANDONED)
                .setWhileRinging(true));

        assertThat(record.answeredAt()).isNull();
        assertThat(record.waitMs()).isEqualTo(10000);
        assertThat(record.talkMs()).isZero();
        assertThat(record.agentId()).isEmpty();
        assertThat(record.whileRinging()).isTrue();
    }

    @Test
    void a_call_that_was_not_let_in_neither_waited_nor_talked() {
        var record = record(CallEnded.newBuilder()
                .setCallId("a")
                .setArrivedMs(ARRIVED_MS)
                .setEndedMs(ARRIVED_MS + 20)
                .setOutcome(CallOutcome.REJECTED)
                .setEndedBy(EndedBy.SYSTEM));

        assertThat(record.queuedAt()).isNull();
        assertThat(record.waitMs()).isZero();
        assertThat(record.talkMs()).isZero();
        assertThat(record.queueId()).isEmpty();
    }

    @Test
    void clocks_that_differ_make_no_negative_times() {
        var record = record(Calls.answered("a").setAnsweredMs(ARRIVED_MS - 50).setEndedMs(ARRIVED_MS - 60));

        assertThat(record.waitMs()).isZero();
        assertThat(record.talkMs()).isZero();
    }

    @Test
    void a_character_that_the_database_cannot_store_is_left_out() {
        assertThat(record(Calls.answered("a").setCallerName("An\0n")).callerName())
                .isEqualTo("Ann");
    }

    @ParameterizedTest
    @EnumSource(value = CallOutcome.class, mode = EnumSource.Mode.EXCLUDE, names = "UNRECOGNIZED")
    void every_outcome_has_its_name(CallOutcome outcome) {
        assertThat(record(Calls.answered("a").setOutcome(outcome)).outcome()).isEqualTo(outcome.name());
    }

    @Test
    void what_only_a_newer_version_understands_is_refused() {
        assertThatThrownBy(() -> record(Calls.answered("a").setOutcomeValue(99)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("99");
        assertThatThrownBy(() -> record(Calls.answered("a").setEndedByValue(99)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("99");
    }

    @Test
    void an_event_that_ends_no_call_is_refused() {
        assertThatThrownBy(() -> CallRecordRows.from(Calls.arrived("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ARRIVED");
        assertThatThrownBy(() -> record(Calls.answered(""))).isInstanceOf(IllegalArgumentException.class);
    }
}
