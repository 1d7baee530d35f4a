package dev.carillon.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A report as one page for people: it needs no network and no script. */
final class ReportPage {

    private static final int MOST_DIFFERENCES = 50;

    private static final String STYLE =
            """
            body { font: 15px/1.45 system-ui, sans-serif; max-width: 960px; margin: 2em auto; padding: 0 1em; color: #17222c; background: #fff; }
            h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
            table { border-collapse: collapse; } td, th { padding: .2em .8em .2em 0; text-align: right; border-bottom: 1px solid #dfe4e9; }
            td:first-child, th:first-child { text-align: left; }
            figure { margin: 1.5em 0; } figcaption { font-weight: 600; } .line { font-weight: 400; margin-left: 1em; }
            svg { width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: #54626f; } .grid { stroke: #dfe4e9; }
            .bad { color: #b3261e; }
            """;

    private final LoadReport report;

    ReportPage(LoadReport report) {
        this.report = report;
    }

    String html() {
        var asked = report.asked();
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>Carillon: "
                + escaped(asked.rate()) + " calls/s</title><style>" + STYLE + "</style></head><body>\n<h1>"
                + escaped(asked.rate() + " calls a second for " + asked.duration()) + "</h1>\n"
                + paragraph(String.format(
                        Locale.ROOT,
                        "%s. %,d boxes, %,d queues, %,d agents; talks of %s, patience of %s; %d node, Java %s, %d processors, %,d MiB of memory.",
                        report.startedAt(),
                        asked.boxes(),
                        asked.queues(),
                        asked.agents(),
                        asked.talk(),
                        asked.patience(),
                        report.where().nodes(),
                        report.where().java(),
                        report.where().processors(),
                        report.where().memoryBytes() >> 20))
                + differences()
                + calls()
                + latencies()
                + journal()
                + processes()
                + charts()
                + "</body></html>\n";
    }

    private String differences() {
        if (report.differences().isEmpty()) {
            return paragraph(String.format(
                    Locale.ROOT,
                    "Every one of the %,d calls has one record, which says what its caller lived through.",
                    report.calls().came()));
        }
        var text = new StringBuilder("<h2 class=\"bad\">" + report.differences().size()
                + " differences between what people lived through and what was recorded</h2><ul>");
        report.differences().stream()
                .limit(MOST_DIFFERENCES)
                .forEach(one -> text.append("<li>").append(escaped(one)).append("</li>\n"));
        return text.append("</ul>").toString();
    }

    private String calls() {
        var calls = report.calls();
        return "<h2>Calls</h2>"
                + table(
                        List.of("", "calls/s", "calls"),
                        List.of(
                                List.of("offered", number(calls.offeredPerSecond()), whole(calls.came())),
                                List.of("carried, at full flow", number(calls.carriedPerSecond()), ""),
                                List.of("answered", "", whole(calls.answered())),
                                List.of("abandoned", "", whole(calls.abandoned())),
                                List.of("picked up as the caller hung up", "", whole(calls.missed())),
                                List.of("refused", "", whole(calls.refused())),
                                List.of("records", "", whole(calls.records()))));
    }

    private String latencies() {
        var rows = new ArrayList<List<String>>();
        var latencies = report.latencies();
        rows.add(row("agent free and call waiting → seat told to ring", latencies.offer()));
        rows.add(row("– the caller waited for the agent", latencies.callsWaited()));
        rows.add(row("– the agent waited for the caller", latencies.agentsWaited()));
        rows.add(row("call arrived → queued", latencies.queued()));
        rows.add(row("state change → seen by a live subscriber", latencies.live()));
        rows.add(row("call arrived → refused", latencies.refused()));
        rows.add(row("(callers later than they were due)", latencies.generator()));
        return "<h2>Milliseconds</h2>" + table(List.of("", "p50", "p95", "p99", "p99.9", "most", "count"), rows);
    }

    private static List<String> row(String name, Latency.Percentiles one) {
        return List.of(
                name,
                number(one.p50()),
                number(one.p95()),
                number(one.p99()),
                number(one.p999()),
                number(one.most()),
                whole(one.count()));
    }

    private String journal() {
        var journal = report.journal();
        var batches = journal.rowsPerTransaction();
        var rows = new ArrayList<>(List.of(
                List.of("events a second, at full flow", number(journal.eventsPerSecond())),
                List.of("events of the run", whole(journal.events())),
                List.of("events a call", number(journal.eventsPerCall())),
                List.of("commits of everybody a second", number(journal.commitsPerSecond())),
                List.of(
                        "events a transaction: mean, p50, p95, p99, most",
                        String.format(
                                Locale.ROOT,
                                "%.1f, %d, %d, %d, %d",
                                batches.mean(),
                                batches.p50(),
                                batches.p95(),
                                batches.p99(),
                                batches.most()))));
        journal.kinds().forEach((kind, count) -> rows.add(List.of("– of entities of kind " + kind, whole(count))));
        if (journal.limit().rowsPerSecond() > 0) {
            rows.add(List.of(
                    String.format(
                            Locale.ROOT,
                            "plain JDBC, rows a second (%d a transaction, %d connections)",
                            journal.limit().rowsPerTransaction(),
                            journal.limit().connections()),
                    number(journal.limit().rowsPerSecond())));
            rows.add(List.of(
                    "events as a part of that", String.format(Locale.ROOT, "%.0f %%", 100 * journal.shareOfLimit())));
        }
        return "<h2>Journal</h2>" + table(List.of("", ""), rows);
    }

    private String processes() {
        var rows = new ArrayList<List<String>>();
        report.processes()
                .forEach(one -> rows.add(List.of(
                        one.name(),
                        String.format(Locale.ROOT, "%.2f", one.processors()),
                        number(one.cpuMillisPerCall()),
                        whole(one.residentBytesMost() >> 20))));
        var memory = report.memory();
        return "<h2>Processes</h2>"
                + table(List.of("", "processors busy", "CPU ms a call", "most MiB in memory"), rows)
                + paragraph(String.format(
                        Locale.ROOT,
                        "Heap of the node: at most %,d MiB used of %,d MiB; %,d MiB after the last full collection of each part. %,d"
                                + " collections took %,d ms. The threads that let callers come took %.2f processors of the node's.",
                        memory.heapUsedMost() >> 20,
                        memory.heapLimit() >> 20,
                        memory.heapAfterCollection() >> 20,
                        memory.collections(),
                        memory.collectionMillis(),
                        memory.generatorProcessors()));
    }

    private String charts() {
        var charts = new StringBuilder("<h2>Over time</h2>\n");
        charts.append(new LineChart("Calls", "a second")
                .line("came", over(LoadReport.Sample::camePerSecond))
                .line("ended", over(LoadReport.Sample::endedPerSecond))
                .html());
        charts.append(new LineChart("Callers on the line", "callers")
                .line("here", over(LoadReport.Sample::here))
                .html());
        charts.append(percentiles("Agent free and call waiting → seat told to ring", LoadReport.Sample::offer));
        charts.append(percentiles("Call arrived → queued", LoadReport.Sample::queued));
        charts.append(percentiles("State change → seen by a live subscriber", LoadReport.Sample::live));
        charts.append(new LineChart("Events in the journal", "a second")
                .line("events", over(LoadReport.Sample::eventsPerSecond))
                .html());
        var processors = new LineChart("Processors busy", "processors");
        report.processes().stream()
                .map(LoadReport.ProcessFigures::name)
                .forEach(name ->
                        processors.line(name, over(sample -> sample.processors().getOrDefault(name, 0.0))));
        charts.append(processors.html());
        charts.append(new LineChart("Heap used by the node", "MiB")
                .line("heap", over(sample -> sample.heapUsed() >> 20))
                .html());
        return charts.toString();
    }

    private interface Percentiles {
        Latency.Percentiles of(LoadReport.Sample sample);
    }

    private String percentiles(String title, Percentiles which) {
        return new LineChart(title, "ms")
                .line("p50", over(sample -> which.of(sample).p50()))
                .line("p99", over(sample -> which.of(sample).p99()))
                .html();
    }

    private List<double[]> over(ToDoubleFunction<LoadReport.Sample> value) {
        return report.timeline().stream()
                .map(sample -> new double[] {sample.second(), value.applyAsDouble(sample)})
                .toList();
    }

    private static String table(List<String> head, List<List<String>> rows) {
        var table = new StringBuilder("<table><tr>");
        head.forEach(cell -> table.append("<th>").append(escaped(cell)).append("</th>"));
        table.append("</tr>\n");
        for (var row : rows) {
            table.append("<tr>");
            row.forEach(cell -> table.append("<td>").append(escaped(cell)).append("</td>"));
            table.append("</tr>\n");
        }
        return table.append("</table>\n").toString();
    }

    private static String paragraph(String text) {
        return "<p>" + escaped(text) + "</p>\n";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 1_000 ? "%,.0f" : value >= 100 ? "%.0f" : "%.1f", value);
    }

    private static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                // XML knows no other of these.
                .replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]", "?");
    }
}
