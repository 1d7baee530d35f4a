package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.management.javadsl.AkkaManagement;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.carillon.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;

/** Nodes on addresses of this machine that do not know of each other: of each, what is needed to come into a cluster. */
final class DiscoveringNodes implements AutoCloseable {

    static final List<String> HOSTS = List.of("127.0.2.1", "127.0.2.2", "127.0.2.3");

    private final Map<String, ActorSystem<Void>> nodes = new LinkedHashMap<>();
    private final int managementPort = freePort();
    private final Config discovery;

    /** @param discovery what differs from the settings that every node has */
    DiscoveringNodes(Config discovery) {
        this.discovery = discovery;
    }

    /**
     * In a process of its own, for what is read from the environment: exit code 0 when all were one cluster.
     *
     * @param arguments the file with what differs
     */
    public static void main(String[] arguments) {
        var exit = 1;
        try (var nodes = new DiscoveringNodes(
                ConfigFactory.parseFile(Path.of(arguments[0]).toFile()))) {
            HOSTS.forEach(nodes::start);
            nodes.areOneCluster();
            exit = 0;
        } finally {
            System.exit(exit);
        }
    }

    void start(String host) {
        var config = Main.layered(
                ConfigFactory.parseMap(Map.of(
                                "carillon.api.key", "a-key-for-tests-that-is-long-enough",
                                "carillon.node.remoting.host", host,
                                "carillon.node.management.host", host,
                                "carillon.node.management.port", managementPort,
                                "carillon.node.discovery.contacts", HOSTS.size()))
                        .withFallback(discovery),
                Optional.empty());
        var settings = NodeSettings.of(config);
        var node = ActorSystem.<Void>create(
                Behaviors.empty(), "carillon", settings.joining().akka(settings).withFallback(config));
        nodes.put(host, node);
        AkkaManagement.get(node).start().toCompletableFuture().join();
        settings.joining().begin(node);
    }

    /** As planned; returns when it is over. */
    void end(String host) {
        var node = nodes.remove(host);
        node.terminate();
        try {
            node.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All that were started and not ended know each other, and nobody else. */
    void areOneCluster() {
        var addresses = nodes.values().stream()
                .map(node -> Cluster.get(node).selfMember().address())
                .toList();
        Eventually.passes(() ->
                nodes.values().forEach(node -> assertThat(up(node)).containsExactlyInAnyOrderElementsOf(addresses)));
    }

    private static List<Address> up(ActorSystem<?> node) {
        return StreamSupport.stream(Cluster.get(node).state().getMembers().spliterator(), false)
                .filter(member -> member.status() == MemberStatus.up())
                .map(Member::address)
                .toList();
    }

    private static int freePort() {
        try (var free = new ServerSocket(0, 1, InetAddress.getByName(HOSTS.get(0)))) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        List.copyOf(nodes.keySet()).forEach(this::end);
    }
}
