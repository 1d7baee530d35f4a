package dev.carillon.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.SingletonActor;
import akka.management.javadsl.AkkaManagement;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.carillon.api.ApiServer;
import dev.carillon.api.ApiServices;
import dev.carillon.api.DecisionHooks;
import dev.carillon.cluster.BoxGateway;
import dev.carillon.cluster.ClusterEntities;
import dev.carillon.cluster.DeadNodes;
import dev.carillon.cluster.EntityPlaces;
import dev.carillon.cluster.LiveHub;
import dev.carillon.cluster.LiveTally;
import dev.carillon.cluster.MergedLiveView;
import dev.carillon.core.agent.AgentDecider;
import dev.carillon.core.call.CallDecider;
import dev.carillon.core.queue.QueueDecider;
import dev.carillon.core.seat.SeatDecider;
import dev.carillon.node.metrics.BoxMetrics;
import dev.carillon.node.metrics.EntityMetrics;
import dev.carillon.node.metrics.Inspection;
import dev.carillon.node.metrics.Metrics;
import dev.carillon.node.metrics.RequestMetrics;
import dev.carillon.node.metrics.Sampled;
import dev.carillon.protocol.box.BoxCommand;
import dev.carillon.protocol.call.CallCommand;
import dev.carillon.protocol.view.View;
import dev.carillon.readmodel.CallRecordProjection;
import dev.carillon.readmodel.JournalCallHistory;
import dev.carillon.store.Database;
import dev.carillon.store.Environment;
import dev.carillon.store.JdbcCallRecords;
import dev.carillon.store.JdbcClusterMembers;
import dev.carillon.telephony.Admission;
import dev.carillon.telephony.AdmissionLog;
import dev.carillon.telephony.BoxAdapter;
import dev.carillon.telephony.BoxDisplay;
import dev.carillon.telephony.BoxKeeper;
import dev.carillon.telephony.BoxMeter;
import dev.carillon.telephony.TelephonyNode;
import dev.carillon.telephony.TelephonyNodes;
import dev.carillon.telephony.TelephonySettings;
import dev.carillon.telephony.asterisk.AsteriskAdapter;
import dev.carillon.telephony.running.SimulatedBoxAdapter;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: its parts, each started when those it needs are there, and how they are joined. */
final class Node {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final String NAME = "carillon";

    /** Longest orderly end of the actor system, after the notice, that a process which is told to end waits for. */
    static final Duration END_LIMIT = Duration.ofSeconds(60);

    /** For answers of the whole cluster. */
    private static final Duration OPERATOR_PATIENCE = Duration.ofSeconds(4);

    private final NodeSettings settings;
    private final Metrics metrics;
    private final Storage storage;
    private final ActorSystem<Void> system;
    private final Drain drain;
    private final StandStill standStill;
    private final Clock clock = Clock.systemUTC();
    private final Executor blocking;
    private final LiveConfiguration configuration;
    private final Admission admission;

    /** None before the parts are there that count. */
    private volatile Supplier<Map<String, Long>> figures = Map::of;

    /**
     * Starts everything and returns; the node runs until the process is told to end.
     *
     * @throws StartupFailure when something is missing; what was started by then is ended when the process exits
     */
    static void start(Config config, NodeSettings settings) {
        Ports.mustBeFree(settings);
        var ending = new Ending();
        EndOfProcess.plannedBySigterm();
        Runtime.getRuntime().addShutdownHook(new Thread(ending::end, "end-of-node"));
        ending.start("log", Logging::start, Logging::close);
        var metrics = ending.start("metrics", () -> Metrics.start(config), Metrics::close);
        var storage = Storage.open(settings, ending);
        var actors = ending.start(
                "actor system",
                () -> Actors.start(ofMember(config, settings, storage.database().settings()), settings.drainNotice()),
                ended -> ended.end(settings.drainNotice().plus(END_LIMIT)));
        try {
            new Node(settings, metrics, storage, actors).startParts();
        } catch (CompletionException e) {
            throw new StartupFailure(e.getCause().getMessage(), e);
        }
    }

    /** What the actor system is told beyond the configuration. */
    private static Config ofMember(Config config, NodeSettings settings, Database.Settings database) {
        return ConfigFactory.parseMap(
                        Map.of("url", database.url(), "user", database.user(), "password", database.password()),
                        "database")
                .atPath("akka-persistence-jdbc.shared-databases.slick.db")
                .withFallback(ConfigFactory.parseMap(Map.of("akka.cluster.roles", settings.memberRoles()), "roles"))
                .withFallback(settings.joining().akka(settings))
                .withFallback(config);
    }

    /** The actor system of the node, and the way to its end. */
    private record Actors(ActorSystem<Void> system, Drain drain, StandStill standStill) {

        static Actors start(Config config, Duration notice) {
            var system = ActorSystem.<Void>create(Behaviors.empty(), NAME, config);
            EndOfProcess.follow(system, System::exit);
            return new Actors(
                    system,
                    new Drain(system, notice, () -> hasOthers(system), Clock.systemUTC()),
                    StandStill.watch(system.settings().config(), () -> hasOthers(system)));
        }

        private static boolean hasOthers(ActorSystem<?> system) {
            var cluster = Cluster.get(system);
            return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
                    .anyMatch(member ->
                            !member.uniqueAddress().equals(cluster.selfMember().uniqueAddress())
                                    && member.status() == MemberStatus.up());
        }

        /** A planned end, also if it is under way already; returns when it is over, or the limit is. */
        void end(Duration limit) {
            drain.begin("the process was told to end");
            try {
                system.getWhenTerminated().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                LOG.warn("The actor system did not end within {} s; going on without", limit.toSeconds());
            } catch (ExecutionException e) {
                LOG.warn("The actor system ended badly", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Node(NodeSettings settings, Metrics metrics, Storage storage, Actors actors) {
        this.settings = settings;
        this.metrics = metrics;
        this.storage = storage;
        this.system = actors.system();
        this.drain = actors.drain();
        this.standStill = actors.standStill();
        this.blocking = system.dispatchers().lookup(DispatcherSelector.fromConfig("carillon.node.blocking-dispatcher"));
        this.configuration = new LiveConfiguration(storage.store(), storage.configuration(), blocking);
        this.admission = new Admission(
                TelephonySettings.from(system.settings().config()).admission(),
                clock.instant(),
                new AdmissionLog(LoggerFactory.getLogger(Admission.class)));
    }

    private void startParts() {
        var answering = new CompletableFuture<Void>();
        var listening = has("api") ? new CompletableFuture<Void>() : CompletableFuture.<Void>completedFuture(null);
        var tally = new LiveTally();
        var hub = LiveHub.start(system, tally);
        var boxMetrics = new BoxMetrics(new LiveBoxes(hub));
        var boxesHere =
                new BoxesHere(TelephonySettings.from(system.settings().config()).connectTimeout(), clock, boxMetrics);
        var health = health(answering, listening, boxesHere);
        ManagementRoutes.serve(system, health, settings.token(), operators());
        AkkaManagement.get(system).start().toCompletableFuture().join();

        var entityMetrics = new EntityMetrics();
        var telephony = new LaterBoxes();
        var hooks = new DecisionHooks(system, configuration.directory(), Environment.OF_THE_PROCESS);
        var entities = ClusterEntities.start(
                system,
                new ClusterEntities.Deciders(
                        new CallDecider(),
                        new AgentDecider(settings.desktops()),
                        new QueueDecider(),
                        new SeatDecider()),
                new ClusterEntities.Surroundings(
                        telephony,
                        hooks,
                        hub,
                        configuration.directory(),
                        clock,
                        () -> UUID.randomUUID().toString(),
                        entityMetrics));
        configuration.directory().onChange(entities::configurationChanged);
        storage.watch().onBack(configuration::catchUp);
        telephony.boxes = startTelephony(entities, hub, boxesHere, boxMetrics);
        spawn(ConfigurationNews.create(configuration, settings.versionCheck()), "configuration-news");
        var records = CallRecordProjection.start(system, storage.records(), entities::wakeCall);
        spawn(DeadNodes.create(system.settings().config()), "dead-nodes");
        var counted = new Counted(
                storage.watch(),
                entities,
                entityMetrics.writes(),
                boxMetrics.answers(),
                records,
                () -> admission.state(clock.instant()),
                hooks.figures());
        figures = counted::figures;
        var sampled = new Sampled(tally, clock).recordsOf(records);
        counted.follow(sampled);
        spawn(
                OneCluster.create(new OneCluster.Means(
                        new JdbcClusterMembers(storage.database()),
                        storage.database().settings().place(),
                        settings.joining(),
                        system.settings().config().getDuration("carillon.node.join-patience"),
                        blocking,
                        System::nanoTime)),
                "one-cluster");
        spawn(FirstAnswer.create(entities, configuration::current, answering), "first-answer");

        var live = MergedLiveView.start(system);
        new Watching(system, sampled, health).begin(new Inspection(live), clock, blocking);
        if (settings.demo()) {
            // One for all nodes of a cluster.
            ClusterSingleton.get(system)
                    .init(SingletonActor.of(
                            Behaviors.supervise(DemoAgents.create(
                                            entities, live, configuration::current, clock, settings.demoPause()))
                                    .onFailure(SupervisorStrategy.restart()),
                            "demo-agents"));
        }
        if (has("api")) {
            var services = new ApiServices(
                    entities,
                    live,
                    configuration,
                    new JdbcCallRecords(storage.database()),
                    new JournalCallHistory(system),
                    new RequestMetrics(),
                    storage.watch()::state,
                    clock);
            ApiServer.start(system, settings.api(), services)
                    .toCompletableFuture()
                    .join();
            listening.complete(null);
        }
        LOG.info("Started; /alive and /ready at http://{}", settings.management());
    }

    /** Entities and telephony nodes need each other, and one of the two has to be made first. What is lost until then is said again. */
    private static final class LaterBoxes implements BoxGateway {
        private volatile TelephonyNodes boxes;

        @Override
        public void tell(String boxId, BoxCommand command) {
            var known = boxes;
            if (known != null) {
                known.execute(boxId, command);
            }
        }
    }

    /** Shows boxes on this node's hub. */
    private record LiveBoxes(ActorRef<LiveHub.Command> hub) implements BoxDisplay {

        @Override
        public void show(View.OfBox box) {
            hub.tell(LiveHub.publish(box));
        }

        @Override
        public void hide(String boxId) {
            hub.tell(LiveHub.withdrawBox(boxId));
        }
    }

    private boolean has(String role) {
        return settings.roles().contains(role);
    }

    private <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
        return system.systemActorOf(
                Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restart()), name, Props.empty());
    }

    private TelephonyNodes startTelephony(
            ClusterEntities entities, ActorRef<LiveHub.Command> hub, BoxDisplay display, BoxMeter meter) {
        var config = system.settings().config();
        var adapters = Stream.of(
                        new AsteriskAdapter(storage.database().identity(), meter, standStill::mayAct),
                        new SimulatedBoxAdapter(storage.database().identity(), config, clock, meter))
                .collect(Collectors.toMap(BoxAdapter::kind, adapter -> adapter));
        var times = TelephonySettings.from(config);
        var boxes = TelephonyNodes.init(
                system,
                new TelephonyNode.Surroundings(
                        configuration::box,
                        adapters,
                        (callId, event) -> entities.tellCall(callId, new CallCommand.FromBox(event)),
                        new ClusterSeats(entities, configuration.directory(), hub::tell),
                        display,
                        meter,
                        admission,
                        clock,
                        () -> ThreadLocalRandom.current().nextDouble()),
                times);
        configuration.onBoxChange(boxes::settingsChanged);
        configuration.onBoxStored(boxes::connectNow);
        spawn(BoxKeeper.create(configuration::boxIds, boxes::wake, times.wakeInterval()), "box-keeper");
        return boxes;
    }

    private OperatorRoutes operators() {
        var kinds = new LinkedHashMap<String, String>();
        ClusterEntities.TYPES.forEach(type -> kinds.put(OperatorRoutes.kindOf(type), type));
        kinds.put(OperatorRoutes.kindOf(TelephonyNodes.KEY.name()), TelephonyNodes.KEY.name());
        return new OperatorRoutes(
                () -> figures.get(),
                metrics::text,
                new EntityPlaces(system, OPERATOR_PATIENCE),
                kinds,
                drain,
                LogLevels.of(system));
    }

    private Health health(CompletionStage<Void> answering, CompletionStage<Void> listening, BoxesHere boxesHere) {
        return new Health()
                .with("node", () -> Health.said(drain.trouble()))
                .with("cluster", () -> Health.said(clusterTrouble()))
                .with("database", () -> Health.said(storage.watch().trouble()))
                .with("configuration", () -> Health.said(configuration.trouble()))
                .with("entities", Health.when(answering, "calls, agents and queues do not answer yet"))
                .with("boxes", () -> Health.said(boxesHere.trouble()))
                .with("api", Health.when(listening, "does not listen yet"))
                .withNote("admission", () -> AdmissionLog.note(admission.state(clock.instant())));
    }

    private Optional<String> clusterTrouble() {
        var status = Cluster.get(system).selfMember().status();
        return status == MemberStatus.up() ? Optional.empty() : Optional.of("this member is " + status + ", not Up");
    }
}
