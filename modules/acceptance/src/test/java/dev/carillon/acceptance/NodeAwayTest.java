package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.STALL;
import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.CarillonApi;
import dev.carillon.acceptance.lab.ContactCentre;
import dev.carillon.acceptance.lab.OrderOfService;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.Phone;
import dev.carillon.acceptance.sip.SipCall;
import dev.carillon.acceptance.sip.Talk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The node dies while five wait, and stays away until the box has them in its emergency queue, whose one phone has answered one of
 * them. A sixth comes meanwhile. The node that is back takes those who still wait, in the order they came, and leaves alone the
 * one who talks.
 */
@RequiresAsterisk
class NodeAwayTest {

    private static final int WAITING = 5;
    private static final String NEWCOMER = "4930506";
    /** The seat whose phone is in the emergency queue; nobody is logged in there. */
    private static final int EMERGENCY = 2;

    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** A caller whom Carillon had is given back to the box after 30 s of silence. */
    private static final Duration GIVEN_BACK = Duration.ofSeconds(90);

    private static final Duration RING = Duration.ofMillis(200);
    private static final Duration TALK = Duration.ofSeconds(4);

    private ContactCentre centre;

    @BeforeEach
    void open() {
        centre = ContactCentre.open(
                NodeAwayTest.class,
                "The node is away for longer than the box waits for it",
                3,
                20,
                0,
                "--emergency",
                "1003",
                "--set",
                "GRACE=5",
                "--set",
                "RETRY=1");
    }

    @AfterEach
    void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void thoseWhoStillWaitAreTakenBackInOrder() {
        var phones = IntStream.range(0, 2)
                .mapToObj(seat -> centre.phone(seat).answers(RING, TALK))
                .toList();
        var emergency = centre.phone(EMERGENCY).answers(RING, Callers.FOR_EVER);
        var people = IntStream.rangeClosed(1, WAITING)
                .mapToObj(i -> String.valueOf(4_930_500 + i))
                .toList();
        var callers = centre.call("callers", people, Duration.ofMillis(300), Callers.FOR_EVER);
        // In the order in which the box has heard of them.
        var numbers = eventually("five wait", LIMIT, () -> {
            var waiting = centre.api().waiting(ContactCentre.QUEUE);
            assertThat(waiting).containsExactlyInAnyOrderElementsOf(people);
            return waiting;
        });

        var killed = centre.node().kill9();
        eventually("the emergency phone is answered", GIVEN_BACK, () -> assertThat(emergency.calls())
                .hasSize(1)
                .allSatisfy(call -> assertThat(call.answeredAt()).isPresent()));
        var served = emergency.calls().get(0).number();
        var newcomer = centre.call(NEWCOMER, Callers.FOR_EVER);
        eventually("all others wait in the emergency queue", GIVEN_BACK, () -> assertThat(inEmergencyQueue())
                .isEqualTo(WAITING));
        centre.report()
                .say(
                        "%d ms after the kill %s talked at the emergency phone, and the other %d waited for it",
                        Duration.between(killed, Instant.now()).toMillis(), served, WAITING);

        centre.node().start();
        var ready = Instant.now();
        var expected = Stream.concat(numbers.stream(), Stream.of(NEWCOMER))
                .filter(number -> !number.equals(served))
                .toList();
        eventually("those who still wait are back in their order", LIMIT, () -> {
            assertThat(centre.api().waiting(ContactCentre.QUEUE)).isEqualTo(expected);
            assertThat(inEmergencyQueue()).isZero();
        });
        centre.report()
                .say(
                        "back in their order %d ms after the node was ready: %s",
                        Duration.between(ready, Instant.now()).toMillis(), expected);
        centre.work(1);
        centre.work(0);
        eventually("they are served", LIMIT, () -> assertThat(
                        phones.stream().flatMap(phone -> phone.calls().stream()).filter(call -> call.hungUpAt()
                                .isPresent()))
                .hasSize(expected.size()));

        leftAlone(new Talk(callers.voice(served), emergency.voice()), emergency);
        centre.box().cli("channel request hangup all");
        assertThat(Stream.concat(callers.finished(LIMIT).stream(), newcomer.finished(LIMIT).stream()))
                .as("nobody was dropped")
                .allMatch(SipCall::hungUpThere);
        assertThat(emergency.calls()).as("rung once").hasSize(1);
        recorded(served, callers, newcomer, phones);
        new OrderOfService(centre).firstComeFirstServed();
        eventually("nothing is left", LIMIT, () -> {
            assertThat(centre.api().calls()).isZero();
            assertThat(centre.api().state(centre.agent(0))).isEqualTo("ready");
            assertThat(centre.api().state(centre.agent(1))).isEqualTo("ready");
        });
        assertThat(centre.api().records()).as("no record came late").hasSize(WAITING + 1);
    }

    /** By the box's own word. */
    private long inEmergencyQueue() {
        return centre.box()
                .cli("queue show emergency")
                .lines()
                .filter(line -> line.strip().matches("\\d+\\. PJSIP/trunk.*"))
                .count();
    }

    private void leftAlone(Talk talk, Phone emergency) {
        var now = Instant.now();
        assertThat(emergency.calls().get(0).hungUpAt()).isEmpty();
        eventually("who was served by the emergency phone still talks there", LIMIT, () -> talk.flowsSince(now));
        assertThat(talk.caller().everHeard()).containsExactly(talk.seat().name());
        centre.report().say("who talks at the emergency phone was left alone: %s", Talk.words(List.of(talk)));
    }

    private void recorded(String served, Callers callers, Callers newcomer, List<Phone> phones) {
        var records = eventually("every call has a record", LIMIT, () -> {
            var found = centre.api().records();
            assertThat(found)
                    .extracting(CarillonApi.Recorded::callerNumber)
                    .containsExactlyInAnyOrderElementsOf(Stream.of(callers, newcomer)
                            .flatMap(some -> some.calls().stream().map(SipCall::number))
                            .toList());
            return found;
        });
        for (var record : records) {
            var number = record.callerNumber();
            var from = callers.has(number) ? callers : newcomer;
            assertThat(Duration.between(from.call(number).invitedAt(), record.arrivedAt()))
                    .isBetween(STALL.negated(), STALL);
            if (number.equals(served)) {
                assertThat(record.outcome()).as("no agent of Carillon's talked").isNotEqualTo("answered");
                assertThat(record.agentId()).isEmpty();
                assertThat(record.offers()).isZero();
                centre.report()
                        .say(
                                "%s, who was served by the emergency phone, is recorded as %s, ended by %s",
                                number, record.outcome(), record.endedBy());
                continue;
            }
            var phone = phones.stream()
                    .filter(one -> one.seat().equals(record.seatId()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("at no seat: " + record));
            var ring = phone.calls().stream()
                    .filter(call -> call.number().equals(number))
                    .findFirst()
                    .orElseThrow();
            var answered = ring.answeredAt().orElseThrow();
            assertThat(record.outcome()).isEqualTo("answered");
            assertThat(record.endedBy()).isEqualTo("agent");
            assertThat(record.waited())
                    .isCloseTo(Duration.between(from.call(number).invitedAt(), answered), STALL);
            assertThat(record.talked())
                    .isCloseTo(Duration.between(answered, ring.hungUpAt().orElseThrow()), STALL);
            new Talk(from.voice(number), phone.voice())
                    .lasted(answered, ring.hungUpAt().orElseThrow());
        }
        centre.report().say("%d calls, %d records, none missing, none double", WAITING + 1, records.size());
    }
}
