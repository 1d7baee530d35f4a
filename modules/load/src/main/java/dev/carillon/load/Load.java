package dev.carillon.load;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command {@code scripts/load}. */
@Command(
        name = "scripts/load",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        sortOptions = false,
        description = {
            "Starts a node with a PostgreSQL of its own, lets callers come to simulated boxes at a set or a rising rate, whether or not those before"
                    + " them have been served, and measures what becomes of them: calls a second, how long it takes until a free agent's phone is"
                    + " rung, until a caller is queued, until a change is seen on the live stream, events a second and how many a transaction, and"
                    + " what each process takes of the machine. Then it measures how fast plain JDBC writes the same rows here.",
            "",
            "Afterwards every call is compared with its record. The report is written as JSON and as a page with charts. What is measured, from"
                    + " where to where, is in docs/load.md. Ctrl-C ends everything it has started."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Every call has one record, which says what its caller lived through.",
            "1:There are differences, or the run could not be made.",
            "2:Wrong options."
        },
        footer = {"", "Environment: CARILLON_JAVA_OPTIONS, options of the node's JVM, for example -Xmx4g."})
public final class Load implements Callable<Integer> {

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            defaultValue = "50",
            converter = RateConverter.class,
            description =
                    "Calls a second, for example 300; or 50..600 for a rate that rises evenly (${DEFAULT-VALUE}).")
    private Rate rate;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            defaultValue = "1m",
            converter = LengthConverter.class,
            description = "For how long callers come, for example 30s, 10m or 1h (${DEFAULT-VALUE}).")
    private Duration length;

    @Option(
            names = "--overload",
            paramLabel = "FACTOR",
            description =
                    "Offers so many times the --rate, which is to be what is carried here, and after that half of the --rate for a minute: new"
                            + " calls must be refused, in less than a second, and no more of them half a minute after the overload.")
    private Double overload;

    @Option(
            names = "--boxes",
            paramLabel = "N",
            defaultValue = "10",
            description =
                    "Simulated boxes (${DEFAULT-VALUE}). A caller is given only to agents at the caller's own box.")
    private int boxes;

    @Option(names = "--queues", paramLabel = "N", defaultValue = "10", description = "Queues (${DEFAULT-VALUE}).")
    private int queues;

    @Option(
            names = "--agents",
            paramLabel = "N",
            description = "Agents, all logged in and ready (as many as this load needs, so that few callers wait).")
    private Integer agents;

    @Option(
            names = "--talk",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = LengthConverter.class,
            description =
                    "How long callers talk: each between half and one and a half of it; one agent in four hangs up after half"
                            + " of it (${DEFAULT-VALUE}).")
    private Duration talk;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            defaultValue = "1m",
            converter = LengthConverter.class,
            description =
                    "For how long callers wait: each between half and one and a half of it; one in fifty hangs up at once"
                            + " (${DEFAULT-VALUE}).")
    private Duration patience;

    @Option(
            names = "--limit-for",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = LengthConverter.class,
            description = "For how long it is measured how fast plain JDBC writes; 0s: not at all (${DEFAULT-VALUE}).")
    private Duration limitLength;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed makes the same callers (${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${sys:carillon.load.data:-data/load}",
            description = "Where the node keeps its data (${DEFAULT-VALUE}).")
    private Path data;

    @Option(
            names = "--keep",
            description =
                    "Go on with the data of the last time, instead of beginning afresh: to measure with a journal that has grown. Say the"
                            + " same --boxes, --queues and --agents.")
    private boolean keep;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description =
                    "Where report.json and report.html are written (a new folder beside the data, named by the time).")
    private Path report;

    private static final Duration CALM = Duration.ofMinutes(1);

    @Spec
    private CommandSpec spec;

    /** @param out where a run tells how it is going */
    record Plan(
            Traffic traffic,
            Duration limitLength,
            Path data,
            boolean fresh,
            Path report,
            List<String> nodeOptions,
            PrintWriter out) {}

    public static void main(String[] arguments) {
        System.exit(commandLine(new Load()).execute(arguments));
    }

    static CommandLine commandLine(Load load) {
        return new CommandLine(load).setParameterExceptionHandler((wrong, arguments) -> {
            wrong.getCommandLine()
                    .getErr()
                    .println("scripts/load: " + wrong.getMessage() + ". See scripts/load --help.");
            return wrong.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
        });
    }

    @Override
    public Integer call() {
        var plan = plan();
        try {
            return new LoadRun(plan).make() ? 0 : 1;
        } catch (LoadFailure e) {
            if (!NodeProcess.ending()) {
                spec.commandLine().getErr().println("scripts/load: " + e.getMessage());
            }
            return 1;
        }
    }

    /** What the options say together. */
    Plan plan() {
        if (length.isZero() || talk.isZero() || patience.isZero()) {
            throw new ParameterException(
                    spec.commandLine(), "--for, --talk and --patience must be longer than nothing");
        }
        if (overload != null && (overload <= 1 || rate.first() != rate.last())) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--overload takes more than 1, for example 1.5, and a --rate that stays the same");
        }
        var now =
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss").format(LocalDateTime.now(ZoneId.systemDefault()));
        return new Plan(
                new Traffic(
                        centre(),
                        overload == null ? rate : new Rate(rate.first() * overload, rate.last() * overload),
                        length.toMillis(),
                        talk.toMillis(),
                        patience.toMillis(),
                        seed,
                        overload == null ? Traffic.Calm.NONE : new Traffic.Calm(rate.first() / 2, CALM.toMillis())),
                limitLength,
                data,
                !keep,
                report != null
                        ? report
                        : data.resolveSibling(data.getFileName() + "-report").resolve(now),
                Stream.of(System.getenv()
                                .getOrDefault("CARILLON_JAVA_OPTIONS", "")
                                .split(" ", -1))
                        .filter(option -> !option.isBlank())
                        .toList(),
                spec.commandLine().getOut());
    }

    private Centre centre() {
        try {
            return agents == null
                    ? Centre.forLoad(boxes, queues, rate, Traffic.busySeconds(talk.toMillis()))
                    : new Centre(boxes, queues, agents);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    /** Says what is wrong in the words of {@link Rate}. */
    static final class RateConverter implements ITypeConverter<Rate> {
        @Override
        public Rate convert(String text) {
            try {
                return Rate.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Says what is wrong in the words of {@link Lengths}. */
    static final class LengthConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Lengths.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
