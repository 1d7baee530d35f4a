package dev.carillon.acceptance;

import static dev.carillon.acceptance.lab.Waiting.STALL;
import static dev.carillon.acceptance.lab.Waiting.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.acceptance.lab.CarillonApi.Recorded;
import dev.carillon.acceptance.lab.ContactCentre;
import dev.carillon.acceptance.lab.RequiresAsterisk;
import dev.carillon.acceptance.sip.Callers;
import dev.carillon.acceptance.sip.Phone;
import dev.carillon.acceptance.sip.SipCall;
import dev.carillon.acceptance.sip.Voice;
import dev.carillon.acceptance.sip.Voice.Stretch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What callers are told while they wait, and the key by which they leave. The box has the sounds of Chinese that the documentation says
 * to record; each says its own name, so a test hears what was said, in which order, and what is missing.
 */
@RequiresAsterisk
class WhileTheyWaitTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration APART = Duration.ofMillis(200);
    private static final Duration RINGING = Duration.ofMillis(500);
    private static final Duration WORD = Duration.ofMillis(400);
    private static final Duration SENTENCE = Duration.ofSeconds(2);
    private static final Duration LONG_STORY = Duration.ofSeconds(40);
    private static final int FIRST_AFTER = 2;
    private static final int EVERY = 12;
    private static final int PACKETS_A_SECOND = 50;

    private static final String LANGUAGE = "zh_CN";
    private static final String NEXT = "queue-youarenext";
    private static final String THERE_ARE = "queue-thereare";
    private static final String CALLS_WAITING = "queue-callswaiting";
    private static final String HOLD_TIME = "queue-holdtime";
    private static final String LESS_THAN = "queue-less-than";
    private static final String MINUTE = "queue-minute";
    private static final String MINUTES = "queue-minutes";

    private static ContactCentre centre;
    private static String pressStar;
    private static String longStory;
    private static String goodbye;

    @BeforeAll
    static void open() {
        centre = ContactCentre.open(WhileTheyWaitTest.class, "While they wait", 5, 20, 0);
        var box = centre.box();
        List.of(NEXT, THERE_ARE, CALLS_WAITING, HOLD_TIME, LESS_THAN, MINUTE, MINUTES)
                .forEach(sound -> box.sound(LANGUAGE, sound, WORD));
        IntStream.rangeClosed(0, 10).forEach(digit -> box.sound(LANGUAGE, "digits/" + digit, WORD));
        pressStar = box.recording("press-star", SENTENCE);
        longStory = box.recording("long-story", LONG_STORY);
        goodbye = box.recording("goodbye", SENTENCE);
    }

    @AfterAll
    static void close() {
        if (centre != null) {
            centre.close();
        }
    }

    // ---- announcements

    @Test
    void whoWaitsIsToldTheirPlaceAndTheWaitAtIntervalsWithMusicInBetween() {
        centre.queue("told", "170", Map.of("announce", announce(true, pressStar)));
        centre.serves(0, List.of("told"), Map.of());
        centre.phone(0).answers(RINGING, Callers.FOR_EVER);
        centre.work(0);
        centre.call("talking", "170", List.of("4930700"), APART, Callers.FOR_EVER);
        eventually("one talks", LIMIT, () -> assertThat(centre.api().state(centre.agent(0)))
                .isEqualTo("talking"));
        var waiting = centre.call("waiting", "170", List.of("4930701", "4930702"), APART, Callers.FOR_EVER);

        for (var number : List.of("4930701", "4930702")) {
            var heard = eventually(number + " hears it twice", LIMIT, () -> {
                var stretches = waiting.voice(number).stretches();
                assertThat(stretches.stream().filter(one -> one.name().equals("press-star")))
                        .hasSize(2);
                assertThat(stretches).extracting(Stretch::name).last().isEqualTo(Voice.MUSIC);
                return stretches;
            });
            var announcements = announcements(heard);
            assertThat(announcements).hasSize(2);
            for (var announcement : announcements) {
                assertThat(names(announcement))
                        .as("what %s was told", number)
                        .containsSubsequence(
                                number.equals("4930701")
                                        ? List.of(NEXT, HOLD_TIME, "press-star")
                                        : List.of(THERE_ARE, "digits/2", CALLS_WAITING, HOLD_TIME, "press-star"));
                var wait = names(announcement);
                assertThat(String.join(" ", wait.subList(wait.indexOf(HOLD_TIME), wait.size())))
                        .as("the wait that %s was told", number)
                        .matches(HOLD_TIME + "( " + LESS_THAN + " digits/1 " + MINUTE + "| digits/1 " + MINUTE
                                + "|( digits/\\d+)+ " + MINUTES + ") press-star");
                announcement.subList(0, announcement.size() - 1).forEach(word -> whole(word, WORD));
                whole(announcement.get(announcement.size() - 1), SENTENCE);
                centre.report().say("%s: %s", number, names(announcement));
            }
            withoutAGap(heard);
            assertThat(Duration.between(begin(announcements.get(0)), begin(announcements.get(1))))
                    .as("from one to the next")
                    .isBetween(
                            Duration.ofSeconds(EVERY).minus(STALL),
                            Duration.ofSeconds(EVERY).plus(STALL));
        }
    }

    @Test
    void anAgentWhoAnswersInTheMiddleOfAnAnnouncementIsConnectedAtOnce() {
        centre.queue("cut", "171", Map.of("announce", announce(true, longStory)));
        centre.serves(1, List.of("cut"), Map.of());
        var phone = centre.phone(1).answers(RINGING, Duration.ofSeconds(3));
        var caller = centre.call("cut", "171", List.of("4930711"), APART, Callers.FOR_EVER);
        var voice = caller.voice("4930711");
        hears(voice, "long-story");

        centre.work(1);

        var call = caller.finished(LIMIT).get(0);
        var heard = voice.stretches();
        assertThat(names(heard)).containsExactly(Voice.MUSIC, NEXT, "long-story", centre.seat(1));
        connectedAtOnce(phone, heard.get(heard.size() - 1));
        withoutAGap(heard);
        assertThat(record(call).outcome()).isEqualTo("answered");
    }

    @Test
    void whatTheBoxDoesNotHaveNeitherDelaysNorEndsTheCall() {
        var missing = Map.of(
                "firstAfterSeconds",
                FIRST_AFTER,
                "everySeconds",
                EVERY,
                "position",
                true,
                "language",
                "xx",
                "sound",
                "sound:no-such-sound," + pressStar);
        centre.queue("missing", "172", Map.of("announce", missing));
        centre.queue("nothing-at-all", "173", Map.of("announce", announce(false, "sound:no-such-sound")));
        centre.serves(2, List.of("missing", "nothing-at-all"), Map.of());
        var some = centre.call("some", "172", List.of("4930721"), APART, Callers.FOR_EVER);
        var none = centre.call("none", "173", List.of("4930731"), APART, Callers.FOR_EVER);

        hears(some.voice("4930721"), Voice.MUSIC, "press-star", Voice.MUSIC, "press-star", Voice.MUSIC);
        var phone = centre.phone(2).answers(RINGING, Duration.ofSeconds(2));
        centre.work(2);
        some.finished(LIMIT);
        none.finished(LIMIT);

        var heard = some.voice("4930721").stretches();
        withoutAGap(heard);
        whole(heard.get(1), SENTENCE);
        connected(phone, some, "4930721", heard);
        var music = none.voice("4930731").stretches();
        assertThat(names(music)).containsExactly(Voice.MUSIC, centre.seat(2));
        withoutAGap(music);
        assertThat(music.get(0).last().number())
                .as("packets of music, also while the box looked for the sound")
                .isGreaterThan(2 * EVERY * PACKETS_A_SECOND / 2);
        connected(phone, none, "4930731", music);
    }

    // ---- the key

    @Test
    void whoPressesTheKeyWhileMusicPlaysLeavesAtOnce() {
        centre.queue("by-key", "174", Map.of("leaveKey", Map.of("action", "announcement", "sound", goodbye)));
        var caller = centre.call("music", "174", List.of("4930741"), APART, Callers.FOR_EVER);
        var voice = caller.voice("4930741");
        hears(voice, Voice.MUSIC);

        voice.press('5');
        var pressed = press(voice);

        var call = caller.finished(LIMIT).get(0);
        var heard = voice.stretches();
        assertThat(names(heard)).containsExactly(Voice.MUSIC, "goodbye");
        atOnce("the announcement", pressed, heard.get(1));
        whole(heard.get(1), SENTENCE);
        assertThat(call.hungUpThere()).isTrue();
        leftByKey(call, "overflowed", "announcement");
    }

    @Test
    void whoPressesTheKeyDuringAnAnnouncementHearsNoMoreOfIt() {
        centre.queue("voicebox", Map.of("greeting", goodbye));
        centre.queue(
                "by-key-told",
                "175",
                Map.of(
                        "announce",
                        announce(false, longStory),
                        "leaveKey",
                        Map.of("digit", "*", "action", "to-queue", "queueId", "voicebox")));
        var caller = centre.call("story", "175", List.of("4930751"), APART, Duration.ofSeconds(15));
        var voice = caller.voice("4930751");
        hears(voice, Voice.MUSIC, "long-story");

        var pressed = press(voice);

        var heard = hears(voice, Voice.MUSIC, "long-story", "goodbye", Voice.MUSIC);
        atOnce("the greeting", pressed, heard.get(2));
        whole(heard.get(2), SENTENCE);
        withoutAGap(heard);
        var record = leftByKey(caller.finished(LIMIT).get(0), "abandoned", "queue:voicebox");
        assertThat(record.queueId()).isEqualTo("voicebox");
        assertThat(record.firstQueueId()).isEqualTo("by-key-told");
    }

    @Test
    void whoPressesTheKeyWhileAPhoneRingsLeavesAndTheAgentHasMissedNothing() {
        centre.queue("by-key-rung", "176", Map.of("leaveKey", Map.of("action", "announcement", "sound", goodbye)));
        centre.serves(3, List.of("by-key-rung"), Map.of());
        var phone = centre.phone(3).ringsForEver();
        centre.work(3);
        var caller = centre.call("rung", "176", List.of("4930761"), APART, Callers.FOR_EVER);
        var voice = caller.voice("4930761");
        eventually("it rings", LIMIT, () -> assertThat(phone.calls())
                .anyMatch(call -> call.ringingAt().isPresent()));
        hears(voice, Voice.MUSIC);

        var pressed = press(voice);

        var call = caller.finished(LIMIT).get(0);
        var heard = voice.stretches();
        assertThat(names(heard)).containsExactly(Voice.MUSIC, "goodbye");
        atOnce("the announcement", pressed, heard.get(1));
        whole(heard.get(1), SENTENCE);
        assertThat(phone.calls()).singleElement().satisfies(ring -> {
            assertThat(ring.cancelledAt()).isPresent();
            assertThat(Duration.between(pressed, ring.cancelledAt().orElseThrow()))
                    .isLessThan(STALL);
        });
        assertThat(centre.api().state(centre.agent(3))).isEqualTo("ready");
        leftByKey(call, "overflowed", "announcement");
    }

    // ---- what is set up, and done

    private static Map<String, Object> announce(boolean place, String sound) {
        return Map.of(
                "firstAfterSeconds",
                FIRST_AFTER,
                "everySeconds",
                EVERY,
                "position",
                place,
                "estimatedWait",
                place,
                "sound",
                sound,
                "language",
                LANGUAGE);
    }

    private static Instant press(Voice caller) {
        var before = Instant.now();
        caller.press('*');
        return before;
    }

    // ---- what is looked at

    /** These in this order, nothing in between; where the music of before begins depends on when one looks. */
    private static List<Stretch> hears(Voice caller, String... names) {
        return eventually("the caller hears " + List.of(names), LIMIT, () -> {
            var heard = caller.stretches();
            assertThat(names(heard)).containsSequence(names);
            return heard;
        });
    }

    private static List<String> names(List<Stretch> heard) {
        return heard.stream().map(Stretch::name).toList();
    }

    /** Of what was heard, what was said between two stretches of music. */
    private static List<List<Stretch>> announcements(List<Stretch> heard) {
        assertThat(heard.get(0).name()).isEqualTo(Voice.MUSIC);
        var announcements = new ArrayList<List<Stretch>>();
        for (var stretch : heard) {
            if (stretch.name().equals(Voice.MUSIC)) {
                announcements.add(new ArrayList<>());
            } else {
                announcements.get(announcements.size() - 1).add(stretch);
            }
        }
        announcements.removeIf(List::isEmpty);
        return announcements;
    }

    private static Instant begin(List<Stretch> announcement) {
        return announcement.get(0).first().at();
    }

    private static void whole(Stretch said, Duration length) {
        assertThat(said.first().number())
                .as("%s is heard from the beginning", said.name())
                .isLessThan(5);
        assertThat(said.last().number())
                .as("%s is heard to the end", said.name())
                .isGreaterThan((int) (length.toMillis() * PACKETS_A_SECOND / 1000) - 5);
    }

    private static void withoutAGap(List<Stretch> heard) {
        for (int i = 1; i < heard.size(); i++) {
            var before = heard.get(i - 1);
            var after = heard.get(i);
            assertThat(Duration.between(before.last().at(), after.first().at()))
                    .as("silence between %s and %s", before.name(), after.name())
                    .isLessThan(STALL);
        }
    }

    private static void atOnce(String what, Instant pressed, Stretch heard) {
        var after = Duration.between(pressed, heard.first().at());
        assertThat(after).as("from the key to " + what).isLessThan(STALL);
        centre.report().say("%d ms from the key to %s", after.toMillis(), what);
    }

    private static void connectedAtOnce(Phone phone, Stretch agent) {
        connected(phone.calls().get(0), agent);
    }

    private static void connected(Phone phone, Callers callers, String number, List<Stretch> heard) {
        var ring = phone.calls().stream()
                .filter(call -> call.number().equals(number))
                .findFirst()
                .orElseThrow();
        connected(ring, heard.get(heard.size() - 1));
        assertThat(record(callers.call(number)).outcome()).isEqualTo("answered");
    }

    private static void connected(SipCall ring, Stretch agent) {
        assertThat(agent.name()).isIn(centre.seat(1), centre.seat(2));
        var after =
                Duration.between(ring.answeredAt().orElseThrow(), agent.first().at());
        assertThat(after).as("from the answer to the first word").isLessThan(STALL);
        centre.report().say("%d ms from the answer to the agent's first word", after.toMillis());
    }

    private static Recorded record(SipCall call) {
        return eventually("there is a record of " + call.number(), LIMIT, () -> centre.api()
                .record(call.number()));
    }

    private static Recorded leftByKey(SipCall call, String outcome, String to) {
        var record = record(call);
        assertThat(record.outcome()).isEqualTo(outcome);
        assertThat(record.leftBy()).isEqualTo("key");
        assertThat(record.leftTo()).isEqualTo(to);
        return record;
    }
}
