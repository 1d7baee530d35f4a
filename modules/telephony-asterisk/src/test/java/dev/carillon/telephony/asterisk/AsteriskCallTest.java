package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One call at a time, on a real Asterisk, with SIPp as the caller's and the agent's phone. */
@Tag("asterisk")
class AsteriskCallTest {

    /** More than a minute. */
    private static final String LONG_SOUND = "sound:demo-instruct";

    private static RealAsterisk asterisk;
    private static ActorTestKit kit;
    private Link link;

    @BeforeAll
    static void start() {
        asterisk = RealAsterisk.start();
        kit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        if (kit != null) {
            kit.shutdownTestKit();
        }
        if (asterisk != null) {
            asterisk.close();
        }
    }

    @BeforeEach
    void connect() {
        link = Link.connectUntilUp(kit, asterisk.settings());
        var up = link.inventory();
        assertThat(up.version()).matches("\\d+\\..*");
        assertThat(up.incarnation()).isNotEmpty();
        assertThat(up.calls()).isEmpty();
    }

    @AfterEach
    void disconnect() {
        if (link != null) {
            link.close();
        }
        try {
            asterisk.awaitNoChannels();
        } finally {
            // One failure is enough: the next test begins with an empty box.
            asterisk.hangUpEverything();
        }
    }

    private String ring(Link.Caller caller, String seat, int seconds) {
        String legId = "leg-" + UUID.randomUUID();
        link.say(ringCommand(caller, legId, seat, seconds));
        return legId;
    }

    private static BoxCommand.RingSeat ringCommand(Link.Caller caller, String legId, String seat, int seconds) {
        return new BoxCommand.RingSeat(
                caller.callId(),
                legId,
                "PJSIP/" + seat,
                caller.offer().callerNumber(),
                caller.offer().callerName(),
                seconds);
    }

    private Link.Caller answeredCaller() {
        var caller = link.offered();
        link.say(new BoxCommand.Answer(caller.callId(), caller.legId()));
        link.event(caller.callId(), BoxEvent.LegAnswered.class);
        link.say(new BoxCommand.PlayMusic(caller.callId(), caller.legId(), "default"));
        link.event(caller.callId(), BoxEvent.MusicStarted.class);
        return caller;
    }

    private void hangUp(Link.Caller caller) {
        link.say(new BoxCommand.HangUp(caller.callId(), caller.legId(), EndCause.NORMAL));
        link.event(
                caller.callId(), BoxEvent.LegEnded.class, ended -> ended.legId().equals(caller.legId()));
    }

    @Test
    void aCallFromRingToTalkToTheCallersHangUp() {
        var before = Instant.now();
        try (var phone = Phone.caller(asterisk);
                var seat = Phone.seat(asterisk, "1001", "seat-answers")) {
            var caller = link.offered();
            assertThat(caller.callId()).isEqualTo("box1-" + caller.legId());
            assertThat(caller.offer().callerNumber()).isEqualTo("+4930123456");
            assertThat(caller.offer().callerName()).isEqualTo("Ann");
            assertThat(caller.offer().dialledNumber()).isEqualTo("4711");
            assertThat(caller.offer().arrivedAt())
                    .isBetween(before.minusSeconds(1), Instant.now().plus(Duration.ofSeconds(1)));

            link.say(new BoxCommand.Answer(caller.callId(), caller.legId()));
            link.event(caller.callId(), BoxEvent.LegAnswered.class);
            link.say(new BoxCommand.PlayMusic(caller.callId(), caller.legId(), "default"));
            link.event(caller.callId(), BoxEvent.MusicStarted.class);

            String legId = ring(caller, "1001", 20);
            link.event(caller.callId(), BoxEvent.LegRinging.class, ringing -> ringing.legId()
                    .equals(legId));
            link.event(caller.callId(), BoxEvent.LegAnswered.class, answered -> answered.legId()
                    .equals(legId));
            link.say(new BoxCommand.Bridge(caller.callId(), "br-1", List.of(caller.legId(), legId)));
            link.event(caller.callId(), BoxEvent.Bridged.class);
            assertThat(seat.messages()).contains("+4930123456").contains("\"Ann\"");

            link.say(new BoxCommand.TakeStock(caller.callId()));
            var stock = link.event(caller.callId(), BoxEvent.BoxBack.class);
            assertThat(stock.bridged()).containsExactlyInAnyOrder(caller.legId(), legId);

            phone.hangUp();
            var ended = link.event(caller.callId(), BoxEvent.LegEnded.class);
            assertThat(ended.legId()).isEqualTo(caller.legId());
            assertThat(ended.cause()).isEqualTo(EndCause.NORMAL);
            assertThat(ended.q850()).isEqualTo(16);

            link.say(new BoxCommand.HangUp(caller.callId(), legId, EndCause.NORMAL));
            assertThat(link.event(caller.callId(), BoxEvent.LegEnded.class).legId())
                    .isEqualTo(legId);
            link.say(new BoxCommand.Release(caller.callId(), "br-1"));
            link.settle(caller.callId());
            phone.finish();
            seat.finish();
        }
    }

    @Test
    void theAgentHangsUpAndTheCallerHearsMusicAgain() {
        try (var phone = Phone.caller(asterisk);
                var seat = Phone.seat(asterisk, "1001", "seat-answers")) {
            var caller = answeredCaller();
            String legId = talk(caller, "1001", "br-2");

            seat.hangUp();
            var ended = link.event(caller.callId(), BoxEvent.LegEnded.class);
            assertThat(ended.legId()).isEqualTo(legId);
            assertThat(ended.cause()).isEqualTo(EndCause.NORMAL);

            link.say(new BoxCommand.PlayMusic(caller.callId(), caller.legId(), "default"));
            link.event(caller.callId(), BoxEvent.MusicStarted.class);
            hangUp(caller);
            seat.finish();
            phone.finish();
        }
    }

    @Test
    void aBusySeat() {
        seatFails("seat-busy", 20, EndCause.BUSY);
    }

    @Test
    void aSeatThatDeclines() {
        seatFails("seat-declines", 20, EndCause.REJECTED);
    }

    @Test
    void aSeatThatNobodyAnswers() {
        seatFails("seat-rings", 2, EndCause.NO_ANSWER);
    }

    private void seatFails(String scenario, int seconds, EndCause expected) {
        try (var phone = Phone.caller(asterisk);
                var seat = Phone.seat(asterisk, "1002", scenario)) {
            var caller = answeredCaller();
            String legId = ring(caller, "1002", seconds);
            var ended = link.event(caller.callId(), BoxEvent.LegEnded.class);
            assertThat(ended.legId()).isEqualTo(legId);
            assertThat(ended.cause()).isEqualTo(expected);
            seat.finish();

            hangUp(caller);
            phone.finish();
        }
    }

    @Test
    void aSeatWithoutARegisteredPhoneAndOneThatDoesNotExist() {
        try (var phone = Phone.caller(asterisk)) {
            var caller = answeredCaller();
            for (var seat : List.of("1009", "nobody")) {
                String legId = ring(caller, seat, 20);
                var ended = link.event(caller.callId(), BoxEvent.LegEnded.class);
                assertThat(ended.legId()).isEqualTo(legId);
                assertThat(ended.cause()).isEqualTo(EndCause.UNREACHABLE);
            }
            hangUp(caller);
            phone.finish();
        }
    }

    @Test
    void aPhoneThatRingsIsToldToStop() {
        try (var phone = Phone.caller(asterisk);
                var seat = Phone.seat(asterisk, "1003", "seat-rings")) {
            var caller = answeredCaller();
            String legId = ring(caller, "1003", 30);
            link.event(caller.callId(), BoxEvent.LegRinging.class);
            link.say(new BoxCommand.HangUp(caller.callId(), legId, EndCause.CANCELLED));
            assertThat(link.event(caller.callId(), BoxEvent.LegEnded.class))
                    .extracting(BoxEvent.LegEnded::legId, BoxEvent.LegEnded::cause)
                    .containsExactly(legId, EndCause.CANCELLED);
            seat.finish();
            hangUp(caller);
            phone.finish();
        }
    }

    @Test
    void aCallerWhoGivesUpBeforeTheAnswer() {
        try (var phone = Phone.caller(asterisk, "caller-gives-up", "+49301", "Ann", "4711")) {
            var caller = link.offered();
            phone.hangUp();
            assertThat(link.event(caller.callId(), BoxEvent.LegEnded.class).cause())
                    .isEqualTo(EndCause.NORMAL);
            phone.finish();
        }
    }

    @Test
    void aCallerWhoIsRefusedIsTold503WithoutAnAnswer() {
        try (var phone = Phone.caller(asterisk, "caller-refused", "+49301", "Ann", "4711")) {
            var caller = link.offered();
            link.say(new BoxCommand.HangUp(caller.callId(), caller.legId(), EndCause.CONGESTION));
            assertThat(link.event(caller.callId(), BoxEvent.LegEnded.class).cause())
                    .isEqualTo(EndCause.CONGESTION);
            phone.finish();
            assertThat(phone.count("SIP/2.0 503 ")).isPositive();
            assertThat(phone.count("SIP/2.0 200 ")).isZero();
        }
    }

    @Test
    void theBoxIsToldOfOverloadAndOfItsEnd() {
        link.overloaded(true);
        awaitOverload("1");
        link.overloaded(false);
        awaitOverload("0");
    }

    private static void awaitOverload(String value) {
        var latest = Instant.now().plusSeconds(30);
        while (!asterisk.cli("dialplan show globals").contains("CARILLON_OVERLOAD=" + value)) {
            assertThat(Instant.now())
                    .as("CARILLON_OVERLOAD is to become " + value)
                    .isBefore(latest);
            Thread.onSpinWait();
        }
    }

    @Test
    void everyCommandMayBeSaidAgain() {
        try (var phone = Phone.caller(asterisk);
                var seat = Phone.seat(asterisk, "1004", "seat-answers")) {
            var caller = answeredCaller();
            String callId = caller.callId();
            link.say(new BoxCommand.Answer(callId, caller.legId()));
            link.event(callId, BoxEvent.LegAnswered.class);
            link.say(new BoxCommand.PlayMusic(callId, caller.legId(), "default"));
            link.event(callId, BoxEvent.MusicStarted.class);

            // Twice while it plays, once more after its end: one announcement.
            var announce = new BoxCommand.Announce(callId, caller.legId(), "pb-1", "sound:beep", "");
            link.say(announce);
            link.say(announce);
            link.event(callId, BoxEvent.AnnouncementEnded.class);
            link.say(announce);
            link.event(callId, BoxEvent.AnnouncementEnded.class);

            var ring = ringCommand(caller, "leg-" + UUID.randomUUID(), "1004", 20);
            link.say(ring);
            link.say(ring);
            link.event(callId, BoxEvent.LegRinging.class);
            link.say(ring);
            link.event(callId, BoxEvent.LegAnswered.class);
            link.say(ring);
            link.event(callId, BoxEvent.LegAnswered.class);
            var bridge = new BoxCommand.Bridge(callId, "br-3", List.of(caller.legId(), ring.legId()));
            link.say(bridge);
            link.event(callId, BoxEvent.Bridged.class);
            link.say(bridge);
            link.event(callId, BoxEvent.Bridged.class);
            link.say(new BoxCommand.PlayMusic(callId, caller.legId(), "default"));
            link.settle(callId);
            assertThat(seat.count("INVITE")).isEqualTo(1);

            var hangUp = new BoxCommand.HangUp(callId, ring.legId(), EndCause.NORMAL);
            link.say(hangUp);
            link.event(callId, BoxEvent.LegEnded.class);
            link.say(hangUp);
            link.event(callId, BoxEvent.LegEnded.class);
            link.say(ring);
            assertThat(link.event(callId, BoxEvent.LegEnded.class).legId()).isEqualTo(ring.legId());
            hangUp(caller);
            link.say(new BoxCommand.Release(callId, "br-3"));
            link.say(new BoxCommand.Release(callId, "br-3"));
            link.settle(callId);
            assertThat(link.others()).noneMatch(BoxEvent.LegEnded.class::isInstance);
            phone.finish();
            seat.finish();
        }
    }

    @Test
    void anAnnouncementThatDoesNotExistEndsAllTheSame() {
        try (var phone = Phone.caller(asterisk)) {
            var caller = answeredCaller();
            link.say(new BoxCommand.Announce(caller.callId(), caller.legId(), "pb-2", "sound:no-such-sound", ""));
            link.event(caller.callId(), BoxEvent.AnnouncementEnded.class);
            hangUp(caller);
            phone.finish();
        }
    }

    @Test
    void whatIsPlayedEndsWhatPlayedBefore() {
        try (var phone = Phone.caller(asterisk)) {
            var caller = answeredCaller();
            String callId = caller.callId();
            var longOne = new BoxCommand.Announce(callId, caller.legId(), "pb-3", LONG_SOUND, "");
            var before = Instant.now();
            link.say(longOne);
            link.say(new BoxCommand.Announce(callId, caller.legId(), "pb-4", "sound:beep", ""));
            link.event(callId, BoxEvent.AnnouncementEnded.class, ended -> ended.playbackId()
                    .equals("pb-4"));
            link.say(new BoxCommand.Announce(callId, caller.legId(), "pb-5", LONG_SOUND, ""));
            link.say(new BoxCommand.PlayMusic(callId, caller.legId(), "default"));
            link.event(callId, BoxEvent.MusicStarted.class);
            // Is not answered while anything plays.
            link.say(new BoxCommand.KeepAlive(callId, List.of(), 30));
            link.settle(callId);
            assertThat(Duration.between(before, Instant.now()))
                    .as("less than one of the two lasts")
                    .isLessThan(Duration.ofSeconds(60));
            assertThat(link.others()).noneMatch(BoxEvent.AnnouncementEnded.class::isInstance);
            hangUp(caller);
            phone.finish();
        }
    }

    @Test
    void aNumberThatIsBeingSaidDelaysWhatComesNextByItselfOnly() {
        try (var phone = Phone.caller(asterisk);
                var seat = Phone.seat(asterisk, "1005", "seat-answers")) {
            var caller = answeredCaller();
            String callId = caller.callId();
            // Almost two seconds of number, then more than a minute.
            var media = "number:123," + LONG_SOUND;
            link.say(new BoxCommand.Announce(callId, caller.legId(), "pb-7", media, ""));
            link.say(new BoxCommand.PlayMusic(callId, caller.legId(), "default"));
            link.event(callId, BoxEvent.MusicStarted.class);
            link.say(new BoxCommand.Announce(callId, caller.legId(), "pb-8", media, ""));
            link.say(new BoxCommand.Announce(callId, caller.legId(), "pb-9", media, ""));
            var before = Instant.now();
            String legId = talk(caller, "1005", "br-7");
            assertThat(Duration.between(before, Instant.now()))
                    .as("no sound after a number is heard")
                    .isLessThan(Duration.ofSeconds(20));
            link.say(new BoxCommand.HangUp(callId, legId, EndCause.NORMAL));
            link.event(callId, BoxEvent.LegEnded.class, ended -> ended.legId().equals(legId));
            hangUp(caller);
            phone.finish();
            seat.finish();
        }
    }

    @Test
    void anAnnouncementThatIsLongerThanTheWatchdogIsHeardToItsEnd() {
        try (var phone = Phone.caller(asterisk)) {
            var caller = answeredCaller();
            String callId = caller.callId();
            link.say(new BoxCommand.KeepAlive(callId, List.of(), 4));
            var before = Instant.now();
            // Five and a half seconds.
            link.say(new BoxCommand.Announce(callId, caller.legId(), "pb-6", "sound:demo-thanks", ""));
            link.event(callId, BoxEvent.AnnouncementEnded.class);
            assertThat(Duration.between(before, Instant.now()))
                    .as("the box has not taken the caller back in the middle of it")
                    .isGreaterThan(Duration.ofSeconds(5));
            hangUp(caller);
            phone.finish();
        }
    }

    private String talk(Link.Caller caller, String seat, String bridgeId) {
        String legId = ring(caller, seat, 20);
        link.event(caller.callId(), BoxEvent.LegAnswered.class, answered -> answered.legId()
                .equals(legId));
        link.say(new BoxCommand.Bridge(caller.callId(), bridgeId, List.of(caller.legId(), legId)));
        link.event(caller.callId(), BoxEvent.Bridged.class);
        return legId;
    }
}
