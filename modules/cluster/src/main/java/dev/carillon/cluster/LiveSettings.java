package dev.carillon.cluster;

import com.typesafe.config.Config;
import java.time.Duration;

/** What {@code carillon.cluster.live-view} in the configuration says; each key is explained in {@code reference.conf}. */
record LiveSettings(Duration batch, Duration heartbeat, Duration silence, Duration grace, int viewsPerMessage) {

    static LiveSettings of(Config system) {
        var config = system.getConfig("carillon.cluster.live-view");
        return new LiveSettings(
                config.getDuration("batch"),
                config.getDuration("heartbeat"),
                config.getDuration("silence"),
                config.getDuration("grace"),
                config.getInt("views-per-message"));
    }
}
