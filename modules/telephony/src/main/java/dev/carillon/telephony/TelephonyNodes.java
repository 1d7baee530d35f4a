package dev.carillon.telephony;

import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import dev.carillon.protocol.box.BoxCommand;

/** The way to the telephony node of every box, wherever in the cluster it lives. May be used from any thread. */
public final class TelephonyNodes {

    public static final EntityTypeKey<TelephonyNode.Command> KEY =
            EntityTypeKey.create(TelephonyNode.Command.class, "TelephonyNode");

    private final ClusterSharding sharding;

    private TelephonyNodes(ClusterSharding sharding) {
        this.sharding = sharding;
    }

    /**
     * Lets telephony nodes live on this member, if it has the role for it, and finds those of other members. To be called once
     * on each member, when the configuration has been read: see {@link TelephonyNode.Surroundings#settings}.
     */
    public static TelephonyNodes init(
            ActorSystem<?> system, TelephonyNode.Surroundings around, TelephonySettings settings) {
        var sharding = ClusterSharding.get(system);
        var entity = Entity.of(KEY, context -> TelephonyNode.create(context.getEntityId(), around, settings))
                // A telephony node lives on what its box says; to sharding it would look idle.
                .withSettings(ClusterShardingSettings.create(system).withNoPassivationStrategy());
        sharding.init(settings.role().isEmpty() ? entity : entity.withRole(settings.role()));
        return new TelephonyNodes(sharding);
    }

    /** Said once; answered to the call by events, or by {@code BoxAway}, or, when messages are lost, by nothing. */
    public void execute(String boxId, BoxCommand command) {
        tell(boxId, new TelephonyNode.Execute(command));
    }

    public void wake(String boxId) {
        tell(boxId, new TelephonyNode.Wake());
    }

    /** The box was added, changed or deleted. */
    public void settingsChanged(String boxId) {
        tell(boxId, new TelephonyNode.SettingsChanged());
    }

    /** Somebody has stored its settings, changed or not, and wants the connection. */
    public void connectNow(String boxId) {
        tell(boxId, new TelephonyNode.ConnectNow());
    }

    private void tell(String boxId, TelephonyNode.Command command) {
        sharding.entityRefFor(KEY, boxId).tell(command);
    }
}
