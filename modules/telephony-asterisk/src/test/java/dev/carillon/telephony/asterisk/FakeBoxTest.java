package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.telephony.BoxLink.Reach;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a box does in the wrong moment: fails, is silent, or is faster than we are. */
class FakeBoxTest {

    private static final String CALL = "box1-1.1";
    private static final String CALLER = "1.1";
    private static final String INFO = "GET /asterisk/info";
    private static final String SUBSCRIBE = "POST /applications/carillon/subscription";
    private static final String SEAT = "leg-1";
    private static final String DELETE = "DELETE /channels/" + SEAT;
    private static final String DIAL = "POST /channels/" + SEAT + "/dial";
    private static final BoxCommand CANCEL = new BoxCommand.HangUp(CALL, SEAT, EndCause.CANCELLED);

    private static ActorTestKit kit;
    private FakeAri box;
    private Link link;

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void makeBox() {
        box = new FakeAri(kit.system());
    }

    @AfterEach
    void close() {
        if (link != null) {
            link.close();
        }
        box.close();
    }

    private void connect() {
        link = Link.connectUntilUp(kit, box.settings());
    }

    @Nested
    class ABoxThatStarts {

        @Test
        void isNotSaidToBeMisconfiguredAndIsUpWhenItHasEverything() {
            box.answers(INFO, 503, "{}");
            assertThat(failure()).isEqualTo(BoxTrouble.BOX_UNREACHABLE);

            box.answers(INFO, 404, "{}");
            assertThat(failure()).isEqualTo(BoxTrouble.BOX_STARTING);

            box.answers(INFO, 200, FakeAri.INFO);
            box.answers("GET /events", 404, "{}");
            assertThat(failure()).isEqualTo(BoxTrouble.BOX_STARTING);

            box.answersAgain("GET /events");
            connect();
        }

        @Test
        void withAnotherPasswordIsSaidToRefuseItAtOnce() {
            box.answers(INFO, 401, "{}");
            assertThat(failure()).isEqualTo(BoxTrouble.BOX_REFUSED_PASSWORD);
        }

        private BoxTrouble failure() {
            return Link.connect(kit, box.settings()).down().trouble();
        }
    }

    @Nested
    class Endpoints {

        private static final String LIST = "GET /endpoints";

        @BeforeEach
        void watch() {
            has("online", "unknown");
            connect();
            link.watch("PJSIP/1001", "PJSIP/1002", "SIP/of-another-box");
            assertThat(link.heard())
                    .as("all of them, and only a plain no is one")
                    .isEqualTo(Map.of(
                            "PJSIP/1001", Reach.YES, "PJSIP/1002", Reach.UNKNOWN, "SIP/of-another-box", Reach.UNKNOWN));
            assertThat(box.count(SUBSCRIBE)).isEqualTo(3);
        }

        @Test
        void areAskedForWhenOneIsSaidToBeDifferent() {
            has("offline", "unknown");
            box.says(changed("EndpointStateChange", "offline"));
            assertThat(link.heard()).isEqualTo(Map.of("PJSIP/1001", Reach.NO));

            has("online", "unknown");
            box.says(changed("ContactStatusChange", "offline"));
            assertThat(link.heard())
                    .as("the list counts, not what the event carries")
                    .isEqualTo(Map.of("PJSIP/1001", Reach.YES));
        }

        @Test
        void areNotAskedForWhenItIsAsKnown() {
            var asked = box.count(LIST);
            box.says(changed("EndpointStateChange", "online"));
            box.says(changed("EndpointStateChange", "online").replace("1001", "9999"));
            link.settle(CALL);

            assertThat(box.count(LIST)).isEqualTo(asked);
        }

        @Test
        void areAskedForOnceMoreWhenSomethingHappensMeanwhileAlsoWhenTheAnswerIsLost() {
            box.isSilentAbout(LIST);
            box.when(LIST, () -> box.when(LIST, () -> has("offline", "unknown")));
            box.says(changed("ContactStatusChange", "online"));
            Link.until("it is asked", () -> box.count(LIST) == 2, () -> "");
            // Heard while the box still owes the answer, which never comes.
            box.says(changed("ContactStatusChange", "online"));

            assertThat(link.heard()).isEqualTo(Map.of("PJSIP/1001", Reach.NO));
        }

        @Test
        void areAskedForAtMostOnceASecondHoweverManyRegister() {
            var asked = new CopyOnWriteArrayList<Instant>();
            box.when(LIST, () -> asked.add(Instant.now()));
            for (int i = 0; i < 50; i++) {
                box.says(contact("1001", "Reachable"));
                link.settle(CALL);
            }
            has("offline", "unknown");
            box.says(contact("1001", "Removed"));

            assertThat(link.heard()).isEqualTo(Map.of("PJSIP/1001", Reach.NO));
            for (int i = 1; i < asked.size(); i++) {
                assertThat(Duration.between(asked.get(i - 1), asked.get(i))).isGreaterThan(Duration.ofMillis(900));
            }
        }

        @Test
        void thatRegisteredAndWereNotAskedByTheBoxYetAreNotSaidToBeGone() {
            has("offline", "unknown");
            box.says(contact("1001", "NonQualified"));
            assertThat(link.heard()).isEqualTo(Map.of("PJSIP/1001", Reach.NOT_YET));

            box.says(contact("1001", "Unreachable"));
            assertThat(link.heard()).isEqualTo(Map.of("PJSIP/1001", Reach.NO));
        }

        @Test
        void thatAreOfflineWhenWeComeMayNotHaveBeenAskedSinceTheBoxBegan() {
            link.close();
            has("offline", "offline");
            contactOf("1001", "sip:1001@192.0.2.1");
            contactOf("1002", "");
            connect();
            link.watch("PJSIP/1001", "PJSIP/1002");
            assertThat(link.heard()).isEqualTo(Map.of("PJSIP/1001", Reach.NOT_YET, "PJSIP/1002", Reach.NO));

            box.says(contact("1001", "Unreachable"));
            assertThat(link.heard()).isEqualTo(Map.of("PJSIP/1001", Reach.NO));
        }

        private void contactOf(String resource, String uri) {
            var objects = "GET /asterisk/config/dynamic/res_pjsip/";
            box.answers(objects + "endpoint/" + resource, 200, "[{'attribute':'aors','value':'" + resource + "'}]");
            box.answers(
                    objects + "aor/" + resource,
                    200,
                    "[{'attribute':'qualify_frequency','value':'30'},{'attribute':'contact','value':'" + uri + "'}]");
        }

        private String contact(String resource, String status) {
            return "{'type':'ContactStatusChange','endpoint':" + endpoint(resource, "offline")
                    + ",'contact_info':{'uri':'sip:1001@192.0.2.1','contact_status':'" + status + "','aor':'" + resource
                    + "','roundtrip_usec':'0'}}";
        }

        private void has(String... states) {
            var list = new StringBuilder();
            for (int i = 0; i < states.length; i++) {
                list.append(list.isEmpty() ? "" : ",").append(endpoint("100" + (i + 1), states[i]));
            }
            box.answers(LIST, 200, "[" + list + "]");
        }

        private String changed(String type, String state) {
            return "{'type':'" + type + "','endpoint':" + endpoint("1001", state) + "}";
        }

        private String endpoint(String resource, String state) {
            return "{'technology':'PJSIP','resource':'" + resource + "','state':'" + state + "','channel_ids':[]}";
        }
    }

    @Nested
    class AHangUp {

        @BeforeEach
        void aPhoneThatTalks() {
            box.has(SEAT, CALLER, "Up");
            connect();
        }

        @Test
        void isSaidAgainWhenTheBoxDidNotAnswer() {
            box.isSilentAbout(DELETE);
            link.say(CANCEL);
            Link.until("it is asked", () -> box.count(DELETE) == 1, () -> "");
            link.say(CANCEL);
            Link.until("it is asked again", () -> box.count(DELETE) == 2, () -> "");
            box.answers(DELETE, 500, "{'error':'Allocation failed'}");
            link.say(new BoxCommand.HangUp(CALL, SEAT, EndCause.BUSY));
            link.settle(CALL);
            assertThat(link.others()).noneMatch(BoxEvent.LegEnded.class::isInstance);

            box.when(DELETE, () -> ends(26));
            box.answers(DELETE, 204, "");
            link.say(CANCEL);

            assertThat(end()).isEqualTo(new BoxEvent.LegEnded(SEAT, EndCause.CANCELLED, 26));
        }

        @Test
        void thatWasNeverAnsweredIsNotTheCauseOfALaterEnd() {
            box.isSilentAbout(DELETE);
            link.say(CANCEL);
            link.settle(CALL);

            ends(16);

            assertThat(end()).isEqualTo(new BoxEvent.LegEnded(SEAT, EndCause.NORMAL, 16));
        }

        @Test
        void thatComesAfterTheAgentsOwnIsNotTheCause() {
            box.answers(DELETE, 404, "{'message':'Channel not found'}");
            link.say(CANCEL);
            link.settle(CALL);

            ends(16);

            assertThat(end()).isEqualTo(new BoxEvent.LegEnded(SEAT, EndCause.NORMAL, 16));
        }

        @Test
        void ofALegWhoseEndNoEventToldIsSettledByAskingForIt() {
            box.hasNoMore(SEAT);
            box.answers(DELETE, 404, "{'message':'Channel not found'}");
            link.say(CANCEL);

            assertThat(end()).isEqualTo(new BoxEvent.LegEnded(SEAT, EndCause.UNKNOWN, 0));
        }

        @Test
        void thatTheBoxConfirmedIsTheCauseAlsoWhenNoEventTellsTheEnd() {
            box.when(DELETE, () -> box.hasNoMore(SEAT));
            link.say(CANCEL);

            assertThat(end()).isEqualTo(new BoxEvent.LegEnded(SEAT, EndCause.CANCELLED, 0));
        }

        @Test
        void ofALegNobodyKnowsIsConfirmed() {
            box.answers("DELETE /channels/leg-9", 404, "{'message':'Channel not found'}");
            link.say(new BoxCommand.HangUp(CALL, "leg-9", EndCause.CANCELLED));

            assertThat(end()).isEqualTo(new BoxEvent.LegEnded("leg-9", EndCause.CANCELLED, 0));
        }

        private void ends(int q850) {
            box.says("{'type':'ChannelDestroyed','cause':" + q850 + ",'channel':" + FakeAri.channel(SEAT, CALLER, "Up")
                    + "}");
        }

        private BoxEvent.LegEnded end() {
            return link.event(CALL, BoxEvent.LegEnded.class);
        }
    }

    @Nested
    class ASeatThatCannotBeRung {

        private static final String CREATE = "POST /channels/create";
        private static final BoxCommand RING = new BoxCommand.RingSeat(CALL, SEAT, "PJSIP/1001", "Ann", "+4930", 20);

        @BeforeEach
        void aBox() {
            connect();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "500 | {'error':'Allocation failed'}",
                    "400 | {'message':'Invalid endpoint specified'}",
                    "404 | {'message':'Endpoint not found'}"
                })
        void isUnreachableWhenTheBoxSaysThatItIs(int status, String body) {
            assertThat(ringingEndsWith(status, body)).isEqualTo(EndCause.UNREACHABLE);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "401 | {'message':'Authentication required'}",
                    "403 | {'message':'Write access denied'}",
                    "503 | {}",
                    "500 | {'error':'something else'}",
                    "404 | {'message':'Invalid method'}"
                })
        void isNotBlamedForTheBoxesTroubleAndNotRungAgainAtOnce(int status, String body) {
            var asked = Instant.now();
            assertThat(ringingEndsWith(status, body)).isEqualTo(EndCause.UNKNOWN);
            assertThat(Duration.between(asked, Instant.now())).isGreaterThan(Duration.ofSeconds(1));
        }

        private EndCause ringingEndsWith(int status, String body) {
            box.answers(CREATE, status, body);
            link.say(RING);
            return link.event(CALL, BoxEvent.LegEnded.class).cause();
        }
    }

    @Nested
    class ManyPhonesOfOneCall {

        @Test
        void areRungAtOnceAndWhoHasAnsweredDoesNotWaitForThem() {
            connect();
            // Neither refused nor taken: whoever waited for it would wait for long.
            box.isSilentAbout(DIAL);
            link.say(new BoxCommand.RingSeat(CALL, SEAT, "PJSIP/1001", "Ann", "+4930", 20));
            Link.until("it is dialled", () -> box.count(DIAL) == 1, () -> "");
            var before = Instant.now();
            link.say(new BoxCommand.RingSeat(CALL, "leg-2", "PJSIP/1002", "Ann", "+4930", 20));
            Link.until("the other, too", () -> box.count("POST /channels/leg-2/dial") == 1, () -> "");
            link.say(new BoxCommand.Bridge(CALL, "br-1", List.of(CALLER, "leg-2")));

            link.event(CALL, BoxEvent.Bridged.class);
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofMillis(2500));
        }
    }

    @Nested
    class AnAnnouncement {

        private static final String CHANNEL = "/channels/" + CALLER;
        private static final String VARIABLE = CHANNEL + "/variable";
        private static final String PLAYBACK = "/playbacks/pb-1";
        private static final String PLAY = "POST " + CHANNEL + "/play/pb-1";
        private static final String GONE = "{'message':'Playback not found'}";
        private static final String SAYS_A_NUMBER = "{'message':'Could not stop playback'}";
        private static final BoxCommand ANNOUNCE =
                new BoxCommand.Announce(CALL, CALLER, "pb-1", "number:123456,sound:demo-instruct", "");
        private static final BoxCommand MUSIC = new BoxCommand.PlayMusic(CALL, CALLER, "default");

        @BeforeEach
        void aCallerWhoHearsNothing() {
            box.has(CALLER, CALLER, "Up");
            connect();
            noted("");
            box.answers("GET " + PLAYBACK, 404, GONE);
            box.answers("DELETE " + PLAYBACK, 404, GONE);
        }

        /** What the channel's variable says: which announcement was begun last. */
        private void noted(String playbackId) {
            box.answers("GET " + VARIABLE, 200, "{'value':'" + playbackId + "'}");
        }

        private void plays() {
            box.answers("GET " + PLAYBACK, 200, "{'id':'pb-1'}");
            box.answers("DELETE " + PLAYBACK, 500, SAYS_A_NUMBER);
        }

        private void hasEnded() {
            box.answers("GET " + PLAYBACK, 404, GONE);
            box.answers("DELETE " + PLAYBACK, 404, GONE);
            box.says("{'type':'PlaybackFinished','playback':{'id':'pb-1','target_uri':'channel:" + CALLER
                    + "','state':'done'}}");
        }

        private void saidOnce() {
            link.say(ANNOUNCE);
            link.settle(CALL);
        }

        @Test
        void thatSaysANumberIsToldToStopUntilItHasBeforeMusicPlays() {
            saidOnce();
            plays();
            link.say(MUSIC);
            Link.until("it is told again", () -> box.count("DELETE " + PLAYBACK) > 3, () -> "");
            assertThat(box.count("POST " + CHANNEL + "/moh")).isZero();

            box.answers("DELETE " + PLAYBACK, 204, "");
            long told = box.count("DELETE " + PLAYBACK);
            Link.until("and again", () -> box.count("DELETE " + PLAYBACK) > told + 1, () -> "");
            hasEnded();

            link.event(CALL, BoxEvent.MusicStarted.class);
            assertThat(box.count("POST " + CHANNEL + "/moh")).isEqualTo(1);
        }

        @Test
        void thatSaysANumberIsToldToStopUntilItHasBeforePeopleTalk() {
            saidOnce();
            plays();
            link.say(new BoxCommand.Bridge(CALL, "br-1", List.of(CALLER, SEAT)));
            Link.until("it is told again", () -> box.count("DELETE " + PLAYBACK) > 3, () -> "");
            assertThat(box.count("POST /bridges/br-1/addChannel")).isZero();

            hasEnded();

            link.event(CALL, BoxEvent.Bridged.class);
        }

        @Test
        void thatABoxDoesNotAnswerAboutIsStoppedWhenMusicIsAskedForAgain() {
            saidOnce();
            box.isSilentAbout("DELETE " + PLAYBACK);
            link.say(MUSIC);
            link.settle(CALL);
            assertThat(box.count("DELETE " + PLAYBACK)).isEqualTo(1);
            box.answers("DELETE " + PLAYBACK, 404, GONE);

            link.say(MUSIC);

            link.event(CALL, BoxEvent.MusicStarted.class);
            assertThat(box.count("DELETE " + PLAYBACK)).isEqualTo(2);
        }

        @Test
        void isStoppedByAnybodyWhoComesLaterAlsoWhenTheNextOneWasNeverBegun() {
            saidOnce();
            plays();
            box.isSilentAbout("GET " + VARIABLE);
            link.say(new BoxCommand.Announce(CALL, CALLER, "pb-2", "sound:demo-instruct", ""));
            link.settle(CALL);

            link.say(MUSIC);
            Link.until("it is told to stop", () -> box.count("DELETE " + PLAYBACK) > 0, () -> "");
            hasEnded();
            link.event(CALL, BoxEvent.MusicStarted.class);
        }

        @Test
        void isNotFollowedByTheNextOneBeforeTheBoxHasStoppedIt() {
            saidOnce();
            noted("pb-1");
            box.isSilentAbout("DELETE " + PLAYBACK);
            var next = new BoxCommand.Announce(CALL, CALLER, "pb-2", "sound:demo-instruct", "");
            box.answers("GET /playbacks/pb-2", 404, GONE);
            link.say(next);
            link.settle(CALL);
            assertThat(box.count("POST " + CHANNEL + "/play/pb-2")).isZero();

            box.answers("DELETE " + PLAYBACK, 404, GONE);
            link.say(next);
            link.settle(CALL);
            assertThat(box.count("POST " + CHANNEL + "/play/pb-2")).isEqualTo(1);
        }

        @Test
        void thatALinkBeforeThisOneBeganIsStoppedBeforeMusicAlsoWhenTheBoxDidNotSayWhetherItPlays() {
            noted("pb-1");
            box.isSilentAbout("GET " + PLAYBACK);
            saidOnce();
            plays();

            link.say(MUSIC);
            Link.until("it is told to stop", () -> box.count("DELETE " + PLAYBACK) > 0, () -> "");
            hasEnded();
            link.event(CALL, BoxEvent.MusicStarted.class);
        }

        @Test
        void whoseNoteWasNotConfirmedIsPlayedWhenItIsSaidAgain() {
            // Both the time it may take and the note; the first is confirmed.
            box.when("POST " + VARIABLE, () -> {
                if (box.count("POST " + VARIABLE) == 2) {
                    box.isSilentAbout("POST " + VARIABLE);
                }
            });
            link.say(ANNOUNCE);
            link.settle(CALL);
            noted("pb-1");
            assertThat(box.count(PLAY)).isZero();
            box.answers("POST " + VARIABLE, 204, "");

            saidOnce();
            assertThat(box.count(PLAY)).isEqualTo(1);
            saidOnce();
            assertThat(box.count(PLAY)).as("it plays").isEqualTo(1);
            hasEnded();
            link.event(CALL, BoxEvent.AnnouncementEnded.class);
        }

        @Test
        void ofWhichNobodyKnowsWhetherItPlaysIsAskedForAndNotPlayedTwice() {
            box.isSilentAbout(PLAY);
            saidOnce();
            noted("pb-1");
            plays();
            saidOnce();
            assertThat(box.count(PLAY)).isEqualTo(1);
            assertThat(link.others()).noneMatch(BoxEvent.AnnouncementEnded.class::isInstance);

            hasEnded();

            link.event(CALL, BoxEvent.AnnouncementEnded.class);
        }

        @Test
        void thatTheBoxDidNotBeginIsPlayedWhenItIsSaidAgain() {
            box.isSilentAbout(PLAY);
            saidOnce();
            noted("pb-1");
            box.answersAgain(PLAY);

            saidOnce();

            assertThat(box.count(PLAY)).isEqualTo(2);
            assertThat(link.others()).noneMatch(BoxEvent.AnnouncementEnded.class::isInstance);
        }

        @Test
        void thatEndedWithoutAnAnswerIsNotHeardAgain() {
            box.isSilentAbout(PLAY);
            saidOnce();
            noted("pb-1");
            hasEnded();
            link.event(CALL, BoxEvent.AnnouncementEnded.class);

            link.say(ANNOUNCE);

            link.event(CALL, BoxEvent.AnnouncementEnded.class);
            assertThat(box.count(PLAY)).isEqualTo(1);
        }

        @Test
        void thatALinkBeforeThisOneBeganIsNotHeardAgainAlsoWhenTheBoxIsSlowToSay() {
            noted("pb-1");
            box.isSilentAbout("GET " + PLAYBACK);
            saidOnce();
            box.answers("GET " + PLAYBACK, 404, GONE);

            link.say(ANNOUNCE);

            link.event(CALL, BoxEvent.AnnouncementEnded.class);
            assertThat(box.count(PLAY)).isZero();
        }

        @Test
        void hasItsTimeBeforeItIsNoted() {
            box.isSilentAbout("POST " + VARIABLE);
            saidOnce();
            assertThat(box.count("POST " + VARIABLE))
                    .as("the time, and no note")
                    .isEqualTo(1);
            assertThat(box.count(PLAY)).isZero();
        }
    }

    @Nested
    class ABoxThatAnotherControllerTakes {

        @Test
        void isAskedForNothingMoreAlsoWhenSomethingWasBegun() {
            connect();
            // Refused until the channel is in our application: it is tried again and again.
            box.answers(DIAL, 409, "{'message':'Channel not in Stasis application'}");
            link.say(new BoxCommand.RingSeat(CALL, SEAT, "PJSIP/1001", "+4930", "Ann", 20));
            Link.until("it is dialled", () -> box.count(DIAL) > 1, () -> "");

            box.says("{'type':'ApplicationReplaced','application':'carillon'}");
            assertThat(link.down().trouble()).isEqualTo(BoxTrouble.BOX_REPLACED);
            long dialled = box.count(DIAL);
            kit.createTestProbe().expectNoMessage(Duration.ofMillis(300));

            assertThat(box.count(DIAL)).as("one may have been under way").isLessThanOrEqualTo(dialled + 1);
        }

        @Test
        void isSaidToBeTheirsUnlessItWasAGhostOfOurOwn() {
            box.answers("GET /asterisk/variable", 200, "{'value':'us'}");
            link = Link.connectUntilUp(kit, box.settings(), "us");
            assertThat(box.count("POST /asterisk/variable")).as("our name").isEqualTo(1);
            box.says("{'type':'ApplicationReplaced','application':'carillon'}");
            assertThat(link.down().trouble()).isEqualTo(BoxTrouble.BOX_LOST);

            link = Link.connectUntilUp(kit, box.settings(), "others");
            box.says("{'type':'ApplicationReplaced','application':'carillon'}");
            assertThat(link.down().trouble()).isEqualTo(BoxTrouble.BOX_REPLACED);
        }
    }

    @Nested
    class APasswordThatIsChangedMeanwhile {

        @Test
        void endsTheConnectionWithTheReason() {
            connect();
            box.answers("POST /events/user/carillon-pulse", 401, "{}");
            assertThat(link.down().trouble()).isEqualTo(BoxTrouble.BOX_REFUSED_PASSWORD);
        }
    }

    @Nested
    class ALegThatEndsWhileStockIsTaken {

        @Test
        void isAskedForAtOnceWhenItsSubscriptionIsRefused() {
            box.has(CALLER, CALLER, "Up");
            box.when(SUBSCRIBE, () -> box.hasNoMore(CALLER));
            box.answers(SUBSCRIBE, 422, "{'message':'Event source does not exist'}");
            connect();
            var up = Instant.now();
            assertThat(link.inventory().calls()).singleElement().satisfies(call -> assertThat(call.callId())
                    .isEqualTo(CALL));

            assertThat(link.event(CALL, BoxEvent.LegEnded.class))
                    .isEqualTo(new BoxEvent.LegEnded(CALLER, EndCause.UNKNOWN, 0));
            assertThat(Duration.between(up, Instant.now()))
                    .as("not by the sweep")
                    .isLessThan(Running.SWEEP.dividedBy(2));
        }

        @Test
        void goesOnWhenItHasNotEnded() {
            box.has(CALLER, CALLER, "Up");
            box.answers(SUBSCRIBE, 404, "{'message':'Application not found'}");
            connect();

            Link.until("it is asked for again", () -> box.count("GET /channels/" + CALLER + "/variable") > 2, () -> "");
            link.settle(CALL);
            assertThat(link.others()).noneMatch(BoxEvent.LegEnded.class::isInstance);
        }
    }
}
