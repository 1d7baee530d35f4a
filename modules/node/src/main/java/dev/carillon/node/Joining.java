package dev.carillon.node;

import akka.actor.Address;
import akka.actor.AddressFromURIString;
import akka.actor.typed.ActorSystem;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.cluster.typed.JoinSeedNodes;
import akka.management.cluster.bootstrap.ClusterBootstrap;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a node comes into a cluster. */
sealed interface Joining {

    /** What Akka has to know of it before the system is made. */
    default Config akka(NodeSettings settings) {
        return ConfigFactory.empty();
    }

    /** Returns at once; the node is in when its cluster member is Up. Management must serve by now: the others ask there. */
    void begin(ActorSystem<?> system);

    /**
     * @param node {@code carillon.node}
     * @throws StartupFailure when that says two things at once, or something that cannot be
     */
    static Joining of(Config node) {
        // A variable that is there and empty stands in the list, too.
        var seedNodes = node.getStringList("seed-nodes").stream()
                .filter(address -> !address.isBlank())
                .toList();
        var method = node.getString("discovery.method").strip();
        if (!method.isEmpty() && !seedNodes.isEmpty()) {
            throw new StartupFailure("Nodes find each other by a list or by discovery, not by both. Leave out "
                    + "carillon.node.seed-nodes (CARILLON_SEED_NODE_1, _2) or carillon.node.discovery.method "
                    + "(CARILLON_DISCOVERY).");
        }
        var joining = method.isEmpty()
                ? seedNodes.isEmpty() ? new Alone() : SeedNodes.of(seedNodes)
                : Discovery.of(Method.named(method), node.getConfig("discovery"));
        if (!(joining instanceof Alone)) {
            mustBeReachable(node.getString("remoting.host"));
        }
        return joining;
    }

    private static void mustBeReachable(String host) {
        if (List.of("", "0.0.0.0", "::").contains(host.strip())) {
            throw new StartupFailure("Other nodes cannot reach this one at \"" + host
                    + "\". Set carillon.node.remoting.host (CARILLON_REMOTING_HOST) to the address by which they do.");
        }
    }

    /** A cluster of its own. */
    record Alone() implements Joining {

        @Override
        public void begin(ActorSystem<?> system) {
            var cluster = Cluster.get(system);
            cluster.manager().tell(new Join(cluster.selfMember().address()));
        }
    }

    /** The first one begins a cluster, the others join whichever of the list is in one. */
    record SeedNodes(List<Address> nodes) implements Joining {

        public SeedNodes {
            nodes = List.copyOf(nodes);
        }

        private static SeedNodes of(List<String> addresses) {
            return new SeedNodes(addresses.stream().map(SeedNodes::parsed).toList());
        }

        private static Address parsed(String address) {
            if (!address.matches("akka://carillon@.+:\\d+")) {
                throw new StartupFailure("The seed node \"" + address
                        + "\" is not like akka://carillon@host:2551. Mend carillon.node.seed-nodes "
                        + "(CARILLON_SEED_NODE_1, _2).");
            }
            return AddressFromURIString.parse(address);
        }

        @Override
        public void begin(ActorSystem<?> system) {
            Cluster.get(system).manager().tell(new JoinSeedNodes(nodes));
        }
    }

    /** Where the nodes of a name are asked for. */
    enum Method {
        DNS("dns", "akka-dns"),
        KUBERNETES("kubernetes", "kubernetes-api");

        private final String key;
        private final String ofAkka;

        Method(String key, String ofAkka) {
            this.key = key;
            this.ofAkka = ofAkka;
        }

        private static Method named(String key) {
            return Arrays.stream(values())
                    .filter(method -> method.key.equals(key))
                    .findFirst()
                    .orElseThrow(() -> new StartupFailure("There is no discovery \"" + key
                            + "\". Set carillon.node.discovery.method (CARILLON_DISCOVERY) to one of "
                            + Arrays.stream(values()).map(method -> method.key).collect(Collectors.joining(", "))
                            + ", or leave it empty and list seed nodes."));
        }
    }

    /**
     * By Akka Cluster Bootstrap, which takes what else it needs from {@code application.conf}.
     *
     * @param name all nodes have
     * @param contacts so many nodes must have answered before a new cluster begins
     */
    record Discovery(Method method, String name, int contacts) implements Joining {

        private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

        private static Discovery of(Method method, Config discovery) {
            var name = discovery.getString("name");
            if (name.isBlank()) {
                throw new StartupFailure("Nodes discover each other by a name they share: set "
                        + "carillon.node.discovery.name (CARILLON_DISCOVERY_NAME).");
            }
            var contacts = discovery.getInt("contacts");
            if (contacts < 1) {
                throw new StartupFailure("A cluster begins with at least one node, not with " + contacts
                        + ": set carillon.node.discovery.contacts (CARILLON_DISCOVERY_CONTACTS) to more than half of "
                        + "the nodes.");
            }
            return new Discovery(method, name, contacts);
        }

        /**
         * The node must find itself among those it discovers, or it never begins a cluster: by its address as the others have it, not by
         * the one its management listens at, which is 0.0.0.0 often.
         */
        @Override
        public Config akka(NodeSettings settings) {
            return ConfigFactory.parseMap(
                    Map.of(
                            "akka.management.cluster.bootstrap.contact-point-discovery.discovery-method",
                            method.ofAkka,
                            "akka.management.http.hostname",
                            address(settings.remoting().host()),
                            "akka.management.http.bind-hostname",
                            settings.management().host()),
                    "discovery");
        }

        private static String address(String host) {
            try {
                return InetAddress.getByName(host).getHostAddress();
            } catch (UnknownHostException e) {
                throw new StartupFailure(
                        "The address of " + host + " cannot be found. Set carillon.node.remoting.host "
                                + "(CARILLON_REMOTING_HOST) to the address by which other nodes reach this one.",
                        e);
            }
        }

        @Override
        public void begin(ActorSystem<?> system) {
            LOG.info(
                    "Looking for other nodes: {}, {}; a new cluster begins with {} or more",
                    method.key,
                    name,
                    contacts);
            ClusterBootstrap.get(system.classicSystem()).start();
        }
    }
}
