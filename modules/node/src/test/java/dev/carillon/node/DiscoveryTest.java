package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes that know nothing of each other but what all of them are found by. */
@Tag("servers")
class DiscoveryTest {

    private static final String NAME = "nodes.carillon.test";

    @Test
    void nodes_to_which_one_name_leads_are_one_cluster_and_who_comes_later_joins_it() throws Exception {
        try (var names = NameServer.of(NAME, DiscoveringNodes.HOSTS);
                var nodes = new DiscoveringNodes(ConfigFactory.parseMap(Map.of(
                        "carillon.node.discovery.method",
                        "dns",
                        "carillon.node.discovery.name",
                        NAME,
                        "akka.io.dns.async-dns.nameservers",
                        List.of(names.place()))))) {
            DiscoveringNodes.HOSTS.forEach(nodes::start);
            nodes.areOneCluster();

            nodes.end(DiscoveringNodes.HOSTS.get(0));
            nodes.areOneCluster();
            nodes.start(DiscoveringNodes.HOSTS.get(0));
            nodes.areOneCluster();
        }
    }

    /** One that is being ended is not waited for: nobody answers at its address. */
    @Test
    void pods_with_the_label_are_one_cluster(@TempDir Path folder) throws Exception {
        try (var kubernetes = PodServer.start(
                folder, "app.kubernetes.io/name=" + NAME, DiscoveringNodes.HOSTS, List.of("127.0.2.9"))) {
            var discovery = ConfigFactory.parseMap(Map.of(
                    "carillon.node.discovery.method",
                    "kubernetes",
                    "carillon.node.discovery.name",
                    NAME,
                    "akka.discovery.kubernetes-api.api-ca-path",
                    kubernetes.certificate().toString(),
                    "akka.discovery.kubernetes-api.api-token-path",
                    kubernetes.token().toString(),
                    "akka.discovery.kubernetes-api.pod-namespace",
                    PodServer.NAMESPACE));
            var file = folder.resolve("discovery.conf");
            Files.writeString(file, discovery.root().render(ConfigRenderOptions.concise()));
            var said = folder.resolve("nodes.log").toFile();

            var nodes = new ProcessBuilder(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-cp",
                    System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                    DiscoveringNodes.class.getName(),
                    file.toString());
            nodes.environment().putAll(kubernetes.environment());
            var process = nodes.redirectErrorStream(true).redirectOutput(said).start();
            try {
                assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("it ends").isTrue();
                assertThat(process.exitValue())
                        .as(() -> DeployFiles.text(said.toPath()))
                        .isZero();
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
