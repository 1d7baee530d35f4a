package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.discovery.ServiceDiscovery;
import akka.event.NoLogging;
import akka.management.cluster.bootstrap.ClusterBootstrapSettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Akka is told of how nodes find each other. That they do is seen in {@link DiscoveryTest}. */
class JoiningTest {

    @ParameterizedTest
    @EnumSource(Joining.Method.class)
    void every_discovery_is_one_that_comes_along(Joining.Method method) throws Exception {
        var akka = akka(Map.of("discovery.method", method.name().toLowerCase(Locale.ROOT)));

        var discovery = Class.forName(
                akka.getString("akka.discovery." + bootstrap(akka).getContactPointDiscoveryMethod() + ".class"));

        assertThat(ServiceDiscovery.class).isAssignableFrom(discovery);
    }

    @Test
    void others_are_looked_for_by_the_name_and_a_cluster_begins_with_enough_of_them() {
        var akka = akka(Map.of("discovery.method", "dns", "discovery.name", "nodes.example", "discovery.contacts", 3));

        assertThat(bootstrap(akka).getContactPointDiscoveryServiceName()).contains("nodes.example");
        assertThat(bootstrap(akka).getContactPointDiscoveryRequiredContactPointsNr())
                .isEqualTo(3);
        assertThat(bootstrap(akka).getContactPointDiscoveryPortName())
                .as("addresses are asked for, not services with ports")
                .isEmpty();
    }

    @Test
    void management_listens_everywhere_and_is_known_by_the_address_of_the_node() {
        var akka = akka(Map.of(
                "discovery.method",
                "dns",
                "remoting.host",
                "localhost",
                "management.host",
                "0.0.0.0",
                "management.port",
                9558));

        assertThat(akka.getString("akka.management.http.bind-hostname")).isEqualTo("0.0.0.0");
        assertThat(akka.getString("akka.management.http.hostname"))
                .as("as an address, which is what name servers answer")
                .isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(akka.getInt("akka.management.http.port")).isEqualTo(9558);
        assertThat(bootstrap(akka).getContactPointFallbackPort()).isEqualTo(9558);
    }

    @Test
    void pods_are_told_by_the_value_of_their_label() {
        assertThat(akka(Map.of("discovery.method", "kubernetes"))
                        .getString("akka.discovery.kubernetes-api.pod-label-selector")
                        .formatted("carillon"))
                .isEqualTo("app.kubernetes.io/name=carillon");
        assertThat(akka(Map.of("discovery.method", "kubernetes", "discovery.pod-label", "app"))
                        .getString("akka.discovery.kubernetes-api.pod-label-selector")
                        .formatted("carillon"))
                .isEqualTo("app=carillon");
    }

    /** As Cluster Bootstrap reads it. */
    private static ClusterBootstrapSettings bootstrap(Config akka) {
        return new ClusterBootstrapSettings(akka, NoLogging.getInstance());
    }

    private static Config akka(Map<String, Object> ofNode) {
        var said = new HashMap<String, Object>();
        ofNode.forEach((key, value) -> said.put("carillon.node." + key, value));
        said.put("carillon.api.key", "a-key-for-tests-that-is-long-enough");
        said.put("carillon.node.management.token", "a-token-for-tests-that-is-long-enough");
        var config = Main.layered(ConfigFactory.parseMap(said), Optional.empty());
        var settings = NodeSettings.of(config);
        return settings.joining().akka(settings).withFallback(config);
    }
}
