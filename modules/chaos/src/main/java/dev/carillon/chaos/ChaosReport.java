package dev.carillon.chaos;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run has shown.
 *
 * @param startedAt ISO 8601
 * @param leftOut what this machine does not allow, each with the reason
 * @param ends how often nodes ended by themselves or were killed, by exit code
 * @param unmet what has not come back by itself; empty when all has
 */
record ChaosReport(
        long seed,
        double minutes,
        int nodes,
        String startedAt,
        double callsPerSecond,
        int agents,
        List<String> leftOut,
        List<Broke> faults,
        Map<Integer, Integer> ends,
        Findings findings,
        List<String> unmet) {

    private static final int MOST_VIOLATIONS = 50;

    private static final String STYLE =
            """
            body { font: 15px/1.45 system-ui, sans-serif; max-width: 1000px; margin: 2em auto; padding: 0 1em; color: #17222c; background: #fff; }
            h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
            table { border-collapse: collapse; } td, th { padding: .2em .8em .2em 0; text-align: left; border-bottom: 1px solid #dfe4e9; vertical-align: top; }
            td.number, th.number { text-align: right; } .bad { color: #b3261e; }
            """;

    /**
     * A fault that was.
     *
     * @param atSeconds after the first caller
     * @param untilSeconds when it had healed, or what was ended had been started
     * @param pauseMillis the longest time without a phone being rung anew, from then until some seconds after that
     */
    record Broke(String kind, String what, double atSeconds, double untilSeconds, long pauseMillis) {}

    boolean good() {
        return findings.violations().isEmpty() && unmet.isEmpty();
    }

    void write(Path folder) {
        try {
            Files.createDirectories(folder);
            var printer = new DefaultPrettyPrinter();
            printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
            new JsonMapper()
                    .writer(printer)
                    .writeValue(folder.resolve("report.json").toFile(), this);
            Files.writeString(folder.resolve("report.html"), html());
        } catch (IOException e) {
            throw new ChaosFailure("The report cannot be written to " + folder + ": " + e.getMessage(), e);
        }
    }

    /** In some lines. */
    String text() {
        var text = new StringBuilder();
        for (var fault : faults) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %6.1f s to %6.1f s   longest pause between offers %5.1f s   %s%n",
                    fault.atSeconds(),
                    fault.untilSeconds(),
                    fault.pauseMillis() / 1_000.0,
                    fault.what()));
        }
        text.append(sums()).append(System.lineSeparator());
        if (!ends.isEmpty()) {
            text.append("Ends of nodes by exit code: ").append(ends).append(System.lineSeparator());
        }
        leftOut.forEach(one -> text.append("Left out: ").append(one).append(System.lineSeparator()));
        unmet.forEach(one -> text.append("NOT COME BACK: ").append(one).append(System.lineSeparator()));
        findings.violations().stream().limit(MOST_VIOLATIONS).forEach(one -> text.append("VIOLATION: ")
                .append(one)
                .append(one.history().isEmpty() ? "" : " (" + one.history() + ")")
                .append(System.lineSeparator()));
        text.append(
                good()
                        ? "Every rule holds."
                        : findings.violations().size() + " violations, " + unmet.size() + " not come back.");
        return text.toString();
    }

    private String sums() {
        return String.format(
                Locale.ROOT,
                "%d callers: %d answered, %d abandoned, %d lost with their box, %d missed, %d unseen; %d records, %d offers; whose turn it was: %d comparisons",
                findings.came(),
                findings.answered(),
                findings.abandoned(),
                findings.lost(),
                findings.missed(),
                findings.unseen(),
                findings.records(),
                findings.offers(),
                findings.judged());
    }

    private String html() {
        var page = new StringBuilder(
                        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>Carillon: chaos, seed ")
                .append(seed)
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Chaos, seed ")
                .append(seed)
                .append("</h1>\n");
        paragraph(
                page,
                String.format(
                        Locale.ROOT,
                        "%s, %.1f minutes, %d nodes, %.1f calls/s, %d agents.",
                        startedAt,
                        minutes,
                        nodes,
                        callsPerSecond,
                        agents));
        page.append(good() ? "<p>Every rule holds.</p>\n" : "<h2 class=\"bad\">What must not be</h2>\n<ul>\n");
        if (!good()) {
            unmet.forEach(one -> item(page, "Not come back: " + one));
            findings.violations().stream()
                    .limit(MOST_VIOLATIONS)
                    .forEach(one -> item(page, one + (one.history().isEmpty() ? "" : " — " + one.history())));
            page.append("</ul>\n");
        }
        page.append("<h2>Callers</h2>\n");
        paragraph(page, sums());
        page.append("<h2>What broke</h2>\n<table><tr><th class=\"number\">from, s</th><th class=\"number\">to, s</th>")
                .append("<th class=\"number\">longest pause between offers, s</th><th>what</th></tr>\n");
        for (var fault : faults) {
            page.append(String.format(
                    Locale.ROOT,
                    "<tr><td class=\"number\">%.1f</td><td class=\"number\">%.1f</td><td class=\"number\">%.1f</td><td>%s</td></tr>%n",
                    fault.atSeconds(),
                    fault.untilSeconds(),
                    fault.pauseMillis() / 1_000.0,
                    escaped(fault.what())));
        }
        page.append("</table>\n");
        leftOut.forEach(one -> paragraph(page, "Left out: " + one));
        paragraph(page, "Ends of nodes by exit code: " + ends + ".");
        paragraph(page, "What each rule means, and how to look at a call on the data of this run: docs/chaos.md.");
        return page.append("</body></html>\n").toString();
    }

    private static void paragraph(StringBuilder page, String text) {
        page.append("<p>").append(escaped(text)).append("</p>\n");
    }

    private static void item(StringBuilder page, String text) {
        page.append("<li>").append(escaped(text)).append("</li>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
