package dev.carillon.node.metrics;

import dev.carillon.cluster.LiveTally;
import dev.carillon.core.OwnQueue;
import dev.carillon.protocol.view.View;
import dev.carillon.readmodel.ProjectionFigures;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Gauge;
import kamon.metric.MeasurementUnit;
import kamon.metric.Metric;
import kamon.tag.TagSet;

/**
 * What is looked at every now and then instead of being counted as it happens: how many live here, and what others count. For one thread at a
 * time.
 */
public final class Sampled {

    private static final Metric.Gauge AGENTS_OF_QUEUE = Kamon.gauge(
            "carillon.queue.agents", "Agents of the queue who are logged in, and of them those who could take a call");
    private static final Metric.Gauge WAITING = Kamon.gauge(
            "carillon.queue.waiting",
            "Calls that wait in the queue, those included for whom an agent is asked or rung");
    private static final Metric.Gauge OFFERED =
            Kamon.gauge("carillon.queue.offered", "Calls that wait in the queue for whom an agent is asked or rung");
    private static final Metric.Gauge LONGEST = Kamon.gauge(
            "carillon.queue.longest-wait",
            "For how long the call waits that has waited longest",
            MeasurementUnit.time().seconds());

    /** Something that counts by itself, and the counter that follows it. */
    private record Followed(LongSupplier source, Counter counter, AtomicLong seen) {
        void look() {
            var now = source.getAsLong();
            counter.increment(Math.max(0, now - seen.getAndAccumulate(now, Math::max)));
        }
    }

    private record OfQueue(Gauge waiting, Gauge offered, Gauge longest, Gauge loggedIn, Gauge ready) {
        static OfQueue of(String queueId) {
            return new OfQueue(
                    WAITING.withTag("queue", queueId),
                    OFFERED.withTag("queue", queueId),
                    LONGEST.withTag("queue", queueId),
                    agents(queueId, "logged-in"),
                    agents(queueId, "ready"));
        }

        private static Gauge agents(String queueId, String state) {
            return AGENTS_OF_QUEUE.withTags(
                    TagSet.builder().add("queue", queueId).add("state", state).build());
        }

        void show(View.OfQueue queue) {
            waiting.update(queue.waiting());
            offered.update(queue.offered());
            loggedIn.update(queue.loggedIn());
            ready.update(queue.ready());
        }
    }

    private final LiveTally tally;
    private final Clock clock;
    private final Map<View.CallPhase, Gauge> calls = new EnumMap<>(View.CallPhase.class);
    private final Map<View.AgentPhase, Gauge> agents = new EnumMap<>(View.AgentPhase.class);
    private final Map<String, OfQueue> queues = new HashMap<>();

    /** Since when somebody waits, by queue. */
    private final Map<String, Instant> waitSince = new HashMap<>();

    private record Shown(DoubleSupplier source, Gauge gauge) {}

    private final List<Shown> shown = new ArrayList<>();
    private final List<Followed> followed = new ArrayList<>();

    public Sampled(LiveTally tally, Clock clock) {
        this.tally = tally;
        this.clock = clock;
        var ofCalls = Kamon.gauge("carillon.calls", "Calls that live on this node");
        for (var phase : View.CallPhase.values()) {
            if (phase != View.CallPhase.ENDED) {
                calls.put(phase, ofCalls.withTag("state", lower(phase)));
            }
        }
        var ofAgents = Kamon.gauge("carillon.agents", "Agents who live on this node");
        for (var phase : View.AgentPhase.values()) {
            agents.put(phase, ofAgents.withTag("state", lower(phase)));
        }
    }

    /** How late records are. */
    public Sampled recordsOf(ProjectionFigures records) {
        var lag = Kamon.timer("carillon.call-record.lag", "From the end of a call until its record")
                .withoutTags();
        records.onRecord(late -> lag.record(late.isNegative() ? Duration.ZERO : late));
        return this;
    }

    /** A figure that never goes down, under a name of its own. */
    public Sampled follow(String name, String description, LongSupplier source) {
        followed.add(new Followed(source, Kamon.counter(name, description).withoutTags(), new AtomicLong()));
        return this;
    }

    /** As {@link #follow(String, String, LongSupplier)}, one of several that differ in a label. */
    public Sampled follow(String name, String description, String label, String value, LongSupplier source) {
        followed.add(new Followed(source, Kamon.counter(name, description).withTag(label, value), new AtomicLong()));
        return this;
    }

    /** A figure that goes up and down, one of several that differ in a label. */
    public Sampled show(String name, String description, String label, String value, DoubleSupplier source) {
        shown.add(new Shown(source, Kamon.gauge(name, description).withTag(label, value)));
        return this;
    }

    public void look() {
        var callsNow = tally.calls();
        calls.forEach((phase, gauge) -> gauge.update(callsNow.get(phase)));
        var agentsNow = tally.agents();
        agents.forEach((phase, gauge) -> gauge.update(agentsNow.get(phase)));
        tally.takeChangedQueues().forEach((id, queue) -> queue.ifPresentOrElse(this::show, () -> gone(id)));
        var now = clock.instant();
        waitSince.forEach((id, since) -> queues.get(id)
                .longest()
                .update(Math.max(0, Duration.between(since, now).toMillis() / 1_000.0)));
        followed.forEach(Followed::look);
        shown.forEach(one -> one.gauge().update(one.source().getAsDouble()));
    }

    /**
     * A queue at rest, with nobody logged in, has no figures until it is needed: of tens of thousands of queues most are. An agent's own queue has
     * none at all: agents are no labels.
     */
    void show(View.OfQueue queue) {
        if (OwnQueue.is(queue.id())) {
            return;
        }
        if (queues.containsKey(queue.id()) || queue.waiting() > 0 || queue.loggedIn() > 0) {
            queues.computeIfAbsent(queue.id(), OfQueue::of).show(queue);
            longest(queue.id(), queue.longestWaitSince());
        }
    }

    /** It lives on another node, or nowhere: nothing is said to wait here. */
    private void gone(String queueId) {
        var queue = queues.get(queueId);
        if (queue != null) {
            queue.show(new View.OfQueue(queueId, 0, 0, null, 0, 0));
            longest(queueId, null);
        }
    }

    private void longest(String queueId, Instant since) {
        if (since != null) {
            waitSince.put(queueId, since);
        } else if (waitSince.remove(queueId) != null) {
            queues.get(queueId).longest().update(0);
        }
    }

    private static String lower(Enum<?> phase) {
        return phase.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
