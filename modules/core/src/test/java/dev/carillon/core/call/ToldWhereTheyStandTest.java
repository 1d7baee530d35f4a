package dev.carillon.core.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.core.Directory;
import dev.carillon.core.Output;
import dev.carillon.core.Scenario;
import dev.carillon.core.agent.Handling;
import dev.carillon.core.queue.Announce;
import dev.carillon.core.queue.Waiting;
import dev.carillon.core.routing.Routing;
import dev.carillon.protocol.Seat;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxEvent.AnnouncementEnded;
import dev.carillon.protocol.box.BoxEvent.LegAnswered;
import dev.carillon.protocol.box.BoxEvent.LegEnded;
import dev.carillon.protocol.box.BoxEvent.LegOffered;
import dev.carillon.protocol.box.BoxEvent.MusicStarted;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallCommand.Connect;
import dev.carillon.protocol.call.CallCommand.FromBox;
import dev.carillon.protocol.call.CallCommand.Place;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.queue.QueueCommand.WhereAmI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** B3: callers are told their position and the estimated wait. */
class ToldWhereTheyStandTest {

    private static final Seat SEAT = new Seat("s1", "box1", "PJSIP/1001");
    private static final Duration FIRST = Duration.ofSeconds(20);
    private static final Duration EVERY = Duration.ofSeconds(60);
    private static final Output ASKS = new Output.ToQueue("sales", new WhereAmI("box1-7", 0));
    private static final Output MUSIC = box(new BoxCommand.PlayMusic("box1-7", "7", "default"));

    private final Scenario<CallCommand, CallEvent, CallState> call = scenario(Announce.PLAIN);

    @Test
    void asksTheQueueWhenItIsTimeAndSaysWhatItHears() {
        waiting().pass(FIRST.minusMillis(1));
        assertThat(call.said()).doesNotContain(ASKS);
        assertThat(call.pass(Duration.ofMillis(1)).said()).contains(ASKS);

        call.when(new Place("sales", 0, 3, 200));
        assertThat(
                        playback(
                                "sound:queue-thereare,number:3,sound:queue-callswaiting,sound:queue-holdtime,number:4,sound:queue-minutes"))
                .isEqualTo("box1-7-place-" + call.now().toEpochMilli());
    }

    @Test
    void hearsMusicAgainAndIsToldAgain() {
        waiting().pass(FIRST).given(new Place("sales", 0, 3, 200));
        var playback = "box1-7-place-" + call.now().toEpochMilli();
        call.pass(Duration.ofSeconds(5));
        assertThat(call.when(fromBox(new AnnouncementEnded("7", playback))).said())
                .containsExactly(MUSIC);
        assertThat(call.when(fromBox(new AnnouncementEnded("7", playback))).said())
                .as("said twice: nobody knows whether it was played twice")
                .containsExactly(MUSIC);

        call.given(fromBox(new MusicStarted("7"))).pass(EVERY.minusSeconds(5));
        assertThat(call.said()).contains(ASKS);
    }

    @Test
    void hearsMusicAgainAfterAnAnnouncementThatCameLate() {
        waiting().when(fromBox(new AnnouncementEnded("7", "box1-7-greeting")));
        assertThat(call.said()).containsExactly(MUSIC);
        assertThat(call.owed()).as("until it plays").contains(MUSIC);
    }

    @Test
    void isSaidAgainUntilItWasHeardAndTheMusicToo() {
        waiting().pass(FIRST).given(new Place("sales", 0, 1, 0));
        var playback = "box1-7-place-" + call.now().toEpochMilli();
        assertThat(call.owed()).contains(announce(playback, "sound:queue-youarenext"));
        call.given(fromBox(new MusicStarted("7")));
        assertThat(call.owed())
                .as("music of before")
                .contains(announce(playback, "sound:queue-youarenext"))
                .doesNotContain(MUSIC);

        call.given(fromBox(new AnnouncementEnded("7", playback)));
        assertThat(call.owed()).contains(MUSIC);
    }

    @Test
    void isNotToldWhatIsLateOrOfAnotherRoundOrOfAnotherQueue() {
        waiting().pass(FIRST);
        assertThat(call.when(new Place("support", 0, 3, 200)).said()).isEmpty();

        call.pass(EVERY).given(new Connect("sales", "o1", 0, "ann", SEAT, false));
        assertThat(call.when(new Place("sales", 0, 3, 200)).said())
                .as("a phone rings")
                .isEmpty();
        call.given(fromBox(new LegEnded("leg-id1", EndCause.NO_ANSWER, 19)));
        assertThat(call.when(new Place("sales", 0, 3, 200)).said()).isEmpty();

        call.pass(EVERY).pass(Duration.ofSeconds(4));
        assertThat(call.when(new Place("sales", 2, 3, 200)).said()).as("late").isEmpty();
    }

    @Test
    void isCutOffByAPhoneThatIsAnswered() {
        waiting().pass(FIRST).given(new Place("sales", 0, 3, 200));
        call.given(new Connect("sales", "o1", 0, "ann", SEAT, false)).when(fromBox(new LegAnswered("leg-id1")));
        assertThat(call.said()).anyMatch(said -> said.toString().contains("Bridge"));
        assertThat(call.owed())
                .noneMatch(said ->
                        said.toString().contains("Announce") || said.toString().contains("PlayMusic"));
    }

    @Test
    void isNotAskedForWhileTheGreetingIsHeardButRightAfterIt() {
        call.given(fromBox(new LegOffered("box1", "i1", "7", "+4930", "Ann", "200", Scenario.START)))
                .given(fromBox(new LegAnswered("7")));
        assertThat(call.pass(FIRST.multipliedBy(2)).said()).noneMatch(ToldWhereTheyStandTest::asks);

        call.given(fromBox(new AnnouncementEnded("7", "box1-7-greeting"))).given(fromBox(new MusicStarted("7")));
        assertThat(call.pass(Duration.ZERO).said()).anyMatch(ToldWhereTheyStandTest::asks);
    }

    @Test
    void isToldWhenItIsDueNextAfterACrashAndNotAtOnce() {
        waiting().pass(FIRST.plusSeconds(1)).crash(Duration.ofSeconds(5));
        call.given(fromBox(new BoxEvent.BoxBack("box1", "i1", List.of(new Leg("7", Leg.State.UP)), List.of())))
                .given(fromBox(new MusicStarted("7")));

        assertThat(call.pass(EVERY.minusSeconds(7)).said()).doesNotContain(ASKS);
        assertThat(call.pass(Duration.ofSeconds(1)).said()).contains(ASKS);
    }

    @Nested
    class InWords {
        @Test
        void nobodyIsToldAWorsePlaceThanBefore() {
            assertThat(words(4, 3, 0)).isEmpty();
            assertThat(words(3, 3, 0)).isNotEmpty();
            assertThat(words(4, 3, 90)).containsExactly("sound:queue-holdtime", "number:2", "sound:queue-minutes");
        }

        @Test
        void waitsAreRoundedUpAsPeopleExpect() {
            assertThat(wait(1)).containsExactly("sound:queue-less-than", "number:1", "sound:queue-minute");
            assertThat(wait(59)).containsExactly("sound:queue-less-than", "number:1", "sound:queue-minute");
            assertThat(wait(60)).containsExactly("number:1", "sound:queue-minute");
            assertThat(wait(61)).containsExactly("number:2", "sound:queue-minutes");
            assertThat(wait(600)).containsExactly("number:10", "sound:queue-minutes");
            assertThat(wait(601)).containsExactly("number:15", "sound:queue-minutes");
            assertThat(wait(3600)).containsExactly("number:60", "sound:queue-minutes");
            assertThat(words(2, 1, 3601)).isEmpty();
        }

        @Test
        void onlyWhatIsAskedForIsSaid() {
            var sound = new Announce(FIRST, EVERY, false, false, "sound:press-star", "");
            assertThat(PlaceInWords.of(sound, 2, 9, 90)).containsExactly("sound:press-star");
            var position = new Announce(FIRST, EVERY, true, false, "", "");
            assertThat(PlaceInWords.of(position, 1, 9, 90)).containsExactly("sound:queue-youarenext");
        }

        private List<String> words(int position, int before, int seconds) {
            return PlaceInWords.of(Announce.PLAIN, position, before, seconds);
        }

        private List<String> wait(int seconds) {
            var words = words(2, 1, seconds);
            assertThat(words.get(0)).isEqualTo("sound:queue-holdtime");
            return words.subList(1, words.size());
        }
    }

    // Given.

    private static Scenario<CallCommand, CallEvent, CallState> scenario(Announce announce) {
        var rest = Scenario.directory();
        return new Scenario<>(
                new CallDecider(),
                "box1-7",
                new Directory(
                        Map.of(
                                "sales",
                                queue("sales", "", announce),
                                "support",
                                queue("support", "sound:hello", announce)),
                        rest.agents(),
                        rest.numbers(),
                        rest.seats()));
    }

    private static Directory.Queue queue(String id, String greeting, Announce announce) {
        var waiting = new Waiting("default", greeting, List.of(), Optional.empty(), Optional.of(announce));
        return new Directory.Queue(id, id, Routing.PLAIN, Handling.PLAIN, waiting);
    }

    private Scenario<CallCommand, CallEvent, CallState> waiting() {
        return call.given(fromBox(new LegOffered("box1", "i1", "7", "+4930", "Ann", "100", Scenario.START)))
                .given(fromBox(new LegAnswered("7")))
                .given(fromBox(new MusicStarted("7")))
                .given(new CallCommand.Enqueued("sales", 0));
    }

    private static FromBox fromBox(BoxEvent event) {
        return new FromBox(event);
    }

    // Then.

    private String playback(String sounds) {
        return call.said().stream()
                .filter(Output.ToBox.class::isInstance)
                .map(said -> ((Output.ToBox) said).command())
                .filter(BoxCommand.Announce.class::isInstance)
                .map(BoxCommand.Announce.class::cast)
                .filter(announce -> announce.sound().equals(sounds))
                .map(BoxCommand.Announce::playbackId)
                .findFirst()
                .orElseThrow(() -> new AssertionError("It was not played: " + call.said()));
    }

    private static boolean asks(Output said) {
        return said instanceof Output.ToQueue to && to.command() instanceof WhereAmI;
    }

    private static Output announce(String playbackId, String sounds) {
        return box(new BoxCommand.Announce("box1-7", "7", playbackId, sounds, ""));
    }

    private static Output box(BoxCommand command) {
        return new Output.ToBox("box1", command);
    }
}
