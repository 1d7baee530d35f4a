package dev.carillon.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which nodes work with a database, and as which cluster. A node is taken to live when it was heard within {@link #HEARD_WITHIN}, by the
 * database's clock, and the session in which it said so still exists: that of a process that was killed ends at once. Blocking.
 */
public final class JdbcClusterMembers {

    /** Longer than any pause of a node that goes on afterwards as if nothing had been. */
    private static final String HEARD_WITHIN = "10 s";

    /** Without rights of its own a user sees when the sessions of the same user began, and of others nothing. */
    private static final String LIVES = " heard_at > now() - interval '" + HEARD_WITHIN + "' AND EXISTS (SELECT FROM"
            + " pg_stat_activity a WHERE a.pid = session AND a.backend_start = session_began AND a.datname = current_database())";

    private final Database database;

    public JdbcClusterMembers(Database database) {
        this.database = database;
    }

    /** One process, wherever it is in its life. */
    public record Member(String address, long incarnation) {}

    /**
     * A cluster, by whatever members it has at the time.
     *
     * @param beganAt by the database's clock
     */
    public record Cluster(UUID id, Instant beganAt) {

        /** Which of two clusters goes on: the older one. */
        public static final Comparator<Cluster> OLDEST_FIRST =
                Comparator.comparing(Cluster::beganAt).thenComparing(Cluster::id);

        public boolean isOlderThan(Cluster other) {
            return OLDEST_FIRST.compare(this, other) < 0;
        }
    }

    /** A member and the cluster that it takes itself for a part of. */
    public record Heard(Member member, Cluster cluster) {}

    /**
     * What came of a beat.
     *
     * @param cluster as this node is to know it from now on; empty when nobody knows one yet
     * @param replacedBy the living of other clusters, when this node was silent for so long that it was taken for dead, and one
     *     of theirs may have taken its place; then nothing was written, and the node must end. Empty otherwise
     */
    public record Beat(Optional<Cluster> cluster, List<Heard> replacedBy) {}

    /** @throws DatabaseException when the database does not answer */
    public List<Heard> living() {
        return database.inTransaction(connection -> living(new Sql(connection)));
    }

    private static List<Heard> living(Sql sql) throws SQLException {
        return sql.all(
                "SELECT address, incarnation, cluster, began_at FROM cluster_member WHERE" + LIVES
                        + " ORDER BY began_at, cluster, address",
                JdbcClusterMembers::heard);
    }

    /**
     * Says that this node lives, as a member of a cluster of which these are the members. They may know the cluster by different ids, having begun it
     * at the same moment or read each other late: the oldest is the id of all.
     *
     * <p>A node that stood still, as a suspended machine does, may find that a cluster has begun meanwhile which could not know of it. That one's age says
     * nothing then: it is at work, and this node was not.
     *
     * @param known as what this node knew it so far
     * @param members all of them, this node too
     * @param begins whether this node is to begin a cluster when no member knows one
     */
    public Beat beat(Member self, Optional<Cluster> known, List<Member> members, boolean begins) {
        return database.inTransaction(connection -> {
            var sql = new Sql(connection);
            // All within one transaction: one that stands still in the midst of it writes the time of its beginning.
            if (known.isPresent() && !wasHeard(sql, self)) {
                var others = living(sql).stream()
                        .filter(heard -> !members.contains(heard.member())
                                && !heard.cluster().id().equals(known.get().id()))
                        .toList();
                if (!others.isEmpty()) {
                    return new Beat(known, others);
                }
            }
            var cluster = sql
                    .all(
                            "SELECT address, incarnation, cluster, began_at FROM cluster_member",
                            JdbcClusterMembers::heard)
                    .stream()
                    .filter(heard -> members.contains(heard.member()))
                    .map(Heard::cluster)
                    .min(Cluster.OLDEST_FIRST);
            if (known.isPresent()
                    && cluster.filter(other -> other.isOlderThan(known.get())).isEmpty()) {
                cluster = known;
            }
            if (cluster.isEmpty() && begins) {
                cluster = sql.one(
                        "SELECT gen_random_uuid(), now()",
                        row -> new Cluster(row.getObject(1, UUID.class), instant(row, 2)));
            }
            if (cluster.isPresent()) {
                write(sql, self, cluster.get());
            }
            return new Beat(cluster, List.of());
        });
    }

    /** Whose row is gone was not heard for a day, or never by this database. */
    private static boolean wasHeard(Sql sql, Member self) throws SQLException {
        return sql.one(
                        "SELECT address FROM cluster_member WHERE address = ? AND incarnation = ?"
                                + " AND heard_at > now() - interval '" + HEARD_WITHIN + "'",
                        row -> row.getString(1),
                        self.address(),
                        self.incarnation())
                .isPresent();
    }

    /** Says that this node is a member no more: nobody need wait for it to fall silent. */
    public void leave(Member self) {
        database.inTransaction(connection -> new Sql(connection)
                .update(
                        "DELETE FROM cluster_member WHERE address = ? AND incarnation = ?",
                        self.address(),
                        self.incarnation()));
    }

    private static void write(Sql sql, Member self, Cluster cluster) throws SQLException {
        sql.update(
                """
                INSERT INTO cluster_member (address, incarnation, cluster, began_at, heard_at, session, session_began)
                SELECT ?, ?, ?, ?::timestamptz, now(), pg_backend_pid(), backend_start
                FROM pg_stat_activity WHERE pid = pg_backend_pid()
                ON CONFLICT (address, incarnation) DO UPDATE SET cluster = EXCLUDED.cluster, began_at = EXCLUDED.began_at,
                  heard_at = EXCLUDED.heard_at, session = EXCLUDED.session, session_began = EXCLUDED.session_began
                """,
                self.address(),
                self.incarnation(),
                cluster.id(),
                cluster.beganAt().toString());
        sql.update("DELETE FROM cluster_member WHERE heard_at < now() - interval '1 day'");
    }

    private static Heard heard(ResultSet row) throws SQLException {
        return new Heard(
                new Member(row.getString(1), row.getLong(2)),
                new Cluster(row.getObject(3, UUID.class), instant(row, 4)));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
