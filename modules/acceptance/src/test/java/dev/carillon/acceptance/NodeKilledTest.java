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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The node is killed with {@code kill -9} while five talk, one phone rings and ten wait, and started again. Those who talk go on
 * talking, the phone rings on and is answered, those who wait keep their order and are served, and every call has one record. One
 * talk ends and one caller comes while there is no node.
 */
@RequiresAsterisk
class NodeKilledTest {

    private static final int SEATS = 5;
    /** The seat whose phone rings all the while. */
    private static final int RINGER = SEATS;

    private static final int WAITING = 10;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /**
     * The first seat's talk is over before the node can be back, and not before it is killed, also on a slow machine; the others last longer
     * than it is away.
     */
    private static final Duration SHORT_TALK = Duration.ofSeconds(10);

    private static final Duration LONG_TALK = Duration.ofSeconds(75);
    private static final Duration LONG_RINGING = LONG_TALK;
    private static final Duration LATER_TALKS = Duration.ofSeconds(2);

    /** By so little SIPp's own timers may be early. */
    private static final Duration BLINK = Duration.ofMillis(100);

    /** A node is ready when it serves; the box is connected and asked within this. */
    private static final Duration ASKED_THE_BOX = Duration.ofSeconds(5);

    /** See {@link FiftyCallersFiveSeatsTest}. */
    private static final Duration SAME_MOMENT = Duration.ofMillis(1_500);

    private ContactCentre centre;

    @BeforeEach
    void open() {
        centre = ContactCentre.open(
                // However long a slow machine needs for the node: the box's own emergency queue keeps out of it.
                NodeKilledTest.class,
                "kill -9 of the node while 5 talk, 1 rings and 10 wait",
                SEATS + 1,
                120,
                0,
                "--set",
                "GRACE=600");
    }

    @AfterEach
    void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void nobodyIsLost() {
        var phones = IntStream.range(0, SEATS)
                .mapToObj(seat -> centre.phone(seat)
                        .answers(Duration.ofMillis(200), seat == 0 ? SHORT_TALK : LONG_TALK, LATER_TALKS))
                .toList();
        IntStream.range(0, SEATS).forEach(centre::work);
        var talking = numbers(1, SEATS);
        var waiting = numbers(SEATS + 1, SEATS + WAITING);
        var first = centre.call("first", talking, Duration.ofMillis(100), Callers.FOR_EVER);
        eventually("five talk", LIMIT, () -> assertThat(phones).allSatisfy(phone -> {
            assertThat(phone.calls()).hasSize(1);
            assertThat(phone.calls().get(0).answeredAt()).isPresent();
            assertThat(centre.api().state("agent-" + phone.seat())).isEqualTo("talking");
        }));
        var ringer = centre.phone(RINGER).answers(LONG_RINGING, LATER_TALKS);
        centre.work(RINGER);
        var patient = centre.call("4930400", Callers.FOR_EVER);
        eventually("one phone rings", LIMIT, () -> {
            assertThat(ringer.calls()).hasSize(1);
            assertThat(centre.api().state(centre.agent(RINGER))).isEqualTo("ringing");
        });
        centre.api().notReady(centre.agent(RINGER), "break");
        var second = centre.call("second", waiting, Duration.ofMillis(100), Callers.FOR_EVER);
        // Whoever is offered keeps their place until they talk.
        var inQueue = Stream.concat(Stream.of("4930400"), waiting.stream()).toList();
        eventually("ten wait, and one is offered", LIMIT, () -> assertThat(
                        centre.api().waiting(ContactCentre.QUEUE))
                .isEqualTo(inQueue));

        var killed = centre.node().kill9();
        assertThat(phones)
                .as("five talk at the moment of the kill")
                .allMatch(phone -> phone.calls().get(0).hungUpAt().isEmpty());
        var newcomer = centre.call("4930416", Callers.FOR_EVER);
        eventually("the short talk ends, and somebody calls", LIMIT, () -> {
            assertThat(phones.get(0).calls().get(0).hungUpAt()).isPresent();
            assertThat(newcomer.calls()).hasSize(1);
            assertThat(newcomer.calls().get(0).answeredAt())
                    .as("the box itself takes the call")
                    .isPresent();
        });
        centre.node().start();
        var ready = Instant.now();

        var callers = Stream.of(first, patient, second, newcomer)
                .flatMap(some -> some.finished(Duration.ofMinutes(4)).stream())
                .toList();

        assertThat(callers)
                .as("nobody was dropped: each was hung up on by an agent")
                .allMatch(SipCall::hungUpThere);
        goOnTalking(phones, killed, ready);
        servedInOrder(
                phones, Stream.concat(waiting.stream(), Stream.of("4930416")).toList(), killed, ready);
        rangOn(ringer, killed, ready);
        recordedOnce(callers, Stream.concat(phones.stream(), Stream.of(ringer)).toList(), killed, ready);
        eventually("no agent is stuck, and nothing is left", LIMIT, () -> {
            for (var seat = 0; seat < SEATS; seat++) {
                assertThat(centre.api().state(centre.agent(seat))).isEqualTo("ready");
            }
            assertThat(centre.api().state(centre.agent(RINGER)))
                    .as("what they had chosen before the kill")
                    .isEqualTo("not-ready (break)");
            assertThat(centre.api().waiting(ContactCentre.QUEUE)).isEmpty();
            assertThat(centre.api().calls()).isZero();
        });
        assertThat(centre.api().records()).as("no record came late").hasSize(callers.size());
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> String.valueOf(4_930_400 + i))
                .toList();
    }

    private void goOnTalking(List<Phone> phones, Instant killed, Instant ready) {
        for (var phone : phones) {
            var talk = phone.calls().get(0);
            var lasted = Duration.between(
                    talk.answeredAt().orElseThrow(), talk.hungUpAt().orElseThrow());
            assertThat(talk.hungUpHere())
                    .as("the talk of seat %s ended by the person there", phone.seat())
                    .isTrue();
            assertThat(lasted)
                    .as("the talk of seat %s was not cut short", phone.seat())
                    // SIPp hangs up when the talk is over by its clock, later if it does not get the processor.
                    .isGreaterThan((phone == phones.get(0) ? SHORT_TALK : LONG_TALK).minus(BLINK));
        }
        var across = phones.stream()
                .filter(phone -> phone.calls().get(0).hungUpAt().orElseThrow().isAfter(ready))
                .count();
        assertThat(across)
                .as("talks that began before the kill and ended after the node was back")
                .isEqualTo(SEATS - 1);
        centre.report()
                .say(
                        "killed, ready again after %d ms; 5 of 5 talks went on, %d of them until after that, 1 ended meanwhile",
                        Duration.between(killed, ready).toMillis(), across);
    }

    private void rangOn(Phone ringer, Instant killed, Instant ready) {
        assertThat(ringer.calls()).as("the phone is rung once").hasSize(1);
        var ring = ringer.calls().get(0);
        assertThat(ring.invitedAt()).isBefore(killed);
        assertThat(ring.answeredAt().orElseThrow())
                .as("it rang until the node was back; LONG_RINGING must be longer than the node is away")
                .isAfter(ready);
        assertThat(Duration.between(ring.invitedAt(), ring.answeredAt().orElseThrow()))
                .as("nobody was faster than the agent, and nobody called the ringing off")
                .isGreaterThan(LONG_RINGING.minus(BLINK));
        assertThat(Duration.between(
                        ring.answeredAt().orElseThrow(), ring.hungUpAt().orElseThrow()))
                .as("they talked")
                .isGreaterThan(LATER_TALKS.minus(BLINK));
        assertThat(ring.hungUpHere()).isTrue();
        centre.report()
                .say("the phone that rang went on ringing through the kill, and was answered when the node was back");
    }

    private void servedInOrder(List<Phone> phones, List<String> expected, Instant killed, Instant ready) {
        var rings = phones.stream()
                .flatMap(phone -> phone.calls().stream().skip(1))
                .sorted(Comparator.comparing(SipCall::invitedAt))
                .toList();
        assertThat(rings)
                .extracting(SipCall::number)
                .as("each was offered once")
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(rings).allSatisfy(ring -> assertThat(ring.answeredAt()).isPresent());
        // Two who are told to two phones in the same moment may change places; compare the moments, not the list.
        for (var i = 0; i < rings.size(); i++) {
            for (var j = i + 1; j < rings.size(); j++) {
                if (expected.indexOf(rings.get(i).number())
                        > expected.indexOf(rings.get(j).number())) {
                    assertThat(Duration.between(
                                    rings.get(i).invitedAt(), rings.get(j).invitedAt()))
                            .as(
                                    "%s was served before %s, who came earlier",
                                    rings.get(i).number(), rings.get(j).number())
                            .isLessThan(SAME_MOMENT);
                }
            }
        }
        centre.report()
                .say(
                        "those who waited were served in order of arrival: %s; the first rang %d ms after the kill, %d ms after the node was ready",
                        rings.stream().map(SipCall::number).toList(),
                        Duration.between(killed, rings.get(0).invitedAt()).toMillis(),
                        Duration.between(ready, rings.get(0).invitedAt()).toMillis());
    }

    private void recordedOnce(List<SipCall> callers, List<Phone> phones, Instant killed, Instant ready) {
        var records = eventually("every call has a record", LIMIT, () -> {
            var found = centre.api().records();
            assertThat(found)
                    .extracting(CarillonApi.Recorded::callerNumber)
                    .containsExactlyInAnyOrderElementsOf(
                            callers.stream().map(SipCall::number).toList());
            return found;
        });
        var rings = new ArrayList<SipCall>();
        phones.forEach(phone -> rings.addAll(phone.calls()));
        for (var caller : callers) {
            var record = records.stream()
                    .filter(one -> one.callerNumber().equals(caller.number()))
                    .findFirst()
                    .orElseThrow();
            var ring = rings.stream()
                    .filter(one -> one.number().equals(caller.number()))
                    .findFirst()
                    .orElseThrow();
            assertThat(record.outcome()).isEqualTo("answered");
            assertThat(record.arrivedAt()).isCloseTo(caller.invitedAt(), within(STALL));
            assertThat(record.answeredAt()).isCloseTo(ring.answeredAt().orElseThrow(), within(STALL));
            assertThat(record.waited())
                    .isCloseTo(
                            Duration.between(
                                    caller.invitedAt(), ring.answeredAt().orElseThrow()),
                            STALL);
            var ended = ring.hungUpAt().orElseThrow();
            if (ended.isAfter(killed) && ended.isBefore(ready)) {
                // Nobody was there to see it end: not before it did, and not much later than the node had asked the
                // box.
                assertThat(record.endedAt()).isBetween(ended.minus(STALL), ready.plus(ASKED_THE_BOX));
            } else {
                assertThat(record.endedAt()).isCloseTo(ended, within(STALL));
                assertThat(record.endedBy()).isEqualTo("agent");
            }
        }
        centre.report().say("%d calls, %d records, none missing, none double", callers.size(), records.size());
    }

    private static org.assertj.core.data.TemporalUnitOffset within(Duration limit) {
        return org.assertj.core.api.Assertions.within(limit.toMillis(), java.time.temporal.ChronoUnit.MILLIS);
    }
}
