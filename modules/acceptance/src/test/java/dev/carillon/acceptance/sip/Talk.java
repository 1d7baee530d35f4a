package dev.carillon.acceptance.sip;

import static dev.carillon.acceptance.lab.Waiting.STALL;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A caller and the person at a seat who should hear each other, by the sound that came through. */
public record Talk(Voice caller, Voice seat) {

    /** About a second of talk. */
    private static final int SENTENCE = 10;

    /** A packet may be lost on a machine that does much else; a talk with gaps is none. */
    private static final int UNDERSTOOD_PERCENT = 90;

    /** Each has heard a sentence of the other since that moment, and nobody else. */
    public void flowsSince(Instant moment) {
        flows(caller, seat, moment);
        flows(seat, caller, moment);
    }

    private static void flows(Voice ear, Voice mouth, Instant since) {
        assertThat(ear.heard(mouth, since))
                .as("what %s hears of %s since %s", ear.name(), mouth.name(), since)
                .hasSizeGreaterThanOrEqualTo(SENTENCE);
    }

    /** Both heard each other all the time, and the caller nobody else, ever. */
    public void lasted(Instant from, Instant to) {
        lasted(caller, seat, from, to);
        lasted(seat, caller, from, to);
        assertThat(caller.everHeard())
                .as(
                        "whom %s heard beside the music, in a talk with %s from %s to %s: %s",
                        caller.name(), seat.name(), from, to, caller.talks())
                .containsExactly(seat.name());
    }

    private static void lasted(Voice ear, Voice mouth, Instant from, Instant to) {
        var words = ear.heard(mouth, Instant.MIN);
        assertThat(words).as("what %s heard of %s", ear.name(), mouth.name()).isNotEmpty();
        assertThat(words.get(0).at())
                .as("%s hears %s from the beginning", ear.name(), mouth.name())
                .isBetween(from.minus(STALL), from.plus(STALL));
        assertThat(words.get(words.size() - 1).at())
                .as("%s hears %s to the end", ear.name(), mouth.name())
                .isBetween(to.minus(STALL), to.plus(STALL));
        assertThat(ear.understood().get(mouth.name()))
                .as("percent of what %s said that %s heard", mouth.name(), ear.name())
                .isBetween(UNDERSTOOD_PERCENT, 100);
    }

    /** For a report: from a moment until both had heard each other. */
    public long silenceMs(Instant from) {
        return Math.max(
                Duration.between(from, caller.heard(seat, Instant.MIN).get(0).at())
                        .toMillis(),
                Duration.between(from, seat.heard(caller, Instant.MIN).get(0).at())
                        .toMillis());
    }

    /** For a report: how many words were heard in all, each way. */
    public static String words(List<Talk> talks) {
        return "%d callers heard %d words of their agent, who heard %d of theirs"
                .formatted(
                        talks.size(),
                        talks.stream()
                                .mapToInt(talk -> talk.caller()
                                        .heard(talk.seat(), Instant.MIN)
                                        .size())
                                .sum(),
                        talks.stream()
                                .mapToInt(talk -> talk.seat()
                                        .heard(talk.caller(), Instant.MIN)
                                        .size())
                                .sum());
    }
}
