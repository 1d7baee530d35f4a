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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fifty callers, five seats, three seconds of talk: everybody is connected once, in the order of arrival, and recorded as it was. */
@RequiresAsterisk
class FiftyCallersFiveSeatsTest {

    private static final int CALLERS = 50;
    private static final int SEATS = 5;
    private static final Duration TALK = Duration.ofSeconds(3);

    /** Not in the order of their names: who has been idle longest is not who comes first in a list. */
    private static final List<Integer> COME_TO_WORK = List.of(3, 1, 4, 0, 2);

    /**
     * As the phones see it, coarsely: when two agents become free at once, two calls tell two phones side by side, on a machine that
     * does much else. To the moment it is told by {@link OrderOfService}.
     */
    private static final Duration SAME_MOMENT = Duration.ofMillis(1_500);

    /** How far what SIPp saw and what is recorded may be apart in half of the calls; in all of them it is STALL. */
    private static final Duration CLOSE = Duration.ofMillis(500);

    private ContactCentre centre;

    @BeforeEach
    void open() {
        centre = ContactCentre.open(FiftyCallersFiveSeatsTest.class, "50 callers, 5 seats, 3 s of talk", SEATS, 20, 0);
    }

    @AfterEach
    void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void everybodyIsConnectedOnceAndInOrder() {
        var phones = IntStream.range(0, SEATS)
                .mapToObj(seat -> centre.phone(seat).answers(Duration.ofMillis(300), TALK))
                .toList();
        COME_TO_WORK.forEach(centre::work);
        var numbers = IntStream.rangeClosed(1, CALLERS)
                .mapToObj(i -> String.valueOf(49_300_000 + i))
                .toList();

        var people = centre.call("callers", numbers, Duration.ofMillis(100), Callers.FOR_EVER);
        var callers = people.finished(Duration.ofMinutes(4));

        assertThat(callers).extracting(SipCall::number).containsExactlyElementsOf(numbers);
        assertThat(callers).as("hung up on by the other side").allMatch(SipCall::hungUpThere);
        var rings = ringsByCaller(phones);
        assertThat(rings.keySet()).as("whom the phones were shown").containsExactlyInAnyOrderElementsOf(numbers);
        assertThat(rings).as("each rang once").allSatisfy((number, ring) -> assertThat(ring)
                .hasSize(1));
        phones.forEach(FiftyCallersFiveSeatsTest::oneCallAtATime);
        inOrderOfArrival(numbers, rings);
        everybodyHeardTheirAgent(people, phones);

        var records = eventually("there are 50 records", Duration.ofSeconds(30), () -> {
            var found = centre.api().records();
            assertThat(found).hasSize(CALLERS);
            return found;
        });
        recordsAgree(callers, rings, records);
        var order = new OrderOfService(centre);
        order.firstComeFirstServed();
        order.longestIdleFirst(SEATS - 2);
        eventually("all agents are ready and nothing is left", Duration.ofSeconds(10), () -> {
            for (var seat = 0; seat < SEATS; seat++) {
                assertThat(centre.api().state(centre.agent(seat))).isEqualTo("ready");
            }
            assertThat(centre.api().waiting(ContactCentre.QUEUE)).isEmpty();
            assertThat(centre.api().calls()).isZero();
        });
        assertThat(centre.api().records()).as("no record came late").hasSize(CALLERS);
        sayHowLongDispatchTook(callers, phones);
    }

    private static Map<String, List<SipCall>> ringsByCaller(List<Phone> phones) {
        var rings = new HashMap<String, List<SipCall>>();
        for (var phone : phones) {
            for (var ring : phone.calls()) {
                rings.computeIfAbsent(ring.number(), number -> new ArrayList<>())
                        .add(ring);
            }
        }
        return rings;
    }

    private static void oneCallAtATime(Phone phone) {
        var calls = phone.calls();
        for (var i = 1; i < calls.size(); i++) {
            assertThat(calls.get(i).invitedAt())
                    .as("phone %s is rung only after the call before it is over", phone.seat())
                    .isAfterOrEqualTo(calls.get(i - 1).overAt().orElseThrow());
        }
    }

    private void inOrderOfArrival(List<String> numbers, Map<String, List<SipCall>> rings) {
        var latest = Instant.MIN;
        var worst = Duration.ZERO;
        // The first find idle agents and need not wait for each other.
        for (var number : numbers.subList(SEATS, numbers.size())) {
            var rang = rings.get(number).get(0).invitedAt();
            assertThat(rang)
                    .as("a phone rings for %s, not before those who came earlier", number)
                    .isAfter(latest.equals(Instant.MIN) ? latest : latest.minus(SAME_MOMENT));
            if (rang.isBefore(latest)) {
                var early = Duration.between(rang, latest);
                worst = early.compareTo(worst) > 0 ? early : worst;
            } else {
                latest = rang;
            }
        }
        centre.report()
                .say(
                        "all %d connected, each to one seat, in order of arrival (worst inversion %d ms)",
                        numbers.size(), worst.toMillis());
    }

    private void everybodyHeardTheirAgent(Callers people, List<Phone> phones) {
        var talks = new ArrayList<Talk>();
        var silence = 0L;
        for (var phone : phones) {
            for (var call : phone.calls()) {
                var talk = new Talk(people.voice(call.number()), phone.voice());
                talk.lasted(call.answeredAt().orElseThrow(), call.hungUpAt().orElseThrow());
                talks.add(talk);
                silence = Math.max(silence, talk.silenceMs(call.answeredAt().orElseThrow()));
            }
        }
        centre.report()
                .say(
                        "both ways, all through every talk: %s; from the answer until both were heard at most %d ms",
                        Talk.words(talks), silence);
    }

    private void recordsAgree(
            List<SipCall> callers, Map<String, List<SipCall>> rings, List<CarillonApi.Recorded> records) {
        var apart = new TreeMap<String, List<Duration>>();
        for (var caller : callers) {
            var ring = rings.get(caller.number()).get(0);
            var found = records.stream()
                    .filter(record -> record.callerNumber().equals(caller.number()))
                    .toList();
            assertThat(found).as("records of %s", caller.number()).hasSize(1);
            var record = found.get(0);
            assertThat(record.outcome()).isEqualTo("answered");
            assertThat(record.dialledNumber()).isEqualTo(ContactCentre.NUMBER);
            assertThat(record.queueId()).isEqualTo(ContactCentre.QUEUE);
            assertThat(record.endedBy()).isEqualTo("agent");
            assertThat(record.offers()).isEqualTo(1);
            assertThat(record.agentId()).isEqualTo("agent-" + record.seatId());
            assertThat(seatOf(ring)).isEqualTo(record.seatId());
            var answered = ring.answeredAt().orElseThrow();
            apart(apart, "arrival", caller.invitedAt(), record.arrivedAt());
            apart(apart, "answer", answered, record.answeredAt());
            apart(apart, "end", ring.hungUpAt().orElseThrow(), record.endedAt());
            apart(apart, "wait", Duration.between(caller.invitedAt(), answered), record.waited());
            apart(apart, "talk", Duration.between(answered, ring.hungUpAt().orElseThrow()), record.talked());
        }
        apart.forEach((what, all) -> {
            all.sort(null);
            assertThat(all.get(all.size() / 2))
                    .as("%s: seen by SIPp and recorded, half of them are closer than", what)
                    .isLessThan(CLOSE);
            assertThat(all.get(all.size() - 1))
                    .as("%s: seen by SIPp and recorded, most apart", what)
                    .isLessThan(STALL);
            centre.report()
                    .say(
                            "%d records; %s is apart from what SIPp saw: p50 %d ms, most %d ms",
                            records.size(),
                            what,
                            all.get(all.size() / 2).toMillis(),
                            all.get(all.size() - 1).toMillis());
        });
        centre.report()
                .say(
                        "waits from %d to %d ms",
                        records.stream()
                                .mapToLong(record -> record.waited().toMillis())
                                .min()
                                .orElseThrow(),
                        records.stream()
                                .mapToLong(record -> record.waited().toMillis())
                                .max()
                                .orElseThrow());
    }

    /** From the address that was invited, for example {@code INVITE sip:1001@127.0.0.1:20000 SIP/2.0}. */
    private static String seatOf(SipCall ring) {
        var request = ring.messages().get(0).start();
        return request.substring("INVITE sip:".length(), request.indexOf('@'));
    }

    private static void apart(Map<String, List<Duration>> apart, String what, Instant seen, Instant recorded) {
        apart(apart, what, Duration.between(seen, recorded), Duration.ZERO);
    }

    private static void apart(Map<String, List<Duration>> apart, String what, Duration seen, Duration recorded) {
        apart.computeIfAbsent(what, none -> new ArrayList<>())
                .add(seen.minus(recorded).abs());
    }

    /** From the moment a seat is free and somebody waits, until the INVITE has reached the seat: by SIPp's clocks alone. */
    private void sayHowLongDispatchTook(List<SipCall> callers, List<Phone> phones) {
        var arrivals = new HashMap<String, Instant>();
        callers.forEach(caller -> arrivals.put(caller.number(), caller.invitedAt()));
        var freed = new Histogram(3);
        var idle = new Histogram(3);
        for (var phone : phones) {
            var free = Instant.MIN;
            for (var call : phone.calls().stream()
                    .sorted(Comparator.comparing(SipCall::invitedAt))
                    .toList()) {
                var arrived = arrivals.get(call.number());
                if (arrived.isAfter(free)) {
                    idle.recordValue(Duration.between(arrived, call.invitedAt()).toMillis());
                } else {
                    freed.recordValue(Duration.between(free, call.invitedAt()).toMillis());
                }
                free = call.overAt().orElseThrow();
            }
        }
        centre.report()
                .say(
                        "agent hangs up, callers wait -> next INVITE at the seat: p50 %d ms, p99 %d ms (%d)",
                        freed.getValueAtPercentile(50), freed.getValueAtPercentile(99), freed.getTotalCount());
        centre.report()
                .say(
                        "agent idle, caller's INVITE -> INVITE at the seat: p50 %d ms, p99 %d ms (%d)",
                        idle.getValueAtPercentile(50), idle.getValueAtPercentile(99), idle.getTotalCount());
    }
}
