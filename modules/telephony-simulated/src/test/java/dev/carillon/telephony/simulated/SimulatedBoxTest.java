package dev.carillon.telephony.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.box.BoxEvent;
import dev.carillon.protocol.box.EndCause;
import dev.carillon.protocol.box.Leg;
import dev.carillon.telephony.simulated.Experience.Who;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SimulatedBoxTest {

    private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
    private static final String PHONE = "SIM/1001";

    private final SimulatedBox box = new SimulatedBox("east", "a", 1, START, 1_000);
    private final List<BoxEvent> said = new ArrayList<>();

    private Instant at(double seconds) {
        return START.plusMillis(Math.round(seconds * 1_000));
    }

    private void until(double seconds) {
        box.advanceTo(at(seconds)).forEach(report -> said.add(report.event()));
    }

    private List<BoxEvent> tell(double seconds, BoxCommand command) {
        until(seconds);
        var answer =
                box.execute(command, at(seconds)).stream().map(Report::event).toList();
        said.addAll(answer);
        return answer;
    }

    private String call(double seconds, int patience, int talk) {
        return box.arrive(
                new Caller("0301", "Ann", "700", Duration.ofSeconds(patience), Duration.ofSeconds(talk)), at(seconds));
    }

    private void seatAnswers(double after, int talk) {
        box.seat(
                PHONE,
                () -> new Reaction.Answers(Duration.ofMillis(Math.round(after * 1_000)), Duration.ofSeconds(talk)));
    }

    private BoxCommand.RingSeat ring(String callId, String legId) {
        return new BoxCommand.RingSeat(callId, legId, PHONE, "0301", "Ann", 20);
    }

    private Experience only() {
        assertThat(box.experiences()).hasSize(1);
        return box.experiences().get(0);
    }

    /** Caller "a.1" and seat "s" talk from second 5 on. */
    private String talking(int callerTalks, int seatTalks) {
        seatAnswers(2, seatTalks);
        var callId = call(1, 60, callerTalks);
        tell(1, new BoxCommand.Answer(callId, "a.1"));
        tell(2, ring(callId, "s"));
        tell(5, new BoxCommand.Bridge(callId, "b", List.of("a.1", "s")));
        return callId;
    }

    @Nested
    class A_caller {

        @Test
        void is_offered_with_who_they_are_and_when_they_came() {
            var callId = call(1, 30, 10);
            until(1);
            assertThat(callId).isEqualTo("east-a.1");
            assertThat(said).containsExactly(new BoxEvent.LegOffered("east", "a", "a.1", "0301", "Ann", "700", at(1)));
            assertThat(box.call(callId).offered()).isPresent();
        }

        @Test
        void hangs_up_when_their_patience_ends() {
            call(1, 30, 10);
            until(40);
            assertThat(said).contains(new BoxEvent.LegEnded("a.1", EndCause.NORMAL, 16));
            assertThat(only().endedAt()).contains(at(31));
            assertThat(only().endedBy()).contains(Who.CALLER);
            assertThat(box.inventory()).isEmpty();
        }

        @Test
        void hears_music_and_is_answered_however_often_that_is_asked_for() {
            var callId = call(1, 30, 10);
            for (int i = 0; i < 3; i++) {
                assertThat(tell(2 + i, new BoxCommand.Answer(callId, "a.1")))
                        .containsExactly(new BoxEvent.LegAnswered("a.1"));
                assertThat(tell(2 + i, new BoxCommand.PlayMusic(callId, "a.1", "default")))
                        .containsExactly(new BoxEvent.MusicStarted("a.1"));
            }
            assertThat(only().answeredAt()).contains(at(2));
            assertThat(only().musicAt()).contains(at(2));
        }

        @Test
        void hears_an_announcement_once_though_it_is_asked_for_twice() {
            var callId = call(1, 30, 10);
            tell(2, new BoxCommand.Announce(callId, "a.1", "p", "sound:hello", ""));
            tell(3, new BoxCommand.Announce(callId, "a.1", "p", "sound:hello", ""));
            until(20);
            assertThat(said).containsOnlyOnce(new BoxEvent.AnnouncementEnded("a.1", "p"));
            assertThat(tell(21, new BoxCommand.Announce(callId, "a.1", "p", "sound:hello", "")))
                    .containsExactly(new BoxEvent.AnnouncementEnded("a.1", "p"));
        }

        @Test
        void is_offered_again_when_nobody_keeps_them() {
            var callId = call(1, 200, 10);
            tell(2, new BoxCommand.KeepAlive(callId, List.of(), 30));
            assertThat(box.call(callId).offered()).isEmpty();
            tell(30, new BoxCommand.KeepAlive(callId, List.of(), 30));
            until(59);
            assertThat(said).filteredOn(BoxEvent.LegOffered.class::isInstance).hasSize(1);
            until(61);
            assertThat(said).filteredOn(BoxEvent.LegOffered.class::isInstance).hasSize(2);
            assertThat(box.call(callId).offered()).isPresent();
        }

        @Test
        void is_gone_and_said_to_be_gone_when_asked_for_later() {
            var callId = call(1, 5, 10);
            until(10);
            assertThat(tell(11, new BoxCommand.HangUp(callId, "a.1", EndCause.NORMAL)))
                    .containsExactly(new BoxEvent.LegEnded("a.1", EndCause.UNKNOWN, 0));
        }
    }

    @Nested
    class A_seat {

        private String callId;

        private List<BoxEvent> rungFor(double seconds) {
            callId = call(0, 200, 10);
            until(1);
            said.clear();
            tell(1, ring(callId, "s"));
            until(1 + seconds);
            return List.copyOf(said);
        }

        @Test
        void rings_and_answers() {
            seatAnswers(2, 60);
            assertThat(rungFor(3)).containsExactly(new BoxEvent.LegRinging("s"), new BoxEvent.LegAnswered("s"));
        }

        @Test
        void rings_once_though_told_again() {
            seatAnswers(2, 60);
            callId = call(0, 200, 10);
            tell(1, ring(callId, "s"));
            assertThat(tell(2, ring(callId, "s"))).containsExactly(new BoxEvent.LegRinging("s"));
            assertThat(tell(5, ring(callId, "s"))).containsExactly(new BoxEvent.LegAnswered("s"));
            assertThat(box.rings()).hasSize(1);
        }

        @Test
        void that_nobody_answers_rings_as_long_as_told() {
            box.seat(PHONE, Reaction.Unanswered::new);
            assertThat(rungFor(25))
                    .containsExactly(new BoxEvent.LegRinging("s"), new BoxEvent.LegEnded("s", EndCause.NO_ANSWER, 19));
            var ring = box.rings().get(0);
            assertThat(Duration.between(
                            ring.rangAt().orElseThrow(), ring.endedAt().orElseThrow()))
                    .isEqualTo(Duration.ofSeconds(20));
        }

        @Test
        void that_declines_is_rejected() {
            box.seat(PHONE, () -> new Reaction.Declines(Duration.ofSeconds(1)));
            assertThat(rungFor(3)).contains(new BoxEvent.LegEnded("s", EndCause.REJECTED, 21));
        }

        @Test
        void that_is_busy_does_not_ring() {
            box.seat(PHONE, Reaction.Busy::new);
            assertThat(rungFor(3)).containsExactly(new BoxEvent.LegEnded("s", EndCause.BUSY, 17));
        }

        @Test
        void that_is_not_registered_or_not_known_is_unreachable() {
            assertThat(rungFor(3)).containsExactly(new BoxEvent.LegEnded("s", EndCause.UNREACHABLE, 20));
        }

        @Test
        void is_busy_for_a_second_call() {
            seatAnswers(2, 60);
            rungFor(1);
            var second = call(2, 100, 10);
            tell(3, ring(second, "t"));
            until(4);
            assertThat(said).contains(new BoxEvent.LegEnded("t", EndCause.BUSY, 17));
            tell(5, new BoxCommand.HangUp(callId, "s", EndCause.CANCELLED));
            tell(6, ring(second, "u"));
            until(7);
            assertThat(said).contains(new BoxEvent.LegRinging("u"));
        }

        @Test
        void that_answers_and_hears_nobody_hangs_up_in_the_end() {
            seatAnswers(2, 60);
            rungFor(25);
            assertThat(said).endsWith(new BoxEvent.LegEnded("s", EndCause.NORMAL, 16));
        }
    }

    @Nested
    class A_conversation {

        @Test
        void is_made_by_a_bridge_and_ended_by_the_caller() {
            var callId = talking(10, 60);
            assertThat(box.call(callId).bridged()).containsExactly("a.1", "s");
            until(16);
            assertThat(said).contains(new BoxEvent.Bridged("b", List.of("a.1", "s")));
            assertThat(said).endsWith(new BoxEvent.LegEnded("a.1", EndCause.NORMAL, 16));
            assertThat(only().connections())
                    .containsExactly(
                            new Experience.Connection(PHONE, "s", at(5), Optional.of(at(15)), Optional.of(Who.CALLER)));
            assertThat(box.call(callId).legs()).containsExactly(new Leg("s", Leg.State.UP));
        }

        @Test
        void is_ended_by_the_seat_and_leaves_the_caller_in_silence() {
            var callId = talking(60, 10);
            until(16);
            assertThat(only().connections().get(0).endedBy()).contains(Who.SEAT);
            assertThat(box.call(callId).legs()).containsExactly(new Leg("a.1", Leg.State.UP));
            until(36);
            assertThat(only().endedBy()).contains(Who.CALLER);
        }

        @Test
        void is_the_same_however_often_the_bridge_is_asked_for() {
            var callId = talking(60, 60);
            assertThat(tell(6, new BoxCommand.Bridge(callId, "b", List.of("a.1", "s"))))
                    .containsExactly(new BoxEvent.Bridged("b", List.of("a.1", "s")));
            assertThat(only().connections()).hasSize(1);
        }

        @Test
        void takes_the_watchdog_off() {
            talking(120, 120);
            until(100);
            assertThat(said).filteredOn(BoxEvent.LegOffered.class::isInstance).hasSize(1);
            assertThat(only().connections().get(0).to()).isEmpty();
        }

        @Test
        void needs_both_legs() {
            seatAnswers(2, 60);
            var callId = call(1, 60, 10);
            tell(2, new BoxCommand.Answer(callId, "a.1"));
            assertThat(tell(2, new BoxCommand.Bridge(callId, "b", List.of("a.1", "s"))))
                    .containsExactly(new BoxEvent.LegEnded("s", EndCause.UNKNOWN, 0));
            tell(3, ring(callId, "t"));
            assertThat(tell(4, new BoxCommand.Bridge(callId, "b", List.of("a.1", "t"))))
                    .isEmpty();
        }

        @Test
        void ends_with_the_box() {
            talking(60, 60);
            box.restart("b", at(8));
            assertThat(only().endedBy()).contains(Who.BOX);
            assertThat(only().connections().get(0).endedBy()).contains(Who.BOX);
            assertThat(box.inventory()).isEmpty();
            until(200);
            assertThat(said).doesNotContain(new BoxEvent.LegEnded("a.1", EndCause.NORMAL, 16));
        }
    }

    @Test
    void the_box_says_what_it_has_when_asked() {
        var callId = talking(60, 60);
        assertThat(tell(6, new BoxCommand.TakeStock(callId)))
                .containsExactly(new BoxEvent.BoxBack(
                        "east",
                        "a",
                        List.of(new Leg("a.1", Leg.State.UP), new Leg("s", Leg.State.UP)),
                        List.of("a.1", "s")));
    }

    @Test
    void channels_of_two_runs_never_share_an_id() {
        var ids = new HashSet<String>();
        ids.add(call(1, 60, 10));
        ids.add(call(2, 60, 10));
        box.restart("b", at(3));
        ids.add(call(4, 60, 10));
        ids.add(call(5, 60, 10));
        assertThat(ids).hasSize(4);
    }

    @Test
    void a_caller_who_was_on_the_way_when_the_box_was_restarted_still_comes() {
        call(10, 60, 10);
        box.restart("b", at(3));
        until(10);
        assertThat(box.inventory()).extracting(CallOnBox::callId).containsExactly("east-b.1");
    }

    @Test
    void the_same_people_come_for_the_same_seed() {
        assertThat(tenMinutesOf(7)).isEqualTo(tenMinutesOf(7)).hasSizeGreaterThan(30);
        assertThat(tenMinutesOf(7)).isNotEqualTo(tenMinutesOf(8));
    }

    private List<Report> tenMinutesOf(long seed) {
        var town = new SimulatedBox("east", "a", seed, START, 1_000);
        town.attract(new People(seed, Duration.ofSeconds(10), List.of("700", "800")));
        var reports = new ArrayList<Report>();
        while (town.nextDue().orElseThrow().isBefore(at(600))) {
            reports.addAll(town.advanceTo(town.nextDue().orElseThrow()));
        }
        return reports;
    }

    @Test
    void only_so_many_experiences_are_kept() {
        var small = new SimulatedBox("east", "a", 1, START, 3);
        for (int i = 0; i < 10; i++) {
            small.arrive(new Caller("", "", "700", Duration.ofSeconds(1), Duration.ofSeconds(1)), at(i));
        }
        small.advanceTo(at(60));
        assertThat(small.experiences()).extracting(Experience::legId).containsExactly("a.8", "a.9", "a.10");
    }

    @Nested
    class A_witness {

        private final List<String> told = new ArrayList<>();
        private final List<Experience> left = new ArrayList<>();
        private final List<Ring> over = new ArrayList<>();

        private void witnesses() {
            box.witness(new Witness() {
                @Override
                public void came(Experience caller) {
                    told.add("came " + caller.callId());
                }

                @Override
                public void answered(Experience caller) {
                    told.add("answered " + caller.answeredAt().orElseThrow());
                }

                @Override
                public void told(Ring ring) {
                    told.add("told " + ring.endpoint() + " " + ring.toldAt());
                }

                @Override
                public void over(Ring ring) {
                    told.add("over " + ring.endedAt().orElseThrow());
                    over.add(ring);
                }

                @Override
                public void left(Experience caller) {
                    told.add("left " + caller.endedAt().orElseThrow());
                    left.add(caller);
                }
            });
        }

        @Test
        void is_told_of_everybody_once_and_in_order() {
            witnesses();
            var callId = talking(10, 60);
            tell(6, new BoxCommand.Answer(callId, "a.1"));
            until(20);
            tell(20, new BoxCommand.HangUp(callId, "s", EndCause.NORMAL));

            assertThat(told)
                    .containsExactly(
                            "came east-a.1",
                            "answered " + at(1),
                            "told " + PHONE + " " + at(2),
                            "left " + at(15),
                            "over " + at(20));
        }

        @Test
        void is_told_the_whole_truth() {
            witnesses();
            talking(10, 60);
            until(60);

            assertThat(left).singleElement().satisfies(caller -> {
                assertThat(caller.endedBy()).contains(Who.CALLER);
                assertThat(caller.connections()).singleElement().satisfies(talk -> {
                    assertThat(talk.from()).isEqualTo(at(5));
                    assertThat(talk.to()).contains(at(15));
                    assertThat(talk.endedBy()).contains(Who.CALLER);
                });
            });
            assertThat(over).singleElement().satisfies(ring -> assertThat(ring.callId())
                    .isEqualTo("east-a.1"));
        }

        @Test
        void remembers_in_the_place_of_the_box() {
            witnesses();
            call(1, 5, 5);
            until(3);
            assertThat(box.experiences()).hasSize(1);

            until(10);
            assertThat(box.experiences()).isEmpty();
            assertThat(left).hasSize(1);
        }
    }
}
