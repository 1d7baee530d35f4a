package dev.carillon.node.metrics;

import com.typesafe.config.Config;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kamon.Kamon;
import kamon.prometheus.PrometheusReporter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.FutureConverters;

/**
 * Kamon in this process, and its figures as Prometheus reads them. What is counted by hand is there in any case; Akka's and JDBC's own figures only
 * when Java was started with the Kanela agent: attached later it leaves Akka, which runs by then, as it is.
 */
public final class Metrics implements AutoCloseable {

    /** Of what {@link #text()} gives: Prometheus's text format. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

    private final PrometheusReporter prometheus;

    private Metrics(PrometheusReporter prometheus) {
        this.prometheus = prometheus;
    }

    /**
     * Once for each process, before the actor system starts.
     *
     * @param config of the whole node: {@code kamon} is read from it
     */
    public static Metrics start(Config config) {
        // What belongs to Kamon alone: it walks through all of what it is given.
        Kamon.initWithoutAttaching(config);
        if (!Kamon.status().instrumentation().present()) {
            LOG.info("Without figures of Akka and of the database's connections: Java was started without"
                    + " -javaagent:kanela-agent.jar, which is beside the node's libraries");
        }
        var prometheus = PrometheusReporter.create();
        Kamon.addReporter("prometheus", prometheus);
        return new Metrics(prometheus);
    }

    /** All figures, as they stood at Kamon's last tick. */
    public String text() {
        return prometheus.scrapeData();
    }

    @Override
    public void close() {
        try {
            FutureConverters.asJava(Kamon.stop()).toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Kamon did not end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
