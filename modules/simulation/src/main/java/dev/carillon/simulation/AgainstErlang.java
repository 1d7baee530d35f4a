package dev.carillon.simulation;

import dev.carillon.core.staffing.Load;
import dev.carillon.simulation.Textbook.Case;
import dev.carillon.simulation.Textbook.Effort;
import dev.carillon.simulation.Textbook.Measure;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code scripts/simulate against-erlang}. */
@Command(
        name = "against-erlang",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = {
            "Runs many days of a queue through the real deciders, and compares with the formulas Erlang C and Erlang A:"
                    + " how many callers wait, how long, how many give up, how many are answered in time.",
            "",
            "simulated: with its 99 %% interval. narrowed: the same, known better by sending the same calls through the textbook's queue."
                    + " difference: between here and there, for the same calls. A * is beside a number whose interval leaves the formula out:"
                    + " an agent is away from the queue for some hundredths of a second a call longer than the formula knows, until their phone is told to"
                    + " ring and when it is over, and a run that is long enough sees that."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:What is simulated agrees with the formulas, but for a fiftieth at most.",
            "1:It does not.",
            "2:Wrong options."
        })
final class AgainstErlang implements Callable<Integer> {

    /** The example of the textbooks: 360 calls in half an hour, of 4 minutes each, for 55 agents. */
    static final Case PATIENT = new Case(new Load(0.2, 240, 55), Double.POSITIVE_INFINITY);

    /** As many agents as erlang: without callers who give up, the queue would never end. */
    static final Case IMPATIENT = new Case(new Load(0.2, 240, 48), 180);

    private static final double TOLERANCE = 0.02;

    @Option(names = "--seed", defaultValue = "1", description = "Of all chance in it (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--replications",
            defaultValue = "20",
            description = "Independent runs of each formula, at least 4 (default: ${DEFAULT-VALUE}).")
    private int replications;

    @Option(
            names = "--calls",
            defaultValue = "4000",
            description = "Calls of each run that count; a few hundred before them do not (default: ${DEFAULT-VALUE}).")
    private int calls;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        boolean agrees = true;
        for (var question : new Case[] {PATIENT, IMPATIENT}) {
            var effort = new Effort(seed, Math.max(4, replications), 800, calls);
            var load = question.load();
            out.printf(
                    Locale.ROOT,
                    "%s: %.1f erlang, %d agents, %.0f s a call%s; %d runs of %,d calls%n",
                    question.patient() ? "Erlang C" : "Erlang A",
                    load.erlang(),
                    load.agents(),
                    load.handlingSeconds(),
                    question.patient()
                            ? ""
                            : String.format(Locale.ROOT, ", %.0f s of patience", question.patienceSeconds()),
                    effort.replications(),
                    calls);
            out.printf("%-22s%10s%24s%24s%24s%n", "", "formula", "simulated", "narrowed", "difference");
            out.flush();
            var book = Textbook.run(Deciders.real(), question, effort, 0);
            for (var measure : Measure.values()) {
                double formula = book.formula(measure);
                var narrowed = book.narrowed(measure);
                agrees &= Math.abs(narrowed.mean() - formula) <= narrowed.half() + TOLERANCE * formula;
                out.printf(
                        Locale.ROOT,
                        "%-22s%10.4f%24s%24s%24s%n",
                        measure.inWords(),
                        formula,
                        marked(book.simulated(measure), formula),
                        marked(narrowed, formula),
                        book.difference(measure) + " ");
            }
            out.println();
        }
        out.flush();
        return agrees ? 0 : 1;
    }

    private static String marked(Interval interval, double formula) {
        return interval + (interval.contains(formula) ? " " : "*");
    }
}
