package dev.carillon.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A centre that carries so many calls a second, one after the other, and callers who come independently of each other; millisecond by millisecond. */
class AdmissionTest {

    private static final Instant START = Instant.parse("2026-05-04T08:00:00Z");

    private record Waiting(String id, long since, long ready) {}

    private final Admission.Rules rules = new Admission.Rules(
            Duration.ofMillis(500),
            Duration.ofMillis(250),
            1.1,
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            20);
    private final List<Admission.Change> news = new ArrayList<>();
    private final Admission admission = new Admission(rules, START, news::add);
    private final SplittableRandom random = new SplittableRandom(1);
    private final Queue<Waiting> line = new PriorityQueue<>(Comparator.comparingLong(Waiting::ready));
    private final List<Long> delays = new ArrayList<>();
    private long millis;
    private double nextCaller;
    private double work;
    private int callers;
    private int admitted;
    private int refused;
    /** What the centre can answer a second. */
    private double carries = 200;
    /** How long an answer takes beside waiting for its turn. */
    private long latency = 20;
    /** How much longer it takes for some than for others. */
    private int scatter;
    /** How far the clock has been set back. */
    private long setBack;
    /** One call in so many is never answered; 0 for none. */
    private int lostOfThese;

    private void pass(double perSecond, int seconds) {
        delays.clear();
        admitted = 0;
        refused = 0;
        nextCaller = Math.max(nextCaller, (double) millis);
        for (long end = millis + seconds * 1_000L; millis < end; millis++) {
            while (nextCaller <= millis) {
                nextCaller += -Math.log(1 - random.nextDouble()) * 1_000 / perSecond;
                come();
            }
            serve();
            if (millis % 500 == 0) {
                admission.state(now());
            }
        }
    }

    private void come() {
        var id = "call-" + ++callers;
        if (!admission.admits(id, now())) {
            refused++;
            return;
        }
        admitted++;
        if (lostOfThese == 0 || callers % lostOfThese != 0) {
            line.add(new Waiting(id, millis, millis + latency + (scatter == 0 ? 0 : random.nextInt(scatter))));
        }
    }

    private void serve() {
        work = Math.min(work + carries / 1_000, 1 + carries / 1_000);
        while (work >= 1 && !line.isEmpty() && line.element().ready() <= millis) {
            work--;
            var first = line.remove();
            delays.add(millis - first.since());
            admission.answered(first.id(), now());
        }
    }

    private Instant now() {
        return START.plusMillis(millis - setBack);
    }

    private boolean refusing() {
        return admission.state(now()).refusing();
    }

    private long percentile(double share) {
        var sorted = delays.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
    }

    @Nested
    class RefusesNobody {

        @Test
        void whileAllIsCarried() {
            pass(190, 120);

            assertThat(refused).isZero();
            assertThat(news).isEmpty();
        }

        @Test
        void whenAnswersAreSlowAndKeepUp() {
            latency = 1_500;
            pass(150, 60);

            assertThat(percentile(0.5)).isGreaterThan(1_000);
            assertThat(refused).isZero();
        }

        @Test
        void whenAnswersBecomeSlowAndKeepUp() {
            carries = 10_000;
            for (long slow : List.of(700L, 1_000L, 1_300L, 2_000L, 3_000L)) {
                latency = 20;
                pass(200, 20);
                latency = slow;
                pass(200, 60);

                assertThat(percentile(0.5)).isEqualTo(slow);
                assertThat(refused).as("%s ms", slow).isZero();
            }
            assertThat(news).isEmpty();
        }

        @Test
        void whenSlowAnswersScatterAndKeepUp() {
            carries = 10_000;
            pass(200, 20);
            latency = 900;
            scatter = 900;
            pass(200, 60);

            assertThat(refused).isZero();
        }

        @Test
        void duringAnOutageAndWhenWhatWaitedIsCaughtUpWith() {
            pass(100, 20);
            carries = 0;
            pass(100, 30);
            assertThat(refused).isZero();

            carries = 200;
            pass(100, 60);
            assertThat(refused).isZero();
            assertThat(line).hasSizeLessThan(20);
        }

        @Test
        void whenHalfOfTheCallsAreNotAnsweredBecauseAMemberHasDied() {
            pass(100, 20);
            lostOfThese = 2;
            pass(100, 8);
            lostOfThese = 0;
            pass(100, 20);

            assertThat(news).isEmpty();
        }

        @Test
        void whenSoFewComeThatItIsNoLoad() {
            carries = 5;
            pass(12, 60);

            assertThat(news).isEmpty();
        }

        @Test
        void forAShortRush() {
            pass(100, 10);
            pass(300, 2);
            pass(100, 30);

            assertThat(news).isEmpty();
        }
    }

    @Nested
    class UnderOverload {

        @Test
        void beginsSoonAndSaysWhatIsCarried() {
            pass(150, 20);
            pass(300, 8);

            assertThat(news).hasSize(1);
            var begun = news.get(0);
            assertThat(begun.refusing()).isTrue();
            assertThat(begun.capacity()).isBetween(190.0, 210.0);
            assertThat(begun.offered()).isBetween(240.0, 360.0);
        }

        @Test
        void holdsWhatIsLetInAtWhatIsCarriedForFiveMinutes() {
            pass(300, 15);
            pass(300, 300);

            assertThat(refusing()).isTrue();
            assertThat(news).hasSize(1);
            assertThat(admitted / 300.0).isBetween(180.0, 201.0);
            assertThat(refused / 300.0).isBetween(95.0, 125.0);
            assertThat(percentile(0.5)).isLessThan(500);
            assertThat(percentile(0.99)).isLessThan(1_200);
        }

        @Test
        void oneThatIsSmallAndLastsIsFoundToo() {
            pass(215, 90);

            assertThat(news).isNotEmpty();
            assertThat(news.get(0).refusing()).isTrue();
            assertThat(percentile(0.99)).isLessThan(4_000);
        }

        @Test
        void followsACapacityThatFallsAndRises() {
            pass(300, 30);
            carries = 100;
            pass(300, 30);
            pass(300, 60);
            assertThat(admitted / 60.0).isBetween(85.0, 103.0);

            carries = 220;
            pass(300, 60);
            pass(300, 60);
            assertThat(admitted / 60.0).isBetween(185.0, 222.0);
        }

        @Test
        void letsTheLeastInEvenThen() {
            carries = 5;
            pass(100, 120);

            assertThat(refusing()).isTrue();
            assertThat(admitted / 120.0).isBetween(18.0, 25.0);
        }

        @Test
        void endsByItselfSecondsAfterTheRushAndNotBefore() {
            pass(300, 60);
            assertThat(refusing()).isTrue();

            pass(120, 4);
            assertThat(refusing()).isTrue();
            pass(120, 12);
            assertThat(refusing()).isFalse();
            var over = news.get(news.size() - 1);
            assertThat(over.refusing()).isFalse();
            assertThat(over.refused()).isEqualTo(admission.state(now()).refused());

            pass(120, 60);
            assertThat(refused).isZero();
            assertThat(news).hasSize(2);
        }

        @Test
        void isNoRatchetWhenAnswersBecomeSlowAndKeepUp() {
            pass(300, 30);
            assertThat(refusing()).isTrue();
            carries = 10_000;
            latency = 1_300;
            pass(300, 40);
            pass(300, 20);

            assertThat(refused).isZero();
            assertThat(refusing()).isFalse();
        }

        @Test
        void endsThoughAnswersUsuallyTakeMoreThanTheLowMark() {
            latency = 350;
            pass(300, 30);
            assertThat(refusing()).isTrue();
            pass(120, 30);

            assertThat(refusing()).isFalse();
            pass(120, 60);
            assertThat(refused).isZero();
        }

        @Test
        void letsInWhatIsCarriedThoughAnswersUsuallyTakeMoreThanTheLowMark() {
            latency = 350;
            carries = 50;
            pass(300, 40);
            assertThat(refusing()).isTrue();
            carries = 200;
            pass(300, 90);
            pass(300, 60);

            assertThat(admitted / 60.0).isBetween(160.0, 202.0);
        }

        @Test
        void isBackWithinSecondsFromALimitThatIsFarTooLow() {
            carries = 20;
            pass(300, 30);
            carries = 1_000;
            line.clear();
            pass(300, 20);
            pass(300, 20);

            assertThat(refused).isZero();
            assertThat(refusing()).isFalse();
        }

        @Test
        void goesOnWhenTheClockIsSetBack() {
            pass(300, 30);
            assertThat(refusing()).isTrue();
            setBack = 3_600_000;
            pass(120, 30);
            assertThat(refusing()).isFalse();

            pass(300, 12);
            assertThat(refusing()).isTrue();
        }

        @Test
        void endsWhenNobodyComesAnyMore() {
            pass(300, 30);
            pass(0.001, 30);

            assertThat(refusing()).isFalse();
        }
    }

    @Nested
    class Settings {

        @Test
        void thoseShippedMakeSense() {
            assertThat(TelephonySettings.from(ConfigFactory.load()).admission()).isEqualTo(rules);
        }

        @Test
        void oneThatMakesNoneIsNamed() {
            var wrong = ConfigFactory.parseString("carillon.telephony.admission.low-mark = 1 s")
                    .withFallback(ConfigFactory.load());

            assertThatThrownBy(() -> TelephonySettings.from(wrong))
                    .hasMessage("carillon.telephony.admission: low-mark must be less than bound");
        }
    }
}
