package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.STALL;
import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.CarillonApi;
import dev.carillon.acceptance.lab.ContactCentre;
import dev.carillon.acceptance.lab.Folders;
import dev.carillon.acceptance.lab.OrderOfService;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.Phone;
import dev.carillon.acceptance.sip.SipCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The PostgreSQL beneath three nodes is stopped for half a minute and started again, then crashes, while people talk and wait at a real
 * Asterisk. Who talks goes on talking, who waits keeps their place, who calls meanwhile is held, and every call has one exact record. Nodes
 * say at once what is wrong, and soon after the database is back phones ring again.
 */
@RequiresAsterisk
class DatabaseAwayTest {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** By so little SIPp's own timers may be early. */
    private static final Duration BLINK = Duration.ofMillis(100);

    private static final int NODES = 3;
    private static final int TALKERS = 3;
    private static final int HELPER = TALKERS;

    private static final Duration AWAY = Duration.ofSeconds(30);

    /** Of the first seat: over while the database is away. */
    private static final Duration SHORT_TALK = Duration.ofSeconds(20);

    /** Of the others: longer than the database is away. */
    private static final Duration LONG_TALK = Duration.ofSeconds(60);

    private static final Duration LATER_TALKS = Duration.ofSeconds(1);

    /** From the moment in which PostgreSQL takes connections until a phone rings. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(5);

    /** An answer that says what is wrong, on a machine with two processors that others use too. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private ContactCentre centre;
    private Instant crashed;
    private Instant backFromCrash;

    /** Of a pause without decisions the box knows nothing here: its own emergency queue keeps out of it. */
    @BeforeEach
    void open() {
        centre = ContactCentre.openOnCluster(
                Folders.forTest(DatabaseAwayTest.class),
                "PostgreSQL is away for 30 s beneath three nodes, while 3 talk and 8 wait; later it crashes",
                TALKERS + 1,
                120,
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
    void nobodyIsLostAndNothingIsDoneTwice() {
        var phones = IntStream.range(0, TALKERS)
                .mapToObj(seat -> centre.phone(seat)
                        .answers(Duration.ofMillis(200), seat == 0 ? SHORT_TALK : LONG_TALK, LATER_TALKS))
                .toList();
        IntStream.range(0, TALKERS).forEach(centre::work);
        var helper = centre.phone(HELPER).answers(Duration.ofMillis(200), LATER_TALKS);
        centre.api().logIn(centre.agent(HELPER), centre.seat(HELPER));
        var first = centre.call("first", numbers(1, TALKERS), Duration.ofMillis(100), Callers.FOR_EVER);
        eventually("three talk", LIMIT, () -> assertThat(phones)
                .allSatisfy(phone ->
                        assertThat(centre.api().state("agent-" + phone.seat())).isEqualTo("talking")));
        var second = centre.call("second", numbers(11, 18), Duration.ofMillis(100), Callers.FOR_EVER);
        // Leaves while there is no database, and is the last of them.
        var impatient = centre.call("4930919", Duration.ofSeconds(15));
        eventually("nine wait", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                .hasSize(9));

        var stopped = centre.cluster().server().stop();
        nodesSayWhatIsWrong();
        var meanwhile = centre.call("meanwhile", numbers(21, 23), Duration.ofMillis(100), Callers.FOR_EVER);
        eventually("the short talk ends, one who waited leaves, and three call", LIMIT, () -> {
            assertThat(phones.get(0).calls().get(0).hungUpAt()).isPresent();
            assertThat(impatient.calls().get(0).hungUpAt()).isPresent();
            assertThat(meanwhile.calls()).hasSize(3);
            assertThat(meanwhile.calls())
                    .as("the box itself takes them")
                    .allSatisfy(call -> assertThat(call.answeredAt()).isPresent());
        });
        eventually("half a minute is over", LIMIT, () -> assertThat(Duration.between(stopped, Instant.now()))
                .isGreaterThan(AWAY));
        assertThat(phones.get(0).calls()).as("nothing new is decided meanwhile").hasSize(1);
        var back = centre.cluster().server().start();
        var rung = eventually("a phone rings again", LIMIT, () -> {
            assertThat(phones.get(0).calls()).hasSizeGreaterThan(1);
            return phones.get(0).calls().get(1).invitedAt();
        });
        allAreReady(back);
        assertThat(rung).isAfter(stopped.plus(AWAY));
        centre.report()
                .say(
                        "from PostgreSQL taking connections to the first offer: %d ms",
                        Duration.between(back, rung).toMillis());
        eventually("agents can be made ready", LIMIT, () -> centre.api().ready(centre.agent(HELPER)));

        var callers = Stream.of(first, second, impatient, meanwhile)
                .flatMap(some -> some.finished(Duration.ofMinutes(3)).stream())
                .toList();
        goOnTalking(phones);
        var after = crash();

        var all = Stream.concat(callers.stream(), after.stream()).toList();
        everyCallIsRecordedOnce(
                all,
                "4930919",
                Stream.concat(phones.stream(), Stream.of(helper)).toList());
        new OrderOfService(centre).firstComeFirstServed();
        assertThat(Duration.between(back, rung)).isLessThan(BACK_WITHIN);
    }

    private void nodesSayWhatIsWrong() {
        for (var node = 1; node <= NODES; node++) {
            var number = node;
            eventually("node " + node + " says that the database is away", Duration.ofSeconds(5), () -> {
                var ready = centre.cluster().asked(number, "/ready").orElseThrow(AssertionError::new);
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).containsPattern("\"database\" ?: ?\"jdbc:postgresql:[^\"]+is it running");
            });
            var api = centre.cluster().api(node);
            for (var refused : List.of(
                    api.answer("PUT", "agents/" + centre.agent(HELPER) + "/state", Map.of("state", "ready")),
                    api.answer("PUT", "queues/other", Map.of("name", "Other")),
                    api.answer("GET", "call-records", Map.of()))) {
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.code()).isEqualTo("DATABASE_UNAVAILABLE");
                assertThat(refused.took()).isLessThan(AT_ONCE);
            }
            var shown = api.answer("GET", "agents", Map.of());
            assertThat(shown.status()).as("what is known is shown").isEqualTo(200);
            assertThat(shown.took()).isLessThan(AT_ONCE);
        }
    }

    private void allAreReady(Instant back) {
        eventually("all nodes are ready", LIMIT, () -> {
            for (var node = 1; node <= NODES; node++) {
                assertThat(centre.cluster().asked(node, "/ready"))
                        .hasValueSatisfying(ready ->
                                assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200));
            }
        });
        centre.report()
                .say(
                        "all nodes ready %d ms after PostgreSQL took connections",
                        Duration.between(back, Instant.now()).toMillis());
    }

    /** In the midst of the work, without a word to anybody. */
    private List<SipCall> crash() {
        var busy = centre.call("busy", numbers(31, 42), Duration.ofMillis(400), Callers.FOR_EVER);
        eventually("they are served", LIMIT, () -> assertThat(busy.calls())
                .filteredOn(call -> call.hungUpAt().isPresent())
                .isNotEmpty());
        crashed = Instant.now();
        centre.cluster().server().crash();
        // SIPp makes no more than eight at a time.
        eventually(
                "they call all the same", LIMIT, () -> assertThat(busy.calls()).hasSizeGreaterThan(6));
        backFromCrash = centre.cluster().server().start();
        var served = busy.finished(Duration.ofMinutes(2));
        centre.report()
                .say(
                        "12 callers are done %d ms after PostgreSQL was back from a crash",
                        Duration.between(backFromCrash, Instant.now()).toMillis());
        return served;
    }

    private void goOnTalking(List<Phone> phones) {
        for (var phone : phones) {
            var talk = phone.calls().get(0);
            assertThat(talk.hungUpHere())
                    .as("the talk at seat %s ended by the person there", phone.seat())
                    .isTrue();
            assertThat(Duration.between(
                            talk.answeredAt().orElseThrow(), talk.hungUpAt().orElseThrow()))
                    .as("the talk at seat %s was not cut short", phone.seat())
                    .isGreaterThan((phone == phones.get(0) ? SHORT_TALK : LONG_TALK).minus(BLINK));
        }
    }

    private void everyCallIsRecordedOnce(List<SipCall> callers, String impatient, List<Phone> phones) {
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
            var theirs = rings.stream()
                    .filter(one -> one.number().equals(caller.number()))
                    .toList();
            if (caller.number().equals(impatient)) {
                assertThat(record.outcome()).isEqualTo("abandoned");
                assertThat(theirs).as("who has left is offered to nobody").isEmpty();
                continue;
            }
            assertThat(caller.hungUpThere())
                    .as("%s was hung up on by an agent", caller.number())
                    .isTrue();
            assertThat(record.outcome()).as(record.toString()).isEqualTo("answered");
            var talks = theirs.stream()
                    .filter(ring -> !answeredInVain(ring, record))
                    .toList();
            assertThat(talks).as("phones that rang for " + caller.number()).hasSize(1);
            assertThat(record.seatId()).isNotEmpty();
            assertThat(Duration.between(
                                    record.answeredAt(),
                                    talks.get(0).answeredAt().orElseThrow())
                            .abs())
                    .isLessThan(STALL);
        }
        eventually("nothing is left", LIMIT, () -> {
            assertThat(centre.api().waiting(ContactCentre.QUEUE)).isEmpty();
            assertThat(centre.api().calls()).isZero();
        });
        assertThat(centre.api().records()).as("no record came late").hasSize(callers.size());
        centre.report().say("%d calls, %d records, none missing, none double", callers.size(), records.size());
    }

    /** Who answers while nobody can connect them, hears nothing and hangs up, has not had the call: it goes to the next. */
    private boolean answeredInVain(SipCall ring, CarillonApi.Recorded record) {
        return ring.answeredAt()
                        .filter(at -> at.isAfter(crashed) && at.isBefore(backFromCrash.plus(BACK_WITHIN)))
                        .isPresent()
                && ring.hungUpHere()
                && ring.hungUpAt().orElseThrow().isBefore(record.answeredAt());
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> String.valueOf(4_930_900 + i))
                .toList();
    }
}
