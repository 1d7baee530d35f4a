package dev.carillon.readmodel;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.ShardedDaemonProcessSettings;
import akka.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import akka.persistence.query.Offset;
import akka.projection.HandlerRecoveryStrategy;
import akka.projection.Projection;
import akka.projection.ProjectionBehavior;
import akka.projection.ProjectionId;
import akka.projection.StatusObserver;
import akka.projection.eventsourced.EventEnvelope;
import akka.projection.jdbc.javadsl.JdbcProjection;
import dev.carillon.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one call record of each call's last event, exactly once, usually within half a second.
 *
 * <p>The events bear a mark in the journal. One actor somewhere in the cluster follows the marks, and another one if that node is lost. What
 * happens when it fails is described at {@link CallRecordHandler}.
 *
 * <p>A write that took longer than there is patience for may be passed over, and a call that everybody has forgotten never writes its last
 * event. So {@link CallRecordCheck} compares the journal with the records after a while, makes what is missing, and wakes who sleeps.
 */
public final class CallRecordProjection {

    /** To look at the journal, to write records, and for the check. */
    public static final int CONNECTIONS = 3;

    private static final String NAME = "call-records";
    private static final String KEY = "all";

    /** So many records are written in one transaction at most: of more than 64 parts, PostgreSQL keeps no account in memory. */
    private static final int AT_ONCE = 50;

    /** For so long at most others may join the first of them. */
    private static final Duration GATHERED_FOR = Duration.ofMillis(20);

    private static final Logger LOG = LoggerFactory.getLogger(CallRecordProjection.class);

    private final ActorSystem<?> system;
    private final Database database;
    private final Consumer<String> wakeCall;
    private final Duration interval;
    private final Duration patience;
    private final Duration restartAfterMin;
    private final Duration restartAfterMax;
    private final ProjectionFigures figures = new ProjectionFigures();

    private CallRecordProjection(ActorSystem<?> system, Database database, Consumer<String> wakeCall) {
        var config = system.settings().config().getConfig("carillon.readmodel.call-records");
        this.system = system;
        this.database = database;
        this.wakeCall = wakeCall;
        this.interval = config.getDuration("interval");
        this.patience = config.getDuration("patience");
        this.restartAfterMin = config.getDuration("restart-after-min");
        this.restartAfterMax = config.getDuration("restart-after-max");
    }

    /**
     * Starts it on this node, as far as the node has the role {@code carillon.readmodel.role}. To be called on every node; ends with the
     * actor system.
     *
     * @param database with as many {@link #CONNECTIONS} as it needs, and best with nobody else using them
     * @param wakeCall makes sure that the call with this id is alive; must return at once, and do nothing to a call that is
     */
    public static ProjectionFigures start(ActorSystem<?> system, Database database, Consumer<String> wakeCall) {
        var projection = new CallRecordProjection(system, database, wakeCall);
        projection.start();
        return projection.figures;
    }

    private void start() {
        if (system.settings().config().getString("akka.projection.jdbc.dialect").isEmpty()) {
            throw new IllegalStateException("The settings of carillon-readmodel.conf are missing: add"
                    + " include classpath(\"carillon-readmodel.conf\") to application.conf.");
        }
        var config = system.settings().config().getConfig("carillon.readmodel");
        var settings = ShardedDaemonProcessSettings.create(system)
                .withKeepAliveInterval(config.getDuration("call-records.keep-alive-interval"));
        var role = config.getString("role");
        var processes = ShardedDaemonProcess.get(system);
        var onNodes = role.isEmpty() ? settings : settings.withRole(role);
        processes.init(
                ProjectionBehavior.Command.class,
                NAME,
                1,
                number -> ProjectionBehavior.create(following()),
                onNodes,
                Optional.of(ProjectionBehavior.stopMessage()));
        var times = config.getConfig("call-records.check");
        var check = new CallRecordCheck(
                database, times.getDuration("settled-after"), times.getInt("calls-at-a-time"), wakeCall, figures);
        processes.init(
                CallRecordChecker.Command.class,
                NAME + "-check",
                1,
                number -> CallRecordChecker.create(check, times.getDuration("first"), times.getDuration("every")),
                onNodes,
                Optional.of(CallRecordChecker.Stop.INSTANCE));
    }

    private Projection<EventEnvelope<Object>> following() {
        return JdbcProjection.<Offset, EventEnvelope<Object>, ProjectionSession>groupedWithin(
                        ProjectionId.of(NAME, KEY),
                        new RecordedEvents(system, database, interval, patience),
                        () -> ProjectionSession.open(database),
                        () -> new CallRecordHandler(figures, Clock.systemUTC()),
                        system)
                .withGroup(AT_ONCE, GATHERED_FOR)
                .withRecoveryStrategy(HandlerRecoveryStrategy.fail())
                .withRestartBackoff(restartAfterMin, restartAfterMax, 0.2)
                .withStatusObserver(new Watch());
    }

    /** Says when records stand still, and when they flow again. */
    private final class Watch extends StatusObserver<EventEnvelope<Object>> {

        @Override
        public void failed(ProjectionId id, Throwable cause) {
            figures.countFailure();
            LOG.warn(
                    "{}: call records are late from now on: {}. It is tried again, after up to {} s, until it works.",
                    id.id(),
                    cause.getMessage(),
                    restartAfterMax.toSeconds());
        }

        @Override
        public void started(ProjectionId id) {
            LOG.info("{}: call records are made on this node", id.id());
        }

        @Override
        public void stopped(ProjectionId id) {
            LOG.info("{}: call records are no longer made on this node", id.id());
        }

        @Override
        public void beforeProcess(ProjectionId id, EventEnvelope<Object> envelope) {}

        @Override
        public void afterProcess(ProjectionId id, EventEnvelope<Object> envelope) {}

        @Override
        public void offsetProgress(ProjectionId id, EventEnvelope<Object> envelope) {}

        @Override
        public void error(
                ProjectionId id,
                EventEnvelope<Object> envelope,
                Throwable cause,
                HandlerRecoveryStrategy recoveryStrategy) {}
    }
}
