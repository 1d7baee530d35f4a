package dev.carillon.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One node. What an option does not say is read from the environment, then from {@code --config}, then from the defaults in
 * {@code reference.conf}.
 */
@Command(
        name = "carillon",
        description = "Runs one Carillon node until it is told to stop (Ctrl-C).",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        footer = {
            "",
            "Environment: CARILLON_API_KEY (needed without --demo), CARILLON_MANAGEMENT_TOKEN (needed where others reach the",
            "management port), CARILLON_DATABASE_URL, CARILLON_DATABASE_USER, CARILLON_DATABASE_PASSWORD, and more in",
            "docs/operating.md."
        })
public final class Main implements Callable<Integer> {

    @Option(
            names = "--demo",
            description = "Let agents log in and callers arrive by themselves, and open the API to this machine.")
    private boolean demo;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings in HOCON, see cluster-config/.")
    private Path configFile;

    @Option(
            names = "--seed",
            paramLabel = "FILE",
            description = "Boxes, queues, agents, seats and numbers to begin with, see cluster-config/seed/.")
    private Path seed;

    @Option(names = "--host", paramLabel = "HOST", description = "Where the API listens (127.0.0.1).")
    private String host;

    @Option(names = "--port", paramLabel = "PORT", description = "Port of the API (8080).")
    private Integer port;

    @Option(
            names = "--management-port",
            paramLabel = "PORT",
            description = "Port of /alive, /ready and what operators ask (8558).")
    private Integer managementPort;

    @Option(names = "--data", paramLabel = "DIR", description = "Where everything that stays is kept (data).")
    private Path data;

    @Option(names = "--fresh", description = "Forget the data of the last time. Not for a database of yours.")
    private boolean fresh;

    @Option(
            names = "--database-url",
            paramLabel = "URL",
            description = "jdbc:postgresql://host:5432/name of a database of yours; without it, one is brought along.")
    private String databaseUrl;

    @Option(
            names = "--database-port",
            paramLabel = "PORT",
            description = "Port of the database that is brought along; 0 for any free one (0).")
    private Integer databasePort;

    @Option(names = "--verbose", description = "Show where in the program a failure to start came from.")
    private boolean verbose;

    public static void main(String[] arguments) {
        var exit = new CommandLine(new Main()).execute(arguments);
        // A node that started goes on without this thread; its end is in Node.
        if (exit != RUNNING) {
            System.exit(exit);
        }
    }

    private static final int RUNNING = -1;

    @Override
    public Integer call() {
        try {
            var config = layered(options(), Optional.ofNullable(configFile));
            Node.start(config, NodeSettings.of(config));
            return RUNNING;
        } catch (StartupFailure e) {
            System.err.println("carillon: " + e.getMessage());
            if (verbose) {
                e.printStackTrace();
            }
            return 1;
        } catch (LinkageError e) {
            // Half a node must not stay: it would be given work.
            e.printStackTrace();
            return 1;
        }
    }

    /** Options, then the file, then what the modules say by themselves, which includes the environment. */
    static Config layered(Config options, Optional<Path> file) {
        try {
            return options.withFallback(file.map(Main::parse).orElseGet(ConfigFactory::empty))
                    .withFallback(ConfigFactory.defaultOverrides())
                    .withFallback(ConfigFactory.defaultApplication())
                    .withFallback(ConfigFactory.defaultReferenceUnresolved())
                    .resolve();
        } catch (ConfigException e) {
            throw new StartupFailure("The configuration cannot be used: " + e.getMessage(), e);
        }
    }

    private static Config parse(Path file) {
        if (!Files.isReadable(file)) {
            throw new StartupFailure("The configuration file " + file + " cannot be read. Is the path right?");
        }
        return ConfigFactory.parseFile(
                file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    }

    private Config options() {
        Map<String, Object> said = new HashMap<>();
        if (demo) {
            said.put("carillon.node.demo", true);
        }
        if (fresh) {
            said.put("carillon.node.fresh", true);
        }
        put(said, "carillon.node.seed", seed);
        put(said, "carillon.api.host", host);
        put(said, "carillon.api.port", port);
        put(said, "carillon.node.management.port", managementPort);
        put(said, "carillon.node.data", data);
        put(said, "carillon.node.database.url", databaseUrl);
        put(said, "carillon.node.database.embedded-port", databasePort);
        return ConfigFactory.parseMap(said, "command line");
    }

    private static void put(Map<String, Object> said, String key, Object value) {
        if (value != null) {
            said.put(key, value instanceof Path ? value.toString() : value);
        }
    }

    /** As the jar says. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"Carillon " + (version == null ? "(not packaged)" : version)};
        }
    }
}
