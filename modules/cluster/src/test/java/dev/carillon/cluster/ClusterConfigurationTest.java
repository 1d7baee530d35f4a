package dev.carillon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterConfigurationTest {

    /**
     * Without a default each: what the database's pool and driver take is passed through to them, Jackson's features bear their own names, and
     * each phase of coordinated shutdown may have a timeout.
     */
    private static final List<String> WITHOUT_DEFAULT = List.of(
            "akka-persistence-jdbc.shared-databases.slick.",
            "akka.serialization.jackson.jackson-cbor.deserialization-features.",
            "akka.coordinated-shutdown.phases.");

    @Test
    void nothingIsSetThatNobodyReads() {
        var reference = ConfigFactory.defaultReference();
        // What every journal and every snapshot store may be told.
        var known = reference
                .withFallback(reference
                        .getConfig("akka.persistence.journal-plugin-fallback")
                        .atPath("jdbc-journal"))
                .withFallback(reference
                        .getConfig("akka.persistence.snapshot-store-plugin-fallback")
                        .atPath("jdbc-snapshot-store"));
        var set = ConfigFactory.parseResourcesAnySyntax("carillon-cluster.conf");

        assertThat(set.entrySet().stream().map(Map.Entry::getKey))
                .filteredOn(key -> WITHOUT_DEFAULT.stream().noneMatch(key::startsWith))
                .filteredOn(key -> !known.hasPathOrNull(key))
                .as("a key that Akka has no default for is a slip of the pen, and does nothing")
                .isEmpty();
    }
}
