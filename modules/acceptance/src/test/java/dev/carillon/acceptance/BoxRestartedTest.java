package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.AsteriskBox;
import dev.carillon.acceptance.lab.ContactCentre;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.SipCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Asterisk goes down and comes back while one talks, one's agent is rung, and one waits behind. */
@RequiresAsterisk
class BoxRestartedTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static ContactCentre centre;

    @BeforeAll
    static void open() {
        centre = ContactCentre.open(BoxRestartedTest.class, "The Asterisk is restarted while calls are up", 4, 60, 0);
    }

    @AfterAll
    static void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void orderly() {
        restart("orderly", 0, "49305", AsteriskBox::down);
    }

    @Test
    void likeAPowerCut() {
        restart("like a power cut", 2, "49306", AsteriskBox::kill9);
    }

    private static void restart(String how, int firstSeat, String prefix, Consumer<AsteriskBox> down) {
        var talker = prefix + "01";
        var rung = prefix + "02";
        var waiter = prefix + "03";
        var answering = centre.phone(firstSeat).answers(Duration.ofMillis(200), Callers.FOR_EVER);
        centre.work(firstSeat);
        centre.call(talker, Callers.FOR_EVER);
        eventually("one talks", LIMIT, () -> assertThat(centre.api().state(centre.agent(firstSeat)))
                .isEqualTo("talking"));
        var ringing = centre.phone(firstSeat + 1).ringsForEver();
        centre.work(firstSeat + 1);
        centre.call(rung, Callers.FOR_EVER);
        eventually("one's agent is rung", LIMIT, () -> assertThat(centre.api().state(centre.agent(firstSeat + 1)))
                .isEqualTo("ringing"));
        centre.call(waiter, Callers.FOR_EVER);
        eventually("one waits", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                .containsExactly(rung, waiter));

        var downAt = Instant.now();
        down.accept(centre.box());
        eventually("the API says that the box is lost", LIMIT, () -> assertThat(
                        centre.api().box(ContactCentre.BOX))
                .startsWith("lost: "));
        var said = centre.api().box(ContactCentre.BOX);
        var saidAfter = Duration.between(downAt, Instant.now());
        centre.box().up();
        var upAt = Instant.now();
        eventually("the box is up again", LIMIT, () -> assertThat(centre.api().box(ContactCentre.BOX))
                .isEqualTo("up"));
        var backAfter = Duration.between(upAt, Instant.now());

        eventually("the three calls are recorded as ended by the loss of the box", LIMIT, () -> {
            for (var number : List.of(talker, rung, waiter)) {
                var record = centre.api().record(number);
                assertThat(record.endedBy()).as("%s ended by", number).isEqualTo("box");
                assertThat(record.outcome()).as(number).isEqualTo(number.equals(talker) ? "answered" : "lost");
            }
        });
        eventually("the agents are free", LIMIT, () -> {
            for (var seat = firstSeat; seat < firstSeat + 2; seat++) {
                assertThat(centre.api().state(centre.agent(seat))).isEqualTo("ready");
            }
            assertThat(centre.api().waiting(ContactCentre.QUEUE)).isEmpty();
            assertThat(centre.api().calls()).isZero();
        });
        var freeAfter = Duration.between(upAt, Instant.now());

        // A phone that lost its box comes back as a new one; which of the two agents is asked does not matter.
        ringing.close();
        answering.answers(Duration.ofMillis(200), Duration.ofSeconds(1));
        centre.api().notReady(centre.agent(firstSeat + 1), "break");
        var before = answering.calls().size();
        var next = centre.call(prefix + "04", Callers.FOR_EVER).finished(LIMIT).get(0);
        assertThat(answering.calls().subList(before, answering.calls().size()))
                .extracting(SipCall::number)
                .containsExactly(prefix + "04");
        assertThat(eventually("there is a record", LIMIT, () -> centre.api().record(prefix + "04"))
                        .outcome())
                .isEqualTo("answered");
        centre.api().notReady(centre.agent(firstSeat), "break");
        centre.report()
                .say(
                        "%s: \"%s\" after %d ms; up %d ms after Asterisk was, agents free after %d ms; 3 calls recorded as ended by the box; a new call was answered %d ms after its INVITE",
                        how,
                        said,
                        saidAfter.toMillis(),
                        backAfter.toMillis(),
                        freeAfter.toMillis(),
                        Duration.between(
                                        next.invitedAt(),
                                        answering
                                                .calls()
                                                .get(before)
                                                .answeredAt()
                                                .orElseThrow())
                                .toMillis());
    }
}
