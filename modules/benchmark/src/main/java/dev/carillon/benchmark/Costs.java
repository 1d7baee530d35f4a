package dev.carillon.benchmark;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Param;
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
            "Measures what one decision of a queue costs, with JMH: a call comes and agents are ready, also among many who may not have it and with many"
                    + " queues to borrow from; or an agent becomes ready and calls wait, also for that agent alone. It takes about eight minutes, in"
                    + " which nothing else should run on the machine.",
            "",
            "How long it takes (the median of the iterations) is this machine's; how it grows is the queue's. So every case is shown as a"
                    + " multiple of the smallest one in the same run, beside the multiple that a logarithm would give. A ! is beside a case that is"
                    + " more than three times that: memory far from the processor costs something too, but walking through all agents or all calls"
                    + " would cost a hundred times as much. If the least and the most are far apart, the machine was busy."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Nothing grows faster.", "1:Something does, and has a !.", "2:Wrong options."})
public final class Costs implements Callable<Integer> {

    private static final double PATIENCE = 3;

    private static final List<Kind> KINDS = List.of(
            new Kind(CallComes.class, "readyAgents", "otherQueues"),
            new Kind(CallComesAmongUnfit.class, "unfitAgents", "because"),
            new Kind(CallBorrows.class, "lendingQueues", ""),
            new Kind(AgentIsReady.class, "waitingCalls", "otherQueues"),
            new Kind(CallerWaitsForOneAgent.class, "waitingCalls", ""));

    @Option(
            names = "--quick",
            description =
                    "The smallest and the largest of everything, and each for a moment only: rough numbers in two minutes.")
    private boolean quick;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Costs()).execute(arguments));
    }

    @Override
    public Integer call() throws RunnerException {
        var out = spec.commandLine().getOut();
        sayHowBusy(out);
        int all = KINDS.stream().mapToInt(kind -> plans(kind).size()).sum();
        int done = 0;
        var measured = new ArrayList<List<Case>>();
        for (var kind : KINDS) {
            var cases = new ArrayList<Case>();
            for (var plan : plans(kind)) {
                done++;
                out.printf("%2d of %d: %s ... ", done, all, plan.inWords());
                out.flush();
                var one = measure(plan, cases);
                cases.add(one);
                out.printf(Locale.ROOT, "%.2f microseconds%n", one.micros());
            }
            measured.add(cases);
        }
        measured.forEach(cases -> show(cases, out));
        return measured.stream().flatMap(List::stream).allMatch(Case::isFine) ? 0 : 1;
    }

    private static void sayHowBusy(PrintWriter out) {
        var machine = ManagementFactory.getOperatingSystemMXBean();
        out.printf(
                Locale.ROOT,
                "Java %s, %d processors, of which %.1f have been busy in the last minute%n",
                Runtime.version().feature(),
                machine.getAvailableProcessors(),
                machine.getSystemLoadAverage());
    }

    /**
     * @param size the parameter of which it should depend by its logarithm at most
     * @param beside another parameter; empty when there is none
     */
    private record Kind(Class<? extends OneDecision> benchmark, String size, String beside) {}

    /** @param beside empty when there is nothing */
    private record Plan(Kind kind, int size, String beside) {
        boolean besideIsNumber() {
            return beside.chars().allMatch(Character::isDigit);
        }

        String inWords() {
            var name = kind.benchmark().getSimpleName();
            var more = beside.isEmpty() ? "" : ", " + kind.beside() + " " + beside;
            return name + ", " + kind.size() + " " + size + more;
        }
    }

    /**
     * @param micros the median, which does not mind that something else ran for a moment
     * @param first to which it is compared; null when it is the first itself
     */
    private record Case(Plan plan, double micros, double least, double most, Case first) {
        double growth() {
            return first == null ? 1 : micros / first.micros();
        }

        double logarithmic() {
            return first == null
                    ? 1
                    : Math.log(plan.size()) / Math.log(first.plan().size());
        }

        boolean isFine() {
            return growth() <= PATIENCE * logarithmic();
        }
    }

    private List<Plan> plans(Kind kind) {
        return values(kind, kind.beside()).stream()
                .flatMap(beside ->
                        values(kind, kind.size()).stream().map(size -> new Plan(kind, Integer.parseInt(size), beside)))
                .toList();
    }

    private List<String> values(Kind kind, String parameter) {
        if (parameter.isEmpty()) {
            return List.of("");
        }
        var field = field(kind, parameter);
        if (field.getType().isEnum()) {
            return Arrays.stream(field.getType().getEnumConstants())
                    .map(Object::toString)
                    .toList();
        }
        var values = List.of(field.getAnnotation(Param.class).value());
        return quick ? List.of(values.get(0), values.get(values.size() - 1)) : values;
    }

    private static Field field(Kind kind, String parameter) {
        try {
            return kind.benchmark().getField(parameter);
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    private Case measure(Plan plan, List<Case> before) throws RunnerException {
        var kind = plan.kind();
        var options = new OptionsBuilder()
                .include(kind.benchmark().getName() + ".decide")
                .param(kind.size(), Integer.toString(plan.size()))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (!plan.beside().isEmpty()) {
            options.param(kind.beside(), plan.beside());
        }
        if (quick) {
            options.warmupIterations(2)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(3)
                    .measurementTime(TimeValue.milliseconds(500));
        }
        var measured =
                new Runner(options.build()).runSingle().getPrimaryResult().getStatistics();
        return new Case(plan, measured.getPercentile(50), measured.getMin(), measured.getMax(), first(plan, before));
    }

    /** With reasons it is compared with the smallest for the same one, with numbers with the smallest of all. */
    private static Case first(Plan plan, List<Case> before) {
        return before.stream()
                .filter(one -> plan.besideIsNumber() || one.plan().beside().equals(plan.beside()))
                .findFirst()
                .orElse(null);
    }

    private static void show(List<Case> cases, PrintWriter out) {
        var kind = cases.get(0).plan().kind();
        out.printf("%n%s%n", kind.benchmark().getSimpleName());
        out.printf(
                "%14s %12s %13s %9s %9s %8s %12s%n",
                kind.size(), kind.beside(), "microseconds", "least", "most", "times", "logarithmic");
        for (var one : cases) {
            out.printf(
                    Locale.ROOT,
                    "%,14d %12s %13.2f %9.2f %9.2f %8.2f %12.2f%s%n",
                    one.plan().size(),
                    one.plan().beside(),
                    one.micros(),
                    one.least(),
                    one.most(),
                    one.growth(),
                    one.logarithmic(),
                    one.isFine() ? "" : " !");
        }
        out.flush();
    }
}
