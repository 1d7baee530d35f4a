package dev.carillon.node;

import static dev.carillon.node.GettingIn.Step.GIVE_UP;
import static dev.carillon.node.GettingIn.Step.JOIN;
import static dev.carillon.node.GettingIn.Step.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import akka.cluster.MemberStatus;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GettingInTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<String> ONE = Set.of("akka://carillon@10.0.0.1:2551");
    private static final Set<String> TWO = Set.of("akka://carillon@10.0.0.1:2551", "akka://carillon@10.0.0.2:2551");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
    private final GettingIn gettingIn = new GettingIn(true, PATIENCE, now::get);

    @Test
    void whoWaitedLongForTheDatabaseTriesAllTheSame() {
        pass(Duration.ofHours(1));

        assertThat(gettingIn.next(MemberStatus.removed(), ONE)).isEqualTo(JOIN);
        pass(PATIENCE);
        assertThat(gettingIn.next(MemberStatus.removed(), ONE)).isEqualTo(WAIT);
        pass(Duration.ofMillis(1));
        assertThat(gettingIn.next(MemberStatus.removed(), ONE)).isEqualTo(GIVE_UP);
    }

    @Test
    void whomItSeesLaterItTriesTooButHasNoMorePatienceWithThem() {
        gettingIn.next(MemberStatus.removed(), ONE);
        pass(Duration.ofSeconds(20));

        assertThat(gettingIn.next(MemberStatus.removed(), TWO)).isEqualTo(JOIN);
        pass(Duration.ofSeconds(11));
        assertThat(gettingIn.next(MemberStatus.removed(), ONE)).isEqualTo(GIVE_UP);
    }

    @Test
    void whoIsInMayTakeItsTimeUntilItIsUp() {
        gettingIn.next(MemberStatus.removed(), ONE);
        pass(Duration.ofHours(1));

        assertThat(gettingIn.next(MemberStatus.joining(), ONE)).isEqualTo(WAIT);
        assertThat(gettingIn.next(MemberStatus.weaklyUp(), TWO)).isEqualTo(WAIT);
    }

    @Test
    void whoKnowsOfNoOthersJoinsNobodyAndWaitsForThemToGo() {
        var alone = new GettingIn(false, PATIENCE, now::get);

        assertThat(alone.next(MemberStatus.removed(), ONE)).isEqualTo(WAIT);
        pass(PATIENCE.plusMillis(1));
        assertThat(alone.next(MemberStatus.removed(), ONE)).isEqualTo(GIVE_UP);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
