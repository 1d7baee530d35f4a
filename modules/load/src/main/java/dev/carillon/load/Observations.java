package dev.carillon.load;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What is seen of a run while it goes on, and what it comes to. */
final class Observations {

    /** Between two looks at everything; the intervals of the charts. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    static final String NODE = "node";
    static final String DATABASE = "PostgreSQL";
    static final String SELF = "load generator";

    private final long interval = INTERVAL.toNanos() / 1_000;
    private final Latency offer = new Latency(interval);
    private final Latency callsWaited = new Latency(interval);
    private final Latency agentsWaited = new Latency(interval);
    private final Latency queued = new Latency(interval);
    private final Latency live = new Latency(interval);
    private final Latency generator = new Latency(interval);
    private final Latency refused = new Latency(interval);
    private long lastRefused;
    private final CallCheck check = new CallCheck();
    private final List<Look> looks = new ArrayList<>();
    private final List<Long> ends = new ArrayList<>();
    private long ringsBegun;
    private long ringsOver;

    /** How everything stood at one moment. */
    private record Look(
            long at, News news, long left, long inserted, long commits, Map<String, ProcessWatch.Usage> processes) {
        double secondsSince(Look before) {
            return (at - before.at) / 1e6;
        }
    }

    /** @param at the first moment of the run, in microseconds since 1970 */
    void begin(long at) {
        List.of(offer, callsWaited, agentsWaited, queued, live, generator, refused)
                .forEach(latency -> latency.begin(at));
    }

    /** Where a live subscriber notes what it sees. */
    Latency live() {
        return live;
    }

    CallCheck check() {
        return check;
    }

    /** The moments at which calls ended. */
    List<Long> ends() {
        return ends;
    }

    /** How many phones are rung or talked on. */
    long ringing() {
        return ringsBegun - ringsOver;
    }

    void look(News news, Journal journal, ProcessWatch processes) {
        heard(news);
        looks.add(new Look(
                BoxTraffic.micros(Instant.now()),
                news,
                check.calls(),
                journal.inserted(),
                journal.commits(),
                processes.look()));
    }

    void heard(News news) {
        news.queued().forEach(one -> {
            queued.record(one.due(), one.at());
            generator.record(one.due(), one.came());
        });
        news.told().forEach(one -> {
            ringsBegun++;
            offer.record(one.due(), one.at());
            (one.waited() ? callsWaited : agentsWaited).record(one.due(), one.at());
        });
        news.rings().forEach(one -> {
            ringsOver++;
            check.rang(one);
        });
        news.lived().forEach(one -> {
            if (one.refused()) {
                refused.record(one.came(), one.ended());
                lastRefused = Math.max(lastRefused, one.came());
            } else {
                ends.add(one.ended());
            }
            check.lived(one);
        });
    }

    /** When the last caller came who was refused, in microseconds since 1970; 0 when nobody was. */
    long lastRefused() {
        return lastRefused;
    }

    int looks() {
        return looks.size();
    }

    News news() {
        return last().news();
    }

    private Look first() {
        return looks.get(0);
    }

    private Look last() {
        return looks.get(looks.size() - 1);
    }

    /** From the first look to the last. */
    private double seconds() {
        return last().secondsSince(first());
    }

    /** @param since how many looks ago it begins */
    String progress(int since) {
        var now = last();
        var before = looks.get(Math.max(0, looks.size() - 1 - since));
        var seconds = now.secondsSince(before);
        var offers = offer.lately();
        var queues = queued.lately();
        var changes = live.lately();
        return String.format(
                Locale.ROOT,
                "%5.0f s  %6.1f calls/s came, %6.1f ended, %,6d here | ring p50 %.1f p99 %.1f ms | queued p50 %.1f p99 %.1f ms"
                        + " | live p50 %.0f p99 %.0f ms | %,6.0f events/s | processors: node %.2f, PostgreSQL %.2f, this %.2f",
                (now.at() - now.news().begunAt()) / 1e6,
                (now.news().came() - before.news().came()) / seconds,
                (now.left() - before.left()) / seconds,
                now.news().here(),
                offers.p50(),
                offers.p99(),
                queues.p50(),
                queues.p99(),
                changes.p50(),
                changes.p99(),
                (now.inserted() - before.inserted()) / seconds,
                processors(now, before, NODE),
                processors(now, before, DATABASE),
                processors(now, before, SELF));
    }

    private static double processors(Look now, Look before, String name) {
        return (now.processes().get(name).cpuSeconds()
                        - before.processes().get(name).cpuSeconds())
                / now.secondsSince(before);
    }

    double commitsPerSecond() {
        return (last().commits() - first().commits()) / seconds();
    }

    LoadReport.Latencies latencies() {
        return new LoadReport.Latencies(
                offer.all(),
                callsWaited.all(),
                agentsWaited.all(),
                queued.all(),
                live.all(),
                generator.all(),
                refused.all());
    }

    /** @param pids by the name of the process */
    List<LoadReport.ProcessFigures> processes(Map<String, Long> pids) {
        return last().processes().keySet().stream()
                .map(name -> {
                    var busy = processors(last(), first(), name);
                    return new LoadReport.ProcessFigures(
                            name,
                            pids.get(name),
                            busy,
                            check.calls() == 0 ? 0 : busy * seconds() * 1_000 / check.calls(),
                            looks.stream()
                                    .mapToLong(
                                            look -> look.processes().get(name).residentBytes())
                                    .max()
                                    .orElse(0));
                })
                .toList();
    }

    LoadReport.Memory memory() {
        var before = first().news().machine();
        var machine = last().news().machine();
        return new LoadReport.Memory(
                looks.stream()
                        .mapToLong(look -> look.news().machine().heapUsed())
                        .max()
                        .orElse(0),
                machine.heapCommitted(),
                machine.heapMost(),
                machine.heapAfterCollection(),
                machine.collections() - before.collections(),
                machine.collectionMillis() - before.collectionMillis(),
                machine.generatorCpuMillis() / 1_000.0 / seconds());
    }

    List<LoadReport.Sample> timeline() {
        var offers = offer.byInterval();
        var queues = queued.byInterval();
        var changes = live.byInterval();
        return IntStream.range(1, looks.size())
                .mapToObj(place -> {
                    var now = looks.get(place);
                    var before = looks.get(place - 1);
                    var seconds = now.secondsSince(before);
                    var second = (now.at() - now.news().begunAt()) / 1e6;
                    // The interval that ended at this moment, or nearly.
                    var nearest = (int) Math.round(second * 1e6 / interval) - 1;
                    return new LoadReport.Sample(
                            second,
                            (now.news().came() - before.news().came()) / seconds,
                            (now.left() - before.left()) / seconds,
                            now.news().here(),
                            (now.inserted() - before.inserted()) / seconds,
                            at(offers, nearest),
                            at(queues, nearest),
                            at(changes, nearest),
                            Map.of(
                                    NODE, processors(now, before, NODE),
                                    DATABASE, processors(now, before, DATABASE),
                                    SELF, processors(now, before, SELF)),
                            now.news().machine().heapUsed());
                })
                .toList();
    }

    private static Latency.Percentiles at(List<Latency.Percentiles> intervals, int place) {
        return place >= 0 && place < intervals.size()
                ? intervals.get(place)
                : new Latency.Percentiles(0, 0, 0, 0, 0, 0, 0, 0);
    }
}
