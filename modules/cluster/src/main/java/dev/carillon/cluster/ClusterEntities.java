package dev.carillon.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import dev.carillon.core.Decider;
import dev.carillon.core.Directory;
import dev.carillon.core.DirectoryChange;
import dev.carillon.protocol.Command;
import dev.carillon.protocol.Reply;
import dev.carillon.protocol.agent.AgentCommand;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.queue.QueueCommand;
import dev.carillon.protocol.queue.QueueEvent;
import dev.carillon.protocol.seat.SeatCommand;
import dev.carillon.protocol.seat.SeatEvent;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls, agents, queues and seats as sharded entities. Started once on every node; the entities themselves live on nodes with the
 * role {@code carillon.cluster.role}, the others only know the way.
 */
public final class ClusterEntities implements Entities {

    /** The sharding types of what is started here, for {@link EntityPlaces}. */
    public static final List<String> TYPES =
            List.of(EntityKind.CALL, EntityKind.AGENT, EntityKind.QUEUE, EntityKind.SEAT);

    /** The pure core that decides. */
    public record Deciders(
            Decider<CallCommand, CallEvent, ?> call,
            Decider<AgentCommand, AgentEvent, ?> agent,
            Decider<QueueCommand, QueueEvent, ?> queue,
            Decider<SeatCommand, SeatEvent, ?> seat) {}

    /**
     * What the entities reach beyond themselves.
     *
     * @param boxes the way to the telephony nodes
     * @param hooks the way to the decision hooks of queues
     * @param live this node's hub
     * @param directory the configuration as it is now: a {@link DirectoryHolder}
     * @param ids makes ids that have never been used in the cluster
     * @param meter counts what the entities of this node do
     */
    public record Surroundings(
            BoxGateway boxes,
            HookGateway hooks,
            ActorRef<LiveHub.Command> live,
            Supplier<Directory> directory,
            Clock clock,
            Supplier<String> ids,
            EntityMeter meter) {}

    private record Regions(
            ActorRef<ShardingEnvelope<EntityMessage>> calls,
            ActorRef<ShardingEnvelope<EntityMessage>> agents,
            ActorRef<ShardingEnvelope<EntityMessage>> queues,
            ActorRef<ShardingEnvelope<EntityMessage>> seats) {}

    private final ActorSystem<?> system;
    private final ClusterSettings settings;
    private final LocalEntities local = new LocalEntities();
    private final LongAdder failures = new LongAdder();
    private final JournalFigures journal = new JournalFigures();

    /** A future only while starting: an entity that sharding remembers may wake, and speak, before all four are known. */
    private final CompletableFuture<Regions> regions = new CompletableFuture<>();

    /**
     * Makes the entities known to sharding and starts those that live here. Once for each node, after {@link LiveHub#start}.
     * Sharding does nothing before the node has joined a cluster.
     */
    public static ClusterEntities start(ActorSystem<?> system, Deciders deciders, Surroundings surroundings) {
        var entities =
                new ClusterEntities(system, ClusterSettings.of(system.settings().config()));
        var environment = new ShellEnvironment(
                entities,
                surroundings.boxes(),
                surroundings.hooks(),
                surroundings.directory(),
                surroundings.clock(),
                surroundings.ids(),
                surroundings.live(),
                entities.local,
                entities.failures,
                surroundings.meter(),
                entities.journal,
                entities.settings);
        entities.regions.complete(new Regions(
                entities.initialise(EntityKind.call(deciders.call()), environment),
                entities.initialise(EntityKind.agent(deciders.agent()), environment),
                entities.initialise(EntityKind.queue(deciders.queue()), environment),
                entities.initialise(EntityKind.seat(deciders.seat()), environment)));
        return entities;
    }

    private ClusterEntities(ActorSystem<?> system, ClusterSettings settings) {
        this.system = system;
        this.settings = settings;
    }

    private <C extends Command, E, S> ActorRef<ShardingEnvelope<EntityMessage>> initialise(
            EntityKind<C, E, S> kind, ShellEnvironment environment) {
        var sharding = ClusterSharding.get(system);
        var key = EntityTypeKey.create(EntityMessage.class, kind.name());
        var shards = ClusterShardingSettings.create(system)
                .withRememberEntities(kind.remembered())
                // Sharding sees only what comes through it, and would put to sleep an entity that lives on its own
                // timers.
                .withNoPassivationStrategy();
        var entity = Entity.of(
                        key,
                        started -> EntityShell.create(
                                kind,
                                started.getEntityId(),
                                environment,
                                started.getShard(),
                                () -> sharding.entityRefFor(key, started.getEntityId())
                                        .tell(new EntityMessage.Wake())))
                .withStopMessage(EntityMessage.Stop.NOW)
                .withSettings(shards);
        return sharding.init(settings.role().isEmpty() ? entity : entity.withRole(settings.role()));
    }

    @Override
    public void tellCall(String callId, CallCommand command) {
        tell(Regions::calls, callId, command);
    }

    @Override
    public void tellAgent(String agentId, AgentCommand command) {
        tell(Regions::agents, agentId, command);
    }

    @Override
    public void tellQueue(String queueId, QueueCommand command) {
        tell(Regions::queues, queueId, command);
    }

    @Override
    public void tellSeat(String seatId, SeatCommand command) {
        tell(Regions::seats, seatId, command);
    }

    @Override
    public CompletionStage<Reply> askSeat(String seatId, SeatCommand command) {
        return ask(Regions::seats, seatId, command);
    }

    @Override
    public CompletionStage<Reply> askAgent(String agentId, AgentCommand command) {
        return ask(Regions::agents, agentId, command);
    }

    @Override
    public CompletionStage<Reply> askQueue(String queueId, QueueCommand command) {
        return ask(Regions::queues, queueId, command);
    }

    /**
     * Makes sure that a call is alive. One that sleeps carries on where its journal ends, and says what it owes; to one that is alive
     * nothing happens.
     */
    public void wakeCall(String callId) {
        // As in tell.
        var unused =
                regions.thenAccept(to -> to.calls().tell(new ShardingEnvelope<>(callId, new EntityMessage.Wake())));
    }

    /** Tells the agents and queues that live on this node, and that the change concerns; wakes nobody. */
    public void configurationChanged(DirectoryChange change) {
        local.configurationChanged(change);
    }

    /** How many decisions failed on this node by a fault of the program; each is in the log. */
    public long failures() {
        return failures.sum();
    }

    /** How often the journal failed the entities of this node. */
    public JournalFigures journal() {
        return journal;
    }

    private void tell(Function<Regions, ActorRef<ShardingEnvelope<EntityMessage>>> kind, String id, Command command) {
        // Completed but for the first moments; nothing can fail behind it.
        var unused = regions.thenAccept(
                to -> kind.apply(to).tell(new ShardingEnvelope<>(id, new EntityMessage.ToEntity(command, null))));
    }

    private CompletionStage<Reply> ask(
            Function<Regions, ActorRef<ShardingEnvelope<EntityMessage>>> kind, String id, Command command) {
        return regions.thenCompose(to -> AskPattern.ask(
                kind.apply(to),
                replyTo -> new ShardingEnvelope<>(id, new EntityMessage.ToEntity(command, replyTo)),
                settings.askTimeout(),
                system.scheduler()));
    }
}
