package dev.carillon.cluster;

import akka.actor.Address;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import akka.cluster.typed.Subscribe;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;

/**
 * Puts nodes whose process has died out of the cluster sooner than the split brain resolver may. That one sees only that a member is not heard of,
 * which may as well be the network or a long pause, so it has to wait until the picture is stable.
 *
 * <ol>
 *   <li>A member that is not heard of is knocked at: at the port where it has to listen. Where a process was killed, its machine refuses the
 *       connection at once. A process that only stands still is connected to by its machine, and of a network that is cut nothing is heard.
 *   <li>Refused several times in a row, a little apart, its process is dead, and the member is downed; but not before it has been the same members for
 *       a while that are not heard of, so that a cut that is noticed for one after the other is seen whole.
 *   <li>Only by those who hear a majority of members: should anything else on the way refuse connections, the smaller side of a cluster does
 *       nothing. Who has been downed and is not removed yet counts as not heard of, or the smaller side would become the larger one by one.
 *   <li>All else is left to the resolver; the knocking goes on as long as the member is there and not heard of.
 * </ol>
 */
public final class DeadNodes extends AbstractBehavior<DeadNodes.Message> {

    interface Message {}

    private record Missed(Member member) implements Message {}

    private record NotMissed(Member member) implements Message {}

    private record KnockAgain(UniqueAddress node) implements Message {}

    private record Answered(UniqueAddress node, boolean refused) implements Message {}

    /**
     * @param times so many refusals in a row are a death; 0: nobody is ever knocked at
     * @param apart the time between two knocks
     * @param patience for an answer
     * @param stable for how long no other member may have gone missing, or come back
     */
    record Settings(int times, Duration apart, Duration patience, Duration stable) {

        private static final Duration SHORTEST = Duration.ofMillis(10);
        private static final Duration LONGEST = Duration.ofSeconds(10);

        static Settings of(Config system) {
            var config = system.getConfig("carillon.cluster.dead-nodes");
            int times = config.getInt("knocks");
            if (times < 0) {
                throw new ConfigException.BadValue(config.origin(), "knocks", "0 for never, or how often");
            }
            return new Settings(
                    times, duration(config, "apart"), duration(config, "patience"), duration(config, "stable"));
        }

        private static Duration duration(Config config, String key) {
            var duration = config.getDuration(key);
            if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
                throw new ConfigException.BadValue(
                        config.origin(), key, "from " + SHORTEST.toMillis() + " ms to " + LONGEST.toSeconds() + " s");
            }
            return duration;
        }
    }

    private static final Set<MemberStatus> COUNTED =
            Set.of(MemberStatus.up(), MemberStatus.leaving(), MemberStatus.down());

    private final Settings settings;
    private final TimerScheduler<Message> timers;
    private final Function<Address, CompletionStage<Boolean>> isRefused;
    private final Cluster cluster;
    private final Logger log;
    private final Set<UniqueAddress> missed = new HashSet<>();
    private final Map<UniqueAddress, Integer> refusals = new HashMap<>();
    private long changedAt = System.nanoTime();

    /**
     * @param system the configuration of the whole system
     * @throws ConfigException when {@code carillon.cluster.dead-nodes} makes no sense
     */
    public static void check(Config system) {
        Settings.of(system);
    }

    /**
     * @param system the configuration of the whole system
     * @throws ConfigException when {@code carillon.cluster.dead-nodes} makes no sense
     */
    public static Behavior<?> create(Config system) {
        var settings = Settings.of(system);
        return settings.times() == 0
                ? Behaviors.ignore()
                : Behaviors.setup(context -> {
                    var blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
                    return create(
                                    settings,
                                    node -> Knock.isRefused(
                                            node.getHost().orElse(""),
                                            node.getPort().orElse(0),
                                            settings.patience(),
                                            blocking))
                            .unsafeCast();
                });
    }

    static Behavior<Message> create(Settings settings, Function<Address, CompletionStage<Boolean>> isRefused) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new DeadNodes(context, timers, settings, isRefused)));
    }

    private DeadNodes(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            Settings settings,
            Function<Address, CompletionStage<Boolean>> isRefused) {
        super(context);
        this.settings = settings;
        this.timers = timers;
        this.isRefused = isRefused;
        this.cluster = Cluster.get(context.getSystem());
        this.log = context.getLog();
        // Who is not heard of already is told at once.
        cluster.subscriptions()
                .tell(Subscribe.create(
                        context.messageAdapter(
                                ClusterEvent.UnreachableMember.class, event -> new Missed(event.member())),
                        ClusterEvent.UnreachableMember.class));
        cluster.subscriptions()
                .tell(Subscribe.create(
                        context.messageAdapter(
                                ClusterEvent.ReachableMember.class, event -> new NotMissed(event.member())),
                        ClusterEvent.ReachableMember.class));
        cluster.subscriptions()
                .tell(Subscribe.create(
                        context.messageAdapter(
                                ClusterEvent.MemberRemoved.class, event -> new NotMissed(event.member())),
                        ClusterEvent.MemberRemoved.class));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Missed.class, this::onMissed)
                .onMessage(NotMissed.class, this::onNotMissed)
                .onMessage(KnockAgain.class, again -> knock(again.node()))
                .onMessage(Answered.class, this::onAnswered)
                .build();
    }

    private Behavior<Message> onMissed(Missed news) {
        var node = news.member().uniqueAddress();
        if (!missed.add(node)) {
            return this;
        }
        changedAt = System.nanoTime();
        return knock(node);
    }

    private Behavior<Message> onNotMissed(NotMissed news) {
        var node = news.member().uniqueAddress();
        timers.cancel(node);
        refusals.remove(node);
        if (missed.remove(node)) {
            changedAt = System.nanoTime();
        }
        return this;
    }

    private Behavior<Message> knock(UniqueAddress node) {
        getContext()
                .pipeToSelf(
                        isRefused.apply(node.address()),
                        (refused, failure) -> new Answered(node, failure == null && refused));
        return this;
    }

    private Behavior<Message> onAnswered(Answered answered) {
        var node = answered.node();
        if (!missed.contains(node)) {
            return this;
        }
        int inARow = answered.refused() ? refusals.getOrDefault(node, 0) + 1 : 0;
        refusals.put(node, inARow);
        if (inARow >= settings.times() && isStable() && mayBeDowned(node)) {
            log.warn(
                    "Node {} is not heard of, and nobody listens at its address any more: its process is dead. It is put out of the cluster",
                    node.address());
            cluster.manager().tell(new Down(node.address()));
        }
        timers.startSingleTimer(node, new KnockAgain(node), settings.apart());
        return this;
    }

    private boolean isStable() {
        return System.nanoTime() - changedAt >= settings.stable().toNanos();
    }

    private boolean mayBeDowned(UniqueAddress node) {
        var heard = new ArrayList<MemberStatus>();
        var notHeard = new ArrayList<MemberStatus>();
        var isMember = false;
        for (var member : cluster.state().getMembers()) {
            (missed.contains(member.uniqueAddress()) ? notHeard : heard).add(member.status());
            isMember |= member.uniqueAddress().equals(node) && member.status() != MemberStatus.down();
        }
        return isMember && isMajority(heard, notHeard);
    }

    /** Whether most of those are heard who have been full members and are not on their way out by themselves. */
    static boolean isMajority(List<MemberStatus> heard, List<MemberStatus> missed) {
        var all = Stream.concat(heard.stream(), missed.stream())
                .filter(COUNTED::contains)
                .count();
        var heardOf = heard.stream()
                .filter(COUNTED::contains)
                .filter(status -> status != MemberStatus.down())
                .count();
        return 2 * heardOf > all;
    }
}
