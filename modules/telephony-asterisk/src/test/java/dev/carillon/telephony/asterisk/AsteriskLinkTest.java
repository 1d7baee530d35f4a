package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.BoxSettings;
import dev.carillon.protocol.box.BoxTrouble;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.telephony.BoxLink;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The link comes and goes, and callers stay: on a real Asterisk whose dialplan is told to be impatient. */
@Tag("asterisk")
class AsteriskLinkTest {

    private static RealAsterisk asterisk;
    private static ActorTestKit kit;
    private Link link;

    @BeforeAll
    static void start() {
        asterisk = RealAsterisk.start("GRACE=3", "RETRY=1", "WATCHDOG=8");
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

    @AfterEach
    void clean() {
        if (link != null) {
            link.close();
        }
        asterisk.hangUpEverything();
    }

    private Link.Caller waiting() {
        var caller = link.offered();
        link.say(new BoxCommand.Answer(caller.callId(), caller.legId()));
        link.event(caller.callId(), BoxEvent.LegAnswered.class);
        link.say(new BoxCommand.KeepAlive(caller.callId(), List.of(new Leg(caller.legId(), Leg.State.UP)), 120));
        link.settle(caller.callId());
        return caller;
    }

    private void connect() {
        link = Link.connectUntilUp(kit, asterisk.settings());
    }

    private void awaitInDialplan(String application, int callers) {
        Link.until(
                callers + " callers in " + application,
                () -> asterisk.channels()
                                .lines()
                                .filter(line -> line.contains("!" + application + "!"))
                                .count()
                        == callers,
                asterisk::channels);
    }

    @Test
    void aWrongPasswordAndAnEmptyPortAreSaidPlainly() {
        assertThat(Link.connect(kit, asterisk.settings("wrong")).down().trouble())
                .isEqualTo(BoxTrouble.BOX_REFUSED_PASSWORD);
        var nowhere = new BoxSettings("box1", "asterisk", "http://127.0.0.1:" + RealAsterisk.freePort(), "x", "y");
        assertThat(Link.connect(kit, nowhere).down().trouble()).isEqualTo(BoxTrouble.BOX_UNREACHABLE);
        var nonsense = new BoxSettings("box1", "asterisk", "not an address", "x", "y");
        assertThat(Link.connect(kit, nonsense).down().trouble()).isEqualTo(BoxTrouble.BOX_MISCONFIGURED);
    }

    @Test
    void whoeverConnectsLaterHasTheBox() {
        connect();
        var second = Link.connectUntilUp(kit, asterisk.settings());
        assertThat(link.down().trouble()).isEqualTo(BoxTrouble.BOX_REPLACED);
        try (var phone = Phone.caller(asterisk)) {
            var caller = second.offered();
            second.say(new BoxCommand.HangUp(caller.callId(), caller.legId(), EndCause.BUSY));
            second.event(caller.callId(), BoxEvent.LegEnded.class);
            Link.until("the phone is told", phone::isDone, phone::messages);
        }
        second.close();
    }

    @Test
    void aConnectionLeftOverFromTheSameCarillonIsNoOther() {
        link = Link.connectUntilUp(kit, asterisk.settings(), "us");
        var ghost = Link.connectUntilUp(kit, asterisk.settings(), "us");
        assertThat(link.down().trouble()).isEqualTo(BoxTrouble.BOX_LOST);
        ghost.close();
    }

    @Test
    void aTalkGoesOnWithoutALinkAndIsFoundByTheNext() {
        connect();
        try (var phone = Phone.caller(asterisk);
                var seat = Phone.seat(asterisk, "1001", "seat-answers")) {
            var caller = waiting();
            link.say(new BoxCommand.RingSeat(caller.callId(), "leg-talk", "PJSIP/1001", "", "", 20));
            link.event(caller.callId(), BoxEvent.LegAnswered.class);
            link.say(new BoxCommand.Bridge(caller.callId(), "br-talk", List.of(caller.legId(), "leg-talk")));
            link.event(caller.callId(), BoxEvent.Bridged.class);
            link.close();

            connect();
            assertThat(link.inventory().calls()).singleElement().satisfies(call -> {
                assertThat(call.callId()).isEqualTo(caller.callId());
                assertThat(call.legs())
                        .containsExactlyInAnyOrder(
                                new Leg(caller.legId(), Leg.State.UP), new Leg("leg-talk", Leg.State.UP));
                assertThat(call.bridged()).containsExactlyInAnyOrder(caller.legId(), "leg-talk");
            });
            link.say(new BoxCommand.Bridge(caller.callId(), "br-talk", List.of(caller.legId(), "leg-talk")));
            link.event(caller.callId(), BoxEvent.Bridged.class);
            seat.hangUp();
            assertThat(link.event(caller.callId(), BoxEvent.LegEnded.class))
                    .isEqualTo(new BoxEvent.LegEnded("leg-talk", EndCause.NORMAL, 16));
            phone.hangUp();
            assertThat(link.event(caller.callId(), BoxEvent.LegEnded.class).cause())
                    .isEqualTo(EndCause.NORMAL);
        }
    }

    @Test
    void callersWhoCameWhileNobodyWasThereAreFetchedInOrder() {
        try (var first = Phone.caller(asterisk, "caller", "1", "First", "4711")) {
            awaitInDialplan("MusicOnHold", 1);
            try (var second = Phone.caller(asterisk, "caller", "2", "Second", "4711")) {
                awaitInDialplan("Queue", 2);
                connect();
                assertThat(link.inventory().calls()).hasSize(2).allMatch(call -> call.offered() == null);
                assertThat(List.of(
                                link.offered().offer().callerNumber(),
                                link.offered().offer().callerNumber()))
                        .containsExactly("1", "2");
                assertThat(first.count("BYE") + second.count("BYE")).isZero();
            }
        }
    }

    @Test
    void aCallerInTheRetryLoopIsFetched() {
        try (var phone = Phone.caller(asterisk)) {
            awaitInDialplan("MusicOnHold", 1);
            connect();
            var caller = link.offered();
            link.event(caller.callId(), BoxEvent.MusicStarted.class);
            phone.hangUp();
            link.event(caller.callId(), BoxEvent.LegEnded.class);
        }
    }

    @Test
    void theWatchdogTakesACallerBackWhoseCallIsSilentAndTheyAreNotEnded() {
        connect();
        try (var phone = Phone.caller(asterisk)) {
            var caller = link.offered();
            link.say(
                    new BoxCommand.KeepAlive(caller.callId(), List.of(new Leg(caller.legId(), Leg.State.DIALLING)), 2));
            // The dialplan answers, asks again, and they are back: the same call, the same leg, never ended.
            assertThat(link.offered().legId()).isEqualTo(caller.legId());
            assertThat(link.others()).noneMatch(BoxEvent.LegEnded.class::isInstance);
            phone.hangUp();
            link.event(caller.callId(), BoxEvent.LegEnded.class);
        }
    }

    @Test
    void aBoxThatDiesIsNoticedAndHasAnotherLifeAfterwards() {
        connect();
        var before = link.inventory();
        try (var phone = Phone.caller(asterisk)) {
            waiting();
            asterisk.kill();
            assertThat(link.down().trouble()).isEqualTo(BoxTrouble.BOX_LOST);
            assertThat(phone.isDone()).isFalse();
        }
        asterisk.up();
        connect();
        BoxLink.Up after = link.inventory();
        assertThat(after.incarnation()).isNotEqualTo(before.incarnation());
        assertThat(after.calls()).isEmpty();
    }

    @Test
    void aBoxThatOffersCallsToWhoeverAnswersIsAnswered() {
        assumeTrue(
                asterisk.cli("module show like app_stasis_broadcast").contains("Running"),
                "this Asterisk has no StasisBroadcast (22.10 and newer have)");
        asterisk.set("ADMISSION=broadcast");
        try {
            connect();
            try (var phone = Phone.caller(asterisk)) {
                var caller = link.offered();
                assertThat(caller.offer().dialledNumber()).isEqualTo("4711");
                link.say(new BoxCommand.Answer(caller.callId(), caller.legId()));
                link.event(caller.callId(), BoxEvent.LegAnswered.class);
                phone.hangUp();
                link.event(caller.callId(), BoxEvent.LegEnded.class);
            }
        } finally {
            asterisk.set("ADMISSION=stasis");
        }
    }

    @Test
    void aBoxThatCannotOfferCallsHandsThemOverAllTheSame() {
        asterisk.set("ADMISSION=broadcast");
        asterisk.cli("module unload app_stasis_broadcast.so");
        try {
            assertThat(asterisk.cli("core show application StasisBroadcast")).doesNotContain("Info about");
            connect();
            try (var phone = Phone.caller(asterisk)) {
                var caller = link.offered();
                assertThat(asterisk.channels()).contains("!Stasis!");
                phone.hangUp();
                link.event(caller.callId(), BoxEvent.LegEnded.class);
            }
        } finally {
            asterisk.cli("module load app_stasis_broadcast.so");
            asterisk.set("ADMISSION=stasis");
        }
    }
}
