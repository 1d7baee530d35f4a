package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.telephony.BoxLink.Happened;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BookTest {

    private static final Instant NOW = Instant.parse("2026-11-21T18:00:00Z");
    private static final String CALLER = "1795284556.0";
    private static final String CALL = "box1-" + CALLER;

    private final Book book = new Book("box1", "life-1", Clock.fixed(NOW, ZoneOffset.UTC));

    static AriChannel channel(String id, String state, String application) {
        return new AriChannel(
                id, "PJSIP/x-" + id, state, "Ann", "+4930", CALLER, "carillon", application, NOW.minusSeconds(5));
    }

    private static AriEvent.Entered callerEnters(String tries, String via) {
        return new AriEvent.Entered(
                channel(CALLER, "Ring", "Stasis"), List.of("inbound", "4711", CALLER, "1795284556", tries, via));
    }

    private void seatRings(String legId) {
        book.making(legId, CALL);
        book.on(new AriEvent.StateChanged(channel(legId, "Ringing", "Stasis")));
    }

    private static List<BoxEvent> events(Book.Outcome outcome) {
        return outcome.happened().stream().map(Happened::event).toList();
    }

    @Nested
    class ACaller {

        @Test
        void isOfferedAndSubscribedTo() {
            var outcome = book.on(callerEnters("0", "new"));
            assertThat(outcome.happened())
                    .containsExactly(new Happened(
                            CALL,
                            new BoxEvent.LegOffered(
                                    "box1", "life-1", CALLER, "+4930", "Ann", "4711", NOW.minusSeconds(5))));
            assertThat(outcome.todos()).containsExactly(new Todo.Subscribe(CALLER));
        }

        @Test
        void whomTheDialplanHadHearsTheSameMusicAgain() {
            book.on(callerEnters("0", "new"));
            book.musicStarted(CALLER, "jazz");
            assertThat(book.on(new AriEvent.Left(channel(CALLER, "Up", ""))).happened())
                    .isEmpty();
            assertThat(book.leg(CALLER)).isPresent();
            assertThat(book.on(callerEnters("1", "watchdog")).todos())
                    .contains(new Todo.Execute(new BoxCommand.PlayMusic(CALL, CALLER, "jazz")));
        }

        @Test
        void whomTheDialplanHadHearsNoAnnouncementAnyMore() {
            book.on(callerEnters("0", "new"));
            book.leg(CALLER).orElseThrow().playback = "pb-1";
            book.on(new AriEvent.Left(channel(CALLER, "Up", "")));
            book.on(callerEnters("1", "watchdog"));
            assertThat(book.leg(CALLER).orElseThrow().playback).isNull();
        }

        @Test
        void whoHangsUpBeforeAnybodySubscribedIsFoundGone() {
            book.on(callerEnters("0", "new"));
            book.on(AriJson.event(AriJsonTest.fixture("hangup-cancel")
                    .replaceAll("\"id\": \"[^\"]*\"", "\"id\": \"" + CALLER + "\"")));
            assertThat(events(book.foundGone(CALLER)))
                    .containsExactly(new BoxEvent.LegEnded(CALLER, EndCause.NORMAL, 0));
            assertThat(book.foundGone(CALLER)).isEqualTo(Book.Outcome.NOTHING);
        }
    }

    @Nested
    class ASeatsLeg {

        @Test
        void onlyAdvances() {
            seatRings("leg-1");
            assertThat(book.ringing("leg-1")).isEmpty();
            assertThat(book.answered("leg-1")).hasSize(1);
            assertThat(book.on(new AriEvent.StateChanged(channel("leg-1", "Ringing", "Stasis")))
                            .happened())
                    .isEmpty();
            assertThat(book.stock(CALL).legs()).containsExactly(new Leg("leg-1", Leg.State.UP));
        }

        @Test
        void endsWithTheReasonOfWhoeverEndedIt() {
            seatRings("leg-1");
            assertThat(events(book.on(new AriEvent.Destroyed(channel("leg-1", "Down", ""), 17))))
                    .containsExactly(new BoxEvent.LegEnded("leg-1", EndCause.BUSY, 17));

            seatRings("leg-2");
            book.leg("leg-2").orElseThrow().asked = EndCause.NO_ANSWER;
            assertThat(events(book.on(new AriEvent.Destroyed(channel("leg-2", "Down", ""), 19))))
                    .containsExactly(new BoxEvent.LegEnded("leg-2", EndCause.NO_ANSWER, 19));

            seatRings("leg-4");
            book.leg("leg-4").orElseThrow().asked = EndCause.NO_ANSWER;
            assertThat(events(book.on(new AriEvent.Destroyed(channel("leg-4", "Down", ""), 21))))
                    .as("they declined before they were told")
                    .containsExactly(new BoxEvent.LegEnded("leg-4", EndCause.REJECTED, 21));

            seatRings("leg-3");
            book.on(new AriEvent.ShutDown(channel("leg-3", "Up", "Stasis")));
            assertThat(events(book.on(new AriEvent.Destroyed(channel("leg-3", "Up", ""), 0))))
                    .containsExactly(new BoxEvent.LegEnded("leg-3", EndCause.BOX_LOST, 0));

            seatRings("leg-5");
            assertThat(events(book.on(new AriEvent.Destroyed(channel("leg-5", "Up", ""), 16))))
                    .as("of a box that shuts down, which did not say so of every leg")
                    .containsExactly(new BoxEvent.LegEnded("leg-5", EndCause.BOX_LOST, 16));
        }

        @Test
        void endsOnceAndIsRemembered() {
            seatRings("leg-1");
            book.on(new AriEvent.Destroyed(channel("leg-1", "Down", ""), 19));
            assertThat(book.on(new AriEvent.Destroyed(channel("leg-1", "Down", ""), 16)))
                    .isEqualTo(Book.Outcome.NOTHING);
            var remembered = new Happened(CALL, new BoxEvent.LegEnded("leg-1", EndCause.NO_ANSWER, 19));
            assertThat(book.endOf("leg-1")).contains(remembered);
            assertThat(book.endedForCall(CALL, "leg-1", EndCause.NORMAL)).containsExactly(remembered);
        }
    }

    @Test
    void aBridgeGoesAfterItsLastLeg() {
        book.on(callerEnters("0", "new"));
        seatRings("leg-1");
        book.bridged(CALL, "br-1", List.of(CALLER, "leg-1"));
        assertThat(book.stock(CALL).bridged()).containsExactlyInAnyOrder(CALLER, "leg-1");
        assertThat(book.released(CALL, "br-1").todos()).isEmpty();
        assertThat(book.ended("leg-1", EndCause.NORMAL, 16).todos()).isEmpty();
        assertThat(book.ended(CALLER, EndCause.NORMAL, 16).todos()).containsExactly(new Todo.DestroyBridge("br-1"));
    }

    @Test
    void anAnnouncementIsOverAlsoWhenItsLegIs() {
        book.on(callerEnters("0", "new"));
        book.leg(CALLER).orElseThrow().playback = "pb-1";
        assertThat(events(book.on(new AriEvent.Destroyed(channel(CALLER, "Up", ""), 16))))
                .containsExactly(
                        new BoxEvent.AnnouncementEnded(CALLER, "pb-1"),
                        new BoxEvent.LegEnded(CALLER, EndCause.NORMAL, 16));
    }

    @Test
    void aKeyIsSaidOfACallerWhoWaitsAndOfNobodyElse() {
        book.on(callerEnters("0", "new"));
        seatRings("leg-1");
        assertThat(events(book.on(new AriEvent.KeyPressed(channel(CALLER, "Up", "Stasis"), "*"))))
                .singleElement()
                .isInstanceOfSatisfying(BoxEvent.KeyPressed.class, pressed -> {
                    assertThat(pressed.legId()).isEqualTo(CALLER);
                    assertThat(pressed.digit()).isEqualTo("*");
                });
        assertThat(events(book.on(new AriEvent.KeyPressed(channel("leg-1", "Up", "Stasis"), "*"))))
                .isEmpty();

        book.bridged(CALL, "br-1", List.of(CALLER, "leg-1"));
        assertThat(events(book.on(new AriEvent.KeyPressed(channel(CALLER, "Up", "Stasis"), "*"))))
                .isEmpty();
    }

    @Test
    void aStrangerIsNotTaken() {
        var outcome = book.on(new AriEvent.Entered(channel("9.9", "Ring", "Stasis"), List.of("who", "knows")));
        assertThat(outcome.happened()).isEmpty();
        assertThat(outcome.todos()).singleElement().isInstanceOf(Todo.Strange.class);
    }

    @Nested
    class TakingStock {

        private final Stock stock = new Stock(
                List.of(
                        new Stock.Found(channel(CALLER, "Up", "Stasis"), CALLER, "4711", false),
                        new Stock.Found(channel("leg-1", "Up", "AppDial2"), CALLER, "", false)),
                List.of(new AriBridge("br-1", "carillon:" + CALLER, List.of(CALLER, "leg-1"), NOW)),
                List.of());

        @Test
        void findsCallsByWhatTheirChannelsCarry() {
            var calls = book.load(stock);
            assertThat(calls).hasSize(1);
            assertThat(calls.get(0).callId()).isEqualTo(CALL);
            assertThat(calls.get(0).legs()).hasSize(2);
            assertThat(calls.get(0).bridged()).containsExactlyInAnyOrder(CALLER, "leg-1");
            assertThat(calls.get(0).offered().dialledNumber()).isEqualTo("4711");
        }

        @Test
        void keepsCallersWhomTheDialplanHasButDoesNotOfferThem() {
            var held = new Stock(
                    List.of(new Stock.Found(channel(CALLER, "Up", "Queue"), CALLER, "4711", false)),
                    List.of(),
                    List.of());
            assertThat(book.load(held)).singleElement().satisfies(call -> {
                assertThat(call.legs()).hasSize(1);
                assertThat(call.offered()).isNull();
            });
            assertThat(StockTaking.waitingOutside(held)).hasSize(1);
        }

        @Test
        void leavesThoseAloneWhoTalkToTheEmergencyQueue() {
            var served = new Stock(
                    List.of(new Stock.Found(channel(CALLER, "Up", "Queue"), CALLER, "4711", true)),
                    List.of(),
                    List.of());
            assertThat(book.load(served)).isEmpty();
            assertThat(StockTaking.waitingOutside(served)).isEmpty();
        }
    }

    @Nested
    class ASweep {

        private final Sweep sweep = new Sweep();

        private Stock stock(AriBridge... bridges) {
            var listed = channel(CALLER, "Up", "Stasis");
            return new Stock(
                    List.of(new Stock.Found(listed, CALLER, "4711", false)), List.of(bridges), List.of(listed));
        }

        @Test
        void asksForALegThatTheBoxDoesNotList() {
            seatRings("leg-1");
            assertThat(sweep.compare(book, stock()).todos()).containsExactly(new Todo.Probe("leg-1"));
        }

        @Test
        void takesInACallerItHasSeenTwice() {
            assertThat(sweep.compare(book, stock())).isEqualTo(new Book.Outcome(List.of(), List.of()));
            assertThat(events(sweep.compare(book, stock()))).singleElement().isInstanceOf(BoxEvent.LegOffered.class);
        }

        @Test
        void tellsACallThatOneIsAloneInItsBridgeAndTakesEmptyOnesDown() {
            book.on(callerEnters("0", "new"));
            var alone = new AriBridge("br-1", "carillon:" + CALLER, List.of(CALLER), NOW);
            var empty = new AriBridge("br-2", "carillon:" + CALLER, List.of(), NOW);
            var foreign = new AriBridge("br-3", "", List.of(), NOW);
            sweep.compare(book, stock(alone, empty, foreign));
            var outcome = sweep.compare(book, stock(alone, empty, foreign));
            assertThat(events(outcome)).singleElement().isInstanceOf(BoxEvent.BoxBack.class);
            assertThat(outcome.todos()).containsExactly(new Todo.DestroyBridge("br-2"));
        }
    }
}
