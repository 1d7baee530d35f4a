package dev.carillon.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.store.JdbcClusterMembers.Cluster;
import dev.carillon.store.JdbcClusterMembers.Heard;
import dev.carillon.store.JdbcClusterMembers.Member;
import dev.carillon.testkit.EmbeddedDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdbcClusterMembersTest {

    private static final Member ONE = new Member("akka://carillon@10.0.0.1:2551", 11);
    private static final Member TWO = new Member("akka://carillon@10.0.0.2:2551", -22);

    private Database database;
    /** Of node two: with a session of its own. */
    private Database other;

    private JdbcClusterMembers members;
    private JdbcClusterMembers ofTwo;

    @BeforeEach
    void open() {
        var place = EmbeddedDatabase.fresh();
        database = DatabaseTest.open(place).migrate();
        other = DatabaseTest.open(place);
        members = new JdbcClusterMembers(database);
        ofTwo = new JdbcClusterMembers(other);
    }

    @AfterEach
    void close() {
        other.close();
        database.close();
    }

    @Test
    void nobodyLivesAtFirstAndOnlyTheOldestMemberBegins() {
        assertThat(members.living()).isEmpty();
        assertThat(ofTwo.beat(TWO, Optional.empty(), List.of(ONE, TWO), false).cluster())
                .isEmpty();
        assertThat(members.living()).isEmpty();

        var cluster = members.beat(ONE, Optional.empty(), List.of(ONE, TWO), true)
                .cluster()
                .orElseThrow();

        assertThat(ofTwo.beat(TWO, Optional.empty(), List.of(ONE, TWO), false).cluster())
                .contains(cluster);
        assertThat(members.living()).containsExactly(new Heard(ONE, cluster), new Heard(TWO, cluster));
    }

    @Test
    void aMemberOfAnotherClusterIsNotAdopted() {
        var first = members.beat(ONE, Optional.empty(), List.of(ONE), true)
                .cluster()
                .orElseThrow();
        var second =
                ofTwo.beat(TWO, Optional.empty(), List.of(TWO), true).cluster().orElseThrow();

        assertThat(second).isNotEqualTo(first);
        assertThat(first.isOlderThan(second)).isTrue();
        assertThat(second.isOlderThan(first)).isFalse();
        // They have found each other after all: the older one is the name of both.
        assertThat(ofTwo.beat(TWO, Optional.of(second), List.of(ONE, TWO), false)
                        .cluster())
                .contains(first);
        assertThat(members.beat(ONE, Optional.of(first), List.of(ONE, TWO), true)
                        .cluster())
                .contains(first);
    }

    @Test
    void whoseProcessHasEndedLivesNoMore() {
        ofTwo.beat(TWO, Optional.empty(), List.of(TWO), true);
        assertThat(members.living()).hasSize(1);

        other.close();

        var latest = Instant.now().plusSeconds(30);
        while (!members.living().isEmpty()) {
            assertThat(Instant.now()).as("its sessions end").isBefore(latest);
        }
    }

    @Test
    void livesOnAfterTheDatabaseHasEndedItsSession() {
        var cluster = ofTwo.beat(TWO, Optional.empty(), List.of(TWO), true).cluster();
        database.inTransaction(connection -> new Sql(connection)
                .all("SELECT pg_terminate_backend(session) FROM cluster_member", row -> row.getBoolean(1)));
        var beaten = Optional.<Cluster>empty();
        for (var attempt = 0; beaten.isEmpty() && attempt < 10; attempt++) {
            try {
                beaten = ofTwo.beat(TWO, cluster, List.of(TWO), true).cluster();
            } catch (DatabaseException broken) {
                // Its pool had not noticed yet.
            }
        }

        assertThat(beaten).isEqualTo(cluster);
        assertThat(members.living()).containsExactly(new Heard(TWO, cluster.orElseThrow()));
    }

    @Test
    void whoWasNotHeardForLongLivesNoMoreWhateverItsSession() {
        ofTwo.beat(TWO, Optional.of(new Cluster(UUID.randomUUID(), Instant.EPOCH)), List.of(TWO), false);
        database.inTransaction(connection ->
                new Sql(connection).update("UPDATE cluster_member SET heard_at = heard_at - interval '11 s'"));

        assertThat(members.living()).isEmpty();
    }

    @Test
    void aDatabaseThatWasSetBackLearnsTheClusterAnew() {
        var cluster = members.beat(ONE, Optional.empty(), List.of(ONE), true).cluster();
        database.inTransaction(connection -> new Sql(connection).update("DELETE FROM cluster_member"));

        assertThat(members.beat(ONE, cluster, List.of(ONE), true).cluster()).isEqualTo(cluster);
    }

    /** The machine of node one was suspended, and node two has begun a cluster, as nobody lived. */
    @Test
    void whoSleptAndWasReplacedEndsHoweverOldItsClusterIsAndIsNotHeard() {
        var older = members.beat(ONE, Optional.empty(), List.of(ONE), true).cluster();
        isSilent(ONE);
        var younger =
                ofTwo.beat(TWO, Optional.empty(), List.of(TWO), true).cluster().orElseThrow();

        var beat = members.beat(ONE, older, List.of(ONE), true);

        assertThat(beat.replacedBy()).containsExactly(new Heard(TWO, younger));
        assertThat(members.living()).containsExactly(new Heard(TWO, younger));
        // Nor after so long that nothing is left of it.
        members.leave(ONE);
        assertThat(members.beat(ONE, older, List.of(ONE), true).replacedBy()).isNotEmpty();
        assertThat(members.living()).containsExactly(new Heard(TWO, younger));
    }

    @Test
    void whoWasSilentAndIsNotReplacedGoesOn() {
        var cluster =
                members.beat(ONE, Optional.empty(), List.of(ONE, TWO), true).cluster();
        ofTwo.beat(TWO, cluster, List.of(ONE, TWO), false);
        isSilent(ONE);

        var beat = members.beat(ONE, cluster, List.of(ONE), true);

        assertThat(beat.replacedBy()).isEmpty();
        assertThat(members.living()).hasSize(2);
    }

    @Test
    void ofTwoThatBeganAtOnceBothAreHeard() {
        var first = members.beat(ONE, Optional.empty(), List.of(ONE), true).cluster();
        var second = ofTwo.beat(TWO, Optional.empty(), List.of(TWO), true).cluster();

        assertThat(members.beat(ONE, first, List.of(ONE), true).replacedBy()).isEmpty();
        assertThat(ofTwo.beat(TWO, second, List.of(TWO), true).replacedBy()).isEmpty();
        assertThat(members.living()).hasSize(2);
    }

    @Test
    void whoHasLeftLivesNoMoreAndNobodyElseIsTouched() {
        var cluster =
                members.beat(ONE, Optional.empty(), List.of(ONE, TWO), true).cluster();
        ofTwo.beat(TWO, cluster, List.of(ONE, TWO), false);

        members.leave(ONE);

        assertThat(members.living()).containsExactly(new Heard(TWO, cluster.orElseThrow()));
    }

    private void isSilent(Member member) {
        database.inTransaction(connection -> new Sql(connection)
                .update(
                        "UPDATE cluster_member SET heard_at = heard_at - interval '11 s' WHERE address = ?",
                        member.address()));
    }
}
