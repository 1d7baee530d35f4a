package dev.carillon.acceptance;

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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Three nodes as one cluster, with a real Asterisk: its nodes are killed one after the other, or stopped as planned and started again. Nobody
 * talking is cut off, nobody waiting loses their place, and every call has one record.
 */
@RequiresAsterisk
class ClusterTest {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** By so little SIPp's own timers may be early. */
    private static final Duration BLINK = Duration.ofMillis(100);

    private static final int NODES = 3;

    /** Longer than two nodes need to start, and than the cluster needs without them. */
    private static final Duration LONG_TALK = Duration.ofSeconds(150);

    /** Longer than the cluster needs without a node. */
    private static final Duration LONG_RINGING = Duration.ofSeconds(45);

    private ContactCentre centre;

    @AfterEach
    void close() {
        if (centre != null) {
            centre.close();
        }
    }

    /** Of a pause without nodes the box knows nothing here: its own emergency queue keeps out of it. */
    private void open(String test, String title, int agents, int ringSeconds) {
        centre = ContactCentre.openOnCluster(
                Folders.forTest(ClusterTest.class, test), title, agents, ringSeconds, "--set", "GRACE=600");
    }

    /** First the oldest, on which everything is that there is once in a cluster; then one that is not. */
    @Test
    void whenNodesAreKilledOneAfterTheOtherNobodyIsLost() {
        var talkers = 4;
        var ringer = talkers;
        var helper = talkers + 1;
        open(
                "killed",
                "kill -9 of two of three nodes, one after the other, while 4 talk, 1 rings and 10 wait",
                talkers + 2,
                120);
        var talking = numbers(1, talkers);
        var waiting = numbers(talkers + 2, talkers + 11);
        var phones = IntStream.range(0, talkers)
                .mapToObj(seat -> centre.phone(seat).answers(Duration.ofMillis(200), LONG_TALK, Duration.ofSeconds(1)))
                .toList();
        IntStream.range(0, talkers).forEach(centre::work);
        var first = centre.call("first", talking, Duration.ofMillis(100), Callers.FOR_EVER);
        eventually("four talk", LIMIT, () -> assertThat(phones)
                .allSatisfy(phone ->
                        assertThat(centre.api().state("agent-" + phone.seat())).isEqualTo("talking")));
        var helpers = centre.phone(helper).answers(Duration.ofMillis(100), Duration.ofSeconds(1));
        centre.api().logIn(centre.agent(helper), centre.seat(helper));
        var ringing = centre.phone(ringer).answers(LONG_RINGING, Duration.ofSeconds(1));
        centre.work(ringer);
        var patient = centre.call("4930800", Callers.FOR_EVER);
        eventually("one phone rings", LIMIT, () -> assertThat(centre.api().state(centre.agent(ringer)))
                .isEqualTo("ringing"));
        centre.api().notReady(centre.agent(ringer), "break");
        var second = centre.call("second", waiting, Duration.ofMillis(100), Callers.FOR_EVER);
        eventually("ten wait", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                .hasSize(waiting.size() + 1));

        var pauses = Stream.of(1, 3)
                .map(victim -> pauseAfterKilling(victim, helper, helpers, phones))
                .toList();
        centre.report()
                .say(
                        "from the kill of the oldest node to the next offer: %d ms; of another: %d ms",
                        pauses.get(0).toMillis(), pauses.get(1).toMillis());
        centre.api().ready(centre.agent(helper));

        var callers = Stream.of(first, patient, second)
                .flatMap(some -> some.finished(Duration.ofMinutes(5)).stream())
                .toList();
        assertThat(callers)
                .as("nobody was dropped: each was hung up on by an agent")
                .allMatch(SipCall::hungUpThere);
        assertThat(phones).allSatisfy(phone -> {
            var talk = phone.calls().get(0);
            assertThat(talk.hungUpHere())
                    .as("the talk at seat %s ended by the person there", phone.seat())
                    .isTrue();
            assertThat(Duration.between(
                            talk.answeredAt().orElseThrow(), talk.hungUpAt().orElseThrow()))
                    .as("the talk at seat %s was not cut short", phone.seat())
                    .isGreaterThan(LONG_TALK.minus(BLINK));
        });
        assertThat(ringing.calls()).as("the phone that rang is rung once").hasSize(1);
        assertThat(Duration.between(
                        ringing.calls().get(0).invitedAt(),
                        ringing.calls().get(0).answeredAt().orElseThrow()))
                .as("and rings on through the first kill")
                .isGreaterThan(LONG_RINGING.minus(BLINK));
        everyCallIsRecordedOnce(callers);
        new OrderOfService(centre).firstComeFirstServed();
        assertThat(pauses)
                .as("a sign that something is wrong, not the bar to beat")
                .allMatch(pause -> pause.compareTo(Duration.ofSeconds(20)) < 0);
    }

    /** Until a phone rings for somebody who waits; then the node is started again. */
    private Duration pauseAfterKilling(int victim, int helper, Phone phone, List<Phone> talkers) {
        var before = phone.calls().size();
        var killed = centre.cluster().kill9(victim);
        eventually("an agent can be made ready", LIMIT, () -> centre.api().ready(centre.agent(helper)));
        var rung = eventually("offers resume", LIMIT, () -> {
            assertThat(phone.calls()).hasSizeGreaterThan(before);
            return phone.calls().get(before);
        });
        assertThat(talkers)
                .as("those who talk do so all the while")
                .allMatch(talker -> talker.calls().get(0).hungUpAt().isEmpty());
        eventually("the agent has a break", LIMIT, () -> centre.api().notReady(centre.agent(helper), "break"));
        centre.cluster().begin(victim);
        return Duration.between(killed, rung.invitedAt());
    }

    @Test
    void whenNodesAreStoppedAndStartedOneAfterTheOtherNobodyNotices() {
        var agents = 6;
        open("stopped", "each node of three is stopped as planned and started again, at 2 calls/s", agents, 20);
        IntStream.range(0, agents)
                .forEach(seat -> centre.phone(seat).answers(Duration.ofMillis(100), Duration.ofSeconds(1)));
        IntStream.range(0, agents).forEach(centre::work);

        var served = new ArrayList<SipCall>();
        for (var node = 1; node <= NODES; node++) {
            // The last of them come when the node may be back already, on a fast machine.
            var callers = centre.call(
                    "callers-" + node, numbers(100 * node, 100 * node + 59), Duration.ofMillis(500), Callers.FOR_EVER);
            var seen = served.size();
            eventually("they are served", LIMIT, () -> assertThat(centre.api().records())
                    .hasSizeGreaterThan(seen + 5));
            var begun = Instant.now();
            centre.cluster().stop(node);
            var took = Duration.between(begun, Instant.now());
            centre.report().say("node %d has ended %d ms after it was told to", node, took.toMillis());
            assertThat(took).as("node %d ends in time", node).isLessThan(Duration.ofSeconds(60));
            centre.cluster().begin(node);
            served.addAll(callers.finished(Duration.ofMinutes(5)));
        }

        assertThat(served).allMatch(SipCall::hungUpThere);
        everyCallIsRecordedOnce(served);
        var waits = centre.api().records().stream()
                .map(CarillonApi.Recorded::waited)
                .sorted()
                .toList();
        centre.report()
                .say(
                        "%d calls waited: p50 %d ms, p99 %d ms, most %d ms",
                        waits.size(),
                        waits.get(waits.size() / 2).toMillis(),
                        waits.get(waits.size() * 99 / 100).toMillis(),
                        waits.get(waits.size() - 1).toMillis());
        for (var node = 1; node <= NODES; node++) {
            assertThat(centre.cluster().log(node))
                    .as("a node that leaves as planned is not put out: the log of node %d", node)
                    .doesNotContain("is downing", "is put out of the cluster");
        }
        assertThat(waits.get(waits.size() - 1))
                .as("a sign that something is wrong, not the bar to beat")
                .isLessThan(Duration.ofSeconds(15));
    }

    private void everyCallIsRecordedOnce(List<SipCall> callers) {
        var records = eventually("every call has a record", LIMIT, () -> {
            var found = centre.api().records();
            assertThat(found)
                    .extracting(CarillonApi.Recorded::callerNumber)
                    .containsExactlyInAnyOrderElementsOf(
                            callers.stream().map(SipCall::number).toList());
            return found;
        });
        assertThat(records).allSatisfy(record -> assertThat(record.outcome()).isEqualTo("answered"));
        eventually("nothing is left", LIMIT, () -> {
            assertThat(centre.api().waiting(ContactCentre.QUEUE)).isEmpty();
            assertThat(centre.api().calls()).isZero();
        });
        assertThat(centre.api().records()).as("no record came late").hasSize(callers.size());
        centre.report().say("%d calls, %d records, none missing, none double", callers.size(), records.size());
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> String.valueOf(4_930_800 + i))
                .toList();
    }
}
