package dev.carillon.telephony;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.telephony.BoxCalls.Output;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BoxCallsTest {

    private static final Instant START = Instant.parse("2026-05-04T08:00:00Z");
    private static final String CALL = "b1-100.1";
    private static final String CALLER = "100.1";
    private static final String SEAT = "seat-leg-1";
    private static final BoxCommand.RingSeat RING =
            new BoxCommand.RingSeat(CALL, SEAT, "PJSIP/1001", "+4930", "Ann", 20);

    private final BoxCalls calls = new BoxCalls(
            "b1",
            new BoxCalls.Limits(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(15),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(60),
                    5));
    private Instant now = START;

    @Nested
    class WhileTheBoxCannotBeReached {

        @Test
        void everyCommandIsAnsweredByBoxAwayAndNothingIsKeptForLater() {
            assertThat(say(RING)).containsExactly(tell(new BoxEvent.BoxAway("b1", true)));
            assertThat(say(keepAlive(30, leg(CALLER, Leg.State.UP))))
                    .containsExactly(tell(new BoxEvent.BoxAway("b1", true)));
            assertThat(say(new BoxCommand.TakeStock(CALL))).containsExactly(tell(new BoxEvent.BoxAway("b1", true)));

            assertThat(connect("first")).doesNotContain(new Output.Pass(RING));
        }

        @Test
        void aReleaseIsKeptBecauseNobodyWouldRepeatIt() {
            var release = new BoxCommand.Release(CALL, "bridge-1");
            assertThat(say(release)).isEmpty();

            assertThat(connect("first")).containsExactly(new Output.Pass(release));
            calls.disconnected();
            assertThat(connect("first")).isEmpty();
        }

        @Test
        void aCallThatSpokeMeanwhileLearnsAfterwardsThatTheBoxHasNothingOfIt() {
            say(keepAlive(30, leg(CALLER, Leg.State.UP)));

            assertThat(connect("first")).containsExactly(tell(back("first")));
        }

        @Test
        void aLegTheCallBelievedInMeanwhileAndTheBoxDoesNotHaveNeverRings() {
            say(keepAlive(30, leg(CALLER, Leg.State.UP), leg(SEAT, Leg.State.DIALLING)));
            connect("first", onBox(List.of(leg(CALLER, Leg.State.UP)), null));

            assertThat(say(RING)).containsExactly(tell(new BoxEvent.LegEnded(SEAT, EndCause.UNKNOWN, 0)));
        }

        @Test
        void aCallThatHasNeverSaidAWordIsNotToldOfTheLoss() {
            connect("first");
            happened(offer());

            assertThat(calls.disconnected()).isEmpty();
        }

        @Test
        void timeBringsNothing() {
            connect("first");
            offered();
            calls.disconnected();

            assertThat(tick(Duration.ofMinutes(2))).isEmpty();
        }
    }

    @Nested
    class ACallerArrives {

        @BeforeEach
        void connected() {
            connect("first");
        }

        @Test
        void isOfferedEverySecondUntilTheCallSaysAnything() {
            assertThat(happened(offer())).containsExactly(tell(offer()));
            assertThat(tick(Duration.ofMillis(500))).isEmpty();
            assertThat(tick(Duration.ofMillis(500))).containsExactly(tell(offer()));
            assertThat(tick(Duration.ofSeconds(1))).containsExactly(tell(offer()));

            say(new BoxCommand.Answer(CALL, CALLER));

            assertThat(tick(Duration.ofSeconds(1))).isEmpty();
        }

        @Test
        void andHangsUpBeforeTheCallSaidAnythingIsStillOfferedWithTheirEnd() {
            happened(offer());
            var end = new BoxEvent.LegEnded(CALLER, EndCause.NORMAL, 16);
            assertThat(happened(end)).containsExactly(tell(end));

            assertThat(tick(Duration.ofSeconds(3))).containsExactly(tell(offer()), tell(end));
            assertThat(say(new BoxCommand.Answer(CALL, CALLER))).containsExactly(tell(end));
            say(new BoxCommand.Release(CALL, ""));
            assertThat(tick(Duration.ofMinutes(1))).isEmpty();
        }

        @Test
        void afterTheirCallWasReleasedIsTheirCallAgain() {
            happened(offer());
            say(new BoxCommand.Release(CALL, ""));
            happened(offer());

            assertThat(say(RING)).containsExactly(new Output.Pass(RING));
        }

        @Test
        void comesBackAfterTheBoxHadThemForAWhile() {
            happened(offer());
            say(new BoxCommand.Answer(CALL, CALLER));
            happened(new BoxEvent.LegEnded(CALLER, EndCause.UNKNOWN, 0));

            assertThat(happened(offer())).containsExactly(tell(offer()));
            assertThat(tick(Duration.ofSeconds(1))).containsExactly(tell(offer()));
            var answer = new BoxCommand.Answer(CALL, CALLER);
            assertThat(say(answer)).containsExactly(new Output.Pass(answer));
        }
    }

    @Nested
    class RepeatedAndLateCommands {

        @BeforeEach
        void aCallerWasAnswered() {
            connect("first");
            offered();
            say(new BoxCommand.Answer(CALL, CALLER));
            happened(new BoxEvent.LegAnswered(CALLER));
        }

        @Test
        void aRingingIsPassedOnAndThenAnsweredByHowItStands() {
            assertThat(say(RING)).containsExactly(new Output.Pass(RING));
            assertThat(say(RING))
                    .as("not heard of yet: the box may not have got it")
                    .containsExactly(new Output.Pass(RING));

            happened(new BoxEvent.LegRinging(SEAT));
            assertThat(say(RING)).containsExactly(tell(new BoxEvent.LegRinging(SEAT)));

            happened(new BoxEvent.LegAnswered(SEAT));
            assertThat(say(RING)).containsExactly(tell(new BoxEvent.LegAnswered(SEAT)));
        }

        @Test
        void anEndedLegNeverRingsAgain() {
            say(RING);
            var busy = new BoxEvent.LegEnded(SEAT, EndCause.BUSY, 17);
            happened(busy);
            happened(new BoxEvent.LegEnded(SEAT, EndCause.UNKNOWN, 0));

            assertThat(say(RING)).containsExactly(tell(busy));
            assertThat(say(new BoxCommand.HangUp(CALL, SEAT, EndCause.CANCELLED)))
                    .containsExactly(tell(busy));
            assertThat(say(keepAlive(30, leg(CALLER, Leg.State.UP), leg(SEAT, Leg.State.RINGING))))
                    .contains(tell(busy));
        }

        @Test
        void aHangUpThatOvertookItsRingingPreventsIt() {
            var hangUp = new BoxCommand.HangUp(CALL, SEAT, EndCause.CANCELLED);
            assertThat(say(hangUp)).containsExactly(new Output.Pass(hangUp));
            var gone = new BoxEvent.LegEnded(SEAT, EndCause.UNKNOWN, 0);
            happened(gone);

            assertThat(say(RING)).containsExactly(tell(gone));
        }

        @Test
        void nothingRingsForACallThatWasReleased() {
            say(new BoxCommand.Release(CALL, "bridge-1"));

            assertThat(say(RING)).containsExactly(tell(new BoxEvent.LegEnded(SEAT, EndCause.CANCELLED, 0)));
            assertThat(tick(Duration.ofMinutes(1)))
                    .as("and a late word does not make it known again")
                    .isEmpty();
        }

        @Test
        void endedLegsAreForgottenAfterSomeMinutes() {
            say(RING);
            happened(new BoxEvent.LegEnded(SEAT, EndCause.BUSY, 17));
            tick(Duration.ofMinutes(5).plusSeconds(1));

            assertThat(say(RING)).containsExactly(new Output.Pass(RING));
        }

        @Test
        void anAnsweredLegIsNotAnsweredAgain() {
            assertThat(say(new BoxCommand.Answer(CALL, CALLER)))
                    .containsExactly(tell(new BoxEvent.LegAnswered(CALLER)));
        }

        @Test
        void anAnnouncementThatWasPlayedIsNotPlayedAgain() {
            var announce = new BoxCommand.Announce(CALL, CALLER, "p1", "sound:queue-thankyou", "");
            assertThat(say(announce)).containsExactly(new Output.Pass(announce));
            happened(new BoxEvent.AnnouncementEnded(CALLER, "p1"));

            assertThat(say(announce)).containsExactly(tell(new BoxEvent.AnnouncementEnded(CALLER, "p1")));
        }

        @Test
        void aBridgeWithALegThatHasEndedIsAnsweredByItsEnd() {
            say(RING);
            happened(new BoxEvent.LegAnswered(SEAT));
            var bridge = new BoxCommand.Bridge(CALL, "bridge-1", List.of(CALLER, SEAT));
            assertThat(say(bridge)).containsExactly(new Output.Pass(bridge));
            var end = new BoxEvent.LegEnded(CALLER, EndCause.NORMAL, 16);
            happened(end);

            assertThat(say(bridge)).containsExactly(tell(end));
        }

        @Test
        void whatMovesUnderAnEndedIdIsHungUp() {
            say(RING);
            happened(new BoxEvent.LegEnded(SEAT, EndCause.NO_ANSWER, 19));

            assertThat(happened(new BoxEvent.LegAnswered(SEAT)))
                    .containsExactly(new Output.Pass(new BoxCommand.HangUp(CALL, SEAT, EndCause.CANCELLED)));
        }

        @Test
        void aRingingThatComesAfterTheAnswerDoesNotUndoIt() {
            say(RING);
            happened(new BoxEvent.LegAnswered(SEAT));
            happened(new BoxEvent.LegRinging(SEAT));

            assertThat(say(RING)).containsExactly(tell(new BoxEvent.LegAnswered(SEAT)));
        }

        @Test
        void aReleaseHangsUpWhatIsLeftAndTheirEndsAreNoNewsToAnybody() {
            say(RING);
            var release = new BoxCommand.Release(CALL, "bridge-1");

            assertThat(say(release))
                    .containsExactly(
                            new Output.Pass(new BoxCommand.HangUp(CALL, CALLER, EndCause.NORMAL)),
                            new Output.Pass(new BoxCommand.HangUp(CALL, SEAT, EndCause.NORMAL)),
                            new Output.Pass(release));
            assertThat(happened(new BoxEvent.LegEnded(CALLER, EndCause.NORMAL, 16)))
                    .isEmpty();
            assertThat(happened(new BoxEvent.LegEnded(SEAT, EndCause.NORMAL, 16)))
                    .isEmpty();
            assertThat(calls.count()).isZero();
        }
    }

    @Nested
    class KeepAlive {

        @BeforeEach
        void aCallerWasAnswered() {
            connect("first");
            offered();
            say(new BoxCommand.Answer(CALL, CALLER));
            happened(new BoxEvent.LegAnswered(CALLER));
            // The watchdog that the box itself had set is long off.
            now = now.plusSeconds(121);
        }

        @Test
        void takesOffTheWatchdogThatTheBoxItselfHasSet() {
            happened(offer());
            var off = keepAlive(0, leg(CALLER, Leg.State.UP));
            assertThat(say(off)).containsExactly(new Output.Pass(off));
        }

        @Test
        void isPassedOnToSetTheWatchdogAndSaysNothingWhenAllIsRight() {
            var right = keepAlive(30, leg(CALLER, Leg.State.UP));
            assertThat(say(right)).containsExactly(new Output.Pass(right));
        }

        @Test
        void takesTheWatchdogOffForAsLongAsOneMayRun() {
            var off = keepAlive(0, leg(CALLER, Leg.State.UP));
            assertThat(say(off)).as("none was set").isEmpty();

            say(keepAlive(30, leg(CALLER, Leg.State.UP)));
            assertThat(say(off)).containsExactly(new Output.Pass(off));
            now = now.plusSeconds(20);
            assertThat(say(off)).as("the first may have been lost").containsExactly(new Output.Pass(off));
            now = now.plusSeconds(41);
            assertThat(say(off)).isEmpty();
        }

        @Test
        void tellsWhatTheCallHasMissed() {
            say(RING);
            happened(new BoxEvent.LegRinging(SEAT));

            assertThat(say(keepAlive(0, leg(CALLER, Leg.State.DIALLING), leg(SEAT, Leg.State.DIALLING))))
                    .containsExactly(tell(new BoxEvent.LegAnswered(CALLER)), tell(new BoxEvent.LegRinging(SEAT)));
        }

        @Test
        void tellsThatTheCallerWaitsInSilenceUntilSomethingIsAskedFor() {
            var ended = new BoxEvent.AnnouncementEnded(CALLER, "late");
            var off = keepAlive(0, leg(CALLER, Leg.State.UP));
            happened(ended);
            assertThat(say(off)).containsExactly(tell(ended));
            assertThat(say(off)).as("that was lost, too").containsExactly(tell(ended));

            say(new BoxCommand.PlayMusic(CALL, CALLER, "default"));
            assertThat(say(off)).isEmpty();

            happened(ended);
            happened(new BoxEvent.Bridged("br", List.of(CALLER, SEAT)));
            assertThat(say(off)).as("they talk").isEmpty();
        }

        @Test
        void tellsOfALegTheCallDoesNotKnow() {
            say(RING);
            happened(new BoxEvent.LegAnswered(SEAT));

            assertThat(say(keepAlive(0, leg(CALLER, Leg.State.UP))))
                    .containsExactly(tell(new BoxEvent.LegAnswered(SEAT)));
        }

        @Test
        void ofALegNobodyHasEverHeardOfIsAnsweredByAllTheBoxHas() {
            assertThat(say(keepAlive(0, leg(CALLER, Leg.State.UP), leg("ghost", Leg.State.UP))))
                    .containsExactly(tell(back("first", leg(CALLER, Leg.State.UP))));
        }

        @Test
        void doesNotEndALegWhoseRingingIsStillOnItsWay() {
            var early = keepAlive(0, leg(CALLER, Leg.State.UP), leg(SEAT, Leg.State.DIALLING));
            assertThat(say(early)).isEmpty();
            now = now.plusSeconds(1);
            assertThat(say(early)).isEmpty();
            assertThat(say(RING)).containsExactly(new Output.Pass(RING));
            now = now.plusSeconds(10);
            assertThat(say(early)).as("now it is on the box").isEmpty();
        }

        @Test
        void endsALegWhoseRingingNeverCame() {
            var waiting = keepAlive(0, leg(CALLER, Leg.State.UP), leg(SEAT, Leg.State.DIALLING));
            say(waiting);
            now = now.plusSeconds(3);

            assertThat(say(waiting)).containsExactly(tell(back("first", leg(CALLER, Leg.State.UP))));
        }
    }

    @Nested
    class ASilentCall {

        @BeforeEach
        void aCallerWasAnswered() {
            connect("first");
            offered();
            say(new BoxCommand.Answer(CALL, CALLER));
            happened(new BoxEvent.LegAnswered(CALLER));
        }

        @Test
        void isToldHowThingsAreWheneverItHasBeenSilentForTheWholeTime() {
            assertThat(tick(Duration.ofSeconds(14))).isEmpty();
            assertThat(tick(Duration.ofSeconds(1))).containsExactly(tell(back("first", leg(CALLER, Leg.State.UP))));
            assertThat(tick(Duration.ofSeconds(14))).isEmpty();
            assertThat(tick(Duration.ofSeconds(1))).hasSize(1);

            say(keepAlive(0, leg(CALLER, Leg.State.UP)));
            assertThat(tick(Duration.ofSeconds(14))).isEmpty();
        }

        @Test
        void thatHasNoLegsLeftIsRemindedEverMoreSeldomAndGivenUpInTheEnd() {
            happened(new BoxEvent.LegEnded(CALLER, EndCause.NORMAL, 16));

            var pauses = new ArrayList<Long>();
            var since = now;
            for (int second = 0; second < 600; second++) {
                var out = tick(Duration.ofSeconds(1));
                if (!out.isEmpty()) {
                    pauses.add(Duration.between(since, now).toSeconds());
                    since = now;
                    assertThat(out).containsExactly(pauses.size() <= 5 ? tell(back("first")) : new Output.GaveUp(CALL));
                }
            }
            assertThat(pauses).containsExactly(3L, 6L, 12L, 24L, 48L, 60L);
        }

        @Test
        void isForgottenWhenItIsReleased() {
            happened(new BoxEvent.LegEnded(CALLER, EndCause.NORMAL, 16));
            say(new BoxCommand.Release(CALL, ""));

            assertThat(tick(Duration.ofMinutes(1))).isEmpty();
        }
    }

    @Nested
    class TheBoxWasAway {

        @BeforeEach
        void twoLegsTalk() {
            connect("first");
            offered();
            say(RING);
            happened(new BoxEvent.LegAnswered(CALLER));
            happened(new BoxEvent.LegAnswered(SEAT));
            happened(new BoxEvent.Bridged("bridge-1", List.of(CALLER, SEAT)));
        }

        @Test
        void everyCallIsToldOnLoss() {
            assertThat(calls.disconnected()).containsExactly(tell(new BoxEvent.BoxAway("b1", true)));
        }

        @Test
        void aCallLearnsWhatIsLeftOfIt() {
            calls.disconnected();

            var out = connect("first", onBox(List.of(leg(CALLER, Leg.State.UP)), null));

            assertThat(out).containsExactly(tell(back("first", leg(CALLER, Leg.State.UP))));
            assertThat(say(RING))
                    .as("the seat's leg ended while nobody listened")
                    .containsExactly(tell(new BoxEvent.LegEnded(SEAT, EndCause.UNKNOWN, 0)));
        }

        @Test
        void whoeverIsLeftOfTwoDoesNotTalkToAnybody() {
            happened(new BoxEvent.LegEnded(SEAT, EndCause.NORMAL, 16));

            assertThat(say(new BoxCommand.TakeStock(CALL)))
                    .containsExactly(tell(back("first", leg(CALLER, Leg.State.UP))));
        }

        @Test
        void aCallThatTalksOnIsToldSo() {
            calls.disconnected();
            var found = new BoxLink.CallOnBox(
                    CALL, List.of(leg(CALLER, Leg.State.UP), leg(SEAT, Leg.State.UP)), List.of(CALLER, SEAT), null);

            assertThat(connect("first", found))
                    .containsExactly(tell(new BoxEvent.BoxBack(
                            "b1",
                            "first",
                            List.of(leg(CALLER, Leg.State.UP), leg(SEAT, Leg.State.UP)),
                            List.of(CALLER, SEAT))));
        }

        @Test
        void afterTheConnectAWatchdogNobodyKnowsOfIsTakenOff() {
            calls.disconnected();
            connect("first", onBox(List.of(leg(CALLER, Leg.State.UP)), null));
            var off = keepAlive(0, leg(CALLER, Leg.State.UP));

            assertThat(say(off)).containsExactly(new Output.Pass(off));
        }

        @Test
        void aRestartedBoxHasNothingOfFormerCalls() {
            calls.disconnected();

            assertThat(calls.wasRestarted("second")).isTrue();
            assertThat(connect("second")).containsExactly(tell(back("second")));
            assertThat(say(RING)).containsExactly(tell(new BoxEvent.LegEnded(SEAT, EndCause.BOX_LOST, 0)));
            assertThat(calls.count()).isZero();
        }

        @Test
        void aReleaseForACallOfTheFormerLifeIsNotPassedOn() {
            calls.disconnected();
            say(new BoxCommand.Release(CALL, "bridge-1"));

            assertThat(connect("second")).isEmpty();
        }

        @Test
        void aCallerWhoCameMeanwhileIsOfferedAndNothingElseIsSaid() {
            calls.disconnected();
            var other = new BoxEvent.LegOffered("b1", "first", "100.9", "+49", "", "100", START);
            var found = new BoxLink.CallOnBox("b1-100.9", List.of(leg("100.9", Leg.State.DIALLING)), List.of(), other);

            assertThat(connect("first", found))
                    .containsExactlyInAnyOrder(tell(back("first")), new Output.Tell("b1-100.9", other));
            assertThat(tick(Duration.ofSeconds(1))).contains(new Output.Tell("b1-100.9", other));
        }

        @Test
        void aCallerTheBoxTookBackIsOfferedAgainAndTheirCallToldWhatIsLeft() {
            calls.disconnected();

            assertThat(connect("first", onBox(List.of(leg(CALLER, Leg.State.UP)), offer())))
                    .containsExactly(tell(offer()), tell(back("first", leg(CALLER, Leg.State.UP))));
        }

        @Test
        void aCallerNobodyEverSpokeForWhoHungUpMeanwhileIsOfferedWithTheirEnd() {
            var stranger = new BoxEvent.LegOffered("b1", "first", "100.9", "+49", "", "100", START);
            calls.happened("b1-100.9", stranger, now);
            calls.disconnected();

            assertThat(connect("first"))
                    .contains(
                            new Output.Tell("b1-100.9", stranger),
                            new Output.Tell("b1-100.9", new BoxEvent.LegEnded("100.9", EndCause.UNKNOWN, 0)));
        }

        @Test
        void anInventoryBringsALegBackThatWasTakenForEnded() {
            calls.disconnected();
            connect("first");
            calls.disconnected();
            connect("first", onBox(List.of(leg(CALLER, Leg.State.UP)), null));
            var hangUp = new BoxCommand.HangUp(CALL, CALLER, EndCause.NORMAL);

            assertThat(say(hangUp)).containsExactly(new Output.Pass(hangUp));
        }
    }

    @Nested
    class ABoxThatWasDeleted {

        @Test
        void hasNoLegsOfAnyCall() {
            connect("first");
            offered();
            say(new BoxCommand.Answer(CALL, CALLER));

            assertThat(calls.deleted()).containsExactly(tell(new BoxEvent.BoxBack("b1", "", List.of(), List.of())));
            assertThat(calls.count()).isZero();
        }

        @Test
        void answersLateCommands() {
            assertThat(BoxCalls.withoutBox("b1", RING))
                    .containsExactly(tell(new BoxEvent.LegEnded(SEAT, EndCause.UNREACHABLE, 0)));
            assertThat(BoxCalls.withoutBox("b1", keepAlive(30, leg(CALLER, Leg.State.UP))))
                    .containsExactly(tell(new BoxEvent.BoxBack("b1", "", List.of(), List.of())));
            assertThat(BoxCalls.withoutBox("b1", new BoxCommand.Release(CALL, "")))
                    .isEmpty();
        }
    }

    @Nested
    class WhoIsRefused {

        private static final BoxCommand.HangUp REFUSAL = new BoxCommand.HangUp(CALL, CALLER, EndCause.CONGESTION);

        @BeforeEach
        void connected() {
            connect("first");
        }

        @Test
        void isHungUpOnAndNobodyHearsOfThem() {
            assertThat(calls.isNew(CALL, offer(), now)).isTrue();
            assertThat(calls.refuse(CALL, offer(), now)).containsExactly(new Output.Pass(REFUSAL));

            assertThat(happened(new BoxEvent.LegEnded(CALLER, EndCause.CONGESTION, 42)))
                    .isEmpty();
            assertThat(tick(Duration.ofMinutes(1))).isEmpty();
            assertThat(calls.count()).isZero();
        }

        @Test
        void isHungUpOnAgainUntilTheBoxConfirmsIt() {
            calls.refuse(CALL, offer(), now);

            assertThat(tick(Duration.ofSeconds(1))).isEmpty();
            assertThat(tick(Duration.ofSeconds(1))).containsExactly(new Output.Pass(REFUSAL));
            assertThat(happened(offer())).isEmpty();
            assertThat(tick(Duration.ofSeconds(2))).containsExactly(new Output.Pass(REFUSAL));
            happened(new BoxEvent.LegEnded(CALLER, EndCause.CONGESTION, 42));
            assertThat(tick(Duration.ofSeconds(2))).isEmpty();
        }

        @Test
        void isOfferedLikeEverybodyWhenTheBoxStillHasThemAfterAConnect() {
            calls.refuse(CALL, offer(), now);
            calls.disconnected();

            assertThat(connect("first", onBox(List.of(leg(CALLER, Leg.State.DIALLING)), offer())))
                    .containsExactly(tell(offer()));
            assertThat(tick(Duration.ofMillis(500))).isEmpty();
        }

        @Test
        void isNobodyWhoseCallIsKnown() {
            happened(offer());
            assertThat(calls.isNew(CALL, offer(), now)).isFalse();
        }

        @Test
        void isNobodyWhomTheBoxHasKeptForAWhileWhateverItsClockSays() {
            // The box's clock is two minutes ahead.
            var fresh = new BoxEvent.LegOffered("b1", "first", "2", "", "", "100", now.plusSeconds(120));
            assertThat(calls.isNew("b1-2", fresh, now)).isTrue();

            assertThat(calls.isNew(CALL, offer(), now)).isFalse();
        }

        @Test
        void isNobodyBecauseOfAnythingButAnOffer() {
            assertThat(calls.isNew(CALL, new BoxEvent.LegRinging(CALLER), now)).isFalse();
        }
    }

    // ---- words

    private List<Output> say(BoxCommand command) {
        return calls.command(command, now);
    }

    private List<Output> happened(BoxEvent event) {
        return calls.happened(CALL, event, now);
    }

    private List<Output> tick(Duration later) {
        now = now.plus(later);
        return calls.tick(now);
    }

    private List<Output> connect(String incarnation, BoxLink.CallOnBox... inventory) {
        return calls.connected(incarnation, List.of(inventory), now);
    }

    private void offered() {
        happened(offer());
        say(keepAlive(0, leg(CALLER, Leg.State.DIALLING)));
    }

    private static BoxEvent.LegOffered offer() {
        return new BoxEvent.LegOffered("b1", "first", CALLER, "+4930", "Ann", "100", START);
    }

    private static BoxLink.CallOnBox onBox(List<Leg> legs, BoxEvent.LegOffered offered) {
        return new BoxLink.CallOnBox(CALL, legs, List.of(), offered);
    }

    private static BoxCommand.KeepAlive keepAlive(int watchdogSeconds, Leg... legs) {
        return new BoxCommand.KeepAlive(CALL, List.of(legs), watchdogSeconds);
    }

    private static BoxEvent.BoxBack back(String incarnation, Leg... legs) {
        return new BoxEvent.BoxBack("b1", incarnation, List.of(legs), List.of());
    }

    private static Leg leg(String legId, Leg.State state) {
        return new Leg(legId, state);
    }

    private static Output tell(BoxEvent event) {
        return new Output.Tell(CALL, event);
    }
}
