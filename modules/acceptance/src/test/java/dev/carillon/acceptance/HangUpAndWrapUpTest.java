package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.STALL;
import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.CarillonApi;
import dev.carillon.acceptance.lab.ContactCentre;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.Phone;
import dev.carillon.acceptance.sip.SipCall;
import dev.carillon.acceptance.sip.Talk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whoever hangs up ends it for the other; then wrap-up runs its time, and the agent gets the next call. */
@RequiresAsterisk
class HangUpAndWrapUpTest {

    private static final Duration WRAP_UP = Duration.ofSeconds(4);
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private static ContactCentre centre;

    private Talk talk;

    /** Who waits behind. */
    private Callers next;

    @BeforeAll
    static void open() {
        centre = ContactCentre.open(
                HangUpAndWrapUpTest.class, "Hanging up, and wrap-up of 4 s", 2, 20, (int) WRAP_UP.toSeconds());
    }

    @AfterAll
    static void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void theAgentHangsUp() {
        var phone = centre.phone(0).answers(Duration.ofMillis(300), Duration.ofSeconds(3));
        var callers = talkAndWait(0, phone, "4930301", Callers.FOR_EVER, "4930302");

        var caller = callers.finished(LIMIT).get(0);

        assertThat(caller.hungUpThere()).isTrue();
        assertThat(phone.calls().get(0).hungUpHere()).isTrue();
        wrapUpThenNext(0, phone, caller, "agent", "4930302");
    }

    @Test
    void theCallerHangsUp() {
        var phone = centre.phone(1).answers(Duration.ofMillis(300), Duration.ofSeconds(30));
        var callers = talkAndWait(1, phone, "4930303", Duration.ofSeconds(5), "4930304");

        var caller = callers.finished(LIMIT).get(0);

        assertThat(caller.hungUpHere()).isTrue();
        eventually("the phone is hung up on", LIMIT, () -> assertThat(
                        phone.calls().get(0).hungUpThere())
                .isTrue());
        wrapUpThenNext(1, phone, caller, "caller", "4930304");
    }

    /** The first caller talks to the agent of that seat, and the second waits behind. */
    private Callers talkAndWait(int seat, Phone phone, String first, Duration patience, String second) {
        centre.work(seat);
        var callers = centre.call(first, patience);
        eventually("they talk", LIMIT, () -> {
            assertThat(phone.calls()).hasSize(1);
            assertThat(phone.calls().get(0).answeredAt()).isPresent();
            assertThat(centre.api().state(centre.agent(seat))).isEqualTo("talking");
        });
        talk = new Talk(callers.voice(first), phone.voice());
        var talking = Instant.now();
        eventually("they hear each other", LIMIT, () -> talk.flowsSince(talking));
        next = centre.call(second, Duration.ofSeconds(15));
        return callers;
    }

    private void wrapUpThenNext(int seat, Phone phone, SipCall caller, String endedBy, String nextNumber) {
        var ring = phone.calls().get(0);
        var callerEnd = caller.hungUpAt().orElseThrow();
        var seatEnd = ring.hungUpAt().orElseThrow();
        assertThat(Duration.between(callerEnd, seatEnd).abs())
                .as("between the two BYEs")
                .isLessThan(STALL);
        eventually(
                "the agent is in wrap-up", LIMIT, () -> assertThat(centre.api().state(centre.agent(seat)))
                        .isEqualTo("wrap-up"));
        var until = Instant.parse(centre.api()
                .get("agents/" + centre.agent(seat))
                .get("wrapUpUntil")
                .asText());
        assertThat(Duration.between(seatEnd, until)).isCloseTo(WRAP_UP, STALL);
        assertThat(centre.api().waiting(ContactCentre.QUEUE)).containsExactly(nextNumber);

        eventually("the phone rings for the next caller", LIMIT, () -> assertThat(phone.calls())
                .extracting(SipCall::number)
                .containsExactly(caller.number(), nextNumber));
        var pause = Duration.between(seatEnd, phone.calls().get(1).invitedAt());
        assertThat(pause)
                .as("from the end of the talk to the next ring")
                .isBetween(WRAP_UP.minusMillis(100), WRAP_UP.plus(STALL));

        var record = record(caller.number());
        assertThat(record.outcome()).isEqualTo("answered");
        assertThat(record.endedBy()).isEqualTo(endedBy);
        talk.lasted(ring.answeredAt().orElseThrow(), seatEnd);
        centre.report().say("both ways, until the %s hung up: %s", endedBy, Talk.words(List.of(talk)));
        var talked = Duration.between(ring.answeredAt().orElseThrow(), seatEnd);
        assertThat(record.talked()).isCloseTo(talked, STALL);
        centre.report()
                .say(
                        "the %s hung up: the other side was off %d ms later, the next call rang %d ms after the end; talk %d ms by the record, %d ms by SIPp",
                        endedBy,
                        Duration.between(callerEnd, seatEnd).abs().toMillis(),
                        pause.toMillis(),
                        record.talked().toMillis(),
                        talked.toMillis());
        // The other test has the queue for itself.
        next.finished(LIMIT);
        eventually("wrap-up is over", LIMIT, () -> assertThat(centre.api().state(centre.agent(seat)))
                .isEqualTo("ready"));
        centre.api().notReady(centre.agent(seat), "break");
    }

    private static CarillonApi.Recorded record(String number) {
        return eventually(
                "there is a record of " + number, LIMIT, () -> centre.api().record(number));
    }
}
