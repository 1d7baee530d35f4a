package dev.carillon.load;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything that a run has measured, as it is written to {@code report.json}.
 *
 * @param startedAt when the first caller was due, by ISO 8601
 * @param differences between what people lived through and what was recorded; empty when all is well
 */
record LoadReport(
        String startedAt,
        Asked asked,
        Where where,
        Calls calls,
        Latencies latencies,
        JournalFigures journal,
        List<ProcessFigures> processes,
        Memory memory,
        List<Sample> timeline,
        List<String> differences) {

    /** The options of the run. */
    record Asked(
            String rate,
            String duration,
            int boxes,
            int queues,
            int agents,
            String talk,
            String patience,
            long seed,
            boolean fresh) {}

    /** @param options of the node's JVM */
    record Where(String java, int processors, long memoryBytes, int nodes, List<String> options) {}

    /**
     * @param records in the database
     * @param missed of these calls the agent picked up in the moment in which the caller hung up
     * @param offeredPerSecond how many came, over the time in which they came
     * @param carriedPerSecond how many came to their end, over the seconds of full flow
     * @param fullFlowSeconds from when the longest of the first calls is over until the last caller came
     * @param refused were not let in, because more came than were carried; not among those carried
     */
    record Calls(
            long came,
            long records,
            long answered,
            long abandoned,
            long missed,
            double offeredPerSecond,
            double carriedPerSecond,
            double fullFlowSeconds,
            long refused) {}

    /**
     * All in milliseconds.
     *
     * @param offer agent free and call waiting to seat told to ring
     * @param callsWaited those of them in which the caller waited for the agent
     * @param agentsWaited those in which the agent waited for the caller
     * @param queued call arrived to queued
     * @param live state change to seen by a live subscriber
     * @param generator by how much callers came later than they were due
     * @param refused a caller came to they were refused
     */
    record Latencies(
            Latency.Percentiles offer,
            Latency.Percentiles callsWaited,
            Latency.Percentiles agentsWaited,
            Latency.Percentiles queued,
            Latency.Percentiles live,
            Latency.Percentiles generator,
            Latency.Percentiles refused) {}

    /**
     * @param events of the whole run
     * @param eventsPerSecond over the seconds of full flow
     * @param kinds events by the kind of entity
     * @param limit what plain JDBC can write here
     * @param shareOfLimit eventsPerSecond as a part of that
     */
    record JournalFigures(
            long events,
            double eventsPerSecond,
            double eventsPerCall,
            Map<String, Long> kinds,
            Journal.Batches rowsPerTransaction,
            double commitsPerSecond,
            WriteLimit.Measured limit,
            double shareOfLimit) {}

    /**
     * @param processors how many it kept busy, on average from the first caller to the last
     * @param cpuMillisPerCall what it took for one call
     */
    record ProcessFigures(String name, long pid, double processors, double cpuMillisPerCall, long residentBytesMost) {}

    /** Of the node's JVM. */
    record Memory(
            long heapUsedMost,
            long heapCommitted,
            long heapLimit,
            long heapAfterCollection,
            long collections,
            long collectionMillis,
            double generatorProcessors) {}

    /**
     * One moment of the run, and what has happened since the one before.
     *
     * @param second since the first moment
     * @param here callers on the line
     * @param processors busy ones, by process
     */
    record Sample(
            double second,
            double camePerSecond,
            double endedPerSecond,
            long here,
            double eventsPerSecond,
            Latency.Percentiles offer,
            Latency.Percentiles queued,
            Latency.Percentiles live,
            Map<String, Double> processors,
            long heapUsed) {}

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Writes {@code report.json} and {@code report.html} into this folder, which is made if need be. */
    void write(Path folder) {
        try {
            Files.createDirectories(folder);
            JSON.writeValue(folder.resolve("report.json").toFile(), this);
            Files.writeString(folder.resolve("report.html"), new ReportPage(this).html());
        } catch (IOException e) {
            throw new LoadFailure(
                    "The report cannot be written to " + folder + " (" + e.getMessage()
                            + "). Choose another folder with --report.",
                    e);
        }
    }
}
