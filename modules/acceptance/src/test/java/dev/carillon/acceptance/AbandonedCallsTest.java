package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.STALL;
import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.ContactCentre;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.SipCall;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Callers who give up: while they wait, and while an agent's phone rings for them. */
@RequiresAsterisk
class AbandonedCallsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static ContactCentre centre;

    @BeforeAll
    static void open() {
        centre = ContactCentre.open(AbandonedCallsTest.class, "Callers who give up", 2, 30, 0);
    }

    @AfterAll
    static void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void whileWaiting() {
        var callers = centre.call("4930101", PATIENCE);
        eventually("the caller waits", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                .containsExactly("4930101"));

        var call = callers.finished(LIMIT).get(0);

        assertThat(call.hungUpHere()).isTrue();
        var record = eventually("there is a record", LIMIT, () -> centre.api().record("4930101"));
        assertThat(record.outcome()).isEqualTo("abandoned");
        assertThat(record.endedBy()).isEqualTo("caller");
        assertThat(record.whileRinging()).isFalse();
        assertThat(record.offers()).isZero();
        assertThat(record.agentId()).isEmpty();
        assertThat(record.talked()).isZero();
        assertThat(record.waited()).isCloseTo(lasted(call), STALL);
        eventually("nobody waits", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                .isEmpty());
        centre.report()
                .say(
                        "hung up while waiting: %s after %d ms by the record, %d ms by SIPp",
                        record.outcome(),
                        record.waited().toMillis(),
                        lasted(call).toMillis());
    }

    @Test
    void whileThePhoneRings() {
        var phone = centre.phone(0).ringsForEver();
        centre.work(0);
        var callers = centre.call("4930102", PATIENCE);
        eventually("the phone rings", LIMIT, () -> assertThat(phone.calls()).hasSize(1));
        // Who they are is seen a moment after that they wait.
        eventually("the caller keeps the place", LIMIT, () -> assertThat(
                        centre.api().waiting(ContactCentre.QUEUE))
                .as("keeps the place until somebody answers")
                .containsExactly("4930102"));

        var call = callers.finished(LIMIT).get(0);

        eventually("the phone is silent", LIMIT, () -> assertThat(
                        phone.calls().get(0).cancelledAt())
                .isPresent());
        var ring = phone.calls().get(0);
        var silentAfter = Duration.between(
                call.hungUpAt().orElseThrow(), ring.cancelledAt().orElseThrow());
        assertThat(silentAfter).as("from the caller's BYE to the CANCEL").isLessThan(STALL);
        eventually(
                "the agent is ready again", LIMIT, () -> assertThat(centre.api().state(centre.agent(0)))
                        .isEqualTo("ready"));
        var record = eventually("there is a record", LIMIT, () -> centre.api().record("4930102"));
        assertThat(record.outcome()).isEqualTo("abandoned");
        assertThat(record.endedBy()).isEqualTo("caller");
        assertThat(record.whileRinging()).isTrue();
        assertThat(record.offers()).isEqualTo(1);
        assertThat(record.waited()).isCloseTo(lasted(call), STALL);
        assertThat(record.talked()).isZero();

        // Ready in truth, not only on the page: the next caller makes the phone ring.
        var next = centre.call("4930103", PATIENCE);
        eventually("the phone rings for the next caller", LIMIT, () -> assertThat(phone.calls())
                .extracting(SipCall::number)
                .containsExactly("4930102", "4930103"));
        next.finished(LIMIT);
        eventually("the agent is ready once more", LIMIT, () -> assertThat(
                        centre.api().state(centre.agent(0)))
                .isEqualTo("ready"));
        centre.report()
                .say(
                        "hung up while the phone rang: phone silent after %d ms, agent ready again, %s after %d ms by the record, %d ms by SIPp",
                        silentAfter.toMillis(),
                        record.outcome(),
                        record.waited().toMillis(),
                        lasted(call).toMillis());
        phone.close();
        centre.api().notReady(centre.agent(0), "break");
    }

    private static Duration lasted(SipCall call) {
        return Duration.between(call.invitedAt(), call.hungUpAt().orElseThrow());
    }
}
