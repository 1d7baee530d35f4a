package dev.carillon.chaos;

import dev.carillon.chaos.Fault.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code scripts/chaos}. */
@Command(
        name = "scripts/chaos",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        sortOptions = false,
        description = {
            "Starts a PostgreSQL and a cluster with the settings of production, lets callers come to simulated boxes that outlive every node, and breaks"
                    + " one thing after the other at random: nodes are killed, stopped, stand still and are cut off from each other, the database goes"
                    + " away or is slow, boxes are slow, away or restarted. Afterwards it looks from outside at what became of everybody: every caller has"
                    + " one true record, nobody was cut off, offered twice, overtaken or forgotten, no agent had two calls.",
            "",
            "The network is cut as root only. The report is written as JSON and as a page. What each rule means is in docs/chaos.md. Ctrl-C ends everything"
                    + " it has started."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every rule holds, and all has come back by itself.",
            "1:Something must not be, or the run could not be made.",
            "2:Wrong options."
        },
        footer = {
            "",
            "Environment: CARILLON_JAVA_OPTIONS, options of each node's JVM (-Xmx512m).",
            "",
            "With the real Asterisk and SIPp, nodes are killed one after the other by: scripts/chaos kills --help"
        })
public final class Chaos implements Callable<Integer> {

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "10",
            description = "For how long things break (${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed makes the same callers and the same faults (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many nodes, 1 to 9 (${DEFAULT-VALUE}).")
    private int nodes;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "2", description = "Calls a second (${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--boxes",
            paramLabel = "N",
            defaultValue = "2",
            description = "Simulated boxes (${DEFAULT-VALUE}).")
    private int boxes;

    @Option(names = "--queues", paramLabel = "N", defaultValue = "2", description = "Queues (${DEFAULT-VALUE}).")
    private int queues;

    @Option(
            names = "--agents",
            paramLabel = "N",
            defaultValue = "5",
            description = "Agents of each queue at each box (${DEFAULT-VALUE}).")
    private int agents;

    @Option(
            names = "--only",
            paramLabel = "KIND",
            split = ",",
            description = "What may break, with commas between: ${COMPLETION-CANDIDATES}. All of it unless said.")
    private List<Kind> only = List.of(Kind.values());

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${sys:carillon.chaos.data:-data/chaos}",
            description = "Where the cluster keeps its data and logs; what was there is taken away (${DEFAULT-VALUE}).")
    private Path data;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description =
                    "Where report.json and report.html are written (a new folder beside the data, named by the time).")
    private Path report;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine(new Chaos()).execute(arguments));
    }

    static CommandLine commandLine(Chaos chaos) {
        return new CommandLine(chaos)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, arguments) -> {
                    wrong.getCommandLine()
                            .getErr()
                            .println("scripts/chaos: " + wrong.getMessage() + ". See scripts/chaos --help.");
                    return wrong.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
                });
    }

    @Override
    public Integer call() {
        if (minutes <= 0 || minutes > 100_000) {
            throw new ParameterException(spec.commandLine(), "--minutes must be more than 0");
        }
        if (nodes < 1 || nodes > 9) {
            throw new ParameterException(spec.commandLine(), "--nodes must be from 1 to 9");
        }
        var out = spec.commandLine().getOut();
        try {
            var made = new ChaosRun(order()).make();
            made.write(folder());
            out.println(made.text());
            out.println("Report: " + folder().toAbsolutePath().normalize().resolve("report.html"));
            return made.good() ? 0 : 1;
        } catch (ChaosFailure e) {
            spec.commandLine().getErr().println("scripts/chaos: " + e.getMessage());
            return 1;
        }
    }

    private ChaosRun.Order order() {
        var length = Duration.ofMillis(Math.round(minutes * 60_000));
        return new ChaosRun.Order(
                plan(),
                nodes,
                length,
                List.copyOf(only),
                data,
                options(),
                spec.commandLine().getOut());
    }

    private Plan plan() {
        try {
            return new Plan(boxes, queues, agents, rate, 6_000, 45_000, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private static List<String> options() {
        var said = System.getenv().getOrDefault("CARILLON_JAVA_OPTIONS", "");
        return said.isBlank()
                ? List.of("-Xmx512m")
                : Arrays.stream(said.split(" ", -1))
                        .filter(option -> !option.isBlank())
                        .toList();
    }

    private Path folder() {
        if (report == null) {
            var now = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss")
                    .format(LocalDateTime.now(ZoneId.systemDefault()));
            report = data.resolveSibling(data.getFileName() + "-report").resolve(now);
        }
        return report;
    }
}
