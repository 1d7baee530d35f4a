package dev.carillon.simulation;

import dev.carillon.simulation.Shift.Moment;
import dev.carillon.simulation.Shift.Part;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code scripts/simulate estimate}. */
@Command(
        name = "estimate",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = {
            "Runs working days of a queue through the real deciders, with a rush and with agents who go to lunch and come back, and says how wrong"
                    + " the estimated wait was that callers were told, every quarter of a minute: against how long they did wait from then on."
                    + " Beside it stands the average wait of those who were served in the quarter of an hour before.",
            "",
            "Callers who gave up are left out: how long they would have waited nobody knows."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:The table was made.", "2:Wrong options."})
final class EstimateError implements Callable<Integer> {

    /**
     * How wrong something was that was said of many waits, in seconds.
     *
     * @param waited on average
     * @param tooLong on average, what was said less what was waited
     * @param off on average, either way
     * @param offMedian half of the times it was off by less
     * @param offMostly in nine of ten times it was off by less
     */
    record Deviation(double waited, double tooLong, double off, double offMedian, double offMostly) {

        static Deviation of(List<Moment> moments, ToDoubleFunction<Moment> said) {
            var off = moments.stream()
                    .mapToDouble(moment -> Math.abs(said.applyAsDouble(moment) - moment.waited()))
                    .sorted()
                    .toArray();
            return new Deviation(
                    moments.stream().mapToDouble(Moment::waited).average().orElse(0),
                    moments.stream()
                            .mapToDouble(moment -> said.applyAsDouble(moment) - moment.waited())
                            .average()
                            .orElse(0),
                    Arrays.stream(off).average().orElse(0),
                    off.length == 0 ? 0 : off[off.length / 2],
                    off.length == 0 ? 0 : off[off.length * 9 / 10]);
        }
    }

    @Option(names = "--seed", defaultValue = "1", description = "Of all chance in it (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--days", defaultValue = "20", description = "How many, at least 1 (default: ${DEFAULT-VALUE}).")
    private int days;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var moments = moments(seed, Math.max(1, days));
        out.printf("%,d times somebody waited, in %d days; all in seconds%n", moments.size(), Math.max(1, days));
        out.printf("%-34s%-10s%10s%10s%10s%10s%10s%n", "", "", "waited", "too long", "off", "half <", "9 of 10 <");
        line(out::print, "the whole day", moments);
        for (var part : Part.values()) {
            line(
                    out::print,
                    part.inWords(),
                    moments.stream().filter(moment -> moment.part() == part).toList());
        }
        out.flush();
        return 0;
    }

    /** Days beside each other, which have nothing to do with each other. */
    static List<Moment> moments(long seed, int days) {
        return LongStream.range(0, days)
                .parallel()
                .mapToObj(day -> Shift.of(seed * 1_000_003 + day))
                .flatMap(List::stream)
                .toList();
    }

    private static void line(Consumer<String> out, String what, List<Moment> moments) {
        var said = Deviation.of(moments, Moment::said);
        var average = Deviation.of(moments, Moment::average);
        out.accept(row(what, "Carillon", said));
        out.accept(row("", "average", average));
        out.accept(String.format(
                Locale.ROOT,
                "%-34s%-10s%30.2f%n",
                "",
                "ratio",
                average.off() == 0 ? Double.NaN : said.off() / average.off()));
    }

    private static String row(String what, String who, Deviation error) {
        return String.format(
                Locale.ROOT,
                "%-34s%-10s%10.0f%10.0f%10.0f%10.0f%10.0f%n",
                what,
                who,
                error.waited(),
                error.tooLong(),
                error.off(),
                error.offMedian(),
                error.offMostly());
    }
}
