package dev.carillon.node.metrics;

import dev.carillon.api.RequestMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kamon.Kamon;
import kamon.metric.Metric;
import kamon.metric.Timer;
import kamon.tag.TagSet;

/** Requests to the API. Operations and statuses are those of the contract, so they are few, whatever is asked for. */
public final class RequestMetrics implements RequestMeter {

    private final Metric.Timer requests =
            Kamon.timer("carillon.api.request", "From a request to the API until its answer begins");

    private final Map<String, Map<Integer, Timer>> timers = new ConcurrentHashMap<>();

    @Override
    public void answered(String operation, int status, Duration took) {
        timers.computeIfAbsent(operation, it -> new ConcurrentHashMap<>())
                .computeIfAbsent(
                        status,
                        it -> requests.withTags(TagSet.builder()
                                .add("operation", operation)
                                .add("status", it)
                                .build()))
                .record(took);
    }
}
