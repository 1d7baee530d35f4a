package dev.carillon.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.carillon.api.ApiSettings;
import dev.carillon.cluster.DeadNodes;
import dev.carillon.core.agent.DesktopWatch;
import dev.carillon.store.Database;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What {@code carillon.node} in the configuration says; each key is explained in {@code reference.conf}.
 *
 * @param demo whether agents log in and callers arrive by themselves
 * @param site where the node is; empty when nobody has said
 * @param management where {@code /alive} and {@code /ready} are
 * @param token what operators send there
 * @param drainNotice for how long a node that is to end says so before it lets nobody new in
 * @param remoting where other nodes reach this one; port 0 for any free one
 * @param joining how it finds the other nodes of its cluster
 * @param data where the embedded database and everything else that stays is kept
 * @param fresh whether what is there already is thrown away first
 * @param cache where the programs of the embedded database are unpacked
 * @param seed a first configuration
 * @param zone of the centre: whose clocks and calendars inbound rules mean
 * @param database the one to use; empty for the embedded one
 * @param embeddedPort port of the embedded database, 0 for any free one
 * @param versionCheck how often a node looks for a changed configuration that nobody told it of
 * @param desktops when an agent's desktop is lost
 * @param demoPause how long an agent of the demonstration who did not answer stays not ready
 */
record NodeSettings(
        boolean demo,
        List<String> roles,
        String site,
        ApiSettings api,
        Endpoint management,
        OperatorToken token,
        Duration drainNotice,
        Endpoint remoting,
        Joining joining,
        Path data,
        boolean fresh,
        Path cache,
        Optional<Path> seed,
        ZoneId zone,
        Optional<Database.Settings> database,
        int embeddedPort,
        Duration versionCheck,
        DesktopWatch desktops,
        Duration demoPause) {

    /** With the time a node may take to hand over and leave it is less than supervisors wait. */
    private static final Duration LONGEST_NOTICE = Duration.ofSeconds(25);

    private static final Pattern SITE = Pattern.compile("[A-Za-z0-9-]*");

    NodeSettings {
        roles = List.copyOf(roles);
    }

    record Endpoint(String host, int port) {

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * @param config of the whole system
     * @throws StartupFailure when something is missing or makes no sense
     */
    static NodeSettings of(Config config) {
        try {
            var node = config.getConfig("carillon.node");
            if (node.getBoolean("fresh") && text(node, "database.url").isPresent()) {
                throw new StartupFailure(
                        "--fresh throws away only what the node itself has brought along. A database of yours is yours "
                                + "to empty.");
            }
            DeadNodes.check(config);
            return new NodeSettings(
                    node.getBoolean("demo"),
                    node.getStringList("roles"),
                    site(node),
                    ApiSettings.from(config),
                    endpoint(node, "management"),
                    OperatorToken.of(text(node, "management.token").map(String::strip), endpoint(node, "management")),
                    notice(node),
                    endpoint(node, "remoting"),
                    Joining.of(node),
                    Path.of(node.getString("data")),
                    node.getBoolean("fresh"),
                    Path.of(node.getString("cache")),
                    text(node, "seed").map(Path::of),
                    zone(node),
                    text(node, "database.url")
                            .map(url -> new Database.Settings(
                                    url, node.getString("database.user"), node.getString("database.password"))),
                    node.getInt("database.embedded-port"),
                    node.getDuration("version-check"),
                    new DesktopWatch(
                            node.getDuration("desktops.lost-after"), node.getDuration("desktops.log-out-after")),
                    node.getDuration("demo-agents.pause"));
        } catch (ConfigException e) {
            throw new StartupFailure("The configuration cannot be used: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new StartupFailure(e.getMessage(), e);
        }
    }

    /** What the node is to the cluster: its roles, and its site as one of them. */
    List<String> memberRoles() {
        return site.isEmpty()
                ? roles
                : Stream.concat(roles.stream(), Stream.of("site-" + site)).toList();
    }

    private static Duration notice(Config node) {
        var notice = node.getDuration("drain.notice");
        if (notice.isNegative() || notice.compareTo(LONGEST_NOTICE) > 0) {
            throw new StartupFailure(
                    "The notice before a planned end, carillon.node.drain.notice (CARILLON_DRAIN_NOTICE), is "
                            + notice.toMillis() + " ms. Set it to something from 0 s to " + LONGEST_NOTICE.toSeconds()
                            + " s: whatever watches over the node waits 90 s for all of its end.");
        }
        return notice;
    }

    private static String site(Config node) {
        var site = node.getString("site").strip();
        if (!SITE.matcher(site).matches()) {
            throw new StartupFailure("The site \"" + site
                    + "\" has something other than letters, digits and hyphens in it. Set carillon.node.site"
                    + " (CARILLON_SITE) to a name like shanghai-2, or leave it empty.");
        }
        return site;
    }

    private static Endpoint endpoint(Config node, String path) {
        return new Endpoint(node.getString(path + ".host"), node.getInt(path + ".port"));
    }

    private static ZoneId zone(Config node) {
        var name = text(node, "time-zone");
        try {
            return name.map(ZoneId::of).orElseGet(ZoneId::systemDefault);
        } catch (DateTimeException e) {
            throw new StartupFailure(
                    "There is no time zone " + name.orElseThrow()
                            + ": set carillon.node.time-zone (CARILLON_TIME_ZONE) to one like Asia/Shanghai or"
                            + " Europe/Berlin, or leave it empty for this machine's.",
                    e);
        }
    }

    private static Optional<String> text(Config node, String path) {
        return Optional.of(node.getString(path)).filter(text -> !text.isBlank());
    }
}
