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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * {@link ClusterTest}'s kills in full: many calls on the real Asterisk, and one node after the other killed, in turns the oldest and the one
 * on which the queue lives. {@code scripts/chaos kills} runs it.
 */
@RequiresAsterisk
@EnabledIfSystemProperty(
        named = "carillon.kills.count",
        matches = "\\d+",
        disabledReason = "it takes a quarter of an hour: scripts/chaos kills; ClusterTest is the short one")
class KillsTest {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    /** By so little SIPp's own timers may be early. */
    private static final Duration BLINK = Duration.ofMillis(100);

    /** Seconds; a queue rings no longer. */
    private static final int LONGEST_RINGING = 120;

    /** Then they are answered, and soon ring for the next caller. */
    private static final Duration RINGING = Duration.ofSeconds(110);

    /** Before the first kill many are offered side by side; those who wait for the one helper are more than a second apart. */
    private static final Duration SAME_MOMENT = Duration.ofMillis(500);

    /** Until a node is back and the next can be killed. */
    private static final Duration ONE_KILL = Duration.ofMinutes(1);

    private static final Duration APART = Duration.ofMillis(100);

    private final int kills = Integer.getInteger("carillon.kills.count", 10);
    private final int talkers = Integer.getInteger("carillon.kills.talking", 100);
    private final int waiters = Integer.getInteger("carillon.kills.waiting", 50);
    private final int ringers = Integer.getInteger("carillon.kills.ringing", 20);
    private final int helper = talkers + ringers;

    /** Talks and rings go on through all kills. */
    private final Duration throughAll = ONE_KILL.multipliedBy(kills)
            .plus(APART.multipliedBy(10L * (talkers + ringers)))
            .plusSeconds(60);

    private ContactCentre centre;
    private int numbers;

    /** @param victim which node */
    private record Pause(int victim, boolean oldest, boolean ofTheQueue, Duration length) {}

    @AfterEach
    void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void whicheverNodeIsKilledNobodyIsLost() {
        centre = ContactCentre.openOnCluster(
                Folders.forTest(KillsTest.class),
                "kill -9 of %d nodes, one after the other, while %d talk, %d wait and %d phones ring"
                        .formatted(kills, talkers, waiters, ringers),
                helper + 1,
                LONGEST_RINGING,
                "--set",
                "GRACE=600");
        var callers = new ArrayList<Callers>();
        var talking = phones(0, talkers, Duration.ofMillis(200), throughAll);
        callers.add(call("talking", talkers));
        all("talk", "talking", 0, talkers);
        var ringing = phones(talkers, ringers, RINGING, Duration.ofSeconds(1));
        callers.add(call("ringing", ringers));
        all("ring", "ringing", talkers, ringers);
        var help = centre.phone(helper).answers(Duration.ofMillis(100), Duration.ofSeconds(1));
        centre.api().logIn(centre.agent(helper), centre.seat(helper));
        callers.add(call("waiting", waiters + takenMeanwhile()));
        eventually("all others wait", LIMIT, () -> assertThat(centre.api().waiting(ContactCentre.QUEUE))
                .hasSizeGreaterThanOrEqualTo(waiters));

        var pauses = new ArrayList<Pause>();
        for (var kill = 0; kill < kills; kill++) {
            pauses.add(kill(kill, help, talking, callers));
        }
        say(pauses);
        centre.api().ready(centre.agent(helper));

        var served = callers.stream()
                .flatMap(some -> some.finished(throughAll.plus(LIMIT)).stream())
                .toList();
        assertThat(served)
                .as("nobody was dropped: each was hung up on by an agent")
                .allMatch(SipCall::hungUpThere);
        talking.forEach(this::wasNotCut);
        assertThat(ringing)
                .flatExtracting(Phone::calls)
                .as("each phone rings on until it is answered")
                .allSatisfy(call -> assertThat(Duration.between(
                                call.invitedAt(), call.answeredAt().orElseThrow()))
                        .isGreaterThan(RINGING.minus(BLINK)));
        recordedOnce(served);
        new OrderOfService(centre, SAME_MOMENT).firstComeFirstServed();
    }

    /** By the helper, and by the phones that ring. */
    private int takenMeanwhile() {
        return 2 * kills + ringers * (1 + (int) (ONE_KILL.multipliedBy(kills).toSeconds() / RINGING.toSeconds()));
    }

    private Callers call(String name, int count) {
        var some = IntStream.range(0, count)
                .mapToObj(i -> String.valueOf(4_930_000 + numbers++))
                .toList();
        return centre.call(name, some, APART, Callers.FOR_EVER);
    }

    private List<Phone> phones(int first, int count, Duration rings, Duration talks) {
        var phones = IntStream.range(first, first + count)
                .mapToObj(seat -> centre.phone(seat).answers(rings, talks, Duration.ofSeconds(1)))
                .toList();
        IntStream.range(first, first + count).forEach(centre::work);
        return phones;
    }

    private void all(String what, String state, int first, int count) {
        eventually("all " + what, LIMIT, () -> IntStream.range(first, first + count)
                .forEach(seat ->
                        assertThat(centre.api().state(centre.agent(seat))).isEqualTo(state)));
    }

    /** Until a phone rings for somebody who waits; then the node is started again. Meanwhile somebody calls. */
    private Pause kill(int number, Phone help, List<Phone> talking, List<Callers> callers) {
        var cluster = centre.cluster();
        var oldest = cluster.oldest();
        var ofTheQueue = cluster.whereIs("queue", ContactCentre.QUEUE);
        var victim = number % 2 == 0 ? ofTheQueue : oldest;
        var before = help.calls().size();
        var killed = cluster.kill9(victim);
        callers.add(call("meanwhile-" + number, 1));
        eventually("an agent can be made ready", LIMIT, () -> centre.api().ready(centre.agent(helper)));
        var rung = eventually("offers resume", LIMIT, () -> {
            assertThat(help.calls()).hasSizeGreaterThan(before);
            return help.calls().get(before);
        });
        assertThat(talking)
                .as("those who talk do so all the while")
                .allMatch(phone -> phone.calls().get(0).hungUpAt().isEmpty());
        eventually("the agent has a break", LIMIT, () -> centre.api().notReady(centre.agent(helper), "break"));
        cluster.begin(victim);
        var pause =
                new Pause(victim, victim == oldest, victim == ofTheQueue, Duration.between(killed, rung.invitedAt()));
        centre.report()
                .say(
                        "node %d%s%s: %d ms until the next offer",
                        victim,
                        pause.oldest() ? ", the oldest" : "",
                        pause.ofTheQueue() ? ", with the queue" : "",
                        pause.length().toMillis());
        return pause;
    }

    private void say(List<Pause> pauses) {
        say("all kills", pauses);
        say(
                "kills of the node on which the queue lived",
                pauses.stream().filter(Pause::ofTheQueue).toList());
    }

    private void say(String which, List<Pause> pauses) {
        var lengths = pauses.stream().map(Pause::length).sorted().toList();
        centre.report()
                .say(
                        "%s (%d): from the kill to the next offer p50 %d ms, most %d ms",
                        which,
                        lengths.size(),
                        lengths.get(lengths.size() / 2).toMillis(),
                        lengths.get(lengths.size() - 1).toMillis());
    }

    private void wasNotCut(Phone phone) {
        var talk = phone.calls().get(0);
        assertThat(talk.hungUpHere())
                .as("the talk at seat %s ended by the person there", phone.seat())
                .isTrue();
        assertThat(Duration.between(
                        talk.answeredAt().orElseThrow(), talk.hungUpAt().orElseThrow()))
                .as("the talk at seat %s was not cut short", phone.seat())
                .isGreaterThan(throughAll.minus(BLINK));
    }

    private void recordedOnce(List<SipCall> callers) {
        eventually("every call has one record", LIMIT, () -> assertThat(
                        centre.api().records())
                .extracting(CarillonApi.Recorded::callerNumber)
                .containsExactlyInAnyOrderElementsOf(
                        callers.stream().map(SipCall::number).toList()));
        assertThat(centre.api().records())
                .allSatisfy(record -> assertThat(record.outcome()).isEqualTo("answered"));
        eventually("nothing is left", LIMIT, () -> {
            assertThat(centre.api().waiting(ContactCentre.QUEUE)).isEmpty();
            assertThat(centre.api().calls()).isZero();
        });
        centre.report().say("%d calls, each with one record", callers.size());
    }
}
