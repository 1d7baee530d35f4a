package dev.carillon.node.metrics;

import dev.carillon.cluster.ClusterEntities;
import dev.carillon.cluster.EntityMeter;
import dev.carillon.core.OwnQueue;
import dev.carillon.protocol.agent.AgentEvent;
import dev.carillon.protocol.call.CallEnded;
import dev.carillon.protocol.call.CallEvent;
import dev.carillon.protocol.call.CallOutcome;
import dev.carillon.protocol.call.OfferOutcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.Timer;
import kamon.tag.TagSet;

/**
 * What calls, agents and queues do on this node. Everything is looked up once and kept, since it is asked for within an entity's work; what has no
 * queue or box in its labels is there, as 0, from the start.
 */
public final class EntityMetrics implements EntityMeter {

    /** As the queue of whoever waits for one agent alone. */
    static final String OWN_QUEUES = "agent";

    private final Latencies writes = new Latencies();

    private record Journal(Timer writes, Counter events) {}

    private final Map<String, Journal> journals = new HashMap<>();
    private final Timer timeToOffer = Kamon.timer(
                    "carillon.time-to-offer",
                    "From a call that waits and an agent who is free to the phone that is told to ring")
            .withoutTags();
    private final Labelled arrived =
            new Labelled(box -> Kamon.counter("carillon.calls.arrived", "Calls that have reached a box")
                    .withTag("box", box));
    private final Labelled offersStarted = new Labelled(queue -> Kamon.counter(
                    "carillon.offers.started", "Offers that calls have begun, those to outside numbers too")
            .withTag("queue", queue));
    private final Map<OfferOutcome, Counter> offersEnded = new EnumMap<>(OfferOutcome.class);
    private final Map<CallOutcome, Counter> ended = new EnumMap<>(CallOutcome.class);
    private final Map<CallOutcome, Labelled> endedOfQueue = new EnumMap<>(CallOutcome.class);

    /** Counters of one metric by the value of one label. */
    private static final class Labelled {
        private final Function<String, Counter> counter;
        private final Map<String, Counter> counters = new ConcurrentHashMap<>();

        Labelled(Function<String, Counter> counter) {
            this.counter = counter;
        }

        void increment(String value) {
            counters.computeIfAbsent(value, counter).increment();
        }
    }

    public EntityMetrics() {
        var writes = Kamon.timer("carillon.journal.write", "From events handed to the journal until they are durable");
        var events = Kamon.counter("carillon.journal.events", "Events that are durable");
        ClusterEntities.TYPES.forEach(type -> journals.put(
                type, new Journal(writes.withTag("entity", lower(type)), events.withTag("entity", lower(type)))));
        var outcomes = Kamon.counter("carillon.offers.ended", "Offers to agents that have ended, or were answered");
        // An offer that was answered goes on as a conversation: it counts as soon as it is one.
        Arrays.stream(OfferOutcome.values())
                .filter(outcome -> outcome != OfferOutcome.UNRECOGNIZED && outcome.getNumber() != 0)
                .forEach(outcome -> offersEnded.put(
                        outcome,
                        outcomes.withTag(
                                "outcome", outcome == OfferOutcome.COMPLETED ? "answered" : lower(outcome.name()))));
        var all = Kamon.counter("carillon.calls.ended", "Calls that have ended");
        var byQueue =
                Kamon.counter("carillon.queue.calls.ended", "Calls that have ended, by the queue they were in last");
        Arrays.stream(CallOutcome.values())
                .filter(outcome -> outcome != CallOutcome.UNRECOGNIZED && outcome.getNumber() != 0)
                .forEach(outcome -> {
                    ended.put(outcome, all.withTag("outcome", lower(outcome.name())));
                    endedOfQueue.put(
                            outcome,
                            new Labelled(queue -> byQueue.withTags(TagSet.builder()
                                    .add("queue", queue)
                                    .add("outcome", lower(outcome.name()))
                                    .build())));
                });
    }

    /** From events handed to the journal until they are durable, for people. */
    public Latencies writes() {
        return writes;
    }

    @Override
    public void persisted(String kind, List<?> events, Duration took) {
        var journal = journals.get(kind);
        if (journal != null) {
            journal.writes().record(took);
            writes.took(took.toNanos());
            journal.events().increment(events.size());
        }
        for (var event : events) {
            if (event instanceof CallEvent call) {
                ofCall(call);
            } else if (event instanceof AgentEvent agent) {
                ofAgent(agent);
            }
        }
    }

    private void ofCall(CallEvent event) {
        switch (event.getEventCase()) {
            case ARRIVED -> arrived.increment(event.getArrived().getBoxId());
            case OFFER_STARTED -> offersStarted.increment(
                    label(event.getOfferStarted().getQueueId()));
            case ENDED -> ended(event.getEnded());
            default -> {}
        }
    }

    private void ofAgent(AgentEvent event) {
        switch (event.getEventCase()) {
            case TALK_STARTED -> offersEnded.get(OfferOutcome.COMPLETED).increment();
            case OFFER_ENDED -> {
                var counter = offersEnded.get(event.getOfferEnded().getOutcome());
                if (counter != null) {
                    counter.increment();
                }
            }
            default -> {}
        }
    }

    private void ended(CallEnded call) {
        var counter = ended.get(call.getOutcome());
        if (counter != null) {
            counter.increment();
        }
        if (counter != null && !call.getQueueId().isEmpty()) {
            endedOfQueue.get(call.getOutcome()).increment(label(call.getQueueId()));
        }
    }

    /** Agents are no labels: the own queues of all of them are one. */
    private static String label(String queueId) {
        return OwnQueue.is(queueId) ? OWN_QUEUES : queueId;
    }

    @Override
    public void offered(String queueId, Duration took) {
        timeToOffer.record(took);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
