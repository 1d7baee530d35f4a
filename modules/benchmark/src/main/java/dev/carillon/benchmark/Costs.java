package dev.carillon.benchmark;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code scripts/benchmark}. */
@Command(
        name = "scripts/benchmark",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = {
            "Measures what one decision of a queue costs: a call comes and agents are ready, or an agent becomes ready and calls wait.",
            "",
            "How long it takes is this machine's; how it grows is the queue's. So every case is shown as a multiple of the smallest one in the same"
                    + " run, beside the multiple that a logarithm would give. A ! is beside a case that is more than three times that: memory far from the"
                    + " processor costs something too, but walking through all agents or all calls would cost a hundred times as much."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Nothing grows faster.", "1:Something does, and has a !.", "2:Wrong options."})
public final class Costs implements Callable<Integer> {

    private static final double PATIENCE = 3;

    @Option(names = "--quick", description = "Measure for a moment only: rough numbers in a minute.")
    private boolean quick;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Costs()).execute(arguments));
    }

    @Override
    public Integer call() throws RunnerException {
        var out = spec.commandLine().getOut();
        boolean good = measure(CallComes.class, "readyAgents", out);
        good &= measure(AgentIsReady.class, "waitingCalls", out);
        return good ? 0 : 1;
    }

    private boolean measure(Class<?> benchmark, String size, PrintWriter out) throws RunnerException {
        out.printf("%s ...%n", benchmark.getSimpleName());
        out.flush();
        var options = new OptionsBuilder()
                .include(benchmark.getName() + ".decide")
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (quick) {
            options.warmupIterations(2)
                    .warmupTime(TimeValue.milliseconds(500))
                    .measurementIterations(2)
                    .measurementTime(TimeValue.milliseconds(500));
        }
        return show(new Runner(options.build()).run(), size, out);
    }

    /** @param count of agents or calls */
    private record Case(int count, int otherQueues, double micros, double error) {

        static Case of(RunResult result, String size) {
            var params = result.getParams();
            var score = result.getPrimaryResult();
            return new Case(
                    Integer.parseInt(params.getParam(size)),
                    Integer.parseInt(params.getParam("otherQueues")),
                    score.getScore(),
                    score.getScoreError());
        }

        double growth(Case smallest) {
            return micros / smallest.micros;
        }

        double logarithmic(Case smallest) {
            return Math.log(count) / Math.log(smallest.count);
        }

        boolean fine(Case smallest) {
            return growth(smallest) <= PATIENCE * logarithmic(smallest);
        }
    }

    private static boolean show(Collection<RunResult> results, String size, PrintWriter out) {
        List<Case> cases = results.stream()
                .map(result -> Case.of(result, size))
                .sorted(Comparator.comparingInt(Case::otherQueues).thenComparingInt(Case::count))
                .toList();
        var smallest = cases.get(0);
        out.printf("%14s %12s %20s %8s %12s%n", size, "otherQueues", "microseconds", "times", "logarithmic");
        for (var one : cases) {
            out.printf(
                    Locale.ROOT,
                    "%,14d %,12d %11.2f ± %6.2f %8.2f %12.2f%s%n",
                    one.count(),
                    one.otherQueues(),
                    one.micros(),
                    one.error(),
                    one.growth(smallest),
                    one.logarithmic(smallest),
                    one.fine(smallest) ? "" : " !");
        }
        out.println();
        out.flush();
        return cases.stream().allMatch(one -> one.fine(smallest));
    }
}
