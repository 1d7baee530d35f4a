package dev.carillon.readmodel;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.ShardedDaemonProcessSettings;
import akka.cluster.sharding.typed.javadsl.ShardedDaemonProcess;
import akka.persistence.jdbc.query.javadsl.JdbcReadJournal;
import akka.persistence.query.Offset;
import akka.projection.HandlerRecoveryStrategy;
import akka.projection.Projection;
import akka.projection.ProjectionBehavior;
import akka.projection.ProjectionId;
import akka.projection.StatusObserver;
import akka.projection.eventsourced.EventEnvelope;
import akka.projection.eventsourced.javadsl.EventSourcedProvider;
import akka.projection.jdbc.javadsl.JdbcProjection;
import dev.carillon.store.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one call record of each call's last event, exactly once, usually within half a second.
 *
 * <p>The events are followed by their tags. Each tag is followed by one actor somewhere in the cluster, and by another one if that node is lost. What
 * happens when it fails is described at {@link CallRecordHandler}.
 */
public final class CallRecordProjection {

    private static final String NAME = "call-records";
    private static final Logger LOG = LoggerFactory.getLogger(CallRecordProjection.class);

    private final ActorSystem<?> system;
    private final Database database;
    private final List<String> tags;
    private final Duration restartAfterMin;
    private final Duration restartAfterMax;
    private final ProjectionFigures figures = new ProjectionFigures();

    private CallRecordProjection(ActorSystem<?> system, Database database, List<String> tags) {
        var config = system.settings().config().getConfig("carillon.readmodel.call-records");
        this.system = system;
        this.database = database;
        this.tags = List.copyOf(tags);
        this.restartAfterMin = config.getDuration("restart-after-min");
        this.restartAfterMax = config.getDuration("restart-after-max");
    }

    /**
     * Starts it on this node, as far as the node has the role {@code carillon.readmodel.role}. To be called on every node, with
     * the same tags; ends with the actor system.
     *
     * @param database with as many connections as there are tags, and best with nobody else using them
     * @param tags those that the journal gives to the last events of calls
     */
    public static ProjectionFigures start(ActorSystem<?> system, Database database, List<String> tags) {
        var projection = new CallRecordProjection(system, database, tags);
        projection.start();
        return projection.figures;
    }

    private void start() {
        var config = system.settings().config().getConfig("carillon.readmodel");
        var settings = ShardedDaemonProcessSettings.create(system)
                .withKeepAliveInterval(config.getDuration("call-records.keep-alive-interval"));
        var role = config.getString("role");
        ShardedDaemonProcess.get(system)
                .init(
                        ProjectionBehavior.Command.class,
                        NAME,
                        tags.size(),
                        number -> ProjectionBehavior.create(following(tags.get(number))),
                        role.isEmpty() ? settings : settings.withRole(role),
                        Optional.of(ProjectionBehavior.stopMessage()));
    }

    private Projection<EventEnvelope<Object>> following(String tag) {
        var source = EventSourcedProvider.<Object>eventsByTag(system, JdbcReadJournal.Identifier(), tag);
        return JdbcProjection.<Offset, EventEnvelope<Object>, ProjectionSession>exactlyOnce(
                        ProjectionId.of(NAME, tag),
                        source,
                        () -> ProjectionSession.open(database),
                        () -> new CallRecordHandler(figures),
                        system)
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
