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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A node of three stands still for 20 s and goes on as if nothing had been: SIGSTOP, SIGCONT. The others go on without it after the usual
 * pause; it does no harm when it wakes, ends itself, and takes part again once it is started anew. First the node that has the
 * connection to the box, then the oldest, on which everything is that there is once in a cluster; with
 * {@code -Dcarillon.test.all-nodes=true} every other one too.
 */
@RequiresAsterisk
class PausedNodeTest {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofSeconds(20);

    /** By so little SIPp's own timers may be early. */
    private static final Duration BLINK = Duration.ofMillis(100);

    private static final int NODES = 3;
    private static final int HELPER = 0;

    /** Longer than a watchdog that one who slept would set on a talk: it began while the node stood still. */
    private static final Duration TALK = Duration.ofSeconds(45);

    /** A sign that something is wrong, not the bar to beat. */
    private static final Duration USUAL = Duration.ofSeconds(20);

    private ContactCentre centre;

    @AfterEach
    void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void comesBackAsAZombieAndDoesNoHarm() {
        centre = ContactCentre.openOnCluster(
                Folders.forTest(PausedNodeTest.class),
                "nodes of three stand still for 20 s, one after the other, while people wait and talk",
                1 + NODES,
                120,
                "--set",
                "GRACE=600");
        var helper = centre.phone(HELPER).answers(Duration.ofMillis(100), Duration.ofSeconds(1));
        centre.api().logIn(centre.agent(HELPER), centre.seat(HELPER));
        var talkers = new ArrayList<Phone>();
        var callers = new ArrayList<SipCall>();
        var waves = new ArrayList<Callers>();
        for (var victim : victims()) {
            eventually("nobody waits", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                    .isEmpty());
            eventually("the helper has a break", LIMIT, () -> centre.api().notReady(centre.agent(HELPER), "break"));
            var wave = centre.call(
                    "wave-" + victim,
                    numbers(100 * victim, 100 * victim + 5),
                    Duration.ofMillis(100),
                    Callers.FOR_EVER);
            waves.add(wave);
            eventually("they wait", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                    .hasSize(6));
            talkers.add(pause(victim, helper, talkers.size() + 1));
        }
        waves.forEach(wave -> callers.addAll(wave.finished(Duration.ofMinutes(3))));

        assertThat(callers).allMatch(SipCall::hungUpThere);
        for (var talker : talkers) {
            assertThat(talker.calls()).isNotEmpty().allSatisfy(call -> {
                assertThat(call.hungUpHere())
                        .as("the talk at seat %s ended by the person there", talker.seat())
                        .isTrue();
                assertThat(Duration.between(
                                call.answeredAt().orElseThrow(), call.hungUpAt().orElseThrow()))
                        .isGreaterThan(TALK.minus(BLINK));
            });
        }
        everyCallIsOfferedAndRecordedOnce(callers, helper, talkers);
        new OrderOfService(centre).firstComeFirstServed();
    }

    /** Those who do more than their part first; as many as there is time for. */
    private Set<Integer> victims() {
        var all = new LinkedHashSet<Integer>();
        all.add(withTheBox());
        // Seed of the others, so the oldest.
        all.add(1);
        all.add(all.size() == 1 ? 2 : 1);
        if (Boolean.getBoolean("carillon.test.all-nodes")) {
            IntStream.rangeClosed(1, NODES).forEach(all::add);
        }
        return all;
    }

    private int withTheBox() {
        var place = centre.cluster()
                .asked(2, "/entities/telephony-node/" + ContactCentre.BOX)
                .orElseThrow();
        var found = Pattern.compile("\"member\" ?: ?\"akka://carillon@[0-9]+\\.[0-9]+\\.[0-9]+\\.([0-9]+):")
                .matcher(place.body());
        assertThat(found.find()).as(place.body()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    /**
     * Meanwhile one caller is served by the helper, and one begins to talk for long.
     *
     * @return the phone of the long talk
     */
    private Phone pause(int victim, Phone helper, int seat) {
        var box = withTheBox() == victim;
        var before = helper.calls().size();
        var other = victim == 1 ? 2 : 1;
        var api = centre.cluster().api(other);
        var stopped = centre.cluster().pause(victim);
        eventually("an agent can be made ready", LIMIT, () -> api.ready(centre.agent(HELPER)));
        var rung = eventually("offers resume", LIMIT, () -> {
            assertThat(helper.calls()).hasSizeGreaterThan(before);
            return helper.calls().get(before).invitedAt();
        });
        var talker = centre.phone(seat).answers(Duration.ofMillis(100), TALK);
        eventually("another works", LIMIT, () -> {
            api.logIn(centre.agent(seat), centre.seat(seat));
            api.ready(centre.agent(seat));
        });
        eventually("they talk", LIMIT, () -> {
            assertThat(talker.calls()).hasSize(1);
            assertThat(talker.calls().get(0).answeredAt()).isPresent();
        });
        eventually("one talk is enough", LIMIT, () -> api.notReady(centre.agent(seat), "break"));
        eventually(
                "it has stood still for long enough", LIMIT, () -> assertThat(Duration.between(stopped, Instant.now()))
                        .isGreaterThan(PAUSE));
        var woken = centre.cluster().wake(victim);
        eventually("it ends itself", Duration.ofSeconds(60), () -> assertThat(
                        centre.cluster().runs(victim))
                .isFalse());
        var ended = Duration.between(woken, Instant.now());
        assertThat(centre.cluster().log(victim)).contains("stood still for", "ends with exit code 3");
        centre.report()
                .say(
                        "node %d%s stood still: next offer after %d ms; it ended %d ms after it woke",
                        victim,
                        box ? ", with the box," : "",
                        Duration.between(stopped, rung).toMillis(),
                        ended.toMillis());
        assertThat(Duration.between(stopped, rung)).isLessThan(USUAL);
        centre.cluster().begin(victim);
        eventually("the box is up", LIMIT, () -> assertThat(
                        centre.cluster().api(victim).box(ContactCentre.BOX))
                .isEqualTo("up"));
        return talker;
    }

    private void everyCallIsOfferedAndRecordedOnce(List<SipCall> callers, Phone helper, List<Phone> talkers) {
        var rings = new ArrayList<>(helper.calls());
        talkers.forEach(talker -> rings.addAll(talker.calls()));
        assertThat(rings)
                .extracting(SipCall::number)
                .as("each rang at one phone, once")
                .containsExactlyInAnyOrderElementsOf(
                        callers.stream().map(SipCall::number).toList());
        var records = eventually("every call has a record", LIMIT, () -> {
            var found = centre.api().records();
            assertThat(found)
                    .extracting(CarillonApi.Recorded::callerNumber)
                    .containsExactlyInAnyOrderElementsOf(
                            callers.stream().map(SipCall::number).toList());
            return found;
        });
        assertThat(records).allSatisfy(record -> assertThat(record.outcome()).isEqualTo("answered"));
        eventually(
                "nothing is left", LIMIT, () -> assertThat(centre.api().calls()).isZero());
        centre.report().say("%d calls, %d records, none missing, none double", callers.size(), records.size());
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> String.valueOf(4_931_000 + i))
                .toList();
    }
}
