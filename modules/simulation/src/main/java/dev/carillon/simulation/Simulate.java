package dev.carillon.simulation;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code scripts/simulate}. */
@Command(
        name = "scripts/simulate",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = {
            "Runs Carillon's calls, agents, queues and telephony nodes in virtual time, with lost and repeated messages, failed writes,"
                    + " crashes and lost boxes, and checks after every step that no caller and no agent is ever treated wrongly.",
            "",
            "A history is made of one number, its seed; the same seed always gives the same history."
        },
        subcommands = {AgainstErlang.class, EstimateError.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:All invariants held.", "1:An invariant broke; its history is printed.", "2:Wrong options."})
public final class Simulate implements Callable<Integer> {

    @Option(names = "--seed", description = "Run this one history and print its hash; a number printed by a failure.")
    private Long seed;

    @Option(
            names = "--histories",
            defaultValue = "10000",
            description = "How many histories to run (default: ${DEFAULT-VALUE}).")
    private long histories;

    @Option(
            names = "--from",
            defaultValue = "1",
            description = "The seed of the first history; the others follow (default: ${DEFAULT-VALUE}).")
    private long from;

    @Option(
            names = "--lines",
            defaultValue = "60",
            description =
                    "With --seed: how many of the last lines of a failing history to show (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Simulate()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        var out = spec.commandLine().getOut();
        return seed != null ? one(out) : many(out);
    }

    private int one(PrintWriter out) {
        var history = History.of(seed, Deciders.real(), lines, true);
        out.print(history.report());
        out.printf(
                "Seed %d: %d steps, %.1f s of virtual time, %s, trace %016x: %s%n",
                seed,
                history.steps(),
                history.virtualMs() / 1000.0,
                history.troubles(),
                history.traceHash(),
                history.violation().isPresent() ? "FAILED" : "all invariants held");
        out.flush();
        return history.violation().isPresent() ? 1 : 0;
    }

    private int many(PrintWriter out) throws InterruptedException {
        var campaign = Campaign.run(Deciders.real(), from, histories, line -> {
            out.println(line);
            out.flush();
        });
        campaign.failures().forEach(failure -> out.println(failure.report()));
        out.println(campaign.summary());
        out.flush();
        return campaign.failures().isEmpty() ? 0 : 1;
    }
}
