package dev.carillon.cluster;

import akka.actor.ActorNotFound;
import akka.actor.ActorRef;
import akka.actor.Address;
import akka.actor.RootActorPath;
import akka.actor.typed.ActorSystem;
import akka.cluster.Cluster;
import akka.cluster.sharding.ClusterSharding;
import akka.cluster.sharding.ShardRegion;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.HashCodeMessageExtractor;
import akka.pattern.Patterns;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import scala.jdk.javaapi.DurationConverters;

/**
 * Which member every shard lives on, and every entity: for operators, who are told what sharding itself knows. Asks of the whole cluster, so
 * not for decisions.
 */
public final class EntityPlaces {

    /**
     * @param member by whose address the shard is on; empty when it is on none at the moment
     * @param running whether the entity is alive there; one that sleeps is woken by the next message to it
     */
    public record Place(String shardId, Optional<Address> member, boolean running) {}

    private final ActorSystem<?> system;
    private final Duration patience;

    /** @param patience how long an answer may take: some milliseconds, unless a member is unreachable */
    public EntityPlaces(ActorSystem<?> system, Duration patience) {
        this.system = system;
        this.patience = patience;
    }

    /**
     * How many entities are alive in each shard, by shard and by member. Fails with a {@link TimeoutException} when not all members answer.
     *
     * @param type the sharding type, started on this member, if only to know the way
     */
    public CompletionStage<Map<Address, Map<String, Integer>>> shards(String type) {
        // The members are given a little less time than the coordinator that asks them.
        var question = new ShardRegion.GetClusterShardingStats(
                DurationConverters.toScala(patience.multipliedBy(3).dividedBy(4)));
        ActorRef region;
        try {
            region = ClusterSharding.get(system.classicSystem()).shardRegion(type);
        } catch (IllegalStateException | IllegalArgumentException notStartedYet) {
            return CompletableFuture.failedFuture(late(type));
        }
        return Patterns.ask(region, question, patience).handle((answer, failure) -> {
            if (failure != null) {
                throw new CompletionException(late(type));
            }
            return counts(type, ((ShardRegion.ClusterShardingStats) answer).getRegions());
        });
    }

    /** Where one entity lives, whether it is alive or not, and whether there ever was one or not. Fails as {@link #shards}. */
    public CompletionStage<Place> find(String type, String entityId) {
        var shardId = new HashCodeMessageExtractor<>(
                        ClusterShardingSettings.create(system).numberOfShards())
                .shardId(entityId);
        return shards(type).thenCompose(members -> {
            var member = members.entrySet().stream()
                    .filter(shards -> shards.getValue().containsKey(shardId))
                    .map(Map.Entry::getKey)
                    .findAny();
            return isAlive(type, shardId, entityId, member.orElseGet(() -> Cluster.get(system)
                            .selfAddress()))
                    .thenApply(running -> new Place(shardId, member, running));
        });
    }

    /** A shard can have more entities than fit into one message: so this asks for the one actor, as sharding names it. */
    private CompletionStage<Boolean> isAlive(String type, String shardId, String entityId, Address member) {
        var path = new RootActorPath(member, "/")
                .child("system")
                .child(system.settings().config().getString("akka.cluster.sharding.guardian-name"))
                .child(encoded(type))
                .child(encoded(shardId))
                .child(encoded(entityId));
        return system.classicSystem().actorSelection(path).resolveOne(patience).handle((found, failure) -> {
            if (failure == null) {
                return true;
            }
            if (cause(failure) instanceof ActorNotFound) {
                return false;
            }
            throw new CompletionException(cause(failure));
        });
    }

    private Map<Address, Map<String, Integer>> counts(String type, Map<Address, ShardRegion.ShardRegionStats> members) {
        if (members.isEmpty()
                || members.values().stream()
                        .anyMatch(stats -> !stats.getFailed().isEmpty())) {
            throw new CompletionException(late(type));
        }
        var counts = new TreeMap<Address, Map<String, Integer>>(Comparator.comparing(Address::toString));
        members.forEach((member, stats) -> {
            var shards = new HashMap<String, Integer>();
            // Integers all of them, though to Java the answer does not say so.
            stats.getStats().forEach((shard, entities) -> shards.put(shard, ((Number) entities).intValue()));
            counts.put(member, shards);
        });
        return counts;
    }

    private TimeoutException late(String type) {
        return new TimeoutException(
                "not all members said within " + patience.toMillis() + " ms what they have of " + type);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
