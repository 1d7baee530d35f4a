package dev.carillon.load;

import java.io.PrintWriter;
import java.util.Locale;

/** A report in the few lines that fit on a terminal. */
final class ReportText {

    private static final int MOST_DIFFERENCES = 20;

    private final PrintWriter out;

    ReportText(PrintWriter out) {
        this.out = out;
    }

    void print(LoadReport report) {
        var calls = report.calls();
        var journal = report.journal();
        say("");
        say(
                "%,d calls: %,d answered, %,d abandoned, %,d picked up as the caller hung up, %,d refused; %,d records",
                calls.came(), calls.answered(), calls.abandoned(), calls.missed(), calls.refused(), calls.records());
        say(
                "%.1f calls/s offered, %.1f calls/s carried at full flow (%.0f s of it)",
                calls.offeredPerSecond(), calls.carriedPerSecond(), calls.fullFlowSeconds());
        sayLatency(
                "agent free and call waiting -> seat told to ring",
                report.latencies().offer());
        sayLatency("   the caller waited for the agent", report.latencies().callsWaited());
        sayLatency("   the agent waited for the caller", report.latencies().agentsWaited());
        sayLatency("call arrived -> queued", report.latencies().queued());
        sayLatency(
                "state change -> seen by a live subscriber", report.latencies().live());
        if (calls.refused() > 0) {
            sayLatency("call arrived -> refused", report.latencies().refused());
        }
        sayLatency("(callers later than they were due)", report.latencies().generator());
        say(
                "%,.0f events/s at full flow, %.1f a call; %.1f a transaction (p50 %d, p99 %d, most %d)",
                journal.eventsPerSecond(),
                journal.eventsPerCall(),
                journal.rowsPerTransaction().mean(),
                journal.rowsPerTransaction().p50(),
                journal.rowsPerTransaction().p99(),
                journal.rowsPerTransaction().most());
        if (journal.limit().rowsPerSecond() > 0) {
            say(
                    "plain JDBC writes %,.0f rows/s here, %d a transaction over %d connections: the run was at %.0f %% of that",
                    journal.limit().rowsPerSecond(),
                    journal.limit().rowsPerTransaction(),
                    journal.limit().connections(),
                    100 * journal.shareOfLimit());
        }
        report.processes()
                .forEach(one -> say(
                        "%s: %.2f processors, %.2f ms a call, at most %,d MiB in memory",
                        one.name(), one.processors(), one.cpuMillisPerCall(), one.residentBytesMost() >> 20));
        say(
                "heap of the node: at most %,d MiB used of %,d MiB; %,d collections took %,d ms",
                report.memory().heapUsedMost() >> 20,
                report.memory().heapLimit() >> 20,
                report.memory().collections(),
                report.memory().collectionMillis());
        say("");
        if (report.differences().isEmpty()) {
            say("Every call has one record, which says what its caller lived through.");
        } else {
            say(
                    "%,d DIFFERENCES between what people lived through and what was recorded:",
                    report.differences().size());
            report.differences().stream().limit(MOST_DIFFERENCES).forEach(one -> say("  %s", one));
        }
    }

    private void sayLatency(String what, Latency.Percentiles one) {
        say(
                "%-50s p50 %8.1f  p95 %8.1f  p99 %8.1f  p99.9 %8.1f ms  (%,d)",
                what, one.p50(), one.p95(), one.p99(), one.p999(), one.count());
    }

    private void say(String line, Object... values) {
        out.println(String.format(Locale.ROOT, line, values));
    }
}
