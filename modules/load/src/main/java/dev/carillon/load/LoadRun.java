package dev.carillon.load;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** One run: starts a node, makes a contact centre in it, lets callers come, and measures what becomes of them. */
final class LoadRun {

    /** A line is printed at every so manieth look. */
    private static final int LINE_EVERY = 3;

    private static final Duration UNTIL_FIRST_CALLER = Duration.ofSeconds(1);
    private static final Duration RECORDS_WITHIN = Duration.ofMinutes(3);
    private static final Duration RINGS_WITHIN = Duration.ofSeconds(30);
    private static final Duration REST_WITHIN = Duration.ofSeconds(30);
    private static final double MOST_REFUSED_MILLIS = 1_000;
    private static final Duration REST = Duration.ofSeconds(1);

    /** Who has hung up is off the line at once, but a node that is far behind has much to catch up with. */
    private static final Duration LEFT_WITHIN = Duration.ofMinutes(3);

    private final Load.Plan plan;
    private final Traffic traffic;
    private final PrintWriter out;
    private final Observations seen = new Observations();
    private final ProcessWatch processes = new ProcessWatch();

    LoadRun(Load.Plan plan) {
        this.plan = plan;
        this.traffic = plan.traffic();
        this.out = plan.out();
    }

    /** @return whether everything recorded is true */
    boolean make() {
        var centre = traffic.centre();
        say(
                "%s calls/s for %s: %,d boxes, %,d queues, %,d agents; %d processors, of which %.1f have been busy in the last minute",
                traffic.rate(),
                Lengths.text(length()),
                centre.boxes(),
                centre.queues(),
                centre.agents(),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        var started = Instant.now();
        try (var node = new NodeProcess(plan.data(), plan.fresh(), plan.nodeOptions())) {
            node.awaitReady();
            say("The node is ready after %.1f s; its log is %s", since(started), node.log());
            var writing = Instant.now();
            Setup.write(centre, node.database());
            var loggingIn = Instant.now();
            say("Boxes, queues and agents are written after %.1f s", since(writing));
            Setup.logIn(centre, node.api(), node);
            say("%,d agents are logged in and ready after %.1f s", centre.agents(), since(loggingIn));
            try (var journal = new Journal(node.database())) {
                var report = measure(node, journal);
                report.write(plan.report());
                new ReportText(out).print(report);
                say("Report: %s", plan.report().toAbsolutePath().normalize().resolve("report.html"));
                return report.differences().isEmpty();
            }
        }
    }

    private LoadReport measure(NodeProcess node, Journal journal) {
        var control = node.control();
        var boxes = IntStream.range(0, traffic.centre().boxes()).boxed().toList();
        control.put("/traffic", new LoadedNode.Plan(traffic, boxes));
        processes.watch(Observations.NODE, node.pid());
        processes.watchWithChildren(Observations.DATABASE, node.databasePid());
        processes.watch(Observations.SELF, ProcessHandle.current().pid());
        try (var subscriber = new LiveSubscriber(node.api(), seen.live())) {
            subscriber.awaitPicture();
            var begin = BoxTraffic.micros(Instant.now().plus(UNTIL_FIRST_CALLER));
            seen.begin(begin);
            control.post("/begin", new LoadedNode.Begin(begin));
            watch(node, control, journal);
            awaitRings(control);
            compareRecords(journal, begin);
            var differences = new ArrayList<>(seen.check().differences());
            if (!subscriber.trouble().isEmpty()) {
                differences.add(subscriber.trouble());
            }
            if (traffic.calm().millis() > 0) {
                differences.addAll(overloadTrouble(begin));
            }
            return report(node, journal, begin, differences);
        }
    }

    /** What did not go as it is to go when more come than are carried. */
    private List<String> overloadTrouble(long begin) {
        var trouble = new ArrayList<String>();
        var refused = seen.latencies().refused();
        if (refused.count() == 0) {
            trouble.add("Nobody was refused: say a higher --rate, of what is carried here at the most");
        } else if (refused.most() > MOST_REFUSED_MILLIS) {
            trouble.add(String.format(Locale.ROOT, "It took up to %.0f ms until a caller was refused", refused.most()));
        }
        var calm = begin + length().toNanos() / 1_000 + traffic.calm().millis() * 1_000 / 2;
        if (seen.lastRefused() > calm) {
            trouble.add(String.format(
                    Locale.ROOT,
                    "Callers were refused until %.0f s after the middle of the calm",
                    (seen.lastRefused() - calm) / 1e6));
        }
        return trouble;
    }

    /** Until the last caller has left. */
    private void watch(NodeProcess node, Http control, Journal journal) {
        var latest = System.nanoTime()
                + length().plusMillis(traffic.calm().millis())
                        .plusMillis(2 * (traffic.talkMillis() + traffic.patienceMillis()))
                        .plus(LEFT_WITHIN)
                        .toNanos();
        seen.look(control.get("/news", News.class), journal, processes);
        while (!seen.news().over()) {
            if (System.nanoTime() - latest > 0) {
                throw new LoadFailure(seen.news().here()
                        + " callers are still on the line, long after they should have lost their patience. The node's log is "
                        + node.log());
            }
            Patience.pause(Observations.INTERVAL);
            node.mustLive();
            seen.look(control.get("/news", News.class), journal, processes);
            if (seen.looks() % LINE_EVERY == 1) {
                say("%s", seen.progress(LINE_EVERY));
            }
        }
    }

    /** The caller is told first that it is over, then the agent. */
    private void awaitRings(Http control) {
        Patience.until("all phones are silent", RINGS_WITHIN, () -> {
            seen.heard(control.get("/news", News.class));
            return seen.ringing() <= 0
                    ? Optional.empty()
                    : Optional.of(seen.ringing() + " are still rung or talked on");
        });
    }

    private void compareRecords(Journal journal, long begin) {
        try {
            Patience.until("every call has a record", RECORDS_WITHIN, () -> {
                var records = journal.records(begin);
                return records >= seen.check().letIn()
                        ? Optional.empty()
                        : Optional.of(records + " of " + seen.check().letIn() + " have one");
            });
        } catch (LoadFailure missing) {
            // Which ones, the comparison says.
            say("%s", missing.getMessage());
        }
        journal.eachRecord(begin, seen.check()::recorded);
    }

    /** Agents become ready after their calls have ended. */
    private static void awaitRest(Journal journal) {
        var before = new long[] {-1};
        Patience.until("the journal is at rest", REST_WITHIN, () -> {
            var now = journal.events();
            if (now == before[0]) {
                return Optional.empty();
            }
            before[0] = now;
            Patience.pause(REST);
            return Optional.of("events are still written, " + now + " by now");
        });
    }

    private LoadReport report(NodeProcess node, Journal journal, long begin, List<String> differences) {
        awaitRest(journal);
        var sums = seen.check().sums();
        var flow = FullFlow.of(begin, length(), traffic.longestSeconds());
        var figures = journal.figures(flow.from() / 1_000, flow.to() / 1_000);
        var eventsPerSecond = figures.within() / flow.seconds();
        if (!plan.limitLength().isZero()) {
            say("Measuring how fast plain JDBC writes the same rows ...");
        }
        var limit = new WriteLimit(node.database())
                .measure(journal.before(), figures.batches().mean(), plan.limitLength());
        return new LoadReport(
                Instant.ofEpochMilli(begin / 1_000).toString(),
                asked(),
                where(),
                new LoadReport.Calls(
                        sums.calls(),
                        sums.records(),
                        sums.answered(),
                        sums.abandoned(),
                        sums.missed(),
                        sums.calls() / ((traffic.forMillis() + traffic.calm().millis()) / 1_000.0),
                        flow.perSecond(seen.ends()),
                        flow.seconds(),
                        sums.refused()),
                seen.latencies(),
                new LoadReport.JournalFigures(
                        figures.events(),
                        eventsPerSecond,
                        sums.calls() == 0 ? 0 : (double) figures.events() / sums.calls(),
                        figures.kinds(),
                        figures.batches(),
                        seen.commitsPerSecond(),
                        limit,
                        limit.share(eventsPerSecond)),
                seen.processes(Map.of(
                        Observations.NODE,
                        node.pid(),
                        Observations.DATABASE,
                        node.databasePid(),
                        Observations.SELF,
                        ProcessHandle.current().pid())),
                seen.memory(),
                seen.timeline(),
                differences);
    }

    private LoadReport.Asked asked() {
        var centre = traffic.centre();
        return new LoadReport.Asked(
                traffic.rate().toString(),
                Lengths.text(length()),
                centre.boxes(),
                centre.queues(),
                centre.agents(),
                Lengths.text(Duration.ofMillis(traffic.talkMillis())),
                Lengths.text(Duration.ofMillis(traffic.patienceMillis())),
                traffic.seed(),
                plan.fresh());
    }

    private LoadReport.Where where() {
        var machine = ManagementFactory.getOperatingSystemMXBean();
        return new LoadReport.Where(
                System.getProperty("java.version"),
                machine.getAvailableProcessors(),
                machine instanceof com.sun.management.OperatingSystemMXBean more ? more.getTotalMemorySize() : 0,
                1,
                plan.nodeOptions());
    }

    private void say(String line, Object... values) {
        out.println(String.format(Locale.ROOT, line, values));
        out.flush();
    }

    private static double since(Instant moment) {
        return Duration.between(moment, Instant.now()).toMillis() / 1_000.0;
    }

    private Duration length() {
        return Duration.ofMillis(traffic.forMillis());
    }
}
