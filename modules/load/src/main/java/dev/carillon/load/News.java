package dev.carillon.load;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What has happened on the boxes of a node since it was asked the last time. All times are in microseconds since 1970, by this
 * machine's clock.
 *
 * @param begunAt when the first moment of the run was; 0 before
 * @param came how many callers have come since the beginning of the run
 * @param here how many of them are on the line
 * @param over no more will come, and nobody is on the line any more
 */
record News(
        long begunAt,
        long came,
        long here,
        boolean over,
        List<Queued> queued,
        List<Told> told,
        List<Ring> rings,
        List<Lived> lived,
        Machine machine) {

    /**
     * The box was told to answer a caller, so it is journalled that they wait in their queue.
     *
     * @param due when they were to come: if the generator itself was late, that counts
     * @param came when they came
     */
    record Queued(long due, long came, long at) {}

    /**
     * The box was told to ring a phone.
     *
     * @param due from when on both were true: the caller was to have come, and the phone was free
     * @param waited whether it was the caller who waited for the phone
     */
    record Told(long due, long at, boolean waited) {}

    /** A phone was rung, and is free again. */
    record Ring(int agent, String callId, long toldAt, long overAt) {}

    /**
     * What one caller lived through.
     *
     * @param endedBy as {@link dev.carillon.telephony.simulated.Experience.Who}
     * @param patienceMillis for how long they wanted to wait
     * @param talks to how many agents they talked
     * @param agent the first of them; -1 without any
     * @param talkEndedBy who hung up first; empty without a talk
     */
    record Lived(
            String callId,
            int number,
            long came,
            long ended,
            String endedBy,
            long patienceMillis,
            int talks,
            int agent,
            long talkMillis,
            String talkEndedBy) {

        /** Nobody ever decided anything for them: they were hung up on before they were answered, because more came than were carried. */
        @JsonIgnore
        boolean refused() {
            return endedBy.equals("CARILLON") && talks == 0;
        }
    }

    /**
     * What the JVM says of itself.
     *
     * @param heapAfterCollection of the last collection of everything old; 0 when there was none
     * @param generatorCpuMillis what the threads took that let callers come; the boxes run on others
     */
    record Machine(
            long heapUsed,
            long heapCommitted,
            long heapMost,
            long heapAfterCollection,
            long collections,
            long collectionMillis,
            long generatorCpuMillis) {}
}
