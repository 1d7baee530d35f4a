package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.ContactCentre;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.Phone;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A phone that is gone is noticed before a caller is given to it. Each time the only agent at work is ready and their phone goes; a
 * caller who comes then waits, without a single offer, and is answered when the phone is back: nobody touches the agent's desktop.
 */
@RequiresAsterisk
class UnreachableSeatTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static ContactCentre centre;

    @BeforeAll
    static void open() {
        centre = ContactCentre.open(
                UnreachableSeatTest.class,
                "Seats that cannot be reached",
                2,
                20,
                0,
                "--qualify",
                "2",
                "-Dcarillon.telephony.seat-grace=2s");
    }

    @AfterAll
    static void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void aPhoneThatUnregisters() {
        isGone(0, Phone::unregister, "4930301");
    }

    @Test
    void aPhoneThatIsCutOffWithoutAWord() {
        isGone(1, Phone::vanish, "4930302");
    }

    private static void isGone(int seat, Consumer<Phone> goes, String number) {
        var agent = centre.agent(seat);
        var phone = centre.phone(seat).answers(Duration.ofMillis(200), Duration.ofSeconds(1));
        centre.work(seat);

        goes.accept(phone);
        var gone = Instant.now();
        eventually("the agent is not ready for that reason", LIMIT, () -> assertThat(
                        centre.api().state(agent))
                .isEqualTo("not-ready (seat-unreachable)"));
        var noticed = Duration.between(gone, Instant.now());

        var caller = centre.call(number, Callers.FOR_EVER);
        eventually("the caller waits", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                .containsExactly(number));
        assertThat(centre.api().state(agent)).isEqualTo("not-ready (seat-unreachable)");

        phone.answers(Duration.ofMillis(200), Duration.ofSeconds(1));
        var back = Instant.now();
        var served = caller.finished(LIMIT).get(0);

        assertThat(phone.calls())
                .filteredOn(call -> call.number().equals(number))
                .hasSize(1);
        var record = eventually("there is a record", LIMIT, () -> centre.api().record(number));
        assertThat(record.outcome()).isEqualTo("answered");
        assertThat(record.agentId()).isEqualTo(agent);
        assertThat(record.offers()).as("not one before the phone was back").isEqualTo(1);
        eventually(
                "the agent is ready again", LIMIT, () -> assertThat(centre.api().state(agent))
                        .isEqualTo("ready"));
        centre.api().notReady(agent, "break");
        centre.report()
                .say(
                        "Seat %s: not ready %d ms after its phone was gone (grace 2 s); back, the caller was answered %d ms later,"
                                + " with one offer",
                        phone.seat(),
                        noticed.toMillis(),
                        Duration.between(back, served.answeredAt().orElseThrow())
                                .toMillis());
    }
}
