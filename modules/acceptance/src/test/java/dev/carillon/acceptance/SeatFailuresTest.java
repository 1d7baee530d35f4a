package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.STALL;
import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.ContactCentre;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.Phone;
import dev.carillon.acceptance.sip.SipCall;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Seats that do not take their call. Each time two callers wait, the first is offered to an agent whose phone fails, stays before
 * the second, and is served by the next agent; the agent who failed is not ready, and it says why.
 */
@RequiresAsterisk
class SeatFailuresTest {

    private static final int RING_SECONDS = 5;
    private static final int HELPER = 4;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private static ContactCentre centre;
    private static Phone helper;

    @BeforeAll
    static void open() {
        centre = ContactCentre.open(
                SeatFailuresTest.class,
                "Seats that do not take their call",
                5,
                RING_SECONDS,
                0,
                // That a phone is gone is found out by ringing it here; that it is noticed before has a test of its
                // own.
                "-Dcarillon.telephony.seat-grace=1h");
        helper = centre.phone(HELPER).answers(Duration.ofMillis(200), Duration.ofSeconds(1));
    }

    @AfterAll
    static void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void nobodyAnswers() {
        var phone = fails(0, Phone::ringsForEver, "no-answer", "4930201", "4930202");

        var ring = phone.calls().get(0);
        var rang = Duration.between(
                ring.ringingAt().orElseThrow(), ring.cancelledAt().orElseThrow());
        assertThat(rang)
                .as("it rings for the queue's ring time")
                .isBetween(
                        Duration.ofSeconds(RING_SECONDS).minusMillis(500),
                        Duration.ofSeconds(RING_SECONDS).plus(STALL));
        centre.report().say("  it rang for %d ms", rang.toMillis());
    }

    @Test
    void busy() {
        fails(1, Phone::isBusy, "busy", "4930203", "4930204");
    }

    @Test
    void declined() {
        fails(2, Phone::declines, "refused", "4930205", "4930206");
    }

    @Test
    void notRegistered() {
        fails(3, phone -> phone, "unreachable", "4930207", "4930208");
    }

    private static Phone fails(
            int seat, UnaryOperator<Phone> behaviour, String reason, String firstNumber, String secondNumber) {
        var before = helper.calls().size();
        var first = centre.call(firstNumber, Callers.FOR_EVER);
        eventually(
                "the first caller waits", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                        .containsExactly(firstNumber));
        var second = centre.call(secondNumber, Callers.FOR_EVER);
        eventually(
                "the second caller waits", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                        .containsExactly(firstNumber, secondNumber));

        var phone = behaviour.apply(centre.phone(seat));
        centre.api().logIn(centre.agent(seat), centre.seat(seat));
        centre.api().ready(centre.agent(seat));

        eventually("the agent is not ready for that reason", LIMIT, () -> assertThat(
                        centre.api().state(centre.agent(seat)))
                .isEqualTo("not-ready (" + reason + ")"));
        assertThat(centre.api().waiting(ContactCentre.QUEUE))
                .as("the first caller keeps the place")
                .containsExactly(firstNumber, secondNumber);

        centre.work(HELPER);
        var served = first.finished(LIMIT).get(0);
        second.finished(LIMIT);
        assertThat(helper.calls().subList(before, helper.calls().size()))
                .extracting(SipCall::number)
                .as("whom the next agent serves")
                .containsExactly(firstNumber, secondNumber);
        assertThat(phone.calls())
                .extracting(SipCall::number)
                .as("whom the failing phone was shown")
                .isSubsetOf(firstNumber)
                .hasSizeLessThanOrEqualTo(1);

        var record = eventually("there is a record", LIMIT, () -> centre.api().record(firstNumber));
        assertThat(record.outcome()).isEqualTo("answered");
        assertThat(record.offers()).isEqualTo(2);
        assertThat(record.agentId()).isEqualTo(centre.agent(HELPER));
        var answered = helper.calls().get(before).answeredAt().orElseThrow();
        assertThat(record.waited())
                .as("the wait counts from the arrival")
                .isCloseTo(Duration.between(served.invitedAt(), answered), STALL);
        assertThat(centre.api().state(centre.agent(seat))).isEqualTo("not-ready (" + reason + ")");
        centre.api().notReady(centre.agent(HELPER), "break");
        centre.report()
                .say(
                        "%s: agent not ready (%s); the caller kept the place and was answered by the next agent after %d ms in all",
                        reason, reason, record.waited().toMillis());
        return phone;
    }
}
