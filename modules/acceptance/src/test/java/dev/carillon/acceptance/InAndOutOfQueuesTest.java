package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.STALL;
import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.carillon.acceptance.lab.CarillonApi.Recorded;
import dev.carillon.acceptance.lab.ContactCentre;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.SipCall;
import dev.carillon.acceptance.sip.Voice;
import dev.carillon.acceptance.sip.Voice.Stretch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a caller before and after they wait: rules and lists decide who comes in and where, limits lead out of a queue. Who
 * leaves by a limit hears what they are meant to hear, and nothing else.
 */
@RequiresAsterisk
class InAndOutOfQueuesTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration APART = Duration.ofMillis(200);
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofSeconds(3);
    private static final Duration LONG_GREETING = Duration.ofSeconds(40);
    private static final Duration SENTENCE = Duration.ofSeconds(2);
    private static final int LONGEST_WAIT = 4;
    private static final int HOOK_MILLIS = 1500;

    private static final int USER_BUSY = 17;

    private static ContactCentre centre;
    private static String welcome;
    private static String nextPlease;
    private static String goodbye;

    @BeforeAll
    static void open() {
        centre = ContactCentre.open(InAndOutOfQueuesTest.class, "Into queues, and out of them", 7, 20, 0);
        welcome = centre.box().recording("welcome", LONG_GREETING);
        nextPlease = centre.box().recording("next-please", SENTENCE);
        goodbye = centre.box().recording("goodbye", SENTENCE);
    }

    @AfterAll
    static void close() {
        if (centre != null) {
            centre.close();
        }
    }

    // ---- in

    @Test
    void theVeryNextCallFollowsAForcedRuleThatIsSwitchedOnOrOff() {
        centre.queue("normal", "150", Map.of());
        centre.queue("emergency", Map.of());
        centre.api()
                .put(
                        "inbound-rules/flood",
                        Map.of(
                                "name",
                                "Everybody to the emergency line",
                                "forced",
                                true,
                                "active",
                                false,
                                "dialledNumbers",
                                List.of("150"),
                                "queueId",
                                "emergency",
                                "greeting",
                                nextPlease));
        var before = centre.call("before", "150", List.of("4930601"), APART, Duration.ofSeconds(12));
        eventually("the first waits", LIMIT, () -> assertThat(centre.api().waiting("normal"))
                .containsExactly("4930601"));

        switchFlood(true);
        var during = centre.call("during", "150", List.of("4930602"), APART, Duration.ofSeconds(5));
        during.finished(LIMIT);
        switchFlood(false);
        centre.call("after", "150", List.of("4930603"), APART, MOMENT).finished(LIMIT);

        before.finished(LIMIT);
        assertThat(record("4930601").queueId()).isEqualTo("normal");
        assertThat(record("4930602").queueId()).isEqualTo("emergency");
        assertThat(record("4930603").queueId()).isEqualTo("normal");
        assertThat(List.of("4930601", "4930602", "4930603")).allSatisfy(number -> {
            assertThat(record(number).outcome()).isEqualTo("abandoned");
            assertThat(record(number).firstQueueId()).isEmpty();
        });
        assertThat(during.voice("4930602").stretches().get(0).name())
                .as("the rule greets them")
                .isEqualTo("next-please");
    }

    @Test
    void whoIsOnTheBlacklistHearsThatItIsBusyAndIsNotAnsweredUnlessTheWhitelistSaysOtherwise() {
        centre.queue("open", "151", Map.of());
        centre.api().put("caller-lists/4930666", Map.of("list", "blacklist", "prefix", true));
        centre.api().put("caller-lists/49306661", Map.of("list", "whitelist"));

        var callers = centre.call("listed", "151", List.of("49306660", "49306661"), APART, Duration.ofSeconds(3));
        callers.finished(LIMIT);

        var refused = callers.call("49306660");
        assertThat(refused.refusal()).contains(486);
        assertThat(refused.answeredAt()).isEmpty();
        assertThat(refused.ringingAt()).isEmpty();
        assertThat(callers.voice("49306660").stretches())
                .as("what they heard of the box")
                .isEmpty();
        var turnedAway = record("49306660");
        assertThat(turnedAway.outcome()).isEqualTo("rejected");
        assertThat(turnedAway.q850Cause()).isEqualTo(USER_BUSY);
        assertThat(turnedAway.endedBy()).isEqualTo("system");
        assertThat(turnedAway.queueId()).isEmpty();
        assertThat(callers.call("49306661").answeredAt()).isPresent();
        assertThat(record("49306661").queueId()).isEqualTo("open");
        centre.report()
                .say(
                        "blacklist: SIP %d after %d ms",
                        refused.refusal().orElseThrow(),
                        Duration.between(refused.invitedAt(), refused.overAt().orElseThrow())
                                .toMillis());
    }

    @Test
    void whoIsOnTheListOfVipsGoesToTheFront() {
        centre.queue("with-vips", "152", Map.of());
        centre.api().put("caller-lists/4930777", Map.of("list", "vip"));
        centre.serves(0, List.of("with-vips"), Map.of());
        var phone = centre.phone(0).answers(Duration.ofMillis(200), Duration.ofMillis(500));
        var first = centre.call("first", "152", List.of("4930621"), APART, Callers.FOR_EVER);
        waits("with-vips", "4930621");
        var second = centre.call("second", "152", List.of("4930622"), APART, Callers.FOR_EVER);
        waits("with-vips", "4930621", "4930622");
        var vip = centre.call("vip", "152", List.of("4930777"), APART, Callers.FOR_EVER);
        waits("with-vips", "4930777", "4930621", "4930622");

        centre.work(0);

        List.of(first, second, vip).forEach(callers -> callers.finished(LIMIT));
        assertThat(phone.calls()).extracting(SipCall::number).containsExactly("4930777", "4930621", "4930622");
    }

    @Test
    void aVipGoesToTheirOwnAgentWhoServesNoQueueOrAtOnceIntoTheQueueIfThatOneIsLoggedOut() {
        centre.queue("ordinary", "161", Map.of());
        centre.serves(4, List.of(), Map.of());
        centre.api()
                .put(
                        "caller-lists/493078",
                        Map.of("list", "vip", "prefix", true, "agentId", centre.agent(4), "agentSeconds", 30));
        centre.call("vip-alone", "161", List.of("4930781"), APART, Duration.ofSeconds(3))
                .finished(LIMIT);
        var queued = left("4930781", "abandoned", "nobody-logged-in", "queue:ordinary");
        assertThat(queued.queueId()).isEqualTo("ordinary");

        var phone = centre.phone(4).answers(Duration.ofMillis(200), Duration.ofMillis(500));
        centre.work(4);
        var call = centre.call("vip-through", "161", List.of("4930782"), APART, Callers.FOR_EVER)
                .finished(LIMIT)
                .get(0);

        assertThat(phone.calls()).extracting(SipCall::number).containsExactly("4930782");
        var rang = Duration.between(call.invitedAt(), phone.calls().get(0).invitedAt());
        assertThat(rang).isLessThan(LATE);
        var record = record("4930782");
        assertThat(record.outcome()).isEqualTo("answered");
        assertThat(record.queueId()).isEqualTo("agent/" + centre.agent(4));
        assertThat(record.agentId()).isEqualTo(centre.agent(4));
        assertThat(record.leftTo()).isEmpty();
        centre.report().say("a VIP's own agent: the phone rang after %d ms", rang.toMillis());
    }

    @Test
    void aRuleHasSomethingAnnouncedToACallerWhoEntersNoQueue() {
        centre.api()
                .put(
                        "inbound-rules/closed",
                        Map.of(
                                "name",
                                "Closed",
                                "dialledNumbers",
                                List.of("162"),
                                "action",
                                "announcement",
                                "sound",
                                goodbye));

        var caller = centre.call("closed", "162", List.of("4930711"), APART, Callers.FOR_EVER);
        var call = caller.finished(LIMIT).get(0);

        var heard = caller.voice("4930711").stretches();
        assertThat(heard).extracting(Stretch::name).containsExactly("goodbye");
        hungUpAfter(heard.get(0), call);
        var record = left("4930711", "rejected", "", "announcement");
        assertThat(record.queueId()).isEmpty();
        assertThat(record.endedBy()).isEqualTo("system");
    }

    @Test
    void aProgramOfTheOperatorsIsAskedOverHttpWhoseTheCallIs() throws IOException {
        var asked = new LinkedBlockingQueue<String>();
        var silence = new CountDownLatch(1);
        var threads = Executors.newCachedThreadPool();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/route", exchange -> {
            try (exchange) {
                var question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                asked.add(question);
                if (question.contains("\"4930723\"")) {
                    silence.await();
                }
                var answer = question.contains("\"4930721\"")
                        ? "{\"agentId\": \"" + centre.agent(6) + "\", \"waitSeconds\": 20}"
                        : "{\"queueId\": \"chosen\", \"priority\": 9}";
                exchange.sendResponseHeaders(200, answer.length());
                exchange.getResponseBody().write(answer.getBytes(StandardCharsets.UTF_8));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try {
            var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/route";
            centre.queue("chosen", Map.of());
            centre.queue("asking", "163", Map.of("decisionHook", Map.of("url", url, "deadlineMillis", HOOK_MILLIS)));
            centre.serves(5, List.of("asking"), Map.of());
            centre.serves(6, List.of("asking", "chosen"), Map.of());
            var idle = centre.phone(5).answers(Duration.ofMillis(200), Duration.ofMillis(500));
            var named = centre.phone(6).answers(Duration.ofMillis(200), Duration.ofMillis(500));
            centre.work(5);
            centre.work(6);

            centre.call("named", "163", List.of("4930721"), APART, Callers.FOR_EVER)
                    .finished(LIMIT);
            assertThat(idle.calls()).as("who has been idle longest").isEmpty();
            assertThat(named.calls()).extracting(SipCall::number).containsExactly("4930721");
            assertThat(asked)
                    .singleElement()
                    .asString()
                    .contains("\"queueId\":\"asking\"", "\"dialledNumber\":\"163\"");
            assertThat(record("4930721").queueId()).isEqualTo("asking");
            assertThat(record("4930721").agentId()).isEqualTo(centre.agent(6));

            centre.call("sent-on", "163", List.of("4930722"), APART, Callers.FOR_EVER)
                    .finished(LIMIT);
            var sentOn = left("4930722", "answered", "decision", "queue:chosen");
            assertThat(sentOn.queueId()).isEqualTo("chosen");
            assertThat(sentOn.agentId()).isEqualTo(centre.agent(6));

            var call = centre.call("late", "163", List.of("4930723"), APART, Callers.FOR_EVER)
                    .finished(LIMIT)
                    .get(0);
            assertThat(idle.calls())
                    .as("the queue's own rule")
                    .extracting(SipCall::number)
                    .containsExactly("4930723");
            var rang = Duration.between(call.invitedAt(), idle.calls().get(0).invitedAt());
            assertThat(rang)
                    .as("when the deadline is over")
                    .isBetween(
                            Duration.ofMillis(HOOK_MILLIS),
                            Duration.ofMillis(HOOK_MILLIS).plus(LATE));
            assertThat(record("4930723").leftTo()).isEmpty();
            assertThat(asked).hasSize(3);
            centre.report()
                    .say("a hook that is silent for %d ms: a phone rang after %d ms", HOOK_MILLIS, rang.toMillis());
        } finally {
            silence.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }

    // ---- out

    @Test
    void whoHasWaitedTooLongWaitsInAnotherQueueBeforeThoseWhoCameLater() {
        centre.queue("overflow", "153", Map.of("greeting", nextPlease));
        centre.queue(
                "full",
                "154",
                Map.of(
                        "greeting",
                        welcome,
                        "limits",
                        List.of(longestWait("action", "to-queue", "queueId", "overflow"))));
        centre.serves(1, List.of("overflow"), Map.of());
        var phone = centre.phone(1).answers(Duration.ofMillis(200), Duration.ofMillis(500));
        var early = centre.call("early", "153", List.of("4930631"), APART, Callers.FOR_EVER);
        waits("overflow", "4930631");
        var moved = centre.call("moved", "154", List.of("4930632"), APART, Callers.FOR_EVER);
        waits("full", "4930632");
        var later = centre.call("later", "153", List.of("4930633"), APART, Callers.FOR_EVER);

        waits("overflow", "4930631", "4930632", "4930633");
        var heard = hears(moved.voice("4930632"), "welcome", "next-please", Voice.MUSIC);
        centre.work(1);

        var call = moved.finished(LIMIT).get(0);
        List.of(early, later).forEach(callers -> callers.finished(LIMIT));
        stopsAfter(LONGEST_WAIT, heard.get(0), call);
        atOnce("the next queue's greeting", heard.get(0), heard.get(1));
        whole(heard.get(1));
        atOnce("the music after that", heard.get(1), heard.get(2));
        assertThat(phone.calls()).extracting(SipCall::number).containsExactly("4930631", "4930632", "4930633");
        var record = left("4930632", "answered", "longest-wait", "queue:overflow");
        assertThat(record.queueId()).isEqualTo("overflow");
        assertThat(record.firstQueueId()).isEqualTo("full");
        assertThat(record.agentId()).isEqualTo(centre.agent(1));
        var answered = phone.calls().get(1).answeredAt().orElseThrow();
        assertThat(record.waited())
                .as("the wait counts from the arrival")
                .isCloseTo(Duration.between(call.invitedAt(), answered), STALL);
    }

    @Test
    void aQueueWithoutAGreetingEndsThatOfTheQueueBeforeIt() {
        centre.queue("silent", Map.of());
        centre.queue(
                "talkative",
                "155",
                Map.of("greeting", welcome, "limits", List.of(longestWait("action", "to-queue", "queueId", "silent"))));

        var caller = centre.call("silent", "155", List.of("4930641"), APART, Duration.ofSeconds(2 * LONGEST_WAIT));
        var call = caller.finished(LIMIT).get(0);

        var heard = hears(caller.voice("4930641"), "welcome", Voice.MUSIC);
        stopsAfter(LONGEST_WAIT, heard.get(0), call);
        atOnce("the music", heard.get(0), heard.get(1));
        var record = left("4930641", "abandoned", "longest-wait", "queue:silent");
        assertThat(record.queueId()).isEqualTo("silent");
        assertThat(record.firstQueueId()).isEqualTo("talkative");
    }

    @Test
    void whoHasWaitedTooLongIsPutThroughToOneAgentOrComesBackIfThatOneIsLoggedOut() {
        centre.serves(2, List.of(), Map.of());
        centre.queue(
                "personal",
                "159",
                Map.of("limits", List.of(longestWait("action", "to-agent", "agentId", centre.agent(2)))));
        centre.call("nobody", "159", List.of("4930681"), APART, Duration.ofSeconds(2 * LONGEST_WAIT))
                .finished(LIMIT);
        var back = left("4930681", "abandoned", "nobody-logged-in", "queue:personal");
        assertThat(back.queueId()).isEqualTo("personal");

        var phone = centre.phone(2).answers(Duration.ofMillis(200), Duration.ofMillis(500));
        centre.work(2);
        var caller = centre.call("somebody", "159", List.of("4930682"), APART, Callers.FOR_EVER);
        var call = caller.finished(LIMIT).get(0);

        assertThat(phone.calls()).extracting(SipCall::number).containsExactly("4930682");
        var record = left("4930682", "answered", "longest-wait", "agent:" + centre.agent(2));
        assertThat(record.queueId()).isEqualTo("agent/" + centre.agent(2));
        assertThat(record.agentId()).isEqualTo(centre.agent(2));
        var answered = phone.calls().get(0).answeredAt().orElseThrow();
        centre.report()
                .say(
                        "to one agent: answered %d ms after the call, with a longest wait of %d s",
                        Duration.between(call.invitedAt(), answered).toMillis(), LONGEST_WAIT);
    }

    @Test
    void whoHasWaitedTooLongIsPutThroughToANumberOutsideOrComesBackIfItIsBusyThere() {
        // A seat's phone is at the other end of the trunk: it is called by the number, and nobody works there.
        centre.hasTrunk("PJSIP/{number}@" + centre.seat(3));
        centre.queue(
                "outward", "160", Map.of("limits", List.of(longestWait("action", "to-number", "number", "+49301234"))));
        var phone = centre.phone(3).isBusy();
        centre.call("busy", "160", List.of("4930691"), APART, Duration.ofSeconds(2 * LONGEST_WAIT))
                .finished(LIMIT);
        var back = record("4930691");
        assertThat(back.outcome()).isEqualTo("abandoned");
        assertThat(back.queueId()).isEqualTo("outward");
        assertThat(back.leftTo()).isEmpty();
        assertThat(back.offers()).isEqualTo(1);

        phone.answers(Duration.ofMillis(200), SENTENCE);
        var caller = centre.call("through", "160", List.of("4930692"), APART, Callers.FOR_EVER);
        caller.finished(LIMIT);

        assertThat(phone.calls()).extracting(SipCall::number).containsExactly("4930691", "4930692");
        hears(caller.voice("4930692"), Voice.MUSIC, centre.seat(3));
        var record = record("4930692");
        assertThat(record.outcome()).isEqualTo("overflowed");
        assertThat(record.leftBy()).isEqualTo("longest-wait");
        assertThat(record.leftTo()).isEqualTo("number:+49301234");
        assertThat(record.endedBy()).isEqualTo("outside");
        assertThat(record.queueId()).isEqualTo("outward");
        assertThat(record.agentId()).isEmpty();
    }

    @Test
    void whoHasWaitedTooLongHearsAnAnnouncementAndIsHungUpOn() {
        centre.queue(
                "patient", "156", Map.of("limits", List.of(longestWait("action", "announcement", "sound", goodbye))));

        var caller = centre.call("goodbye", "156", List.of("4930651"), APART, Callers.FOR_EVER);
        var call = caller.finished(LIMIT).get(0);

        var heard = hears(caller.voice("4930651"), Voice.MUSIC, "goodbye");
        stopsAfter(LONGEST_WAIT, heard.get(0), call);
        atOnce("the announcement", heard.get(0), heard.get(1));
        hungUpAfter(heard.get(1), call);
        left("4930651", "overflowed", "longest-wait", "announcement");
    }

    @Test
    void theAnnouncementDoesNotWaitForTheGreetingToEnd() {
        centre.queue(
                "by-night",
                "157",
                Map.of(
                        "greeting",
                        welcome,
                        "limits",
                        List.of(Map.of(
                                "when",
                                "nobody-logged-in",
                                "seconds",
                                0,
                                "action",
                                "announcement",
                                "sound",
                                goodbye))));

        var caller = centre.call("by-night", "157", List.of("4930661"), APART, Callers.FOR_EVER);
        var call = caller.finished(LIMIT).get(0);

        var heard = caller.voice("4930661").stretches();
        var began = heard.get(heard.size() - 1).first().at();
        assertThat(Duration.between(call.invitedAt(), began))
                .as("until the announcement")
                .isLessThan(LONG_GREETING.dividedBy(2));
        assertThat(heard).extracting(Stretch::name).last().isEqualTo("goodbye");
        assertThat(heard.subList(0, heard.size() - 1))
                .extracting(Stretch::name)
                .as("what they heard before")
                .isSubsetOf("welcome");
        hungUpAfter(heard.get(heard.size() - 1), call);
        left("4930661", "overflowed", "nobody-logged-in", "announcement");
    }

    @Test
    void whoFindsTheLineTooLongIsHungUpOnAsBusy() {
        centre.queue(
                "short-line",
                "158",
                Map.of("limits", List.of(Map.of("when", "longest-line", "calls", 1, "action", "busy"))));
        var first = centre.call("in-line", "158", List.of("4930671"), APART, Duration.ofSeconds(6));
        waits("short-line", "4930671");

        var second = centre.call("too-many", "158", List.of("4930672"), APART, Callers.FOR_EVER);
        var call = second.finished(LIMIT).get(0);

        assertThat(call.hungUpThere() || call.refusal().isPresent()).isTrue();
        assertThat(call.cause()).isEqualTo(USER_BUSY);
        assertThat(Duration.between(call.invitedAt(), call.overAt().orElseThrow()))
                .isLessThan(LATE);
        var record = left("4930672", "overflowed", "longest-line", "busy");
        assertThat(record.q850Cause()).isEqualTo(USER_BUSY);
        assertThat(record.queueId()).isEqualTo("short-line");
        first.finished(LIMIT);
        assertThat(record("4930671").outcome()).isEqualTo("abandoned");
        centre.report().say("line too long: hung up on with cause %d", call.cause());
    }

    // ---- what is set up

    private static void switchFlood(boolean on) {
        centre.api().put("inbound-rules/flood/state", Map.of("active", on));
    }

    private static Map<String, Object> longestWait(String... target) {
        return Map.of("when", "longest-wait", "seconds", LONGEST_WAIT, target[0], target[1], target[2], target[3]);
    }

    // ---- what is looked at

    private static void waits(String queueId, String... numbers) {
        eventually("in this order wait " + List.of(numbers), LIMIT, () -> assertThat(
                        centre.api().waiting(queueId))
                .containsExactly(numbers));
    }

    /** This, one after the other, nothing in between and nothing before; the rest, if there is more, later. */
    private static List<Stretch> hears(Voice caller, String... names) {
        return eventually("the caller hears " + List.of(names), LIMIT, () -> {
            var heard = caller.stretches();
            assertThat(heard).extracting(Stretch::name).startsWith(names);
            return heard;
        });
    }

    private static void stopsAfter(int seconds, Stretch heard, SipCall call) {
        var lasted = Duration.between(call.invitedAt(), heard.last().at());
        assertThat(lasted)
                .as("until when %s was heard", heard.name())
                .isBetween(
                        Duration.ofSeconds(seconds).minus(MOMENT),
                        Duration.ofSeconds(seconds).plus(LATE));
        centre.report().say("%s: %s until %d ms after the call", call.number(), heard.name(), lasted.toMillis());
    }

    private static void atOnce(String what, Stretch before, Stretch after) {
        var silence = Duration.between(before.last().at(), after.first().at());
        assertThat(silence).as("silence before " + what).isLessThan(STALL);
        centre.report().say("  %d ms between %s and %s", silence.toMillis(), before.name(), after.name());
    }

    private static void whole(Stretch announcement) {
        assertThat(announcement.first().number())
                .as("it is heard from the beginning")
                .isLessThan(5);
        assertThat(announcement.last().number())
                .as("it is heard to the end")
                .isGreaterThan((int) (SENTENCE.toMillis() / 20) - 5);
    }

    private static void hungUpAfter(Stretch announcement, SipCall call) {
        whole(announcement);
        assertThat(call.hungUpThere()).as("the box hangs up").isTrue();
        var after = Duration.between(announcement.last().at(), call.hungUpAt().orElseThrow());
        assertThat(after).as("from the last word to the end of the call").isLessThan(LATE);
        centre.report().say("  hung up on %d ms after the last word", after.toMillis());
    }

    private static Recorded record(String number) {
        return eventually(
                "there is a record of " + number, LIMIT, () -> centre.api().record(number));
    }

    private static Recorded left(String number, String outcome, String by, String to) {
        var record = record(number);
        assertThat(record.outcome()).isEqualTo(outcome);
        assertThat(record.leftBy()).isEqualTo(by);
        assertThat(record.leftTo()).isEqualTo(to);
        if (outcome.equals("overflowed")) {
            assertThat(record.endedBy()).isEqualTo("system");
            assertThat(record.agentId()).isEmpty();
            assertThat(record.offers()).isZero();
        }
        return record;
    }
}
