package dev.carillon.node;

import akka.actor.Address;
import akka.actor.AddressFromURIString;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.JoinSeedNodes;
import dev.carillon.store.DatabaseException;
import dev.carillon.store.JdbcClusterMembers;
import dev.carillon.store.JdbcClusterMembers.Heard;
import dev.carillon.store.JdbcClusterMembers.Member;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second cluster from one database. Two would each let their calls and agents live, and each write what they think into one journal.
 *
 * <ol>
 *   <li>Before a node joins anything it looks who lives on its database. Where nobody does, it joins as it was told to, which may begin a cluster.
 *   <li>Where somebody does, it joins those and begins nothing, whichever seed node it is. It goes on trying for a while, since they may be
 *       dying; then it ends, and says who is there. One that knows of no other nodes does not join them: it ends.
 *   <li>A member says every two seconds that it lives, and as which cluster. One that hears of a living member of <em>another</em> cluster, again and again, is
 *       in one of two that began at the same moment: the nodes of the younger one end. One that itself was silent for so long that it was taken for
 *       dead has been replaced by that other cluster, and ends at once, whichever is older.
 * </ol>
 *
 * Nodes that are out of reach and of the same cluster are the split brain resolver's business. While the database does not answer, nothing is
 * concluded.
 */
final class OneCluster extends AbstractBehavior<OneCluster.Message> {

    interface Message {}

    private enum Tick implements Message {
        LOOK,
        BEAT
    }

    /** @param failure null when it answered */
    private record Found(List<Heard> living, Throwable failure) implements Message {}

    /** @param failure null when the database answered */
    private record Beaten(JdbcClusterMembers.Beat beat, List<Heard> living, Set<Member> members, Throwable failure)
            implements Message {}

    /** A node that ends for this has done no harm, and does none if it is started again. */
    enum Reason implements CoordinatedShutdown.Reason {
        SECOND_CLUSTER
    }

    /** For what is said outside the actor. */
    private static final Logger LOG = LoggerFactory.getLogger(OneCluster.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration BEAT = Duration.ofSeconds(2);

    /** So often in a row another cluster must be seen. */
    private static final int CERTAIN = 4;

    /** So often it is logged, in beats. */
    private static final int REMIND = 30;

    /**
     * What it works with.
     *
     * @param place of the database, for people
     * @param patience for how long it tries to join those who live there
     * @param blocking where the database is asked
     * @param nanos a clock that is never set, in nanoseconds
     */
    record Means(
            JdbcClusterMembers members,
            String place,
            Joining joining,
            Duration patience,
            Executor blocking,
            LongSupplier nanos) {}

    private final TimerScheduler<Message> timers;
    private final Logger log;
    private final Cluster cluster;
    private final Means means;
    private final Member self;
    private final GettingIn gettingIn;

    private boolean joinsAsTold;
    private Optional<JdbcClusterMembers.Cluster> mine = Optional.empty();
    private int olderSeen;
    private int youngerSeen;

    static Behavior<Message> create(Means means) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new OneCluster(context, timers, means)));
    }

    private OneCluster(ActorContext<Message> context, TimerScheduler<Message> timers, Means means) {
        super(context);
        this.timers = timers;
        this.means = means;
        this.log = context.getLog();
        this.cluster = Cluster.get(context.getSystem());
        this.self = member(cluster.selfMember());
        this.gettingIn = new GettingIn(!(means.joining() instanceof Joining.Alone), means.patience(), means.nanos());
        context.getSelf().tell(Tick.LOOK);
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Tick.LOOK, this::look)
                .onMessage(Found.class, this::onFound)
                .onMessageEquals(Tick.BEAT, this::beat)
                .onMessage(Beaten.class, this::onBeaten)
                .build();
    }

    // ---- before it is a member

    private Behavior<Message> look() {
        if (isUp()) {
            return beat();
        }
        if (joinsAsTold || isIn()) {
            timers.startSingleTimer(Tick.LOOK, PAUSE);
            return this;
        }
        getContext().pipeToSelf(CompletableFuture.supplyAsync(means.members()::living, means.blocking()), Found::new);
        return this;
    }

    private Behavior<Message> onFound(Found found) {
        timers.startSingleTimer(Tick.LOOK, PAUSE);
        if (isIn()) {
            return this;
        }
        if (found.failure() != null) {
            log.warn(
                    "Whether a cluster lives on {} cannot be found out: {}",
                    means.place(),
                    found.failure().getMessage());
            return this;
        }
        // What stands there of another process at this node's own address cannot live.
        var others = found.living().stream()
                .map(heard -> heard.member().address())
                .filter(address -> !address.equals(self.address()))
                .collect(Collectors.toSet());
        if (others.isEmpty()) {
            joinsAsTold = true;
            means.joining().begin(getContext().getSystem());
            return this;
        }
        var nodes = String.join(", ", others);
        switch (gettingIn.next(cluster.selfMember().status(), others)) {
            case JOIN -> {
                log.info("A cluster lives on {}; joining its nodes at {}", means.place(), nodes);
                cluster.manager().tell(new JoinSeedNodes(addresses(others)));
            }
            case GIVE_UP -> end(
                    "The database %s is in use by a cluster that this node cannot join, with nodes at %s. %s"
                            .formatted(means.place(), nodes, remedy()));
            case WAIT -> {}
        }
        return this;
    }

    private String remedy() {
        return means.joining() instanceof Joining.Alone
                ? "Two clusters may not have one database. Tell this node of the others (carillon.node.seed-nodes,"
                        + " CARILLON_SEED_NODE_1 and _2), or give it a database of its own."
                : "Two clusters may not have one database. See to it that this node and those reach each other at these"
                        + " addresses, or give it a database of its own.";
    }

    private static List<Address> addresses(Set<String> others) {
        return others.stream().sorted().map(AddressFromURIString::parse).toList();
    }

    // ---- as a member

    private Behavior<Message> beat() {
        var status = cluster.selfMember().status();
        if (status == MemberStatus.removed() || status == MemberStatus.down()) {
            means.blocking().execute(this::leave);
            return Behaviors.stopped();
        }
        var all = StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                .toList();
        var together = all.stream().map(OneCluster::member).collect(Collectors.toSet());
        boolean oldest = all.stream()
                .filter(member ->
                        member.status() != MemberStatus.joining() && member.status() != MemberStatus.weaklyUp())
                .noneMatch(member -> member.isOlderThan(cluster.selfMember()));
        var known = mine;
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> {
                                    var now = means.members().beat(self, known, List.copyOf(together), oldest);
                                    return new Beaten(now, means.members().living(), together, null);
                                },
                                means.blocking()),
                        (beaten, failure) -> failure == null
                                ? beaten
                                : new Beaten(
                                        new JdbcClusterMembers.Beat(known, List.of()), List.of(), together, failure));
        return this;
    }

    private void leave() {
        try {
            means.members().leave(self);
        } catch (DatabaseException e) {
            // It falls silent all the same.
            LOG.debug("The database does not hear that this node has left its cluster", e);
        }
    }

    private Behavior<Message> onBeaten(Beaten beaten) {
        timers.startSingleTimer(Tick.BEAT, beaten.beat().cluster().isEmpty() ? PAUSE : BEAT);
        if (beaten.failure() != null) {
            log.debug("The database does not hear that this node lives", beaten.failure());
            olderSeen = 0;
            youngerSeen = 0;
            return this;
        }
        var replacedBy = beaten.beat().replacedBy();
        if (!replacedBy.isEmpty()) {
            end(
                    ("This node was not heard of by the database %s for so long that it counted as dead, and another cluster works there by now, with"
                                    + " nodes at %s. Start it again, and it joins those; if it cannot: %s")
                            .formatted(means.place(), addresses(replacedBy), remedy()));
            return this;
        }
        mine = beaten.beat().cluster();
        if (mine.isEmpty()) {
            return this;
        }
        var others = beaten.living().stream()
                .filter(heard -> !beaten.members().contains(heard.member())
                        && !heard.cluster().id().equals(mine.get().id()))
                .toList();
        var older = others.stream()
                .filter(heard -> heard.cluster().isOlderThan(mine.get()))
                .toList();
        olderSeen = older.isEmpty() ? 0 : olderSeen + 1;
        youngerSeen = others.size() == older.size() ? 0 : youngerSeen + 1;
        if (olderSeen == CERTAIN) {
            end("The database %s is in use by an older cluster than this node's, with nodes at %s. %s"
                    .formatted(means.place(), addresses(older), remedy()));
        } else if (youngerSeen % REMIND == CERTAIN) {
            log.error(
                    "A second cluster has begun on the database {}, with nodes at {}. This node's is the older one and goes on; those are to end"
                            + " by themselves, and if they do not: end them",
                    means.place(),
                    addresses(others));
        }
        return this;
    }

    private static String addresses(List<Heard> some) {
        return some.stream().map(heard -> heard.member().address()).collect(Collectors.joining(", "));
    }

    private void end(String why) {
        log.error("{} This node ends with exit code {}.", why, EndOfProcess.REFUSED);
        // Where it says what keeps it from starting.
        System.err.println("carillon: " + why);
        timers.cancelAll();
        CoordinatedShutdown.get(getContext().getSystem()).run(Reason.SECOND_CLUSTER);
    }

    /** In a cluster, if not Up yet. */
    private boolean isIn() {
        return cluster.selfMember().status() != MemberStatus.removed();
    }

    private boolean isUp() {
        return cluster.selfMember().status() == MemberStatus.up();
    }

    private static Member member(akka.cluster.Member member) {
        return new Member(
                member.uniqueAddress().address().toString(),
                member.uniqueAddress().longUid());
    }
}
