package dev.carillon.cluster;

import com.typesafe.config.Config;
import java.time.Duration;

/** What {@code carillon.cluster} in the configuration says; each key is explained in this module's {@code reference.conf}. */
record ClusterSettings(
        String role,
        Duration askTimeout,
        int maxGroup,
        int snapshotEvery,
        Duration callRestAfter,
        Duration restAfter,
        Duration restartMin,
        Duration restartMax,
        int maxHeld) {

    static ClusterSettings of(Config system) {
        var config = system.getConfig("carillon.cluster");
        return new ClusterSettings(
                config.getString("role"),
                config.getDuration("ask-timeout"),
                config.getInt("max-commands-per-commit"),
                config.getInt("snapshot-every"),
                config.getDuration("call-rest-after"),
                config.getDuration("rest-after"),
                config.getDuration("restart-after-min"),
                config.getDuration("restart-after-max"),
                config.getInt("max-messages-held"));
    }

    Duration restAfter(EntityKind<?, ?, ?> kind) {
        return kind.remembered() ? restAfter : callRestAfter;
    }
}
