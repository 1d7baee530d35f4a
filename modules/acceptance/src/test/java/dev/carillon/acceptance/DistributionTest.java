package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.CarillonApi.Recorded;
import dev.carillon.acceptance.lab.ContactCentre;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.Phone;
import dev.carillon.acceptance.sip.SipCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whose phone rings, for whom, and when: the ways of distributing calls, each in a queue of its own with agents of its own. */
@RequiresAsterisk
class DistributionTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration RINGING = Duration.ofMillis(200);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration APART = Duration.ofMillis(200);

    /** A machine that does much else may be so late. Less than from one step to the next. */
    private static final Duration LATE = Duration.ofSeconds(3);

    /** SIPp notes a moment later what it has sent. */
    private static final Duration NOTED = Duration.ofMillis(200);

    private static final int ANY_STEP = 5;

    private static ContactCentre centre;

    @BeforeAll
    static void open() {
        centre = ContactCentre.open(DistributionTest.class, "Whose phone rings, for whom, and when", 11, 20, 0);
    }

    @AfterAll
    static void close() {
        if (centre != null) {
            centre.close();
        }
    }

    @Test
    void theBestAtEnglishFirstThenTheGoodThenAnyone() {
        centre.queue(
                "english",
                "110",
                Map.of(
                        "steps",
                        List.of(
                                Map.of("afterSeconds", 0, "skills", Map.of("english", 8)),
                                Map.of("afterSeconds", ANY_STEP, "skills", Map.of("english", 5)),
                                Map.of("afterSeconds", 2 * ANY_STEP))));
        centre.serves(0, List.of("english"), Map.of("english", 9));
        centre.serves(1, List.of("english"), Map.of("english", 6));
        centre.serves(2, List.of("english"), Map.of("german", 9));
        // Each stays on the phone until the last of the three has rung.
        var best = centre.phone(0).answers(RINGING, Duration.ofSeconds(4 * ANY_STEP));
        var good = centre.phone(1).answers(RINGING, Duration.ofSeconds(3 * ANY_STEP));
        var other = centre.phone(2).answers(RINGING, SHORT);
        // Who knows least English has been idle longest.
        List.of(2, 1, 0).forEach(centre::work);

        var first = centre.call("steps-1", "110", List.of("4930501"), APART, Callers.FOR_EVER);
        eventually("the first caller is spoken to", LIMIT, () -> assertThat(state(0))
                .isEqualTo("talking"));
        var second = centre.call("steps-2", "110", List.of("4930502"), APART, Callers.FOR_EVER);
        waits("english", "4930502");
        var third = centre.call("steps-3", "110", List.of("4930503"), APART, Callers.FOR_EVER);

        List.of(third, second, first).forEach(callers -> callers.finished(LIMIT));
        rangAfter(first.call("4930501"), onlyRing(best), Duration.ZERO);
        rangAfter(second.call("4930502"), onlyRing(good), Duration.ofSeconds(ANY_STEP));
        rangAfter(third.call("4930503"), onlyRing(other), Duration.ofSeconds(2 * ANY_STEP));
        answered("4930501", "english", 0);
        answered("4930502", "english", 1);
        answered("4930503", "english", 2);
    }

    @Test
    void stepsThatAreChangedHoldForWhoWaitsAlready() {
        var onlyFrench = Map.of("afterSeconds", 0, "skills", Map.of("french", 8));
        centre.queue("french", "111", Map.of("steps", List.of(onlyFrench)));
        centre.serves(3, List.of("french"), Map.of());
        var phone = centre.phone(3).answers(RINGING, SHORT);
        centre.work(3);
        var caller = centre.call("french", "111", List.of("4930511"), APART, Callers.FOR_EVER);
        hasWaited("french", "4930511", 3);
        assertThat(phone.calls()).as("nobody knows French").isEmpty();

        var changed = Instant.now();
        centre.queue("french", Map.of("steps", List.of(onlyFrench, Map.of("afterSeconds", 2))));

        caller.finished(LIMIT);
        var rang = Duration.between(changed, onlyRing(phone).invitedAt());
        assertThat(rang).as("from the change to the ringing").isBetween(Duration.ZERO, LATE);
        answered("4930511", "french", 3);
        centre.report().say("steps changed while a caller waited: a phone rang %d ms later", rang.toMillis());
    }

    @Test
    void whoCallsAgainIsGivenToTheAgentTheyTalkedToUnlessThatTakesTooLong() {
        centre.queue(
                "returning",
                "112",
                Map.of("steps", List.of(Map.of("lastAgent", true), Map.of("afterSeconds", ANY_STEP))));
        centre.serves(4, List.of("returning"), Map.of());
        centre.serves(5, List.of("returning"), Map.of());
        var idle = centre.phone(4).answers(RINGING, SHORT);
        var theirs = centre.phone(5).answers(RINGING, SHORT);
        centre.work(5);
        centre.call("returning-1", "112", List.of("4930521", "4930522"), APART, Callers.FOR_EVER)
                .finished(LIMIT);
        centre.work(4);
        // A stranger goes to who has been idle longest. From then on that is the other.
        centre.call("stranger", "112", List.of("4930523"), APART, Callers.FOR_EVER)
                .finished(LIMIT);
        assertThat(theirs.calls()).extracting(SipCall::number).containsExactly("4930521", "4930522", "4930523");
        assertThat(idle.calls()).isEmpty();
        theirs.answers(RINGING, Duration.ofSeconds(3 * ANY_STEP));
        eventually("both are ready", LIMIT, () -> assertThat(List.of(state(4), state(5)))
                .containsOnly("ready"));

        var first = centre.call("returning-2", "112", List.of("4930521"), APART, Callers.FOR_EVER);
        eventually("who talked to that caller is on the phone", LIMIT, () -> assertThat(state(5))
                .isEqualTo("talking"));
        assertThat(idle.calls())
                .as("the other has been idle longer, and is not asked")
                .isEmpty();
        var second = centre.call("returning-3", "112", List.of("4930522"), APART, Callers.FOR_EVER);

        var waited = second.finished(LIMIT).get(0);
        rangAfter(first.call("4930521"), theirs.calls().get(3), Duration.ZERO);
        rangAfter(waited, onlyRing(idle), Duration.ofSeconds(ANY_STEP));
        assertThat(theirs.calls()).extracting(SipCall::number).last().isEqualTo("4930521");
        first.finished(LIMIT);
        var records = eventually("both have two records", LIMIT, () -> {
            var again = centre.api().records("4930521");
            var elsewhere = centre.api().records("4930522");
            assertThat(List.of(again, elsewhere)).allMatch(found -> found.size() == 2);
            return List.of(again.get(1), elsewhere.get(1));
        });
        isAnswered(records.get(0), "returning", 5);
        isAnswered(records.get(1), "returning", 4);
    }

    @Test
    void theImportantFirstUnlessOthersHaveWaitedForSoMuchLonger() {
        var worth = 6;
        centre.queue("ageing", Map.of("priorityWorthSeconds", worth));
        centre.api().put("numbers/113", Map.of("queueId", "ageing", "priority", 1));
        centre.api().put("numbers/114", Map.of("queueId", "ageing", "priority", 2));
        centre.serves(6, List.of("ageing"), Map.of());
        var phone = centre.phone(6).answers(RINGING, SHORT);
        var ordinary = centre.call("ordinary", "113", List.of("4930531"), APART, Callers.FOR_EVER);
        waits("ageing", "4930531");
        var important = centre.call("important", "114", List.of("4930532"), APART, Callers.FOR_EVER);
        waits("ageing", "4930532", "4930531");
        hasWaited("ageing", "4930531", worth + 1);
        var late = centre.call("late", "114", List.of("4930533"), APART, Callers.FOR_EVER);
        waits("ageing", "4930532", "4930531", "4930533");
        assertThat(centre.api().line("ageing"))
                .as("why they wait where they wait")
                .allSatisfy(call -> assertThat(call.get("because").asText()).contains("priority "));

        centre.work(6);

        List.of(ordinary, important, late).forEach(callers -> callers.finished(LIMIT));
        assertThat(phone.calls()).extracting(SipCall::number).containsExactly("4930532", "4930531", "4930533");
        List.of("4930531", "4930532", "4930533").forEach(number -> answered(number, "ageing", 6));
    }

    @Test
    void whoHangsUpWhileWaitingAndCallsAgainHasTheirPlaceBack() {
        centre.queue("again", "115", Map.of("placeKeptSeconds", 120));
        centre.serves(7, List.of("again"), Map.of());
        var phone = centre.phone(7).answers(RINGING, SHORT);
        var cutOff = centre.call("cut-off", "115", List.of("4930541"), APART, Duration.ofSeconds(4));
        waits("again", "4930541");
        var other = centre.call("came-between", "115", List.of("4930542"), APART, Callers.FOR_EVER);
        waits("again", "4930541", "4930542");
        cutOff.finished(LIMIT);
        waits("again", "4930542");

        var back = centre.call("calls-again", "115", List.of("4930541"), APART, Callers.FOR_EVER);
        waits("again", "4930541", "4930542");
        centre.work(7);

        var again = back.finished(LIMIT).get(0);
        other.finished(LIMIT);
        assertThat(phone.calls()).extracting(SipCall::number).containsExactly("4930541", "4930542");
        var records = eventually("each of the two calls has a record", LIMIT, () -> {
            var found = centre.api().records("4930541");
            assertThat(found).hasSize(2);
            return found;
        });
        assertThat(records.get(0).outcome()).isEqualTo("abandoned");
        assertThat(records.get(0).endedBy()).isEqualTo("caller");
        isAnswered(records.get(1), "again", 7);
        assertThat(records.get(1).arrivedAt())
                .as("the second call counts from itself")
                .isAfterOrEqualTo(again.invitedAt().minus(NOTED));
    }

    @Test
    void allPhonesRingTheFirstToAnswerHasTheCallAndTheOthersHaveMissedNothing() {
        centre.queue("everybody", "116", Map.of("strategy", "ring-all"));
        List.of(8, 9, 10).forEach(seat -> centre.serves(seat, List.of("everybody"), Map.of()));
        var slow = centre.phone(8).ringsForEver();
        var quick = centre.phone(9).answers(Duration.ofSeconds(2), SHORT);
        var alsoSlow = centre.phone(10).ringsForEver();
        List.of(8, 9, 10).forEach(centre::work);

        var caller = centre.call("ring-all", "116", List.of("4930551"), APART, Callers.FOR_EVER)
                .finished(LIMIT)
                .get(0);

        assertThat(onlyRing(quick).answeredAt()).isPresent();
        for (var other : List.of(slow, alsoSlow)) {
            var ring = onlyRing(other);
            assertThat(ring.number()).isEqualTo(caller.number());
            assertThat(ring.ringingAt()).as("it rang, too").isPresent();
            assertThat(ring.answeredAt()).isEmpty();
            var stopped = Duration.between(
                    onlyRing(quick).answeredAt().orElseThrow(),
                    ring.cancelledAt().orElseThrow());
            assertThat(stopped).as("from the answer to the silence").isBetween(NOTED.negated(), LATE);
            assertThat(ring.cause()).as("answered elsewhere").isEqualTo(26);
            centre.report()
                    .say("ring all: phone %s was silent %d ms after the answer", other.seat(), stopped.toMillis());
        }
        eventually("nobody has missed a call", LIMIT, () -> assertThat(List.of(state(8), state(9), state(10)))
                .containsOnly("ready"));
        var record = eventually("there is a record", LIMIT, () -> centre.api().record("4930551"));
        assertThat(record.outcome()).isEqualTo("answered");
        assertThat(record.agentId()).isEqualTo(centre.agent(9));
        assertThat(record.offers()).as("phones that rang").isEqualTo(3);

        centre.call("ring-all-again", "116", List.of("4930552"), APART, Callers.FOR_EVER)
                .finished(LIMIT);
        assertThat(List.of(slow, quick, alsoSlow))
                .as("all are asked again for the next caller")
                .allSatisfy(phone ->
                        assertThat(phone.calls()).extracting(SipCall::number).containsExactly("4930551", "4930552"));
    }

    // ---- what is looked at

    private static void waits(String queueId, String... numbers) {
        eventually("in this order wait " + List.of(numbers), LIMIT, () -> assertThat(
                        centre.api().waiting(queueId))
                .containsExactly(numbers));
    }

    private static void hasWaited(String queueId, String number, int seconds) {
        eventually(number + " has waited " + seconds + " s", LIMIT, () -> assertThat(
                        centre.api().line(queueId))
                .anySatisfy(call -> {
                    assertThat(call.get("callerNumber").asText()).isEqualTo(number);
                    assertThat(call.get("score").get("waitedSeconds").asDouble())
                            .isGreaterThan(seconds);
                }));
    }

    private static String state(int seat) {
        return centre.api().state(centre.agent(seat));
    }

    private static SipCall onlyRing(Phone phone) {
        assertThat(phone.calls()).as("calls at seat %s", phone.seat()).hasSize(1);
        return phone.calls().get(0);
    }

    private static void rangAfter(SipCall caller, SipCall ring, Duration step) {
        assertThat(ring.number()).isEqualTo(caller.number());
        var waited = Duration.between(caller.invitedAt(), ring.invitedAt());
        assertThat(waited)
                .as("how long %s waited for a phone to ring", caller.number())
                .isBetween(step.minus(NOTED), step.plus(LATE));
        centre.report().say("%s: a phone rang after %d ms; said: %s", caller.number(), waited.toMillis(), step);
    }

    private static void answered(String number, String queueId, int seat) {
        isAnswered(
                eventually("there is a record of " + number, LIMIT, () -> centre.api()
                        .record(number)),
                queueId,
                seat);
    }

    private static void isAnswered(Recorded record, String queueId, int seat) {
        assertThat(record.outcome()).isEqualTo("answered");
        assertThat(record.queueId()).isEqualTo(queueId);
        assertThat(record.agentId()).isEqualTo(centre.agent(seat));
        assertThat(record.offers()).isEqualTo(1);
        assertThat(record.firstQueueId()).isEmpty();
        assertThat(record.leftBy()).isEmpty();
        assertThat(record.leftTo()).isEmpty();
    }
}
